"""No template says anything that is not translated."""

import re

import pytest

from tests.languages.catalogue import ROOT, files

# What is the same in every language.
_NAMES = {"cStar Desk", "Ctrl K"}
_SPOKEN_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "label", "data-label", "data-hotkey-label")

_DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_BLOCK = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}", re.DOTALL)
_TAG = re.compile(r"<!?/?[a-zA-Z](?:\"[^\"]*\"|'[^']*'|[^'\">])*>")
_ATTRIBUTE = re.compile(rf"(?<![\w-])({'|'.join(_SPOKEN_ATTRIBUTES)})=(\"[^\"]*\"|'[^']*')")
_WORD = re.compile(r"[^\W\d_]{2,}")
# A template may hold attributes alone, for a tag of another one.
_ATTRIBUTES_ALONE = re.compile(r"(?:[\w-]+=\"[^\"]*\"|\s|data-\w+)+")
_INCLUDED = re.compile(r"\{%-? *include [^%]*%\}")


def untranslated(source: str) -> list[str]:
    found = [
        given[2]
        for include in _INCLUDED.findall(source)
        for given in re.finditer(r"\b(label|any|none|words)=(\"[^\"]*\")", include)
    ]
    found += re.findall(r"\|default:(\"[^\"]*[A-Z ][^\"]*\"|'[^']*[A-Z ][^']*')", source)
    html = _DJANGO.sub("", _BLOCK.sub("", source))
    for tag in _TAG.findall(html):
        found += [value[1:-1] for _, value in _ATTRIBUTE.findall(tag)]
    found += [" ".join(text.split()) for text in _TAG.sub("\n\n", html).split("\n\n")]
    return [text for text in found if _WORD.search(text) and not _is_known(text)]


def _is_known(text: str) -> bool:
    return text.strip(" ·") in _NAMES or bool(_ATTRIBUTES_ALONE.fullmatch(text))


@pytest.mark.parametrize("path", files(".html"), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_text_of_a_template_is_translated(path):
    assert untranslated(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<p title="Hello">{{ name }}</p>',
        '<input placeholder="Hello {{ name }}">',
        "<p>{{ number }} of {{ total }}</p>",
        '{% include "x.html" with label="Hello" %}',
        '{{ name|default:"Nobody" }}',
    ],
)
def test_a_forgotten_text_is_found(source):
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %}</p>',
        '<a title="{% translate "Hello" %}" href="{% url "x" %}">{{ name }}</a>',
        "{% blocktranslate %}Hello <b>{{ name }}</b>{% endblocktranslate %}",
        "{# Hello #}",
        '<i data-clear=".cell > .presence"></i>',
    ],
)
def test_what_is_translated_is_left_alone(source):
    assert untranslated(source) == []
