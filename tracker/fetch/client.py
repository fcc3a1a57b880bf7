"""The polite client: robots.txt, pace, limits, redirects, retries and refusals (RFC 9110, 9309)."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urldefrag, urlsplit

import httpx

from tracker.config import Network
from tracker.errors import FetchFailed, Refused
from tracker.fetch.bodies import read_body
from tracker.fetch.exchange import (
    PASSING,
    REDIRECTS,
    Exchange,
    Passing,
    check_status,
    check_url,
    conditional_headers,
    default_headers,
    host_of,
    join_location,
    named,
    origin_of,
    shown,
    translated,
)
from tracker.fetch.pace import Pace
from tracker.fetch.retry import MAX_WAIT_S, backoff_s, parse_retry_after
from tracker.fetch.robots import MAX_ROBOTS_BYTES, RobotsRules, agent_token
from tracker.fetch.transport import CheckedTransport
from tracker.ports import Clock
from tracker.types import Response, Validators

# httpx would log each address with its query, keys among it.
logging.getLogger("httpx").setLevel(logging.WARNING)

_MAX_CRAWL_DELAY_S = 120.0
"""A host that asks for more between two requests gets one page a run."""
_DRAIN_BYTES = 16_384
"""So much of an error's body is read, so that the connection can be used again."""


class PoliteFetcher:
    """`ports.Fetcher` over httpx. Use it as an async context manager; one for a run, since it keeps each host's
    robots.txt and pace.

    `transport` replaces the network's edge in tests; the address checks live in the real one.
    `backoff_base_s` is the first pause before a retry, which doubles from try to try.
    """

    def __init__(
        self,
        network: Network,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        backoff_base_s: float = 0.5,
    ) -> None:
        self._network = network
        self._clock = clock
        self._backoff_base_s = backoff_base_s
        self._agent = agent_token(network.user_agent)
        self._pace = Pace(network.concurrency, network.per_host_concurrency, network.per_host_delay_s)
        self._robots: dict[str, asyncio.Task[RobotsRules]] = {}
        self._asked: set[str] = set()
        """Origins that a page was asked of in this run."""
        self._client = httpx.AsyncClient(
            transport=transport or CheckedTransport(network),
            headers=default_headers(network),
            timeout=httpx.Timeout(network.read_timeout_s, connect=network.connect_timeout_s, pool=None),
            follow_redirects=False,
            trust_env=False,
            # We are nobody's session: cookies are neither kept nor sent.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        await self._client.__aexit__(kind, error, trace)

    async def fetch(
        self, url: str, validators: Validators | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Get one address, as `ports.Fetcher` promises.

        Raises:
            Refused: robots.txt, 401, 403, 451, or an address that we do not connect to.
            FetchFailed: no answer in time, another error status, a limit exceeded, too many redirects.
        """
        asked = urldefrag(url).url
        sent = conditional_headers(validators)
        final_url, got = await self._follow(asked, sent, own=dict(headers or {}), check_robots=True)
        check_status(final_url, got.status, with_key=bool(headers) and origin_of(final_url) == origin_of(asked))
        not_modified = got.status == 304
        if not_modified and (validators is None or validators == Validators()):
            why = f"{shown(final_url)} answered 304 Not Modified to an unconditional request"
            raise FetchFailed(why, reason="status", status=304)
        return Response(
            url=asked,
            final_url=final_url,
            status=got.status,
            headers=got.headers,
            body=got.body,
            fetched_at=self._clock.now(),
            not_modified=not_modified,
        )

    async def _follow(
        self,
        url: str,
        headers: dict[str, str],
        *,
        own: dict[str, str] | None = None,
        check_robots: bool,
        truncate_at: int | None = None,
    ) -> tuple[str, Exchange]:
        """Ask, and follow redirects by hand: every hop is checked as the first was.

        `own` headers, which may carry a key, are for the first address's origin only.
        """
        seen = [url]
        origin = origin_of(url)
        while True:
            check_url(url)
            if check_robots:
                await self._check_robots(url)
            kept = {**headers, **own} if own and origin_of(url) == origin else headers
            got = await self._ask_patiently(url, kept, truncate_at)
            if got.status not in REDIRECTS:
                return url, got
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

    async def _ask_patiently(self, url: str, headers: dict[str, str], truncate_at: int | None) -> Exchange:
        """Ask, and ask again after what may pass; no slot is held during a pause."""
        attempt = 0
        while True:
            try:
                return await self._ask(url, headers, truncate_at)
            except Passing as exc:
                if exc.after_s is not None and exc.after_s > MAX_WAIT_S:
                    why = f"{exc.error.detail} and asks to wait {exc.after_s:.0f} s"
                    raise FetchFailed(why, reason=exc.error.reason, status=exc.error.status) from exc
                if attempt == self._network.retries:
                    raise exc.error from exc
                pause_s = backoff_s(attempt, self._backoff_base_s, random.random())  # noqa: S311
                await asyncio.sleep(max(pause_s, exc.after_s or 0.0))
                attempt += 1

    async def _ask(self, url: str, headers: dict[str, str], truncate_at: int | None) -> Exchange:
        """One request and its whole answer within the total timeout; waiting for our turn does not count."""
        host = host_of(url)
        async with self._pace.slot(host):
            with translated(url, self._network):
                async with asyncio.timeout(self._network.total_timeout_s), self._stream(url, headers) as answer:
                    got = await self._read(answer, truncate_at)
        if got.status not in PASSING:
            return got
        after_s = parse_retry_after(got.header("retry-after"), self._clock.now())
        if after_s is not None:
            self._pace.hold(host, min(after_s, MAX_WAIT_S))
        error = FetchFailed(f"{shown(url)} answered {named(got.status)}", reason="status", status=got.status)
        raise Passing(error, after_s)

    @asynccontextmanager
    async def _stream(self, url: str, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        answer = await self._client.send(self._client.build_request("GET", url, headers=headers), stream=True)
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _read(self, answer: httpx.Response, truncate_at: int | None) -> Exchange:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
        parts = answer.aiter_raw()
        if answer.status_code not in (200, 203):
            await read_body(parts, None, _DRAIN_BYTES, truncate=True)
            return Exchange(answer.status_code, headers, b"")
        encoding = answer.headers.get("content-encoding")
        limit = truncate_at or self._network.max_body_bytes
        return Exchange(
            answer.status_code, headers, await read_body(parts, encoding, limit, truncate=truncate_at is not None)
        )

    async def _check_robots(self, url: str) -> None:
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._load_robots(origin))
        # Shielded: a caller that gives up must not take the rules away from the others who wait for them.
        rules = await asyncio.shield(self._robots[origin])
        if rules.unreachable is not None:
            raise FetchFailed(rules.unreachable, reason=rules.reason)
        if not rules.allows(url):
            parts = urlsplit(url)
            why = f"robots.txt of {parts.netloc} forbids {shown(parts.path or '/')} for {self._agent}"
            raise Refused(why, reason="robots")
        if rules.delay_s > _MAX_CRAWL_DELAY_S and origin in self._asked:
            why = f"robots.txt of {origin} asks for {rules.delay_s:.0f} s between requests: one page a run"
            raise Refused(why, reason="robots")
        self._asked.add(origin)

    async def _load_robots(self, origin: str) -> RobotsRules:
        """The origin's robots.txt, asked for once a run (RFC 9309, section 2.3.1).

        Raises:
            Refused: the host is at an address that we do not connect to.
        """
        try:
            _, got = await self._follow(f"{origin}/robots.txt", {}, check_robots=False, truncate_at=MAX_ROBOTS_BYTES)
        except FetchFailed as exc:
            # Here too ends 429, which asks to be left alone rather than saying that there are no rules.
            return RobotsRules.disallow_all(self._agent, f"{origin} cannot be reached ({exc.detail})", exc.reason)
        if got.status >= 500:
            return RobotsRules.disallow_all(
                self._agent, f"{origin}/robots.txt answered {named(got.status)}: nothing is asked", "status"
            )
        if got.status not in (200, 203):
            return RobotsRules.allow_all(self._agent)
        rules = RobotsRules.parse(got.body, self._agent)
        if rules.delay_s <= _MAX_CRAWL_DELAY_S:
            self._pace.slow_down(host_of(origin), rules.delay_s)
        return rules
