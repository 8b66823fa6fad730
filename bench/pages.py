"""The pages that are measured, one line each."""

from typing import NamedTuple

LIST, TICKET, HOME = 12, 3.5, 8  # at least so many times as fast as the peer
GROWTH = 2  # at most so many times its own time at a tenth of the tickets


class Page(NamedTuple):
    """A page of the desk beside the peer's page that does the same work.

    Paths may name values that the seeded data decide: {ticket} and {tag} of the desk; {ticket}, {me} and {queue} of
    the peer, which has queues where the desk has tags. `start` is the first row that the peer's list loads.
    """

    name: str
    path: str
    peer: str = ""
    ratio_bar: float | None = None
    growth_bar: float | None = None
    start: int = 0
    username: str = "agent"
    # Whether something in the team changes before each request, so that counts and choices are computed anew.
    after_change: bool = False


PRIORITY, PEER_PRIORITY = "/tickets/?status=active&sort=-priority", "/tickets/?status=1&sort=priority"
PEER_UPDATED = "sort=last_followup"

PAGES = (
    Page("list: all, newest first", "/tickets/", f"/tickets/?{PEER_UPDATED}&sortreverse=on", LIST, GROWTH),
    Page("list: open, by priority", PRIORITY, PEER_PRIORITY, LIST, GROWTH),
    Page(
        "list: open and mine",
        "/tickets/?status=active&assigned_to=me",
        f"/tickets/?status=1&assigned_to={{me}}&{PEER_UPDATED}&sortreverse=on",
        LIST,
        GROWTH,
    ),
    Page(
        "list: open and nobody's, oldest first",
        "/tickets/?status=active&assigned_to=nobody&sort=updated",
        f"/tickets/?status=1&assigned_to=-1&{PEER_UPDATED}",
        LIST,
        GROWTH,
    ),
    Page(
        "list: a tag",
        "/tickets/?tag={tag}",
        f"/tickets/?queue={{queue}}&{PEER_UPDATED}&sortreverse=on",
        LIST,
        GROWTH,
    ),
    Page(
        "list: a frequent word",
        "/tickets/?search=invoice",
        f"/tickets/?q=invoice&{PEER_UPDATED}&sortreverse=on",
        LIST,
        GROWTH,
    ),
    Page(
        "list: all, by assignee, page 20",
        "/tickets/?sort=assignee&page=20",
        "/tickets/?sort=assigned_to",
        LIST,
        GROWTH,
        start=950,
    ),
    Page("list: open, first after a change", PRIORITY, PEER_PRIORITY, growth_bar=GROWTH, after_change=True),
    Page("customers: all", "/customers/", growth_bar=GROWTH),
    Page("customers: a word", "/customers/?search=macleod", growth_bar=GROWTH),
    Page("ticket with 20 messages", "/tickets/{ticket}/", "/tickets/{ticket}/", TICKET),
    Page("Home of a lead", "/", "/dashboard/", HOME, GROWTH, username="manager"),
)
