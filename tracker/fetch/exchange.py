"""One request and its answer: headers sent, addresses and statuses judged, the libraries' errors translated."""

from __future__ import annotations

import re
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
from tracker.types import Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({429, 502, 503, 504})
"""Statuses that may pass: worth another try (RFC 9110, section 15; RFC 6585, section 4)."""

_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,application/json;q=0.9,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"
)
_REFUSALS = {401: "it wants a login", 403: "access is forbidden", 451: "it is withheld for legal reasons"}
_SECRET = re.compile(r"(?i)([?&](?:api[_-]?key|key|token|access_token|secret|password|sig|signature)=)[^&#]*")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer to one request; `body` is decoded, and empty unless the status is 200 or 203."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

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


def host_of(url: str) -> str:
    """The host name, whatever the scheme and port: what one pace governs."""
    return (urlsplit(url).hostname or "").lower()


def check_url(url: str) -> None:
    """Raises: Refused: not http(s), no host, a login in the address, or not an address at all."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as exc:
        raise Refused(f"{shown(url)!r} is not an address ({exc})") from exc
    if parts.scheme.lower() not in ("http", "https"):
        raise Refused(f"{shown(url)}: only http and https are fetched, not {parts.scheme or 'a bare path'}")
    if not host:
        raise Refused(f"{shown(url)} names no host")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"an address of {host} carries a login; it is not used")


def join_location(url: str, location: str) -> str:
    """Where a redirect leads: resolved against the address that redirects, without fragment."""
    with suppress(UnicodeError):
        # Header bytes arrive as Latin-1; hosts that put raw UTF-8 there mean UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urldefrag(urljoin(url, location.strip())).url
    except ValueError as exc:
        raise FetchFailed(f"{shown(url)} redirects to what is not an address ({exc})") from exc


def named(status: int) -> str:
    """A status for a message: "404 Not Found"."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def check_status(url: str, status: int) -> None:
    """Raises: Refused (401, 403, 451) or FetchFailed (whatever else is not 200, 203 or 304)."""
    if status in (200, 203, 304):
        return
    if status in _REFUSALS:
        raise Refused(f"{shown(url)} answered {named(status)}: {_REFUSALS[status]}")
    raise FetchFailed(f"{shown(url)} answered {named(status)}")


def _is_certificate_error(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def translated(url: str, network: Network) -> Iterator[None]:
    """The libraries' errors as ours, once, at the edge; the body's own `FetchFailed` gets its address."""
    where = shown(url)
    try:
        yield
    except FetchFailed as exc:
        raise FetchFailed(f"{where}: {exc.detail}") from exc
    except TimeoutError as exc:
        # Not tried again: the host does answer, but no faster than this.
        raise FetchFailed(f"{where}: not whole after {network.total_timeout_s:g} s (network.total_timeout_s)") from exc
    except httpx.ConnectTimeout as exc:
        raise Passing(FetchFailed(f"{where}: no connection within {network.connect_timeout_s:g} s")) from exc
    except httpx.TimeoutException as exc:
        raise Passing(FetchFailed(f"{where}: silent for {network.read_timeout_s:g} s")) from exc
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as exc:
        raise FetchFailed(f"{where}: {_line(exc)}") from exc
    except httpx.HTTPError as exc:
        if _is_certificate_error(exc):
            raise FetchFailed(f"{where}: the TLS certificate is not valid for it ({_line(exc)})") from exc
        raise Passing(FetchFailed(f"{where}: {_line(exc)}")) from exc


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
