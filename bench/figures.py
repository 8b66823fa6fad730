"""Figures and their bars."""

from collections.abc import Iterable
from typing import NamedTuple


class Figure(NamedTuple):
    """Something measured. Without a bar it is there for information."""

    name: str
    value: float
    unit: str = ""
    bar: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.bar is not None and self.value > self.bar

    def __str__(self) -> str:
        bar = "" if self.bar is None else f"<= {_number(self.bar)}"
        verdict = "" if self.bar is None else "MISSED" if self.missed else "ok"
        return f"  {self.name:<64}{_number(self.value):>9} {self.unit:<7}{bar:>8}  {verdict:<7}{self.note}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() or value >= 1000 else f"{value:,.1f}"


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]
