"""Who is calling: keys, their rights, and the hourly limit (docs/cstar-api.md#keys, docs/cstar-api.md#rate-limits)."""

import hashlib
import re
from datetime import datetime

from django.db import connections

from sandbox import errors, times
from sandbox.models import DATABASE, ApiKey

WINDOW = 3600  # seconds
LIMITS = {"sk": 1000, "pk": 100}  # requests a window
# What the headers of a key without a limit say, so that a client that reads them never holds back.
UNLIMITED = 1_000_000

_KEY = re.compile(r"^(sk|pk)_(live|test)_[A-Za-z0-9_-]{32}$")
_COUNT = """
    UPDATE sandbox_apikey
    SET used = CASE WHEN window_start = %s THEN used + 1 ELSE 1 END, window_start = %s
    WHERE id = %s AND (window_start <> %s OR used < "limit")
    RETURNING used
"""


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def describe(key: str) -> tuple[str, str]:
    """(`sk` or `pk`, `live` or `test`) of a well-formed key; ValueError otherwise."""
    parts = _KEY.match(key)
    if not parts:
        raise ValueError("a key is sk_ or pk_, live_ or test_, then 32 characters of A-Z a-z 0-9 - _")
    return parts[1], parts[2]


def authenticate(authorization: str) -> ApiKey:
    """The live key of an `Authorization: Bearer ...` header, with its team. Anything else is one and the same 401."""
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "bearer" or not _KEY.match(text.strip()):
        raise errors.unauthenticated()
    key = ApiKey.objects.select_related("team").filter(digest=digest(text.strip()), revoked_at=None).first()
    if key is None or (key.expires_at and key.expires_at <= times.now()):
        raise errors.unauthenticated()
    return key


def count(key: ApiKey, moment: datetime, headers: dict[str, str]) -> None:
    """Counts the request against the key's hour and fills in the X-RateLimit headers; 429 when the hour is spent.

    One UPDATE counts and refuses, so that any number of processes together let exactly `limit` requests through.
    """
    seconds = int(moment.timestamp())
    window = seconds - seconds % WINDOW
    limit = UNLIMITED if key.limit is None else key.limit
    used = 0 if key.limit is None else _count(key, window)
    headers["X-RateLimit-Limit"] = str(limit)
    headers["X-RateLimit-Remaining"] = str(0 if used is None else limit - used)
    headers["X-RateLimit-Reset"] = str(window + WINDOW)
    headers["X-RateLimit-Window"] = str(WINDOW)
    if used is None:
        raise errors.rate_limited(window + WINDOW - seconds)


def _count(key: ApiKey, window: int) -> int | None:
    """How many requests of this window there have been with this one; None when it is one too many."""
    if key.limit == 0:
        return None
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(_COUNT, [window, window, key.id, window])
        row = cursor.fetchone()
    return row[0] if row else None


def authorize(key: ApiKey, team_id: str, *, secret: bool) -> None:
    """403 unless the key is the team's own and, where one is needed, a secret one."""
    if str(key.team.uuid) != team_id.lower():
        raise errors.forbidden("API key does not have access to this team")
    if secret and not key.is_secret:
        raise errors.forbidden("Secret key required for this endpoint")
