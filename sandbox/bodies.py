"""Request bodies: read with a bound, parsed as JSON whatever the Content-Type says (the index's curl sends none)."""

import re
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest

from sandbox import errors

LIMIT = 5 * 1024 * 1024  # bytes
_PATH = re.compile(r"^(?P<reason>.*?)(?: - at `\$\.?(?P<param>[^`]*)`)?$", re.DOTALL)
_decoder = msgspec.json.Decoder()
Shape = TypeVar("Shape", bound=msgspec.Struct)


def read(request: HttpRequest) -> bytes:
    """The body's bytes; 413 above 5 MB, of which no more than the limit is ever read."""
    raw = request.read(LIMIT + 1)
    if len(raw) > LIMIT:
        raise errors.too_large(LIMIT)
    return raw


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object of a body; no body at all is an empty one. 400 for anything else."""
    if not raw.strip():
        return {}
    try:
        body = _decoder.decode(raw)
        holds_nul = rb"\u0000" in raw and _holds_nul(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise errors.invalid("Request body must be valid JSON") from None
    if not isinstance(body, dict):
        raise errors.invalid("Request body must be a JSON object")
    if holds_nul:
        raise errors.invalid("Text may not hold NUL characters")
    return body


def shaped(body: Any, shape: type[Shape]) -> Shape:
    """`body` as the given struct, unknown fields ignored; 400 naming the field that has the wrong type or length."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        parts = _PATH.match(str(error))
        param = (parts["param"] if parts else None) or None
        reason = parts["reason"] if parts else str(error)
        raise errors.invalid(f"{param}: {reason}" if param else reason, param) from None


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))
