"""A list taken away as a file, as somebody does it: opened again, it holds what the screen showed, row by row."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.browser.desk import new_person, new_ticket, rows, unique, wait_for_query
from tests.browser.test_accessibility import check
from transfers.tables.formulas import restored

SUBJECTS = ['=HYPERLINK("http://example.com","a")', "b, with; commas", 'c "quoted" 😀', "-d"]


@pytest.fixture
def four(visit):
    """A page with a list of four tickets of its own, found by typing."""
    page = visit("manager", reduced_motion="reduce")
    word = unique()
    for subject in SUBJECTS:
        new_ticket(page, f"{subject} {word}", **new_person(), tags="vip, ü")
    page.goto("/tickets/?sort=subject")
    page.get_by_role("searchbox", name="Text").fill(word)
    wait_for_query(page, search=word, sort="subject")
    expect(rows(page)).to_have_count(4)
    return page


def on_screen(page) -> list[list[str]]:
    """Subject, status and priority of each row."""
    cells = (".subject", ".status", ".priority")
    return [[row.locator(f"td {cell}").first.inner_text() for cell in cells] for row in rows(page).all()]


def made(page, kind: str) -> list[dict]:
    """The rows of the file that the form makes, as the browser saved it."""
    page.get_by_role("radio", name=kind).check()
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    return read(download.value)


def read(download) -> list[dict]:
    content = Path(download.path()).read_bytes()
    match download.suggested_filename.rpartition(".")[2]:
        case "json":
            return json.loads(content)
        case "csv":
            header, *cells = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            return [dict(zip(header, map(restored, row), strict=True)) for row in cells]
    header, *cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [dict(zip(header, row, strict=True)) for row in cells]


@pytest.mark.parametrize("kind", ["CSV, for any", "XLSX", "JSON"])
def test_the_file_holds_what_the_list_showed(four, kind):
    page, shown = four, on_screen(four)
    page.get_by_role("link", name="Export", exact=True).click()
    found = made(page, kind)
    assert [[row["Subject"], row["Status"].capitalize(), row["Priority"].capitalize()] for row in found] == shown
    assert [row["Tags"] for row in found] == 4 * [["vip", "ü"] if kind == "JSON" else "vip, ü"]
    expect(page.get_by_text("The list showed 4: the same.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Search: ").click()
    assert on_screen(page) == shown


def test_the_button_follows_the_filters_and_columns_are_chosen(visit):
    page = visit("manager", reduced_motion="reduce")
    word = unique()
    for number in range(3):
        new_ticket(page, f"Number {number} {word}")
    page.goto(f"/tickets/?search={word}")
    page.get_by_label("Status", exact=True).select_option("new")
    wait_for_query(page, search=word, status="new")
    shown = rows(page).count()
    assert 0 < shown < 50
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Export {shown} ticket")
    expect(page.get_by_text("Status: New")).to_be_visible()
    for box in page.get_by_role("group", name="Columns").get_by_role("checkbox").all()[2:]:
        box.uncheck()
    check(page)
    found = made(page, "JSON")
    assert len(found) == shown
    assert {tuple(row) for row in found} == {("Ticket ID", "Subject")}


def test_a_form_without_a_column_says_so(visit):
    page = visit("manager", reduced_motion="reduce")
    page.goto("/customers/")
    page.get_by_role("link", name="Export", exact=True).click()
    for box in page.get_by_role("group", name="Columns").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("radio", name="XLSX").check()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Choose at least one column.")).to_be_visible()
    expect(page.get_by_role("radio", name="XLSX")).to_be_checked()
    check(page)


def test_it_works_without_javascript_and_with_the_older_ones(visit):
    page = visit("manager", java_script_enabled=False)
    page.goto("/tickets/?status=closed")
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_label("Also include closed ones")).to_be_checked()
    page.get_by_role("button", name="Export", exact=True).click()
    link = page.get_by_role("link", name="Download")
    for _ in range(120):
        if link.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    with page.expect_download() as download:
        link.click()
    assert {row["Status"] for row in read(download.value)} == {"closed"}


def test_those_who_may_not_see_no_button(visit):
    page = visit("agent")
    page.goto("/tickets/")
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("link", name="Export", exact=True)).to_have_count(0)
