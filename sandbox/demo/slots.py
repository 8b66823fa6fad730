"""The values that fill the slots of a ticket's texts: made when first asked for, then the same for the whole ticket."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from sandbox.demo.people import LOCALES, Profile, slug

_SLOT = re.compile(r"\{([a-z_]+)\}")

_BROWSERS = ("Firefox 143", "Chrome 141", "Safari 18.6", "Edge 141", "Firefox ESR 140", "Safari 17", "Brave 1.83")
_SYSTEMS = ("Windows 11", "Windows 10", "macOS 15", "macOS 14", "Ubuntu 24.04", "ChromeOS", "Fedora 42")
_DEVICES = ("iPhone 14", "iPhone SE", "Pixel 8", "Galaxy S23", "Galaxy A54", "Fairphone 5", "iPad Air", "Xiaomi 13")
_FILES = ("clients", "contacts_final", "export (3)", "members", "kunden_neu", "stock-list", "people_v2", "addresses")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_FIRST_NAMES = {locale.code: tuple(word.partition("=")[2] or word for word in locale.firsts) for locale in LOCALES}


@dataclass(frozen=True, slots=True)
class Brand:
    """The product that a team supports, and the addresses that its texts name."""

    name: str
    host: str
    major: int


BRANDS = {
    "tidepool": Brand("Tidepool", "tidepool.example", 4),
    "harbor": Brand("Harbor", "harbor.example", 11),
}


class Slots(dict[str, str]):
    """One ticket's values. A missing one is made up on the spot by its maker in `_MAKERS`."""

    def __init__(self, rng: Random, brand: Brand, writer: Profile, created: datetime, names: dict[str, str]) -> None:
        """Start from what is known of the ticket; `names` are those of the agents involved."""
        super().__init__(names)
        self.rng, self.brand, self.writer, self.created = rng, brand, writer, created

    def __missing__(self, key: str) -> str:
        value = self[key] = _MAKERS[key](self)
        return value

    def fill(self, text: str) -> str:
        """Replace the slots of a text."""
        parts = _split(text)
        if len(parts) == 1:
            return text
        return "".join(self[part] if index % 2 else part for index, part in enumerate(parts))

    def day(self, low: int, high: int) -> datetime:
        """Pick a day that lies between so many days after (before, if negative) the ticket's beginning."""
        return self.created + timedelta(days=self.rng.randint(low, high))

    def number(self, low: int, high: int) -> str:
        """Pick a whole number, grouped by thousands."""
        return f"{self.rng.randint(low, high):,}"


@cache
def _split(text: str) -> tuple[str, ...]:
    """Cut a text at its slots: words at even places, names of slots at odd ones. The texts are few, so all are kept."""
    return tuple(_SLOT.split(text))


def _clock(slots: Slots, low: int, high: int) -> str:
    """Tell a time of day that lies so many minutes from the ticket's beginning, as people round it."""
    moment = slots.created + timedelta(minutes=slots.rng.randint(low, high))
    return f"{moment.hour}:{moment.minute // 5 * 5:02}"


def _date(when: datetime) -> str:
    return f"{when.day} {when:%B}"


def _amount(slots: Slots) -> str:
    return f"{slots['currency']}{slots.rng.randint(39, 890)}.{slots.rng.choice(('00', '00', '50', '90'))}"


def _higher_amount(slots: Slots) -> str:
    """Stay near the other amount: the two are compared."""
    amount = float(slots["amount"].removeprefix(slots["currency"]))
    return f"{slots['currency']}{amount * slots.rng.uniform(1.08, 1.7):,.2f}"


def _next_version(slots: Slots) -> str:
    head, _, patch = slots["version"].rpartition(".")
    return f"{head}.{int(patch) + 1}"


def _colleague(slots: Slots) -> str:
    """Name somebody else, most often from the same country."""
    names = _FIRST_NAMES[slots.writer.locale if slots.rng.random() < 0.75 else "en"]
    return slots.rng.choice([name for name in names if name not in slots.writer.called])


def _ip(slots: Slots) -> str:
    """Take addresses from the blocks reserved for documentation: they are nobody's."""
    return f"{slots.rng.choice(('198.51.100', '203.0.113'))}.{slots.rng.randint(2, 250)}"


_MAKERS: dict[str, Callable[[Slots], str]] = {
    # The product
    "product": lambda s: s.brand.name,
    "product_slug": lambda s: s.brand.name.lower(),
    "product_host": lambda s: s.brand.host,
    "help": lambda s: f"https://help.{s.brand.host}",
    "app": lambda s: f"app.{s.brand.host}",
    "api": lambda s: f"api.{s.brand.host}",
    "status": lambda s: f"https://status.{s.brand.host}",
    "version": lambda s: f"{s.brand.major}.{s.rng.randint(12, 21)}.{s.rng.randint(0, 6)}",
    "version_next": _next_version,
    "eng": lambda s: f"ENG-{s.rng.randint(2100, 8999)}",
    "reqid": lambda s: f"req_{s.rng.getrandbits(48):012x}",
    # The customer
    "first": lambda s: s.writer.called,
    "name": lambda s: s.writer.name,
    "company": lambda s: s.writer.company,
    "company_slug": lambda s: slug(s.writer.company),
    "domain": lambda s: s.writer.domain,
    "email": lambda s: s.writer.email,
    "city": lambda s: s.writer.city,
    "colleague": _colleague,
    "browser": lambda s: s.rng.choice(_BROWSERS),
    "os": lambda s: s.rng.choice(_SYSTEMS),
    "device": lambda s: s.rng.choice(_DEVICES),
    "ip": _ip,
    "file": lambda s: f"{s.rng.choice(_FILES)}.csv",
    # Money
    "currency": lambda s: s.rng.choice("€€€$$£"),
    "amount": _amount,
    "amount_b": _higher_amount,
    "invoice": lambda s: f"INV-{s.created.year}-{s.rng.randint(1, 99999):05}",
    "invoice_tail": lambda s: s["invoice"][-5:],
    "order": lambda s: f"45{s.rng.randint(0, 99999999):08}",
    "card": lambda s: f"{s.rng.randint(0, 9999):04}",
    "vat": lambda s: f"{s.rng.choice(('DE', 'FR', 'PL', 'EL', 'IE', 'ES'))}{s.rng.randint(10**8, 10**9 - 1)}",
    "plan": lambda s: s.rng.choice(("Starter", "Team")),
    "plan_b": lambda s: s.rng.choice(("Business", "Scale")),
    "seats": lambda s: s.number(12, 85),
    # Time
    "date": lambda s: _date(s.day(-9, -1)),
    "soon": lambda s: _date(s.day(4, 16)),
    "month": lambda s: f"{s.created:%B}",
    "last_month": lambda s: f"{s.created.replace(day=1) - timedelta(days=1):%B}",
    "weekday": lambda s: s.rng.choice(_WEEKDAYS),
    "time": lambda s: _clock(s, -200, -15),
    "time_later": lambda s: _clock(s, 60, 240),
    "minutes": lambda s: s.number(10, 55),
    # Quantities
    "few": lambda s: s.number(3, 9),
    "count": lambda s: s.number(240, 9800),
    "percent": lambda s: s.number(12, 96),
    "ms": lambda s: s.number(4100, 9800),
}
