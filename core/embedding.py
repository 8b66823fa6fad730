"""Pages in a portal's frame, which have neither rail nor top bar.

Browsers say of each document that they ask for whether it goes into a frame (`Sec-Fetch-Dest`), whatever led to it: a
link, a form, a redirect, Back, reload. A new tab is none. `?embed=1` asks for the same, for browsers that do not say it
and to look at such a page in a window of its own. Pages in a frame write it into their address
(static/js/portal-link.js), so that what they fetch tells by its Referer.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse

PARAMETER = "embed"


def in_frame(request: HttpRequest) -> bool:
    """Whether the browser asks for a document to show it in a frame."""
    return request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"}


def is_embedded(request: HttpRequest) -> bool:
    """Whether the answer is for a page in a portal's frame, or for one that asks for the same look."""
    return in_frame(request) or _asked_for(request)


def asking(url: str) -> str:
    """Add `?embed=1` to the address."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PARAMETER]
    return parts._replace(query=urlencode([*query, (PARAMETER, "1")])).geturl()


def kept_in_addresses(get_response):
    """Carry `?embed=1` across redirects within the desk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name in ("Location", "HX-Redirect"):
            target = response.get(name, "")
            is_local = target.startswith("/") and not target.startswith("//")
            if is_local and _asked_for(request):
                response[name] = asking(target)
        return response

    return middleware


def _asked_for(request: HttpRequest) -> bool:
    """Whether the address has `?embed=1`; for a form or a fragment, whether that of its page has."""
    if request.GET.get(PARAMETER) == "1":
        return True
    from_page = request.method == "POST" or request.headers.get("HX-Request")
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    query = page.partition("#")[0].partition("?")[2]
    return bool(from_page) and (PARAMETER, "1") in parse_qsl(query)
