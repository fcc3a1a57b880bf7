"""What processes that ask the same hosts agree on: whose turn it is, how often a day, and when a host is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

STRIKES = 3
"""So many requests in a row that a host left without an answer, and it is left alone for `REST`."""
REST = timedelta(minutes=15)

Verdict = Literal["go", "queued", "full", "crowded", "held", "resting", "spent"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that somebody wants to make, with what the settings and robots.txt leave it."""

    host: str
    key: str
    """Which request, among those of all processes."""
    delay_s: float
    """Between the starts of two requests."""
    concurrency: int
    """So many requests at once, those of all processes together."""
    daily_requests: int
    place_at: datetime | None = None
    """The start that an earlier answer has reserved for it."""
    known: tuple[date, int] = (date.min, 0)
    """(day, requests on it) as other records have it; counts for a host that nobody has asked for a turn yet."""


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """Whether a request may go out now."""

    verdict: Verdict
    """`go`: now, and it is counted. `queued`: a start is reserved for it. `full`: so many are under way already.
    `crowded`: the next free start is too far away. `held`: the host asked to be left alone. `resting`: it has left
    several requests without an answer. `spent`: its budget of the day is used up."""
    wait_s: float = 0.0
    """Until the reserved start, or the end of a hold or rest."""
    place_at: datetime | None = None
    """The reserved start, to be shown when it has come."""
    reason: str | None = None
    """Of a rest: `FetchError.reason` of the last silence."""


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """What an origin answered when it was asked for its robots.txt."""

    body: str | None = None
    """None: it has none, or none that could be had."""
    unreachable: str | None = None
    """Why it could not be had."""
    reason: str | None = None
    """`FetchError.reason` of that."""
    age_s: float = 0.0
    """How long ago it was asked."""


class HostTurns(Protocol):
    """One record of hosts for all processes. Each call is short; none waits for a turn.

    Raises:
        StoreError: from every call, where the record is out of reach.
    """

    @property
    def lease_s(self) -> float:
        """So long a request that is under way counts after it was begun or last kept."""
        ...

    def take(self, asking: Asking) -> TurnAnswer:
        """Begin a request, or say why not. Atomic: of any who ask together, no two are told to go too early."""
        ...

    def keep(self, requests: Mapping[str, str]) -> None:
        """These requests, host by key, are still under way."""
        ...

    def end(self, host: str, key: str, *, answered: bool, silence: str | None) -> None:
        """A request is over: it was answered, or ended in `silence` (`FetchError.reason`), or neither is known."""
        ...

    def pause(self, host: str, seconds: float) -> None:
        """Start nothing for so long; who waits for a turn goes on waiting."""
        ...

    def hold(self, host: str, seconds: float) -> None:
        """Refuse every request for so long."""
        ...

    def slow_down(self, host: str, delay_s: float) -> None:
        """The host's robots.txt wants so long between the starts of two requests, whoever makes them."""
        ...

    def find_robots(self, origin: str) -> KeptRobots | None:
        """The robots.txt that one of the processes fetched last."""
        ...

    def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """Leave what was fetched now to the others."""
        ...

    def visit(self, origin: str) -> bool:
        """Note that a page is asked of the origin; whether it is the first since its robots.txt was fetched."""
        ...
