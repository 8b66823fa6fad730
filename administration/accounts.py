"""`/settings/accounts/`: everybody who has an account here, for the admins of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.record import person, record_for
from core.fields import SearchField
from core.filters import FilterForm
from core.folding import fold, sorted_by, words
from core.pagination import paginate
from core.shortcuts import get_or_none
from teams import accounts
from teams.access import TeamRequest, desk_view
from teams.models import User


class Change(NamedTuple):
    """What can be done to an account: by whom, how the record calls it, and what the admin reads then."""

    act: Callable[[User], None]
    action: str
    done: Promise
    # Whether the person's teams have it in their record too.
    in_teams: bool


CHANGES = {
    "deactivate": Change(
        accounts.deactivate,
        "account.deactivated",
        gettext_lazy(
            "%(person)s is deactivated and signed out everywhere. Their unsent messages and changes are held."
        ),
        in_teams=True,
    ),
    "activate": Change(
        accounts.activate,
        "account.activated",
        gettext_lazy("%(person)s is active again and can sign in."),
        in_teams=True,
    ),
    "grant": Change(
        accounts.make_desk_admin,
        "desk_admin.granted",
        gettext_lazy("%(person)s is now a desk admin."),
        in_teams=False,
    ),
    "revoke": Change(
        accounts.revoke_desk_admin,
        "desk_admin.revoked",
        gettext_lazy("%(person)s is no longer a desk admin."),
        in_teams=False,
    ),
}


class AccountFilterForm(FilterForm):
    search = SearchField()

    def found(self) -> list[User]:
        """The accounts that are looked for, by their user names, with the number of teams that each is in."""
        people = self.only_if_usable(User.objects.annotate(teams=Count("memberships")))
        wanted = [folded for _, folded in words(self.value("search") or "")]
        searched = ((user, fold(f"{user.username} {user.get_full_name()} {user.email}")) for user in people)
        return sorted_by("username", (user for user, text in searched if all(word in text for word in wanted)))


@desk_view()
def account_list(request: TeamRequest) -> HttpResponse:
    form = AccountFilterForm(request.GET)
    found = form.found()
    page = paginate(found, number=form.page, size=form.page_size, total=len(found), query=form.query)
    return render(request, "administration/accounts.html", {"form": form, "page": page})


@desk_view(methods=("POST",))
def account_change(request: TeamRequest) -> HttpResponse:
    """Apply the change that `do` names to the `account`. Nobody may change their own account."""
    user, do = get_or_none(User.objects.all(), pk=request.POST.get("account", "")), request.POST.get("do", "")
    if user is None or do not in CHANGES:
        return redirect("administration:accounts")
    if user == request.user:
        messages.error(request, _("You cannot change your own account here. Ask another desk admin."))
    else:
        change(do, user, by=request.user)
        messages.success(request, CHANGES[do].done % {"person": user.display_name})
    return redirect(f"{reverse('administration:accounts')}?{urlencode({'search': user.username})}")


@transaction.atomic
def change(do: str, user: User, *, by: User | None) -> None:
    """Do it and record it; `by` nobody where a command is run."""
    wanted = CHANGES[do]
    wanted.act(user)
    teams = [membership.team for membership in user.memberships.select_related("team")] if wanted.in_teams else []
    for team in (None, *teams):
        record_for((team, by, by.display_name if by else "manage.py"), wanted.action, person(user))
