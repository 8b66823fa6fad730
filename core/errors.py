"""One mapping from what went wrong to what a person reads: a sentence, cStar's code and request id, never a trace.

`answer` serves errors that a view let pass; views with forms call `sentence` and show it beside what was typed.
"""

import json
import re

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from core.form_owner import is_ours
from core.stored_texts import pattern
from cstar import errors as cstar

# What people typed is given back to them on an error page; what the page itself put into the form is not theirs, and
# what is secret is not shown.
_NOT_TYPED = {"csrfmiddlewaretoken", "team", "person", "nonce", "next", "SAMLResponse", "RelayState"}
# Fields, and characters of all of them.
_MOST_FIELDS, _MOST_TYPED = 50, 200_000
_SECRET = re.compile(r"password|key|secret|token", re.IGNORECASE)

REFUSED = pattern(gettext_noop("cStar refused this: {message}."))
MOVED = pattern(gettext_noop("cStar answered with a redirect to {address}. An admin has to set this as its address."))
REDIRECTED = pattern(
    gettext_noop("Something in front of cStar answered with a redirect to {address}. An admin has to look into it.")
)
pattern("Try again in a minute.", "Try again in {minutes} minutes.")
# Kept by earlier versions.
pattern(gettext_noop("This hour's cStar calls are used up."))


def sentence(error: cstar.CStarError) -> str:
    """What happened and what to do next, in one or two short sentences. What is kept is made `in_english()`."""
    match error:
        case cstar.RateLimited(status=None):
            text = f"{_(error.message)} {_again_in(error.retry_after)}"
        case cstar.RateLimited():
            text = _("This hour's cStar requests are used up.") + " " + _again_in(error.retry_after)
        case cstar.Unavailable(may_have_applied=False):
            text = _("cStar cannot be reached just now. Nothing was changed; try again in a moment.")
        case cstar.Unavailable() | cstar.ServerError():
            text = _("cStar did not answer as it should. Try again in a moment: it will not be done twice.")
        case cstar.Redirected(api_url=address) if address:
            text = _(MOVED).format(address=address)
        case cstar.Redirected(location=address):
            text = _(REDIRECTED).format(address=address)
        case cstar.InvalidResponse() | cstar.UnexpectedStatus():
            text = _("cStar sent an answer that makes no sense. Try again in a moment.")
        case cstar.Unauthorized():
            text = _("cStar refused the team's key. An admin has to check it in the settings.")
        case cstar.NotFound():
            text = _("cStar no longer has this. It was probably deleted by someone else.")
        case cstar.BadRequest(code="not_offered"):
            text = _(error.message)
        case _:
            text = _(REFUSED).format(message=error.message.rstrip("."))
    return text


def status_for(error: cstar.CStarError) -> int:
    """The status of our own answer: the person's own fault (4xx) or the service's (502, 503)."""
    match error:
        case cstar.RateLimited() | cstar.Unavailable():
            return 503
        case cstar.NotFound():
            return 404
        case cstar.Conflict():
            return 409
        case cstar.BadRequest():
            return 400
        case cstar.Forbidden():
            return 403
    return 502


def answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page or fragment for an error of the client; None for any other exception, which is Django's to handle."""
    if not isinstance(error, cstar.CStarError):
        return None
    return problem(request, status_for(error), _("That did not work"), sentence(error), error=error)


def problem(
    request: HttpRequest, status: int, title: str, text: str, *, error: cstar.CStarError | None = None
) -> HttpResponse:
    """An error as a page, or for htmx as a toast that leaves the page as it stands."""
    context = {"title": title, "text": text, "error": error, "typed": typed(request), "status": status}
    if request.headers.get("HX-Request"):
        return _over_the_page(request, context, status)
    return render(request, "errors/page.html", context, status=status)


def _over_the_page(request: HttpRequest, context: dict, status: int) -> HttpResponse:
    """For htmx: beside what was asked for, whatever part of the answer the form would have picked."""
    if status == 401:
        response = render(request, "errors/_signed_out.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML show:window:top"
    else:
        response = render(request, "errors/_toast.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "beforeend"
    response["HX-Reselect"] = "unset"
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person wrote into the form that could not be processed, so that a page can give it back.

    To those alone who are signed in, or whose form stood on a page for somebody who was, and no more than people type:
    anybody could have a page made of megabytes of theirs.
    """
    if request.method != "POST":
        return []
    try:
        is_known = getattr(request, "user", AnonymousUser()).is_authenticated or is_ours(request.POST)
        fields = list(request.POST.lists()) if is_known else []
    except (BadRequest, SuspiciousOperation):  # too large, too many fields, no UTF-8: that is what went wrong
        return []
    found: list[tuple[str, str]] = []
    left = _MOST_TYPED
    for name, values in fields:
        if name in _NOT_TYPED or _SECRET.search(name):
            continue
        for value in filter(str.strip, values):
            if left <= 0 or len(found) == _MOST_FIELDS:
                return found
            found.append((_(name.replace("_", " ").capitalize()), value[:left]))
            left -= len(value)
    return found


def _again_in(seconds: float | None) -> str:
    minutes = max(1, round((seconds or 60) / 60))
    return ngettext("Try again in a minute.", "Try again in {minutes} minutes.", minutes).format(minutes=minutes)


# --- Django's own handlers (config/urls.py) --------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    request.GET = QueryDict()  # the page's frame must not trip over the same address again
    return problem(request, 400, _("This request is not valid"), _("Go back and try again from the page."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = str(exception) or _("Your role in this team does not include this. Ask an admin if you need it.")
    return problem(request, 403, _("Not allowed"), text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 404, _("Not found"), _("This page does not exist, or you do not have access to it."))


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's token is from before the person signed in again, usually in another tab.

    A request of htmx comes from our own page (no other site may send its headers), so it is given the new token: what
    was typed stays, and sending again works.
    """
    if request.headers.get("HX-Request"):
        text = _("You signed in again in the meantime. Nothing was lost: send it once more.")
        return with_new_token(request, problem(request, 403, _("Not sent yet"), text))
    text = _("This page is out of date, usually because you signed in again elsewhere. Reload it and send again.")
    return problem(request, 403, _("Please send that again"), text)


def with_new_token(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with the token that the open page's forms need from now on (static/js/connection.js)."""
    response["HX-Trigger"] = json.dumps({"csrf-token": get_token(request)})
    return response
