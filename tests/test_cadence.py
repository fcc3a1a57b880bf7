"""When a source is asked again: never too often, slower when quiet, fast when news come, ever longer when it fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.cadence import FAILURE_SPREAD, SPREAD, count_failures, decide_next_at, usual_pause
from tracker.ports import Attempt, SourceRecord
from tracker.types import Outcome

NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asking(ago: timedelta, outcome: Outcome = Outcome.UNCHANGED, reason: str | None = None) -> Attempt:
    items = 10 if reason is None else None
    return Attempt("wire", "https://wire.example/feed", NOW - ago, outcome, 200, reason, True, items, reason=reason)


def record(*askings: Attempt, news_ago: tuple[timedelta, ...] = ()) -> SourceRecord:
    return SourceRecord(askings, tuple(NOW - ago for ago in news_ago))


def pause_of(item: SourceRecord, every: timedelta = HOUR, slowest: timedelta = DAY) -> timedelta:
    due = decide_next_at("wire", item, every, slowest)
    assert due is not None
    return due - item.askings[0].at


def test_a_source_that_was_never_asked_is_due() -> None:
    assert decide_next_at("wire", SourceRecord(), HOUR, DAY) is None


def test_fresh_news_bring_it_back_to_its_fastest() -> None:
    rare = record(asking(timedelta(0)), news_ago=(timedelta(0), 30 * DAY, 60 * DAY, 90 * DAY))
    assert HOUR <= pause_of(rare) <= HOUR * (1 + SPREAD)


def test_a_quiet_source_is_asked_a_quarter_of_its_quiet_later() -> None:
    quiet = record(asking(timedelta(0)), news_ago=(16 * HOUR, 60 * DAY, 90 * DAY))
    assert 4 * HOUR <= pause_of(quiet) <= 4 * HOUR * (1 + SPREAD)


def test_a_busy_source_that_rests_for_a_weekend_stays_fast() -> None:
    busy = record(asking(timedelta(0)), news_ago=tuple(2 * DAY + n * HOUR for n in range(9)))
    rare = record(asking(timedelta(0)), news_ago=(2 * DAY, 32 * DAY, 62 * DAY, 92 * DAY))
    assert pause_of(busy) < 2 * HOUR < 10 * HOUR < pause_of(rare)


def test_failures_double_the_pause_and_a_success_ends_that() -> None:
    pauses = [
        pause_of(record(*[asking(n * HOUR, Outcome.FAILED, "timeout") for n in range(count)])) for count in (1, 2, 3, 9)
    ]
    for pause, hours in zip(pauses, (1, 2, 4, 24), strict=True):
        assert hours * HOUR <= pause <= hours * HOUR * (1 + FAILURE_SPREAD)
    mended = record(asking(timedelta(0)), asking(HOUR, Outcome.FAILED, "timeout"), news_ago=(timedelta(0),))
    assert pause_of(mended) <= HOUR * (1 + SPREAD)


def test_a_refusal_is_not_asked_again_before_the_slowest_turn() -> None:
    assert pause_of(record(asking(timedelta(0), Outcome.REFUSED, "forbidden"))) >= DAY


@pytest.mark.parametrize(("outcome", "reason"), [
    (Outcome.REFUSED, "budget"), (Outcome.FAILED, "held"), (Outcome.SKIPPED, "no_key"),
])  # fmt: skip
def test_what_says_nothing_of_the_source_does_not_slow_it_down(outcome: Outcome, reason: str) -> None:
    assert pause_of(record(asking(timedelta(0), outcome, reason))) <= HOUR * (1 + SPREAD)


def test_sources_of_one_cadence_are_spread_and_always_alike() -> None:
    item = record(asking(timedelta(0)), news_ago=(timedelta(0),))
    due = {name: decide_next_at(name, item, HOUR, DAY) for name in ("a", "b", "c", "d")}
    assert len(set(due.values())) == 4
    assert due == {name: decide_next_at(name, item, HOUR, DAY) for name in due}


spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))
periods = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=30))
outcomes = st.sampled_from([
    (Outcome.UNCHANGED, None), (Outcome.NEW, None), (Outcome.FAILED, "timeout"), (Outcome.REFUSED, "robots"),
    (Outcome.REFUSED, "budget"), (Outcome.SKIPPED, "no_key"),
])  # fmt: skip
records = st.builds(
    lambda askings, news: SourceRecord(
        tuple(asking(ago, *how) for ago, how in sorted(askings, key=lambda item: item[0])),
        tuple(sorted((NOW - ago for ago in news), reverse=True)),
    ),
    st.lists(st.tuples(spans, outcomes), min_size=1, max_size=40),
    st.lists(spans, max_size=20, unique=True),
)


@given(records, periods, periods, st.text(max_size=10))
def test_never_more_often_than_configured_and_never_forgotten(
    item: SourceRecord, every: timedelta, slowest: timedelta, name: str
) -> None:
    due = decide_next_at(name, item, every, slowest)
    assert due is not None
    pause = due - item.askings[0].at
    assert every <= pause <= max(every, slowest) * (1 + FAILURE_SPREAD)


@given(st.lists(spans, max_size=20, unique=True), spans, periods, periods)
def test_quiet_only_ever_slows_down(
    news: list[timedelta], more: timedelta, every: timedelta, slowest: timedelta
) -> None:
    news_at = sorted((NOW - ago for ago in news), reverse=True)
    assert usual_pause(news_at, NOW, every, slowest) <= usual_pause(news_at, NOW + more, every, slowest)


@given(st.lists(spans, max_size=20, unique=True), periods, periods)
def test_news_at_the_last_asking_make_it_fast(news: list[timedelta], every: timedelta, slowest: timedelta) -> None:
    news_at = [NOW, *sorted((NOW - ago for ago in news), reverse=True)]
    assert usual_pause(news_at, NOW, every, slowest) == every


@given(st.lists(outcomes, max_size=30))
def test_failures_in_a_row_are_no_more_than_the_failures(hows: list[tuple[Outcome, str | None]]) -> None:
    askings = [asking(n * HOUR, *how) for n, how in enumerate(hows)]
    failed = sum(outcome in (Outcome.FAILED, Outcome.REFUSED) for outcome, _ in hows)
    assert 0 <= count_failures(askings) <= failed


def simulate(gap: timedelta, every: timedelta, slowest: timedelta, span: timedelta) -> tuple[int, timedelta, timedelta]:
    """(askings, mean and longest delay until news were seen) of a source with news at every `gap`, once it is known."""
    now, published = NOW, [NOW + gap * n for n in range(1, span // gap + 12)]
    news: list[datetime] = [NOW]
    delays: list[timedelta] = []
    askings = 0
    while now < NOW + span + 10 * gap:
        pause = usual_pause(news[::-1][:50], now, every, slowest)
        now += pause
        is_known = now > NOW + 10 * gap
        askings += is_known
        fresh = [at for at in published if at <= now]
        if fresh:
            news.append(now)
            delays += [now - at for at in fresh] if is_known else []
            published = published[len(fresh) :]
    return askings, sum(delays, timedelta(0)) / len(delays), max(delays)


@pytest.mark.parametrize(("gap", "fewer", "mean"), [
    (2 * HOUR, 1.0, 1 * HOUR), (DAY, 1.5, 4 * HOUR), (7 * DAY, 6.0, 14 * HOUR), (30 * DAY, 12.0, 14 * HOUR),
])  # fmt: skip
def test_rare_sources_are_asked_far_less_often_and_their_news_are_seen_soon(
    gap: timedelta, fewer: float, mean: timedelta
) -> None:
    span = 20 * gap
    askings, delay, longest = simulate(gap, HOUR, DAY, span)
    assert span / HOUR / askings >= fewer
    assert delay <= mean and longest <= DAY
