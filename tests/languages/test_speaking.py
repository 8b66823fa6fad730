"""Who reads what: words, dates and numbers in the language of each person, whoever looked before."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags

from activity.models import Activity
from core import labels, stored_texts
from core.templatetags.desk import ago, in_words
from core.times import age, told
from cstar.http import ConnectError
from outbox.models import Outgoing
from teams.models import User
from tests.conftest import Person
from tests.languages.catalogue import ROOT, entries
from tests.test_access import ALL, GUARDED, Address
from tickets.models import Status, Ticket
from transfers.forms import StartForm

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def speaking(username: str, language: str) -> Person:
    User.objects.filter(username=username).update(language=language)
    return Person(username)


def words_of(response) -> list[str]:
    """The texts of a page, each for itself; what is read out and shown on hover too. What customers say is left out."""
    html = response.content.decode()
    html = re.sub(r"<(textarea|script|title|option)\b.*?</\1>", "", html, flags=re.DOTALL)
    html = re.sub(r'<(article|span) class="(?:prose|tag)".*?</\1>', "", html, flags=re.DOTALL)
    spoken = re.findall(r'(?<![\w-])(?:title|aria-label|placeholder|data-label|data-hotkey-label)="([^"]*)"', html)
    return [" ".join(text.split()) for text in [*re.sub(r"<[^>]*>", "\n\n", html).split("\n\n"), *spoken]]


# Whose language ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "spoken", "heading"),
    [
        (None, "en-gb", "Sign in"),
        ("de", "de", "Anmelden"),
        ("de-CH,fr;q=0.4", "de", "Anmelden"),
        ("en", "en-gb", "Sign in"),
        ("en-US,en;q=0.9", "en-us", "Sign in"),
        ("fr-FR,fr", "en-gb", "Sign in"),
        ("xx;;;=,de;q=abc", "en-gb", "Sign in"),
        ("d" * 5000, "en-gb", "Sign in"),
    ],
)
def test_without_a_choice_the_browser_is_asked(world, asked, spoken, heading):
    response = Client().get("/accounts/sign-in/", headers={"Accept-Language": asked} if asked else {})
    assert re.search(rf'<html\s+lang="{spoken}"', response.content.decode())
    assert response["Content-Language"] == spoken
    assert re.search(rf"{heading}\s*</button>", response.content.decode())


def test_a_choice_goes_before_the_browser(world):
    assert "Posteingang" in speaking("agent", "de").get("/nothing", headers={"Accept-Language": "en"}).content.decode()
    assert speaking("agent", "en-us").get("/tickets/", headers=GERMAN)["Content-Language"] == "en-us"
    assert speaking("agent", "").get("/tickets/", headers=GERMAN)["Content-Language"] == "de"


def test_a_language_that_is_no_longer_offered_is_none(world):
    assert speaking("agent", "tlh").get("/tickets/")["Content-Language"] == "en-gb"


def test_a_person_chooses(agent):
    page = agent.get("/settings/").content.decode()
    assert [word for word in ("Same as browser", "English (US)", "Deutsch") if word not in page] == []
    response = agent.post(
        "/settings/",
        {"time_zone": "Europe/Berlin", "theme": "auto", "undo_seconds": "0", "language": "de"},
        follow=True,
    )
    html = response.content.decode()
    assert "Einstellungen gespeichert." in html
    assert "<h1>Eigene Einstellungen</h1>" in html
    assert agent.post("/settings/", {"language": "tlh"}).status_code == 200
    assert User.objects.get(username="agent").language == "de"


def test_a_request_leaves_no_language_behind(world):
    Client().get("/accounts/sign-in/", headers=GERMAN)
    assert translation.get_language() == "en-gb"


# What is drawn once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["de", "en-us"])
def test_two_who_look_at_the_same_each_read_their_own(world, first):
    ticket = Ticket.objects.filter(team__name="Acme Support", message_count__gt=2).first()
    ticket.status, ticket.assigned_to, ticket.assignee_name = "open", "", ""
    ticket.updated_at = timezone.now() - timedelta(hours=3)
    ticket.save()
    people = {"de": speaking("agent", "de"), "en-us": speaking("manager", "en-us")}
    pages = ["/tickets/", f"/tickets/{ticket.cstar_id}/", "/customers/", "/articles/", "/transfers/"]
    read = {}
    for language in (first, *({"de", "en-us"} - {first})):
        read[language] = "".join(people[language].get(page).content.decode() for page in pages)
    for word in ("Alle offenen", "Niemand</span>", "Offen</span>", "Kunde</span>", "Zu Nicht zugewiesen", "Std.<"):
        assert word in read["de"], word
        assert word not in read["en-us"], word
    for word in ("All open", "Nobody</span>", "Open</span>", "Customer</span>", "Go to Unassigned", " h<"):
        assert word in read["en-us"], word
        assert word not in read["de"], word
    assert re.search(r'title="\w+ \d+, \d{4}, \d+:\d\d [AP]M"', read["en-us"])
    assert re.search(r'title="\d+\. \S+ \d{4}, \d\d:\d\d"', read["de"])
    assert not re.search(r'title="[^"]* [AP]M"', read["de"])


def test_the_choices_of_a_form_are_in_each_language(world):
    ticket = Ticket.objects.filter(team__name="Acme Support").first()
    for username, language, word in (
        ("agent", "de", "Dringend"),
        ("manager", "en-gb", "Urgent"),
        ("agent", "de", "Dringend"),
    ):
        html = speaking(username, language).get(f"/tickets/{ticket.cstar_id}/").content.decode()
        assert f">{word}</option>" in html


# Times and numbers -------------------------------------------------------------------------------------------------

WHEN = datetime(2024, 3, 5, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "exact", "day", "hours"),
    [
        ("en-gb", "5 Mar 2024, 14:07", "5 Mar", "3 h"),
        ("en-us", "Mar 5, 2024, 2:07 PM", "Mar 5", "3 h"),
        ("de", "5. März 2024, 14:07", "5. März", "3 Std."),
    ],
)
def test_times_are_those_of_the_language(language, exact, day, hours):
    with translation.override(language):
        assert f'title="{exact}"' in ago(WHEN)
        assert f">{day}<" in told(age(WHEN, WHEN.replace(month=8)))
        assert f">{hours}<" in told(age(WHEN, WHEN.replace(hour=17)))


def test_lengths_of_time_are_those_of_the_language():
    with translation.override("de"):
        assert [in_words(timedelta(minutes=minutes)) for minutes in (53, 173)] == ["53 Min.", "2 Std. 53 Min."]


@pytest.mark.parametrize(("language", "number"), [("en-gb", "1,284"), ("en-us", "1,284"), ("de", "1.284")])
def test_numbers_are_grouped_as_the_language_does(language, number):
    with translation.override(language):
        assert Template("{{ number }}").render(Context({"number": 1284})) == number


def test_a_number_that_was_read_grouped_is_understood_again(world):
    """What a German page shows as 1.240 is typed as 1.240."""
    with translation.override("de"):
        form = StartForm({"number": "1.240"})
        assert form.is_valid()
        assert form.cleaned_data["number"] == 1240


# cStar's words -----------------------------------------------------------------------------------------------------


def test_words_of_cstar_are_known_or_shown_as_they_are(acme):
    with translation.override("de"):
        assert labels.words("resolved") == "Gelöst"
        assert labels.words("waiting_on_vendor") == "Waiting on vendor"
        assert labels.words("") == "Keine Angabe"
        assert labels.named("open", "Open") == "Offen"
        assert labels.named("open", "Auf Halde") == "Auf Halde"
        assert labels.recorded("open") == "Offen"
    assert labels.recorded("open") == "open"


def test_a_status_that_the_team_named_itself_keeps_its_name(acme):
    Status.objects.filter(team=acme, key="open").update(name="Auf dem Tisch")
    html = speaking("agent", "de").get("/tickets/").content.decode()
    assert ">Auf dem Tisch</option>" in html
    assert ">Gelöst</option>" in html


# What is kept ------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_english_and_shown_in_every_language(acme, wire):
    ticket = Ticket.objects.filter(team=acme, status="open").first()
    wire.answer(ConnectError("away"))
    german = speaking("agent", "de")
    german.post(f"/tickets/{ticket.cstar_id}/reply/", {"kind": "reply", "reply": "Guten Tag", "nonce": "c" * 32})
    entry = Outgoing.objects.get()
    assert entry.problem == "cStar cannot be reached just now. Nothing was changed; try again in a moment."
    assert "cStar ist gerade nicht erreichbar" in german.get("/outbox/").content.decode()
    assert entry.problem in speaking("manager", "en-gb").get("/outbox/").content.decode()


def test_the_record_tells_in_the_readers_words(acme):
    ticket = Ticket.objects.filter(team=acme, priority="high").first()
    german = speaking("agent", "de")
    german.post(f"/tickets/{ticket.cstar_id}/edit/", {"priority": "low"})
    assert Activity.objects.get().action == "ticket.updated"
    html = german.get(f"/tickets/{ticket.cstar_id}/history/").content.decode()
    assert "hat das Ticket geändert" in html
    assert "Priorität: <del>Hoch</del> → <ins>Niedrig</ins>" in " ".join(html.split())
    assert "changed the ticket" in speaking("agent", "").get(f"/tickets/{ticket.cstar_id}/history/").content.decode()


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("", ""),
        ("cStar does not answer as it should.", "cStar antwortet nicht wie erwartet."),
        ("cStar refused this: Nope: (a.b) {x}.", "cStar hat das abgelehnt: Nope: (a.b) {x}."),
        (
            "This hour's cStar requests are used up. Try again in 12 minutes.",
            "Die cStar-Aufrufe dieser Stunde sind verbraucht. Versuchen Sie es in 12 Minuten noch einmal.",
        ),
        # As earlier versions wrote them.
        (
            "This hour's cStar calls are used up. Try again in a minute.",
            "Die cStar-Aufrufe dieser Stunde sind verbraucht. Versuchen Sie es in einer Minute noch einmal.",
        ),
        ("E-mail: “ada” is not an e-mail address.", "E-Mail: „ada“ ist keine E-Mail-Adresse."),
        ("Id in the other system is empty.", "ID im anderen System ist leer."),
        ("Changed since: customer id is now 7.", "Seitdem geändert: Kunden-ID ist jetzt 7."),
        ("Changed since: customer ID is now 7.", "Seitdem geändert: Kunden-ID ist jetzt 7."),
        ("1 new message since you began.", "1 neue Nachricht, seit Sie begonnen haben."),
        ("3 new messages since you began.", "3 neue Nachrichten, seit Sie begonnen haben."),
        (
            "Line 1,204: This file has more than 100,000 rows. Split it here and upload the parts one by one.",
            "Zeile 1.204: Diese Datei hat mehr als 100.000 Zeilen. "
            "Teilen Sie sie hier und laden Sie die Teile einzeln hoch.",
        ),
        ("Subject is empty. Status is empty.", "Betreff ist leer. Status ist leer."),
        ("Changed since: priority is now low.", "Seitdem geändert: Priorität ist jetzt low."),
        ("Bulk edit of 1,204 tickets", "Massenänderung: 1.204 Tickets"),
        ("Import of 1 customer", "Import: 1 Kunde"),
        ("Whatever cStar said. In its words.", "Whatever cStar said. In its words."),
    ],
)
def test_kept_sentences_are_found_again(kept, shown):
    assert stored_texts.shown(kept) == kept
    with translation.override("de"):
        assert stored_texts.shown(kept) == shown


# Every page --------------------------------------------------------------------------------------------------------


@cache
def english_texts() -> set[str]:
    """Those that are something else in German, and hold nothing of their own."""
    german = entries(ROOT / "locale/de/LC_MESSAGES/django.po")
    texts = {entry.text.one for entry in german if entry.text.one not in entry.translations}
    return {strip_tags(text) for text in texts if not re.search(r"%\(|\{", text)}


PAGES = [*GUARDED, *(address for address in ALL if address.name == "sso:sign_in")]


@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.name)
def test_every_page_is_german_for_who_speaks_german(address: Address, acme):
    someone = speaking("admin", "de")
    page = someone.get(address.path(acme))
    if page.status_code != 200 or not page.get("Content-Type", "").startswith("text/html"):
        page.close()
        return
    left = sorted(set(words_of(page)) & english_texts())
    assert left == [], f"{address.name} says this in English"
