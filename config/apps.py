from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Holds what knows every app: settings, addresses, the demo command."""

    name = "config"
