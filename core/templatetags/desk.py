"""Template tags of the whole desk: icons, times, numbers of things."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zlib import crc32

from django import template
from django.template import Context, defaulttags, loader_tags
from django.template.base import Node, Parser, Token
from django.templatetags.static import StaticNode
from django.templatetags.static import static as static_url
from django.urls import NoReverseMatch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import labels, stored_texts, times
from core.form_owner import signed_person
from core.fragment_cache import all_drawn, drawn, fragments
from core.tags import join_tags
from core.template_folding import Part, is_constant, made, where_constant
from core.times import Age, Style, age, told
from core.urls import page_url

register = template.Library()
register.simple_tag(drawn)
register.simple_tag(all_drawn)
register.simple_tag(page_url)


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """As Django's; an address that holds no variable is looked up when the template is compiled."""
    node = defaulttags.url(parser, token)
    if not is_constant(node.view_name) or node.args or node.kwargs or node.asvar:
        return node
    try:
        return made(node)
    except NoReverseMatch:  # of a way in that this desk has not, in a part of the page that is not drawn then
        return node


@register.tag
def static(parser: Parser, token: Token) -> Node:
    """As Django's; a file that no variable names is looked up when the template is compiled."""
    node = StaticNode.handle_token(parser, token)
    return made(node) if is_constant(node.path) and not node.varname else node


@register.tag
def include(parser: Parser, token: Token) -> Node:
    """As Django's; a part that no variable names is looked up once and not in each page."""
    node = loader_tags.do_include(parser, token)
    if is_constant(node.template):
        node.template = Part(node.template.var)  # type: ignore[assignment]  # an include asks it to resolve, no more
    return node


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A picture from the sprite, for the eye only: its meaning stands beside it in words. Each is made once."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static_url("icons/lucide-sprite.svg"), name
    )


register.tag("icon", where_constant(register.tags["icon"]))


@register.simple_tag
@lru_cache(maxsize=1000)
def avatar(name: str, size: str = "") -> SafeString:
    """Initials on a colour that stand for a person; `size` is large or huge. The name itself stands beside it."""
    return format_html(
        '<span class="avatar avatar--{}{}" aria-hidden="true">{}</span>',
        hue(name),
        f" avatar--{size}" if size else "",
        initials(name),
    )


@register.simple_tag
@lru_cache(maxsize=1000)
def person(name: str) -> SafeString:
    """A person in a cell: the avatar and the name."""
    return format_html('<span class="person">{}<bdi class="truncate">{}</bdi></span>', avatar(name), name)


@register.filter
def isolated(name: str) -> SafeString:
    """A name within a sentence: one of another direction reorders nothing of what stands around it."""
    return format_html("<bdi>{}</bdi>", name)


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str | Iterable[str] | None = ()) -> SafeString:
    """The `<option>`s of a select from (value, words); `chosen` is the value or the values that it shows."""
    rows = tuple((value, str(words)) for value, words in choices)
    values = (chosen,) if isinstance(chosen, str) else tuple(chosen or ())
    key = "options", rows, values
    if (parts := fragments.get(key)) is None:
        marked = ((value, mark_safe(" selected" if value in values else ""), words) for value, words in rows)
        parts = (format_html_join("", '<option value="{}"{}>{}</option>', marked),)
        fragments.keep(key, parts)
    return mark_safe(parts[0])


@register.simple_tag(takes_context=True)
def form_guard(context: Context) -> SafeString:
    """In every form of a team: the token, and the team and person that the page was made for (teams/access.py)."""
    team = getattr(context["desk"].team, "pk", "")  # admins of the desk need not be in one
    return _form_guard(str(context["csrf_token"]), str(team), str(context["request"].user.pk))


@lru_cache(maxsize=100)  # a page has one in each of its forms
def _form_guard(token: str, team: str, person: str) -> SafeString:
    hidden = (("csrfmiddlewaretoken", token), ("team", team), ("person", signed_person(person)))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden)


@register.simple_tag
def ago(moment: datetime | Age | None, style: Style = "list") -> SafeString:
    """A time as people say it, with the exact one on hover; `style` as in core/times.py."""
    return told(moment if isinstance(moment, Age) else age(moment, style=style))


@register.simple_tag
def ago_words() -> str:
    """The words of `ago` for <relative-time>."""
    return "|".join(map(_, (times.NOW, times.MINUTES, times.HOURS)))


def initials(name: str) -> str:
    """Two letters that stand for a person."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else "?"
    return letters.upper()


def hue(name: str) -> int:
    """A colour number 1 to 8 that is always the same for the same name."""
    return crc32(name.encode()) % 8 + 1


@register.filter
def in_words(duration: timedelta) -> str:
    """How long something takes: 45 s, 3 min, 2 h 5 min."""
    seconds = round(duration.total_seconds())
    if seconds < 90:
        return _("{n} s").format(n=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


register.filter("words", labels.words)
register.filter("field_words", labels.field)
register.filter("kept", stored_texts.shown)


@register.filter
def shown(value: object, field: str = "") -> str:
    """A recorded value for the eye: lists as words, nothing as a dash, cStar's own words as people know them."""
    if isinstance(value, str) and field in labels.FIELDS_OF_WORDS:
        return labels.recorded(value) or "—"
    if isinstance(value, list):
        return join_tags(map(str, value)) or "—"
    return "—" if value in (None, "") else str(value)
