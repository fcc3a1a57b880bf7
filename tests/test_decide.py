"""What is asked for again, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.config import Revisit
from tracker.decide import decide_outcome, decide_visit
from tracker.ids import sha256_hex
from tracker.ports import PageState
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
