"""What the database keeps of a run's options: versions that run side by side read each other's rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from transfers.models import Run

ROOT = Path(__file__).resolve().parents[2]

# As the version before wrote them.
TABLE = {
    "encoding": "cp1252",
    "dialect": {"delimiter": ";", "quote": '"', "sheet": False},
    "header_line": 3,
    "header": ["Id", "Betreff", "Plan"],
    "lines": 7,
    "footer": 1,
    "tool": "Zendesk",
    "columns": {"external_id": [0], "title": [1]},
    "metadata": [2],
    "fixed": {"priority": "high"},
    "values": {"status": {"offen": "open"}},
    "dates": {"created_at": {"format": "dmy", "zone": "Europe/Berlin"}},
    "tags": {"tags": "commas"},
    "html": ["message"],
    "mapped": True,
}
WRITTEN = {
    Run.Kind.BULK: {
        "from": "?status=open",
        "action": "update",
        "change": {"set": {"assignedTo": None}, "add_tags": ["vip"]},
        "form": {"assigned_to": "-", "add_tags": ["vip"], "clear_tags": False},
    },
    Run.Kind.IMPORT: {
        **TABLE,
        "sheets": ["One", "Two"],
        "sheet": "Two",
        "converted": "json",
        "messages": "internal",
        "threads": True,
        "strategy": "update",
        "customers": True,
        "comments": {**TABLE, "file_name": "messages.csv"},
        "checked": True,
        "fault": "Line 3 is broken.",
        "unknown": 4,
        "told": {"messages": 3, "left_out": 1},
        "unread": ["Line 4: Message is empty."],
        "posted": True,
    },
    Run.Kind.EXPORT: {
        "address": "?status=open&sort=-updated",
        "format": "xlsx",
        "bom": True,
        "columns": ["id", "subject"],
        "older": True,
        "filters": [["Status", "Open"]],
        "listed": 12,
        "held": 10,
        "fetched": 2,
        "partial": True,
        "untold": 1,
        "read": 3,
        "unknown": 4,
    },
    Run.Kind.UNDO: {"checked": True, "fault": "cStar is away."},
}
# What the version before looks for to see whether something was said; elsewhere it takes a default for what it said.
ASKED_FOR = {
    Run.Kind.BULK: {"action"},
    Run.Kind.IMPORT: {"header", "dialect", "sheets", "sheet", "converted", "customers", "html", "comments"},
    Run.Kind.EXPORT: set(),
    Run.Kind.UNDO: set(),
}
EACH_KIND = pytest.mark.parametrize("kind", Run.Kind.values)


def written_back(run: Run) -> dict:
    return json.loads(json.dumps(run._typed_options.stored()))


@EACH_KIND
def test_rows_of_the_version_before_are_read_and_written_as_they_were(kind):
    found = written_back(Run(kind=kind, options=WRITTEN[kind]))
    assert {name: found[name] for name in WRITTEN[kind]} == WRITTEN[kind]
    assert found.keys() - WRITTEN[kind].keys() <= {"file_name"}


@EACH_KIND
def test_a_key_that_is_not_known_is_ignored(kind):
    assert written_back(Run(kind=kind, options={**WRITTEN[kind], "of_tomorrow": [1]})) == written_back(
        Run(kind=kind, options=WRITTEN[kind])
    )


@EACH_KIND
def test_what_nobody_has_said_is_no_key(kind):
    found = written_back(Run(kind=kind, options={}))
    assert not ASKED_FOR[kind] & found.keys()
    assert None not in found.values()


def test_a_draft_without_its_latest_keys_has_defaults():
    asked = Run(kind=Run.Kind.IMPORT, options={"strategy": "update", "header": ["a"], "columns": {"title": [0]}})
    options = asked.import_options
    assert (options.strategy, options.columns, options.header_line) == ("update", {"title": [0]}, None)
    assert (options.customers, options.html, options.told, options.checked) == (None, None, {}, False)


def test_options_of_another_kind_are_not_to_be_had():
    with pytest.raises(TypeError):
        _ = Run(kind=Run.Kind.EXPORT, options={}).import_options


def test_a_run_that_is_read_anew_has_its_options_anew(acme):
    run = Run.objects.create(team=acme, kind=Run.Kind.UNDO, resource="tickets")
    assert not run.undo_options.checked
    Run.objects.filter(pk=run.pk).update(options={"checked": True})
    run.refresh_from_db()
    assert run.undo_options.checked


def test_options_are_saved_only_in_the_state_that_is_named(acme):
    run = Run.objects.create(team=acme, kind=Run.Kind.UNDO, resource="tickets", state=Run.State.RUNNING)
    run.undo_options.fault = "Too late."
    run.save_options(only_in=Run.State.DRAFT)
    assert Run.objects.get(pk=run.pk).undo_options.fault == ""
    run.save_options(only_in=Run.State.RUNNING, state=Run.State.DRAFT)
    saved = Run.objects.get(pk=run.pk)
    assert (saved.undo_options.fault, saved.state) == ("Too late.", Run.State.DRAFT)


def test_nothing_treats_options_as_json():
    as_json = re.compile(r"\.options(\[|\.(get|pop|update)\(| \|)")
    files = [*ROOT.glob("transfers/**/*.py"), *ROOT.glob("templates/transfers/*.html")]
    found = {str(file.relative_to(ROOT)): as_json.findall(file.read_text()) for file in files}
    assert {file for file, uses in found.items() if uses} == set()
    assert [file.name for file in files if "run.options." in file.read_text()] == []
