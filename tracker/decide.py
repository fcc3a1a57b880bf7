"""Decisions about collecting, as pure functions of what is known and of the present."""

from __future__ import annotations

from datetime import datetime

from tracker.config import Revisit
from tracker.ids import sha256_hex
from tracker.ports import PageState
from tracker.types import Outcome, Response


def decide_visit(state: PageState | None, now: datetime, revisit: Revisit) -> bool:
    """Whether a page is to be asked for now.

    An unknown page is; a known one as long as it is young (`revisit.for_` after it was first seen), each time
    `revisit.every` has passed since it was last asked for.
    """
    if state is None:
        return True
    return now - state.first_seen_at <= revisit.for_ and now - state.checked_at >= revisit.every


def decide_outcome(old_sha256: str | None, response: Response) -> Outcome:
    """How a successful attempt ended, given the SHA-256 (hexadecimal) of the body that we had; None if we had none.

    NEW, CHANGED or UNCHANGED; of bytes, not of words: whether the text has changed is seen by reading it.
    """
    if response.not_modified:
        return Outcome.UNCHANGED
    if old_sha256 is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if sha256_hex(response.body) == old_sha256 else Outcome.CHANGED
