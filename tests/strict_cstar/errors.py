"""Refusals and how the documentation renders them."""

from dataclasses import dataclass
from typing import Any

from tests.strict_cstar.variant import Variant

_REFERENCE = "https://www.cstar.help/developers/api-reference"
_ERRORS = "https://www.cstar.help/developers/errors"

# The same refusals as the index page and the error pages spell them: (type, code) by the resource pages' code.
_ON_INDEX = {
    "authentication_required": ("authentication_error", "authentication_required"),
    "insufficient_permissions": ("authentication_error", "insufficient_permissions"),
    "rate_limit_exceeded": ("rate_limit_error", "rate_limit_exceeded"),
    "PARAMETER_MISSING": ("invalid_request_error", "parameter_missing"),
    "PARAMETER_INVALID": ("invalid_request_error", "parameter_invalid"),
    "RESOURCE_MISSING": ("not_found_error", "resource_missing"),
    "CONFLICT": ("invalid_request_error", "conflict"),
}
_OLDEST = {
    "authentication_required": "UNAUTHORIZED",
    "insufficient_permissions": "FORBIDDEN",
    "rate_limit_exceeded": "RATE_LIMITED",
}


@dataclass(eq=False)
class RefusalError(Exception):
    """The request is answered with an error; `param` names the field at fault, `retry_after` is in seconds."""

    status: int
    type: str
    code: str
    message: str
    param: str | None = None
    doc_url: str | None = None
    retry_after: int | None = None


def unauthenticated() -> RefusalError:
    doc_url = f"{_REFERENCE}#authentication"
    return RefusalError(
        401, "authentication_error", "authentication_required", "Invalid or expired API key", doc_url=doc_url
    )


def forbidden() -> RefusalError:
    return RefusalError(
        403,
        "authorization_error",
        "insufficient_permissions",
        "Secret key required for this endpoint",
        doc_url=f"{_REFERENCE}#authentication",
    )


def rate_limited(retry_after: int | None) -> RefusalError:
    return RefusalError(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        "Rate limit exceeded. Try again in 60 seconds",
        doc_url=f"{_REFERENCE}#rate-limiting",
        retry_after=retry_after,
    )


def missing(message: str, param: str | None = None) -> RefusalError:
    return RefusalError(400, "validation_error", "PARAMETER_MISSING", message, param)


def invalid(message: str, param: str | None = None) -> RefusalError:
    """No document prints the code of a wrong value; this one is ours."""
    return RefusalError(400, "validation_error", "PARAMETER_INVALID", message, param)


def not_found(what: str) -> RefusalError:
    return RefusalError(404, "not_found_error", "RESOURCE_MISSING", f"{what} not found")


def conflict(message: str) -> RefusalError:
    return RefusalError(409, "conflict_error", "CONFLICT", message)


def document(refusal: RefusalError, variant: Variant, request_id: str, timestamp: str) -> dict[str, Any]:
    """The JSON body of a refusal."""
    match variant.errors:
        case "oldest":
            return _oldest(refusal, request_id)
        case "index":
            type_, code = _ON_INDEX[refusal.code]
            error = {"type": type_, "code": code, "doc_url": f"{_ERRORS}#{code}"}
        case _:
            error = {"type": refusal.type, "code": refusal.code}
    error = {
        "type": error["type"],
        "code": error["code"],
        "message": refusal.message,
        "param": refusal.param,
        "doc_url": error.get("doc_url", refusal.doc_url),
        "retryAfter": refusal.retry_after,
        "request_id": request_id,
    }
    return {
        "success": False,
        "error": {name: value for name, value in error.items() if value is not None},
        "meta": {"timestamp": timestamp},
    }


def _oldest(refusal: RefusalError, request_id: str) -> dict[str, Any]:
    error = {
        "code": _OLDEST.get(refusal.code, refusal.code),
        "message": refusal.message,
        "param": refusal.param,
        "retryAfter": refusal.retry_after,
        "request_id": request_id,
    }
    return {"error": {name: value for name, value in error.items() if value is not None}}
