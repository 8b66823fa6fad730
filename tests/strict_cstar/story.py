"""The team as it is when the server starts: the same for the same seed, but for the times, which end now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from tests.strict_cstar.store import Actor, Object, Store

TICKETS, ASSIGNED, CUSTOMERS = 149, 100, 120  # unless asked for others; two of three tickets are assigned
DAYS = 60

_MEMBERS = (
    ("Ruth Abara", "owner", "The Guildmaster"),
    ("Ivo Lindqvist", "admin", "The Commander"),
    ("Maya Okafor", "manager", "The Captain"),
    ("Robin Vega", "agent", "The Hero"),
    ("Tess Novak", "agent", "The Hero"),
    ("Jonas Meyer", "agent", "The Hero"),
    ("Lena Duarte", "librarian", "The Lorekeeper"),
    ("Paul Osei", "spectator", "The Watcher"),
)
_FIRST = (
    *("Amelia", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jorge", "Kerstin", "Liam"),
    *("Mei", "Nils", "Olga", "Pedro", "Quinn", "Rosa", "Sven", "Tariq"),
)
_LAST = ("Adeyemi", "Bergström", "Castillo", "Dubois", "Eriksen", "Fontaine", "Grüner", "Hashimoto")
_ORDERS = ("4471", "5820", "6093", "7154", "8236", "9318")


class _Topic(NamedTuple):
    title: str
    tags: tuple[str, ...]
    opening: str
    answer: str
    more: str
    note: str


# `{n}` becomes an order or invoice number, so that titles differ.
_TOPICS = (
    _Topic(
        "Cannot log in since the update",
        ("login", "authentication"),
        'I keep getting "invalid credentials" since yesterday, also after a reset. My invoice number is {n}.',
        "Sorry about that. Could you tell us which browser you use?",
        "Firefox, the newest one. In a private window it works.",
        "Looks like the old session cookie again.",
    ),
    _Topic(
        "Invoice {n} was charged twice",
        ("billing",),
        "Your invoice {n} left my account twice this month. Please send one of them back.",
        "We found the second payment and have started the refund; it takes three to five days.",
        "Thank you, I will wait for it.",
        "Refund approved by finance.",
    ),
    _Topic(
        "Where is order {n}?",
        ("shipping",),
        "Order {n} was to arrive on Monday. The tracking page has not changed for a week.",
        "The parcel is held at the depot. We asked the carrier to send it out again.",
        "It still says the same today.",
        "Carrier ticket opened; they answer within a day.",
    ),
    _Topic(
        "Export stops at 5,000 rows",
        ("export", "bug"),
        "When I export our contacts, the file always ends at 5,000 rows. We have 12,480 (account {n}).",
        "That should not happen. Which filter was set when you exported?",
        "None at all. The count on the page is right.",
        "Reproduced on staging, see the export job's log.",
    ),
    _Topic(
        "Change the address of account {n}",
        ("account",),
        "We have moved. Please change the billing address of account {n} to 12 Harbour Street, Cork.",
        "Done. The next invoice will carry the new address.",
        "Could the last one be issued again too?",
        "Allowed within 30 days.",
    ),
    _Topic(
        "How do we add a second workspace?",
        ("question",),
        "Our team {n} grows and would like a workspace of its own. Is there a way to copy the settings?",
        "Yes: open Settings, Workspaces, and choose Duplicate. Members are not copied.",
        "Perfect, that worked.",
        "Good candidate for an article.",
    ),
    _Topic(
        "Password reset mail does not arrive",
        ("login", "email"),
        "I asked for a new password three times (request {n}). No mail, also not in spam.",
        "Your address bounced once and was blocked. It is free again, please try once more.",
        "Now it came. Thanks!",
        "Unblocked in the mail provider's console.",
    ),
    _Topic(
        "Cancel subscription {n}",
        ("billing", "cancellation"),
        "Please cancel subscription {n} at the end of the month. We close our shop.",
        "We are sorry to see you go. It will end with this month.",
        "Thank you for the quick help.",
        "Offered a pause, declined.",
    ),
)
_ARTICLES = (
    ("How to reset your password", "Account"),
    ("Understanding your invoice", "Billing"),
    ("Exporting your data", "Data"),
    ("Tracking an order", "Shipping"),
    ("Adding a workspace", "Account"),
    ("Refunds and how long they take", "Billing"),
)
# Of ten tickets: which status and which priority.
_STATUSES = ("new", "new", "open", "open", "open", "pending", "pending", "resolved", "resolved", "closed")
_PRIORITIES = ("normal", "normal", "high", "low", "normal", "urgent", "normal", "high", "normal", "low")


def fill(store: Store, *, tickets: int = TICKETS, customers: int = CUSTOMERS) -> None:
    """Members, customers, articles, then tickets with their threads."""
    start = store.now() - timedelta(days=DAYS)
    owner = _add_members(store, start)
    for title, category in _ARTICLES:
        content = f"# {title}\n\nThis page explains it step by step."
        fields = {"title": title, "category": category, "content": content, "status": "published", "isPublic": True}
        store.add("articles", fields, owner, at=start)
    people = [_add_customer(store, number, start) for number in range(customers)]
    agents = [member for member in store.objects["members"].values() if member["role"] == "agent"]
    for number in range(tickets):
        opened = start + timedelta(days=DAYS - 2) * number / tickets
        _add_ticket(store, number, people[number % customers], agents[number % len(agents)], opened)
    _assign(store, agents, round(tickets * ASSIGNED / TICKETS))
    store.audit_log.sort(key=lambda entry: entry["createdAt"])


def _add_members(store: Store, at: datetime) -> Actor:
    setup = Actor("usr_setup", "cStar")
    for number, (name, role, title) in enumerate(_MEMBERS):
        fields = {
            "userId": store.new_id("usr", digits=12),
            "name": name,
            "email": f"{name.split()[0].lower()}@strict.example",
            "role": role,
            "roleDisplayName": title,
            "level": 3 + number,
            "xp": 400 + 350 * number,
            "joinedAt": at,
        }
        store.add("members", fields, setup, at=at)
    return setup


def _add_customer(store: Store, number: int, at: datetime) -> Object:
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
    namesake = number // (len(_FIRST) * len(_LAST))
    fields = {
        "name": f"{first} {last}",
        "email": f"{first}.{last}{namesake or ''}@customer.example".lower(),
        "sentiment": ("positive", "neutral", "neutral", "negative")[number % 4],
        "tags": ["vip"] if number % 10 == 0 else [],
        "notes": "Prefers to be called." if number % 15 == 0 else None,
    }
    return store.add("customers", fields, Actor("widget", "Chat widget"), at=at + timedelta(hours=number))


def _add_ticket(store: Store, number: int, customer: Object, agent: Object, opened: datetime) -> None:
    topic, order = _TOPICS[number % len(_TOPICS)], _ORDERS[number // len(_TOPICS) % len(_ORDERS)]
    fields = {
        "title": topic.title.format(n=order),
        "priority": _PRIORITIES[number % 10],
        "customerId": customer["id"],
        "tags": list(topic.tags),
    }
    ticket = store.add("tickets", fields, Actor("widget", "Chat widget"), at=opened)
    for position, message in enumerate(_thread(topic, order, customer, agent)[: 1 + number % 4]):
        store.add_message(
            ticket, message, Actor(agent["userId"], agent["name"]), at=opened + timedelta(hours=4 * position)
        )
    ticket["status"] = _STATUSES[number % 10]
    if ticket["status"] in {"resolved", "closed"}:
        ticket["resolvedAt"] = ticket["updatedAt"]


def _thread(topic: _Topic, order: str, customer: Object, agent: Object) -> list[Object]:
    written = (
        ("customer", topic.opening, False),
        ("agent", topic.answer, False),
        ("agent", topic.note, True),
        ("customer", topic.more, False),
    )
    names = {"customer": customer["name"], "agent": agent["name"]}
    return [
        {"content": text.format(n=order), "sender": sender, "senderName": names[sender], "isInternal": internal}
        for sender, text, internal in written
    ]


def _assign(store: Store, agents: list[Object], number: int) -> None:
    """So many tickets, open and finished ones alike, have somebody."""
    tickets = list(store.objects["tickets"].values())
    store.random.shuffle(tickets)
    for at, ticket in enumerate(tickets[:number]):
        ticket["assignedTo"] = agents[at % len(agents)]["id"]
