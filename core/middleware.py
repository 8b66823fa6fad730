"""What every answer gets, whichever view made it."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from core import errors

_NOT_NEEDED = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def security_headers(get_response):
    """Headers that browsers act on and Django does not send. The content policy itself is django-csp's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Permissions-Policy", _NOT_NEEDED)
        # Whatever is no file of ours may hold customers' words: no shared cache may keep it, and Back asks us again.
        response.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def limited_body(get_response):
    """Refuses a form that is too large before any of it is read: looking for the CSRF token would store it all."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_form = request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}
        if is_form and length.isdigit() and (len(length) > 12 or int(length) > settings.MAX_BODY_BYTES):
            return HttpResponse("This is larger than 55 MB: send less at once.", status=413, content_type="text/plain")
        return get_response(request)

    return middleware


def messages_out_of_band(get_response):
    """Appends waiting messages to a fragment, so that one line in a view tells people what happened.

    Redirects keep theirs for the page that follows; streams and other types are left alone.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.headers.get("HX-Request") or response.streaming or "HX-Redirect" in response:
            return response
        if not response.get("Content-Type", "").startswith("text/html") or 300 <= response.status_code < 400:
            return response
        if messages := list(get_messages(request)):
            response.write(render_to_string("_messages.html", {"messages": messages, "out_of_band": True}))
        return response

    return middleware


class cstar_errors:  # noqa: N801 - a middleware is named like a function in the settings
    """Turns an error of the cStar client that a view let pass into a page or a fragment."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.answer(request, exception)
