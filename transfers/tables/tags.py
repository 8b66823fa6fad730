"""How several tags share a cell: one way for the whole column."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from core import tags
from core.folding import each_once

# Codes of the ways, with what stands between two tags. Quotes keep what they hold together, but for "none".
SEPARATORS = {"commas": ",", "semicolons": ";", "bars": "|", "lines": "\n", "blanks": " ", "google": ":::"}
WAYS = (*SEPARATORS, "json", "none")

_WORD = re.compile(r"[a-z0-9_\-./+]+")


def split_tags(cell: str, way: str) -> list[str]:
    """The tags of a cell, each once, in their order."""
    if way == "json":
        found = _from_json(cell)
    elif way == "none":
        found = [cell]
    elif way == "google":
        # Its own groups ("* myContacts") begin with a star.
        found = [tag for tag in cell.split(":::") if not tag.strip().startswith("* ")]
    elif way in ("blanks", "lines"):
        found = cell.split() if way == "blanks" else cell.splitlines()
    else:
        found = tags.split_tags(cell, SEPARATORS[way])
    return each_once(tag.strip() for tag in found if tag.strip())


@dataclass(slots=True)
class TagColumn:
    """What is known of a column's tags: `add` each cell that is not empty, then ask."""

    signs: Counter[str] = field(default_factory=Counter)
    cells: int = 0
    # Cells of several words that could all be tags, as tools write them that separate by blanks; one with "_" in it.
    words: int = 0
    underscored: bool = False
    sample: str = ""

    def add(self, cell: str) -> None:
        self.cells += 1
        found = _signs(cell)
        self.signs.update(found)
        if found or len(cell.split()) > 1:
            self.sample = self.sample or cell
        if not found and all(map(_WORD.fullmatch, cell.split())):
            self.words += 1
            self.underscored |= "_" in cell and " " in cell.strip()

    def guess(self, known: str = "") -> str:
        """The way of the column; `known` is that of the tool it comes from."""
        if self.signs["json"] == self.cells and self.cells:
            return "json"
        if known in ("blanks", "none", "google"):
            return known
        if self.signs["google"]:
            return "google"
        if not self.signs:
            return "blanks" if self.underscored and self.words == self.cells and not known else known or "commas"
        most = max(self.signs.values())
        # Commas also stand within tags ("Smith, John").
        best = [way for way in ("lines", "bars", "semicolons", "commas") if self.signs[way] == most]
        return known if known in best else best[0]


def _signs(cell: str) -> set[str]:
    """The ways that the cell could be meant in, beside that of blanks."""
    if cell.startswith("[") and cell.endswith("]"):
        return {"json"}
    if ":::" in cell:
        return {"google"}
    bare = re.sub(r'"[^"]*"', "", cell)
    return {way for way in ("commas", "semicolons", "bars", "lines") if SEPARATORS[way] in bare.strip()}


def _from_json(cell: str) -> list[str]:
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return tags.split_tags(cell)
    values = found if isinstance(found, list) else [found]
    return [str(value) for value in values if isinstance(value, str | int | float)]
