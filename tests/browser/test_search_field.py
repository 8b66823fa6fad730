"""Search fields that search while one types: one entry in the history, and no search for half a composition."""

import pytest
from playwright.sync_api import expect

from core.folding import fold
from customers.models import Customer
from tests.browser.inside import ORIGIN, answer_from
from tests.conftest import Person
from tickets.models import Ticket


@pytest.fixture
def desk(chromium, acme):
    tickets = Ticket.objects.filter(team=acme)
    for at, ticket in enumerate(tickets[:3]):
        title = ("alpha", "alphabet", "東京 alpha")[at]
        Ticket.objects.filter(pk=ticket.pk).update(title=title, folded=fold(title))
    context = chromium.new_context(base_url=ORIGIN)
    answer_from(context, Person("agent"))
    yield context.new_page()
    context.close()


def search_of(desk):
    return desk.get_by_placeholder("Subject, customer or ID")


def type_and_pause(desk, *pieces: str) -> None:
    """Type the pieces, each once the list shows what the one before asked for."""
    typed = search_of(desk).input_value()
    for piece in pieces:
        search_of(desk).press_sequentially(piece)
        typed += piece
        desk.wait_for_url(f"**/tickets/?*search={typed}*")


def entries(desk) -> int:
    return desk.evaluate("history.length")


def test_a_search_that_is_typed_with_pauses_is_one_entry(desk):
    desk.goto("/tickets/?sort=subject")
    before = entries(desk)
    type_and_pause(desk, "al", "ph", "ab")
    assert entries(desk) == before + 1
    search_of(desk).press("Enter")
    expect(desk.locator("a.subject")).to_have_text(["alphabet"])
    assert entries(desk) == before + 1
    desk.evaluate("history.back()")
    desk.wait_for_url("**/tickets/?sort=subject")


def test_the_next_search_is_an_entry_of_its_own(desk):
    desk.goto("/tickets/")
    before = entries(desk)
    type_and_pause(desk, "al", "pha")
    search_of(desk).press("Enter")
    type_and_pause(desk, "b", "et")
    assert entries(desk) == before + 2
    search_of(desk).blur()
    search_of(desk).focus()
    search_of(desk).press("End")
    search_of(desk).press("Backspace")
    desk.wait_for_url("**/tickets/?*search=alphabe")
    assert entries(desk) == before + 3
    desk.evaluate("history.back()")
    expect(search_of(desk)).to_have_value("alphabet")
    desk.wait_for_load_state()
    desk.evaluate("history.back()")
    desk.wait_for_url("**/tickets/?*search=alpha")


def test_another_filter_is_an_entry_of_its_own(desk):
    desk.goto("/tickets/")
    before = entries(desk)
    type_and_pause(desk, "al", "pha")
    desk.get_by_label("Status", exact=True).select_option("closed")
    desk.wait_for_url("**/tickets/?*status=closed*")
    assert entries(desk) == before + 2
    desk.evaluate("history.back()")
    desk.wait_for_url("**/tickets/?*search=alpha")


def test_nothing_is_searched_for_until_a_composition_ends(desk):
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if "search=" in request.url else None)
    desk.goto("/tickets/")
    search_of(desk).focus()
    composing = desk.context.new_cdp_session(desk)
    for text in ("t", "to", "とう", "とうきょう"):
        composing.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )
    # Longer than a pause in typing, seen by the page's own clock.
    desk.evaluate("() => new Promise((done) => setTimeout(done, 450))")
    assert asked == []
    composing.send("Input.insertText", {"text": "東京"})
    expect(desk.locator("a.subject")).to_have_text(["東京 alpha"])
    assert len(asked) == 1


def test_the_customer_of_a_new_ticket_is_looked_for_alike(desk, acme):
    Customer.objects.filter(pk=Customer.objects.filter(team=acme).first().pk).update(name="東京", folded="東京")
    desk.goto("/tickets/new/")
    before = entries(desk)
    desk.get_by_label("Who is it for?").focus()
    composing = desk.context.new_cdp_session(desk)
    composing.send("Input.imeSetComposition", {"text": "と", "selectionStart": 1, "selectionEnd": 1})
    desk.evaluate("() => new Promise((done) => setTimeout(done, 450))")
    expect(desk.locator("#customer-choice small")).to_have_text(["Enter a name and an email address."])
    composing.send("Input.insertText", {"text": "東京"})
    expect(desk.get_by_role("radio", name="東京")).to_be_visible()
    assert entries(desk) == before
