"""What can go wrong with a call, one class for each way of handling it.

    CStarError
    ├── BadRequest          400, 422   a field is missing or wrong; `param` may name it
    ├── Unauthorized        401        the key is wrong, expired or revoked
    ├── Forbidden           403        the key may not do this
    ├── NotFound            404        no such object, or an id that no object can have
    ├── Conflict            409        for example an e-mail address that is taken
    ├── RateLimited         429        the hour's calls are spent; `retry_after` says how long
    ├── ServerError         5xx        cStar failed
    ├── Unavailable         no answer  connection refused, timeout, cut connection
    ├── InvalidResponse     2xx        not JSON, not the documented shape, cut off or too large
    └── UnexpectedStatus    the rest   405, 413 ...
        └── Redirected      3xx        never followed; `api_url` is the address that the API seems to have moved to

docs/cstar-api.md#errors describes statuses and body. The class follows from the status alone, so an HTML page
from a proxy or an empty body is mapped like a documented error.
"""

# ruff: noqa: N818 - the module is called errors and `except cstar.NotFound` says it all
from typing import Any, ClassVar


class CStarError(Exception):
    """Base of all errors of this package; `str()` is a sentence for people and never holds the key.

    Attributes, each None where the answer did not say: `status` (HTTP), `type`, `code`, `message`, `param` (the field
    at fault), `request_id`, `doc_url` (http or https only), `retry_after` (whole seconds, 1 to 3,600).
    `may_have_applied` is False only where the call certainly changed nothing. It counts every attempt of the call: a
    write that timed out and was then refused may have applied the first time.
    """

    default_message: ClassVar[str] = "The call to cStar failed."

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        type: str | None = None,  # noqa: A002 - the API's own name
        code: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        doc_url: str | None = None,
        retry_after: int | None = None,
        may_have_applied: bool = False,
    ) -> None:
        self.message = message or self.default_message
        super().__init__(self.message)
        self.status = status
        self.type = type
        self.code = code
        self.param = param
        self.request_id = request_id
        self.doc_url = doc_url
        self.retry_after = retry_after
        self.may_have_applied = may_have_applied

    def __str__(self) -> str:
        facts = [
            self.code,
            f"HTTP {self.status}" if self.status else None,
            f"request {self.request_id}" if self.request_id else None,
        ]
        known = ", ".join(fact for fact in facts if fact)
        return f"{self.message} ({known})" if known else self.message


class BadRequest(CStarError):
    """400 or 422: a field is missing or wrong."""

    default_message = "cStar did not accept what was sent."


class Unauthorized(CStarError):
    """401: the key is missing, wrong, expired or revoked."""

    default_message = "cStar does not accept the API key."


class Forbidden(CStarError):
    """403: the key is of the wrong kind or belongs to another team."""

    default_message = "The API key may not do this."


class NotFound(CStarError):
    """404, or an id that no object can have (code `invalid_id`; then no call was made)."""

    default_message = "cStar has no such object."


class Conflict(CStarError):
    """409: it clashes with what cStar holds, such as an e-mail address that is taken."""

    default_message = "This clashes with something that cStar already holds."


class RateLimited(CStarError):
    """429: the calls of this hour are spent. `retry_after` is always set; the client never retries this itself."""

    default_message = "The team's calls to cStar are spent for now."


class ServerError(CStarError):
    """5xx: cStar, or a proxy before it, failed."""

    default_message = "cStar had a problem on its side."


class Unavailable(CStarError):
    """No answer at all, or one that broke off. See `may_have_applied` before sending the same again without its key."""

    default_message = "cStar cannot be reached."


class InvalidResponse(CStarError):
    """A success whose body is not what the API documents."""

    default_message = "cStar sent an answer that cannot be understood."


class UnexpectedStatus(CStarError):
    """A status that the API does not document."""

    default_message = "cStar sent an unexpected answer."


class Redirected(UnexpectedStatus):
    """A redirect, which is never followed: the key would go with it. `location` is where it leads to."""

    default_message = "cStar answered with a redirect."

    def __init__(self, message: str | None = None, *, location: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.location = location

    @property
    def api_url(self) -> str:
        """The API's address if the redirect keeps what follows it; "" for a redirect to somewhere else."""
        base, separator, _ = self.location.partition("/teams/")
        return base if separator else ""


def class_for_status(status: int) -> type[CStarError]:
    """Return the error class of an HTTP status outside 2xx."""
    if 500 <= status <= 599:
        return ServerError
    return _BY_STATUS.get(status, UnexpectedStatus)


_BY_STATUS: dict[int, type[CStarError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: BadRequest,
    429: RateLimited,
}
