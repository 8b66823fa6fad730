"""Parts of pages that are drawn once for all who look at them.

Rows, messages and the rail are most of what a page costs, and nearly all of them were drawn a moment ago, for this
person or a colleague. Each is drawn from one value that holds all that its template shows, so that equal ones share
their HTML and none can be out of date. Words, dates and numbers are of a language, so that it counts too.

What differs from minute to minute, between time zones, or is large has a slot: the template writes `{{ slots.time }}`,
and the page fills it in after the cache.
"""

import re
import secrets
import sys
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import NamedTuple, TypeAlias

from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Of one process; a twentieth of what its code takes.
MOST_BYTES = 8 * 1024 * 1024

# Text, the name of a slot, text, and so on.
Parts: TypeAlias = tuple[str, ...]
# Nobody can write a slot into a ticket: its mark is another in each process.
_MARK = secrets.token_hex(16)
_SLOT = re.compile(rf"{_MARK}(\w+);")


class Filled(NamedTuple):
    """What a template shows, and what goes into its slots by name: safe HTML, or text that is escaped."""

    shown: Hashable
    slots: Mapping[str, str]


class FragmentCache:
    """The fragments used last, as many as fit into `most_bytes`; one that takes an eighth of that is not kept."""

    def __init__(self, most_bytes: int):
        self.most_bytes, self.bytes = most_bytes, 0
        self._held: OrderedDict[Hashable, tuple[Parts, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable) -> Parts | None:
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, parts: Parts) -> None:
        size = _bytes(key) + _bytes(parts)
        if size > self.most_bytes // 8:
            return
        with self._lock:
            if key in self._held:  # another thread was faster
                return
            self._held[key] = parts, size
            self.bytes += size
            while self.bytes > self.most_bytes:
                _, (_, freed) = self._held.popitem(last=False)
                self.bytes -= freed

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self.bytes = 0


fragments = FragmentCache(MOST_BYTES)


class _Slots:
    """What a template writes where a slot is: `{{ slots.time }}`."""

    def __getitem__(self, name: str) -> SafeString:
        return mark_safe(f"{_MARK}{name};")


def drawn(template: str, shown: Hashable) -> SafeString:
    """The template's HTML in the language that is spoken; `shown` is all of its context."""
    return all_drawn(template, [shown])


def all_drawn(template: str, each: Iterable[Hashable]) -> SafeString:
    """The template's HTML for each of them, one after the other."""
    language = get_language()
    return mark_safe("".join([_drawn(template, shown, language)[0] for shown in each]))


def all_filled(template: str, each: Iterable[Filled]) -> SafeString:
    """The same for a template with slots."""
    language, html = get_language(), []
    for shown, slots in each:
        for number, part in enumerate(_drawn(template, shown, language)):
            html.append(conditional_escape(slots[part]) if number % 2 else part)
    return mark_safe("".join(html))


def _drawn(template: str, shown: Hashable, language: str) -> Parts:
    key = template, language, shown
    parts = fragments.get(key)
    if parts is None:
        html = get_template(template).render({"shown": shown, "slots": _Slots()})
        parts = tuple(_SLOT.split(html))
        fragments.keep(key, parts)
    return parts


def _bytes(value: object) -> int:
    """Roughly what a value takes in memory, with all that is in it."""
    inner = value if isinstance(value, tuple) else ()
    if is_dataclass(value):
        inner = tuple(getattr(value, field.name) for field in fields(value))
    return sys.getsizeof(value) + sum(map(_bytes, inner))
