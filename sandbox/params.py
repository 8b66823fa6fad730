"""Query parameters (and the filters of an export, which have the same names): read with a type, or refused with 400."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sandbox import errors
from sandbox.ids import canonical

PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
MAX_PAGE = 1_000_000
MAX_TEXT = 500


class Params:
    """`prefix` goes before a parameter's name in errors (`filters.` in an export). Empty counts as not given."""

    def __init__(self, values: Mapping[str, str], prefix: str = "") -> None:
        self.values, self.prefix = values, prefix

    def text(self, name: str) -> str | None:
        value = (self.values.get(name) or "").strip()
        if len(value) > MAX_TEXT or "\x00" in value:
            raise self._wrong(name, f"must be text of at most {MAX_TEXT} characters")
        return value or None

    def one_of(self, name: str, allowed: Collection[str]) -> str | None:
        value = self.text(name)
        if value is not None and value not in allowed:
            raise self._wrong(name, f"must be one of {', '.join(allowed)}")
        return value

    def flag(self, name: str) -> bool | None:
        value = self.one_of(name, ("true", "false"))
        return None if value is None else value == "true"

    def reference(self, name: str, prefix: str) -> str | None:
        """The id that a filter names, prefixed or as a bare UUID."""
        value = self.text(name)
        found = canonical(prefix, value) if value else None
        if value and not found:
            raise self._wrong(name, f"must be an id that starts with {prefix}")
        return found

    def whole_number(self, name: str, default: int, highest: int) -> int:
        """A whole number from 1 to `highest`."""
        value = self.text(name)
        if value is None:
            return default
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
        if not 1 <= number <= highest:
            raise self._wrong(name, f"must be a whole number from 1 to {highest}")
        return number

    def moment(self, name: str, parse: Callable[[str], datetime]) -> datetime | None:
        value = self.text(name)
        try:
            return parse(value) if value else None
        except ValueError:
            raise self._wrong(name, "must be an ISO 8601 date or time") from None

    def _wrong(self, name: str, rule: str) -> errors.ApiError:
        return errors.invalid(f"{self.prefix}{name} {rule}", self.prefix + name)
