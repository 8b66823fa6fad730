"""Another helpdesk's file becomes tickets, in a real browser."""

import csv

from playwright.sync_api import expect

from tests.browser.desk import switch, unique
from tests.browser.test_accessibility import check
from tests.helpdesk_export import helpdesk_export

SOON = 180_000  # milliseconds; a busy machine takes its time


def upload(page, path):
    page.goto("/transfers/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import tickets")


def go_on(page, *steps):
    for step in steps:
        page.get_by_role("button", name=step).click()


def test_the_whole_export_of_another_helpdesk(visit):
    page = visit("admin")
    page.goto("/")
    switch(page, "Globex Care")  # the lists of the other team are what other tests look at
    upload(page, helpdesk_export())
    page.get_by_label("TicketType").select_option("tags")
    page.get_by_label("ProductPurchased").select_option("metadata")
    go_on(page, "Go on")
    assert page.get_by_label("Critical").input_value() == "urgent"
    page.get_by_label("Pending Customer Response").select_option("pending")
    go_on(page, "Check every row")
    expect(page.get_by_text("17 calls")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    go_on(page, "Import 8,469 rows")
    expect(page.locator(".run-state--done")).to_be_visible(timeout=2 * SOON)
    expect(page.get_by_role("link", name="Created 8,469")).to_be_visible()
    upload(page, helpdesk_export())
    expect(page.get_by_text("This very file was imported")).to_be_visible()


def test_an_import_from_beginning_to_end(visit, tmp_path):
    page, word = visit("manager", reduced_motion="reduce"), unique()
    file = tmp_path / "export.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Ticket ID", "Subject", "Status", "Priority", "First Name", "Last Name", "Email", "Plan"])
        for number in range(30):
            person = ("Ada", "Byron", f"{word}-{number % 3}@example.com")
            writer.writerow([f"{word}-{number}", f"{word} number {number}", "In progress", "Critical", *person, "Gold"])
        writer.writerow([f"{word}-x", "", "Solved", "Low", "Ada", "Byron", "not an address", "Gold"])
    upload(page, file)
    page.get_by_label("Plan").select_option("metadata")
    page.get_by_label("Also create the customers").check()
    check(page)
    go_on(page, "Go on")
    check(page)
    go_on(page, "Check every row")
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible(timeout=SOON)
    check(page)
    expect(page.get_by_text("Subject is empty.")).to_be_visible()
    go_on(page, "Import 33 rows")
    expect(page.locator(".run-state--done")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("link", name="Failed 1")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="The 1 that failed").click()
    assert "Subject is empty." in download.value.path().read_text()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Deletes 30 tickets.")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Deletes 3 customers.")).to_be_visible()
    check(page)
    go_on(page, "Undo and delete 30 tickets, 3 customers")
    expect(page.locator(".run-state--done")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("link", name="Deleted 33")).to_be_visible()
