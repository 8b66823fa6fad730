"""The sandbox in this very process: an HTTP transport that calls the sandbox's views without a socket.

It does not go through Django's request handler on purpose: that one's signals close the database connections of the
thread it runs in and reset its script prefix, which here are the caller's.
"""

from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from cstar.http import BaseTransport, Request, Response
from sandbox import api

MOUNT = "/api/v1/"
# Headers that WSGI passes without the HTTP_ prefix.
_BARE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class SandboxTransport(BaseTransport):
    """Answers requests below any `.../api/v1/`. Holds no state: safe to share between threads."""

    def handle_request(self, request: Request) -> Response:
        response = answer(_django_request(request))
        headers = [*response.items(), ("Content-Length", str(len(response.content)))]
        # A stream, so that the client reads and times the answer as it does any other.
        return Response(response.status_code, headers=headers, content=iter([response.content]), request=request)


def _django_request(request: Request) -> WSGIRequest:
    body = request.read()
    path, _, query = request.url.raw_path.partition(b"?")
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": request.url.host,
        "SERVER_PORT": str(request.url.port or 443),
        "wsgi.url_scheme": request.url.scheme,
        "wsgi.input": BytesIO(body),
    }
    for name, value in request.headers.items():
        environ[_BARE.get(name, "HTTP_" + name.upper().replace("-", "_"))] = value
    return WSGIRequest(environ | {"CONTENT_LENGTH": str(len(body))})


def answer(request: HttpRequest) -> HttpResponse:
    """Calls the view that the path below `/api/v1/` names."""
    _, mount, path = request.path_info.partition(MOUNT)
    if not mount:
        return api.unknown(request)
    match = resolve("/" + path, urlconf="sandbox.urls")
    return match.func(request, *match.args, **match.kwargs)
