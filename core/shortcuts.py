"""Rows that a request names."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def get_or_none(rows: QuerySet[M], **key: str) -> M | None:
    """The row with this key; None when there is none, or when the text can be no key at all."""
    try:
        return rows.filter(**key).first()
    except (ValueError, ValidationError):
        return None
