"""Random histories of a run and its undo: killed anywhere, with a colleague who changes things meanwhile.

Each history makes customers, tickets and articles at cStar, runs an import or a bulk edit through the real runner,
undoes it, and compares what cStar has then with what it would have if nobody but the colleague had done anything. The
worker dies at random writes to the database and before or after random calls; the desk hears of the colleague late or
never.
`run_histories` plays many.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from random import Random
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import connections, transaction

from budget.client import client
from budget.models import Lane
from cstar.http import Response
from replica import registry
from replica.refresh import refresh_resource
from sandbox import ids
from sandbox.resources import exports
from sandbox.transport import SandboxTransport
from teams import clients
from teams.models import Team, User
from teams.viewer import Viewer
from tests.transfers import histories_world as world
from tests.transfers.histories_colleague import Colleague
from transfers import batch_sending, bulk, control, executor, remote_objects, undoing
from transfers.models import Run, RunRow
from transfers.resources import transferable

STEPS = 400  # of a run; more is a run that never ends
KILLS = 4  # of a run, at most
UNDOS = 3


class KilledError(BaseException):
    """The worker's process is gone: nothing of it catches this."""


class Fate(SandboxTransport):
    """The way to the sandbox and every write to the desk's database, at one of which the worker dies.

    `trouble` is the share of calls that cStar answers with an error, having done what was asked or not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.left, self.trouble, self.rng = 0, 0.0, Random()

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KilledError

    def handle_request(self, request):
        self.tick()
        fault = self.rng.random() < self.trouble
        if fault and self.rng.random() < 0.5:
            return Response(500, request=request)
        answer = super().handle_request(request)
        self.tick()
        return Response(500, request=request) if fault else answer

    def at_query(self, execute, sql, params, many, context):
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            self.tick()
        return execute(sql, params, many, context)


class History:
    """One history, decided by its seed; `play` answers what is wrong in the end, in sentences."""

    def __init__(self, seed: int, team: Team, user: User, fate: Fate) -> None:
        self.rng, self.team, self.user, self.fate = Random(seed), team, user, fate
        fate.rng = self.rng
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.unknown: set[str] = set()

    def play(self) -> list[str]:
        world.fill(self.rng)
        self._hear()
        self.colleague = Colleague(self.rng, self.team)
        self._meanwhile()
        run = self._bulk() if self.rng.random() < 0.4 else self._import()
        self._meanwhile()
        self.colleague.targets = world.targets(run)
        if not control.start(run):
            return ["It could not be started"]
        self._work(run)
        self._meanwhile()
        for _ in range(UNDOS):
            run.refresh_from_db()
            if not undoing.may_be_undone(run):
                break
            self._undo(run)
        self._compare()
        return self.wrong

    def _bulk(self) -> Run:
        resource = self.rng.choice(list(transferable()))
        held = list(registry.get(resource).model._default_manager.filter(team=self.team).order_by("cstar_id"))
        chosen = self.rng.sample(held, self.rng.randint(1, len(held)))
        found = [(row.cstar_id, getattr(row, registry.get(resource).listing.name)) for row in chosen]
        run = bulk.freeze(self._viewer(), registry.get(resource), found, "?")
        run.options |= {"action": "update", "change": world.change(self.rng, resource)}
        run.save()
        self.seen["bulk"] += 1
        return run

    def _import(self) -> Run:
        run, header, lines = world.import_of(self.rng, self.team, self.user)
        self.colleague.emails = [line[header.index("email")] for line in lines] if "email" in header else []
        run.path.parent.mkdir(parents=True, exist_ok=True)
        with run.path.open("w", newline="") as file:
            csv.writer(file).writerows([header, *lines])
        run.save()
        control.check(run)
        self._until(run, {Run.State.DRAFT})
        self.seen["import"] += 1
        return run

    def _undo(self, run: Run) -> None:
        undo = undoing.make(self._viewer(), run)
        if self.rng.random() < 0.7:
            control.check(undo)
            self._until(undo, {Run.State.DRAFT})
            self._meanwhile()
        control.start(undo)
        self._work(undo)
        self._judge_receipt(undo)
        self.seen["undo"] += 1

    def _viewer(self) -> Viewer:
        return Viewer(self.team, self.user)

    def _work(self, run: Run) -> None:
        self._until(run, {Run.State.DONE})
        if run.rows.filter(outcome=RunRow.Outcome.WAITING).exists():
            self.wrong.append(f"{run} with rows that have no outcome")
        unsure = run.rows.filter(outcome=RunRow.Outcome.UNSURE)
        self.seen["rows not known"] += unsure.count()
        self.unknown |= {name for names in unsure.values_list("cstar_id", "key") for name in names if name}

    def _until(self, run: Run, states: set[str]) -> None:
        """The runner's steps, with the colleague and the worker's deaths between and within them."""
        kills = self.rng.choice([0, 0, 1, KILLS])
        for _ in range(STEPS):
            run.refresh_from_db()
            if run.state in states:
                return
            if run.state not in Run.AT_WORK:
                break
            kills -= self._step(run, may_die=kills > 0 and self.rng.random() < 0.7)
            if self.rng.random() < 0.25:
                self._meanwhile()
        self.wrong.append(f"{run}: {run.problem}")

    def _step(self, run: Run, *, may_die: bool) -> bool:
        """Whether the worker died in it."""
        self.fate.left = self.rng.choice([self.rng.randint(1, 8), self.rng.randint(1, 80)]) if may_die else -1
        self.fate.trouble = self.rng.choice([0.0, 0.0, 0.1])
        died = False
        try:
            with connections["default"].execute_wrapper(self.fate.at_query), own_transactions():
                executor.advance(str(run.pk))
        except KilledError:
            transaction.set_rollback(False)
            self.seen["kills"] += 1
            died = True
        self.fate.left, self.fate.trouble = -1, 0.0
        Run.objects.filter(pk=run.pk).update(wait_until=None)
        return died

    def _meanwhile(self) -> None:
        """Some deeds of the colleague, of which the desk hears now or later."""
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            self.colleague.act()
            self.seen["deeds"] += 1
        if self.rng.random() < 0.3:
            self._hear()

    def _hear(self) -> None:
        api = client(self.team, Lane.FEED, "sweep")
        for resource in registry.resources():
            if resource.name in transferable():
                refresh_resource(resource, self.team, api)

    def _compare(self) -> None:
        final, shadow, touched = world.snapshot(), self.colleague.shadow, self.colleague.touched
        needed = {fields["customer"] for fields in final.values() if "customer" in fields}
        for cstar_id in sorted(shadow.keys() | final.keys() | touched.keys()):
            expected = shadow.get(cstar_id) or touched.get(cstar_id)
            actual = final.get(cstar_id)
            if {cstar_id, (actual or {}).get("email")} & self.unknown:
                continue  # the receipt says so
            if expected is None and cstar_id in needed:
                continue  # kept for a ticket that is kept
            if expected is None or actual is None or not world.alike(expected, actual):
                self.wrong.append(f"{cstar_id}: expected {expected}, found {actual}")

    def _judge_receipt(self, undo: Run) -> None:
        now = world.snapshot()
        for row in undo.rows.filter(outcome=RunRow.Outcome.DELETED):
            if row.cstar_id in now:
                self.wrong.append(f"{row.cstar_id} is there, and the receipt says deleted")
        unknown = undo.rows.filter(reason__contains="What it was before is not known")
        self.unknown |= set(unknown.values_list("cstar_id", flat=True))
        self.seen["values not known"] += unknown.count()


@contextmanager
def prepared(fate: Fate) -> Iterator[tuple[Team, User]]:
    """The team with nothing in it, reached through `fate`; everything is rolled back."""
    with ExitStack() as stack:
        for database in ("default", "sandbox"):
            stack.enter_context(rolled_back(database))
        original = clients._transport
        clients._transport = lambda path: fate
        stack.callback(setattr, clients, "_transport", original)
        team = Team.objects.get(name="Acme Support")
        world.empty()
        for resource in registry.resources():
            if resource.name in transferable():
                resource.held(team).delete()
        yield team, User.objects.get(username="manager")


@contextmanager
def variant(seed: int) -> Iterator[None]:
    """Ids that are the same each time; and of some histories a cStar, or limits, of another kind."""
    rng = Random(seed)
    with ExitStack() as stack:
        stack.enter_context(
            mock.patch.object(ids.uuid, "uuid4", side_effect=lambda: UUID(int=rng.getrandbits(128), version=4))
        )
        if rng.random() < 0.15:
            stack.enter_context(mock.patch.object(exports, "MAX_ROWS", 6))
            stack.enter_context(mock.patch.object(remote_objects, "MAX_EXPORT_ROWS", 6))
        if rng.random() < 0.15:
            stack.enter_context(mock.patch.dict(exports.EXPORTED, without_metadata()))
        if rng.random() < 0.5:
            stack.enter_context(mock.patch.object(remote_objects, "FEW", 0))
        if rng.random() < 0.3:
            stack.enter_context(mock.patch.object(batch_sending, "RETRY_BY_KEY", timedelta(0)))
        yield


def without_metadata() -> dict[str, Any]:
    """Exports whose rows have none."""

    def dropped(render: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
        return lambda row: {name: value for name, value in render(row).items() if name != "metadata"}

    return {name: (select, dropped(render), model) for name, (select, render, model) in exports.EXPORTED.items()}


@contextmanager
def own_transactions() -> Iterator[None]:
    """All blocks roll back by themselves when the worker dies in them, as they would without the one around all."""
    original = transaction.Atomic.__init__
    transaction.Atomic.__init__ = lambda block, using, savepoint, durable: original(block, using, True, False)
    try:
        yield
    finally:
        transaction.Atomic.__init__ = original


@contextmanager
def rolled_back(database: str) -> Iterator[None]:
    with transaction.atomic(using=database):
        yield
        transaction.set_rollback(True, using=database)


def play(seeds: range, *, say: Callable[[str], None] = lambda words: None) -> tuple[dict[int, list[str]], Counter[str]]:
    """Play these histories; what is wrong by seed, and what was met."""
    wrong: dict[int, list[str]] = {}
    seen: Counter[str] = Counter()
    with prepared(fate := Fate()) as (team, user):
        for seed in seeds:
            with rolled_back("default"), rolled_back("sandbox"), variant(seed):
                history = History(seed, team, user, fate)
                if found := history.play():
                    wrong[seed] = [*history.colleague.log, *found]
                    say(f"WRONG, seed {seed}: " + "\n    ".join(wrong[seed]))
                seen.update(history.seen)
            if seed % 100 == 99:
                say(f"{seed + 1 - seeds.start} histories, {len(wrong)} wrong, {dict(seen)}")
    return wrong, seen
