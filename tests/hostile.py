"""A team in which one odd text stands wherever people can write, and the address of every page that shows some of it.

The addresses are held against the URL configuration: `not_shown()` names the pages that no address leads to.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import resolve
from django.utils import timezone

from activity.record import record_for
from articles.models import Article
from budget.account import budget_of
from budget.models import Spending
from customers.models import Customer
from live.models import Presence
from outbox.models import Outgoing
from replica import upsert
from replica.models import TeamState, WebhookEndpoint, WebhookEvent, WebhookRefusal
from teams.models import GroupRule, Membership, Team, User
from tests.conftest import Person
from tests.test_access import ALL, Address, methods_of
from tickets import thread
from tickets.models import Draft, Message, Ticket
from transfers.models import Run, RunRow, SavedMapping

# Addresses that lead to no page of their own: parts of pages, files, answers to programs, and what leads elsewhere.
NO_PAGE = {
    *(
        "healthz",
        "readyz",
        "metrics",
        "replica:hook",
        "live:live",
        "dashboard:live",
        "tickets:live",
        "tickets:live_ticket",
    ),
    *(
        "articles:live",
        "customers:live",
        "categories:live",
        "transfers:file",
        "transfers:receipt",
        "transfers:failed",
        "sso:oidc_start",
    ),
    *("sso:oidc_callback", "saml_start", "saml_acs", "saml_finish_acs", "saml_sls", "saml_metadata"),
    *("tickets:details", "transfers:ids", "sso:embed_token", "sso:sign_out", "teams:switch", "sso:demo_sign_in"),
}


class Hostile:
    """The team, once the odd text stands in it. `person` is one of its owners, and of the desk's admins."""

    def __init__(self, team: Team, person: Person, word: str):
        self.team, self.person, self.word = team, person, word
        self.ticket = Ticket.objects.filter(team=team).first()
        self.customer = Customer.objects.filter(team=team).first()
        self.article = Article.objects.filter(team=team).first()
        self._copies()
        self._thread()
        self._people()
        self._records()
        self.entry = self._outbox()
        self._webhook()
        self.runs = self._runs()
        self.upload = self._upload()

    def cut(self, length: int) -> str:
        return self.word[:length]

    # --- what is seeded ---------------------------------------------------------------------------------------------

    def _copies(self) -> None:
        tags = [self.cut(100), self.cut(40), "short"]
        facts = {
            self.cut(100): self.word,
            "nested": {self.cut(60): [self.word]},
            "url": f"https://a.example/{self.word}",
        }
        texts: dict[str, Any] = {"tags": tags, "notes": self.word, "metadata": facts}
        member = {"id": "mem_hostile", "name": self.cut(200), "email": "hostile@example.org", "role": "agent"}
        status = {"id": "hostile", "key": "hostile", "name": self.cut(64), "position": 9}
        reply = {"id": "qr_hostile", "title": self.cut(200), "content": self.word}
        email = f"{'x' * 60}@{'x' * 60}.example.org"
        customer = {"id": self.customer.cstar_id, "name": self.cut(300), "email": email, **texts}
        ticket = {"id": self.ticket.cstar_id, "title": self.word[:500], "customerId": self.customer.cstar_id, **texts}
        others = Ticket.objects.filter(team=self.team).exclude(pk=self.ticket.pk)[:3]
        article = {"id": self.article.cstar_id, "title": self.word[:500], "category": self.cut(200), **texts}
        for name, row in (
            *(("members", member), ("statuses", status), ("quick_replies", reply), ("customers", customer)),
            ("tickets", ticket | {"assignedTo": "mem_hostile", "status": "hostile"}),
            ("articles", article | {"content": markdown(self.word), self.cut(80): self.word}),
            ("categories", {"id": CATEGORY, "name": self.cut(200), "description": self.word, "isPublic": True}),
            *(("tickets", {**ticket, "id": other.cstar_id}) for other in others),
        ):
            upsert.apply(name, self.team, [row])

    def _thread(self) -> None:
        contents = [
            *(
                ("customer", self.word),
                ("customer", f"<div>{markdown(self.word)}</div>"),
                ("customer", mail(self.word)),
            ),
            *(("agent", markdown(self.word)), ("note", self.word), ("system", self.word), ("other", self.word)),
        ]
        Message.objects.filter(ticket=self.ticket).delete()
        for at, (sender, content) in enumerate(contents):
            Message.objects.create(
                ticket=self.ticket,
                cstar_id=f"msg_{at}",
                content=content,
                sender="agent" if sender == "note" else sender,
                is_internal=sender == "note",
                sender_name=self.cut(300),
                created_at=timezone.now() - timedelta(days=8 - at),
                position=at,
            )
        # What is seeded is what there is: pages need not ask for more.
        self.ticket.refresh_from_db()
        thread.mark_seen(self.ticket)
        TeamState.objects.filter(team=self.team).update(refreshed_at=timezone.now())

    def _people(self) -> None:
        user = self.person.person
        Team.objects.filter(pk=self.team.pk).update(name=self.cut(100))
        user.first_name, user.last_name, user.is_superuser = self.cut(75), self.cut(75), True
        user.set_password("between-the-engines")
        user.save()
        self.person.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        Membership.objects.filter(user=user, team=self.team).update(role="owner")
        other = User.objects.create(username=f"{'u' * 150}", first_name=self.cut(150), email="other@example.org")
        Membership.objects.create(user=other, team=self.team, role="agent")
        Team.objects.create(name=self.cut(99), cstar_team_id="00000000-0000-4000-8000-000000000000")
        GroupRule.objects.create(team=self.team, group=self.cut(200), role="agent")
        until = timezone.now() + timedelta(minutes=5)
        about = {"team": self.team, "about": self.ticket.cstar_id, "until": until}
        Presence.objects.create(user=other, page="hostile", typing="reply", **about)
        fields = {"team": self.team, "user": user, "ticket": self.ticket.cstar_id, "text": self.word}
        Draft.objects.create(kind="reply", **fields)
        state = TeamState.objects.filter(team=self.team)
        state.update(problem=self.cut(300), problem_since=timezone.now() - timedelta(hours=1))

    def _records(self) -> None:
        author = (self.team, self.person.person, self.cut(200))
        changes = {"title": (self.word, self.word), self.cut(60): ("x", [self.word, self.word])}
        for target in (self.ticket, self.customer, self.article):
            kind = target._meta.model_name
            record_for(
                author, f"{kind}.updated", (kind, target.cstar_id, self.word), changes=changes, request_id="r" * 99
            )
        record_for((None, *author[1:]), "team.renamed", ("team", "x", self.word))
        budget = budget_of(self.team)
        for lane in ("write", "bulk"):
            hour = timezone.now().replace(minute=0, second=0, microsecond=0)
            fields = {"hour": hour, "lane": lane, "purpose": "reply", "person": self.cut(200), "calls": 7}
            Spending.objects.create(budget=budget, **fields)

    def _outbox(self) -> Outgoing:
        fields = {"team": self.team, "user": self.person.person, "person": self.cut(200), "state": "failed"}
        fields |= {"line": "x", "due_at": timezone.now(), "problem": self.word[:500], "request_id": "r" * 99}
        reply = {"kind": "reply", "content": markdown(self.word), "then": "", "seen": None}
        edit = {"changes": {"title": self.word}}
        for at, state in enumerate(("held", "failed", "waiting")):
            more = {"target_id": self.ticket.cstar_id, "key": f"reply-{at}", "payload": reply}
            Outgoing.objects.create(kind="ticket.reply", **fields | {"state": state} | more)
        return Outgoing.objects.create(
            kind="ticket.edit", target_id=self.ticket.cstar_id, key="edit", payload=edit, code=self.cut(100), **fields
        )

    def _webhook(self) -> None:
        now = timezone.now()
        WebhookEndpoint.objects.create(
            team=self.team, cstar_id="w" * 64, url=f"https://{'d' * 200}.example/", secret="s", registered_at=now
        )
        event = {"event_id": "e" * 200, "type": "t" * 64, "object_id": "o" * 64, "outcome": "ignored"}
        WebhookEvent.objects.create(team=self.team, received_at=now, **event)
        WebhookRefusal.objects.create(team=self.team, reason=self.cut(100), address="f" * 45, last_at=now)

    def _runs(self) -> dict[str, Run]:
        bulk = {"action": "update", "change": {"add_tags": [self.cut(100)]}, "from": "?search=x", "form": {}}
        table = {"encoding": "utf-8", "dialect": {"delimiter": ",", "quote": '"', "sheet": False}, "strategy": "skip"}
        export = {"format": "csv", "columns": ["id", "title"], "filters": [["Search", self.word]], "address": "?"}
        export |= {"older": False, "held": 1, "fetched": 0, "untold": 2, "partial": True, "listed": 1, "bom": False}
        runs = {
            "prepared": self._run("bulk", "draft", bulk),
            "bulk": self._run("bulk", "done", bulk),
            "paused": self._run("bulk", "paused", bulk),
            "checking": self._run("import", "checking", table),
            "import": self._run("import", "done", table),
            "export": self._run("export", "done", export, file="export-hostile.csv"),
        }
        runs["undo"] = self._run("undo", "draft", {}, undoes=runs["bulk"])
        runs["export"].path.parent.mkdir(parents=True, exist_ok=True)
        runs["export"].path.write_text("x")
        return runs

    def _run(self, kind: str, state: str, options: dict, **fields: Any) -> Run:
        now = timezone.now()
        ended = {"started_at": now, "ended_at": now} if state == "done" else {}
        run = Run.objects.create(
            team=self.team,
            user=self.person.person,
            person=self.cut(200),
            kind=kind,
            state=state,
            resource="tickets",
            options=options,
            file_name=self.cut(200),
            problem=self.word[:500],
            total=3,
            **fields | ended,
        )
        for line, outcome in enumerate(("updated", "failed", ""), 1):
            self._row(run, line, outcome=outcome if kind != "undo" and state == "done" else "")
        return run

    def _row(self, run: Run, line: int, **fields: Any) -> None:
        changed = {"title": self.word, "tags": [self.cut(100), self.cut(100)], "metadata": {self.cut(90): self.word}}
        ticket = {"cstar_id": self.ticket.cstar_id, "label": self.cut(200), "resource": "tickets"}
        RunRow.objects.create(
            run=run, line=line, before=changed, after=changed, reason=self.word[:500], **ticket, **fields
        )

    def _upload(self) -> Run:
        """An import that has come to its last step, so that all of them can be gone back to."""
        head = ["Subject", "Status", "Requester email", self.cut(300), *(f"{at}{self.cut(60)}" for at in range(14))]
        cells = [self.word[:500], self.cut(90), "ada@example.org", self.word, *[self.word] * 14]
        text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in (head, cells, cells))
        file = SimpleUploadedFile(f"{self.cut(100)}.csv", text.encode())
        self.person.post("/transfers/import/", {"resource": "tickets", "file": file})
        run = Run.objects.filter(team=self.team, kind="import").latest("created_at")
        run.options |= {"mapped": True, "checked": True, "fault": self.word}
        run.save()
        for line, plan in enumerate(RunRow.Plan.values, 1):
            self._row(run, line, plan=plan)
        SavedMapping.objects.create(team=self.team, resource="tickets", name=self.cut(100))
        return run

    # --- where it is shown ------------------------------------------------------------------------------------------

    @cached_property
    def pages(self) -> list[str]:
        """The addresses of pages, those left out that lead elsewhere. Those for a visitor are `PUBLIC_PAGES`."""
        ticket, word = f"/tickets/{self.ticket.cstar_id}/", self.cut(150)
        listed = f"?search={word}&tag={self.cut(100)}&sort=subject"
        upload = f"/transfers/{self.upload.pk}/import/"
        found = [address.path(self.team) for address in self._with_pages() if not many(address)]
        found += [
            f"{ticket}{part}"
            for part in ("", "history/", "delete/", "source/", "messages/", "outgoing/", "thread/", listed)
        ]
        found += [f"/customers/{self.customer.cstar_id}/{part}" for part in ("", "edit/", "delete/", "history/")]
        found += [f"/articles/{self.article.cstar_id}/{part}" for part in ("", "history/")]
        found += [f"/categories/{CATEGORY}/{part}" for part in ("", "delete/", "history/")]
        found += [f"/transfers/{run.pk}/" for run in self.runs.values()]
        found += [f"/transfers/{self.runs['undo'].pk}/undo/start/", f"/transfers/{self.runs['prepared'].pk}/bulk/"]
        found += [f"/transfers/{self.runs['checking'].pk}/import/"]
        found += [f"{upload}?step={step}" for step in ("read", "columns", "values", "check")]
        found += [f"/outbox/{self.entry.pk}/", f"/settings/teams/remove/?which={self.team.pk}"]
        found += [f"/tickets/{listed}", f"/tickets/?search={'x' * 300}&status={word}&sort=-updated&page_size=100"]
        found += [f"/customers/{listed}", f"/articles/?search={word}", f"/activity/?search={word}"]
        found += [f"/transfers/export/tickets/{listed}", f"/tickets/new/?who={word}&name={word}", NOWHERE]
        found += [f"/tickets/new/?customer={self.customer.cstar_id}", "/tickets/?assigned_to=me"]
        found += [f"/tickets/?embed=1&search={word}", f"{ticket}?embed=1", "/settings/?embed=1"]
        found = [path for path in dict.fromkeys(found) if path not in PUBLIC_PAGES]
        return [path for path in found if self.person.get(path).status_code != 302]

    @cached_property
    def refused(self) -> list[HttpResponse]:
        """Pages that give back what a form could not take."""
        ticket, post = f"/tickets/{self.ticket.cstar_id}/", self.person.post
        person = {"name": self.word, "email": f"{self.word}@", "tags": f"{self.word}, {self.word}", "notes": self.word}
        reply = {"kind": "reply", "reply": self.word, "note": self.word}
        return [
            post("/tickets/new/", {**person, "title": self.word * 3, "content": self.word, "who": self.word}),
            post("/customers/new/", person),
            post("/categories/new/", {"name": self.word, "description": self.word}),
            post(f"{ticket}reply/", reply | {"then": self.word}),
            post(f"{ticket}reply/", reply | {"nonce": str(uuid4()), "seen_message": "msg_0"}),
            post(f"{ticket}reply/", reply | {"person": "0"}),
            post(f"{ticket}notes/", {"notes": self.word, "seen": "x"}),
            post(f"{ticket}tags/", {"add": self.word}),
            post("/settings/", {"first_name": self.word, "last_name": self.word, "time_zone": self.word}),
            post("/settings/people/create/", {"new-username": self.word, "new-first_name": self.word}),
            post("/transfers/import/", {"resource": "tickets", "file": SimpleUploadedFile(self.word, b"\x00")}),
        ]

    @property
    def not_shown(self) -> set[str]:
        """The names of addresses that take a GET and that none of the pages is at."""
        here = {
            resolve(path.partition("?")[0]).view_name for path in [*self.pages, *PUBLIC_PAGES] if "nothing" not in path
        }
        return {address.name for address in self._with_pages()} - here

    def _with_pages(self) -> list[Address]:
        return [one for one in ALL if one.name not in NO_PAGE and "get" in methods_of(one, self.team)]


CATEGORY = "cat_hostile"
NOWHERE = "/nothing/is/here/"
PUBLIC_PAGES = ["/accounts/sign-in/", f"/accounts/sign-in/?next=/tickets/?search={'x' * 300}", "/embed/"]


def many(address: Address) -> bool:
    """Whether the address is of one of many objects: then the page of the odd one is named above."""
    return "<" in address.route.replace("<slug:resource>", "")


def markdown(word: str) -> str:
    """Every kind of block that can be too wide."""
    row = " | ".join([word[:60]] * 14)
    table = f"| {row} |\n|{'---|' * 14}\n| {row} |"
    lists = f"- {word}\n  1. {word}\n\n> {word}\n> > {word}\n\n# {word}"
    link = f"[{word}](https://a.example/{word}) ![{word}](https://a.example/{word}.png) https://a.example/{word}"
    return f"{word} {word}\n\n{table}\n\n{lists}\n\n{link}\n\n```\n{word} {word}\n```\n\n`{word}`"


def mail(word: str) -> str:
    cells = f"<td>{word}</td>" * 14
    return f"<html><body><table><tr>{cells}</tr></table><p>{word}</p><pre>{word} {word}</pre></body></html>"
