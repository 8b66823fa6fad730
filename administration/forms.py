"""Forms of what admins do about the team, its people and the desk."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from administration import key_check
from core.forms import DeskForm
from sso.email_addresses import people_with
from teams.models import GroupRule, Membership, Team, User
from teams.policy import May, Role

# Said by the form, and by the view where two come at the same moment.
HERE_ALREADY = _("This cStar team was already added.")
NAME_TAKEN = _("This username is taken. Add that person above, or choose another username.")
ONLY_OWNERS = _("Only owners can add or remove owners.")
_SECRET = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class GroupRuleForm(DeskForm):
    """A new rule of the team: a group as the provider writes it, and what those who are in it may do here."""

    group = forms.CharField(
        label=_("Group"),
        max_length=200,
        help_text=_("Exactly as your provider writes it, including upper and lower case."),
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.AGENT)

    def __init__(self, *args, team: Team, roles: list[Role], **kwargs):
        self.team = team
        super().__init__(*args, **kwargs)
        _offer(self, roles)

    def clean_group(self) -> str:
        group = self.cleaned_data["group"]
        if GroupRule.objects.filter(team=self.team, group=group).exists():
            raise forms.ValidationError(_("This group already has a rule. Remove it first to give another role."))
        return group

    def save(self) -> GroupRule:
        """The rule; of two that come at the same moment the first."""
        group, role = self.cleaned_data["group"], self.cleaned_data["role"]
        return GroupRule.objects.get_or_create(team=self.team, group=group, defaults={"role": role})[0]


class TeamNameForm(DeskForm):
    name = forms.CharField(label=_("Name"), max_length=100)


class KeyForm(DeskForm):
    """A secret key of the team that cStar accepts; one call to find that out."""

    key = forms.CharField(label=_("New secret key"), max_length=200, widget=_SECRET)

    def __init__(self, *args, team: Team, **kwargs):
        self.team = team
        super().__init__(*args, **kwargs)

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        team = self.team
        # Not saved: the team as it would be with the new key.
        changed = Team(pk=team.pk, name=team.name, cstar_team_id=team.cstar_team_id, api_url=team.api_url, key=key)
        if objection := key_check.objection(changed):
            raise forms.ValidationError(objection)
        return key


class TeamForm(DeskForm):
    """A cStar team that is not here yet, with a key that cStar accepts."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("The name your team knows it by."))
    cstar_team_id = forms.UUIDField(label=_("cStar team ID"), help_text=_("From the team's settings at cStar."))
    key = forms.CharField(
        label=_("Secret key"),
        max_length=200,
        widget=_SECRET,
        help_text=_("Verified with one request, then stored encrypted and never shown again."),
    )

    def clean_cstar_team_id(self):
        cstar_team_id = self.cleaned_data["cstar_team_id"]
        if Team.objects.filter(cstar_team_id=cstar_team_id).exists():
            raise forms.ValidationError(HERE_ALREADY)
        return cstar_team_id

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if not self.errors and (objection := key_check.objection(self.team)):
            self.add_error("key", objection)
        return data

    @property
    def team(self) -> Team:
        """The team as it would be kept."""
        return Team(**{name: self.cleaned_data[name] for name in ("name", "cstar_team_id", "key")})


class AddPersonForm(DeskForm):
    """Somebody who has an account here and is not in the team."""

    who = forms.CharField(label=_("Username or email address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), initial=Role.AGENT)

    def __init__(self, *args, team: Team, roles: list[Role], by: User, **kwargs):
        self.team, self.by = team, by
        super().__init__(*args, **kwargs)
        _offer(self, roles)

    def clean_who(self) -> User:
        who = self.cleaned_data["who"]
        found = self._with_address(who) or list(User.objects.filter(is_active=True, username=who))
        if len(found) > 1:
            raise forms.ValidationError(_("Several people have this address. Enter the username."))
        if not found:
            raise forms.ValidationError(_("No account has this username or address. Create one below."))
        if self.team.memberships.filter(user=found[0]).exists():
            raise forms.ValidationError(_("This person is already in the team. Change their role in the list above."))
        return found[0]

    def _with_address(self, email: str) -> list[User]:
        """The account with the address, if a provider, or an admin of both teams, has checked the address.

        An admin of another team may have made an account with anybody's address and a password of their own.
        """
        managed = [held.team_id for held in self.by.memberships.all() if held.allows(May.MANAGE_TEAM)]
        checked = Q(socialaccount__isnull=False) | Q(memberships__team__in=managed)
        people = User.objects.filter(checked, is_active=True).distinct()
        return people_with(people, email)


class NewPersonForm(DeskForm):
    """Somebody who has no account here yet."""

    username = UsernameField(label=_("Username"), max_length=150, validators=[User.username_validator])
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=_("Email address"), max_length=254, required=False)
    password = forms.CharField(label=_("First password"), max_length=200, strip=False, widget=_SECRET)
    role = forms.ChoiceField(label=_("Role"), initial=Role.AGENT)
    field_order = ("username", "role", "first_name", "last_name", "email", "password")

    def __init__(self, *args, roles: list[Role], **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, roles)
        password = self.fields["password"]
        password.help_text = gettext("Share it with this person, who can change it in their settings.")
        if settings.OIDC_PROVIDERS or settings.SAML_PROVIDERS:
            password.required = False
            password.help_text = gettext(
                "Leave empty if this person signs in through your provider, which knows the address."
            )
        if not settings.LOCAL_PASSWORDS:
            del self.fields["password"]
            self.fields["email"].required = True

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if "@" in username:
            raise forms.ValidationError(
                _("A username cannot be an email address. Leave out the @ and what follows it.")
            )
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return username

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("An account has this address already. Add that person above by username."))
        return email

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            try:
                validate_password(password, User(**self._names()))
            except forms.ValidationError as error:
                self.add_error("password", error)
        elif not data.get("email") and "email" not in self.errors:
            self.add_error(
                "email", _("Without a password, this person signs in through your provider: enter their email address.")
            )
        return data

    @transaction.atomic
    def save(self, team: Team) -> Membership:
        user = User(**self._names())
        user.set_password(self.cleaned_data.get("password") or None)
        user.save()
        return Membership.objects.create(user=user, team=team, role=self.cleaned_data["role"])

    def _names(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("username", "first_name", "last_name", "email")}


def _offer(form: forms.Form, roles: list[Role]) -> None:
    cast(forms.ChoiceField, form.fields["role"]).choices = [(role.value, role.label) for role in roles]
