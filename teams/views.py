"""Signing in and out, changing team, settings."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.folding import sorted_by
from core.rate import limited, too_many_page
from core.rows import named
from teams import demo, guessing, ways_in, ways_out
from teams.access import TeamRequest, enter_team, signed_out, team_view
from teams.forms import PasswordForm, PreferencesForm, SignInForm
from teams.identity import BACKEND
from teams.models import Membership, User
from teams.policy import May

_LARGEST_FORM = 10_000  # bytes


class SignInView(LoginView):
    """The ways in: providers, a password unless that is switched off, on the sandbox the demo's accounts."""

    template_name = "teams/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "accounts": demo.accounts() if settings.SANDBOX else [],
            "passwords": settings.LOCAL_PASSWORDS,
            "providers": ways_in.providers(),
        }

    @method_decorator(limited(ways_in.PASSWORDS, counts=lambda answer: answer.status_code != 302))
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > _LARGEST_FORM:
            raise BadRequest  # before the form is read: its page would give back all of it
        if not settings.LOCAL_PASSWORDS:
            raise PermissionDenied(_("Passwords are switched off here. Sign in with your company's account."))
        username = request.POST.get("username", "")
        if wait := guessing.seconds_to_wait(request, username):
            text = _("Too many wrong passwords came for this name. Wait an hour, or sign in where you did before.")
            return too_many_page(request, text, wait)
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302:
            guessing.remember(response, username)
        else:
            guessing.count(username)
        return response


@require_POST
@limited(ways_in.STARTS)
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people. The route exists on the sandbox only (teams/urls.py)."""
    username = request.POST.get("username", "")
    if username not in demo.USERNAMES:
        raise Http404
    login(request, get_object_or_404(User, username=username, is_active=True), backend=BACKEND)
    # `redirect` would take a bare word for a view's name
    return HttpResponseRedirect(ways_in.safe_next(request, request.POST.get("next", "")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here, and where a provider vouched for the person, there too.

    The way there is a page that leads on: the content policy forbids forms to lead to another site.
    """
    away = ways_out.address(request)
    logout(request)
    return render(request, "teams/signed_out.html", {"away": away}) if away else redirect("teams:sign_in")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's teams."""
    if not request.user.is_authenticated:
        return signed_out(request)
    mine = Membership.objects.select_related("team").filter(user=request.user)
    membership = named(mine, team_id=request.POST.get("team", ""))
    if membership is None:
        raise Http404
    enter_team(request, membership)
    return redirect("/")


@team_view(May.VIEW, methods=("GET", "POST"))
def settings_page(request: TeamRequest) -> HttpResponse:
    """A person's preferences, and what admins may know about the team: never the key, only its last characters."""
    initial = {name: getattr(request.user, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save(request.user)
        with translation.override(request.user.language or translation.get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("teams:settings")
    people = sorted_by("user.username", request.team.memberships.select_related("user"))
    context = {
        "form": form,
        "has_password": _has_password(request),
        "people": people,
        "api_url": settings.CSTAR_API_URL,
    }
    return render(request, "teams/settings.html", context)


@limited(ways_in.PASSWORDS, counts=lambda answer: answer.status_code == 400)
@team_view(May.VIEW, methods=("GET", "POST"))
def password(request: TeamRequest) -> HttpResponse:
    """Another password for somebody who has one here; their other sessions end by it."""
    if not _has_password(request):
        messages.info(request, _("You have no password here: you sign in with your company's account."))
        return redirect("teams:settings")
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed, and you are signed out everywhere else."))
        return redirect("teams:settings")
    return render(request, "teams/password.html", {"form": form}, status=400 if form.errors else 200)


def _has_password(request: TeamRequest) -> bool:
    return settings.LOCAL_PASSWORDS and request.user.has_usable_password()
