"""Whatever people, or those who are none, put into forms and addresses: an answer in words, never a fault of ours.

What is refused is given back as it was typed, and nothing of it reaches cStar or the working copy.
"""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.models import Activity
from articles.models import Article
from core import markdown
from customers.models import Customer
from replica import upsert
from sandbox import models as sandbox
from teams import demo
from teams.models import Team
from tests.conftest import Person
from tests.test_access import ALL, GUARDED, PUBLIC, by_name, methods_of
from tickets.models import Message, Ticket
from tickets.outbox_handlers import fingerprint

few = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def text_of(response) -> str:
    """What the answer says, as a browser reads it."""
    return unescape(response.content.decode())


def writes(wire) -> list[tuple[str, str]]:
    """The calls that change something at cStar."""
    return [call for call in wire.calls if call[0] != "GET"]


def held() -> list:
    """The working copy and our record, to be compared with what they were."""
    return [
        sorted(Ticket.objects.values_list("cstar_id", "payload__updatedAt", "title", "status")),
        sorted(Customer.objects.values_list("cstar_id", "name", "email")),
        sorted(Article.objects.values_list("cstar_id", "title", "status")),
        Message.objects.count(),
        Activity.objects.count(),
    ]


def too_long_for_postgresql() -> list[str]:
    """The tables with more in a column than it may hold: SQLite does not mind, PostgreSQL would have refused."""
    with connection.cursor() as cursor:
        cursor.execute(query_for_too_long())
        return [table for (table,) in cursor.fetchall()]


@cache
def query_for_too_long() -> str:
    """One query over all tables: it is asked after each test."""
    asked = []
    for model in apps.get_models():
        columns = [f for f in model._meta.local_concrete_fields if isinstance(f, CharField) and f.max_length]
        if columns and model._meta.app_label not in {"sandbox", "django_tasks_database"}:
            table = model._meta.db_table
            found = " OR ".join(f'LENGTH("{column.column}") > {column.max_length}' for column in columns)
            asked.append(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\" WHERE {found})")
    return " UNION ALL ".join(asked)


@contextmanager
def strict_as_postgresql():
    """No text with a NUL in it gets to the database: SQLite takes it, PostgreSQL does not."""

    def check(execute, sql, params, many, context):
        sets = params if many else [params]
        assert not any("\x00" in value for values in sets for value in values or () if isinstance(value, str)), sql
        assert not any(r"\u0000" in value for values in sets for value in values or () if isinstance(value, str)), sql
        return execute(sql, params, many, context)

    with connection.execute_wrapper(check):
        yield


@pytest.fixture(autouse=True)
def _strict(request):
    if "world" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("world")
    with strict_as_postgresql():
        yield
    assert too_long_for_postgresql() == []


# Every form --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """A form with what makes it valid. `words` are the fields into which people write."""

    address: str
    good: dict = field(default_factory=dict)
    words: tuple[str, ...] = ()
    variant: str = ""
    sends: bool = True  # to cStar

    def __str__(self) -> str:
        return f"{self.address}{self.variant}"

    def url(self, team: Team) -> str:
        return next(address for address in ALL if address.name == self.address).path(team)

    def data(self, **changes) -> dict:
        fresh = {"nonce": str(uuid.uuid4()), "email": f"{uuid.uuid4()}@example.org", "composer": str(uuid.uuid4())}
        if self.address == "categories:create":  # a name is taken once
            fresh["name"] = f"Returns {uuid.uuid4()}"
        fresh = {name: value for name, value in fresh.items() if name in self.good}
        return {name: value for name, value in (self.good | fresh | changes).items() if value is not None}


NEW_TICKET = {"name": "Ada", "email": "ada@example.org", "title": "It broke", "priority": "normal", "tags": "a, b"}
CUSTOMER = {"name": "Ada", "email": "ada@example.org", "tags": "a, b", "notes": "Kind", "nonce": ""}
CATEGORY = {"name": "Returns", "description": "How to send things back", "is_public": "on", "nonce": ""}
NEW_PERSON = {
    "new-username": "ada",
    "new-first_name": "Ada",
    "new-last_name": "Byron",
    "new-email": "ada@example.org",
    "new-password": "between-the-engines",
    "new-role": "agent",
}
EDITED = CUSTOMER | {"status": "active", "sentiment": "neutral", "seen": ""}

FORMS = [
    Form("tickets:reply", {"kind": "reply", "reply": "Hello", "note": "", "then": "", "nonce": ""}, ("reply",)),
    Form("tickets:reply", {"kind": "note", "reply": "", "note": "Psst", "nonce": ""}, ("note",), variant=" as a note"),
    Form(
        "tickets:draft",
        {"kind": "reply", "text": "Half", "composer": "", "count": "1", "seen": "0"},
        ("text",),
        sends=False,
    ),
    Form("tickets:update", {"title": "Another subject"}, ("title",)),
    Form("tickets:update", {"status": "pending"}, variant=" of the status"),
    Form("tickets:update", {"priority": "high"}, variant=" of the priority"),
    Form("tickets:update", {"assigned_to": ""}, variant=" of the assignee"),
    Form("tickets:tags", {"add": "new-tag"}, ("add",)),
    Form("tickets:tags", {"remove": "no-such-tag"}, variant=" taken away"),
    Form("tickets:notes", {"notes": "Remember", "seen": fingerprint("")}, ("notes",)),
    Form(
        "tickets:create",
        NEW_TICKET | {"content": "Help", "sender": "customer", "customer": "", "nonce": ""},
        ("name", "email", "title", "tags", "content"),
    ),
    Form("tickets:delete"),
    Form("customers:create", CUSTOMER, ("name", "email", "tags", "notes")),
    Form("customers:update", EDITED, ("name", "email", "tags", "notes")),
    Form("customers:delete"),
    Form("categories:create", CATEGORY, ("name", "description")),
    Form("categories:edit", CATEGORY, ("name", "description")),
    Form("categories:delete"),
    Form("categories:move", {"up": "x"}, sends=False),
    Form(
        "teams:settings",
        {
            "first_name": "Ada",
            "last_name": "Byron",
            "time_zone": "UTC",
            "theme": "dark",
            "undo_seconds": "5",
            "hotkeys": "on",
        },
        ("first_name", "last_name"),
        sends=False,
    ),
    Form(
        "teams:password",
        {"old_password": "x", "new_password1": "between-the-engines", "new_password2": "between-the-engines"},
        sends=False,
    ),
    Form("sso:sign_in", {"username": "agent", "password": "guess", "next": "/"}, ("username",), sends=False),
    Form("sso:demo_sign_in", {"username": "agent", "next": "/"}, sends=False),
    Form("teams:switch", {"team": demo.TEAMS[0].id}, sends=False),
    Form("sso:sign_out", {"next": "/"}, sends=False),
    Form("outbox:decide", {"do": "discard"}, sends=False),
    Form("transfers:select", {"ids": "tkt_1", "address": "?status=open", "number": "1"}),
    Form(
        "transfers:bulk",
        {"review": "1", "status": "", "priority": "low", "assigned_to": "", "add_tags": "vip", "remove_tags": "old"},
        ("add_tags", "remove_tags"),
        sends=False,
    ),
    Form("transfers:bulk", {"start": "1", "number": "1"}, variant=" before it was looked at", sends=False),
    Form("transfers:upload", {"resource": "tickets"}, sends=False),
    Form("transfers:import"),
    Form("transfers:export", {"format": "csv", "bom": "on", "columns": "id", "older": "on"}, sends=False),
    Form("transfers:control", {"do": "pause"}, sends=False),
    Form("transfers:make_undo"),
    Form("transfers:undo"),
    Form("transfers:again"),
    Form("administration:webhook_register"),
    Form("administration:webhook_test"),
    Form("administration:webhook_remove"),
    Form("administration:group_rules", {"group": "acme-leads", "role": "manager"}, ("group",), sends=False),
    Form("administration:group_rule_remove", {"rule": "1"}, sends=False),
    Form("administration:person_add", {"who": "globex-agent", "role": "agent"}, ("who",), sends=False),
    Form("administration:person_create", NEW_PERSON, ("new-username", "new-first_name", "new-last_name"), sends=False),
    Form("administration:person_change", {"member": "1", "role": "agent"}, sends=False),
    Form("administration:account_change", {"account": "1", "do": "grant"}, sends=False),
    Form("administration:person_remove", {"member": "1"}, sends=False),
    Form("administration:team_rename", {"name": "Acme Care"}, ("name",), sends=False),
    Form("administration:ask_again", {}, sends=False),
    Form("administration:team_key", {"key": demo.TEAMS[0].key}, sends=False),
    Form(
        "administration:team_add",
        {"name": "Initech", "cstar_team_id": demo.TEAMS[0].id, "key": demo.TEAMS[0].key},
        ("name",),
        sends=False,
    ),
    Form("administration:team_remove", {"which": demo.TEAMS[1].id, "name": "Globex Care"}, sends=False),
    Form("administration:encryption", sends=False),
]
FIELDS = [(form, name) for form in FORMS for name in form.good]

HOSTILE = {
    "empty": "",
    "blank": " \t\r\n ",
    "long": "x" * 100_000,
    "long words": "ab cd " * 17_000,
    "nul": "before\x00after",
    "control": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028",
    "crlf": "one\r\ntwo\r\nSet-Cookie: x=y",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover=alert(1) x=\'" autofocus',
    "sql": "'; DROP TABLE tickets_ticket; --",
    "like": "%_\\%",
    "template": "{{ desk.team.key }}{% load x %}{#",
    "format": "{0.__class__} %s %(key)s ${x}",
    "rtl": "\u202eتذكرة\u2066 שלום",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 e\u0301" + "\u0300" * 500,
    "astral": "𝕏\U0010fffd\ufffe\ufeff",
    "number": "9" * 5000,
    "minus": "-1",
    "float": "1e400",
    "json": '{"$ne": null}',
    "path": "../../../etc/passwd",
    "uuid": "00000000-0000-0000-0000-00000000000g",
    "list": ["one", "two", "x" * 1000],
}
# Bytes that are no UTF-8, lone surrogates among them, as they would stand in the body of a request.
RAW = {"not utf-8": "%ff%fe%c3%28", "surrogate": "%ed%a0%80half", "broken escape": "%zz%u1234%", "overlong": "%c0%ae"}


def visitor(form: Form) -> Client:
    """Somebody who may send the form."""
    return Client() if form.address in {"sso:sign_in", "sso:demo_sign_in"} else Person("admin")


def send(person: Client, form: Form, team: Team, data: dict):
    return person.post(form.url(team), data)


def assert_said(response, form: Form, typed: dict) -> None:
    """A refusal: in words, with what was typed in it."""
    assert 'role="alert"' in text_of(response) or "toast--error" in text_of(response) or "<h1>" in text_of(response)
    said = text_of(response).replace("\r\n", "\n")
    for name in form.words:
        value = typed.get(name)
        for text in value if isinstance(value, list) else [value or ""]:
            last = text if not isinstance(value, list) or text == value[-1] else ""
            assert last.replace("\r\n", "\n").strip() in said, f"{name} was lost"


def test_every_form_of_the_site_is_in_the_list(acme):
    taking = {address.name for address in ALL if "post" in methods_of(address, acme)}
    # These take a POST as they take anything, and read nothing of it; the hook takes no form.
    # What is to be decided about a message on its way comes with the composer (tests/tickets/test_outbox.py).
    # A SAML provider's answer is no form of ours either (tests/browser/test_saml.py), nor is what portals send.
    others = {
        "healthz",
        "readyz",
        "replica:hook",
        "replica:notice_read",
        "tickets:decide",
        "saml_acs",
        "sso:embed",
        "sso:embed_token",
    }
    assert taking - others == {form.address for form in FORMS}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_form_as_people_send_it_works(form, acme, wire):
    Ticket.objects.filter(team=acme).update(payload={"notes": ""})
    response = send(visitor(form), form, acme, form.data())
    usual = {"sso:sign_in": 200, "tickets:draft": 204, "transfers:bulk": 200, "transfers:upload": 400}
    usual["administration:team_add"] = 400  # it is here already
    assert response.status_code == usual.get(form.address, 302)


@pytest.mark.parametrize("hostile", sorted(HOSTILE.keys() - {"like", "format", "json", "minus", "long words", "uuid"}))
@pytest.mark.parametrize("form", [form for form in FORMS if form.good], ids=str)
def test_every_field_takes_anything(form, hostile, acme, wire):
    person, value = visitor(form), HOSTILE[hostile]
    for name in form.good:
        wire.calls.clear()
        before, data = held(), form.data(**{name: value})
        response = send(person, form, acme, data)
        assert response.status_code < 500, name
        if response.status_code in {200, 400, 401, 404, 409, 429}:
            # Anybody could have pages made of what they send there, so that a form of many bytes is not read.
            if form.address != "sso:sign_in" or hostile != "long":
                assert_said(response, form, data)
            # Only cStar knows whether an id that could be one is a customer's.
            assert writes(wire) == [] or name == "customer", name
            assert held() == before
        elif not form.sends:
            person = visitor(form)


@pytest.mark.parametrize("raw", RAW)
@pytest.mark.parametrize("form", [form for form in FORMS if form.good], ids=str)
def test_bytes_that_are_no_text(form, raw, acme, wire):
    for name in form.good:
        body = "&".join(
            f"{key}={value}" for key, value in {"team": acme.pk, **form.data(), name: ""}.items() if key != name
        )
        response = Person("admin").generic(
            "POST", form.url(acme), f"{body}&{name}={RAW[raw]}", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code < 500


@pytest.mark.parametrize("form", [form for form in FORMS if form.good], ids=str)
def test_fields_may_be_missing(form, acme, wire):
    for missing in [*form.good, "all"]:
        wire.calls.clear()
        data = {} if missing == "all" else form.data(**{missing: None})
        response = send(Person("admin"), form, acme, data)
        assert response.status_code < 500
        if response.status_code == 400:
            assert_said(response, form, data)
            assert writes(wire) == []


@pytest.mark.parametrize("form", [form for form in FORMS if form.address != "sso:sign_out"], ids=str)
def test_more_fields_than_any_form_has(form, acme, wire):
    response = send(Person("admin"), form, acme, {f"field{number}": "x" for number in range(5001)})
    assert response.status_code == 400
    assert "<h1>This request is not valid</h1>" in text_of(response)
    assert wire.calls == []


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"reply=" + b"x" * 7_000_000),
        ("application/x-www-form-urlencoded; charset=latin-1", b"reply=x"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"reply=x"),
        ("application/json", b'{"reply": "x"}'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * 6000),
        ("text/plain", b"reply=x"),
        ("", b""),
        ("; ;;", b"\x00\xff"),
    ],
)
def test_bodies_that_are_no_form(content_type, body, headers, acme, wire):
    path = f"/tickets/{Ticket.objects.filter(team=acme).first().cstar_id}/reply/"
    for person in (Person("agent"), Client(enforce_csrf_checks=True)):
        response = person.generic("POST", path, body, content_type=content_type, headers=headers)
        assert 400 <= response.status_code < 500
        assert "<h1>" in text_of(response) or "toast" in text_of(response) or "banner" in text_of(response)
    assert wire.calls == []


@pytest.mark.parametrize("form", [form for form in FORMS if "nonce" in form.good], ids=str)
@pytest.mark.parametrize("nonce", ["", "x", "{}", "9" * 400, None])
def test_a_form_whose_nonce_was_lost_gets_a_new_one(form, nonce, acme, wire):
    data = form.data() | {"nonce": nonce}
    response = send(Person("admin"), form, acme, {name: value for name, value in data.items() if value is not None})
    if form.address == "customers:update":  # which cannot do harm twice
        return
    assert response.status_code == 400
    assert_said(response, form, data)
    assert "Send it again" in text_of(response)
    fresh = text_of(response).partition('name="nonce" value="')[2].partition('"')[0]
    assert uuid.UUID(fresh)
    assert writes(wire) == []
    assert send(Person("admin"), form, acme, data | {"nonce": fresh}).status_code == 302


@few
@given(typed=st.text(max_size=300), name=st.sampled_from(["reply", "note"]))
def test_whatever_was_written_reaches_cstar_as_it_was_or_stays_in_the_form(world, typed, name):
    team = Team.objects.get(name="Acme Support")
    form = FORMS[0]
    response = send(Person("agent"), form, team, form.data(kind=name, **{name: typed}))
    if response.status_code == 302:
        newest = sandbox.Message.objects.order_by("-pk").first()
        assert newest.content == typed.replace("\r\n", "\n").strip()
    else:
        assert response.status_code == 400
        assert typed.replace("\r\n", "\n") in text_of(response).replace("\r\n", "\n")


@few
@given(
    data=st.dictionaries(
        st.sampled_from(
            ["name", "email", "title", "priority", "tags", "content", "sender", "customer", "who", "nonce"]
        ),
        st.text(max_size=60) | st.sampled_from(["a@b.co", "normal", "agent", str(uuid.UUID(int=5))]),
    )
)
def test_a_new_ticket_out_of_anything(world, data):
    response = Person("agent").post("/tickets/new/", data)
    assert response.status_code in {302, 400}


def test_a_refused_edit_stays_in_its_field_for_htmx_too(acme):
    person, ticket = Person("agent"), Ticket.objects.filter(team=acme).first()
    long = "A subject that is long, " * 40
    assert long in text_of(person.fragment(f"/tickets/{ticket.cstar_id}/edit/", "ticket-props", {"title": long}))
    tag = "a tag that goes on, " * 20
    assert tag in text_of(person.fragment(f"/tickets/{ticket.cstar_id}/tags/", "ticket-props", {"add": tag}))


def test_a_name_may_be_as_long_as_the_settings_allow(acme, wire):
    person = Person("agent")
    names = {"first_name": "F" * 150, "last_name": "L" * 150, "time_zone": "UTC", "theme": "auto", "undo_seconds": "0"}
    assert person.post("/settings/", names).status_code == 302
    form = FORMS[0]
    assert send(person, form, acme, form.data()).status_code == 302


# Addresses ---------------------------------------------------------------------------------------------------------

PARAMETERS = (
    *("search", "status", "priority", "assigned_to", "tag", "customer", "sort", "page", "page_size"),
    *("sentiment", "category", "visibility", "type", "who", "name", "email", "next", "team"),
)
# A file is no page: it reads nothing of its address.
NO_PAGES = {"teams:switch", "transfers:file"}
PAGES = [address for address in ALL if (address in GUARDED or address.name in PUBLIC) and address.name not in NO_PAGES]


@pytest.fixture
def _corp(settings):
    """Providers of the name that addresses are made with; one is away, the other is never asked."""
    away = {"server_url": "http://127.0.0.1:9", "scope": ["openid"], "groups_claim": "groups", "trust_email": False}
    idp = {"entity_id": "https://idp.example.com", "sso_url": "https://idp.example.com/sso", "x509cert": "MII"}
    app = {"name": "Corp", "client_id": "corp"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [{**app, "provider_id": "corp", "settings": away}]},
        "saml": {"APPS": [{**app, "provider_id": "corp-saml", "settings": {"idp": idp}}]},
    }


@by_name(PAGES)
@pytest.mark.usefixtures("_corp")
def test_every_parameter_of_every_page_takes_anything(address, acme, wire):
    person = Person("admin")
    if "get" not in methods_of(address, acme) or address.name in {"healthz", "readyz", "metrics"}:
        return
    path = address.path(acme)
    fine = {200, 204, 302, 405, 409}  # 204: nothing new; 409: a page of another team
    for name, value in HOSTILE.items():
        response = person.get(path, dict.fromkeys(PARAMETERS, value[:2000]))
        assert response.status_code in fine, name
    for raw in RAW.values():
        assert person.get(f"{path}?{'&'.join(f'{name}={raw}' for name in PARAMETERS)}").status_code in fine
    assert writes(wire) == []


@pytest.mark.parametrize("path", ["/tickets/", "/customers/", "/articles/", "/activity/", "/tickets/new/"])
def test_thousands_of_values(path, world):
    person = Person("admin")
    values = [f"value{number}" for number in range(3000)]
    for name in PARAMETERS:
        assert person.get(path, {name: values}).status_code == 200, name
    assert person.get(f"{path}?{'&'.join('x' * 6000)}").status_code == 400


@few
@given(query=st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=30)), max_size=12))
@pytest.mark.parametrize("path", ["/tickets/", "/customers/", "/articles/", "/activity/"])
def test_any_address_is_a_list(world, path, query):
    data: dict[str, list[str]] = {}
    for name, value in query:
        data.setdefault(name, []).append(value)
    assert Person("admin").get(path, data).status_code == 200


IDS = [
    *("..", "%2e%2e", "..%2f..%2fcustomers", "%2e%2e%2fsettings", "a%00b", "%0d%0aX: y", "a b", "a%20b", "a;b"),
    *("ü", "%ff%fe", "👩", "\u202e", "tkt_" + "x" * 5000, "<script>", "'--", "{{x}}", "tkt_.", "tkt_a\\b", "~root"),
]


@pytest.mark.parametrize("identifier", IDS)
def test_what_no_id_can_be_is_not_there(identifier, world, wire):
    person = Person("admin")
    for collection in ("tickets", "customers", "articles"):
        for page in ("", "edit/", "delete/", "history/"):
            for method in (person.get, person.post):
                assert method(f"/{collection}/{identifier}/{page}").status_code in {404, 405}
    assert wire.calls == []


def test_an_id_that_nobody_has_costs_one_question(agent, wire):
    assert agent.get("/tickets/tkt_nobody/").status_code == 404
    assert wire.calls == [("GET", "tickets/tkt_nobody")]


# What others wrote -------------------------------------------------------------------------------------------------

NASTY = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onmouseover="alert(1)" x="',
    "</textarea></title></style><svg/onload=alert(1)>",
    "<img src=https://evil.example/pixel.png>",
    "--><iframe src=https://evil.example>",
    "{{ desk.team.key }}{% debug %}",
    "<base href=https://evil.example><form action=https://evil.example>",
]
MARKDOWN = [
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\nscript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '[click](https://example.org "x\\" onmouseover=\\"alert(1)")',
    "[click](https://example.org/\"onmouseover='alert(1)')",
    "![pixel](https://evil.example/pixel.png)",
    "![pixel](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](javascript:alert(1))",
    "[![p](https://evil.example/p.png)](javascript:alert(1))",
    '```"><script>\nalert(1)\n```',
    '~~~ x" onmouseover="alert(1)\n~~~',
    "| a |\n|:-:|\n| <b onclick=x> |",
    "www.evil.example/<script>",
    "<a href=javascript:alert(1)>x</a>",
    *NASTY,
]


class Reader(HTMLParser):
    """Collects what is wrong with a page."""

    def __init__(self, html: str):
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in {"iframe", "object", "embed", "base", "style", "img"}:
            self.faults.append(tag)
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.faults.append("script")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.faults.append(f"{tag} {name}")
            if name == "src" and not value.startswith("/static/"):
                self.faults.append(f"{tag} src {value}")
            scheme = re.match(r"[\s\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\s-]*):", value or "")
            if name in {"href", "action", "formaction"} and scheme and scheme[1] not in {"http", "https", "mailto"}:
                self.faults.append(f"{tag} {name} {value}")
            if name in {"action", "hx-get", "hx-post"} and not value.startswith("/"):
                self.faults.append(f"{tag} {name} {value}")


def faults(html: str) -> list[str]:
    return Reader(html).faults


@pytest.mark.parametrize("text", MARKDOWN)
def test_a_message_becomes_harmless(text):
    assert faults(markdown.render(text)) == []


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(alphabet="[]()<>!*_`~|\\\"'&#;:/ \n-=axj1", max_size=80), st.sampled_from(MARKDOWN))
def test_no_message_becomes_anything_else(text, known):
    for mixed in (text, text + known, known + text, f"[{text}]({known})", f"> {text}{known}"):
        assert faults(markdown.render(mixed)) == []


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000,
        "> " * 10_000,
        "[" * 20_000,
        "[a](" * 20_000,
        "![" * 40_000,
        "*a_" * 33_333,
        "- " * 10_000,
        "`" * 100_000,
        "<" * 100_000,
        "|" * 50_000 + "\n" + "|-" * 25_000,
        "\n".join(" " * depth + "- a" for depth in range(400)),
        "https://a.example " * 5_000,
        "&" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_message_that_wants_to_take_all_day_does_not(text):
    html = markdown.render(text)
    assert len(html) < 20 * len(text)
    assert faults(html) == []


def test_of_a_message_that_is_too_long_the_rest_is_shown_as_it_is():
    html = markdown.render("x " * (markdown.MAX_LENGTH // 2) + "**the <b>end</b>**")
    assert "**the &lt;b&gt;end&lt;/b&gt;**" in html


@pytest.mark.parametrize("text", NASTY)
def test_what_others_wrote_stays_text_on_every_page(text, acme, wire):
    ticket, customer, article = poisoned(acme, text)
    person = Person("admin")
    type(person.person).objects.filter(pk=person.person.pk).update(first_name=text[:150])
    Activity.objects.create(
        team=acme, person=text, action=text[:40], target_type="ticket", target_id=ticket.cstar_id, target_label=text,
        changes={"title": [text, [text]], text: [text, None]}, request_id=text,
    )  # fmt: skip
    shown = [address for address in GUARDED if "<" not in address.route and "get" in methods_of(address, acme)]
    paths = [address.path(acme) for address in shown]
    paths += [f"/tickets/{ticket.cstar_id}/{page}" for page in ("", "delete/", "?status=open&sort=subject")]
    paths += [f"/customers/{customer.cstar_id}/{page}" for page in ("", "edit/", "delete/")]
    paths += [f"/articles/{article.cstar_id}/", f"/articles/?category={text}&status={text}&search={text}"]
    paths += [f"/tickets/?tag={text}&search={text}", f"/tickets/new/?who={text}&name={text}", "/tickets/new/?who=xss"]
    for path in paths:
        response = person.get(path, follow=True)
        assert response.status_code == 200, path
        assert faults(response.content.decode()) == [], path
        assert acme.key not in response.content.decode()


def poisoned(team: Team, text: str) -> tuple[Ticket, Customer, Article]:
    """The text wherever cStar could put it."""
    upsert.apply("statuses", team, [{"id": "evil", "key": "evil", "name": text}])
    upsert.apply("quick_replies", team, [{"id": "qr_evil", "title": text, "content": text}])
    upsert.apply("categories", team, [{"id": "cat_evil", "name": text, "description": text, "isPublic": text}])
    upsert.apply("members", team, [{"id": "mem_evil", "name": text, "email": text, "role": text}])
    upsert.apply("customers", team, [{
        "id": "cus_evil", "name": f"xss {text}", "email": text, "status": text, "sentiment": text, "tags": [text],
        "notes": text, "metadata": {text: text, "nested": {text: [text]}},
    }])  # fmt: skip
    upsert.apply("tickets", team, [{
        "id": "tkt_evil", "title": text, "status": text, "priority": text, "customerId": "cus_evil",
        "assignedTo": "mem_evil", "tags": [text], "notes": text, "metadata": {text: text}, "messageCount": 1,
        "updatedAt": "2099-01-01T00:00:00Z",
    }])  # fmt: skip
    upsert.apply("articles", team, [{
        "id": "art_evil", "title": text, "category": text, "status": text, "tags": [text], "content": text, text: text,
        "metadata": {text: text, "nested": {text: [text]}}, "updatedAt": "2099-01-01T00:00:00Z",
    }])  # fmt: skip
    ticket = Ticket.objects.get(team=team, cstar_id="tkt_evil")
    ticket.thread_fetched_at, ticket.thread_seen = ticket.synced_at, ticket.thread_mark
    ticket.save()
    for number, sender in enumerate(("customer", "agent", "system", "else")):
        Message.objects.create(
            ticket=ticket, cstar_id=f"msg_{number}", content=text, html=markdown.render(text), sender=sender,
            sender_name=text, created_at=ticket.synced_at, position=number, is_internal=number == 1,
        )  # fmt: skip
    return (
        ticket,
        Customer.objects.get(team=team, cstar_id="cus_evil"),
        Article.objects.get(team=team, cstar_id="art_evil"),
    )


@pytest.mark.parametrize("key", ["items", "keys", "values", "0", "", "__class__", "do_not_call_in_templates"])
def test_metadata_may_have_any_name(key, acme, agent):
    metadata = {key: "three books"}
    upsert.apply("customers", acme, [{"id": "cus_odd", "name": "Odd", "tags": [], "notes": None, "metadata": metadata}])
    upsert.apply("articles", acme, [{"id": "art_odd", "title": "Odd", "content": "Odd", "metadata": metadata}])
    upsert.apply("tickets", acme, [{"id": "tkt_odd", "title": "Odd", "metadata": metadata}])
    Ticket.objects.filter(cstar_id="tkt_odd").update(thread_fetched_at=timezone.now())
    for path in ("/customers/cus_odd/", "/articles/art_odd/", "/tickets/tkt_odd/"):
        response = agent.get(path)
        assert response.status_code == 200
        assert "three books" in text_of(response)
