"""When a delivery is tried again."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.subscriptions.made import NOW, message, subscriber
from tracker.digest.retrying import FEWEST_TRIES, SHORTEST_WAIT, decide_next_try
from tracker.ports.subscriptions import LONGEST_WAIT
from tracker.types.digests import Delivery

DAYS = timedelta(days=5)


def delivery(attempts: int, tried_since_hours: float | None) -> Delivery:
    since = None if tried_since_hours is None else NOW - timedelta(hours=tried_since_hours)
    return Delivery(
        1, "s-1", "reader 1", "d-1", message(subscriber(1), "words"), "pending", NOW, NOW, attempts, tried_since=since
    )


@given(st.integers(0, 10_000), st.floats(-1e6, 119), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_every_wait_is_within_bounds(attempts: int, hours: float, chance: float, after_s: float | None) -> None:
    next_at = decide_next_try(delivery(attempts, hours), NOW, DAYS, chance, after_s)
    assert next_at is not None
    assert SHORTEST_WAIT <= next_at - NOW <= LONGEST_WAIT
    assert next_at - NOW >= min(timedelta(seconds=after_s or 0), LONGEST_WAIT)


def test_waits_grow_to_hours_and_leave_all_of_it_to_chance() -> None:
    bounds = [decide_next_try(delivery(tries, 1), NOW, DAYS, 1.0) for tries in range(9)]
    minutes = [(bound - NOW).total_seconds() / 60 for bound in bounds if bound]
    assert minutes == [2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert decide_next_try(delivery(8, 1), NOW, DAYS, 0.0) == NOW + SHORTEST_WAIT


def test_it_is_given_up_after_days_and_tries() -> None:
    assert decide_next_try(delivery(FEWEST_TRIES, 5 * 24), NOW, DAYS, 0.5) is None
    assert decide_next_try(delivery(FEWEST_TRIES, 5 * 24 - 0.1), NOW, DAYS, 0.5) is not None
    # A machine that was off for a week, or a clock that jumped, is no failure of the other side.
    assert decide_next_try(delivery(1, 24 * 400), NOW, DAYS, 0.5) is not None
    assert decide_next_try(delivery(0, None), NOW, DAYS, 0.5) is not None
