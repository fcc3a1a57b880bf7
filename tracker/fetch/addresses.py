"""Which addresses we connect to, and how a host's name becomes one."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's host agent: a public address that answers only inside
        "192.0.0.0/24",  # IETF protocol assignments, among them Oracle's metadata service
        "192.88.99.0/24",  # 6to4 relays, withdrawn by RFC 7526
        "64:ff9b:1::/48",  # NAT64 to local networks, RFC 8215
        "fec0::/10",  # site-local, withdrawn by RFC 3879
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """CIDR texts as networks."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def _unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only carries (mapped, 6to4, Teredo, NAT64): that one is reached."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_permitted(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether we may connect: a globally reachable unicast address (IANA special-purpose registries), or one of
    the networks that the configuration allows."""
    inner = _unwrap(address)
    if any(inner in network or address in network for network in allowed):
        return True
    if any(inner in network for network in _NEVER):
        return False
    return inner.is_global and not (inner.is_multicast or inner.is_reserved or inner.is_link_local)


def find_configured(host: str, resolve: Mapping[str, str]) -> tuple[Address, int] | None:
    """The address and port that the configuration gives for a host: its own entry, else the longest `*.suffix`."""
    name = host.lower().rstrip(".")
    target = resolve.get(name)
    if target is None:
        suffixes = [key for key in resolve if key.startswith("*.") and name.endswith(key[1:].lower())]
        target = resolve[max(suffixes, key=len)] if suffixes else None
    if target is None:
        return None
    address, _, port = target.rpartition(":")
    return ipaddress.ip_address(address.strip("[]")), int(port)


class Resolver:
    """The system's resolver in threads of its own: a lookup cannot be cancelled, and one that hangs for half a minute
    must take no thread from other lookups or from what else runs in threads.

    A name that is looked up already is not looked up a second time beside it.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolver")
        self._pending: dict[str, asyncio.Future[tuple[Address, ...]]] = {}

    async def resolve(self, host: str) -> tuple[Address, ...]:
        """The host's addresses in the resolver's order (RFC 6724), each once.

        Raises:
            OSError: the name has no address (socket.gaierror).
            UnicodeError: it cannot be a name.
        """
        lookup = self._pending.get(host)
        if lookup is None:
            lookup = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)
            self._pending[host] = lookup
            lookup.add_done_callback(partial(self._forget, host))
        # Shielded: one caller's patience must not end the lookup that others wait for.
        return await asyncio.shield(lookup)

    def _forget(self, host: str, lookup: asyncio.Future[tuple[Address, ...]]) -> None:
        self._pending.pop(host, None)
        if not lookup.cancelled():
            lookup.exception()  # seen, also if every caller has left

    def close(self) -> None:
        """Wait for no lookup."""
        for lookup in list(self._pending.values()):
            lookup.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    # A scope ("fe80::1%eth0") names a local link; without it the address stays what it is: not permitted.
    return tuple(dict.fromkeys(ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found))
