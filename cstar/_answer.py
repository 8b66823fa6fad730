"""Reading what came back: JSON, envelopes, errors, headers. Everything in here is input that nobody vouches for."""

import logging
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec

from cstar._secret import Secret
from cstar.errors import CStarError, InvalidResponse, RateLimited, Redirected, class_for_status
from cstar.types import Page, RateLimit, Resource

# The hour is cStar's whole window, so a longer pause can only be a mistake; zero would make callers spin.
_SHORTEST_WAIT, _LONGEST_WAIT = 1, 3600
_DEFAULT_WAIT = 60
DEFAULT_PAGE_SIZE = 20
_LONGEST_TEXT = 1000
_LONGEST_ID = 100
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

# A NUL, not a backslash before the letters u0000. Databases and pages refuse it, and no text needs it.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Resource)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `document` is its JSON, or None where the body is not JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    document: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status <= 299

    @property
    def request_id(self) -> str | None:
        """`meta.requestId` of a success, `error.request_id` of an error, else a header.

        docs/cstar-api.md#request-ids
        """
        said = (
            _get(self.document, "meta", "requestId"),
            _get(self.document, "error", "request_id"),
            self.headers.get("x-cstar-request-id"),
            self.headers.get("x-request-id"),
        )
        return next((text[:_LONGEST_ID] for text in map(_text_or_none, said) if text), None)

    @property
    def answered_at(self) -> datetime | None:
        """When, by cStar's clock: `meta.timestamp`, else the `Date` header, which has whole seconds."""
        try:
            moment = datetime.fromisoformat(_get(self.document, "meta", "timestamp"))
        except (TypeError, ValueError):
            return _date(self.headers.get("date", ""))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def object_id(self) -> str | None:
        """The id of the object that the answer is about, where it is about one."""
        return _text_or_none(_get(self.document, "data", "id"))

    def data(self) -> Any:
        """Return the `data` of a success; `success` and `meta` may be missing (docs/cstar-api.md#answers)."""
        if not isinstance(self.document, dict) or "data" not in self.document:
            raise self.invalid("The answer is not a JSON object with data.")
        if self.document.get("success") is False:
            raise self.invalid("The answer says that it is not a success.")
        return self.document["data"]

    def invalid(self, why: str) -> InvalidResponse:
        return InvalidResponse(
            f"{InvalidResponse.default_message} {why}",
            status=self.status,
            request_id=self.request_id,
            may_have_applied=True,
        )


def answer_of(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Build an answer from its parts, body decompressed."""
    try:
        document = msgspec.json.decode(_NUL.sub(rb"\1", body) if rb"\u0000" in body else body) if body else None
    except (ValueError, RecursionError):
        document = None
    return Answer(status, headers, body, document)


# Objects ---------------------------------------------------------------------------------------------------------


def one(answer: Answer, kind: type[R]) -> R:
    """Return the answer's one object."""
    data = answer.data()
    return _typed(answer, [data], kind)[0]


def rows(answer: Answer, data: Any, kind: type[R]) -> list[R]:
    """Return a list of objects.

    One broken row must not hide the others: a field of a wrong type counts as absent, and an object without an id is
    left out. Raise `InvalidResponse` only if no row is readable.
    """
    if not isinstance(data, list):
        raise answer.invalid("A list was expected.")
    if _fits(data, list[kind]):  # type: ignore[valid-type]
        return _typed(answer, data, kind)
    found = [made for raw in data if (made := _readable(raw, kind, answer.request_id))]
    if not found:
        return _typed(answer, data, kind)  # which says what is wrong
    log.warning("%s: %s of %s rows left out, others read in part", kind.__name__, len(data) - len(found), len(data))
    return found


def page(answer: Answer, kind: type[R], *, number: int = 1, size: int | None = None) -> Page[R]:
    """Return a page. Its pagination may stand in two places or be missing (docs/cstar-api.md#pagination).

    `number` and `size` are what was asked for; `size` None: the endpoint is not paged.
    """
    items = rows(answer, answer.data(), kind)
    pagination = _get(answer.document, "meta", "pagination")
    if pagination is None:
        pagination = _get(answer.document, "pagination")
    said = _convert(answer, pagination, _Pagination)
    if said is None:
        more = size is not None and len(items) >= size
        total, pages = (len(items), 1) if size is None else (None, None)
        return Page(items, number, size or len(items), total, pages, more, answer.request_id)
    number = said.page or number
    size = said.page_size or size or DEFAULT_PAGE_SIZE
    pages = said.total_pages
    if pages is None and said.total is not None:
        pages = math.ceil(said.total / size)
    more = said.has_more
    if more is None:
        more = len(items) >= size if pages is None else number < pages
    return Page(items, number, size, said.total, pages, more, answer.request_id)


class _Pagination(msgspec.Struct, rename="camel"):
    page: int | None = None
    page_size: int | None = None
    total: int | None = None
    total_pages: int | None = None
    has_more: bool | None = None

    def __post_init__(self) -> None:
        if any(number is not None and number < 0 for number in (self.page, self.page_size, self.total)):
            raise ValueError("a negative number")


def _typed(answer: Answer, data: list[Any], kind: type[R]) -> list[R]:
    objects: list[R] = _convert(answer, data, list[kind])  # type: ignore[valid-type]
    request_id = answer.request_id
    for made, raw in zip(objects, data, strict=True):
        made.attach(raw, request_id)
    return objects


def _readable(raw: Any, kind: type[R], request_id: str | None) -> R | None:
    if not isinstance(raw, dict):
        return None
    needed = {field.encode_name for field in msgspec.structs.fields(kind) if field.required} & raw.keys()
    good = {name: raw[name] for name in needed}
    good |= {name: value for name, value in raw.items() if _fits(good | {name: value}, kind)}
    if not _fits(good, kind):
        return None
    made = msgspec.convert(good, kind)
    Resource.attach(made, raw, request_id)  # its parts, messages for example, may be what is broken
    return made


def _fits(data: Any, kind: Any) -> bool:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError:
        return False
    return True


def _convert(answer: Answer, data: Any, kind: Any) -> Any:
    if data is None and kind is _Pagination:
        return None
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        why = str(error)
    # Raised out here: an exception that is being handled would hang on to this one, with the data.
    raise answer.invalid(f"{why}.")


# Errors ----------------------------------------------------------------------------------------------------------


def error_of(answer: Answer, secret: Secret, *, url: str = "") -> CStarError:
    """Return the error for a status outside 2xx, whatever the body (HTML, nothing, another shape) may be.

    `url` is what was asked for: a redirect may name its target relative to it.
    """
    if location := _location(answer, url):
        return Redirected(status=answer.status, location=_safe(location, secret) or "", may_have_applied=True)
    kind = class_for_status(answer.status)
    stated = _get(answer.document, "error")
    said = {name: _safe(_get(stated, name), secret) for name in ("message", "type", "code", "param", "doc_url")}
    if said["message"] is None and isinstance(stated, str):
        said["message"] = _safe(stated, secret)
    if not (said["doc_url"] or "").startswith(("https://", "http://")):
        said["doc_url"] = None  # it becomes a link
    wait = retry_after(answer)
    return kind(
        **said,
        status=answer.status,
        request_id=_safe(answer.request_id, secret),
        retry_after=_DEFAULT_WAIT if wait is None and kind is RateLimited else wait,
        may_have_applied=not 400 <= answer.status <= 499,
    )


def _location(answer: Answer, url: str) -> str:
    """Return the address that a redirect leads to, without its query; "" for what is none."""
    if answer.status not in _REDIRECTS:
        return ""
    try:
        parts = urlsplit(urljoin(url, answer.headers.get("location", "")))
    except ValueError:
        return ""
    target = f"{parts.scheme}://{parts.netloc}{parts.path}"
    sound = parts.scheme in {"http", "https"} and "@" not in parts.netloc and target.isascii() and target.isprintable()
    return target if sound and parts.netloc and answer.headers.get("location") else ""


def _safe(value: Any, secret: Secret) -> str | None:
    text = _text_or_none(value)
    return None if text is None else secret.scrub(text)[:_LONGEST_TEXT]


# Headers ---------------------------------------------------------------------------------------------------------


def retry_after(answer: Answer, now: Callable[[], float] = time.time) -> int | None:
    """Return the seconds to wait: from Retry-After (seconds or HTTP date), else `error.retryAfter`, else None."""
    header = answer.headers.get("retry-after", "")
    said = _seconds(header)
    if said is None and (moment := _date(header)):
        said = max(moment.timestamp() - now(), 0)
    if said is None:
        said = _seconds(_get(answer.document, "error", "retryAfter"))
    return None if said is None else min(max(math.ceil(said), _SHORTEST_WAIT), _LONGEST_WAIT)


def rate_limit_of(headers: Mapping[str, str]) -> RateLimit | None:
    """Return the X-RateLimit-* headers, or None unless limit and remaining are both there.

    docs/cstar-api.md#rate-limits describes them.
    """
    texts = [headers.get(f"x-ratelimit-{name}", "").strip() for name in ("limit", "remaining", "reset", "window")]
    limit, remaining, reset, window = (int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None for text in texts)
    return None if limit is None or remaining is None else RateLimit(limit, remaining, reset, window)


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return min(seconds, _LONGEST_WAIT) if seconds >= 0 else None


def _date(header: str) -> datetime | None:
    """Return the moment of an HTTP date."""
    try:
        moment = parsedate_to_datetime(header)
        return moment.replace(tzinfo=moment.tzinfo or UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _get(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
