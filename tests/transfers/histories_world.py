"""What random histories are about: the objects at cStar, what is done to many of them, and files to import."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import uuid4

from django.utils import timezone

from sandbox import models as there
from sandbox.ids import new_id
from teams.models import Team, User
from transfers.models import Run

Fields = dict[str, Any]
World = dict[str, Fields]

PREFIXES = {"cus": "customers", "tkt": "tickets", "art": "articles"}
KEYS = ("Plan", "Company", "City")
TAGS = ("alpha", "beta", "Smith, John", "a;b")
STATUSES = ("new", "open", "pending", "resolved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
# What a colleague edits: the values there are to choose from, none where any text will do.
EDITABLE: dict[str, dict[str, tuple[Any, ...]]] = {
    "customers": {
        **{"name": (), "notes": (), "metadata": ()},
        **{"status": ("active", "inactive"), "sentiment": ("positive", "neutral", "negative")},
    },
    "tickets": {"title": (), "notes": (), "metadata": (), "status": STATUSES, "priority": PRIORITIES},
    "articles": {"title": (), "content": (), "category": (), "status": ("draft", "published", "archived")},
}


def resource(cstar_id: str) -> str:
    return PREFIXES[cstar_id.partition("_")[0]]


def model(cstar_id: str) -> Any:
    return {"customers": there.Customer, "tickets": there.Ticket, "articles": there.Article}[resource(cstar_id)]


def _team() -> there.Team:
    return there.Team.objects.get(name="Acme Support")


def empty() -> None:
    for model in (there.Ticket, there.Customer, there.Article, there.AuditEntry):
        model.objects.filter(team=_team()).delete()


def fill(rng: Random) -> None:
    """A few customers, tickets and articles, so that runs and colleagues meet."""
    team, now = _team(), timezone.now()
    times = {"created_at": now, "updated_at": now}
    customers = [
        there.Customer(
            id=new_id("cus_"),
            team=team,
            name=f"Customer {number}",
            email=f"c{number}@here.example",
            email_key=f"c{number}@here.example",
            status=rng.choice(EDITABLE["customers"]["status"]),
            tags=_tags(rng),
            notes=rng.choice([None, "Some notes"]),
            metadata=_metadata(rng),
            **times,
        )
        for number in range(rng.randint(2, 9))
    ]
    there.Customer.objects.bulk_create(customers)
    there.Ticket.objects.bulk_create(
        there.Ticket(
            id=new_id("tkt_"),
            team=team,
            title=f"Ticket {number}",
            status=rng.choice(STATUSES[:4]),
            priority=rng.choice(PRIORITIES),
            customer=rng.choice([None, *customers]),
            tags=_tags(rng),
            metadata={**_metadata(rng), "externalId": f"x{number}"},
            external_id=f"x{number}",
            **times,
        )
        for number in range(rng.randint(2, 9))
    )
    there.Article.objects.bulk_create(
        there.Article(
            id=new_id("art_"), team=team, title=f"Article {number}", category="Help", tags=_tags(rng), **times
        )
        for number in range(rng.randint(2, 4))
    )


def _tags(rng: Random) -> list[str]:
    return rng.sample(TAGS, rng.randint(0, 2))


def _metadata(rng: Random) -> Fields:
    return {key: f"was {key}" for key in rng.sample(KEYS, rng.randint(0, 2))}


# --- what there is -------------------------------------------------------------------------------------------------


def snapshot() -> World:
    """All that can be changed, by id."""
    team = _team()
    found: World = {}
    for row in there.Customer.objects.filter(team=team):
        found[row.id] = _fields(row, "name", "email", "status", "sentiment", "tags", "notes", "metadata")
    for row in there.Ticket.objects.filter(team=team):
        found[row.id] = _fields(row, "title", "status", "priority", "tags", "notes", "metadata", "message_count")
        found[row.id] |= {"customer": row.customer_id, "assigned_to": row.assigned_to_id}
    for row in there.Article.objects.filter(team=team):
        found[row.id] = _fields(row, "title", "category", "content", "status", "is_public", "tags")
    return found


def _fields(row: Any, *names: str) -> Fields:
    return {name: getattr(row, name) for name in names}


def carry_over(target: Fields, before: Fields, after: Fields) -> None:
    """Make the change from `before` to `after` in `target`: tags and metadata keys each by itself."""
    for name, value in after.items():
        if value == before[name]:
            continue
        if name == "tags":
            kept = [tag for tag in target["tags"] if tag in value or tag not in before["tags"]]
            target["tags"] = [*kept, *(tag for tag in value if tag not in before["tags"] and tag not in kept)]
        elif name == "metadata":
            changed = {
                key: value.get(key) for key in {**before[name], **value} if value.get(key) != before[name].get(key)
            }
            merged = {**target["metadata"], **changed}
            target["metadata"] = {key: text for key, text in merged.items() if text is not None}
        elif name == "message_count":
            target[name] += value - before[name]
        else:
            target[name] = value


def alike(one: Fields, other: Fields) -> bool:
    return {**one, "tags": sorted(one["tags"])} == {**other, "tags": sorted(other["tags"])}


# --- what is done --------------------------------------------------------------------------------------------------


def change(rng: Random, resource: str) -> Fields:
    """Of a bulk edit."""
    made: Fields = {}
    choices = {name: values for name, values in EDITABLE[resource].items() if values}
    if resource == "tickets":
        choices["assignedTo"] = (None, *there.Member.objects.filter(team=_team()).values_list("id", flat=True)[:2])
    if rng.random() < 0.7:
        made["set"] = {
            name: rng.choice(choices[name]) for name in rng.sample(list(choices), rng.randint(1, len(choices)))
        }
    if rng.random() < 0.5 or not made:
        made["add_tags"] = [rng.choice([*TAGS, "ours"])]
    if rng.random() < 0.3:
        made["remove_tags"] = [rng.choice(TAGS)]
    if rng.random() < 0.1:
        made["clear_tags"] = True
    return made


def targets(run: Run) -> dict[str, set[Any]]:
    """What the run sets fields of choices to, anywhere."""
    found: dict[str, set[Any]] = {}
    for after in [run.options.get("change", {}).get("set", {}), *run.rows.values_list("after", flat=True)]:
        for name, value in after.items():
            if isinstance(value, str):
                found.setdefault(name, set()).add(value)
    return found


def import_of(rng: Random, team: Team, user: User) -> tuple[Run, list[str], list[list[str]]]:
    """An import whose columns are mapped, and its file: some lines know what is there, others are new."""
    resource = rng.choice(["customers", "customers", "tickets", "tickets", "articles"])
    fields, known, columns = _FILES[resource]
    header = [*fields, *rng.sample(columns, rng.randint(0, len(columns)))]
    numbers = rng.sample(range(14), rng.randint(1, 12))
    lines = [[_cell(rng, name, number, known) for name in header] for number in numbers]
    metadata = [at for at, name in enumerate(header) if name in KEYS]
    options = {
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quote": '"'},
        "header": header,
        "lines": len(lines),
        "columns": {name: [at] for at, name in enumerate(header) if name not in KEYS},
        "metadata": metadata,
        "values": {name: {word: word for word in words} for name, words in _WORDS[resource].items() if name in header},
        "strategy": rng.choice(["skip", "update", "update"]),
        "customers": resource == "tickets" and "customer_email" in header and rng.random() < 0.7,
        "mapped": True,
    }
    run = Run(
        team=team,
        user=user,
        person=user.display_name,
        kind=Run.Kind.IMPORT,
        resource=resource,
        file=f"{uuid4()}.upload",
        options=options,
    )
    return run, header, lines


_FILES: dict[str, tuple[list[str], str, list[str]]] = {
    "customers": (["email"], "c", ["name", "tags", "notes", "status", "Plan", "Company"]),
    "tickets": (["external_id", "title"], "x", ["status", "priority", "tags", "notes", "customer_email", "Plan"]),
    "articles": (["title", "category"], "", ["content", "status", "tags"]),
}
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "customers": {"status": EDITABLE["customers"]["status"]},
    "tickets": {"status": STATUSES, "priority": PRIORITIES},
    "articles": {"status": EDITABLE["articles"]["status"]},
}


def _cell(rng: Random, name: str, number: int, known: str) -> str:
    """Numbers below those that there are mean what is there."""
    titles = "Ticket" if known else "Article"
    statuses = {"c": EDITABLE["customers"], "x": EDITABLE["tickets"], "": EDITABLE["articles"]}[known]["status"]
    ours = ("", f"Ours {number}", f"Customer {number}")
    choices: dict[str, tuple[str, ...]] = {
        "email": (f"c{number}@here.example",),
        "customer_email": tuple(f"c{other}@here.example" for other in range(14)),
        "external_id": (f"{known}{number}",),
        "title": (f"{titles} {number}",),
        **dict.fromkeys(("name", "notes", "content"), ours),
        "tags": ("", "alpha", "alpha,ours"),
        "status": statuses,
        "priority": PRIORITIES,
        "category": ("Help", "Ours"),
    }
    return rng.choice(choices.get(name, ("", f"ours {name}", f"was {name}")))
