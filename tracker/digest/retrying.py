"""When a delivery that failed is tried again, and when it is given up: pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.ports.subscriptions import LONGEST_WAIT
from tracker.types.digests import Delivery

SHORTEST_WAIT = timedelta(seconds=30)
_FIRST_WAIT = timedelta(minutes=2)
_LONGEST_STEP = timedelta(hours=4)
FEWEST_TRIES = 8
"""Before a delivery is given up: a clock that jumped, or a machine that was off, is no failure of the other side."""


def decide_next_try(
    delivery: Delivery, now: datetime, give_up_after: timedelta, chance: float, after_s: float | None = None
) -> datetime | None:
    """When to try again after a failure at `now`; None where it has been tried for long enough.

    The wait is any time up to a bound that doubles with every try, to hours ("full jitter", so that what failed
    together does not come back together), and no shorter than the other side asked for.

    Args:
        delivery: as it was before this try.
        chance: from 0 to 1.
        after_s: of Retry-After.
    """
    since = min(delivery.tried_since or now, now)
    if now - since >= give_up_after and delivery.attempts + 1 >= FEWEST_TRIES:
        return None
    bound = min(_FIRST_WAIT * (1 << min(delivery.attempts, 12)), _LONGEST_STEP)
    asked = timedelta(seconds=min(after_s or 0.0, LONGEST_WAIT.total_seconds()))
    return now + max(SHORTEST_WAIT, bound * chance, asked)
