"""What one address may have of a part of the server: so many requests a minute, and so many at one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.serve.api.edges import with_headers
from tracker.serve.api.ratelimit import Buckets, RateLimit, address_key
from tracker.serve.refusal import refuse

_COME_BACK_S = 2


class Share:
    """An ASGI application around another, which answers 429 to who has had its share.

    `most_at_once` is 0 for any number.
    """

    def __init__(self, app: ASGIApp, limit: RateLimit, most_at_once: int) -> None:
        self._app = app
        self._limit = limit
        self._buckets = Buckets(limit) if limit.requests else None
        self._most_at_once = most_at_once
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, unless its address has asked too often or has too many answers under way."""
        address = scope["client"][0] if scope.get("client") else ""
        told: Mapping[str, str] = {}
        if self._buckets is not None:
            allowance = self._buckets.take(address)
            told = allowance.headers(self._limit)
            if not allowance.is_allowed:
                await refuse(429, allowance.refusal(self._limit), told)(scope, receive, send)
                return
        await self._in_turn(address_key(address), scope, receive, with_headers(send, told))

    async def _in_turn(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self._most_at_once and self._running[key] >= self._most_at_once:
            told = f"at most {self._most_at_once} questions of one address are answered at one time"
            detail = f"{told}; ask again when one is"
            await refuse(429, detail, {"Retry-After": str(_COME_BACK_S)})(scope, receive, send)
            return
        self._running[key] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running[key] -= 1
            if not self._running[key]:
                del self._running[key]
