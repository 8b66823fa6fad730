"""A resource that declares its transfer is exported, imported and edited in bulk without a line in `transfers`."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

import pytest
from django import forms

from replica import registry
from replica.bulk_form import AS_IT_IS, BulkForm
from replica.transfer import Column, Field, Transfer, text
from tests.transfers.test_bulk import asked
from tests.transfers.test_export import records
from tests.transfers.test_import import Import
from transfers.models import Run


class BulkCategoryForm(BulkForm):
    SET = {"color": "color"}

    color = forms.ChoiceField(required=False, choices=[AS_IT_IS, ("#ff0000", "Red")])


def named(record):
    return str(record.get("name") or "").strip()


TRANSFER = Transfer(
    columns=(
        Column("id", "Category ID", attrgetter("cstar_id")),
        Column("name", "Name", attrgetter("name")),
        Column("description", "Description", text("description")),
    ),
    parts=lambda team: {},
    bulk_form=BulkCategoryForm,
    fields=(Field("name", "name", "Name", most=100, required=True), Field("color", "color", "Colour", "choice")),
    choices=lambda team: {"color": [("#ff0000", "Red")]},
    has_metadata=False,
    key=named,
    keys=lambda rows: dict(rows.values_list("name", "cstar_id")),
    title=named,
    title_field="name",
    defaults={},
)


@pytest.fixture
def categories(monkeypatch):
    resource = replace(registry.get("categories"), transfer=TRANSFER)
    monkeypatch.setitem(registry._resources, "categories", resource)
    return resource


def test_its_list_is_exported(manager, acme, categories, newest, work):
    answer = manager.post("/transfers/export/categories/?", {"format": "json", "columns": ["id", "name"]})
    assert answer.status_code == 302
    rows = records(manager, work(newest()))
    assert {row["Category ID"]: row["Name"] for row in rows} == dict(
        categories.held(acme).values_list("cstar_id", "name")
    )


def test_a_file_is_read_as_its_records(manager, acme, categories, work):
    assert b"Categories" in manager.get("/transfers/import/").content
    there = categories.held(acme).first()
    steps = Import(manager, f"Name,Color\n{there.name},red\nBrand new,Red\n", "categories").columns(Color="color")
    steps.words(work)
    rows = steps.run.rows.order_by("line").values_list("plan", "cstar_id", "label", "after__color")
    assert list(rows) == [
        ("skip", there.cstar_id, there.name, "#ff0000"),
        ("create", "", "Brand new", "#ff0000"),
    ]


def test_chosen_rows_are_edited_with_its_form(manager, acme, categories, newest):
    rows = categories.held(acme)[:2]
    answer = manager.post("/transfers/bulk/categories/", {"ids": [row.cstar_id for row in rows], "address": "?"})
    page = asked(manager, answer.url, color="#ff0000")
    assert "Red" in page
    assert "2 categories" in page
    assert newest().bulk_options.change == {"set": {"color": "#ff0000"}}
    assert newest().state == Run.State.DRAFT
