"""The colleague in random histories: what they do at cStar, and what there would be if nobody else did anything."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import cstar
from teams import clients
from teams.models import Team
from tests.transfers import histories_world as world
from transfers.resources import transferable


class Colleague:
    """Somebody else at cStar. `shadow` is what cStar would hold if only the colleague had done anything."""

    def __init__(self, rng: Random, team: Team) -> None:
        self.rng, self.number = rng, 0
        self.api = clients.client_for(team)
        self.shadow = world.snapshot()
        self.touched: dict[str, world.Fields] = {}  # what the run made and the colleague changed
        self.targets: dict[str, set[Any]] = {}  # what the run sets fields to
        self.emails: list[str] = []  # of the run's file
        self.log: list[str] = []

    def act(self) -> None:
        """One small thing; noted is what it really changed."""
        before = world.snapshot()
        if not before:
            return
        try:
            self.log.append(self.rng.choice(self._deeds(before))())
        except cstar.CStarError as error:
            self.log.append(f"refused: {error}")
        self._note(before, world.snapshot())

    def _deeds(self, before: world.World) -> list[Callable[[], str]]:
        kinds = [self._change] * 6 + [self._tag] * 3 + [self._answer] * 2 + [self._new_ticket, self._new_customer]
        kinds += [self._delete, self._make_anew, self._change_unseen]
        return [lambda deed=deed: deed(before) for deed in kinds]

    def _pick(self, before: world.World, *resources: str) -> str:
        found = [cstar_id for cstar_id in sorted(before) if world.resource(cstar_id) in resources]
        if not found:
            raise cstar.NotFound("There is none", status=404)
        return self.rng.choice(found)

    def _word(self) -> str:
        self.number += 1
        return f"theirs {self.number}"

    def _change(self, before: world.World) -> str:
        cstar_id = self._pick(before, *transferable())
        resource = world.resource(cstar_id)
        name = self.rng.choice(list(world.EDITABLE[resource]))
        choices = world.EDITABLE[resource][name]
        # Set back to what the run made of it, nothing shows that somebody touched it.
        allowed = [value for value in choices if value not in self.targets.get(name, ())]
        value = self.rng.choice(allowed) if allowed else self._word()
        if choices and not allowed:
            return "thought better of it"
        if name == "metadata":
            value = {self.rng.choice(world.KEYS): self._word()}
        getattr(self.api, resource).update(cstar_id, **{name: value})
        return f"set {name} of {cstar_id} to {value}"

    def _tag(self, before: world.World) -> str:
        cstar_id = self._pick(before, *transferable())
        tags = before[cstar_id]["tags"]
        if tags and self.rng.random() < 0.4:
            gone = self.rng.choice(tags)
            tags = [tag for tag in tags if tag != gone]
        else:
            tags = [*tags, self._word()]
        getattr(self.api, world.resource(cstar_id)).update(cstar_id, tags=tags)
        return f"tagged {cstar_id}: {tags}"

    def _answer(self, before: world.World) -> str:
        cstar_id = self._pick(before, "tickets")
        self.api.messages.create(cstar_id, content=self._word())
        return f"answered {cstar_id}"

    def _new_ticket(self, before: world.World) -> str:
        customer = self._pick(before, "customers")
        made = self.api.tickets.create(title=self._word(), customer_id=customer)
        return f"opened {made.id} for {customer}"

    def _new_customer(self, before: world.World) -> str:
        email = self.rng.choice([*self.emails, "stranger@theirs.example"])
        made = self.api.customers.create(name=self._word(), email=email, tags=["theirs"])
        return f"created {made.id} {email}"

    def _delete(self, before: world.World) -> str:
        cstar_id = self._pick(before, *transferable())
        getattr(self.api, world.resource(cstar_id)).delete(cstar_id)
        return f"deleted {cstar_id}"

    def _make_anew(self, before: world.World) -> str:
        """Somebody who was deleted comes back under another id."""
        cstar_id = self._pick(before, "customers")
        self.api.customers.delete(cstar_id)
        made = self.api.customers.create(name=self._word(), email=before[cstar_id]["email"])
        return f"made {made.id} in place of {cstar_id}"

    def _change_unseen(self, before: world.World) -> str:
        """A change that cStar's audit log does not tell of."""
        cstar_id = self._pick(before, "customers", "tickets")
        notes = self._word()
        world.model(cstar_id).objects.filter(id=cstar_id).update(notes=notes)
        return f"set notes of {cstar_id} to {notes}, unseen"

    def _note(self, before: world.World, after: world.World) -> None:
        for cstar_id in before.keys() - after.keys():
            self.shadow.pop(cstar_id, None)
            self.touched.pop(cstar_id, None)
        for cstar_id in after.keys() - before.keys():
            self.shadow[cstar_id] = after[cstar_id]
        for cstar_id in before.keys() & after.keys():
            if before[cstar_id] != after[cstar_id] and cstar_id in self.shadow:
                world.carry_over(self.shadow[cstar_id], before[cstar_id], after[cstar_id])
            elif cstar_id in self.touched or _changed_itself(before[cstar_id], after[cstar_id]):
                self.touched[cstar_id] = after[cstar_id]


def _changed_itself(before: world.Fields, after: world.Fields) -> bool:
    """Whether more became of a ticket than that its customer is gone."""
    return {**before, "customer": None} != {**after, "customer": None}
