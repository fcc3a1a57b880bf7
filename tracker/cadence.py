"""When a source is to be asked again: pure functions of its record and its configured cadence.

A source is never asked more often than `every`. It is asked less often the longer it has been quiet, and the rarer its
news are; as soon as it has news again, it is back at `every`. A source that fails is left alone for ever longer. What
spreads the sources over time is derived from their names, so that two runs decide alike.

The idea of asking in proportion to the age of what was last seen is that of adaptive feed readers (Miniflux's
"entry frequency" scheduler, github.com/miniflux/v2; lemon24/reader's update intervals).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker.ids import sha256_hex
from tracker.ports import Attempt, SourceRecord
from tracker.types import Outcome

ASKS_PER_GAP = 4
"""How often a source is asked in the time that usually passes between two of its news."""
RECENT_NEWS = 8
"""How many news tell the habit of a source."""
SPREAD = 0.1
"""By how much of itself a pause is stretched, at the most, so that sources of one cadence do not all come at once."""
FAILURE_SPREAD = 0.25
_PASSING = frozenset({"budget", "held", "no_key"})
"""Reasons that say nothing of the source: the next turn may be like any other."""
_MAX_DOUBLINGS = 30


def decide_next_at(source: str, record: SourceRecord, every: timedelta, slowest: timedelta) -> datetime | None:
    """The instant from which a source is due, or None where it was never asked.

    Never earlier than `every` after it was last asked, and never later than the longer of `every` and `slowest`
    with a quarter on top.
    """
    if not record.askings:
        return None
    asked_at = record.askings[0].at
    if failures := count_failures(record.askings):
        pause = _failure_pause(record.askings[0], failures, every, slowest)
        return asked_at + pause * (1 + FAILURE_SPREAD * _fraction(source, failures))
    pause = usual_pause(record.news_at, asked_at, every, slowest)
    return asked_at + pause * (1 + SPREAD * _fraction(source, len(record.news_at)))


def usual_pause(news_at: Sequence[datetime], asked_at: datetime, every: timedelta, slowest: timedelta) -> timedelta:
    """How long a source that answers is left alone after `asked_at`: from `every` up to `slowest`.

    A quarter of the time that it has been quiet, or of the mean time between its last news (the present quiet counts
    as one such time), whichever is less. `news_at` is newest first; without any it is asked at its fastest.
    """
    if not news_at:
        return every
    recent = news_at[: RECENT_NEWS + 1]
    quiet = max(asked_at - recent[0], timedelta(0))
    habit = (max(asked_at, recent[0]) - recent[-1]) / len(recent) if len(recent) > 2 else quiet
    return max(every, min(min(quiet, habit) / ASKS_PER_GAP, slowest))


def count_failures(askings: Sequence[Attempt]) -> int:
    """How many times in a row, newest first, asking has failed or was refused; what only passes is not counted."""
    failures = 0
    for asking in askings:
        if asking.reason in _PASSING:
            continue
        if asking.outcome not in (Outcome.FAILED, Outcome.REFUSED):
            break
        failures += 1
    return failures if askings and askings[0].reason not in _PASSING else 0


def _failure_pause(last: Attempt, failures: int, every: timedelta, slowest: timedelta) -> timedelta:
    longest = max(every, slowest)
    if last.outcome is Outcome.REFUSED:
        return longest  # a refusal is an answer: it is not asked again and again
    doublings = min(failures - 1, _MAX_DOUBLINGS)
    return every * 2**doublings if every * 2**doublings < longest else longest


def _fraction(source: str, turn: int) -> float:
    """A number from 0 to below 1 that looks random and is the same on every machine."""
    return int(sha256_hex(f"{source} {turn}")[:8], 16) / 2**32
