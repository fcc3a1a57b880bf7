"""Whose turn it is at each host, over PostgreSQL (`ports.HostTurns`): one row a host, one statement a call.

All that a decision needs stands in the host's own row, which the statement locks before it reads the clock: so of any
number of processes each sees what the one before has left, and no lock outlives the statement. Instants are the
server's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, TextClause

from tracker.ports.turns import REST, STRIKES, Asking, KeptRobots, TurnAnswer
from tracker.store import turn_statements as statements
from tracker.store.addresses import parse_address, place_of
from tracker.store.dialects import make_short_engine
from tracker.store.faults import translated

LEASE_S = 8.0
"""A request of a killed process counts no longer than this."""
MAX_QUEUE_S = 600.0
"""A start is reserved so far ahead at the most."""
CONNECTIONS = 3
"""Statements take about a millisecond: so many at once serve hundreds of hosts."""


class SqlHostTurns:
    """`ports.HostTurns` over an engine of its own; may be called from several threads at once."""

    def __init__(
        self, engine: Engine, where: str, *, lease_s: float = LEASE_S, now: Callable[[], datetime | None] = lambda: None
    ) -> None:
        """`now` gives None for the server's clock; tests put another in its place, to be through a day in no time."""
        self._engine, self._where, self._now = engine, where, now
        self.lease_s = lease_s

    def take(self, asking: Asking) -> TurnAnswer:
        """Begin a request, or say why not; see `ports.HostTurns`."""
        day, asked = asking.known
        wanted = {
            "host": asking.host, "key": asking.key, "place": asking.place_at, "delay": asking.delay_s,
            "concurrency": asking.concurrency, "daily_requests": asking.daily_requests, "max_queue": MAX_QUEUE_S,
            "lease": self.lease_s,
        }  # fmt: skip
        row = self._run(statements.TAKE, wanted)
        if row is None:
            self._run(statements.MEET, {"host": asking.host, "day": day, "asked": asked})
            row = self._run(statements.TAKE, wanted)
        assert row is not None, "the host's row was just made, and rows of today are not deleted"
        return TurnAnswer(row["verdict"], max(0.0, row["wait_s"]), row["place_at"], row["silence"])

    def keep(self, requests: Mapping[str, str]) -> None:
        """These requests, host by key, are still under way."""
        kept = [{"host": host, "key": key, "lease": self.lease_s} for key, host in requests.items()]
        for each in kept:
            self._run(statements.KEEP, each)

    def end(self, host: str, key: str, *, answered: bool, silence: str | None) -> None:
        """A request is over; see `ports.HostTurns`."""
        strikes = {"max_strikes": STRIKES, "rest": REST.total_seconds()}
        self._run(statements.END, {"host": host, "key": key, "answered": answered, "silence": silence, **strikes})

    def pause(self, host: str, seconds: float) -> None:
        """Start nothing for so long; who waits for a turn goes on waiting."""
        self._run(statements.PAUSE, {"host": host, "seconds": seconds})

    def hold(self, host: str, seconds: float) -> None:
        """Refuse every request for so long."""
        self._run(statements.HOLD, {"host": host, "seconds": seconds})

    def slow_down(self, host: str, delay_s: float) -> None:
        """The host's robots.txt wants so long between two starts."""
        self._run(statements.SLOW_DOWN, {"host": host, "delay": delay_s})

    def find_robots(self, origin: str) -> KeptRobots | None:
        """The robots.txt that one of the processes fetched last."""
        row = self._run(statements.FIND_ROBOTS, {"origin": origin})
        return KeptRobots(row["body"], row["unreachable"], row["reason"], row["age_s"]) if row else None

    def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """Leave what was fetched now to the others."""
        told = {"body": robots.body, "unreachable": robots.unreachable, "reason": robots.reason}
        self._run(statements.KEEP_ROBOTS, {"origin": origin, **told})

    def visit(self, origin: str) -> bool:
        """Note that a page is asked of the origin; whether it is the first since its robots.txt was fetched."""
        return self._run(statements.VISIT, {"origin": origin}) is not None

    def forget(self) -> None:
        """Drop the hosts that nobody has asked for so long that nothing of them binds us."""
        self._run(statements.FORGET, {})
        self._run(statements.FORGET_ROBOTS, {})

    def _run(self, statement: TextClause, values: dict[str, Any]) -> RowMapping | None:
        with translated(self._where), self._engine.connect() as connection:
            result = connection.execute(statement, {"now": self._now(), **values})
            return result.mappings().first() if result.returns_rows else None


@contextmanager
def open_turns(address: str, lease_s: float = LEASE_S) -> Iterator[SqlHostTurns | None]:
    """What all processes over a server's database agree on about hosts; None over a file, which one process has.

    Raises:
        StoreUnusable: here, or from any call.
    """
    url = parse_address(address)
    if url.get_backend_name() == "sqlite":
        yield None
        return
    engine = make_short_engine(url, CONNECTIONS)
    try:
        turns = SqlHostTurns(engine, place_of(url), lease_s=lease_s)
        turns.forget()
        yield turns
    finally:
        engine.dispose()
