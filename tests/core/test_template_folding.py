"""What is the same on every page is made when a template is compiled, once a language; the rest as ever."""

import pytest
from django.template import Context, Template, TemplateDoesNotExist
from django.template.base import TextNode
from django.template.loader import get_template
from django.utils import translation


@pytest.mark.parametrize(
    ("source", "constant"),
    [
        ('{% translate "Close" %}', True),
        ("{% translate words %}", False),
        ('{% translate "Close"|upper %}', False),
        ("{% url 'tickets:list' %}", True),
        ("{% url 'tickets:detail' id %}", False),
        ("{% static 'css/base.css' %}", True),
        ("{% static name %}", False),
        ('{% icon "x" %}', True),
        ("{% icon name %}", False),
    ],
)
def test_constants_become_text(source, constant):
    node = Template(f"{{% load i18n %}}{source}").nodelist[-1]
    assert isinstance(node, TextNode) is constant


@pytest.mark.parametrize(
    ("source", "values", "html"),
    [
        ('{% load i18n %}{% translate "<b>" %}', {}, "<b>"),
        ('{% load i18n %}{% translate "100 % of <i>" %}', {}, "100 % of <i>"),
        ("{% load i18n %}{% translate words %}", {"words": "<b>"}, "&lt;b&gt;"),
        ('{% load i18n %}{% translate "Close" as close %}[{{ close }}]', {}, "[Close]"),
        ('{% load i18n %}{% translate "Open" context "status" %}', {}, "Open"),
        ("{% url 'tickets:list' %}", {}, "/tickets/"),
        ("{% url 'tickets:list' as there %}[{{ there }}]", {}, "[/tickets/]"),
        ("{% url 'tickets:detail' id %}", {"id": "tkt_1"}, "/tickets/tkt_1/"),
        ("{% url name %}", {"name": "tickets:list"}, "/tickets/"),
        ("{% url 'no:such' as there %}[{{ there }}]", {}, "[]"),
        ("{% if there %}{% url 'no:such' %}{% endif %}", {}, ""),
        ("{% static name %}", {"name": "robots.txt"}, "/static/robots.txt"),
        ('{% include "forms/_errors.html" with errors=wrong id="a" %}', {"wrong": []}, "\n"),
        ("{% include name %}", {"name": "forms/_errors.html"}, "\n"),
        ('{% if there %}{% include "no/such.html" %}{% endif %}', {}, ""),
    ],
)
def test_they_say_what_djangos_say(source, values, html):
    assert Template(source).render(Context(values)) == html


def test_a_part_is_looked_up_once_and_only_where_it_is_drawn():
    page = Template('{% if there %}{% include "no/such.html" %}{% endif %}{% include "tickets/_send.html" %}')
    assert page.render(Context()) == page.render(Context())
    with pytest.raises(TemplateDoesNotExist, match=r"no/such\.html"):
        page.render(Context({"there": True}))


def test_a_template_is_compiled_once_a_language():
    found = {}
    for language in ("de", "en-gb", "de"):
        with translation.override(language):
            template = get_template("tickets/_send.html")
            assert found.setdefault(language, template.template) is template.template
            assert ("Senden" in template.render({})) is (language == "de")
