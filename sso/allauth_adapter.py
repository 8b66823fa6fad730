"""Where allauth hands over: it speaks the protocols; who gets in, and every page that people see, is ours."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from sso import openid, saml
from sso.identity import Identity, RefusedError, admit
from sso.sign_in_options import back, failed, safe_next


class ProviderAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Ends each sign-in here: allauth's own ways on (sign-up, connecting, e-mail addresses) are never taken."""
        raise ImmediateHttpResponse(_arrived(request, sociallogin))

    def on_authentication_error(
        self, request: HttpRequest, provider, error=None, exception=None, extra_context=None
    ) -> None:
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(
                back(
                    request,
                    _("Sign-in with {provider} was not completed. Try again here.").format(provider=provider.name),
                )
            )
        # The kind alone: allauth's words may hold the provider's whole answer, tokens included.
        raise ImmediateHttpResponse(failed(request, provider, type(exception).__name__ if exception else str(error)))

    def get_requests_session(self):
        """Secrets go to the configured addresses: a redirect may lead anywhere."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session


def _arrived(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    identity: Identity | None
    if isinstance(sociallogin.provider, saml.Provider):
        identity, kept = saml.identity(sociallogin), sociallogin.account.extra_data["session"]
    else:
        identity, kept = openid.identity(sociallogin), {"id_token": sociallogin.token.token_secret}
    if identity is None:
        return failed(request, sociallogin.provider, "the answer is not to what we asked")
    try:
        admit(request, identity, **kept)
    except RefusedError as refusal:
        return back(request, str(refusal))
    return HttpResponseRedirect(safe_next(request, sociallogin.state.get("next") or ""))
