"""How an endpoint is declared, what it is given and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.strict_cstar import errors
from tests.strict_cstar.printed import Fields
from tests.strict_cstar.store import Actor, Object, Store
from tests.strict_cstar.variant import Variant

#: What the audit log says of everything that is done with the team's key: the key's name, not a person's.
KEY = Actor("key_strict", "Support desk key")


@dataclass
class Call:
    """A request that was let in. `query` and `body` are decoded; nothing in them was checked."""

    store: Store
    variant: Variant
    query: dict[str, str] = field(default_factory=dict)
    body: Object = field(default_factory=dict)

    def take(self, body: Object, printed: Fields, unprinted: Fields = ()) -> Object:
        """The fields of `body` that the endpoint takes. Others have no effect, or are refused by some variants."""
        taken = {}
        for name, value in body.items():
            if name in self.variant.refused_fields or (self.variant.refuses_unknown_fields and name not in printed):
                raise errors.invalid(f"Unknown parameter: {name}", self._param(name))
            if name in (*printed, *unprinted) and name not in self.variant.ignored_fields:
                taken[name] = value
        return taken

    def find(self, resource: str, id_: str, what: str) -> Object:
        """The object, or 404."""
        held = self.store.objects[resource].get(id_)
        if held is None:
            raise errors.not_found(what)
        return held

    def _param(self, name: str) -> str:
        if self.variant.param_case == "camel":
            return name
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


@dataclass
class Reply:
    """A success. `data` is rendered already; `meta` says whether the page prints one.

    `pagination` is (page, page size, total) of a paged list; `document` replaces the whole JSON body and `text` the
    body, with its media type.
    """

    data: Any = None
    status: int = 200
    meta: bool = True
    pagination: tuple[int, int, int] | None = None
    document: Object | None = None
    text: tuple[str, str] | None = None


Handler = Callable[..., Reply]
_routes: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Declare the handler of an endpoint; `{...}` in the path is an id, given to the handler in order."""
    pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", path))

    def declare(handler: Handler) -> Handler:
        _routes.append((method, pattern, handler))
        return handler

    return declare


def resolve(method: str, path: str) -> tuple[Handler, tuple[str, ...]]:
    """The endpoint's handler and the ids in its path; 404 for what no document prints."""
    for declared, pattern, handler in _routes:
        if declared == method and (match := pattern.fullmatch(path)):
            return handler, match.groups()
    raise errors.not_found("Endpoint")
