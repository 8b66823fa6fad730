"""Makes teams, keys and stories directly in the sandbox's database: for demo data, benches and tests."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from sandbox import auth, times
from sandbox.models import DATABASE, ApiKey, Article, Category, Customer, Member, Message, QuickReply, Tag, Team, Ticket
from sandbox.resources.tickets import set_metadata

CHUNK = 2000  # tickets inserted at once


def create_team(team_id: str | uuid.UUID, name: str, slug: str, keys: Iterable[str] = ()) -> Team:
    """The team of this id, made with its keys when it is not there yet."""
    fields = {"name": name, "slug": slug, "created_at": times.now()}
    team, _ = Team.objects.get_or_create(uuid=uuid.UUID(str(team_id)), defaults=fields)
    for key in keys:
        create_key(team, key)
    return team


def create_key(team: Team, key: str, *, name: str = "", expires_at: datetime | None = None) -> ApiKey:
    """A key with the hourly limit of its kind, unless the database holds it already. ValueError when malformed.

    Set `limit` on the answer to another number to change the limit, or to None to switch it off.
    """
    kind, environment = auth.describe(key)
    label = "secret" if kind == "sk" else "publishable"
    fields = {
        "team": team,
        "name": name or f"{team.name} {label} key ({environment})",
        "is_secret": kind == "sk",
        "environment": environment,
        "limit": auth.LIMITS[kind],
        "expires_at": expires_at,
    }
    return ApiKey.objects.get_or_create(digest=auth.digest(key), defaults=fields)[0]


def insert_story(team: Team, story: Any) -> bool:
    """Inserts a `sandbox.demo.story.Story`; False, and nothing done, when the team has tickets already.

    `story.tickets` may be an iterator of any length. No audit entries: a story is what was there before.
    """
    if team.tickets.exists():
        return False
    with transaction.atomic(using=DATABASE):
        _insert_people(team, story)
        _insert_knowledge(team, story)
        _insert_tickets(team, iter(story.tickets))
    return True


def _insert_people(team: Team, story: Any) -> None:
    names = "id user_id name email role level xp joined_at"
    Member.objects.bulk_create([Member(team=team, **_named(row, names)) for row in story.members])
    names = "id name email status sentiment notes created_at"
    customers = [
        Customer(
            team=team,
            email_key=row.email.lower(),
            tags=list(row.tags),
            updated_at=row.created_at,
            **_named(row, names),
        )
        for row in story.customers
    ]
    Customer.objects.bulk_create(customers)


def _insert_knowledge(team: Team, story: Any) -> None:
    """Categories, articles and quick replies."""
    names = "id name description icon color sort_order is_public created_at"
    categories = [
        Category(
            team=team,
            name_key=row.name.lower(),
            slug=slugify(row.name),
            updated_at=_cut(row.created_at),
            **_named(row, names),
        )
        for row in story.categories
    ]
    Category.objects.bulk_create(categories)
    names = "id title content category status is_public view_count use_count created_at updated_at"
    articles = [Article(team=team, tags=list(row.tags), **_named(row, names)) for row in story.articles]
    Article.objects.bulk_create(articles)
    replies = [QuickReply(team=team, **_named(row, "id title content shortcut")) for row in story.quick_replies]
    QuickReply.objects.bulk_create(replies)


def _insert_tickets(team: Team, rows: Iterator[Any]) -> None:
    used: Counter[str] = Counter()
    names = "content sender sender_name is_internal created_at"
    while chunk := list(islice(rows, CHUNK)):
        tickets = [_ticket(team, row) for row in chunk]
        Ticket.objects.bulk_create(tickets)
        messages = [
            Message(ticket_id=row.id, public_id=message.id, **_named(message, names))
            for row in chunk
            for message in row.messages
        ]
        Message.objects.bulk_create(messages)
        used.update(tag for ticket in tickets for tag in ticket.tags)
    Tag.objects.bulk_create([Tag(team=team, name=name, count=count) for name, count in used.items()])


def _ticket(team: Team, row: Any) -> Ticket:
    names = "id title status priority customer_id notes created_at updated_at resolved_at"
    ticket = Ticket(
        team=team,
        assigned_to_id=row.assigned_to,
        tags=list(row.tags),
        message_count=len(row.messages),
        **_named(row, names),
    )
    set_metadata(ticket, dict(row.metadata or {}))
    return ticket


def _named(row: Any, names: str) -> dict[str, Any]:
    """The attributes of a story's row that the model calls the same, moments cut to the wire's milliseconds."""
    return {name: _cut(getattr(row, name)) for name in names.split()}


def _cut(value: Any) -> Any:
    return value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value
