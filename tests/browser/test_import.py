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
    page.get_by_label("File", exact=True).set_input_files(path)
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
    go_on(page, "Continue")
    assert page.get_by_label("Critical").input_value() == "urgent"
    page.get_by_label("Pending Customer Response").select_option("pending")
    go_on(page, "Check every row")
    expect(page.get_by_text("17 requests")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="What will be imported")).to_be_visible()
    go_on(page, "Import 8,469 rows")
    expect(page.locator(".run-state--done")).to_be_visible(timeout=2 * SOON)
    expect(page.get_by_role("link", name="Created 8,469")).to_be_visible()
    upload(page, helpdesk_export())
    expect(page.get_by_text("This file was already imported")).to_be_visible()


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
    page.get_by_label("Also create customers").check()
    check(page)
    go_on(page, "Continue")
    check(page)
    go_on(page, "Check every row")
    expect(page.get_by_role("heading", name="What will be imported")).to_be_visible(timeout=SOON)
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


def test_an_import_that_asks_a_lot(visit, tmp_path):
    """Sixty columns, dates that may mean two days, messages in a second file, values for all rows."""
    page, word = visit("manager", reduced_motion="reduce"), unique()
    file, messages = tmp_path / "export.csv", tmp_path / "messages.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Tickets of March"])
        writer.writerow(["Ticket ID", "Subject", "Created", "Tags", *(f"Field {at}" for at in range(56))])
        writer.writerows([f"{word}-{at}", f"{word} {at}", "3/4/2025", "a; b", *("x" * 56)] for at in range(3))
    messages.write_text(f"Ticket ID,Body,Date\n{word}-1,Hello,2025-03-04 10:00\n{word}-1,Secret,2025-03-04 11:00\n")
    upload(page, file)
    check(page)
    page.get_by_role("link", name="File").click()
    expect(page.get_by_label("The header is in line")).to_have_value("2")
    page.get_by_label("File with messages").set_input_files(messages)
    go_on(page, "Add the messages")
    expect(page.get_by_text("56 columns that are not imported")).to_be_visible()
    go_on(page, "Add all of them to the metadata")
    expect(page.get_by_text("48 columns go to the metadata. 8 more are left out")).to_be_visible()
    page.get_by_text("Values for rows that have none").click()
    page.locator("#id_fixed-priority").select_option("high")
    check(page)
    go_on(page, "Continue")
    check(page)
    go_on(page, "Continue", "Check every row")
    expect(page.get_by_text("choose which comes first")).to_be_visible()
    expect(page.get_by_text("Choose whether customers may see them")).to_be_visible()
    check(page)
    page.get_by_label("Dates are written").first.select_option(label="Day first: 3/4/2025 is Apr 3, 2025")
    page.get_by_label("Messages that the file does not mark").select_option("internal")
    go_on(page, "Check every row")
    expect(page.get_by_text("2 internal notes go into the internal notes")).to_be_visible(timeout=SOON)
    check(page)
    go_on(page, "Import 3 rows")
    expect(page.locator(".run-state--done")).to_be_visible(timeout=SOON)
    with page.expect_download() as download:
        page.get_by_role("link", name="Old and new IDs").click()
    assert f"{word}-1" in download.value.path().read_text()


def test_an_import_without_javascript(visit, tmp_path):
    page, word = visit("manager", java_script_enabled=False), unique()
    file = tmp_path / "export.csv"
    many = ",".join(f"Field {at}" for at in range(20))
    file.write_text(f"Ticket ID,Subject,Created,{many}\n{word},{word},3/4/2025{',x' * 20}\n")
    upload(page, file)
    go_on(page, "Add all of them to the metadata", "Continue")
    page.get_by_label("Dates are written").select_option("mdy")
    go_on(page, "Check every row")
    planned, again = page.get_by_role("heading", name="What will be imported"), page.get_by_role("link", name="Refresh")
    expect(planned.or_(again)).to_be_visible()
    for _ in range(60):
        if planned.is_visible():
            break
        with page.expect_navigation():  # a click alone ends before the next page is there
            again.click()
    go_on(page, "Import 1 row")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import of 1 ticket")
