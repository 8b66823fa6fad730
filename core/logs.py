"""What is written to the log: a line a request, and how each line looks.

Nothing that people wrote and no secret may get there: addresses come without their query, exceptions without their
message (a database quotes whole rows in it), and what was asked of cStar as its request ids alone.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from contextvars import ContextVar
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, merge_contextvars
from structlog.dev import ConsoleRenderer
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from core import health
from core.proxies import is_trusted

# What a line of a request says beside its context; other extras (Django's hold the whole request) stay out.
FIELDS = ("method", "path", "route", "status", "ms", "cstar_request_ids")
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUERY = re.compile(r"(?<=\S)\?\S+")
# Our own log must not grow with what a client makes up.
_LONGEST_PATH = 200

log = logging.getLogger(__name__)

_request_ids: ContextVar[list[str] | None] = ContextVar("cstar_request_ids", default=None)


def request_lines(get_response):
    """Gives each request an id, in all of its log lines and in the answer's X-Request-ID, and logs how it ended."""

    def middleware(request: HttpRequest) -> HttpResponse:
        clear_contextvars()
        request_id = _request_id(request)
        asked: list[str] = []
        bind_contextvars(request_id=request_id)
        _request_ids.set(asked)
        began = time.perf_counter()
        response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL):  # a kilobyte of a first page, and nobody asks about files
            response["X-Request-ID"] = request_id
        fields = {
            "method": request.method,
            "path": quote(request.path)[:_LONGEST_PATH],
            "route": route(request),
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1),
        }
        if asked:
            fields["cstar_request_ids"] = asked
        log.log(_level(request, response), "request", extra=fields)
        clear_contextvars()
        return response

    return middleware


def about(**names: str):
    """A block whose log lines say whom they are about: `with about(team=...)`, for work that no request asked for."""
    return bound_contextvars(**names)


def asked_cstar(request_id: str | None) -> None:
    """cStar answered a call; its request id joins the line of the request that the call was made for."""
    asked = _request_ids.get()
    if asked is not None and request_id and _HARMLESS.fullmatch(request_id):
        asked.append(request_id)


def route(request: HttpRequest) -> str:
    """The address's pattern, which is the same for all tickets; "none" where nothing is."""
    return request.resolver_match.route if request.resolver_match else "none"


def _request_id(request: HttpRequest) -> str:
    """The proxy's, so that its log and ours can be put side by side; a client's own word is not taken."""
    given = request.headers.get("X-Request-ID", "")
    if is_trusted(request.META.get("REMOTE_ADDR", "")) and _HARMLESS.fullmatch(given):
        return given
    return uuid4().hex


def _level(request: HttpRequest, response: HttpResponse) -> int:
    """Answers that say nothing new (heartbeats, health, files) come every second and would bury the others."""
    if response.status_code >= 500:
        return logging.ERROR
    if response.status_code >= 400:
        return logging.WARNING
    often = request.path in health.PATHS or request.path.startswith(settings.STATIC_URL)
    silent = response.status_code == 204 or often
    return logging.DEBUG if silent else logging.INFO


# --- how a line looks ------------------------------------------------------------------------------------------


def configuration(*, as_json: bool) -> dict:
    """Python's logging configuration: a JSON object a line for machines that collect them, else plain text."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "core.logs.formatter", "as_json": as_json}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # What it warns of (404, 403) is in the request's own line; the place of an exception is not.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "httpx": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "django_tasks": {"level": "WARNING"},
        },
    }


def formatter(as_json: bool) -> logging.Formatter:
    renderer = JSONRenderer() if as_json else ConsoleRenderer(colors=False, pad_event_to=0)
    return ProcessorFormatter(
        foreign_pre_chain=[
            merge_contextvars,
            ExtraAdder(allow=FIELDS),
            _without_queries,
            add_log_level,
            add_logger_name,
            TimeStamper(fmt="iso", utc=True),
            ExceptionRenderer(_places),
        ],
        processors=[ProcessorFormatter.remove_processors_meta, renderer],
    )


def _without_queries(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Cut queries out of addresses: gunicorn logs the whole address of a request that it could not serve."""
    event["event"] = _QUERY.sub("?…", str(event["event"]))
    return event


def _places(exc_info: ExcInfo) -> str:
    """Return the type and frames of an exception and of its causes, without their messages."""
    lines: list[str] = []
    seen: set[int] = set()
    error: BaseException | None = exc_info[1]
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)
