"""Changing team, settings, one's password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.shortcuts import get_or_none
from core.throttling import limited
from teams import accounts, password_throttle
from teams.access import TeamRequest, enter_team, signed_out, team_view
from teams.forms import PasswordForm, PreferencesForm
from teams.models import Membership
from teams.policy import May


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's teams."""
    if not request.user.is_authenticated:
        return signed_out(request)
    mine = Membership.objects.select_related("team").filter(user=request.user)
    membership = get_or_none(mine, team_id=request.POST.get("team", ""))
    if membership is None:
        raise Http404
    enter_team(request, membership)
    return redirect("/")


@team_view(May.VIEW, methods=("GET", "POST"))
def settings_page(request: TeamRequest) -> HttpResponse:
    """A person's preferences."""
    initial = {name: getattr(request.user, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save(request.user)
        with translation.override(request.user.language or translation.get_language()):
            messages.success(request, _("Settings saved."))
        return redirect("teams:settings")
    return render(request, "teams/settings.html", {"form": form})


@limited(password_throttle.PASSWORDS, counts=lambda answer: answer.status_code == 400)
@team_view(May.VIEW, methods=("GET", "POST"))
def password(request: TeamRequest) -> HttpResponse:
    """Another password for somebody who has one here; their other sessions end by it."""
    if not accounts.has_password(request.user):
        messages.info(request, _("You have no password here. You sign in with your company account."))
        return redirect("teams:settings")
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Password changed. You are signed out everywhere else."))
        return redirect("teams:settings")
    return render(request, "teams/password.html", {"form": form}, status=400 if form.errors else 200)
