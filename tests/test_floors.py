"""The floors that serve all resources name none of them: a new one must not have to be added there.

`transfers` stands above the apps and reads their declarations (`replica/transfer.py`) like the floors below.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from replica import registry

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("core", "budget", "replica", "outbox", "live")
# What transfers names all the same, and why.
NAMED_BY_TRANSFERS = {
    # The form's box "Also create customers who do not exist yet", not the resource.
    "transfers/mapping_form.py": {"customers"},
    # Keys under which other tools' JSON files list their records.
    "transfers/tables/json_file.py": {"tickets", "customers", "articles"},
}
IMPORTED_BY_TRANSFERS = {
    # Members are no resource that is transferred: they say whose names a file may hold.
    "transfers/conversation.py": {"members"},
    "transfers/values.py": {"members"},
    "transfers/verification.py": {"members"},
    # Posts the messages that an import did not take, as a reply is posted.
    "transfers/message_posting.py": {"tickets"},
}


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


def imported(source: str) -> set[str]:
    """The apps of resources that the code imports."""
    apps = {one.model._meta.app_label for one in registry.resources()} & {path.name for path in ROOT.iterdir()}
    found = set()
    for node in ast.walk(ast.parse(source)):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {module.partition(".")[0] for module in modules}
    return found & apps


def test_transfers_name_no_resource():
    files = {str(file.relative_to(ROOT)): file.read_text() for file in (ROOT / "transfers").rglob("*.py")}
    code = {file: source for file, source in files.items() if "/migrations/" not in file}
    names = {file: {text for _, text in named(source)} for file, source in code.items()}
    apps = {file: imported(source) for file, source in code.items()}
    assert {file: found for file, found in names.items() if found} == NAMED_BY_TRANSFERS
    assert {file: found for file, found in apps.items() if found} == IMPORTED_BY_TRANSFERS


def test_an_import_is_found():
    source = "from tickets.models import Ticket\nimport customers.forms\nfrom core import labels\n"
    assert imported(source) == {"tickets", "customers"}


def test_a_name_is_found():
    assert [text for _, text in named('x = {"categories": 1, "category.deleted": ("a ticket", "/tickets/x/")}')] == [
        "categories",
        "category.deleted",
        "/tickets/x/",
    ]
