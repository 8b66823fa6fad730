"""No page is wider than its window, whatever people wrote into it: what is too wide scrolls in itself."""

import pytest
from django.test import Client

from tests.browser.inside import ORIGIN, answer_from, show
from tests.conftest import Person
from tests.hostile import PUBLIC_PAGES, Hostile

WIDTHS = (320, 390, 640, 768, 1024, 1440)
WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 10  # 420 letters without a place to break

# For the menus closed and then open: how wide the page is, if it can be scrolled sideways, and the first elements that
# stick out of the window and out of nothing that scrolls by itself.
TOO_WIDE = """() => [false, true].flatMap((open) => {
    for (const menu of document.querySelectorAll("details")) { menu.name = ""; menu.open = open; }
    const page = document.documentElement, end = page.clientWidth;
    if (page.scrollWidth <= end) return [];
    const contained = (e) => {
        for (let box = e.parentElement; box && box !== document.body; box = box.parentElement) {
            const scrolls = getComputedStyle(box).overflowX !== "visible";
            if (scrolls && box.getBoundingClientRect().right <= end + 1) return true;
        }
    };
    const out = [...document.body.querySelectorAll("*")].filter((e) =>
        e.checkVisibility() && e.getBoundingClientRect().right > end + 1 && !contained(e));
    const named = out.slice(0, 4).map((e) => `${e.tagName.toLowerCase()}.${[...e.classList].join(".")}`);
    return [`${page.scrollWidth} px${open ? ", menus open" : ""}: ${named.join(", ")}`];
})"""


@pytest.fixture
def hostile(acme, settings, tmp_path) -> Hostile:
    settings.TRANSFERS_DIR = tmp_path
    return Hostile(acme, Person("admin"), WORD)


def test_every_page_of_the_site_is_measured(hostile):
    assert hostile.not_shown == set()


def test_no_page_is_wider_than_its_window(chromium, hostile):
    found = []
    for person, pages in ((hostile.person, hostile.pages), (Client(), PUBLIC_PAGES)):
        context = chromium.new_context(base_url=ORIGIN, reduced_motion="reduce")
        answer_from(context, person)
        page = context.new_page()
        for path in pages:
            assert page.goto(path).status in {200, 404}
            found += [f"{path} at {problem}" for problem in too_wide(page)]
        context.close()
    assert not found, "\n".join(found)


def test_no_form_that_was_refused_is_wider_than_its_window(chromium, hostile):
    context = chromium.new_context(base_url=ORIGIN, reduced_motion="reduce")
    answer_from(context, hostile.person)
    page = context.new_page()
    found = []
    for at, refused in enumerate(hostile.refused):
        show(page, refused)
        assert WORD[:40] in page.content()
        found += [f"the {at + 1}. at {problem}" for problem in too_wide(page)]
    context.close()
    assert not found, "\n".join(found)


def too_wide(page) -> list[str]:
    """What sticks out of the page, and at which widths."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width} px: {problem}" for problem in page.evaluate(TOO_WIDE)]
    return found


def test_what_is_too_wide_is_found(chromium, hostile):
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    page.set_content(f"<details><summary>x</summary><span>{WORD}</span></details>")
    assert [problem.partition("px")[2] for problem in page.evaluate(TOO_WIDE)] == [", menus open: span."]
    page.close()
    shown = [path for path in hostile.pages if WORD[:40] in hostile.person.get(path).content.decode()]
    assert len(shown) > 55
