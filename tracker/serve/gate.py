"""What stands before every part: for whom the server answers, how long a request may be, and what every answer says.

Written as plain ASGI, so that answers stream through. What is refused here has reached no other part.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.serve.refusal import refuse
from tracker.serve.serving import Serving

_LOG = logging.getLogger(__name__)
_HOST = re.compile(
    r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?)\.?(?::\d{1,5})?", re.ASCII
)
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
SITE_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; "
    "style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The most that any page of the site allows; each page's own policy, in its head, allows less."""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Gate:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on; what goes wrong behind it is one line in the log and an answer without particulars."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sending = _Sending(send)
        refusal = find_refusal(scope, self._serving)
        if refusal is not None:
            await refusal(scope, receive, sending)
            return
        reading = _Reading(receive, self._serving.max_body_bytes)
        try:
            await self._app(scope, reading, sending)
        except _TooMuchBody as error:
            if not sending.has_begun:
                await refuse(413, error.detail, {"Connection": "close"})(scope, receive, sending)
        except Exception:
            _LOG.exception("a request went wrong")
            if sending.has_begun:
                raise  # the connection is cut, so that nobody takes half an answer for a whole one
            await refuse(500, "the server failed to answer this request; its log says why")(scope, receive, sending)


def find_refusal(scope: Scope, serving: Serving) -> Response | None:
    """Why a request is not handed on; None where it is."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_allowed_host(hosts[0], serving.allowed_hosts):
        return refuse(
            400, "this server is not asked for by that Host; `tracker serve --allowed-host NAME` names another"
        )
    if scope["method"] not in _METHODS:
        return refuse(405, f"the method is none of {', '.join(_METHODS)}", {"Allow": ", ".join(_METHODS)})
    if not scope["path"].startswith("/"):
        return refuse(400, "the request's target is no path")
    length = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
    if length > serving.max_address_bytes:
        most = f"{serving.max_address_bytes:,}"
        return refuse(414, f"the address has {length:,} bytes, more than {most}; ask for less at once")
    body = headers.get("content-length", "0")
    if not body.isascii() or not body.isdigit() or int(body[:20]) > serving.max_body_bytes:
        most = f"{serving.max_body_bytes:,}"
        return refuse(413, f"the request's body is longer than {most} bytes", {"Connection": "close"})
    return None


def is_allowed_host(host: str, allowed: Sequence[str]) -> bool:
    """Whether a Host header is well formed and names one of those allowed ("*": any); a port says nothing."""
    match = _HOST.fullmatch(host.lower())
    return match is not None and ("*" in allowed or match["name"] in allowed)


class _TooMuchBody(HTTPException):
    """A body without a length has gone past what is allowed; of Starlette's own kind, which the parts answer too."""


class _Reading:
    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _TooMuchBody(413, f"the request's body is longer than {self._most:,} bytes")
        return message


class _Sending:
    """Adds what every answer says, where the part that answers has not said it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", SITE_POLICY)
        await self._send(message)
