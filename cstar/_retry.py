"""When a call is made again, and after how long. No clock and no HTTP here: only the rules."""

from collections.abc import Callable

from cstar.errors import CStarError, ServerError, Unavailable

# Full jitter: anywhere between nothing and a ceiling. Small, for a person is waiting for the page.
_CEILINGS = (0.5, 1.0)  # seconds, after the first and the second attempt
# A server that asks for a longer pause gets it from the caller's queue and not from a thread that serves a page.
_LONGEST_PAUSE = 2.0

_PASSING = frozenset({502, 503, 504})


def pause_before_retry(
    error: CStarError, *, attempt: int, repeatable: bool, random: Callable[[], float]
) -> float | None:
    """Return the seconds to wait after failed attempt number `attempt` (from 1), or None to give up.

    `repeatable`: doing the call twice is the same as doing it once. 429 is never retried: it would spend calls of an
    hour that has none left.
    """
    if isinstance(error, Unavailable):
        is_safe = repeatable or not error.may_have_applied
    else:
        is_safe = repeatable and isinstance(error, ServerError) and error.status in _PASSING
    if attempt > len(_CEILINGS) or not is_safe:
        return None
    asked_for = error.retry_after or 0
    if asked_for > _LONGEST_PAUSE:
        return None
    return max(float(asked_for), random() * _CEILINGS[attempt - 1])
