"""How a column writes its dates, found out from all of its cells."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from transfers.tables.dates import ORDERS, Spelled, is_none, moment, take_apart
from transfers.tables.zones import find_zone


@dataclass(slots=True)
class DateColumn:
    """What is known of a column's dates: `add` each cell, then ask.

    `clear` counts the dates that any format reads in the same way, `fits` the others by each format that reads them.
    `others` counts the cells that are no dates. `zoned` counts the dates that name their zone; `unclear_zone` is an
    abbreviation among them that may mean several.
    """

    clear: Counter[str] = field(default_factory=Counter)
    fits: Counter[str] = field(default_factory=Counter)
    dates: int = 0
    others: int = 0
    other: str = ""
    zoned: int = 0
    unclear_zone: str = ""
    _samples: dict[str, str] = field(default_factory=dict)
    _ambiguous: str = ""
    # Dates by the only one of "dmy" and "mdy" that reads them; in the future by format; with signs other than dots.
    _only: Counter[str] = field(default_factory=Counter)
    _ahead: Counter[str] = field(default_factory=Counter)
    _undotted: int = 0
    _soon: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(days=2))

    def add(self, cell: str) -> None:
        """Count a cell that is not empty."""
        if is_none(cell):
            return
        meant: dict[str, datetime] = {}  # by each format that reads the cell
        if spelled := take_apart(cell):
            codes = ORDERS if spelled.kind == "triple" else [spelled.kind]
            meant = {code: found for code in codes if (found := moment(spelled, code))}
        if not spelled or not meant:
            self.others += 1
            self.other = self.other or cell
            return
        self.dates += 1
        self._note_zone(spelled)
        for code in meant:
            self._samples.setdefault(code, cell)
        if spelled.kind in ("ymd", "name"):
            self.clear[spelled.kind] += 1
        else:
            self._note_order(cell, spelled, meant)

    def codes(self) -> list[str]:
        """The formats that can be chosen, the one that reads most cells first."""
        found = self.fits or self.clear
        return [code for code, _ in found.most_common()] or ["ymd"]

    def guess(self) -> str:
        """The format of the whole column; "" where two read as many cells and mean different days."""
        most = max(self.fits.values(), default=0)
        best = [code for code in self.codes() if self.fits[code] == most]
        if self._only["dmy"] and self._only["mdy"]:
            return ""
        best = [code for code in best if not self._ahead[code]] or best
        # Two digits of a year seldom stand first.
        best = [code for code in best if code != "ymd"] or best
        if len(best) == 1 or not self._ambiguous:
            return best[0]
        # Nobody writes the month first with dots.
        return "" if self._undotted else "dmy"

    def sample(self, code: str) -> str:
        """A cell in this format; one that shows the difference where there is one."""
        return self._ambiguous if code in ("dmy", "mdy") and self._ambiguous else self._samples.get(code, "")

    def unread(self, code: str) -> int:
        """How many cells are no dates in this format."""
        return self.others + self.dates - self.clear.total() - self.fits[code]

    def _note_zone(self, spelled: Spelled) -> None:
        if spelled.kind in ("unix", "unix_ms") or (spelled.zone and find_zone(spelled.zone)):
            self.zoned += 1
        elif spelled.zone:
            self.unclear_zone = spelled.zone.upper()

    def _note_order(self, cell: str, spelled: Spelled, meant: dict[str, datetime]) -> None:
        self.fits.update(meant.keys())
        self._undotted += spelled.kind == "triple" and spelled.sign != "."
        self._ahead.update(code for code, found in meant.items() if found > self._soon)
        orders = [code for code in ("dmy", "mdy") if code in meant]
        if len(orders) == 1:
            self._only[orders[0]] += 1
        elif len(orders) == 2 and meant["dmy"] != meant["mdy"]:
            self._ambiguous = self._ambiguous or cell
