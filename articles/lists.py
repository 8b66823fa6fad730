"""What the article list shows around its rows: columns, and filters that are set."""

from articles.forms import ArticleFilterForm
from core.columns import Column, Pill, columns, pills

COLUMNS = (
    ("status", "Status"),
    ("title", "Title"),
    ("category", "Category"),
    ("visibility", "Visibility"),
    ("updated", "Updated"),
)


def article_columns(form: ArticleFilterForm) -> list[Column]:
    return columns(form, COLUMNS, downward={"updated"})


def article_pills(form: ArticleFilterForm) -> list[Pill]:
    return pills(form, lambda name, value: value.capitalize() if name in {"status", "visibility"} else value)
