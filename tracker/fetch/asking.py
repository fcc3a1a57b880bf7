"""One request and its whole answer, within every limit of time and size."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tracker.config import Network
from tracker.errors import FetchError, FetchFailed
from tracker.fetch.bodies import check_stated_length, read_body
from tracker.fetch.exchange import Exchange, Passing, default_headers, translated
from tracker.fetch.turns import Turns
from tracker.read.urls import host_of
from tracker.types import Response

# httpx would log each address with its query, keys among it.
logging.getLogger("httpx").setLevel(logging.WARNING)

_ERROR_BYTES = 65_536
"""So much of an error's body is read: enough to tell a challenge page, and for the connection to be used again."""
_WITH_BODY = frozenset({200, 203})


@dataclass
class Trip:
    """What one fetch has cost so far, over its redirects and tries."""

    asked_s: float = 0.0
    """In requests; waiting for our turn and pauses between tries left out."""
    requests: int = 0
    keyed: bool = False
    """Whether a request of it carries a key, so that none is archived."""
    others: list[Response] = field(default_factory=list)
    """Answers on the way to the one that was wanted."""

    @property
    def elapsed_ms(self) -> int | None:
        """How long hosts were asked; None if none was."""
        return round(self.asked_s * 1000) if self.requests else None


class Asker:
    """Sends requests through a transport, each when it is its turn.

    The transport is used without `httpx.AsyncClient`: redirects, cookies and sessions are not its business here, and
    their absence is half of the speed.
    """

    def __init__(self, network: Network, transport: httpx.AsyncBaseTransport, turns: Turns) -> None:
        self._network, self._transport, self._turns = network, transport, turns
        self._headers = default_headers(network)
        self._timeout = httpx.Timeout(network.read_timeout_s, connect=network.connect_timeout_s, pool=None).as_dict()

    async def ask(self, url: str, headers: Mapping[str, str], trip: Trip, truncate_at: int | None = None) -> Exchange:
        """Ask once. With `truncate_at`, a longer body gives its beginning.

        Raises:
            Refused: the host is at an address that we do not connect to, or its budget is spent.
            FetchFailed, Passing: no whole answer within the limits.
        """
        host = host_of(url)
        async with self._turns.turn(host) as turn:
            trip.requests += 1
            started = asyncio.get_running_loop().time()
            try:
                got = await self._exchange(url, headers, truncate_at)
            except (FetchError, Passing) as exc:
                turn.note_failure(exc.error if isinstance(exc, Passing) else exc)
                raise
            finally:
                trip.asked_s += asyncio.get_running_loop().time() - started
            turn.is_answered = True
            return got

    @asynccontextmanager
    async def stream(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask for something large, whose body the caller reads: only its silence is limited, not the whole time.

        Raises:
            Refused, FetchFailed, Passing: as `ask`.
        """
        host = host_of(url)
        async with self._turns.turn(host) as turn:
            with translated(url, self._network):
                async with self._answer(self._request(url, headers)) as answer:
                    yield answer
            turn.is_answered = True

    def _request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        return httpx.Request("GET", url, headers={**self._headers, **headers}, extensions={"timeout": self._timeout})

    async def _exchange(self, url: str, headers: Mapping[str, str], truncate_at: int | None) -> Exchange:
        with translated(url, self._network):
            request = self._request(url, headers)
            async with asyncio.timeout(self._network.total_timeout_s), self._answer(request) as answer:
                return await self._read(request, answer, truncate_at)

    @asynccontextmanager
    async def _answer(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        limit_s = min(self._network.first_byte_timeout_s, self._network.total_timeout_s)
        try:
            async with asyncio.timeout(limit_s):
                answer = await self._transport.handle_async_request(request)
        except TimeoutError as exc:
            raise httpx.ReadTimeout("no answer began", request=request) from exc
        try:
            yield answer
        finally:
            await answer.stream.aclose()  # type: ignore[union-attr]  # of an async transport it is always async

    async def _read(self, request: httpx.Request, answer: httpx.Response, truncate_at: int | None) -> Exchange:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
        sent = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        encoding = answer.headers.get("content-encoding")
        parts: AsyncIterator[bytes] = answer.stream.__aiter__()  # type: ignore[union-attr]
        if answer.status_code in _WITH_BODY:
            limit = truncate_at or self._network.max_body_bytes
            if truncate_at is None:
                check_stated_length(answer.headers.get("content-length"), limit)
            body, is_cut = await read_body(parts, encoding, limit, truncate=truncate_at is not None)
            return Exchange(answer.status_code, headers, body, sent, is_cut)
        body, is_cut = b"", False
        with suppress(FetchFailed):  # the page of an error may be damaged: the error stands
            body, is_cut = await read_body(parts, encoding, _ERROR_BYTES, truncate=True)
        return Exchange(answer.status_code, headers, body, sent, is_cut)
