"""The plain data that a story consists of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the team."""

    id: str
    user_id: str
    name: str
    email: str
    role: str
    level: int
    xp: int
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who writes to the team."""

    id: str
    name: str
    email: str
    status: str
    sentiment: str
    tags: list[str]
    notes: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a ticket; `sender` is customer, agent or system."""

    id: str
    content: str
    sender: str
    sender_name: str
    is_internal: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with its whole thread; `assigned_to` is a member's id."""

    id: str
    title: str
    status: str
    priority: str
    customer_id: str
    assigned_to: str | None
    tags: list[str]
    notes: str | None
    metadata: dict[str, str]
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    messages: list[Message]


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the help centre; articles refer to it by its name."""

    id: str
    name: str
    description: str
    icon: str
    color: str
    sort_order: int
    is_public: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the help centre, in Markdown."""

    id: str
    title: str
    content: str
    category: str
    status: str
    is_public: bool
    tags: list[str]
    view_count: int
    use_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class QuickReply:
    """A text that agents insert; placeholders such as {{customer.first_name}} are the desk's to fill."""

    id: str
    title: str
    content: str
    shortcut: str


@dataclass(frozen=True, slots=True)
class Story:
    """All the demo data of one team."""

    members: list[Person]
    customers: list[Customer]
    tickets: Iterable[Ticket]
    categories: list[Category]
    articles: list[Article]
    quick_replies: list[QuickReply]
