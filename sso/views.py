"""Signing in and out."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.throttling import limited, too_many_page
from sso import logout_url, sign_in_options
from teams import demo, password_throttle
from teams.forms import SignInForm
from teams.models import User
from teams.sessions import BACKEND

_LARGEST_FORM = 10_000  # bytes


class SignInView(LoginView):
    """The ways in: providers, a password unless that is switched off, on the sandbox the demo's accounts."""

    template_name = "sso/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "accounts": demo.accounts() if settings.SANDBOX else [],
            "passwords": settings.LOCAL_PASSWORDS,
            "providers": sign_in_options.providers(),
        }

    @method_decorator(limited(password_throttle.PASSWORDS, counts=lambda answer: answer.status_code != 302))
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > _LARGEST_FORM:
            raise BadRequest  # before the form is read: its page would give back all of it
        if not settings.LOCAL_PASSWORDS:
            raise PermissionDenied(_("Password sign-in is turned off. Sign in with your company account."))
        username = request.POST.get("username", "")
        if wait := password_throttle.seconds_to_wait(request, username):
            text = _(
                "Too many wrong passwords for this username. Wait an hour, or sign in on a device you have used before."
            )
            return too_many_page(request, text, wait)
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302:
            password_throttle.remember(response, username)
        else:
            password_throttle.count_failure(username)
        return response


@require_POST
@limited(sign_in_options.STARTS)
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people. The route exists on the sandbox only (teams/urls.py)."""
    username = request.POST.get("username", "")
    if username not in demo.USERNAMES:
        raise Http404
    login(request, get_object_or_404(User, username=username, is_active=True), backend=BACKEND)
    # `redirect` would take a bare word for a view's name
    return HttpResponseRedirect(sign_in_options.safe_next(request, request.POST.get("next", "")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here, and where a provider vouched for the person, there too.

    The way there is a page that leads on: the content policy forbids forms to lead to another site.
    """
    away = logout_url.provider_url(request)
    logout(request)
    return render(request, "sso/signed_out.html", {"away": away}) if away else redirect("sso:sign_in")
