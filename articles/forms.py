"""What people can ask of articles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import labels
from core.fields import SearchField
from core.filters import FilterForm

STATUS_CHOICES = labels.choices(("published", "draft", "archived"))
VISIBILITY_CHOICES = labels.choices(("public", "internal"))


class ArticleFilterForm(FilterForm):
    """The list's address: `search status category visibility sort page page_size`."""

    search = SearchField()
    status = forms.CharField(label=_("Status"), required=False, max_length=32)
    category = forms.CharField(label=_("Category"), required=False, max_length=200)
    visibility = forms.ChoiceField(label=_("Visibility"), required=False, choices=VISIBILITY_CHOICES)

    SORTS = {
        "title": ("title_key", "id"),
        "category": ("category_key", "-updated_at", "-id"),
        "status": ("status", "-updated_at", "-id"),
        "visibility": ("is_public", "-updated_at", "-id"),
        "created": ("created_at", "id"),
        "updated": ("updated_at", "id"),
    }
    DEFAULT_SORT = "-updated"
