"""Webhooks: JSON posted to a subscriber's address, signed as Standard Webhooks are (standardwebhooks.com), through the
same checks as every page that is fetched.

No redirect is followed: what a webhook's owner entered is where it goes. Of the answer the status counts and, for
people, the beginning; the rest is not read.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import ipaddress
import logging
from contextlib import suppress
from hashlib import sha256
from urllib.parse import urlsplit

import httpx

from tracker.config import Network
from tracker.errors import Refused
from tracker.fetch.addresses import Address
from tracker.fetch.exchange import REDIRECTS, check_url, default_headers, named
from tracker.fetch.retry import parse_retry_after
from tracker.fetch.transport import CheckedBackend, CheckedTransport
from tracker.ports import Clock
from tracker.ports.channels import MOST_SAID, Answer, conceal, one_line
from tracker.types.digests import Message

# httpx would log each request, with its address.
logging.getLogger("httpx").setLevel(logging.WARNING)

WITHIN_S = 15.0
"""Until the status is there; who has more to do answers first and does it then."""
BODY_WITHIN_S = 2.0
"""For the beginning of the answer's body, once its status is there."""
MAX_ANSWER_BYTES = 2_000
AT_ONCE = 4
"""Webhooks that are posted at one time."""
_SECRET_PREFIX = "whsec_"  # noqa: S105 what the specification puts before a secret


def sign(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 over "id.timestamp.body", in base64 behind its version.

    Args:
        secret: `whsec_` and base64, as the specification writes it; else the bytes of the text are the key.
        id: that of `webhook-id`.
        timestamp: seconds since 1970, that of `webhook-timestamp`.
        body: exactly as it is sent.
    """
    digest = hmac.new(_key_of(secret), f"{id}.{timestamp}.".encode() + body, sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key_of(secret: str) -> bytes:
    if secret.startswith(_SECRET_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


class _AllowedBackend(CheckedBackend):
    """Connects to addresses that `network.allow_networks` names, and to no other."""

    async def _find_addresses(self, host: str, port: int) -> tuple[list[Address], int]:
        found, port = await super()._find_addresses(host, port)
        allowed = [address for address in found if any(_within(address, network) for network in self._allowed)]
        if found and not allowed:
            raise Refused(f"{host}: a webhook beyond this network needs https", reason="address")
        return allowed, port


def _within(address: Address, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return address in network


class WebhookDoor:
    """Posts messages; `tracker.ports.channels.Door`. `trusted` holds certificates of further authorities, in PEM."""

    def __init__(self, network: Network, clock: Clock, *, trusted: str | None = None, within_s: float = WITHIN_S):
        self._clock = clock
        self._within_s = within_s
        self._agent = default_headers(network)["User-Agent"]
        self._network, self._trusted = network, trusted
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()

    async def send(self, message: Message, secret: str) -> Answer:
        """Post once; nothing of the address but its host is in the answer."""
        return conceal(await self._try(message, secret), message)

    async def _try(self, message: Message, secret: str) -> Answer:
        try:
            check_url(message.address)
            return await self._post(message, secret)
        except Refused as error:
            return Answer("temporary", None, error.detail)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            return Answer("unknown", None, f"no answer within {self._within_s:g} s")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            return Answer("temporary", None, one_line(str(error)) or "no connection")
        except httpx.HTTPError as error:
            return Answer("unknown", None, f"the connection was lost before it was answered ({one_line(str(error))})")

    async def _post(self, message: Message, secret: str) -> Answer:
        client = self._client(urlsplit(message.address).scheme.lower())
        headers = self._headers(message, secret)
        request = client.build_request("POST", message.address, content=message.body, headers=headers)
        async with asyncio.timeout(self._within_s):
            answer = await client.send(request, stream=True)
        # The status has come, and is what counts, however long the rest takes: nothing is to be sent twice for it.
        try:
            return _judge(answer, await _beginning(answer), self._clock)
        finally:
            with suppress(TimeoutError, httpx.HTTPError):
                async with asyncio.timeout(BODY_WITHIN_S):
                    await answer.aclose()

    def _client(self, scheme: str) -> httpx.AsyncClient:
        if scheme not in self._clients:
            backend = _AllowedBackend(self._network) if scheme == "http" else None
            transport = CheckedTransport(self._network, self._trusted, backend)
            self._clients[scheme] = httpx.AsyncClient(
                transport=transport, timeout=self._within_s, follow_redirects=False, trust_env=False
            )
        return self._clients[scheme]

    def _headers(self, message: Message, secret: str) -> dict[str, str]:
        timestamp = int(self._clock.now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": self._agent,
            "Accept-Encoding": "identity",
            "Idempotency-Key": message.message_id,
            "webhook-id": message.message_id,
            "webhook-timestamp": str(timestamp),
        }
        if secret:
            headers["webhook-signature"] = sign(secret, message.message_id, timestamp, message.body)
        return headers


async def _beginning(answer: httpx.Response) -> bytes:
    """As much of the body as is kept, compressed or not; what comes after it stays unread."""
    body = b""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(BODY_WITHIN_S):
            async for part in answer.aiter_raw():
                body += part
                if len(body) >= MAX_ANSWER_BYTES:
                    break
    return body[:MAX_ANSWER_BYTES]


def _judge(answer: httpx.Response, body: bytes, clock: Clock) -> Answer:
    status = answer.status_code
    said = f"{named(status)}: {body.decode('utf-8', 'ignore')}" if body else named(status)
    said = one_line(said, MOST_SAID)
    if 200 <= status < 300:
        return Answer("sent", status, said)
    if status == 410:
        return Answer("refused", status, "410 Gone: it wants no more", "address")
    if status in REDIRECTS:
        where = _host_of(answer.headers.get("location", ""))
        return Answer("temporary", status, f"{named(status)} to {where}: redirects are not followed")
    after_s = parse_retry_after(answer.headers.get("retry-after"), clock.now())
    return Answer("temporary", status, said, after_s=after_s)


def _host_of(location: str) -> str:
    """Of a redirect only the host is told: the rest repeats the key that many webhooks have in their path."""
    try:
        return urlsplit(location).hostname or "another path of the host"
    except ValueError:
        return "what is no address"
