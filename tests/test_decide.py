"""What is asked for again, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config import Revisit
from tracker.decide import decide_outcome, decide_visit, wait_after
from tracker.ids import sha256_hex
from tracker.ports import Failures, PageState
from tracker.types import ArchiveRef, Outcome, Response, Validators

NOW = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)
REVISIT = Revisit.model_validate({"for": "14d", "every": "6h"})


def _state(first_seen_ago: timedelta, checked_ago: timedelta) -> PageState:
    return PageState(
        url="https://a.example/",
        fetched_at=NOW - first_seen_ago,
        checked_at=NOW - checked_ago,
        validators=Validators(),
        body_sha256="",
        content_type=None,
        final_url="https://a.example/",
        archive=ArchiveRef("x", 0, "y"),
        first_seen_at=NOW - first_seen_ago,
    )


def test_an_unknown_page_is_visited() -> None:
    assert decide_visit(None, NOW, REVISIT)


@pytest.mark.parametrize(
    ("first_seen", "checked", "expected"),
    [
        (timedelta(days=1), timedelta(hours=6), True),
        (timedelta(days=1), timedelta(hours=6) - timedelta(seconds=1), False),
        (timedelta(days=14), timedelta(days=2), True),
        (timedelta(days=14, seconds=1), timedelta(days=2), False),
        (timedelta(0), timedelta(0), False),
    ],
)
def test_a_known_page_is_visited_while_young_and_when_due(
    first_seen: timedelta, checked: timedelta, expected: bool
) -> None:
    assert decide_visit(_state(first_seen, checked), NOW, REVISIT) is expected


@pytest.mark.parametrize(
    ("old", "body", "not_modified", "outcome"),
    [
        (None, b"a", False, Outcome.NEW),
        (sha256_hex(b"a"), b"a", False, Outcome.UNCHANGED),
        (sha256_hex(b"a"), b"b", False, Outcome.CHANGED),
        (sha256_hex(b"a"), b"", True, Outcome.UNCHANGED),
    ],
)
def test_outcomes(old: str | None, body: bytes, not_modified: bool, outcome: Outcome) -> None:
    url = "https://a.example/"
    assert decide_outcome(old, Response(url, url, 200, (), body, NOW, not_modified)) is outcome


def _failures(count: int, ago: timedelta, outcome: Outcome = Outcome.FAILED, status: int | None = None) -> Failures:
    return Failures(count, NOW - ago, outcome, status, "timeout")


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        (_failures(1, timedelta(minutes=14)), False),
        (_failures(1, timedelta(minutes=15)), True),
        (_failures(3, timedelta(minutes=59)), False),
        (_failures(3, timedelta(hours=1)), True),
        (_failures(99, timedelta(days=6)), False),
        (_failures(99, timedelta(days=7)), True),
        (_failures(1, timedelta(hours=23), Outcome.REFUSED, 403), False),
        (_failures(1, timedelta(days=1), Outcome.REFUSED, 403), True),
        (_failures(1, timedelta(hours=23), status=404), False),
        (_failures(2, timedelta(days=2), status=410), True),
    ],
)
def test_a_page_that_failed_waits_longer_each_time(failures: Failures, expected: bool) -> None:
    assert decide_visit(None, NOW, REVISIT, failures) is expected
    assert decide_visit(_state(timedelta(days=9), timedelta(days=8)), NOW, REVISIT, failures) is expected


@given(st.integers(1, 10_000), st.sampled_from([Outcome.FAILED, Outcome.REFUSED]), st.sampled_from([None, 404, 503]))
def test_the_wait_never_shrinks_and_never_exceeds_a_week(count: int, outcome: Outcome, status: int | None) -> None:
    now, later = (wait_after(_failures(n, timedelta(0), outcome, status)) for n in (count, count + 1))
    assert timedelta(minutes=15) <= now <= later <= timedelta(days=7)
