"""Pages that are open: what others do shows up by itself, and nothing is taken out of anybody's hands."""

import re

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser.desk import (
    choose_kind,
    messages,
    new_ticket,
    note_box,
    open_ticket,
    reply_box,
    rows,
    send_button,
    unique,
    wait_for_scripts,
)
from tests.browser.test_accessibility import check

HEARTBEAT = 6_000  # a little more than live-page.js waits
LONGEST_PAUSE = 60_000  # of live-page.js after failures


@pytest.fixture
def desk_of(visit):
    """`desk_of("agent")` is a page whose clock the test can push on."""

    def make(username: str, **options) -> Page:
        page = visit(username, **options)
        page.clock.install()
        return page

    return make


def is_heartbeat(what: Request | Response) -> bool:
    return "/live/?" in what.url


def beat(page: Page) -> None:
    """Let the page's next heartbeat come now, and wait for its answer."""
    with page.expect_response(is_heartbeat):
        page.clock.fast_forward(HEARTBEAT)


def miss(page: Page) -> None:
    """Let the page's next heartbeat come now, and fail, since the page is offline."""
    failed: list[Request] = []

    def hear(request: Request) -> None:
        if is_heartbeat(request):
            failed.append(request)

    page.on("requestfailed", hear)
    # While the page still works on the answer before, it has set no clock for the next one.
    for _ in range(60):
        page.clock.fast_forward(LONGEST_PAUSE)
        wait_for_requests(page)
        if failed:
            break
    page.remove_listener("requestfailed", hear)
    assert failed


def stop_the_clock(page: Page) -> None:
    """From now on no heartbeat comes by itself, however slow the machine is."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)


def wait_for_requests(page: Page) -> None:
    """The page has heard of every request that it sent before this one, which may fail."""
    page.evaluate("fetch('/healthz').catch(() => 0).then(() => 0)")


def send(page: Page, words: str) -> None:
    reply_box(page).fill(words)
    send_button(page).click()
    expect(messages(page, words)).to_have_count(1)


@pytest.fixture
def two(desk_of):
    """An agent and a manager at the same ticket."""
    ada, ben = desk_of("agent"), desk_of("manager")
    path = new_ticket(ada, f"Live {unique()}", content="Where is my parcel?")
    for page in (ada, ben):
        open_ticket(page, path)
    return ada, ben


def test_two_people_at_one_ticket_see_each_other(two):
    ada, ben = two
    name_of_ada, name_of_ben = (page.locator(".menu__person strong").text_content() for page in two)
    beat(ada)
    expect(ada.locator("#presence")).to_contain_text(f"{name_of_ben} is viewing")
    expect(ben.locator("#presence")).to_contain_text(f"{name_of_ada} is viewing")
    reply_box(ada).press_sequentially("I am")
    beat(ben)
    expect(ben.locator("#presence .present--writing")).to_contain_text(f"{name_of_ada} is writing a reply")
    # A change of one's own draws the head anew, and they are still there.
    ada.get_by_label("Priority", exact=True).select_option("high")
    expect(ada.get_by_text("Saved.")).to_be_visible()
    expect(ada.locator("#presence")).to_contain_text(f"{name_of_ben} is viewing")
    choose_kind(ada, "Internal note")
    note_box(ada).press_sequentially("To you")
    beat(ben)
    expect(ben.locator("#presence")).to_contain_text(f"{name_of_ada} is writing a note")


def test_who_leaves_is_gone_at_once(two):
    ada, ben = two
    beat(ada)
    expect(ada.locator("#presence .present")).to_have_count(1)
    ben.goto("/settings/")
    beat(ada)
    expect(ada.locator("#presence .present")).to_have_count(0)


def test_a_colleagues_reply_comes_in_beside_a_half_typed_one(two):
    ada, ben = two
    reply_box(ben).press_sequentially("Half a rep")
    ben.keyboard.press("ArrowLeft")
    send(ada, "It left today.")
    beat(ben)
    expect(messages(ben, "It left today.")).to_have_count(1)
    expect(reply_box(ben)).to_be_focused()
    ben.keyboard.type("X")
    expect(reply_box(ben)).to_have_value("Half a reXp")
    expect(ben.locator("#announce")).to_have_text("1 new message")


def test_who_reads_further_up_is_told_and_not_moved(two):
    ada, ben = two
    send(ada, "A long one.\n\n" + "word\n\n" * 90)
    ben.reload()
    ben.evaluate("scrollTo(0, 0)")
    send(ada, "The newest.")
    beat(ben)
    news = ben.get_by_role("link", name="1 new message")
    expect(news).to_be_visible()
    assert ben.evaluate("scrollY") == 0
    news.click()
    expect(messages(ben, "The newest.")).to_be_in_viewport()
    expect(news).to_be_hidden()


def test_properties_follow_but_not_the_one_in_hand(two):
    ada, ben = two
    ben.get_by_label("Subject").fill("Half a subj")
    ada.get_by_label("Priority", exact=True).select_option("urgent")
    expect(ada.get_by_text("Saved.")).to_be_visible()
    ada.get_by_label("Subject").fill("Renamed by Ada")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Renamed by Ada")
    beat(ben)
    expect(ben.get_by_role("heading", level=1)).to_have_text("Renamed by Ada")
    expect(ben.get_by_label("Priority", exact=True)).to_have_value("urgent")
    expect(ben.get_by_label("Subject")).to_have_value("Half a subj")
    expect(ben.get_by_label("Subject")).to_be_focused()
    ben.get_by_label("Subject").fill("")
    ben.get_by_label("Subject").evaluate("input => { input.value = input.defaultValue; input.blur() }")
    beat(ben)
    expect(ben.get_by_label("Subject")).to_have_value("Renamed by Ada")


def test_a_deleted_ticket_says_so_and_keeps_the_words(two):
    ada, ben = two
    reply_box(ada).fill("An hour's work")
    ben.goto(f"{ben.url}delete/")
    ben.get_by_role("button", name="Delete for good").click()
    beat(ada)
    expect(ada.get_by_role("alert").filter(has_text="deleted or archived")).to_be_visible()
    expect(reply_box(ada)).to_have_value("An hour's work")


def test_rows_follow_and_what_is_chosen_stays(desk_of):
    ada, ben = desk_of("agent"), desk_of("manager")
    word = unique()
    first, second = (new_ticket(ben, f"{name} {word}") for name in ("First", "Second"))
    ada.goto(f"/tickets/?search={word}&status=active")
    ada.get_by_role("checkbox", name=f"Select First {word}").check()
    ada.get_by_role("link", name=f"First {word}").focus()
    ben.goto(first)
    ben.get_by_label("Priority", exact=True).select_option("urgent")
    expect(ben.get_by_text("Saved.")).to_be_visible()
    ben.goto(second)
    ben.get_by_label("Status", exact=True).select_option("resolved")
    expect(ben.get_by_text("Saved.")).to_be_visible()
    beat(ada)
    row, other = (rows(ada).filter(has_text=name) for name in ("First", "Second"))
    expect(row.locator(".priority")).to_have_text("Urgent")
    expect(ada.get_by_role("checkbox", name=f"Select First {word}")).to_be_checked()
    expect(ada.get_by_role("link", name=f"First {word}")).to_be_focused()
    expect(ada.locator("[data-selected-count]")).to_have_text("1")
    # It is no longer active: it stays in its place until the list is loaded again, and says so.
    expect(other.locator(".status")).to_have_text("Resolved")
    expect(other.locator(".row-mark")).to_have_text("Moved on")
    expect(other.locator(".present")).to_have_attribute("title", re.compile("is viewing"))


def test_who_is_where_outlives_a_filter(desk_of):
    ada, ben = desk_of("agent"), desk_of("manager")
    word = unique()
    open_ticket(ben, new_ticket(ben, f"Filtered {word}"))
    ada.goto(f"/tickets/?search={word}")
    expect(rows(ada).locator(".present")).to_have_count(1)
    ada.get_by_label("Status", exact=True).select_option("active")
    ada.wait_for_url(lambda url: "status=active" in url)
    expect(rows(ada).locator(".present")).to_have_count(1)


def test_what_comes_live_is_accessible(desk_of):
    ada, ben = desk_of("agent", reduced_motion="reduce"), desk_of("manager")
    word = unique()
    first, second = (new_ticket(ben, f"{name} {word}", content="Hello?") for name in ("First", "Second"))
    ada.goto(f"/tickets/?search={word}&status=active")
    open_ticket(ben, second)
    ben.get_by_label("Status", exact=True).select_option("resolved")
    expect(ben.get_by_text("Saved.")).to_be_visible()
    open_ticket(ben, first)
    reply_box(ben).press_sequentially("I am")
    new_ticket(ben, f"Third {word}")
    beat(ada)
    for part in (".row-mark", ".present--writing", "#list-news a"):
        expect(ada.locator(part)).to_be_visible()
    check(ada)
    reply_box(ben).press_sequentially(" writing")
    open_ticket(ada, first)
    expect(ada.locator("#presence .present--writing")).to_be_visible()
    check(ada)


def test_new_tickets_are_announced_and_come_when_asked_for(desk_of):
    ada, ben = desk_of("agent"), desk_of("manager")
    word = unique()
    new_ticket(ben, f"Old {word}")
    ada.goto(f"/tickets/?search={word}")
    expect(rows(ada)).to_have_count(1)
    count = ada.locator(".rail__link", has_text="All open").locator(".count")
    before = int(count.text_content())
    for number in range(2):
        new_ticket(ben, f"New {number} {word}")
    beat(ada)
    news = ada.get_by_role("status").get_by_role("link", name="2 new tickets")
    expect(news).to_be_visible()
    expect(rows(ada)).to_have_count(1)
    expect(count).to_have_text(str(before + 2))
    news.click()
    expect(rows(ada)).to_have_count(3)
    expect(news).to_have_count(0)


def test_home_follows_what_others_do(desk_of):
    ada, ben = desk_of("agent"), desk_of("manager")
    path = new_ticket(ben, f"Home {unique()}")
    ada.goto("/")
    unassigned = ada.locator(".figure").filter(has_text="Unassigned").locator("strong")
    before = int(unassigned.text_content().replace(",", ""))
    open_ticket(ben, path)
    ben.get_by_label("Status", exact=True).select_option("resolved")
    expect(ben.get_by_text("Saved.")).to_be_visible()
    beat(ada)
    expect(unassigned).to_have_text(f"{before - 1:,}")


def test_a_hidden_page_asks_seldom_and_at_once_when_it_is_looked_at(desk_of):
    page = desk_of("agent")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live/?" in request.url else None)
    page.goto("/tickets/")
    look_away(page, True)
    beat(page)  # it tells once that nobody looks
    assert "hidden=" in asked[-1]
    asked.clear()
    page.clock.fast_forward(20_000)
    assert asked == []
    with page.expect_response(lambda response: "/live/?" in response.url):
        page.clock.fast_forward(15_000)
    asked.clear()
    with page.expect_response(lambda response: "/live/?" in response.url):
        look_away(page, False)
    assert "hidden=" not in asked[-1]


def look_away(page: Page, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_an_outage_is_said_calmly_and_caught_up_with(desk_of, faults):
    faults.offline_is_fine = True
    page = desk_of("agent")
    page.goto("/tickets/")
    stop_the_clock(page)
    beat(page)
    page.context.set_offline(True)
    sign = page.get_by_role("status").filter(has_text="is not responding")
    for _ in range(2):
        miss(page)
    expect(sign).to_be_visible()
    beats = []
    page.on("request", lambda request: beats.append(request.url) if is_heartbeat(request) else None)
    page.clock.fast_forward(HEARTBEAT)  # by now it waits longer than that
    wait_for_requests(page)
    assert beats == []
    page.context.set_offline(False)

    def caught_up() -> bool:
        page.clock.fast_forward(LONGEST_PAUSE)
        try:
            expect(sign).to_have_count(0, timeout=500)
        except AssertionError:
            return False
        return True

    # A request that left before the browser was back on the line may hang; the page gives it up after 20 seconds.
    assert any(caught_up() for _ in range(60))


def test_a_page_goes_on_after_signing_in_again(desk_of):
    page = desk_of("agent")
    page.goto("/tickets/")
    page.wait_for_load_state("networkidle")
    session = [cookie for cookie in page.context.cookies() if cookie["name"] == "session"]
    page.context.clear_cookies(name="session")
    page.clock.fast_forward(HEARTBEAT)
    sign = page.get_by_role("status").filter(has_text="You are signed out.")
    expect(sign).to_be_visible()
    page.context.add_cookies(session)
    page.clock.fast_forward(60_000)
    expect(sign).to_have_count(0)


def test_all_of_a_long_message_stays_open_when_another_one_comes(desk_of):
    ada, ben = desk_of("agent"), desk_of("manager")
    path = new_ticket(ada, f"Live {unique()}", content="A line of a long log.\n" * 600 + "The last line.")
    for page in (ada, ben):
        open_ticket(page, path)
    long = messages(ben, "A line of a long log.")
    expect(long).not_to_contain_text("The last line.")
    long.get_by_role("link", name="Show all of it").press("Enter")
    expect(long).to_contain_text("The last line.")
    expect(long).to_be_focused()
    send(ada, "Thank you for the log.")
    beat(ben)
    expect(messages(ben, "Thank you for the log.")).to_have_count(1)
    expect(long).to_contain_text("The last line.")


def test_a_page_says_whether_its_person_was_active(desk_of):
    """What it asks for by itself keeps nobody signed in."""
    ada = desk_of("agent")
    ada.goto("/tickets/")
    wait_for_scripts(ada)
    with ada.expect_request(lambda request: "search=order" in request.url) as typed:
        ada.locator("#filter-search").press_sequentially("order")
        ada.keyboard.press("Enter")
    assert typed.value.headers.get("x-person-active") == "1"
    ada.clock.fast_forward(11_000)
    with ada.expect_request(lambda request: "poll" in request.url) as polled:
        ada.evaluate("() => void htmx.ajax('GET', '/tickets/?search=poll', '#ticket-list')")
    assert "x-person-active" not in polled.value.headers
