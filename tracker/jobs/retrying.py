"""When a job that failed is tried again."""

from __future__ import annotations

from tracker.ports.work import Stage

_FIRST_S = 10.0
_LONGEST_S = 3600.0
_MOST_ENDED = 20
"""So often a job may take its worker along; pages and texts that do so are set aside long before."""
_LONGEST_AFTER_END_S = 300.0


def decide_retry(stage: Stage, failed: int, ended: int, attempts: int, *, has_ended: bool = False) -> float | None:
    """After how many seconds a job is to be tried again; None: it is dead.

    Args:
        failed: attempts that failed, this one with them.
        ended: attempts whose worker ended without a word, this one with them.
        attempts: so many may fail.
        has_ended: this attempt is one of the latter. The first such end was most likely somebody's doing (the machine,
            an operator): others go on with the job at once, and ever later when it happens again.
    """
    if has_ended:
        if stage in ("read", "extract"):  # what was at hand is tried by itself, and set aside by itself
            return 0.0
        return None if ended >= _MOST_ENDED else min(_LONGEST_AFTER_END_S, 0.0 if ended < 3 else 2.0 ** (ended - 2))
    return None if failed >= attempts else min(_LONGEST_S, _FIRST_S * 4.0 ** (failed - 1))
