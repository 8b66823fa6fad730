"""The list of customers: its columns, its filters, and which customers they let through."""

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core import cells, labels
from core.folding import nfc, search, sort_key
from core.list_headers import Column
from core.templatetags.desk import avatar
from customers.forms import SENTIMENT_CHOICES, STATUS_CHOICES, CustomerFilterForm
from customers.models import Customer, CustomerTag
from replica.listing import EmptyList, Filter, Listing, cstar_words
from replica.versioned_cache import remembered
from teams.models import Team
from teams.policy import May
from teams.viewer import Viewer

TAGS_SHOWN = 3
_link = cells.link("name", "customers:detail")


def matching(viewer: Viewer, form: CustomerFilterForm) -> QuerySet[Customer]:
    found = form.only_if_usable(Customer.objects.filter(team=viewer.team))
    if status := form.value("status"):
        found = found.filter(status=status)
    if sentiment := form.value("sentiment"):
        found = found.filter(sentiment=sentiment)
    for tag in form.value("tag") or []:
        found = found.filter(pk__in=CustomerTag.objects.filter(name=nfc(tag)).values("customer"))
    if text := form.value("search"):
        found = found.filter(search(text))
    return found


def tag_choices(team: Team) -> list[tuple[str, str]]:
    """Every tag that a customer of the team carries."""

    def load() -> list[tuple[str, str]]:
        names = CustomerTag.objects.filter(customer__team=team).values_list("name", flat=True).distinct()
        return [(name, name) for name in sorted(names, key=sort_key)]

    return remembered(team, "customer-tags", load)


def _status(customer: Customer) -> SafeString:
    sentiment = cells.marked("sentiment", customer.sentiment_class, labels.words(customer.sentiment))
    return format_html('<span class="badge">{}</span> {}', labels.words(customer.status), sentiment)


LISTING = Listing(
    title=_("Customers"),
    name="name",
    form=CustomerFilterForm,
    matching=matching,
    columns_read=(
        *("cstar_id", "name", "email", "status", "sentiment", "tags", "ticket_count", "updated_at", "changed"),
    ),
    columns=(
        Column(
            "name",
            _("Name"),
            lambda row: format_html('<span class="person">{}{}</span>', avatar(row.name), _link(row)),
            "cell-subject",
        ),
        Column(
            "email",
            _("Email"),
            lambda row: format_html("<bdi>{}</bdi> {}", row.email, cells.tags(row.tags, TAGS_SHOWN)),
            "truncate",
        ),
        Column("status", _("Status"), _status, "cell-fit"),
        Column("tickets", _("Tickets"), cells.number("ticket_count"), "num cell-fit", largest_first=True),
        Column("updated", _("Updated"), cells.when("updated_at"), "cell-time", largest_first=True),
    ),
    filters=(
        Filter(
            name="status",
            every=_("Any status"),
            choices=lambda team: STATUS_CHOICES,
            words=cstar_words,
        ),
        Filter(
            name="sentiment",
            every=_("Any sentiment"),
            choices=lambda team: SENTIMENT_CHOICES,
            words=cstar_words,
        ),
        Filter(name="tag", every=_("Any tag"), choices=tag_choices),
    ),
    search_hint=_("Name or email address"),
    filter_label=_("Filter customers"),
    pages_label=_("Pages of customers"),
    counts=ngettext_lazy("{number} customer", "{number} customers", "number"),
    new_counts=ngettext_lazy("{number} new customer", "{number} new customers", "number"),
    empty=EmptyList(
        icon="users",
        loading=_("Your customers are on their way"),
        no_match=_("No customer matches"),
        no_match_hint=_("No one matches all of these filters."),
        nothing=_("No customers yet"),
        nothing_hint=_("They appear here with their first ticket, or when you add them."),
    ),
    create=("customers:create", _("New customer"), May.EDIT_CUSTOMERS),
)
