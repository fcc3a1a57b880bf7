"""The transport: every connection goes to an address that was checked a moment before, and to no other.

httpx resolves names inside its connection pool, so a check before the request could be got round by a name that
answers differently the second time (DNS rebinding), or by a redirect. Here the check stands where the connection
is made: the name is resolved once, the address is checked, and the socket is opened to that very address, while
the Host header and the TLS server name stay the host's own.
"""

from __future__ import annotations

import asyncio
import select
import ssl
import typing
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import islice

import httpcore
import httpx

from tracker.config import Network
from tracker.errors import Refused
from tracker.fetch.addresses import Address, Resolver, find_configured, is_permitted, parse_networks

_MAX_IDLE_PER_HOST = 8
_MAX_HOSTS = 64
"""So many hosts keep idle connections, those asked last."""
_MAX_ADDRESSES = 4
"""How many of a host's addresses are tried before giving up."""


class _Stream(httpcore.AsyncNetworkStream):
    """A stream that knows its socket: httpcore asks before each request whether an idle connection was closed, and
    the inner stream would look up every attribute of the socket for that."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, socket: typing.Any) -> None:
        self._inner, self._socket = inner, socket
        self._poll = select.poll() if socket is not None and hasattr(select, "poll") else None
        if self._poll is not None:
            self._poll.register(socket.fileno(), select.POLLIN)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._socket)

    def get_extra_info(self, info: str) -> typing.Any:
        if info == "is_readable" and self._poll is not None:
            return self._socket.fileno() < 0 or bool(self._poll.poll(0))
        return self._inner.get_extra_info(info)


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
        # A lookup may outlast the patience of its caller, whose slot the next name takes meanwhile.
        self._resolver = Resolver(2 * network.concurrency + 8)

    def close(self) -> None:
        """Wait for no name any more."""
        self._resolver.close()

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
                inner = await self._inner.connect_tcp(str(address), port, timeout, local_address, socket_options)
                return _Stream(inner, inner.get_extra_info("socket"))
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
                found = await self._resolver.resolve(host)
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


class _HostPool:
    """The connections to one origin, and how many requests use them."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self.pool = pool
        self.in_use = 0


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: typing.Any, host: _HostPool) -> None:
        self._stream, self._host, self._open = stream, host, True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._host.in_use -= 1
        with _as_httpx():
            await self._stream.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx over httpcore's HTTP/1.1 pools with `CheckedBackend`; TLS is always verified, the environment not read.

    Each origin has a pool of its own: httpcore looks through all of a pool's connections for each request, which
    over many hosts is most of the work. How many requests are in flight is the pace's business. `trusted` holds
    certificates of authorities beside those that certifi knows, in PEM; `backend` checks more than the usual.
    """

    def __init__(self, network: Network, trusted: str | None = None, backend: CheckedBackend | None = None) -> None:
        self._ssl_context = httpx.create_ssl_context(verify=True, trust_env=False)
        if trusted is not None:
            self._ssl_context.load_verify_locations(cadata=trusted)
        self._backend = backend or CheckedBackend(network)
        self._hosts: OrderedDict[tuple[bytes, bytes, int | None], _HostPool] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        host = await self._find_host((url.raw_scheme, url.raw_host, url.port))
        host.in_use += 1
        try:
            with _as_httpx():
                answer = await host.pool.handle_async_request(
                    httpcore.Request(
                        method=request.method,
                        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                        headers=request.headers.raw,
                        content=request.stream,
                        extensions=request.extensions,
                    )
                )
        except BaseException:
            host.in_use -= 1
            raise
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream, host), extensions=answer.extensions
        )

    async def _find_host(self, origin: tuple[bytes, bytes, int | None]) -> _HostPool:
        host = self._hosts.get(origin)
        if host is None:
            pool = httpcore.AsyncConnectionPool(
                ssl_context=self._ssl_context,
                max_connections=None,
                max_keepalive_connections=_MAX_IDLE_PER_HOST,
                keepalive_expiry=10.0,
                network_backend=self._backend,
            )
            host = self._hosts[origin] = _HostPool(pool)
        self._hosts.move_to_end(origin)
        surplus = max(0, len(self._hosts) - _MAX_HOSTS)
        idle = [key for key, item in islice(self._hosts.items(), surplus) if not item.in_use and item is not host]
        for pool in [self._hosts.pop(key).pool for key in idle]:
            await pool.aclose()
        return host

    async def aclose(self) -> None:
        for host in self._hosts.values():
            await host.pool.aclose()
        self._backend.close()
