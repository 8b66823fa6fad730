"""What can be transferred: where each resource's objects are held, and which of their fields can be edited in bulk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from articles.forms import ArticleFilterForm
from articles.models import Article
from articles.queries import matching as matching_articles
from core.filters import FilterForm
from customers.forms import CustomerFilterForm
from customers.models import Customer
from customers.queries import matching as matching_customers
from sync.models import WorkingCopy
from teams.access import TeamRequest
from tickets.forms import TicketFilterForm
from tickets.models import Ticket
from tickets.queries import matching as matching_tickets


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the API that /bulk, /import and /export know (seed-bulk.txt, seed-import.txt).

    `name` is its plural, as the API and its working copy call it. `matching` answers the objects that a list's filters
    let through. `title` is the column that names an object for people.
    """

    name: str
    one: str
    model: type[WorkingCopy]
    form: type[FilterForm]
    matching: Callable[[TeamRequest, Any], QuerySet[Any]]
    title: str

    @property
    def list_url(self) -> str:
        return reverse(f"{self.name}:list")

    @property
    def page(self) -> str:
        """The route of an object's page."""
        return f"{self.name}:detail"

    def listed(self, request: TeamRequest, address: str) -> QuerySet[Any]:
        """The objects of the list with this address (`?status=open&...`), in its order."""
        form = self.form(QueryDict(address.removeprefix("?")))
        return self.matching(request, form).order_by(*form.order)


RESOURCES = {
    resource.name: resource
    for resource in (
        Resource("tickets", "ticket", Ticket, TicketFilterForm, matching_tickets, "title"),
        Resource("articles", "article", Article, ArticleFilterForm, matching_articles, "title"),
        Resource("customers", "customer", Customer, CustomerFilterForm, matching_customers, "name"),
    )
}
