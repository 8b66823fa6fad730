"""The strict server in process, over HTTP and as a command."""

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from cstar import Client, Unavailable
from cstar.http import HTTPTransport
from tests.strict_cstar import StrictTransport, Variant, listening
from tests.strict_cstar.__main__ import parser
from tests.strict_cstar.story import TICKETS


def test_the_desks_client_reaches_it_in_process(cstar, ticket):
    client = Client(key=cstar.secret_key, team_id=cstar.team_id, transport=StrictTransport(cstar))
    assert client.tickets.get(ticket["id"]).title == ticket["title"]
    assert cstar.requests == [("GET", f"tickets/{ticket['id']}", 200)]
    assert client.tickets.list(page_size=100).total == TICKETS
    assert client.messages.create(ticket["id"], content="Grüße").content == "Grüße"
    assert len(cstar.received("GET", "tickets")) == 2


def test_it_listens_on_a_free_port(cstar):
    with HTTPTransport() as network, listening(cstar) as base_url:
        assert base_url.startswith("http://127.0.0.1:")
        client = Client(
            key=cstar.secret_key,
            team_id=cstar.team_id,
            base_url=base_url,
            transport=network,
            sleep=lambda seconds: None,
        )
        made = client.customers.create(name="Ines", email="ines@example.org")
        assert client.customers.get(made.id).name == "Ines"
        client.customers.delete(made.id)
        cstar.variant.delete_answers = "empty"
        client.tickets.delete(client.tickets.list().items[0].id)
        cstar.variant.away = "refused"
        with pytest.raises(Unavailable):
            client.tickets.list()


def test_the_url_leads_to_whoami(cstar):
    with listening(cstar) as base_url:
        parts = urlsplit(base_url)
        connection = HTTPConnection(parts.hostname, parts.port)
        bearer = {"Authorization": f"Bearer {cstar.secret_key}"}
        connection.request("GET", f"{parts.path}/auth/whoami", headers=bearer)
        data = json.loads(connection.getresponse().read())["data"]
        connection.close()
    assert (data["teamId"], data["keyType"]) == (cstar.team_id, "secret")


def test_every_switch_is_an_option_of_the_command():
    given = ["--quick-replies", "--row-extras", "assignedTo,metadata", "--clock-minutes", "-10", "--away", "503"]
    options = vars(parser().parse_args(given))
    for name in ("port", "seed", "tickets", "customers"):
        del options[name]
    assert Variant(**options) == Variant(
        quick_replies=True, row_extras=frozenset({"assignedTo", "metadata"}), clock_minutes=-10, away="503"
    )
