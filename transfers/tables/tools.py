"""Which tool a file was exported from, by its heads; and what is known of that tool's exports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from transfers.tables.normalisation import phrase
from transfers.tables.vocabulary import load
from transfers.tables.zones import zone_of_head

_NUMBER_SIGNS = {"#", "№", "Nº", "N°"}


@dataclass(frozen=True, slots=True)
class Tool:
    """What vocabulary/tools.toml says of one."""

    name: str
    resource: str
    marks: list[str]
    at_least: int = 2
    heads: dict[str, list[str]] = field(default_factory=dict)
    joined: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    tags: str = ""
    messages: str = ""


def find_tool(header: Sequence[str], resource: str) -> Tool | None:
    """The tool with most of its marks in the header; None where no tool has enough."""
    heads = {head_phrase(name) for name in header}
    shares = [(len(heads.intersection(tool.marks)) / tool.at_least, tool) for tool in _tools_of(resource)]
    share, best = max(shares, key=lambda entry: entry[0], default=(0, None))
    return best if share >= 1 else None


def tool_named(name: str, resource: str) -> Tool | None:
    return next((tool for tool in _tools_of(resource) if tool.name == name), None)


def head_phrase(head: str) -> str:
    """A head as vocabularies write it: "Created at (UTC)" is "created at", "#" a number."""
    return "number" if head.strip() in _NUMBER_SIGNS else phrase(zone_of_head(head)[1])


@cache
def _tools_of(resource: str) -> list[Tool]:
    described: list[dict[str, Any]] = load("tools")["tool"]
    return [Tool(**fields) for fields in described if fields["resource"] == resource]
