"""How a source does: eight states that are told apart, since when, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.health import ADVICE, judge_health, longest_usual_gap
from tracker.ports import Attempt, SourceRecord
from tracker.types import HEALTH_STATES, Outcome

NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "https://wire.example/feed"


def good(ago: timedelta, items: int | None = 30) -> Attempt:
    return Attempt("wire", FEED, NOW - ago, Outcome.UNCHANGED, 200, None, True, items)


def bad(ago: timedelta, reason: str, outcome: Outcome = Outcome.FAILED) -> Attempt:
    return Attempt("wire", FEED, NOW - ago, outcome, None, f"it ended in {reason}", True, reason=reason)


def page(number: int, outcome: Outcome = Outcome.NEW, reason: str | None = None) -> Attempt:
    why = f"page {number}: {reason}" if reason else None
    return Attempt(
        "wire", f"https://wire.example/{number}", NOW - number * HOUR, outcome, 200, why, False, reason=reason
    )


def fresh(*askings: Attempt, pages: tuple[Attempt, ...] = (), unreadable: tuple[str, ...] = ()) -> SourceRecord:
    return SourceRecord(askings, (NOW - HOUR,), pages, unreadable)


def test_new_until_it_was_asked() -> None:
    assert judge_health(SourceRecord(), "feed", NOW).state == "new"


def test_fine_since_the_first_success_after_a_failure() -> None:
    health = judge_health(fresh(good(HOUR), good(2 * HOUR), bad(3 * HOUR, "timeout"), good(4 * HOUR)), "feed", NOW)
    assert (health.state, health.since, health.why, health.advice) == ("fine", NOW - 2 * HOUR, "", "")
    assert health.last_success_at == NOW - HOUR
    assert (health.last_error_at, health.last_error) == (NOW - 3 * HOUR, "it ended in timeout")


@pytest.mark.parametrize(("reason", "outcome", "state"), [
    ("robots", Outcome.REFUSED, "refused"), ("forbidden", Outcome.REFUSED, "refused"),
    ("challenge", Outcome.REFUSED, "refused"), ("address", Outcome.REFUSED, "refused"),
    ("key_refused", Outcome.FAILED, "refused"),
    ("timeout", Outcome.FAILED, "unreachable"), ("dns", Outcome.FAILED, "unreachable"),
    ("tls", Outcome.FAILED, "unreachable"), ("status", Outcome.FAILED, "unreachable"),
    ("too_large", Outcome.FAILED, "unreachable"), ("api_error", Outcome.FAILED, "unreachable"),
    ("not_parsable", Outcome.FAILED, "layout_changed"), ("layout", Outcome.FAILED, "layout_changed"),
    ("no_key", Outcome.SKIPPED, "skipped"),
])  # fmt: skip
def test_a_failure_has_its_state_since_when_why_and_what_to_do(reason: str, outcome: Outcome, state: str) -> None:
    health = judge_health(fresh(bad(HOUR, reason, outcome), bad(2 * HOUR, reason, outcome), good(DAY)), "feed", NOW)
    assert (health.state, health.since, health.last_success_at) == (state, NOW - 2 * HOUR, NOW - DAY)
    assert health.why == f"it ended in {reason}"
    assert health.advice == ADVICE[reason] != ""


def test_a_spent_budget_says_nothing_of_the_source() -> None:
    spent = bad(timedelta(0), "budget", Outcome.REFUSED)
    assert judge_health(fresh(spent, good(HOUR)), "feed", NOW).state == "fine"
    assert judge_health(fresh(spent, bad(HOUR, "dns")), "feed", NOW).state == "unreachable"
    assert judge_health(fresh(spent), "feed", NOW).state == "refused"


def test_nothing_where_there_always_was_something_is_a_failure() -> None:
    before = [good(n * HOUR) for n in range(3, 8)]
    health = judge_health(fresh(good(HOUR, 0), good(2 * HOUR, 0), *before), "feed", NOW)
    assert (health.state, health.since, health.is_troubled) == ("empty", NOW - 2 * HOUR, True)
    assert "usually 30" in health.why and health.advice
    assert judge_health(fresh(good(HOUR, 0), good(2 * HOUR, 4)), "feed", NOW).state == "fine", "too little is known"
    now_and_then = [good(2 * HOUR), good(3 * HOUR, 0), good(4 * HOUR), good(5 * HOUR)]
    assert judge_health(fresh(good(HOUR, 0), *now_and_then), "sitemap", NOW).state == "fine"
    assert judge_health(fresh(good(HOUR, 0), *before), "federal_register", NOW).state == "fine", "nothing new is usual"


def test_a_source_that_never_gave_anything_is_empty() -> None:
    health = judge_health(SourceRecord((good(HOUR, 0), good(2 * HOUR, 0))), "gdelt", NOW)
    assert (health.state, health.since) == ("empty", NOW - 2 * HOUR)
    assert "never" in health.why


def test_silent_is_longer_than_its_habit() -> None:
    daily = tuple(NOW - n * DAY for n in range(12, 22))
    health = judge_health(SourceRecord((good(HOUR),), daily), "feed", NOW)
    assert (health.state, health.since) == ("silent", NOW - 12 * DAY)
    assert "12 days" in health.why and "1 day" in health.why
    monthly = tuple(NOW - (12 + 30 * n) * DAY for n in range(10))
    assert judge_health(SourceRecord((good(HOUR),), monthly), "feed", NOW).state == "fine"
    hourly = tuple(NOW - 2 * DAY - n * HOUR for n in range(20))
    assert judge_health(SourceRecord((good(HOUR),), hourly), "feed", NOW).state == "fine", "a weekend is no silence"
    few = daily[:4]
    assert judge_health(SourceRecord((good(HOUR),), few), "feed", NOW).state == "fine", "no habit is known yet"


def test_a_fine_list_of_pages_that_cannot_be_had_is_not_fine() -> None:
    walls = tuple(page(n, Outcome.REFUSED, "challenge") for n in range(1, 8))
    health = judge_health(fresh(good(HOUR), pages=walls), "feed", NOW)
    assert (health.state, health.since, health.advice) == ("refused", NOW - 7 * HOUR, ADVICE["challenge"])
    gone = tuple(page(n, Outcome.FAILED, "status") for n in range(1, 8))
    assert judge_health(fresh(good(HOUR), pages=gone), "feed", NOW).state == "unreachable"
    odd = tuple(page(n) for n in range(1, 8))
    unread = tuple(item.url for item in odd[:5])
    assert judge_health(fresh(good(HOUR), pages=odd, unreadable=unread), "feed", NOW).state == "layout_changed"
    assert judge_health(fresh(good(HOUR), pages=odd, unreadable=unread[1:]), "feed", NOW).state == "fine"
    assert judge_health(fresh(good(HOUR), pages=walls[:4]), "feed", NOW).state == "fine", "too few to tell"


@pytest.mark.parametrize(("reason", "outcome"), [("budget", Outcome.REFUSED), ("held", Outcome.FAILED)])
def test_pages_that_our_own_patience_left_out_say_nothing_of_the_source(reason: str, outcome: Outcome) -> None:
    left_out = tuple(page(n, outcome, reason) for n in range(1, 8))
    had = tuple(page(n) for n in range(8, 12))
    assert judge_health(fresh(good(HOUR), pages=left_out + had), "feed", NOW).state == "fine"
    assert judge_health(fresh(good(HOUR), pages=left_out), "feed", NOW).state == "fine", "none was asked for"
    walls = tuple(page(n, Outcome.REFUSED, "challenge") for n in range(8, 14))
    health = judge_health(fresh(good(HOUR), pages=left_out + walls), "feed", NOW)
    assert (health.state, health.since, health.advice) == ("refused", NOW - 13 * HOUR, ADVICE["challenge"])


def test_attempts_from_before_items_were_counted_are_fine() -> None:
    assert judge_health(fresh(good(HOUR, None)), "feed", NOW).state == "fine"


hows = st.sampled_from([
    (Outcome.NEW, None), (Outcome.UNCHANGED, None), (Outcome.FAILED, "timeout"), (Outcome.FAILED, "layout"),
    (Outcome.REFUSED, "robots"), (Outcome.REFUSED, "budget"), (Outcome.SKIPPED, "no_key"), (Outcome.FAILED, None),
])  # fmt: skip


@given(
    st.lists(st.tuples(hows, st.sampled_from([None, 0, 1, 30])), max_size=20),
    st.lists(st.integers(0, 10_000), max_size=20, unique=True),
    st.sampled_from(["feed", "listing", "sitemap", "gdelt", "page"]),
)
def test_every_record_has_a_state_that_began_in_it(
    tried: list[tuple[tuple[Outcome, str | None], int | None]], news: list[int], kind: str
) -> None:
    askings = tuple(
        Attempt("wire", FEED, NOW - n * HOUR, outcome, None, reason, True, items, reason=reason)
        for n, ((outcome, reason), items) in enumerate(tried)
    )
    news_at = tuple(NOW - ago * HOUR for ago in sorted(news))
    health = judge_health(SourceRecord(askings, news_at), kind, NOW)
    assert health.state in HEALTH_STATES
    assert health.since is None or health.since <= NOW
    assert (health.state == "new") == (not askings)
    if health.is_troubled:
        assert health.why


def test_nine_of_ten_gaps_make_the_habit() -> None:
    news = [NOW]
    for days in (1, 1, 1, 1, 1, 1, 1, 1, 1, 40):
        news.append(news[-1] - days * DAY)
    assert longest_usual_gap(news) == DAY
    assert longest_usual_gap(news[:5]) is None
