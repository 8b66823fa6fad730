"""What the article list shows around its rows: columns, and filters that are set."""

from django.utils.translation import gettext_lazy as _

from articles.forms import ArticleFilterForm
from core import labels
from core.list_headers import Column, Pill, columns, pills

COLUMNS = (
    ("status", _("Status")),
    ("title", _("Title")),
    ("category", _("Category")),
    ("visibility", _("Visibility")),
    ("updated", _("Updated")),
)


def article_columns(form: ArticleFilterForm) -> list[Column]:
    return columns(form, COLUMNS, downward={"updated"})


def article_pills(form: ArticleFilterForm) -> list[Pill]:
    return pills(form, lambda name, value: labels.words(value) if name in {"status", "visibility"} else value)
