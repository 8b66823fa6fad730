"""What a cStar offers: learned from answers, relied on for a day, forgotten with the key or the address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cstar import BadRequest, Forbidden, NotFound, ServerError, Unauthorized, UnexpectedStatus
from cstar.http import Response
from replica import capabilities
from replica.models import Capability, TeamState
from replica.refresh import refresh
from replica.tasks import start_clocks_of
from tests.conftest import Person
from tickets.features import NOTES_STAY_INTERNAL
from tickets.models import QuickReply

GONE = Response(404, json={"success": False, "error": {"code": "RESOURCE_MISSING", "message": "Endpoint not found"}})


def test_what_is_not_known_is_asked_for(acme):
    assert capabilities.is_offered(acme, "export") is None
    assert capabilities.offers(acme, "export")


def test_an_answer_counts_for_a_day_and_for_its_team_alone(acme, globex, time_machine):
    capabilities.learn(acme, "export", False)
    assert not capabilities.offers(acme, "export")
    assert capabilities.offers(globex, "export")
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert capabilities.is_offered(acme, "export") is None


def test_what_must_not_be_tried_again_counts_until_an_admin_asks(acme, time_machine):
    capabilities.learn(acme, NOTES_STAY_INTERNAL, False)
    time_machine.move_to(timezone.now() + timedelta(days=400))
    assert not capabilities.offers(acme, NOTES_STAY_INTERNAL)


def test_another_key_starts_anew(acme):
    capabilities.learn(acme, "export", False)
    start_clocks_of(acme)
    assert capabilities.is_offered(acme, "export") is None


def test_another_address_starts_anew(acme, settings):
    capabilities.learn(acme, "export", False)
    settings.CSTAR_API_URL = "https://elsewhere.example/api/v1"
    assert capabilities.is_offered(acme, "export") is None
    capabilities.learn(acme, "export", True)
    assert capabilities.is_offered(acme, "export")


def test_learning_the_same_again_changes_nothing_for_pages(acme):
    capabilities.learn(acme, "export", False)
    number = TeamState.objects.get(team=acme).change_number
    capabilities.learn(acme, "export", False)
    assert TeamState.objects.get(team=acme).change_number == number


@pytest.mark.parametrize(
    ("error", "absent"),
    [
        (NotFound(status=404), True),
        (Forbidden(status=403), True),
        (UnexpectedStatus(status=405), True),
        (UnexpectedStatus(status=410), True),
        (ServerError(status=501), True),
        (UnexpectedStatus(status=413), False),
        (ServerError(status=500), False),
        (Unauthorized(status=401), False),
        (BadRequest(status=400), False),
    ],
    ids=str,
)
def test_which_answers_say_that_there_is_no_endpoint(error, absent):
    assert capabilities.is_absent(error) is absent


@pytest.mark.parametrize(
    ("param", "message", "field"),
    [
        ("senderName", "No", "senderName"),
        ("sender_name", "No", "senderName"),
        ("body.sender_name", "No", "senderName"),
        (None, "Unknown field 'senderName'", "senderName"),
        (None, "sender-name is not allowed", "senderName"),
        ("content", "content is too long for senderName", None),
        (None, "content is required", None),
    ],
)
def test_which_field_a_refusal_names(param, message, field):
    error = BadRequest(message, status=400, param=param)
    assert capabilities.named_field(error, ["senderName", "isInternal"]) == field


# In use --------------------------------------------------------------------------------------------------------


def without(wire, monkeypatch, path: str, answer: Response = GONE) -> None:
    """The sandbox, but that this path has another answer."""
    real = wire.handle_request

    def answered(request):
        found = real(request)
        return answer if request.url.path.endswith(path) else found

    monkeypatch.setattr(wire, "handle_request", answered)


@pytest.mark.parametrize("status", [403, 404, 405, 410, 501])
def test_an_optional_list_that_is_missing_is_asked_for_once_a_day(acme, wire, monkeypatch, time_machine, status):
    without(wire, monkeypatch, "quick-replies", Response(status))
    held = QuickReply.objects.filter(team=acme).count()
    asked = []
    for hours in (0, 1, 2, 25):
        time_machine.move_to(timezone.now() + timedelta(hours=hours), tick=False)
        wire.calls.clear()
        assert refresh(acme)
        asked.append(("GET", "settings/quick-replies") in wire.calls)
    assert asked == [True, False, False, True]
    assert QuickReply.objects.filter(team=acme).count() == held
    assert TeamState.objects.get(team=acme).problem == ""


@pytest.mark.parametrize(
    "answer", [Response(400), Response(500), Response(200, text="<html>")], ids=["400", "500", "html"]
)
def test_an_optional_list_that_is_broken_holds_up_nothing(acme, wire, monkeypatch, answer):
    without(wire, monkeypatch, "settings/statuses", answer)
    TeamState.objects.filter(team=acme).update(filled_at=None)
    assert refresh(acme)
    assert TeamState.objects.get(team=acme).filled_at


# What people see -----------------------------------------------------------------------------------------------


@pytest.fixture
def admin(world) -> Person:
    return Person("admin")


def test_an_admin_reads_what_is_missing_and_what_is_done_instead(admin, acme):
    assert "everything the desk has asked for" in admin.get("/settings/budget/").content.decode()
    capabilities.learn(acme, "export", False)
    capabilities.learn(acme, "export.tickets", False)
    capabilities.learn(acme, "quick_replies", False)
    html = admin.get("/settings/budget/").content.decode()
    assert html.count("export does not work") == 1
    assert "100 rows per request" in html
    assert "The composer offers none." in html


def test_an_admin_asks_again(admin, acme, agent):
    capabilities.learn(acme, NOTES_STAY_INTERNAL, False)
    assert agent.post("/settings/budget/ask-again/").status_code == 403
    assert not capabilities.offers(acme, NOTES_STAY_INTERNAL)
    assert admin.post("/settings/budget/ask-again/").status_code == 302
    assert capabilities.is_offered(acme, NOTES_STAY_INTERNAL) is None


def test_a_notice_stays_until_each_has_read_it(agent, manager, outsider, acme):
    capabilities.learn(acme, "audit_log", False)
    row = Capability.objects.get(team=acme, name="audit_log")
    for person in (agent, manager):
        assert "does not provide an audit log" in person.get("/tickets/").content.decode()
    assert agent.fragment(f"/settings/notices/{row.pk}/read/", "", {}).status_code == 200
    assert "does not provide an audit log" not in agent.get("/tickets/").content.decode()
    assert "does not provide an audit log" in manager.get("/tickets/").content.decode()
    assert "does not provide an audit log" not in outsider.get("/tickets/").content.decode()
    assert outsider.post(f"/settings/notices/{row.pk}/read/").status_code == 404
    assert list(row.read_by.all()) == [agent.person]
    assert agent.get(f"/settings/notices/{row.pk}/read/").status_code == 405


def test_what_needs_no_notice_makes_none(agent, acme):
    capabilities.learn(acme, "export", False)
    assert "export does not work" not in agent.get("/tickets/").content.decode()
