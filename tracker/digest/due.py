"""When a subscriber is due: pure functions of its cadence, its time zone and the hour that was last served.

What is told hangs on the cursor (the last change that was looked at), never on these hours: a clock that jumps can
make a digest early or late, and can neither lose a change nor tell it twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.errors import InputError
from tracker.types.watching import Subscriber

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """A subscriber for whom a cut is to be made."""

    subscriber: Subscriber
    slot_at: datetime | None
    """The hour that it is made for; of `at_once` what it was."""


def find_due(subscriber: Subscriber, now: datetime, up_to_seq: int) -> Due | None:
    """Whether a cut is to be made for an active subscriber: its hour has come, or at once there is something new.

    Args:
        subscriber: one who is active.
        now: an aware instant.
        up_to_seq: the last change that is known.

    Raises:
        InputError: the time zone is none; names the subscriber.
    """
    if subscriber.cadence == "at_once":
        return Due(subscriber, subscriber.slot_at) if subscriber.cursor < up_to_seq else None
    slot_at = decide_slot(subscriber, now)
    return Due(subscriber, slot_at) if slot_at is not None else None


def decide_slot(subscriber: Subscriber, now: datetime) -> datetime | None:
    """The hour (aware UTC) that a cut is to be made for now; None where none is.

    `at_once` is always due, and its hour is `now`. Otherwise it is the last of the subscriber's hours that has come,
    unless it was served, or came before the subscription did: hours that were missed while the machine was off are
    made up for once. `monthly` comes on the first of the month.

    An hour that was served and lies further ahead than the next one was taken from a clock that was wrong: it is not
    waited for. One that lies no further is (the clock was set back a little), so nobody is served twice for one hour.

    Raises:
        InputError: the time zone is none; names the subscriber.
    """
    if subscriber.cadence == "at_once":
        return now
    last, following = find_hours(subscriber, now)
    served_at = subscriber.slot_at or subscriber.confirmed_at or subscriber.created_at
    if served_at is None or served_at < last or served_at > following:
        return last
    return None


def find_hours(subscriber: Subscriber, now: datetime) -> tuple[datetime, datetime]:
    """The last hour of a subscriber that has come at `now`, and the one after it, as aware UTC instants.

    An hour that the zone's clocks leave out is the one that they go on to; one that they show twice is its first
    (RFC 5545, section 3.3.5).

    Raises:
        InputError: the time zone is none; names the subscriber.
    """
    zone = _zone_of(subscriber)
    today = now.astimezone(zone).date()
    hour = time(subscriber.at_hour)
    hours = sorted({_instant(day, hour, zone) for day in _days_around(subscriber, today)})
    return max(item for item in hours if item <= now), min(item for item in hours if item > now)


def _zone_of(subscriber: Subscriber) -> ZoneInfo:
    try:
        return ZoneInfo(subscriber.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"subscriber {subscriber.name}: there is no time zone {subscriber.timezone!r}; "
            "`tracker subscribers set` takes one of the IANA names, such as Europe/Berlin"
        ) from error


def _instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    # With fold=0 an hour that is left out is counted on from before the gap, and of two the first is meant.
    return datetime.combine(day, hour, zone).astimezone(UTC)


def _days_around(subscriber: Subscriber, today: date) -> list[date]:
    """The subscriber's days from before yesterday's last to after tomorrow's next: zones have left out whole days."""
    if subscriber.cadence == "daily":
        return [today + timedelta(days=step) for step in (-2, -1, 0, 1, 2)]
    if subscriber.cadence == "weekly":
        this_week = today + timedelta(days=subscriber.weekday - today.weekday())
        return [this_week + timedelta(weeks=step) for step in (-2, -1, 0, 1, 2)]
    month = today.year * _MONTHS_A_YEAR + today.month - 1
    return [
        date((month + step) // _MONTHS_A_YEAR, (month + step) % _MONTHS_A_YEAR + 1, 1) for step in (-2, -1, 0, 1, 2)
    ]
