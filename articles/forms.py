"""What people can ask of articles."""

from django import forms

from core.filters import FilterForm

STATUS_CHOICES = [("published", "Published"), ("draft", "Draft"), ("archived", "Archived")]
VISIBILITY_CHOICES = [("public", "Public"), ("internal", "Internal")]


class ArticleFilterForm(FilterForm):
    """The list's address: `search status category visibility sort page page_size`."""

    search = forms.CharField(required=False, max_length=200)
    status = forms.CharField(required=False, max_length=32)
    category = forms.CharField(required=False, max_length=200)
    visibility = forms.ChoiceField(required=False, choices=VISIBILITY_CHOICES)

    SORTS = {
        "title": ("title", "id"),
        "category": ("category", "-updated_at", "-id"),
        "status": ("status", "-updated_at", "-id"),
        "visibility": ("is_public", "-updated_at", "-id"),
        "created": ("created_at", "id"),
        "updated": ("updated_at", "id"),
    }
    DEFAULT_SORT = "-updated"
