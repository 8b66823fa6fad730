"""The base of the classes that make up this package."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import UNSET

from cstar import _answer
from cstar._session import Call, Session, get_call, write_call
from cstar.types import Deleted, Page, Resource

R = TypeVar("R", bound=Resource)


class Group:
    """What the resources share: a path each, and the five usual verbs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _page(self, kind: type[R], path: str, query: Mapping[str, Any]) -> Page[R]:
        answer = self._session.call(get_call(path, query))
        number, size = query.get("page") or 1, query.get("pageSize") or _answer.DEFAULT_PAGE_SIZE
        return _answer.page(answer, kind, number=number, size=size)

    def _all(self, kind: type[R], path: str, query: Mapping[str, Any] | None = None) -> Page[R]:
        return _answer.page(self._session.call(get_call(path, query)), kind)

    def _get(self, kind: type[R], path: str) -> R:
        return _answer.one(self._session.call(get_call(path)), kind)

    def _write(self, kind: type[R], method: str, path: str, idempotency_key: str | None, **fields: Any) -> R:
        return _answer.one(self._session.call(write_call(method, path, given(fields), idempotency_key)), kind)

    def _delete(self, path: str) -> Deleted:
        answer = self._session.call(Call("DELETE", path))
        return _answer.one(answer, Deleted) if answer.body else Deleted()


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not left out."""
    return {name: value for name, value in fields.items() if value is not UNSET}
