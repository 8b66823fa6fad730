"""What may be the address of the API. Plain functions: the settings use them before Django is there."""

from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError


def parts_of(url: str) -> SplitResult | None:
    """The parts of an http or https address; None for what is none."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if named else None


def check_api_url(url: str) -> None:
    """ValidationError for what cannot be the API's address, and for plain http to another machine."""
    parts = parts_of(url)
    if parts is None or not url.isascii() or not url.isprintable() or set(url) & set(" ?#@\\"):
        raise ValidationError("is not an address like https://www.cstar.help/api/v1.")
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValidationError("must be https: the team's secret key travels in every request.")
