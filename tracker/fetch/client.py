"""The polite client: robots.txt, pace, budgets, limits, redirects, retries and refusals (RFC 9110, 9309)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urldefrag, urlsplit

import httpx

from tracker.config import Network
from tracker.errors import FetchError, FetchFailed, Refused
from tracker.fetch.asking import Asker, Trip
from tracker.fetch.challenges import find_challenge
from tracker.fetch.exchange import (
    PASSING,
    REDIRECTS,
    Exchange,
    Passing,
    check_status,
    check_url,
    conditional_headers,
    join_location,
    named,
    origin_of,
    shown,
)
from tracker.fetch.retry import MAX_WAIT_S, backoff_s, parse_retry_after
from tracker.fetch.robots import MAX_ROBOTS_BYTES, RobotsRules, agent_token, read_answer
from tracker.fetch.rules import MAX_CRAWL_DELAY_S, RulesShelf, is_fresh
from tracker.fetch.transport import CheckedTransport
from tracker.fetch.turns import Turns
from tracker.ports import Clock, HostRecord, HostTurns
from tracker.read.urls import host_of
from tracker.types import Response, Validators


class PoliteFetcher:
    """`ports.Fetcher` over httpx. Use it as an async context manager; one for a run, since it keeps each host's
    robots.txt and pace.

    `records` is what earlier runs know of the hosts, `shared` what other processes that ask them go by as well; without
    it this is the only one. `transport` replaces the network's edge in tests; the address
    checks live in the real one. `backoff_base_s` is the first pause before a retry, which doubles from try to try.
    """

    def __init__(
        self,
        network: Network,
        clock: Clock,
        *,
        records: Mapping[str, HostRecord] | None = None,
        shared: HostTurns | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        backoff_base_s: float = 0.5,
    ) -> None:
        self._network = network
        self._clock = clock
        self._backoff_base_s = backoff_base_s
        self._agent = agent_token(network.user_agent)
        self._turns = Turns(network, clock, records or {}, shared)
        self._transport = transport or CheckedTransport(network)
        self._asker = Asker(network, self._transport, self._turns)
        self._rules = RulesShelf(clock, self._load_robots)
        self._robots_answers: list[Response] = []
        """What came of robots.txt and nobody has archived yet."""

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rules.close()
        await self._turns.close()
        await self._transport.__aexit__(kind, error, trace)

    def holds(self) -> Mapping[str, datetime]:
        """Until when each host that has asked for it (Retry-After) is to be left alone."""
        return self._turns.holds()

    def take_requests(self) -> Mapping[tuple[date, str], int]:
        """Every request that went out since this was last called, by day (UTC) and host."""
        return self._turns.take_requests()

    async def fetch(
        self, url: str, validators: Validators | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Get one address, as `ports.Fetcher` promises.

        Raises:
            Refused: robots.txt, 401, 403, 451, a challenge page, a spent budget, or an address out of bounds.
            FetchFailed: no answer in time, another error status, a limit exceeded, too many redirects, a host that
                wants no request yet.
        """
        asked = urldefrag(url).url
        trip = Trip(keyed=bool(headers))
        try:
            final_url, got = await self._follow(asked, conditional_headers(validators), dict(headers or {}), trip)
            response = self._response(asked, final_url, got, trip)
            try:
                self._check(asked, final_url, got, validators, with_key=bool(headers))
            except FetchError as exc:
                exc.answer = response
                raise
        except FetchError as exc:
            exc.elapsed_ms, exc.before = trip.elapsed_ms, self._take_others(trip)
            raise
        return replace(response, before=self._take_others(trip))

    def _take_others(self, trip: Trip) -> tuple[Response, ...]:
        """What came on this trip and, first, what came of robots.txt since somebody last asked."""
        robots, self._robots_answers = self._robots_answers, []
        return (*robots, *trip.others)

    def _response(self, asked: str, final_url: str, got: Exchange, trip: Trip) -> Response:
        return Response(
            url=asked,
            final_url=final_url,
            status=got.status,
            headers=got.headers,
            body=b"" if got.status == 304 else got.body,
            fetched_at=self._clock.now(),
            not_modified=got.status == 304,
            elapsed_ms=trip.elapsed_ms,
            sent=None if trip.keyed else got.sent,
            truncated=got.truncated,
        )

    @asynccontextmanager
    async def open_stream(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask for something large, whose body the caller reads (`fetch.downloads`); redirects are not followed.

        Raises:
            Refused, FetchFailed: as `fetch`.
            Passing: it may be worth another try.
        """
        check_url(url)
        self._turns.check(host_of(url))
        await self._check_robots(url)
        async with self._asker.stream(url, headers) as answer:
            if answer.status_code in PASSING:
                raise await self._passing(url, answer.status_code, answer.headers.get("retry-after"))
            yield answer

    @property
    def total_timeout_s(self) -> float:
        """How long a whole answer may take."""
        return self._network.total_timeout_s

    async def pause(self, url: str, passing: Passing, attempt: int, *, is_last: bool) -> None:
        """Wait before the try after `attempt` (from 0), as the host asks or longer from try to try.

        Raises:
            FetchFailed: there is no further try, or the host wants too long a pause; it is left alone so long.
        """
        after_s, error = passing.after_s or 0.0, passing.error
        if after_s > MAX_WAIT_S or (is_last and after_s):
            await self._turns.hold(host_of(url), after_s)
        if after_s > MAX_WAIT_S:
            why = f"{error.detail} and asks to wait {after_s:.0f} s"
            raise FetchFailed(why, reason=error.reason, status=error.status) from passing
        if is_last:
            raise error from passing
        pause_s = backoff_s(attempt, self._backoff_base_s, random.random())  # noqa: S311
        await asyncio.sleep(max(pause_s, after_s))

    def _check(
        self, asked: str, final_url: str, got: Exchange, validators: Validators | None, *, with_key: bool
    ) -> None:
        _check_challenge(final_url, got)
        check_status(final_url, got.status, with_key=with_key and origin_of(final_url) == origin_of(asked))
        if got.status == 304 and (validators is None or validators == Validators()):
            why = f"{shown(final_url)} answered 304 Not Modified to an unconditional request"
            raise FetchFailed(why, reason="status", status=304)

    async def _follow(
        self, url: str, headers: dict[str, str], own: dict[str, str], trip: Trip, truncate_at: int | None = None
    ) -> tuple[str, Exchange]:
        """Ask, and follow redirects by hand: every hop is checked as the first was.

        `own` headers, which may carry a key, are for the first address's origin only. With `truncate_at` it is
        robots.txt itself that is asked for.
        """
        seen = [url]
        origin = origin_of(url)
        while True:
            check_url(url)
            self._turns.check(host_of(url))
            if truncate_at is None:
                await self._check_robots(url)
            kept = {**headers, **own} if own and origin_of(url) == origin else headers
            got = await self._ask_patiently(url, kept, trip, truncate_at)
            if got.status not in REDIRECTS:
                return url, got
            trip.others.append(self._response(url, url, got, trip))
            location = got.header("location")
            if not location:
                why = f"{shown(url)} answered {named(got.status)} without saying where to"
                raise FetchFailed(why, reason="redirects", status=got.status)
            url = join_location(url, location)
            if url in seen:
                raise FetchFailed(f"{shown(seen[0])} redirects in a circle, back to {shown(url)}", reason="redirects")
            if len(seen) > self._network.max_redirects:
                why = f"{shown(seen[0])} redirects more than {self._network.max_redirects} times"
                raise FetchFailed(why, reason="redirects")
            seen.append(url)

    async def _ask_patiently(self, url: str, headers: dict[str, str], trip: Trip, truncate_at: int | None) -> Exchange:
        """Ask, and ask again after what may pass; no slot is held during a pause."""
        attempt = 0
        while True:
            try:
                got = await self._asker.ask(url, headers, trip, truncate_at)
                if got.status not in PASSING:
                    return got
                trip.others.append(self._response(url, url, got, trip))
                _check_challenge(url, got)  # what looks like patience may be that
                raise await self._passing(url, got.status, got.header("retry-after"))
            except Passing as exc:
                await self.pause(url, exc, attempt, is_last=attempt == self._network.retries)
                attempt += 1

    async def _passing(self, url: str, status: int, retry_after: str | None) -> Passing:
        """An answer that asks for patience: the whole host gets it (RFC 9110, section 10.2.3; RFC 6585, section 4)."""
        after_s = parse_retry_after(retry_after, self._clock.now())
        if after_s is not None and after_s <= MAX_WAIT_S:  # a longer one is for `pause`: nobody waits for its end
            await self._turns.pause(host_of(url), after_s)
        why = f"{shown(url)} answered {named(status)}"
        return Passing(FetchFailed(why, reason="busy", status=status), after_s)

    async def _check_robots(self, url: str) -> None:
        if _is_api(url, self._network):
            return
        origin = origin_of(url)
        rules = await self._rules.find(origin)
        if rules.unreachable is not None:
            raise FetchFailed(rules.unreachable, reason=rules.reason)
        if not rules.allows(url):
            parts = urlsplit(url)
            why = f"robots.txt of {parts.netloc} forbids {shown(parts.path or '/')} for {self._agent}"
            raise Refused(why, reason="robots")
        is_first = self._rules.visit(origin)
        if rules.delay_s > MAX_CRAWL_DELAY_S and not (is_first and await self._turns.visit(origin)):
            why = f"robots.txt of {origin} asks for {rules.delay_s:.0f} s between requests: one page a run"
            raise Refused(why, reason="robots")
        if 0 < rules.delay_s <= MAX_CRAWL_DELAY_S:
            self._turns.slow_down(host_of(origin), rules.delay_s)

    async def _load_robots(self, origin: str) -> RobotsRules:
        """The origin's robots.txt, asked for once a run (RFC 9309, section 2.3.1) and by one of all processes.

        Raises:
            Refused: the host is at an address that we do not connect to, or its budget is spent.
        """
        kept = await self._turns.find_robots(origin)
        if kept is not None and is_fresh(kept):
            return RobotsRules.of(kept, self._agent)
        url, trip = f"{origin}/robots.txt", Trip()
        try:
            final_url, got = await self._follow(url, {}, {}, trip, MAX_ROBOTS_BYTES)
            trip.others.append(self._response(url, final_url, got, trip))
        except FetchFailed as exc:
            # Here too ends 429, which asks to be left alone rather than saying that there are no rules. It is not left
            # to other processes, which may have a better way to the host.
            return RobotsRules.disallow_all(self._agent, f"{origin} cannot be reached ({exc.detail})", exc.reason)
        finally:
            self._robots_answers += trip.others
        answered = read_answer(origin, got)
        rules = RobotsRules.of(answered, self._agent)
        await self._turns.keep_robots(origin, answered, rules.delay_s if rules.delay_s <= MAX_CRAWL_DELAY_S else 0.0)
        return rules


def _is_api(url: str, network: Network) -> bool:
    """Whether the address belongs to a documented API, whose own terms and limits hold."""
    paths = network.limits_of(host_of(url)).api or ()
    return any((urlsplit(url).path or "/").startswith(path) for path in paths)


def _check_challenge(url: str, got: Exchange) -> None:
    vendor = find_challenge(got.headers, got.body)
    if vendor is not None:
        why = f"{shown(url)} answered {named(got.status)} with a challenge page of {vendor} instead of the page"
        raise Refused(why, reason="challenge", status=got.status)
