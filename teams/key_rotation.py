"""The encryption of stored secrets under new `ENCRYPTION_KEYS`, so that an old one can be taken away."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from teams.fields import EncryptedTextField, encrypted_with


def outdated() -> int:
    """How many stored secrets only an older key than the first can read."""
    first = settings.ENCRYPTION_KEYS[0]
    return sum(
        not encrypted_with(first, stored)
        for model, name in _encrypted_columns()
        for stored in model._base_manager.annotate(stored=Cast(F(name), TextField())).values_list("stored", flat=True)
        if stored is not None
    )


@transaction.atomic
def renew() -> int:
    """Encrypt all stored secrets with the first key; how many there were."""
    count = 0
    for model, name in _encrypted_columns():
        for row in model._base_manager.select_for_update():
            row.save(update_fields=[name])
            count += 1
    return count


def _encrypted_columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field.name
