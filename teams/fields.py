"""A text column that is encrypted at rest."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class EncryptedTextField(models.TextField):
    """Encrypts with the first of `ENCRYPTION_KEYS` and reads what any of them wrote, so that keys can be rotated."""

    def get_prep_value(self, value: str | None) -> str | None:
        return None if value is None else _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, expression, connection) -> str | None:
        if value is None:
            return None
        try:
            return _fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(value.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(
                "A stored cStar key cannot be read: ENCRYPTION_KEYS lacks the key that it was encrypted with."
            ) from None


def encrypted_with(key: str, stored: str) -> bool:
    """Whether this key alone reads what a column holds."""
    try:
        Fernet(key).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
