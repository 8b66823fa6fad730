"""Lists find and sort by folded text, the same on SQLite and PostgreSQL."""

import unicodedata

import pytest
from django.utils import timezone

from activity.models import Activity
from activity.record import record_for
from articles.models import Article
from core.folding import sort_key
from customers.models import Customer
from replica import upsert
from tickets.models import Ticket, TicketTag

SORTED = ["apple", "Äpfel", "Éclair", "Öl", "Vogel", "von Adler", "Zimmer"]


def add_customers(team, *names: str) -> None:
    upsert.apply(
        "customers",
        team,
        [{"id": f"cus_{at}x", "name": name, "email": f"{at}@example.org"} for at, name in enumerate(names)],
    )


def add_tickets(team, *titles: str) -> None:
    upsert.apply(
        "tickets", team, [{"id": f"tkt_{at}x", "title": title, "status": "open"} for at, title in enumerate(titles)]
    )


def found(person, path: str, **query) -> list[str]:
    return [str(row) for row in person.get(path, {"page_size": 100, **query}).context["page"].items]


def test_names_are_sorted_by_their_letters_whatever_their_case_and_accents(agent, acme):
    Customer.objects.filter(team=acme).delete()
    add_customers(acme, *reversed(SORTED))
    assert found(agent, "/customers/", sort="name") == SORTED
    assert found(agent, "/customers/", sort="-name") == SORTED[::-1]


def test_subjects_articles_and_assignees_are_sorted_alike(agent, acme):
    Ticket.objects.filter(team=acme).delete()
    Article.objects.filter(team=acme).delete()
    add_tickets(acme, *SORTED)
    rows = [{"id": f"art_{at}", "title": title, "category": title} for at, title in enumerate(reversed(SORTED))]
    upsert.apply("articles", acme, rows)
    upsert.apply("members", acme, [{"id": f"mem_{at}", "name": name} for at, name in enumerate(SORTED)])
    upsert.apply("tickets", acme, [{"id": f"tkt_{at}x", "assignedTo": f"mem_{at}"} for at in (3, 0, 6, 1, 2, 5, 4)])
    assert found(agent, "/tickets/", sort="subject") == SORTED
    assert found(agent, "/tickets/", sort="assignee") == SORTED
    assert found(agent, "/articles/", sort="title") == SORTED
    assert found(agent, "/articles/", sort="category") == SORTED
    filters = {one.name: one.choices for one in agent.get("/articles/").context["filters"]}
    assert [name for name, _ in filters["category"] if name in SORTED] == SORTED
    filters = {one.name: one.choices for one in agent.get("/tickets/").context["filters"]}
    people = [name for _, name in filters["assigned_to"]]
    assert [name for name in people if name in SORTED] == SORTED


def test_previous_and_next_keep_to_the_order(agent, acme):
    Ticket.objects.filter(team=acme).delete()
    add_tickets(acme, *SORTED)
    Ticket.objects.update(thread_fetched_at=timezone.now())
    page = agent.get("/tickets/tkt_2x/?sort=subject")
    assert "/tkt_1x/" in page.context["previous_url"]
    assert "/tkt_3x/" in page.context["next_url"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Benoît Lefèvre", "Benoit"),
        ("João Ação", "joao acao"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "DIYARBAKIR"),
        ("diyarbakir", "Diyarbakır"),
        ("Straße 5", "STRASSE"),
        (unicodedata.normalize("NFD", "Café Über"), unicodedata.normalize("NFC", "café über")),
        (unicodedata.normalize("NFC", "Café Über"), unicodedata.normalize("NFD", "café über")),
        ("Ｆｕｌｌ width", "full"),
        ("a_b", "a_b"),
        ("100%", "100%"),
        (r"\\server\_x", r"\\server\_x"),
        ("""it's "quoted" `here`""", """it's "quoted" `here`"""),
    ],
)
def test_both_sides_of_a_search_are_folded(agent, acme, written, typed):
    add_tickets(acme, written)
    add_customers(acme, written)
    upsert.apply("articles", acme, [{"id": "art_x", "title": "Folded", "content": written}])
    assert written in found(agent, "/tickets/", search=typed)
    assert written in found(agent, "/customers/", search=typed)
    assert "Folded" in found(agent, "/articles/", search=typed)
    chosen = agent.get("/tickets/new/", {"who": typed}).context["found"]
    assert written in [customer.name for customer in chosen]


@pytest.mark.parametrize("typed", ["_", "%", "\\", "100_", "a%b", "'", '"'])
def test_signs_that_mean_something_to_a_database_are_searched_for_as_they_are(agent, acme, typed):
    upsert.apply(
        "tickets", acme, [{"id": "tkt_plain", "title": "axb 1001"}, {"id": "tkt_sign", "title": f"sign{typed}"}]
    )
    rows = agent.get("/tickets/", {"search": typed}).context["page"].items
    assert "tkt_sign" in [row.cstar_id for row in rows]
    assert all(typed in row.folded for row in rows)  # which holds the customer's name too


def test_an_id_is_found_by_the_whole_of_it_alone(agent, acme):
    ticket = Ticket.objects.filter(team=acme).first()
    for path, row in (
        ("/tickets/", ticket),
        ("/customers/", Customer.objects.filter(team=acme).first()),
        ("/articles/", Article.objects.filter(team=acme).first()),
    ):
        assert found(agent, path, search=row.cstar_id) == [str(row)]
        assert found(agent, path, search=row.cstar_id[:-1]) == []
        assert found(agent, path, search=row.cstar_id[:4]) == []


def test_a_customers_new_name_is_found_and_sorted_on_their_tickets(agent, acme):
    ticket = Ticket.objects.filter(team=acme).exclude(customer="").first()
    upsert.apply("customers", acme, [{"id": ticket.customer, "name": "Žofie Ångström"}])
    assert ticket.title in found(agent, "/tickets/", search="zofie angstrom")
    ticket.refresh_from_db()
    assert ticket.customer_name_key == sort_key("Žofie Ångström")


def test_rows_that_the_version_before_wrote_are_found_and_sorted(agent, acme):
    Customer.objects.filter(team=acme).delete()
    add_customers(acme, "Zimmer", "Vogel", "Äpfel")
    # As it writes a new row, and as it changes one.
    unknown = {"folded": None, "name_key": None, "email_key": None, "columns_at": None}
    Customer.objects.filter(name="Äpfel").update(**unknown)
    renamed = Customer.objects.get(name="Zimmer")
    payload = {**renamed.payload, "name": "Ábel"}
    Customer.objects.filter(pk=renamed.pk).update(name="Ábel", payload=payload, changed=renamed.changed + 1)
    upsert.touch(acme)
    assert found(agent, "/customers/", search="apfel") == ["Äpfel"]
    assert found(agent, "/customers/", sort="name") == ["Ábel", "Äpfel", "Vogel"]
    assert upsert.complete("customers", acme) == 0


def test_tags_are_composed_and_equal_ones_stand_once(agent, acme):
    decomposed = unicodedata.normalize("NFD", "Müll")
    upsert.apply("tickets", acme, [{"id": "tkt_tagged", "title": "Tagged", "tags": [decomposed, "Müll", "x"]}])
    assert Ticket.objects.get(cstar_id="tkt_tagged").tags == ["Müll", "x"]
    assert TicketTag.objects.filter(ticket__cstar_id="tkt_tagged").count() == 2
    assert found(agent, "/tickets/", tag="Müll") == found(agent, "/tickets/", tag=decomposed) == ["Tagged"]


def test_the_activity_is_searched_folded_too(manager, acme):
    record_for((acme, manager.person, "Zoë Brûlé"), "ticket.updated", ("ticket", "tkt_9", "100% Übung"))

    def shown(text: str) -> int:
        return manager.get("/activity/", {"search": text}).context["page"].total

    assert [shown(text) for text in ("zoe", "brule ubung", "100%", "tkt_9")] == [1, 1, 1, 1]
    assert [shown(text) for text in ("tkt_", "1_0", "zoe zzz")] == [0, 0, 0]
    Activity.objects.update(folded=None)  # as the version before writes them
    assert shown("Zoë") == 1
