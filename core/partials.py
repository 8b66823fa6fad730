"""Pages and the fragments of them that htmx asks for."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping,
    *,
    partials: Mapping[str, str] | None = None,
    address: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or the fragment that belongs to the element htmx wants to fill.

    `partials` maps a DOM id to a template. The choice goes by `HX-Target`, so that a history restore, which names no
    target of ours, always gets the whole page; page and fragment both say so in `Vary`. `address` is the query that a
    fragment puts into the browser's address bar.
    """
    chosen = (partials or {}).get(request.headers.get("HX-Target", ""))
    if request.headers.get("HX-History-Restore-Request"):
        chosen = None
    response = render(request, chosen or template, {**context, "partial": bool(chosen)}, status=status)
    if chosen and address:
        response["HX-Push-Url"] = request.path + address
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
