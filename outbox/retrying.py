"""Which failures may pass by themselves, and after how long to try again."""

import random

import cstar

LONGEST_PAUSE = 300  # seconds
# Statuses that say "later" though they are the sender's by their number.
_LATER = {408, 425}


def may_pass(error: cstar.CStarError) -> bool:
    """Whether the same call may succeed later: cStar is away, busy or broken, or the key is to be put right."""
    match error:
        case cstar.Unavailable() | cstar.ServerError() | cstar.RateLimited() | cstar.Unauthorized():
            return True
        case cstar.InvalidResponse():
            return True
        case cstar.UnexpectedStatus(status=status):
            return status in _LATER or not (status and 400 <= status <= 499)
    return False


def pause(attempts: int, error: cstar.CStarError) -> float:
    """Seconds until the next try: what cStar asked for, else exponential with full jitter."""
    if error.retry_after:
        return float(error.retry_after)
    return max(1.0, random.uniform(0, min(LONGEST_PAUSE, 2**attempts)))  # noqa: S311 - no secret
