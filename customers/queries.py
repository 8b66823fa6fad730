"""The questions that the customer list can be asked, answered from the working copy alone."""

from django.db.models import QuerySet

from core.folding import nfc, search, sort_key
from core.pagination import Page, paginate
from customers.forms import CustomerFilterForm
from customers.models import Customer, CustomerTag
from replica.versioned_cache import complete, remembered
from teams.access import TeamRequest


def customer_page(request: TeamRequest, form: CustomerFilterForm) -> Page:
    """The page of customers that the form asks for: one query, and a count that is remembered."""
    found = matching(request, form)
    total = remembered(request, f"customers:{form.fingerprint}", found.order_by().count)
    listed = found.order_by(*form.order).defer("payload", "search_text", "folded")
    return paginate(listed, number=form.page, size=form.page_size, total=total, query=form.query)


def matching(request: TeamRequest, form: CustomerFilterForm) -> QuerySet[Customer]:
    """The customers that the form's filters let through, in no order yet."""
    if form.compares_text:
        complete(request, "customers")
    found = form.only_if_usable(Customer.objects.filter(team=request.team))
    if status := form.value("status"):
        found = found.filter(status=status)
    if sentiment := form.value("sentiment"):
        found = found.filter(sentiment=sentiment)
    for tag in form.value("tag") or []:
        found = found.filter(pk__in=CustomerTag.objects.filter(name=nfc(tag)).values("customer"))
    if text := form.value("search"):
        found = found.filter(search(text))
    return found


def tag_choices(request: TeamRequest) -> list[tuple[str, str]]:
    """Every tag that a customer of the team carries."""

    def fetch() -> list[tuple[str, str]]:
        names = CustomerTag.objects.filter(customer__team=request.team).values_list("name", flat=True).distinct()
        return [(name, name) for name in sorted(names, key=sort_key)]

    return remembered(request, "customer-tags", fetch)
