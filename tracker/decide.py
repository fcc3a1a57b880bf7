"""Decisions about collecting, as pure functions of what is known and of the present."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.config import Revisit
from tracker.ids import sha256_hex
from tracker.ports import Failures, PageState
from tracker.types import Outcome, Response

_FIRST_WAIT = timedelta(minutes=15)
_FIRST_WAIT_FOR_GOOD = timedelta(days=1)
"""After a refusal, or an answer that the page is not there: a result, which is only looked at again now and then."""
_LONGEST_WAIT = timedelta(days=7)


def decide_visit(state: PageState | None, now: datetime, revisit: Revisit, failures: Failures | None = None) -> bool:
    """Whether a page is to be asked for now.

    An unknown page is; a known one as long as it is young (`revisit.for_` after it was first seen), each time
    `revisit.every` has passed since it was last asked for. One that has failed since waits longer each time.
    """
    if failures is not None and now - failures.last_at < wait_after(failures):
        return False
    if state is None:
        return True
    return now - state.first_seen_at <= revisit.for_ and now - state.checked_at >= revisit.every


def wait_after(failures: Failures) -> timedelta:
    """How long a page that has failed is left alone: doubling from 15 minutes, or from a day after a refusal, a 404
    or a 410, to a week."""
    for_good = failures.outcome is Outcome.REFUSED or failures.status in (404, 410)
    first = _FIRST_WAIT_FOR_GOOD if for_good else _FIRST_WAIT
    return min(first * (1 << min(failures.count - 1, 20)), _LONGEST_WAIT)


def decide_outcome(old_sha256: str | None, response: Response) -> Outcome:
    """How a successful attempt ended, given the SHA-256 (hexadecimal) of the body that we had; None if we had none.

    NEW, CHANGED or UNCHANGED; of bytes, not of words: whether the text has changed is seen by reading it.
    """
    if response.not_modified:
        return Outcome.UNCHANGED
    if old_sha256 is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if sha256_hex(response.body) == old_sha256 else Outcome.CHANGED
