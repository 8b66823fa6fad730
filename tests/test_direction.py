"""Words of another direction reorder nothing around them: each stands in an element that finds its own direction."""

from html.parser import HTMLParser

import pytest

from core.bidi import isolate
from tests.conftest import Person
from tests.hostile import Hostile

WORD = "שלום (עולם), א! " * 4
LETTER = "ש"
# What has a direction of its own (del and ins by panels.css), or is drawn by the browser itself.
ALONE = {"bdi", "del", "ins", "title", "option", "textarea", "script", "style"}
VOID = {"input", "br", "img", "meta", "link", "hr", "use", "line", "rect", "path", "circle"}


class Outside(HTMLParser):
    """Collects what stands in no element of a direction of its own: texts, and fields that hold them."""

    def __init__(self):
        super().__init__()
        self.open: list[tuple[str, dict]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in {"input", "textarea"} and given.get("type") not in {"hidden", "checkbox", "radio"}:
            holds = LETTER in (given.get("value") or "") or tag == "textarea"
            if holds and given.get("dir") != "auto":
                self.found.append(f"<{tag} name={given.get('name')}>")
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if LETTER not in data or "\u2068" in data:
            return
        if not any(given.get("dir") == "auto" or tag in ALONE or "aria-hidden" in given for tag, given in self.open):
            self.found.append(" > ".join(tag for tag, _ in self.open[-4:]) + f": {data.strip()[:30]}")


@pytest.fixture
def hostile(acme, settings, tmp_path) -> Hostile:
    settings.TRANSFERS_DIR = tmp_path
    return Hostile(acme, Person("admin"), WORD)


def test_every_word_that_people_wrote_has_a_direction_of_its_own(hostile):
    found = []
    for path in hostile.pages:
        html = hostile.person.get(path).content.decode()
        outside = Outside()
        outside.feed(html)
        found += [f"{path}: {place}" for place in dict.fromkeys(outside.found)]
    assert not found, "\n".join(found)


def test_the_odd_words_are_on_the_pages(hostile):
    assert sum(LETTER in hostile.person.get(path).content.decode() for path in hostile.pages) > 50


def test_names_in_sentences_without_markup_are_isolated():
    assert isolate("Ada (x)") == "Ada (x)"
    assert isolate("دانا (x)") == "\u2068دانا (x)\u2069"
