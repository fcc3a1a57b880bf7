"""How many requests an address may make: a bucket of tokens that fills again steadily.

Answers tell it in the fields RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10); who has none
left gets a 429 problem with Retry-After. The address is the connection's: a server behind a proxy has to be told to
trust that proxy (`tracker serve --trusted-proxy`).
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_IPV6_NETWORK = 64
"""One customer has as many addresses as this leaves; they count as one."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests within so many seconds, all at once if need be; 0 requests for no limit."""

    requests: int = 300
    window_s: float = 60.0
    most_addresses: int = 20_000
    """Addresses that are remembered; the one that asked longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to an address: requests, seconds until all are there again, and until one is, 0 if there is one."""

    is_allowed: bool
    left: int
    reset_s: int
    wait_s: int

    def headers(self, limit: RateLimit) -> dict[str, str]:
        """They as header fields."""
        told = {
            "RateLimit-Policy": f'"requests";q={limit.requests};w={math.ceil(limit.window_s)}',
            "RateLimit": f'"requests";r={self.left};t={self.reset_s}',
        }
        return told | ({} if self.is_allowed else {"Retry-After": str(self.wait_s)})

    def refusal(self, limit: RateLimit) -> str:
        """What is allowed and when to come back, for who may not now."""
        return f"{limit.requests} requests are allowed within {limit.window_s:g} s; the next one in {self.wait_s} s"


class Buckets:
    """The tokens that each address has left."""

    def __init__(self, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Address -> (tokens, at)."""

    def take(self, address: str, cost: float = 1.0) -> Allowance:
        """Take a token of an address, if it has one."""
        limit, key, now = self.limit, address_key(address), self._clock()
        speed = limit.requests / limit.window_s
        with self._lock:
            tokens, at = self._held.pop(key, (float(limit.requests), now))
            tokens = min(float(limit.requests), tokens + max(0.0, now - at) * speed)
            is_allowed = tokens >= cost
            tokens -= cost if is_allowed else 0.0
            self._held[key] = (tokens, now)
            while len(self._held) > limit.most_addresses:
                self._held.popitem(last=False)
        reset = math.ceil((limit.requests - tokens) / speed)
        wait = 0 if is_allowed else max(1, math.ceil((cost - tokens) / speed))
        return Allowance(is_allowed, int(tokens), reset, wait)


def address_key(address: str) -> str:
    """What counts as one address: of IPv6 the network that one customer has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped or ipaddress.ip_network((ip, _IPV6_NETWORK), strict=False))
    return str(ip)
