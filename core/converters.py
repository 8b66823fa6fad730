"""What may stand in an address."""


class CStarIdConverter:
    """An id of cStar's: a prefix and a body (docs/cstar-api.md#ids), or anything else that is harmless in a URL."""

    regex = r"[A-Za-z0-9_-]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
