"""What can be transferred: where each resource's objects are held, and which of their fields can be edited in bulk."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.forms import ArticleFilterForm
from articles.listing import article_pills
from articles.models import Article
from articles.queries import matching as matching_articles
from articles.resource import IS_PUBLIC
from articles.resource import STATUSES as ARTICLE_STATUSES
from core.filters import FilterForm
from core.list_headers import Pill
from customers.forms import CustomerFilterForm
from customers.listing import customer_pills
from customers.models import Customer
from customers.queries import matching as matching_customers
from customers.resource import SENTIMENTS
from customers.resource import STATUSES as CUSTOMER_STATUSES
from replica.models import WorkingCopy
from teams.access import TeamRequest
from teams.models import Team
from tickets.forms import TicketFilterForm
from tickets.listing import ticket_pills
from tickets.models import PRIORITIES, STATUSES, Status, Ticket
from tickets.queries import matching as matching_tickets


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the API that /bulk, /import and /export know.

    `name` is its plural, as the API and its working copy call it. `matching` answers the objects that a list's filters
    let through. `title` is the column that names an object for people, `pills` says the list's filters in words.
    """

    name: str
    one: str
    model: type[WorkingCopy]
    form: type[FilterForm]
    matching: Callable[[TeamRequest, Any], QuerySet[Any]]
    title: str
    pills: Callable[[TeamRequest, Any], list[Pill]]
    parts: Callable[[Team], dict[str, list[str]]]

    def export_filters(self, team: Team) -> list[dict[str, str]]:
        """The filters of the exports that together bring more than one export can."""
        values = self.parts(team)
        return [dict(zip(values, found, strict=True)) for found in product(*values.values())]

    @property
    def words(self) -> str:
        """Its objects as people call them: tickets."""
        return _(self.name)

    @property
    def one_words(self) -> str:
        return _(self.one)

    @property
    def list_url(self) -> str:
        return reverse(f"{self.name}:list")

    @property
    def page(self) -> str:
        """The route of an object's page."""
        return f"{self.name}:detail"

    def filters(self, address: str) -> FilterForm:
        """What the list with this address (`?status=open&...`) asks for."""
        return self.form(QueryDict(address.removeprefix("?")))

    def listed(self, request: TeamRequest, address: str) -> QuerySet[Any]:
        """The objects of the list with this address, in its order."""
        form = self.filters(address)
        return self.matching(request, form).order_by(*form.order)


def ticket_statuses(team: Team) -> list[str]:
    """The team's own; cStar's where they are not known."""
    return list(Status.objects.filter(team=team).values_list("key", flat=True)) or list(STATUSES)


RESOURCES = {
    resource.name: resource
    for resource in (
        Resource(
            gettext_noop("tickets"),
            gettext_noop("ticket"),
            Ticket,
            TicketFilterForm,
            matching_tickets,
            "title",
            ticket_pills,
            lambda team: {"status": ticket_statuses(team), "priority": list(PRIORITIES)},
        ),
        Resource(
            gettext_noop("articles"),
            gettext_noop("article"),
            Article,
            ArticleFilterForm,
            matching_articles,
            "title",
            lambda _, form: article_pills(form),
            lambda _: {"status": ARTICLE_STATUSES, "isPublic": IS_PUBLIC},
        ),
        Resource(
            gettext_noop("customers"),
            gettext_noop("customer"),
            Customer,
            CustomerFilterForm,
            matching_customers,
            "name",
            lambda _, form: customer_pills(form),
            lambda _: {"status": CUSTOMER_STATUSES, "sentiment": SENTIMENTS},
        ),
    )
}
