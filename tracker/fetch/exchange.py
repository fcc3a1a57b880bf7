"""One request and its answer: headers sent, addresses and statuses judged, the libraries' errors translated."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from tracker.config import Network
from tracker.errors import FetchFailed, Refused
from tracker.fetch.bodies import ACCEPT_ENCODING
from tracker.logs import KEY_PARAMETER
from tracker.types import Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({429, 502, 503, 504})
"""Statuses that may pass: worth another try (RFC 9110, section 15; RFC 6585, section 4)."""

_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,application/json;q=0.9,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"
)
_REFUSALS = {
    401: ("login", "it wants a login"),
    403: ("forbidden", "access is forbidden"),
    451: ("legal", "it is withheld for legal reasons"),
}
_SECRET = re.compile(KEY_PARAMETER + r"[^&#]*")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer to one request; `body` is decoded, and of an error only the beginning."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sent: tuple[tuple[str, str], ...]
    """The request's headers, keys among them."""
    truncated: bool = False
    """Whether there was more of the body than was read."""

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


class Passing(Exception):
    """A failure that may pass; `after_s` is the pause that the host asked for. Never leaves this package."""

    def __init__(self, error: FetchFailed, after_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after_s = after_s


def shown(url: str) -> str:
    """An address for a message: one line, not endless, without keys."""
    text = _SECRET.sub(r"\1***", "".join(url.split()))
    return text if len(text) <= 200 else text[:199] + "…"


def default_headers(network: Network) -> dict[str, str]:
    """What every request says of us; `contact` goes into the User-Agent, and into From if it is a mail address."""
    agent, contact = network.user_agent, network.contact
    if contact and contact not in agent:
        agent = f"{agent} ({contact})"
    headers = {"User-Agent": agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
    if contact and re.fullmatch(r"[^@\s]+@[^@\s]+", contact):
        headers["From"] = contact
    return headers


def conditional_headers(validators: Validators | None) -> dict[str, str]:
    """The preconditions of a conditional GET (RFC 9110, sections 13.1.2 and 13.1.3)."""
    headers: dict[str, str] = {}
    if validators and validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators and validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt governs (RFC 9309, section 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def check_url(url: str) -> None:
    """Raises: Refused: not http(s), no host, a login in the address, or not an address at all."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as exc:
        raise Refused(f"{shown(url)!r} is not an address ({exc})", reason="address") from exc
    if parts.scheme.lower() not in ("http", "https"):
        why = f"{shown(url)}: only http and https are fetched, not {parts.scheme or 'a bare path'}"
        raise Refused(why, reason="address")
    if not host:
        raise Refused(f"{shown(url)} names no host", reason="address")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"an address of {host} carries a login; it is not used", reason="address")


def join_location(url: str, location: str) -> str:
    """Where a redirect leads: resolved against the address that redirects, without fragment."""
    with suppress(UnicodeError):
        # Header bytes arrive as Latin-1; hosts that put raw UTF-8 there mean UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urldefrag(urljoin(url, location.strip())).url
    except ValueError as exc:
        raise FetchFailed(f"{shown(url)} redirects to what is not an address ({exc})", reason="redirects") from exc


def named(status: int) -> str:
    """A status for a message: "404 Not Found"."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def check_status(url: str, status: int, *, with_key: bool = False) -> None:
    """Judge a status; `with_key` tells that the request carried a key of ours.

    Raises:
        Refused: 401, 403 or 451.
        FetchFailed: whatever else is not 200, 203 or 304; with a key, also 401 and 403 (`key_refused`).
    """
    if status in (200, 203, 304):
        return
    if with_key and status in (401, 403):
        why = f"{shown(url)} answered {named(status)}: it does not accept our key"
        raise FetchFailed(why, reason="key_refused", status=status)
    if status in _REFUSALS:
        reason, why = _REFUSALS[status]
        raise Refused(f"{shown(url)} answered {named(status)}: {why}", reason=reason, status=status)
    raise FetchFailed(f"{shown(url)} answered {named(status)}", reason="status", status=status)


@contextmanager
def translated(url: str, network: Network) -> Iterator[None]:
    """The libraries' errors as ours, once, at the edge; the body's own `FetchFailed` gets its address."""
    where = shown(url)
    try:
        yield
    except FetchFailed as exc:
        if where in exc.detail:
            raise
        raise FetchFailed(f"{where}: {exc.detail}", reason=exc.reason, status=exc.status) from exc
    except TimeoutError as exc:
        # Not tried again: the host does answer, but no faster than this.
        why = f"{where}: not whole after {network.total_timeout_s:g} s (network.total_timeout_s)"
        raise FetchFailed(why, reason="timeout") from exc
    except httpx.ConnectTimeout as exc:
        why = f"{where}: no connection within {network.connect_timeout_s:g} s"
        raise Passing(FetchFailed(why, reason="timeout")) from exc
    except httpx.TimeoutException as exc:
        waited_s = network.first_byte_timeout_s if "began" in str(exc) else network.read_timeout_s
        raise Passing(FetchFailed(f"{where}: silent for {waited_s:g} s", reason="timeout")) from exc
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as exc:
        raise FetchFailed(f"{where}: {_line(exc)}", reason="connection") from exc
    except httpx.HTTPError as exc:
        if _caused_by(exc, ssl.SSLCertVerificationError):
            why = f"{where}: the TLS certificate is not valid for it ({_line(exc)})"
            raise FetchFailed(why, reason="tls") from exc
        raise Passing(FetchFailed(f"{where}: {_line(exc)}", reason=_reason_of(exc))) from exc


def _reason_of(error: Exception) -> str:
    if _caused_by(error, ssl.SSLError):
        return "tls"
    return "dns" if _caused_by(error, socket.gaierror) else "connection"


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
