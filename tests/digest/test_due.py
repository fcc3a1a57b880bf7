"""Whose hour has come: over all zones, gaps and doublings of clocks, and clocks that jump."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.digest.due import decide_slot, find_hours
from tracker.errors import InputError
from tracker.types.watching import CADENCES, Subscriber

ZONES = sorted(available_timezones() - {"localtime"})
LONGEST = {"daily": timedelta(hours=49), "weekly": timedelta(days=8), "monthly": timedelta(days=32)}
instants = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
subscribers = st.builds(
    Subscriber,
    id=st.just("s1"),
    name=st.just("desk"),
    channel=st.just("mail"),
    address=st.just("desk@reader.example"),
    rules=st.just(()),
    cadence=st.sampled_from([cadence for cadence in CADENCES if cadence != "at_once"]),
    at_hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    timezone=st.sampled_from(ZONES),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def desk(cadence: str = "daily", hour: int = 8, zone: str = "Europe/Berlin", **other: object) -> Subscriber:
    return Subscriber("s1", "desk", "mail", "desk@reader.example", (), cadence, hour, timezone=zone, **other)  # type: ignore[arg-type]


@given(subscribers, instants)
def test_the_last_hour_has_come_and_the_next_has_not(subscriber: Subscriber, now: datetime) -> None:
    last, following = find_hours(subscriber, now)
    assert last <= now < following <= last + LONGEST[subscriber.cadence]
    for hour in (last, following):
        local = hour.astimezone(ZoneInfo(subscriber.timezone))
        shown = local.replace(tzinfo=None)
        meant = shown.replace(hour=subscriber.at_hour, minute=0)
        if shown != meant:  # the zone's clocks left that hour out
            gap = datetime.combine(shown.date(), meant.time(), local.tzinfo)
            assert gap.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != meant or shown.hour < meant.hour
        elif subscriber.cadence == "weekly":
            assert shown.weekday() == subscriber.weekday
        elif subscriber.cadence == "monthly":
            assert shown.day == 1
        assert local.fold == 0  # of an hour that is shown twice, the first


@given(subscribers, instants, st.lists(st.integers(1, 60 * 24 * 9), max_size=60))
def test_each_hour_is_served_once_in_order_however_often_it_is_looked(
    subscriber: Subscriber, begin: datetime, minutes: list[int]
) -> None:
    subscriber = replace(subscriber, created_at=begin)
    now, served = begin, []
    for minute in minutes:
        now += timedelta(minutes=minute)
        slot = decide_slot(subscriber, now)
        last, _ = find_hours(subscriber, now)
        if slot is None:
            assert last in served or last <= begin
        else:
            assert slot == last
            served.append(slot)
            subscriber = replace(subscriber, slot_at=slot)
    assert served == sorted(set(served))
    assert all(begin < slot for slot in served)


@given(subscribers, instants, st.timedeltas(timedelta(days=63), timedelta(days=4000)))
def test_a_clock_that_was_wrong_silences_nobody(subscriber: Subscriber, now: datetime, jump: timedelta) -> None:
    ahead = decide_slot(subscriber, now + jump)
    assert ahead is not None
    back = decide_slot(replace(subscriber, slot_at=ahead), now)
    assert back == find_hours(subscriber, now)[0]
    assert decide_slot(replace(subscriber, slot_at=back), now) is None


@given(subscribers, instants, st.timedeltas(timedelta(seconds=1), timedelta(hours=2)))
def test_a_clock_that_is_set_back_a_little_serves_no_hour_again(
    subscriber: Subscriber, now: datetime, back: timedelta
) -> None:
    slot = decide_slot(subscriber, now)
    served = replace(subscriber, slot_at=slot)
    assert decide_slot(served, now - back) is None
    assert decide_slot(served, now) is None


def test_an_hour_that_is_left_out_is_the_next_that_is_there() -> None:
    assert find_hours(desk(hour=2), at("2026-03-29T12:00+02:00"))[0] == at("2026-03-29T03:00+02:00")
    lord_howe = find_hours(desk(hour=2, zone="Australia/Lord_Howe"), at("2026-10-04T12:00+11:00"))[0]
    assert lord_howe == at("2026-10-04T02:30+11:00")


def test_an_hour_that_stands_twice_is_taken_once() -> None:
    reader = desk(hour=2, created_at=at("2026-10-20T00:00Z"), slot_at=at("2026-10-24T02:00+02:00"))
    slot = decide_slot(reader, at("2026-10-25T02:10+02:00"))
    assert slot == at("2026-10-25T02:00+02:00")
    again = replace(reader, slot_at=slot)
    assert decide_slot(again, at("2026-10-25T02:10+01:00")) is None
    assert decide_slot(again, at("2026-10-26T02:00+01:00")) == at("2026-10-26T02:00+01:00")


def test_a_day_that_a_zone_left_out_is_made_up_for() -> None:
    reader = desk(zone="Pacific/Apia", slot_at=at("2011-12-29T08:00-10:00"))
    slot = decide_slot(reader, at("2011-12-31T09:00+14:00"))
    assert slot == at("2011-12-31T08:00+14:00")
    assert decide_slot(replace(reader, slot_at=slot), at("2011-12-31T23:00+14:00")) is None


def test_a_new_subscriber_waits_for_its_first_hour() -> None:
    reader = desk(created_at=at("2026-06-24T08:30+02:00"))
    assert decide_slot(reader, at("2026-06-24T09:00+02:00")) is None
    assert decide_slot(reader, at("2026-06-25T08:00+02:00")) == at("2026-06-25T08:00+02:00")


def test_what_was_missed_is_made_up_for_once() -> None:
    reader = desk("weekly", weekday=0, slot_at=at("2026-06-01T08:00+02:00"))
    slot = decide_slot(reader, at("2026-06-24T11:00+02:00"))
    assert slot == at("2026-06-22T08:00+02:00")
    assert decide_slot(replace(reader, slot_at=slot), at("2026-06-24T11:01+02:00")) is None


def test_monthly_comes_on_the_first_in_the_readers_zone() -> None:
    reader = desk("monthly", zone="Asia/Shanghai", slot_at=at("2026-01-01T08:00+08:00"))
    assert decide_slot(reader, at("2026-01-31T23:59+08:00")) is None
    assert decide_slot(reader, at("2026-02-01T00:30Z")) == at("2026-02-01T08:00+08:00")


def test_at_once_is_always_due() -> None:
    now = at("2026-06-24T11:00Z")
    assert decide_slot(desk("at_once", slot_at=now + timedelta(days=400)), now) == now


@pytest.mark.parametrize("zone", ["Europe/Berlun", "", "../etc/passwd", "Europe"])
def test_a_zone_that_is_none_is_named(zone: str) -> None:
    with pytest.raises(InputError, match=r"subscriber desk: there is no time zone .* such as Europe/Berlin"):
        decide_slot(desk(zone=zone), at("2026-06-24T11:00Z"))
