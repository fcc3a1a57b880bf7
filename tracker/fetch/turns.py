"""Whose turn it is: pace and ledger of this process in front, and behind them what all processes agree on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from tracker.config import Network
from tracker.errors import FetchError
from tracker.fetch.agreement import Agreement, Claim
from tracker.fetch.ledger import MAX_HOLD, HostLedger
from tracker.fetch.pace import Pace
from tracker.ports import Clock, HostRecord, HostTurns, KeptRobots
from tracker.read.urls import host_of

_SILENT = frozenset({"timeout", "connection", "dns", "tls"})
"""`FetchError.reason` of what may be the host's silence."""


@dataclass
class Turn:
    """One request that is under way, with what came of it."""

    is_answered: bool = False
    """With whatever status."""
    silence: str | None = None

    def note_failure(self, error: FetchError) -> None:
        """It ended without a whole answer."""
        if error.reason in _SILENT:
            self.silence = error.reason


class Turns:
    """Lets requests go out one by one. Who waits here for a host does so in this process: of its requests to one host
    never more than one asks the others for a turn."""

    def __init__(
        self, network: Network, clock: Clock, records: Mapping[str, HostRecord], shared: HostTurns | None
    ) -> None:
        self._pace = Pace(network)
        self._ledger = HostLedger(network, clock, records)
        self._network = network
        self._agreement = Agreement(shared) if shared is not None else None

    async def close(self) -> None:
        """Tell the others of what is over, and ask them nothing more."""
        if self._agreement is not None:
            await self._agreement.close()

    def check(self, host: str) -> None:
        """Whether the host may be asked at all, as far as this process knows. Raises: as `HostLedger.check`."""
        self._ledger.check(host)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Turn]:
        """Wait until a request may go out, which is counted; the block is the request.

        Raises:
            Refused, FetchFailed: as `HostLedger.check`, or others keep the host busy for too long.
            StoreError: what the others do cannot be had, so nothing goes out.
        """
        claim = self._agreement.claim(host) if self._agreement is not None else None
        async with self._pace.slot(host, partial(self._admit, host, claim)):
            self._ledger.note_request(host)
            turn = Turn()
            try:
                yield turn
            finally:
                self._note_end(host, turn)
                if claim is not None:
                    await claim.end(answered=turn.is_answered, silence=turn.silence)

    async def _admit(self, host: str, claim: Claim | None, delay_s: float) -> float:
        self._ledger.check(host)  # what came while we waited counts too
        if claim is None:
            return 0.0
        limits = self._network.limits_of(host)
        answer = await claim.ask(delay_s, limits.concurrency or 1, limits.daily_requests or 0, self._ledger.count(host))
        if answer.verdict == "go":
            return 0.0
        self._ledger.learn(host, answer)
        self._ledger.check(host)
        return answer.wait_s

    def _note_end(self, host: str, turn: Turn) -> None:
        if turn.is_answered:
            self._ledger.note_answer(host)
            self._pace.note(host, answers=True)
        elif turn.silence is not None:
            self._ledger.note_silence(host, turn.silence)
            self._pace.note(host, answers=False)

    async def pause(self, host: str, seconds: float) -> None:
        """Start nothing at this host for so long; who waits for a turn goes on waiting."""
        self._pace.hold(host, seconds)
        if self._agreement is not None:
            await self._agreement.pause(host, seconds)

    async def hold(self, host: str, seconds: float) -> None:
        """The host wants no request for so long: every one is refused."""
        self._ledger.hold(host, seconds)
        if self._agreement is not None:
            await self._agreement.hold(host, min(seconds, MAX_HOLD.total_seconds()))

    def slow_down(self, host: str, delay_s: float) -> None:
        """Keep at least `delay_s` between the starts of two requests to this host."""
        self._pace.slow_down(host, delay_s)

    async def find_robots(self, origin: str) -> KeptRobots | None:
        """The robots.txt that another process has left for all, if there are others."""
        return await self._agreement.find_robots(origin) if self._agreement is not None else None

    async def keep_robots(self, origin: str, robots: KeptRobots, delay_s: float) -> None:
        """Leave it to the others, and let those keep its delay too who have not seen it."""
        if self._agreement is not None:
            await self._agreement.keep_robots(origin, robots)
            if delay_s:
                await self._agreement.slow_down(host_of(origin), delay_s)

    async def visit(self, origin: str) -> bool:
        """Note a page of the origin; whether no other process has asked it for one since its robots.txt came."""
        return await self._agreement.visit(origin) if self._agreement is not None else True

    def holds(self) -> Mapping[str, datetime]:
        """Until when each host that has asked for it is to be left alone."""
        return self._ledger.holds()

    def take_requests(self) -> Mapping[tuple[date, str], int]:
        """Every request that went out since this was last called, by day (UTC) and host."""
        return self._ledger.take_requests()
