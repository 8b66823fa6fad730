"""One team's line to the API: makes a call, tries again where that is safe, tells the observer, raises our errors."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from msgspec import UNSET

from cstar._answer import Answer, answer_of, error_of, rate_limit_of, retry_after
from cstar._retry import pause_before_retry
from cstar._secret import Secret
from cstar.errors import BadRequest, CStarError, InvalidResponse, NotFound, Unavailable
from cstar.http import (
    NOT_SENT,
    BaseTransport,
    DecodingError,
    HTTPError,
    InvalidURL,
    Response,
    Timeout,
    TimeoutException,
    shared_pool,
)
from cstar.types import Attempt

__version__ = "0.1.0"
API_VERSION = "2026-03-01"  # docs/cstar-api.md#base-url-and-version

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
CALL_SECONDS = 20.0  # with all attempts and pauses

MEGABYTE = 1_000_000
BODY_LIMIT = 10 * MEGABYTE
EXPORT_LIMIT = 64 * MEGABYTE

# Ids hold letters, digits, hyphens and underscores (docs/cstar-api.md#ids). Nothing else gets into a path: servers and
# proxies disagree about escaped slashes, so a quoted `../x` may still reach another endpoint.
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}\Z")
_UNSENDABLE = "It holds half a character (a lone surrogate) or too many levels."
_LONGEST_QUERY = 2000  # characters; percent-encoded it stays below what servers and the HTTP library take
_HEADER_TEXT = re.compile(r"[!-~]{1,255}\Z")


@dataclass(frozen=True, slots=True)
class Call:
    """A call before it is made.

    `repeatable`: making it twice is the same as making it once. `wrote`: the fields of a PATCH.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    idempotency_key: str | None = None
    repeatable: bool = False
    body_limit: int = BODY_LIMIT
    wrote: Mapping[str, Any] | None = None

    @property
    def creates(self) -> bool:
        """Whether making it twice makes two objects, unless the server remembers its key."""
        return self.method == "POST" and self.idempotency_key is not None


def get_call(path: str, query: Mapping[str, Any] | None = None) -> Call:
    """Return a GET; values of the query that are None or not given are left out."""
    return Call("GET", path, query=_query(query or {}), repeatable=True)


def write_call(method: str, path: str, body: Any, idempotency_key: str | None) -> Call:
    """Return a POST or PATCH. Its Idempotency-Key is made here, once, so that every attempt carries the same."""
    key = str(uuid4()) if idempotency_key is None else idempotency_key
    if not isinstance(key, str) or not _HEADER_TEXT.match(key):
        raise ValueError("An idempotency key has 1 to 255 printable ASCII characters and no space.")
    wrote = body if method == "PATCH" else None
    return Call(method, path, body=encode(body), idempotency_key=key, repeatable=True, wrote=wrote)


def segment(identifier: str) -> str:
    """Return an id for use in a path; NotFound, without a call, for what no id can be."""
    if not isinstance(identifier, str) or not _ID.match(identifier):
        raise NotFound("cStar has no object with such an id.", status=404, code="invalid_id")
    return identifier


def encode(body: Any) -> bytes:
    """Return the body as JSON; BadRequest for what it cannot carry and an imported file may still hold."""
    try:
        return msgspec.json.encode(body)
    except (UnicodeEncodeError, RecursionError):
        problem = BadRequest(_UNSENDABLE, code="invalid_text")
    raise problem


class Session:
    """Holds the key and makes calls. Cheap to build and safe to share between threads."""

    def __init__(
        self,
        *,
        secret: Secret,
        team_id: str,
        base_url: str,
        transport: BaseTransport | None,
        gate: Callable[[], None] | None,
        observer: Callable[[Attempt], None] | None,
        sleep: Callable[[float], None],
        random: Callable[[], float],
        clock: Callable[[], float],
        repeat_posts: bool,
    ) -> None:
        if not isinstance(team_id, str) or not _ID.match(team_id):
            raise ValueError("A team's id has only letters, digits, hyphens and underscores.")
        self._secret = secret
        self.base = f"{_checked_url(base_url)}/teams/{team_id}"
        self._pool = shared_pool(transport)
        self._gate, self._observer = gate, observer
        self._sleep, self._random, self._clock = sleep, random, clock
        self._repeat_posts = repeat_posts

    def call(self, call: Call) -> Answer:
        """Make the call, at most three times and for 20 seconds in all, and return its success; raise a CStarError."""
        deadline = self._clock() + CALL_SECONDS
        attempt, uncertain = 1, False
        repeatable = call.repeatable and (self._repeat_posts or not call.creates)
        while isinstance(outcome := self._attempt(call, deadline), CStarError):
            pause = pause_before_retry(outcome, attempt=attempt, repeatable=repeatable, random=self._random)
            uncertain = outcome.may_have_applied = outcome.may_have_applied or uncertain
            if pause is None or self._clock() + pause >= deadline:
                raise outcome
            self._sleep(pause)
            attempt += 1
        return outcome

    def _attempt(self, call: Call, deadline: float) -> Answer | CStarError:
        """Return an error instead of raising it.

        An error raised while one of the HTTP library is being handled would keep that as its context, and with it the
        request and its Authorization header, for every reporter that walks the chain.
        """
        if (refusal := self._refusal()) is not None:
            return refusal
        began = self._clock()
        answer, failure = self._exchange(call, deadline)
        self._report(call, answer, failure, self._clock() - began)
        if answer is not None and not answer.ok:
            # The status counts even where the body broke off.
            return error_of(answer, self._secret, url=self.base + call.path)
        return failure or answer or Unavailable()

    def _report(self, call: Call, answer: Answer | None, failure: CStarError | None, elapsed: float) -> None:
        """Tell the observer of an attempt that took `elapsed` seconds."""
        if self._observer is None:
            return
        attempt = Attempt(
            method=call.method,
            path=call.path,
            status=answer.status if answer else None,
            sent=failure is None or failure.may_have_applied,
            rate_limit=rate_limit_of(answer.headers) if answer else None,
            retry_after=retry_after(answer) if answer else None,
            request_id=answer.request_id if answer else None,
            elapsed=elapsed,
            answered_at=answer.answered_at if answer else None,
            object_id=answer.object_id if answer else None,
            wrote=call.wrote,
        )
        self._observer(attempt)

    def _refusal(self) -> CStarError | None:
        if self._gate is not None:
            try:
                self._gate()
            except CStarError as refusal:
                return refusal
        return None

    def _exchange(self, call: Call, deadline: float) -> tuple[Answer | None, CStarError | None]:
        response: Response | None = None
        body, failure = b"", None
        try:
            response = self._send(call, deadline - self._clock())
            body = self._read_body(response, call.body_limit, deadline)
        except HTTPError as error:
            failure = _failure_of(error)
        except InvalidURL:  # the HTTP library reads the target of a redirect that it is told not to follow
            failure = _unreadable("It redirects to an invalid URL.")
        except _ReadingError as error:
            failure = error.failure
        finally:
            if response is not None:
                response.close()
        return (answer_of(response.status_code, response.headers, body) if response else None), failure

    def _send(self, call: Call, seconds_left: float) -> Response:
        def at_most(seconds: float) -> float:
            return max(min(seconds, seconds_left), 0.001)

        request = self._pool.build_request(
            call.method,
            self.base + call.path,
            params=call.query or None,
            content=call.body,
            headers=self._headers(call),
            timeout=Timeout(at_most(READ_SECONDS), connect=at_most(CONNECT_SECONDS), pool=at_most(CONNECT_SECONDS)),
        )
        return self._pool.send(request, stream=True)

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._secret.reveal()}",
            "Accept": "application/json, text/csv;q=0.9",
            "Accept-Encoding": "gzip",  # what can be unpacked while the size is watched
            "CStar-Version": API_VERSION,
            "User-Agent": f"cstar-desk/{__version__}",
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        return headers

    def _read_body(self, response: Response, limit: int, deadline: float) -> bytes:
        """Read the body piece by piece: a read timeout alone would let a slow drip hold the thread for ever."""
        if (response.headers.get("content-encoding") or "identity").lower() not in {"identity", "gzip"}:
            raise _ReadingError(_unreadable("It is packed in a way that was not asked for."))
        pieces, size = [], 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise _ReadingError(_unreadable(f"It is larger than {limit // MEGABYTE} MB."))
            if self._clock() >= deadline:
                raise _ReadingError(Unavailable("cStar did not finish its answer in time.", may_have_applied=True))
        return b"".join(pieces)


class _ReadingError(Exception):
    def __init__(self, failure: CStarError) -> None:
        self.failure = failure


def _failure_of(error: HTTPError) -> CStarError:
    if isinstance(error, NOT_SENT):
        return Unavailable("No connection to cStar could be made.")
    if isinstance(error, TimeoutException):
        return Unavailable("cStar did not answer in time.", may_have_applied=True)
    if isinstance(error, DecodingError):
        return _unreadable("It cannot be unpacked.")
    return Unavailable("The connection to cStar broke off.", may_have_applied=True)


def _unreadable(why: str) -> InvalidResponse:
    return InvalidResponse(f"{InvalidResponse.default_message} {why}", may_have_applied=True)


def _query(given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    texts = [(name, _query_text(value)) for name, value in given.items() if value is not None and value is not UNSET]
    if any("\ud800" <= letter <= "\udfff" for _, text in texts for letter in text):
        raise BadRequest(_UNSENDABLE, code="invalid_text")
    if sum(len(text) for _, text in texts) > _LONGEST_QUERY:
        raise BadRequest(f"A search or filter has at most {_LONGEST_QUERY:,} characters.", code="too_long")
    return tuple(texts)


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A time without a time zone could mean anything.")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str | int):
        return str(value)
    return ",".join(value)


def _checked_url(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not (named and base_url.isascii() and base_url.isprintable()) or set(base_url) & set(" ?#@\\"):
        raise ValueError("The address of the API is an http or https URL without user, password, query or fragment.")
    return base_url.rstrip("/")
