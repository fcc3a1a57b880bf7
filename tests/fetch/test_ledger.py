"""Budgets, holds and rests of hosts: over time, over runs, and each host by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.loopback import SetClock
from tracker.config import Network
from tracker.errors import FetchFailed, Refused
from tracker.fetch.ledger import MAX_HOLD, STRIKES, HostLedger
from tracker.ports import HostRecord

START = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


def test_a_budget_counts_what_earlier_runs_asked_and_begins_anew_at_midnight() -> None:
    clock = SetClock(START)
    network = Network.model_validate(
        {"daily_requests_per_host": 10, "hosts": {"*.small.example": {"daily_requests": 3}}}
    )
    ledger = HostLedger(network, clock, {"www.small.example": HostRecord(asked_today=2)})
    ledger.check("www.small.example")
    ledger.note_request("www.small.example")
    with pytest.raises(Refused, match="budget of 3 requests") as caught:
        ledger.check("www.small.example")
    assert caught.value.reason == "budget"
    ledger.check("large.example")
    clock.at = datetime(2026, 6, 11, 0, 0, 1, tzinfo=UTC)
    ledger.check("www.small.example")


def test_a_hold_of_an_earlier_run_is_kept_to_its_end() -> None:
    clock = SetClock(START)
    ledger = HostLedger(Network(), clock, {"a.example": HostRecord(0, START + timedelta(hours=1))})
    with pytest.raises(FetchFailed, match="no request before 2026-06-10 09:30:00") as caught:
        ledger.check("a.example")
    assert caught.value.reason == "held"
    clock.at += timedelta(hours=1)
    ledger.check("a.example")
    assert ledger.holds() == {}


def test_hosts_of_the_day_before_are_forgotten_but_for_their_holds() -> None:
    clock = SetClock(START)
    ledger = HostLedger(Network(), clock, {})
    for number in range(50):
        ledger.note_request(f"h{number}.example")
    ledger.hold("h7.example", 86_400)
    clock.at += timedelta(hours=20)
    ledger.note_request("new.example")
    assert sorted(ledger._hosts) == ["h7.example", "new.example"]
    with pytest.raises(FetchFailed, match="no request before"):
        ledger.check("h7.example")
    taken = ledger.take_requests()
    assert len(taken) == 51 and taken[START.date(), "h3.example"] == 1, "also those of the day that is over"
    assert ledger.take_requests() == {}


def test_a_hold_without_reason_is_cut() -> None:
    ledger = HostLedger(Network(), SetClock(START), {})
    ledger.hold("a.example", 999_999_999)
    assert ledger.holds() == {"a.example": START + MAX_HOLD}


def test_a_host_that_falls_silent_is_left_alone_and_tried_again_later() -> None:
    clock = SetClock(START)
    ledger = HostLedger(Network(), clock, {})
    for _ in range(STRIKES - 1):
        ledger.note_silence("a.example", "timeout")
    ledger.note_answer("a.example")
    for _ in range(STRIKES):
        ledger.check("a.example")
        ledger.note_silence("a.example", "timeout")
    with pytest.raises(FetchFailed, match="without an answer") as caught:
        ledger.check("a.example")
    assert caught.value.reason == "timeout"
    ledger.check("b.example")
    clock.at += timedelta(minutes=15)
    ledger.check("a.example")
