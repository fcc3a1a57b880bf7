"""HTTP/1.1 as uvicorn speaks it, with an end to every wait: for a request that trickles in, and for a reader who stops.

uvicorn limits how long a connection may idle between requests, but not how long a request may take to arrive nor how
long an answer may wait to be taken, so that a handful of slow connections could hold a server for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Container
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from tracker.serve.api.ratelimit import address_key
from tracker.serve.refusal import MEDIA_TYPE, problem_body

HEADERS_S = 8.0
"""For a request's headers to arrive, from the moment of connecting."""
REQUEST_S = 20.0
"""For its body, from then on."""
TAKE_S = 60.0
"""For a reader to take a piece of an answer."""
_LINGER_S = 5.0
_LINGER_BYTES = 64 << 20
_UNREADABLE = (
    "the request cannot be read: it is not HTTP/1.1, or its address and headers have more than 64 KB; "
    "ask for less at once"
)
_FULL_BODY = problem_body(503, "this address has too many connections open; close some, or wait until they end")
_FULL = (
    f"HTTP/1.1 503 Service Unavailable\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(_FULL_BODY)}\r\n"
    "Retry-After: 10\r\nConnection: close\r\n\r\n"
).encode() + _FULL_BODY


class PatientProtocol(H11Protocol):
    """One connection."""

    headers_s = HEADERS_S
    request_s = REQUEST_S
    take_s = TAKE_S
    most_per_address = 0
    """Connections of one address that are open at one time; 0 for any number."""
    proxies: Container[str] = ()
    """Addresses that ask for many others, and have as many as they like."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access_log = False  # addresses under /subscriptions are keys, whatever a logging set-up turns on
        self._arriving: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._lingering: asyncio.TimerHandle | None = None
        self._lingered = 0
        self._awaits_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first request has to come from now on."""
        super().connection_made(transport)
        if self._is_one_too_many():
            self.connections.discard(self)  # who is refused takes nobody's place
            self.transport.write(_FULL)
            self.transport.close()
            return
        self._await_request()

    def _is_one_too_many(self) -> bool:
        if not self.most_per_address or self.client is None or self.client[0] in self.proxies:
            return False
        key = address_key(self.client[0])
        others = (item.client for item in self.connections if isinstance(item, H11Protocol) and item is not self)
        return sum(client is not None and address_key(client[0]) == key for client in others) >= self.most_per_address

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        for timer in (self._arriving, self._taking, self._lingering):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request, or what comes after one that was refused unread."""
        if self._lingering is not None:
            self._lingered += len(data)
            if self._lingered > _LINGER_BYTES:
                self.transport.abort()
            return
        super().data_received(data)
        self._await_request()

    def on_response_complete(self) -> None:
        """What was sent along with the request before may already be part of the next."""
        super().on_response_complete()
        self._await_request()

    def _await_request(self) -> None:
        """Start the clock while a request is on its way, and stop it once it is there; between two, uvicorn's runs."""
        cycle = self.cycle
        is_coming = cycle is None or cycle.more_body or (cycle.response_complete and bool(self.conn.trailing_data[0]))
        awaits_body = is_coming and cycle is not None and cycle.more_body
        if self._arriving is not None and (not is_coming or awaits_body != self._awaits_body):
            self._arriving.cancel()
            self._arriving = None
        self._awaits_body = awaits_body
        if is_coming and self._arriving is None:
            wait_s = self.request_s if awaits_body else self.headers_s
            self._arriving = self.loop.call_later(wait_s, self.transport.abort)

    def pause_writing(self) -> None:
        """The reader does not keep up."""
        super().pause_writing()
        self._taking = self.loop.call_later(self.take_s, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has taken what there was."""
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong, and hear the rest out: closing at once would reset the connection before that is read."""
        body = problem_body(400, _UNREADABLE)
        headers = [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body))), ("Connection", "close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self._lingering = self.loop.call_later(_LINGER_S, self.transport.abort)
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def eof_received(self) -> None:
        """Nothing more will come; the transport closes itself."""
