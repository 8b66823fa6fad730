"""Numbers are grouped where people read them. Where browsers and forms do, a grouped number is another one, or none."""

import re
from html.parser import HTMLParser

import pytest

from outbox.models import Outgoing
from teams.models import GroupRule
from tests.languages.test_speaking import speaking
from tests.outbox.test_outbox import kept
from tickets.models import Draft, Ticket

READ_OUT = {"title", "aria-label", "placeholder"}
GROUPED = re.compile(r"(?:.*[-?&=/#])?\d{1,3}(?:[.,\u00a0\u202f]\d{3})+")


class Attributes(HTMLParser):
    """Those of a page that hold a number that was grouped for the eye."""

    def __init__(self, html: str):
        super().__init__()
        self.grouped: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.grouped += [
            (name, value) for name, value in attrs if name not in READ_OUT and GROUPED.fullmatch(value or "")
        ]


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_no_attribute_holds_a_grouped_number(acme, language):
    admin = speaking("admin", language)
    ticket = Ticket.objects.filter(team=acme).first()
    entries = [kept(ticket, admin.person, state, state=state) for state in Outgoing.OPEN]
    Draft.objects.create(team=acme, user=admin.person, ticket=ticket.cstar_id, kind="note", text="x", version=1234)
    rule = GroupRule.objects.create(team=acme, group="leads", role="manager")
    assert min(rule.pk, *(entry.pk for entry in entries), admin.person.pk) > 1000
    outbox = [f"/outbox/{entry.pk}/" for entry in entries]
    settings = [f"/settings/{page}/" for page in ("people", "groups", "teams", "team", "budget", "webhook")]
    for path in (
        "/tickets/",
        f"/tickets/{ticket.cstar_id}/",
        "/customers/",
        "/activity/",
        "/outbox/",
        *outbox,
        *settings,
    ):
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert not Attributes(answer.content.decode()).grouped, path
