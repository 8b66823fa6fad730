"""Forms of people and teams."""

import zoneinfo
from functools import cache

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm
from teams.accounts import renamed
from teams.models import User


@cache
def _zones() -> list[str]:
    named = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return ["UTC", *sorted(named)]


class SignInForm(DeskForm, AuthenticationForm):
    """User name and password; the errors are Django's and say nothing about which of the two was wrong."""

    # Django bounds the control and not the value, which goes on into the record of failures.
    username = UsernameField(label=_("Username"), max_length=150, widget=forms.TextInput(attrs={"autofocus": True}))


class PasswordForm(DeskForm, PasswordChangeForm):
    """The old password, and the new one twice."""


class PreferencesForm(DeskForm):
    """How a person likes their desk."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Same as browser")), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name.replace("_", " ")) for name in _zones()]
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=User.Theme)
    undo_seconds = forms.TypedChoiceField(
        label=_("Undo send"),
        choices=User.Undo,
        coerce=int,
        help_text=_("How long you can undo a reply or note before it is sent."),
    )
    hotkeys = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        help_text=_("Single keys such as j, k and r. Press ? to see them."),
    )

    def save(self, user: User) -> None:
        before = user.display_name
        for name, value in self.cleaned_data.items():
            setattr(user, name, value)
        user.save(update_fields=list(self.cleaned_data))
        if user.display_name != before:
            renamed.send(sender=User, user=user, before=before, after=user.display_name)
