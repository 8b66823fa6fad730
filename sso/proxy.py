"""A proxy in front of the desk that has signed people in already and says with every request who it is.

It either proves that with a signed token in a header (Cloudflare Access, Google IAP, oauth2-proxy, Azure), or names
them in plain headers, and is then believed only if the request comes from an address in TRUSTED_PROXIES. A header that
does not prove itself is refused, whoever has a session: somebody tries to be somebody else.
"""

import hashlib
import logging
import re
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import problem
from core.proxies import is_trusted
from sso import group_rules, json_web_tokens
from sso.identity import Identity, RefusedError, admit
from sso.openid import from_claims
from teams import sessions
from teams.sessions import PROXY, SESSION_KEY

# Machines come here with keys, tokens and signatures of their own.
_MACHINES = re.compile(r"/(api/v1/|hooks/|embed/token/$|healthz$|readyz$|metrics$)")
_FORGED = gettext_noop(
    "Your sign-in could not be verified, so nothing was done. Close the browser and open the desk's usual address."
)
_AWAY = gettext_noop("Your sign-in cannot be checked right now. Try again in a minute: what you typed is still here.")

log = logging.getLogger(__name__)


def trusted_proxy(get_response):
    if settings.PROXY_SIGN_IN is None:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _MACHINES.match(request.path):
            try:
                _follow(request)
            except json_web_tokens.TokenError as error:
                log.warning("The proxy's header was refused: %s", error)
                return _refused(request, 403, _("Not signed in"), _(_FORGED))
            except json_web_tokens.KeysError as error:
                log.warning("The proxy's keys cannot be had: %s", error)
                return _refused(request, 503, _("Sign-in unavailable"), _(_AWAY))
            except RefusedError as refusal:
                return _refused(request, 403, _("Not signed in"), str(refusal))
        return get_response(request)

    return middleware


def _follow(request: HttpRequest) -> None:
    """Make the session that of whom the proxy names: signed in, changed, or over with the proxy's word.

    They are looked at anew when what the proxy says changes, or the rules that their groups meet.
    """
    identity = _named(request)
    kept = request.session.get(SESSION_KEY, {})
    if identity is None:
        if kept.get("provider") == PROXY:
            logout(request)
        return
    roles = sorted(map(str, group_rules.roles_of(identity.groups).items()))
    said = hashlib.sha256(repr((identity, sorted(identity.groups), roles)).encode()).hexdigest()
    same = kept.get("provider") == PROXY and kept.get("told") == said
    if request.user.is_authenticated and sessions.is_over(request):
        logout(request)
    if not same or not request.user.is_authenticated:
        admit(request, identity, told=said)


def _named(request: HttpRequest) -> Identity | None:
    """Whom the request's headers name; None without any. TokenError for headers that nobody may believe."""
    proxy: Any = settings.PROXY_SIGN_IN  # config.sign_in.TokenProxy or HeaderProxy, which this floor does not know
    by_token = hasattr(proxy, "token_header")
    value = request.headers.get(proxy.token_header if by_token else proxy.user_header, "").strip()
    if not value:
        return None
    # By the connection's own address: what X-Forwarded-For says, anybody can say. A token may do without.
    anywhere = by_token and not settings.PROXIES_LISTED
    if not anywhere and not is_trusted(request.META.get("REMOTE_ADDR", "")):
        raise json_web_tokens.TokenError("it came from an address that is not listed")
    return _by_token(proxy, value) if by_token else _by_headers(proxy, request, value)


def _by_token(proxy: Any, value: str) -> Identity:
    scheme, _, rest = value.partition(" ")
    token = rest.strip() if scheme.lower() == "bearer" else value
    claims = json_web_tokens.verified(token, keys_url=proxy.keys, issuer=proxy.issuer, audience=proxy.audience)
    return from_claims(claims, provider=PROXY, groups_claim=proxy.groups_claim, trust_email=proxy.trust_email)


def _by_headers(proxy: Any, request: HttpRequest, user: str) -> Identity:
    if "," in user:
        # Servers join a header that comes twice: the client's and the proxy's.
        raise json_web_tokens.TokenError("it names more than one person")

    def header(name: str | None) -> str:
        return request.headers.get(name, "").strip() if name else ""

    first, _, last = header(proxy.name_header).partition(" ")
    groups = (group.strip() for group in header(proxy.groups_header).split(","))
    return Identity(
        provider=PROXY,
        subject=user,
        username=user,
        email=header(proxy.email_header),
        first_name=first,
        last_name=last,
        groups=frozenset(group for group in groups if group),
        trust_email=proxy.trust_email,
    )


def _refused(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    request.user = AnonymousUser()
    return problem(request, status, title, text)
