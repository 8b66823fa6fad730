"""How people sign in to the desk in a portal's frame (docs/embedding.md).

Providers refuse to be framed, and a window of its own has other cookies where the portal is on another site. There the
portal vouches for its people: its server asks for a token, its page hands that to ours, which sends it here.
"""

import logging
from typing import Annotated, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from msgspec import DecodeError, Meta, Struct
from msgspec import json as msgspec_json

from core.embedding import PARAMETER, asking
from core.errors import with_new_token
from core.throttling import too_many
from sso import embed_tokens, sign_in_options
from sso.identity import RefusedError
from sso.sign_in_options import safe_next

log = logging.getLogger(__name__)

_LARGEST = 10_000  # bytes
_TOO_MANY = "Too many wrong secrets or tokens came from here. Wait a few minutes, then try again."
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL takes none
Text = Annotated[str, Meta(max_length=2_000)]
T = TypeVar("T")


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a portal's server asks for: a person by `email` or `username`, perhaps a `team` and where to go first."""

    email: Annotated[str, Meta(max_length=254, pattern=_NO_NUL)] = ""
    username: Annotated[str, Meta(max_length=150, pattern=_NO_NUL)] = ""
    team: UUID | None = None  # its id at cStar
    next: Text = ""


class Handed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What our page sends: the token, the origin of the portal that handed it over, the page's team, where to go."""

    token: Text
    portal: Text
    team: Annotated[str, Meta(max_length=36)] = ""
    next: Text = ""


@csrf_exempt
@never_cache
@require_POST
def embed_token(request: HttpRequest) -> HttpResponse:
    """`{"token", "url", "expiresIn"}` for a portal that proves itself with `Authorization: Bearer <its secret>`.

    `url` signs the person in where it is loaded into that portal's frame. 400 for what makes no sense, 401 without a
    secret of EMBED_PORTALS, 404 for everybody who does not work here, whatever the reason. 429 for too many of the
    wrong ones: a right one is taken whatever else comes from its address, as is a right token in `_sign_in`.
    """
    if not settings.EMBED_PORTALS:
        raise Http404
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    portal = embed_tokens.portal_of(secret.strip()) if scheme.lower() == "bearer" else None
    if portal is None:
        if wait := sign_in_options.PORTALS.count(request):
            return too_many(_TOO_MANY, wait)
        log.warning("An embed token was asked for with a secret that is none.")
        answer = _refused(401, _("The portal's secret is missing or wrong: send it as Authorization: Bearer."))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    asked = _decoded(request, Asked)
    if asked is None or bool(asked.email) == bool(asked.username):
        return _refused(400, _("Send JSON with either email or username, and perhaps team and next."))
    user = embed_tokens.person(email=asked.email, username=asked.username, team=asked.team)
    if user is None:
        return _refused(404, _("No such person here, or not in that team."))
    to = asked.next and safe_next(request, asked.next)
    token = embed_tokens.token(embed_tokens.Pass(user=user.pk, portal=portal, team=str(asked.team or ""), next=to))
    page = request.build_absolute_uri(f"{reverse('sso:embed')}?{urlencode({PARAMETER: '1', 'portal': portal})}")
    seconds = int(embed_tokens.LIVES.total_seconds())
    return JsonResponse({"token": token, "url": f"{page}#{token}", "expiresIn": seconds})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: HttpRequest) -> HttpResponse:
    """Where a frame waits for its person to be signed in, and where its page sends the token.

    GET: `next` is where to go then; `portal` says who may show the page, the token then stands behind its `#`.
    In a window of its own it ends a sign-in there, which the frame of the same site finds out by itself.
    """
    if request.method == "POST":
        return _sign_in(request)
    portal = request.GET.get("portal", "")
    named = [portal] if portal in settings.EMBED_PORTALS else []
    wanted = request.GET.get("next", "")
    if request.headers.get("Sec-Fetch-Dest") == "document":
        if request.user.is_authenticated:
            return render(request, "sso/signed_in.html")
        return redirect(f"{resolve_url('sso:sign_in')}?{urlencode({'next': request.path})}")
    if request.user.is_authenticated and not named:
        # `redirect` would take a bare word for a view's name
        return HttpResponseRedirect(asking(safe_next(request, wanted)))
    context = {"waits": True, "portals": named, "next_page": wanted and safe_next(request, wanted)}
    response = render(request, "sso/embed.html", context)
    if named:
        # The browser itself sees to it that a token is used in the frame of its portal alone.
        response._csp_replace = {"frame-ancestors": named}  # type: ignore[attr-defined]
    return response


def _sign_in(request: HttpRequest) -> HttpResponse:
    handed = _decoded(request, Handed)
    if handed is None:
        return _refused(400, _("The portal sent no token. Reload the portal's page."))
    try:
        told = embed_tokens.sign_in(request, handed.token, handed.portal, handed.team)
    except RefusedError as refusal:
        if wait := sign_in_options.PORTALS.count(request):
            return too_many(_TOO_MANY, wait)
        log.warning("An embed token was refused: %s", refusal)
        return _refused(403, str(refusal))
    return with_new_token(request, JsonResponse({"next": asking(safe_next(request, handed.next or told.next))}))


def _decoded(request: HttpRequest, kind: type[T]) -> T | None:
    """The request's JSON in this shape; None for what is none."""
    try:
        return msgspec_json.decode(request.body, type=kind) if len(request.body) <= _LARGEST else None
    except (DecodeError, ValueError, RecursionError):
        return None


def _refused(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)
