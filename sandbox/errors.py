"""Every refusal of the API in one place: status, type, code and sentence, spelled as cStar's reference prints them.

Lower-case codes with a `doc_url` (401, 403, 429) and upper-case ones without (400, 404, 409) are the documents' own.
"""

from typing import Any

_DOCS = "https://www.cstar.help/developers/api-reference"


class ApiError(Exception):
    """A refusal on its way to the caller. `details` goes into the error object beside type, code and message."""

    def __init__(self, status: int, kind: str, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status, self.kind, self.code, self.message = status, kind, code, message
        self.param: str | None = details.pop("param", None)
        self.headers: dict[str, str] = details.pop("headers", {})
        self.details = details

    def wire(self) -> dict[str, Any]:
        """The error object without its request id (docs/cstar-api.md#errors)."""
        param = {"param": self.param} if self.param else {}
        return {"type": self.kind, "code": self.code, "message": self.message, **param, **self.details}


def missing(message: str, param: str | None = None) -> ApiError:
    return ApiError(400, "validation_error", "PARAMETER_MISSING", message, param=param)


def invalid(message: str, param: str | None = None) -> ApiError:
    """400 for what is there but wrong. The reference prints no such case; the code is ours, after PARAMETER_MISSING."""
    return ApiError(400, "validation_error", "PARAMETER_INVALID", message, param=param)


def unauthenticated() -> ApiError:
    return ApiError(
        401,
        "authentication_error",
        "authentication_required",
        "Invalid or expired API key",
        doc_url=f"{_DOCS}#authentication",
        headers={"WWW-Authenticate": "Bearer"},
    )


def forbidden(message: str) -> ApiError:
    return ApiError(403, "authorization_error", "insufficient_permissions", message, doc_url=f"{_DOCS}#authentication")


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found_error", "RESOURCE_MISSING", f"{what} not found")


def method_not_allowed(allowed: str) -> ApiError:
    message = f"This endpoint accepts {allowed}"
    return ApiError(405, "invalid_request_error", "METHOD_NOT_ALLOWED", message, headers={"Allow": allowed})


def conflict(message: str, param: str | None = None) -> ApiError:
    return ApiError(409, "conflict_error", "CONFLICT", message, param=param)


def too_large(limit: int) -> ApiError:
    message = f"Request body is larger than {limit // 1024 // 1024} MB"
    return ApiError(413, "invalid_request_error", "BODY_TOO_LARGE", message)


def rate_limited(seconds: int) -> ApiError:
    return ApiError(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        f"Rate limit exceeded. Try again in {seconds} seconds",
        doc_url=f"{_DOCS}#rate-limiting",
        retryAfter=seconds,
        headers={"Retry-After": str(seconds)},
    )


def server_error() -> ApiError:
    return ApiError(500, "api_error", "internal_error", "Something went wrong on our end")
