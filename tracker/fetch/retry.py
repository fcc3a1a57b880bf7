"""When to try again: pure functions of what the host said and of chance."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT_S = 60.0
"""A host that asks for a longer pause than this is left alone until the next run."""


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, in either form (RFC 9110, section 10.2.3); None if it says nothing."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def backoff_s(attempt: int, base_s: float, chance: float) -> float:
    """Seconds before the try after `attempt` (from 0): doubling, with half of it left to `chance` (0 to 1), so that
    clients that failed together do not come back together."""
    full = min(base_s * 2.0**attempt, MAX_WAIT_S)
    return float(full / 2 + full / 2 * chance)
