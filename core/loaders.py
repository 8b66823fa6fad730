"""Where templates come from."""

from django.template.loaders import cached
from django.utils.translation import get_language


class LanguageLoader(cached.Loader):
    """Keeps each compiled template once a language: its constant texts are translated in it (templatetags/i18n.py)."""

    def cache_key(self, template_name, skip=None):
        return f"{get_language()} {super().cache_key(template_name, skip)}"
