"""E-mail addresses as cells hold them: one, several, or with the name of whom they belong to."""

import re
from dataclasses import dataclass

_SEPARATORS = re.compile(r":::|[;,|/\n]|(?<=[^\s<(])\s+(?=[^\s@<(]+@[^\s@]+)")
_ADDRESS = re.compile(r"(?:mailto:)?([^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+)", re.IGNORECASE)
_LONGEST = 2_000  # characters of a cell that is looked at
_EDGES = " \t\"'<>()[]"


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a cell holds: `first` ("" where there is no address), the `others`, and the `name` beside a single one."""

    first: str = ""
    others: tuple[str, ...] = ()
    name: str = ""


def find_addresses(cell: str) -> Addresses:
    """The addresses of a cell like "Ada Byron <ada@x.example>", "ada@x.example (Ada)" or "a@x.example; b@x.example"."""
    if len(cell) > _LONGEST:
        return Addresses(name=cell.strip())
    if cell.count("@") == 1:
        found = _ADDRESS.search(cell)
        if found is None:
            return Addresses(name=cell.strip())
        # The name stands before the address, else behind it in brackets.
        before, behind = cell[: found.start()].strip(_EDGES), cell[found.end() :].strip(_EDGES)
        name = (before or behind).strip(" ,;:|-")
        return Addresses(found[1], name=" ".join(name.split()))
    pieces = [found[1] for piece in _SEPARATORS.split(cell) if (found := _ADDRESS.search(piece))]
    addresses = list(dict.fromkeys(pieces))
    return Addresses(addresses[0], tuple(addresses[1:])) if addresses else Addresses(name=cell.strip())
