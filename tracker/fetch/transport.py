"""The transport: every connection goes to an address that was checked a moment before, and to no other.

httpx resolves names inside its connection pool, so a check before the request could be got round by a name that
answers differently the second time (DNS rebinding), or by a redirect. Here the check stands where the connection
is made: the name is resolved once, the address is checked, and the socket is opened to that very address, while
the Host header and the TLS server name stay the host's own.
"""

from __future__ import annotations

import asyncio
import typing
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from tracker.config import Network
from tracker.errors import Refused
from tracker.fetch.addresses import Address, find_configured, is_permitted, parse_networks, resolve_host

_MAX_IDLE = 64
_MAX_ADDRESSES = 4
"""How many of a host's addresses are tried before giving up."""


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to permitted addresses only.

    Raises:
        Refused: the host has no permitted address.
        httpcore.ConnectError, httpcore.ConnectTimeout: the host has no address, or none of them answers.
    """

    def __init__(self, network: Network) -> None:
        self._resolve = {host.lower(): target for host, target in network.resolve.items()}
        self._allowed = parse_networks(network.allow_networks)
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: typing.Iterable[typing.Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses, port = await self._find_addresses(host, port)
        except TimeoutError as exc:
            raise httpcore.ConnectTimeout(f"no answer from the DNS for {host}") from exc
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:_MAX_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
        raise failure

    async def _find_addresses(self, host: str, port: int) -> tuple[list[Address], int]:
        configured = find_configured(host, self._resolve)
        if configured is not None:
            found: tuple[Address, ...] = (configured[0],)
            port = configured[1]
        else:
            try:
                found = await resolve_host(host, port)
            except (OSError, UnicodeError) as exc:
                raise httpcore.ConnectError(f"{host} has no address: name not known") from exc
        permitted = [address for address in found if is_permitted(address, self._allowed)]
        if found and not permitted:
            raise Refused(
                f"{host} is at {found[0]}, a private, local or reserved address; "
                "network.allow_networks in config.yaml would have to allow it",
                reason="address",
            )
        return permitted, port

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """httpcore's errors as httpx's of the same name, as httpx's own transport does it."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as exc:
        raise getattr(httpx, type(exc).__name__, httpx.TransportError)(str(exc)) from exc


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: typing.Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        with _as_httpx():
            await self._stream.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx over httpcore's HTTP/1.1 pool with `CheckedBackend`; TLS is always verified, the environment not read."""

    def __init__(self, network: Network) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(verify=True, trust_env=False),
            # Requests in flight are bounded by the pace; idle connections to many hosts save a handshake each.
            max_connections=2 * network.concurrency + _MAX_IDLE,
            max_keepalive_connections=_MAX_IDLE,
            keepalive_expiry=10.0,
            network_backend=CheckedBackend(network),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _as_httpx():
            answer = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()
