"""The list of a resource: its page, its fragment, and what changed in it while it is open. One piece for all resources.

`Listing` is the part of a Resource that says what its list has. The templates are in `templates/lists/`; a resource
that needs more extends them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.formats import localize
from django.utils.functional import Promise

from core import labels
from core.filters import FilterForm
from core.list_headers import Column, Pill, heads, pills
from core.pagination import Page, paginate
from core.partials import render_page
from core.stored_texts import in_english
from core.urls import page_url
from replica import list_delta
from replica.resource import Resource
from replica.versioned_cache import complete, remembered, team_state
from teams.access import TeamRequest
from teams.models import Team
from teams.policy import May
from teams.viewer import Viewer

Choice = tuple[str, Any]
Choices = Callable[[Team], list[Choice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A select above the list for the filter form's field `name`.

    `choices(team)` and, above a line, `first(team, form)` are what it offers; `every` is its first entry, which filters
    nothing. `words(team, value)` says a value on its pill; without it the value stands for itself. `label` stands for
    the form field's own. A filter without choices is set by links alone.
    """

    name: str
    every: str | Promise = ""
    choices: Choices | None = None
    first: Callable[[Team, Any], list[Choice]] | None = None
    label: str | Promise = ""
    words: Callable[[Team, str], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyList:
    """What a list without rows says: nothing has been read yet, no row matches, there is none."""

    icon: str
    loading: str | Promise
    no_match: str | Promise
    no_match_hint: str | Promise
    nothing: str | Promise
    nothing_hint: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the list of a resource has.

    `matching(viewer, form)` narrows the team's rows by the form's filters; `columns_read` are the model's columns that
    a row is drawn from. `title` is the list's heading, `name` the attribute that names a row. `counts` and
    `new_counts` say how many rows there are and how many are new: an `ngettext_lazy` of texts with `{number}`, which is
    also the name of its number. `search_hint` stands in the empty search field.

    Where that is not enough: `page_of(viewer, form)` finds a page in another way, `prepare(request, form, rows)`
    adds to its rows what the cells need, and `whose(viewer, form)` is what else a page depends on, such as the person
    ("" for nothing). `templates` names those that extend `lists/page.html` and `lists/_list.html`.
    """

    title: str | Promise
    name: str
    form: type[FilterForm]
    matching: Callable[[Viewer, Any], QuerySet[Any]]
    columns_read: tuple[str, ...]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    search_hint: str | Promise
    filter_label: str | Promise
    pages_label: str | Promise
    counts: Any
    new_counts: Any
    empty: EmptyList
    create: tuple[str, str | Promise, May] | None = None
    page_of: Callable[[Viewer, Any], Page] | None = None
    prepare: Callable[[TeamRequest, Any, list[Any]], list[Any]] = lambda request, form, rows: rows
    whose: Callable[[Viewer, Any], object] = lambda viewer, form: ""
    templates: Mapping[str, str] = field(default_factory=dict)

    def counted(self, number: int) -> str:
        """So many of them: "1 ticket", "1,240 tickets"."""
        return (self.counts % {"number": number}).format(number=localize(number))

    def count_texts(self) -> tuple[str, str]:
        """The two texts of `counts`, in English: for those who keep what `counted` says."""
        with in_english():
            return self.counts % {"number": 1}, self.counts % {"number": 2}

    def counted_new(self, number: int) -> str:
        """So many new ones: "1 new ticket"."""
        return (self.new_counts % {"number": number}).format(number=localize(number))


def cstar_words(team: Team, value: str) -> str:
    """One of cStar's own words on a pill."""
    return labels.words(value)


class ShownFilter(NamedTuple):
    """A filter as the page shows it."""

    name: str
    label: str | Promise
    every: str | Promise
    first: list[Choice]
    choices: list[Choice]
    chosen: str | list[str]


def filter_form(request: TeamRequest, resource: Resource) -> Any:
    """The list's address as a form, read once a request."""
    key = f"filter:{resource.name}"
    if key not in request.memo:
        request.memo[key] = resource.listing.form(request.GET)
    return request.memo[key]


def filters_of(resource: Resource, address: str) -> Any:
    """The filters of the list with this address (`?status=open&...`)."""
    return resource.listing.form(QueryDict(address.removeprefix("?")))


def matching(viewer: Viewer, resource: Resource, form: Any) -> QuerySet[Any]:
    """The objects that the form's filters let through, in no order yet; none where a filter cannot be used."""
    if form.compares_text:
        complete(viewer.team, resource.name)
    return resource.listing.matching(viewer, form)


def pills_of(team: Team, resource: Resource, form: FilterForm) -> list[Pill]:
    words = {one.name: one.words for one in resource.listing.filters if one.words}
    return pills(form, lambda name, value: words[name](team, value) if name in words else value)


def list_page(request: TeamRequest, resource: Resource, **extra: Any) -> HttpResponse:
    """The list, filtered, sorted and paged by its address, from the working copy alone (no API call)."""
    listing, form = resource.listing, filter_form(request, resource)
    page = _page(request.viewer, resource, form)
    context = _context(request, resource, form) | {
        "page": replace(page, items=listing.prepare(request, form, page.items)),
        "heads": heads(form, listing.columns),
        "pills": pills_of(request.team, resource, form),
        "filters": [_shown(request.team, form, one) for one in listing.filters if one.choices],
        "create": _create(request, listing),
        "total": listing.counted(page.total),
        "filled": team_state(request.team).holds(resource.name),
    }
    templates = {"page": "lists/page.html", "list": "lists/_list.html"} | dict(listing.templates)
    partials = {f"{resource.audit_type}-list": templates["list"]}
    context |= extra | {"list_template": templates["list"]}
    return render_page(request, templates["page"], context, partials=partials, address=form.address)


def list_changes(request: TeamRequest, resource: Resource) -> HttpResponse:
    """Return the rows of the page that changed, marked where they left the list, and the number of new rows."""
    listing, form = resource.listing, filter_form(request, resource)
    # Many people look at the same list, and all of them ask within seconds of a change.
    whose = listing.whose(request.viewer, form)
    first_page_key = f"first:{resource.name}:{form.fingerprint}:{form.sort}:{form.page_size}:{whose}"
    number = team_state(request.team).change_number
    found = list_delta.changes(
        request,
        form,
        rows=resource.held(request.team).only(*listing.columns_read),
        matching=matching(request.viewer, resource, form),
        first_page=lambda: remembered(
            request.team,
            first_page_key,
            lambda: [(row.cstar_id, row.changed) for row in _page(request.viewer, resource, form).items],
        ),
    )
    if not any(found):
        return list_delta.at(number, HttpResponse(status=204))
    changed = listing.prepare(request, form, found.changed)
    context = _context(request, resource, form) | found._asdict() | {"changed": changed}
    return list_delta.at(number, render(request, "lists/_changes.html", context))


def _context(request: TeamRequest, resource: Resource, form: FilterForm) -> dict[str, Any]:
    return {
        "resource": resource,
        "listing": resource.listing,
        "form": form,
        "list_url": resource.list_url,
        "changes_url": page_url(f"{resource.name}:live"),
    }


def _page(viewer: Viewer, resource: Resource, form: Any) -> Page:
    """One query, and a count that is remembered."""
    listing = resource.listing
    if listing.page_of:
        return listing.page_of(viewer, form)
    found = matching(viewer, resource, form)
    total = remembered(viewer.team, f"{resource.name}:{form.fingerprint}", found.order_by().count)
    rows = found.order_by(*form.order).only(*listing.columns_read)
    return paginate(rows, number=form.page, size=form.page_size, total=total, query=form.query)


def _shown(team: Team, form: Any, one: Filter) -> ShownFilter:
    chosen = form.data.getlist(one.name)
    first = one.first(team, form) if one.first else []
    choices = one.choices(team) if one.choices else []
    return ShownFilter(one.name, one.label or form.fields[one.name].label, one.every, first, choices, chosen)


def _create(request: TeamRequest, listing: Listing) -> tuple[str, str | Promise] | None:
    if listing.create is None:
        return None
    route, words, right = listing.create
    return (page_url(route), words) if request.membership.allows(right) else None
