"""What we know of each host while we ask it: its budget of the day, how long it wants to be left alone, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.config import Network
from tracker.errors import FetchFailed, Refused
from tracker.ports import Clock, HostRecord, TurnAnswer
from tracker.ports.turns import REST, STRIKES

MAX_HOLD = timedelta(days=7)
"""A Retry-After beyond this is taken for a mistake of the host; the source would be silent for good."""


@dataclass
class _Host:
    day: date
    asked: int = 0
    held_until: datetime | None = None
    strikes: int = 0
    rests_until: datetime | None = None
    reason: str = "connection"


class HostLedger:
    """Keeps count for one fetcher. What earlier runs know is handed in; instants are the clock's."""

    def __init__(self, network: Network, clock: Clock, records: Mapping[str, HostRecord]) -> None:
        self._network, self._clock = network, clock
        self._today = today = clock.now().date()
        self._hosts = {host: _Host(today, record.asked_today, record.held_until) for host, record in records.items()}
        self._untold = Counter[tuple[date, str]]()

    def check(self, host: str) -> None:
        """Whether the host may be asked now.

        Raises:
            Refused: its budget of the day is spent.
            FetchFailed: it asked to be left alone (`held`), or has just failed several times in a row.
        """
        now, state = self._clock.now(), self._of(host)
        if state.held_until is not None and now < state.held_until:
            why = f"{host} asked for no request before {state.held_until:%Y-%m-%d %H:%M:%S} UTC (Retry-After)"
            raise FetchFailed(why, reason="held")
        if state.rests_until is not None and now < state.rests_until:
            why = f"{host} has left {STRIKES} requests in a row without an answer; it is not asked again for now"
            raise FetchFailed(why, reason=state.reason)
        limit = self._network.limits_of(host).daily_requests
        if limit is not None and state.asked >= limit:
            why = f"the budget of {limit} requests a day for {host} is spent (network.daily_requests_per_host, hosts)"
            raise Refused(why, reason="budget")

    def note_request(self, host: str) -> None:
        """A request goes out."""
        state = self._of(host)
        state.asked += 1
        self._untold[state.day, host] += 1

    def take_requests(self) -> Mapping[tuple[date, str], int]:
        """The requests since this was last called, by day and host: robots.txt, redirects and further tries too."""
        taken, self._untold = self._untold, Counter()
        return taken

    def note_answer(self, host: str) -> None:
        """The host has answered, with whatever status."""
        state = self._of(host)
        state.strikes, state.rests_until = 0, None

    def note_silence(self, host: str, reason: str) -> None:
        """A request ended without a whole answer."""
        state = self._of(host)
        state.strikes += 1
        state.reason = reason
        if state.strikes >= STRIKES:
            state.strikes, state.rests_until = 0, self._clock.now() + REST

    def hold(self, host: str, seconds: float) -> None:
        """The host wants no request for so long."""
        state = self._of(host)
        until = self._clock.now() + min(timedelta(seconds=seconds), MAX_HOLD)
        state.held_until = max(until, state.held_until or until)

    def learn(self, host: str, answer: TurnAnswer) -> None:
        """What other processes know of the host, and why we may not ask it."""
        state = self._of(host)
        if answer.verdict == "held":
            self.hold(host, answer.wait_s)
        elif answer.verdict == "resting":
            state.rests_until = self._clock.now() + timedelta(seconds=answer.wait_s)
            state.reason = answer.reason or state.reason
        elif answer.verdict == "spent":
            state.asked = max(state.asked, self._network.limits_of(host).daily_requests or 0)

    def count(self, host: str) -> tuple[date, int]:
        """(today, the requests that are known of)."""
        state = self._of(host)
        return state.day, state.asked

    def holds(self) -> Mapping[str, datetime]:
        """Until when each host that has asked for it is to be left alone."""
        now = self._clock.now()
        return {
            host: item.held_until for host, item in self._hosts.items() if item.held_until and item.held_until > now
        }

    def _of(self, host: str) -> _Host:
        now = self._clock.now()
        if now.date() != self._today:
            self._today = now.date()
            self._forget_past(now)
        return self._hosts.setdefault(host, _Host(self._today))

    def _forget_past(self, now: datetime) -> None:
        """A new day has begun: of the hosts of before, only holds and rests still bind us."""
        for host, state in list(self._hosts.items()):
            ends = [until for until in (state.held_until, state.rests_until) if until is not None and until > now]
            if ends:
                state.day, state.asked = now.date(), 0
            else:
                del self._hosts[host]
