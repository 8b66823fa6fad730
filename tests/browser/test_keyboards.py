"""Shortcuts on keyboards of many countries: by the letter, or by its place where there is no Latin letter."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

# The module alone, with one element for each kind of shortcut.
PAGE = """<!doctype html><html><body>
<input id="search" data-hotkey="/" data-omnibox>
<button data-hotkey="?" data-hotkey-label="Keys">Keys</button>
<button data-hotkey="g u">Unassigned</button>
<hot-keys data-enabled></hot-keys>
<script type="module" src="/hot-keys.js"></script></body></html>"""
# What is pressed by the keys, and which letters go out to those who have shortcuts of their own.
PRESS = """(keys) => {
    const heard = [], usual = { bubbles: true, cancelable: true };
    document.addEventListener("hotkey", (event) => heard.push(event.detail));
    document.addEventListener("click", (event) => heard.push(event.target.textContent));
    document.addEventListener("focusin", (event) => heard.push("Search"));
    for (const [key, code, modifiers] of keys)
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, ...modifiers, ...usual }));
    return heard;
}"""
SHIFT, CAPS = {"shiftKey": True}, {"modifierCapsLock": True}


@pytest.fixture(scope="module")
def window(chromium):
    window = chromium.new_page()
    window.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    script = Path(str(finders.find("js/hot-keys.js"))).read_text()
    window.route("**/*.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    yield window
    window.close()


@pytest.fixture
def press(window):
    window.goto("http://keys.example/")
    window.wait_for_selector("hot-keys:defined", state="attached")
    return lambda keys: window.evaluate(PRESS, keys)


@pytest.mark.parametrize(
    ("keys", "heard"),
    [
        ([("j", "KeyJ", {})], ["j"]),
        ([("о", "KeyJ", {}), ("л", "KeyK", {})], ["j", "k"]),  # Russian
        ([("ξ", "KeyJ", {}), ("κ", "KeyK", {})], ["j", "k"]),  # Greek
        ([("ח", "KeyJ", {}), ("ל", "KeyK", {})], ["j", "k"]),  # Hebrew
        ([("ت", "KeyJ", {}), ("ن", "KeyK", {})], ["j", "k"]),  # Arabic
        ([("О", "KeyJ", CAPS), ("J", "KeyJ", CAPS)], ["j", "j"]),
        ([("J", "KeyJ", SHIFT), ("О", "KeyJ", SHIFT), ("j", "KeyJ", SHIFT | CAPS)], ["J", "J", "J"]),
        ([("z", "KeyY", {}), ("y", "KeyZ", {})], ["z", "y"]),  # German
        ([("ö", "Semicolon", {}), ("ß", "Minus", {})], ["ö", "ß"]),
        ([("a", "KeyQ", {}), ("q", "KeyA", {}), ("é", "Digit2", {})], ["a", "q", "é"]),  # French
        ([("h", "KeyJ", {}), ("j", "KeyC", {}), ("k", "KeyV", {})], ["h", "j", "k"]),  # Dvorak
        ([("'", "KeyQ", {}), (",", "KeyW", {})], ["'", ","]),
        ([("ı", "KeyI", {})], ["ı"]),  # Turkish
    ],
)
def test_what_a_key_is(press, keys, heard):
    assert press(keys) == heard


@pytest.mark.parametrize(
    "keys",
    [
        [("/", "Slash", {})],
        [("/", "Digit7", SHIFT)],  # German
        [("/", "Period", SHIFT)],  # French
        [("/", "BracketLeft", {})],  # Dvorak
        [("/", "KeyQ", {})],  # Hebrew, before it is known to be one
        [("о", "KeyJ", {}), (".", "Slash", {})],  # Russian, where this key writes a full stop
        [("ח", "KeyJ", {}), (".", "Slash", {})],
    ],
)
def test_search_is_where_the_stroke_is(press, keys):
    assert press(keys)[-1] == "Search"


@pytest.mark.parametrize(
    "keys",
    [
        [("?", "Slash", SHIFT)],
        [("?", "Minus", SHIFT)],  # German
        [("?", "KeyM", SHIFT)],  # French
        [("о", "KeyJ", {}), ("?", "Digit7", SHIFT)],  # Russian
        [("о", "KeyJ", {}), (",", "Slash", SHIFT)],
    ],
)
def test_the_sheet_of_keys_is_where_the_question_mark_is(press, keys):
    assert press(keys)[-1] == "Keys"


@pytest.mark.parametrize("key", [("k", "KeyK"), ("K", "KeyK"), ("л", "KeyK"), ("ל", "KeyK"), ("k", "KeyV")])
def test_ctrl_k_is_where_the_k_is(press, key):
    assert press([(*key, {"ctrlKey": True})]) == ["Search"]


def test_a_view_is_two_keys_away_on_a_russian_keyboard(press):
    assert press([("п", "KeyG", {}), ("г", "KeyU", {})]) == ["Unassigned"]


def test_what_an_input_method_composes_is_no_shortcut(press):
    assert press([("j", "KeyJ", {"isComposing": True})]) == []


def test_what_is_typed_into_a_field_tells_the_keyboard_too(press, window):
    window.evaluate("""() => document.getElementById("search")
        .dispatchEvent(new KeyboardEvent("keydown", { key: "ж", code: "Semicolon", bubbles: true }))""")
    assert press([(".", "Slash", {})]) == ["Search"]
