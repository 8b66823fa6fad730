"""The floors that serve all resources name none of them: a new one must not have to be added there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from replica import registry

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("core", "budget", "replica", "outbox", "live")


def strings(source: str) -> Iterator[tuple[int, str]]:
    """The texts in code with their lines; docstrings and longer sentences are for people."""
    tree = ast.parse(source)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def named(source: str) -> list[tuple[int, str]]:
    """Where a resource is named: `tickets`, `tickets:detail`, `/tickets/`, `ticket.created`, `ticket.*`."""
    plurals = "|".join(registry.names())
    kinds = "|".join({one.audit_type for one in registry.resources()} - {"settings"})
    name = re.compile(rf"/?({plurals})([:/].*)?|({kinds})\.[a-z_*]+")
    return [(line, text) for line, text in strings(source) if name.fullmatch(text)]


def test_no_floor_below_names_a_resource():
    files = [file for floor in FLOORS for file in (ROOT / floor).rglob("*.py") if "migrations" not in file.parts]
    found = {str(file.relative_to(ROOT)): named(file.read_text()) for file in files}
    # cStar has no event of its own for tests: any that it knows is delivered as one.
    assert [text for _, text in found.pop("replica/webhook_registration.py")] == ["ticket.created"]
    assert {file: names for file, names in found.items() if names} == {}


def test_a_name_is_found():
    assert [text for _, text in named('x = {"categories": 1, "category.deleted": ("a ticket", "/tickets/x/")}')] == [
        "categories",
        "category.deleted",
        "/tickets/x/",
    ]
