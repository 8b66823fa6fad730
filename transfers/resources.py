"""What can be transferred: where each resource's objects are held, and which of their fields can be edited in bulk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.forms import ArticleFilterForm
from articles.lists import article_pills
from articles.models import Article
from articles.queries import matching as matching_articles
from core.columns import Pill
from core.filters import FilterForm
from customers.forms import CustomerFilterForm
from customers.lists import customer_pills
from customers.models import Customer
from customers.queries import matching as matching_customers
from sync.models import WorkingCopy
from teams.access import TeamRequest
from tickets.forms import TicketFilterForm
from tickets.lists import ticket_pills
from tickets.models import Ticket
from tickets.queries import matching as matching_tickets


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the API that /bulk, /import and /export know (seed-bulk.txt, seed-import.txt).

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
        ),
        Resource(
            gettext_noop("articles"),
            gettext_noop("article"),
            Article,
            ArticleFilterForm,
            matching_articles,
            "title",
            lambda _, form: article_pills(form),
        ),
        Resource(
            gettext_noop("customers"),
            gettext_noop("customer"),
            Customer,
            CustomerFilterForm,
            matching_customers,
            "name",
            lambda _, form: customer_pills(form),
        ),
    )
}
