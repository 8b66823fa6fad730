"""Believable demo data for a support desk, the same on each run: the people, what they wrote and when.

`build()` returns plain data and knows nothing of databases. Small numbers of tickets come as a list; large ones are
made while they are iterated over, as often as wanted, so that 100,000 take no memory.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sandbox.demo import articles, categories, people, quick_replies
from sandbox.demo.script import unwrap
from sandbox.demo.shapes import Article, Category, Customer, Message, Person, QuickReply, Story, Ticket
from sandbox.demo.slots import BRANDS, Brand
from sandbox.demo.tickets import Desk

__all__ = [
    "MEMBER_BY_ROLE",
    "Article",
    "Category",
    "Customer",
    "Message",
    "Person",
    "QuickReply",
    "Story",
    "Ticket",
    "build",
]

# The e-mail of the cStar member behind each demo account of the desk. `admin` is a member of both teams.
MEMBER_BY_ROLE = {
    "admin": "admin@acme.example",
    "manager": "manager@acme.example",
    "agent": "agent@acme.example",
    "spectator": "spectator@acme.example",
    "globex-agent": "agent@globex.example",
}

_LIST_UP_TO = 2_000

_CUSTOMER_TAGS = ("vip", "trial", "enterprise", "partner", "beta", "churn-risk", "reseller")
_CUSTOMER_NOTES = (
    "Prefers mail to phone.",
    "Decides about the renewal. Be quick here.",
    "Very technical: skip the basics.",
    "Speaks French and German as well.",
    "Took part in the beta of the new calendar; always good for a quote.",
    "Got a credit earlier this year after the outage.",
    "Reads only the first line of an answer. Put the important thing there.",
)


def build(team_name: str, tickets: int, now: datetime, seed: int = 42) -> Story:
    """Make up a team's data. The same arguments give the same data, another team's name gives other data."""
    rng = Random(f"{seed}/{team_name}")
    product = product_of(team_name)
    members = _members(rng, team_name, product, now)
    profiles = list(people.profiles(rng, max(165, min(tickets * 2 // 5, 5_000))))
    customers = [_customer(rng, profile, now) for profile in profiles]
    desk = Desk(
        seed=f"{seed}/{team_name}/tickets",
        product=product,
        brand=BRANDS[product],
        members=members,
        count=tickets,
        now=now,
    )
    desk.serve(profiles, customers)
    return Story(
        members=members,
        customers=customers,
        tickets=list(desk) if tickets <= _LIST_UP_TO else desk,
        categories=_categories(Random(f"{seed}/{team_name}/categories"), product, now),
        articles=[_article(rng, each, BRANDS[product], now) for each in articles.ALL if each.product in {"", product}],
        quick_replies=[
            QuickReply(f"qr_{rng.getrandbits(32):08x}", title, unwrap(content), shortcut)
            for title, shortcut, content in quick_replies.ALL
        ],
    )


def product_of(team_name: str) -> str:
    """Tell which product the team of that name supports."""
    return "harbor" if team_name.lower().startswith("globex") else "tidepool"


def _members(rng: Random, team_name: str, product: str, now: datetime) -> list[Person]:
    domain = f"{people.slug(team_name.split(maxsplit=1)[0])}.example"
    return [
        _member(rng, role, name, mailbox if "@" in mailbox else f"{mailbox}@{domain}", now)
        for role, name, mailbox in people.CASTS[product]
    ]


def _member(rng: Random, role: str, name: str, email: str, now: datetime) -> Person:
    xp = 0 if role == "spectator" else rng.randint(900, 14_000)
    # A person in two teams is one user with two memberships: the user's id depends on the address alone.
    user = Random(email).getrandbits(48)
    return Person(
        id=f"mem_{rng.getrandbits(48):012x}",
        user_id=f"usr_{user:012x}",
        name=name,
        email=email,
        role=role,
        level=1 + xp // 400,
        xp=xp,
        joined_at=now - timedelta(days=rng.randint(100, 1200), minutes=rng.randint(0, 1440)),
    )


def _customer(rng: Random, profile: people.Profile, now: datetime) -> Customer:
    return Customer(
        id=f"cus_{rng.getrandbits(128):032x}",
        name=profile.name,
        email=profile.email,
        status="inactive" if rng.random() < 0.07 else "active",
        sentiment=rng.choices(("positive", "neutral", "negative"), (38, 46, 16))[0],
        tags=rng.sample(_CUSTOMER_TAGS, rng.choices((0, 1, 2), (55, 35, 10))[0]),
        notes=rng.choice(_CUSTOMER_NOTES) if rng.random() < 0.15 else None,
        # Before the window in which tickets lie: nobody writes before they are a customer.
        created_at=now - timedelta(days=rng.randint(91, 1100), minutes=rng.randint(0, 1440)),
    )


def _categories(rng: Random, product: str, now: datetime) -> list[Category]:
    # Older than every article.
    created = now - timedelta(days=rng.randint(702, 800), minutes=rng.randint(0, 1440))
    drafts = [draft for draft in categories.ALL if draft.product in {"", product}]
    return [
        Category(
            id=str(UUID(int=rng.getrandbits(128), version=4)),
            name=draft.name,
            description=draft.description,
            icon=draft.icon,
            color=draft.color,
            sort_order=place,
            is_public=True,
            created_at=created + timedelta(minutes=place),
        )
        for place, draft in enumerate(drafts)
    ]


def _article(rng: Random, draft: articles.Draft, brand: Brand, now: datetime) -> Article:
    created = now - timedelta(days=rng.randint(120, 700), minutes=rng.randint(0, 1440))
    text = unwrap(draft.content).replace("{product}", brand.name).replace("{host}", brand.host)
    views = rng.randint(120, 4200) if draft.status == "published" else 0
    return Article(
        id=f"art_{rng.getrandbits(128):032x}",
        title=draft.title.replace("{product}", brand.name),
        content=text,
        category=draft.category,
        status=draft.status,
        is_public=draft.is_public,
        tags=draft.tags.split(),
        view_count=views,
        use_count=views // rng.randint(9, 40),
        created_at=created,
        updated_at=created + (now - created) * rng.random(),
    )
