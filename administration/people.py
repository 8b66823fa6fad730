"""`/settings/people/`: who is in the team, and what they may do."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activity.record import person, record, record_for
from administration.forms import NAME_TAKEN, ONLY_OWNERS, AddPersonForm, NewPersonForm
from core.folding import sorted_by
from teams import accounts
from teams.access import TeamRequest, team_view
from teams.models import Membership, User
from teams.policy import May, Role, allows, may_give

# Two forms of the page have a field for the role.
_NEW = "new"


@team_view(May.MANAGE_TEAM)
def people(request: TeamRequest) -> HttpResponse:
    return _render(request)


@team_view(May.MANAGE_TEAM, methods=("POST",))
def add(request: TeamRequest) -> HttpResponse:
    """Give somebody who has an account a role in the team."""
    form = AddPersonForm(request.POST, team=request.team, roles=may_give(request.membership.role), by=request.user)
    if not form.is_valid():
        return _render(request, adding=form)
    user, role = form.cleaned_data["who"], form.cleaned_data["role"]
    membership, new = Membership.objects.get_or_create(team=request.team, user=user, defaults={"role": role})
    if new:
        record(request, "member.added", person(membership.user), changes={"role": ("", role)})
    messages.success(request, _("%(person)s was added to the team.") % {"person": user.display_name})
    return redirect("administration:people")


@team_view(May.MANAGE_TEAM, methods=("POST",))
def create(request: TeamRequest) -> HttpResponse:
    """Make an account, and give it a role in the team."""
    form = NewPersonForm(request.POST, roles=may_give(request.membership.role), prefix=_NEW)
    if not form.is_valid():
        return _render(request, creating=form)
    try:
        membership = form.save(request.team)
    except IntegrityError:  # of two that come at the same moment the first
        form.add_error("username", NAME_TAKEN)
        return _render(request, creating=form)
    record(request, "account.created", person(membership.user), changes={"role": ("", membership.role)})
    text = _("%(person)s now has an account and was added to the team.")
    messages.success(request, text % {"person": membership.user.display_name})
    return redirect("administration:people")


@team_view(May.MANAGE_TEAM, methods=("POST",))
def change(request: TeamRequest) -> HttpResponse:
    """Give the `member` another `role`, which from then on no group rule takes back."""
    role = request.POST.get("role", "")
    with transaction.atomic():
        membership = _chosen(request)
        if membership is None or role not in Role or role == membership.role:
            return redirect("administration:people")
        if objection := _objection(request, membership, role):
            messages.error(request, objection)
            return redirect("administration:people")
        Membership.objects.filter(pk=membership.pk).update(role=role, from_rules=False)
        accounts.rights_lost.send(sender=User, user=membership.user)
        record(request, "member.changed", person(membership.user), changes={"role": (membership.role, role)})
    text = _("%(person)s now has the role %(role)s.")
    messages.success(request, text % {"person": membership.user.display_name, "role": Role(role).label})
    gave_up = membership.user == request.user and not allows(role, May.MANAGE_TEAM)
    return redirect("teams:settings" if gave_up else "administration:people")


@team_view(May.MANAGE_TEAM, methods=("POST",))
def remove(request: TeamRequest) -> HttpResponse:
    """Take the `member` out of the team; their account, what they did and their work in other teams stay."""
    with transaction.atomic():
        membership = _chosen(request)
        if membership is None:
            return redirect("administration:people")
        objection = _objection(request, membership, "")
        if membership.user == request.user:
            objection = _("You cannot remove yourself. Ask another admin of the team.")
        if objection:
            messages.error(request, objection)
            return redirect("administration:people")
        target = person(membership.user)
        record(request, "member.removed", target, changes={"role": (membership.role, "")})
        if accounts.leave(membership):
            record_for((None, request.user, request.user.display_name), "desk_admin.revoked", target)
    messages.success(request, _("%(person)s was removed from the team.") % {"person": membership.user.display_name})
    return redirect("administration:people")


def _render(
    request: TeamRequest, *, adding: AddPersonForm | None = None, creating: NewPersonForm | None = None
) -> HttpResponse:
    roles = may_give(request.membership.role)
    context = {
        "memberships": sorted_by("user.username", request.team.memberships.select_related("user")),
        "roles": roles,
        "adding": adding or AddPersonForm(team=request.team, roles=roles, by=request.user),
        "creating": creating or NewPersonForm(roles=roles, prefix=_NEW),
    }
    return render(request, "administration/people.html", context, status=400 if adding or creating else 200)


def _chosen(request: TeamRequest) -> Membership | None:
    """The membership that the form names; all of the team are held until the change is done: one admin must stay."""
    held = {str(m.pk): m for m in request.team.memberships.select_for_update(of=("self",)).select_related("user")}
    return held.get(request.POST.get("member", ""))


def _objection(request: TeamRequest, membership: Membership, role: str) -> str:
    """Why the person's role cannot become this one ("" for none at all); "" if it can."""
    if Role.OWNER in (role, membership.role) and request.membership.role != Role.OWNER:
        return str(ONLY_OWNERS)
    others = request.team.memberships.exclude(pk=membership.pk).filter(user__is_active=True)
    if not allows(role, May.MANAGE_TEAM) and not any(allows(other.role, May.MANAGE_TEAM) for other in others):
        return _("A team needs at least one admin. Make another person an admin first.")
    return ""
