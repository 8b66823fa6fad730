"""The jobs of the desk, as people do them on its pages and as the worker does them in the background."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from outbox import delivery
from outbox.models import Outgoing
from replica import feed
from replica.refresh import refresh
from teams.models import Team
from tests.conftest import Person
from tests.strict_cstar import StrictCStar, Variant
from tickets.models import Ticket
from transfers import executor
from transfers.models import Run


def case(*marks: pytest.MarkDecorator, **switches: Any) -> Any:
    """The strict server with these switches, for `on`."""
    return pytest.param(Variant(**switches), id=",".join(map(_in_words, switches, switches.values())), marks=marks)


def on(*cases: Any, **switches: Any) -> pytest.MarkDecorator:
    """Run the test against the strict server in each of these cases, or with these switches."""
    return pytest.mark.parametrize("cstar", cases or [case(**switches)], indirect=True)


def lose_answers_to(cstar: StrictCStar, path: str, *, times: int, arrives: bool = True) -> None:
    """The first answers to this path are lost after the work is done, or the requests on their way."""
    handle, left = cstar.handle, [times]

    def losing(request: Any) -> Any:
        lost = left[0] and request.path.endswith(path)
        answer = handle(request) if arrives or not lost else None
        if lost:
            left[0] -= 1
            raise ConnectionResetError
        return answer

    cstar.handle = losing  # type: ignore[method-assign]


class Desk:
    """A team with an agent and a manager, its pages, and its worker. `fill` comes first."""

    def __init__(self, cstar: StrictCStar, team: Team, agent: Person, manager: Person) -> None:
        self.cstar, self.team, self.agent, self.manager = cstar, team, agent, manager

    # The worker -----------------------------------------------------------------------------------------------

    def fill(self) -> bool:
        """The first fill, or a sweep; whether all of it was read."""
        return refresh(self.team)

    def poll(self) -> bool:
        """One look at the change feed."""
        return feed.poll(self.team)

    def poll_costs(self) -> int:
        """How many calls one look at the change feed makes."""
        before = len(self.cstar.requests)
        self.poll()
        return len(self.cstar.requests) - before

    def send_outbox(self) -> None:
        """Try everything that waits once more, as if its pause were over."""
        Outgoing.objects.filter(team=self.team).update(next_try_at=None, due_at=self.team.created_at)
        lines = Outgoing.objects.filter(team=self.team, state__in=Outgoing.LEAVING).values_list("line", flat=True)
        for line in set(lines):
            delivery.send_line(self.team, line)

    def work(self, run: Run) -> Run:
        """The transfers' worker, until the run has ended or waits."""
        while executor.advance(str(run.pk)) == executor.AT_ONCE:
            pass
        return Run.objects.get(pk=run.pk)

    # What is shown --------------------------------------------------------------------------------------------

    def held(self, ticket_id: str) -> Ticket:
        return Ticket.objects.get(team=self.team, cstar_id=ticket_id)

    def page(self, path: str, person: Person | None = None) -> str:
        answer = (person or self.agent).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def open_ticket(self, ticket_id: str) -> str:
        """The ticket's page; where it says that its thread may be older, the thread is asked for too."""
        html = self.page(f"/tickets/{ticket_id}/")
        thread = f"/tickets/{ticket_id}/thread/"
        return html + self.page(thread) if f'hx-get="{thread}' in html else html

    def see_details(self, ticket_id: str) -> None:
        """The ticket's page where it asks for what lists leave out, beside the thread."""
        details = f"/tickets/{ticket_id}/details/"
        if f'hx-get="{details}' in self.page(f"/tickets/{ticket_id}/"):
            self.page(details)

    def messages(self, ticket_id: str) -> list[tuple[str, str]]:
        """(kind, content) of the thread as the desk shows it once somebody opened it."""
        self.open_ticket(ticket_id)
        return [(message.kind, message.content) for message in self.held(ticket_id).messages.all()]

    def counts(self) -> dict[str, int]:
        """The numbers in the agent's rail, by the view's icon-free label."""
        links = self.agent.get("/tickets/").context["desk"].rail[1].links
        return {str(link.label): link.count for link in links}

    # What people do -------------------------------------------------------------------------------------------

    def reply(self, ticket_id: str, text: str, **fields: Any) -> HttpResponse:
        return self._compose(ticket_id, {"kind": "reply", "reply": text, **fields})

    def note(self, ticket_id: str, text: str) -> HttpResponse:
        return self._compose(ticket_id, {"kind": "note", "note": text})

    def _compose(self, ticket_id: str, fields: dict[str, Any]) -> HttpResponse:
        path = f"/tickets/{ticket_id}/reply/"
        return self.agent.fragment(path, "ticket-composer", {"nonce": str(uuid4()), **fields})

    def edit(self, ticket_id: str, **fields: str) -> HttpResponse:
        """`assigned_to`, `status`, `priority`, `title`."""
        return self.agent.fragment(f"/tickets/{ticket_id}/edit/", "", fields)

    def tag(self, ticket_id: str, **fields: str) -> HttpResponse:
        """`add` or `remove`."""
        return self.agent.fragment(f"/tickets/{ticket_id}/tags/", "", fields)

    def save_notes(self, ticket_id: str, text: str, *, on_page: str = "") -> HttpResponse:
        """Save the notes on the ticket's page, or on one that was opened before (its HTML)."""
        html = on_page or self.page(f"/tickets/{ticket_id}/")
        seen = re.search(r'name="seen" value="(\w*)"', html)
        return self.agent.fragment(f"/tickets/{ticket_id}/notes/", "", {"notes": text, "seen": seen[1] if seen else ""})

    def create_ticket(self, **fields: str) -> HttpResponse:
        """`title`, `content` and either `customer` or `name` and `email`."""
        given = {"priority": "normal", "sender": "customer", "nonce": str(uuid4()), **fields}
        return self.agent.post("/tickets/new/", given)

    def edit_customer(self, customer_id: str, *, opened_while_away: bool = False, **changes: str) -> HttpResponse:
        """The customer's form as it is shown, with these fields changed."""
        path = f"/customers/{customer_id}/edit/"
        self.cstar.variant.away = "503" if opened_while_away else ""
        form = self.manager.get(path).context["form"]
        self.cstar.variant.away = ""
        shown = {name: form[name].value() or "" for name in form.fields}
        initial = {form.add_initial_prefix(name): form[name].value() or "" for name in form.FIELDS}
        return self.manager.post(path, {**shown, **initial, **changes})

    # Transfers ------------------------------------------------------------------------------------------------

    def bulk(self, resource: str, ids: list[str], **fields: Any) -> Run:
        """A bulk edit of these objects, from the list to its end."""
        address = self.manager.post(f"/transfers/bulk/{resource}/", {"ids": ids, "address": "?"}).url
        answer = self.manager.post(address, {"review": "1", **fields})
        assert answer.status_code == 200, answer.content.decode()
        number = answer.context["price"].total
        assert self.manager.post(address, {"start": "1", "number": number}).status_code == 302
        return self.work(self._run(address))

    def import_file(self, resource: str, rows: list[dict[str, str]], *, strategy: str = "skip", **more: str) -> Run:
        """An import of these rows, with what the desk guesses of their columns and words, to its end."""
        run = self.check_import(resource, rows, strategy=strategy, **more)
        number = run.rows.filter(plan__in=["create", "update"]).count()
        answer = self.manager.post(f"/transfers/{run.pk}/import/?step=check", {"number": number})
        assert answer.status_code == 302
        return self.work(run)

    def check_import(self, resource: str, rows: list[dict[str, str]], *, strategy: str = "skip", **more: str) -> Run:
        """The same up to its preview."""
        given = {"resource": resource, "file": SimpleUploadedFile("rows.csv", _as_csv(rows))}
        address = self.manager.post("/transfers/import/", given).url
        form = self.manager.get(f"{address}?step=columns").context["form"]
        columns = {name: form[name].value() or "" for name in form.fields if name.startswith("column-")}
        assert (
            self.manager.post(f"{address}?step=columns", {**columns, "strategy": strategy, **more}).status_code == 302
        )
        form = self.manager.get(f"{address}?step=values").context["form"]
        words = {name: field.initial for name, field in form.fields.items()}
        assert self.manager.post(f"{address}?step=values", words).status_code == 302
        return self.work(self._run(address))

    def undo(self, run: Run) -> Run:
        start = self.manager.post(f"/transfers/{run.pk}/undo/").url
        assert self.manager.post(start).status_code == 302
        return self.work(self._run(start))

    def export(self, resource: str, *columns: str) -> list[dict[str, str]]:
        """The rows of a CSV export of the whole list."""
        answer = self.manager.post(f"/transfers/export/{resource}/?", {"format": "csv", "columns": columns})
        assert answer.status_code == 302, "the export could not be started"
        run = self.work(self._run(answer.url))
        file = self.manager.get(f"/transfers/{run.pk}/file")
        text = b"".join(file.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    @staticmethod
    def _run(address: str) -> Run:
        return Run.objects.get(pk=address.split("/")[2])


def outcomes(run: Run) -> list[str]:
    return sorted(run.rows.values_list("outcome", flat=True))


def _in_words(switch: str, value: Any) -> str:
    words = "+".join(sorted(value)) if isinstance(value, frozenset) else value
    return f"{switch}={words}"


def _as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
