"""Documents, sections and modules that code and documentation name are in the repository."""

import re
import subprocess
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest

from tests import services

ROOT = Path(__file__).parent.parent
# The changelog tells of files as they were, and these tests hold made-up names on purpose.
MADE_UP = ("tests/test_references.py", "tests/core/test_plain_text.py")
LEFT_OUT = (*MADE_UP, "CHANGELOG.md", "locale/", "static/vendor/")
SUFFIXES = {"", ".py", ".md", ".js", ".mjs", ".css", ".html", ".toml", ".yaml", ".sh", ".conf", ".service"}
URL = re.compile(r"\b[a-z]+://\S+")
DOCUMENT = re.compile(r"(?<![\w./{}*-])((?:\.{1,2}/|[\w-]+/)*(?:[\w-]+\.md|seed-[\w*-]+\.txt))(?:#([\w-]+))?")
# In plain text or at the start of a docstring; a string of code that names a missing file fails by itself.
BEFORE = r"""(?:(?<=\"{3})|(?<![\w./"'{}-]))"""
MODULE = re.compile(BEFORE + r"([a-z_][\w-]*(?:/[\w-]+)*\.py|[a-z_][\w-]*(?:/[\w-]+)+\.(?:mjs|js|css|html|toml))\b")
OWN_ANCHOR = re.compile(r"\]\(#([\w-]+)\)")


def tracked() -> set[str]:
    # Files that are new and not in git yet count too.
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.splitlines() if (ROOT / name).is_file()}


@cache
def anchors(name: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+?) *$", (ROOT / name).read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def target(path: str, name: str, files: set[str], folders: tuple[str, ...] = ()) -> str | None:
    """The file that `path` means where `name` mentions it: from the root, beside it, or in one of the folders."""
    places = [path, *(f"{folder}/{path}" for folder in (PurePosixPath(name).parent, *folders))]
    return next((place for place in map(normpath, places) if place in files), None)


def wrong(name: str, text: str, files: set[str]) -> list[str]:
    """Each reference in the text of the file `name` that leads nowhere, as file:line and what it says."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = URL.sub("", line)
        for path, anchor in DOCUMENT.findall(plain):
            document = target(path, name, files)
            if document is None or (anchor and anchor not in anchors(document)):
                found.append(f"{name}:{number} {path}{anchor and '#'}{anchor}")
        for path in MODULE.findall(plain):
            if target(path, name, files, ("templates", "static")) is None:
                found.append(f"{name}:{number} {path}")
        if name.endswith(".md"):
            found += [f"{name}:{number} #{own}" for own in OWN_ANCHOR.findall(plain) if own not in anchors(name)]
    return found


def test_every_reference_leads_somewhere():
    files = tracked()
    read = [name for name in sorted(files) if PurePosixPath(name).suffix in SUFFIXES and not name.startswith(LEFT_OUT)]
    assert len(read) > 500
    assert [place for name in read for place in wrong(name, (ROOT / name).read_text(), files)] == []


@pytest.mark.parametrize(
    "bad", ["absent.md", "docs/bench.md#absent", "seed-*.txt", "sync/outbox.py", "rail.py", "core/no.css"]
)
def test_a_bad_reference_is_found(bad):
    text = f'"""README.md, docs/cstar-api.md#rate-limits, core/live.py, https://example.org/{bad}"""\n# See {bad}.'
    assert wrong("core/live.py", text, tracked()) == [f"core/live.py:2 {bad}"]


def test_what_is_left_out_on_postgresql_is_there():
    """A test that was renamed runs there again, and its old name is to be taken off the list."""
    for name in services.SAME_ON_EVERY_DATABASE:
        path, _, function = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not function or f"\ndef {function}" in (ROOT / path).read_text(), name
