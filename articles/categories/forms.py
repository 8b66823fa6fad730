"""Forms of categories."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import labels
from core.fields import SearchField, TextField
from core.filters import FilterForm
from core.forms import DeskForm
from core.idempotency import WithNonce
from core.limits import MAX_NAME

VISIBILITY_CHOICES = labels.choices(("public", "internal"))


class CategoryFilterForm(FilterForm):
    """The list's address: `search visibility sort page page_size`."""

    search = SearchField()
    visibility = forms.ChoiceField(label=_("Visibility"), required=False, choices=VISIBILITY_CHOICES)

    SORTS = {"order": ("position", "name_key", "id"), "name": ("name_key", "id")}
    DEFAULT_SORT = "order"


class CategoryForm(WithNonce, DeskForm):
    """A category's fields as people write them."""

    name = TextField(label=_("Name"), max_length=MAX_NAME, error_messages={"required": _("A category needs a name.")})
    description = TextField(
        label=_("Description"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_public = forms.BooleanField(
        label=_("Public"), required=False, help_text=_("Customers see public categories in the help center.")
    )
