"""`manage.py rotateencryption`: between putting a new key first into ENCRYPTION_KEYS and taking the old one away."""

from django.core.management.base import BaseCommand

from teams import key_rotation


class Command(BaseCommand):
    help = "Encrypt the stored secrets with the first of ENCRYPTION_KEYS."

    def handle(self, **options) -> None:
        count = key_rotation.renew()
        self.stdout.write(f"{count} stored secrets are encrypted with the first key: the others can be taken away.")
