"""The outermost layer of the API, around every route: methods, who may ask from where and how often, and sizes.

It is plain ASGI, so that answers pass through as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.serve.api.parameters import MOST_QUERY_BYTES
from tracker.serve.api.problems import MEDIA_TYPE, Problem
from tracker.serve.api.ratelimit import Buckets, RateLimit

_LOG = logging.getLogger(__name__)
_MOST_PATH_BYTES = 2_048
READING = ("GET", "HEAD", "OPTIONS")
_POSTED = ("/reconcile",)
"""Where POST is allowed too."""
_EXPOSED = ("ETag", "Last-Modified", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "Location")
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Edges:
    """HEAD as GET without a body, OPTIONS, cross-origin reading, rate limits, long addresses, no 500 without words."""

    def __init__(self, app: ASGIApp, limit: RateLimit) -> None:
        self._app = app
        self._buckets = Buckets(limit) if limit.requests else None
        self._limit = limit
        shared = {"allow_origins": ["*"], "expose_headers": list(_EXPOSED), "max_age": 86_400, "allow_headers": ["*"]}
        self._reading = CORSMiddleware(self._answer, allow_methods=list(READING), **shared)  # type: ignore[arg-type]
        self._posting = CORSMiddleware(self._answer, allow_methods=[*READING, "POST"], **shared)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cors = self._posting if _path_of(scope) in _POSTED else self._reading
        await cors(scope, receive, with_headers(send, _ALWAYS))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        told: Mapping[str, str] = {}
        if self._buckets is not None and scope["method"] != "OPTIONS":
            client = scope.get("client")
            allowance = self._buckets.take(client[0] if client else "")
            told = allowance.headers(self._limit)
            if not allowance.is_allowed:
                problem = Problem("rate-limited", allowance.refusal(self._limit))
                await problem_response(problem, scope)(scope, receive, with_headers(_bodiless(scope, send), told))
                return
        await self._guarded(scope, receive, with_headers(_bodiless(scope, send), told))

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            _check_address(scope)
            inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self._app(inner, receive, watched)
        except Problem as problem:
            await problem_response(problem, scope)(scope, receive, send)
        except Exception:
            _LOG.exception("%s %s", scope["method"], scope["path"])
            if has_begun:
                raise
            told = Problem("internal", "nothing more can be said here")
            await problem_response(told, scope)(scope, receive, send)


def problem_response(problem: Problem, scope: Scope) -> Response:
    """The answer that a problem is."""
    body = problem.body(scope.get("root_path", ""), scope.get("path", "")[:500])
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(body, problem.status, headers, MEDIA_TYPE)


def _check_address(scope: Scope) -> None:
    query, path = scope.get("query_string", b""), scope.get("raw_path") or scope["path"].encode()
    if len(query) > MOST_QUERY_BYTES:
        told = f"the query is {len(query)} bytes long; at most {MOST_QUERY_BYTES} are read"
        raise Problem("address-too-long", told)
    if len(path) > _MOST_PATH_BYTES:
        raise Problem("address-too-long", f"the path is {len(path)} bytes long; at most {_MOST_PATH_BYTES} are read")
    content_length = Headers(scope=scope).get("content-length", "0")
    if not content_length.isdigit():
        raise Problem("bad-request", "Content-Length is no number")


def _path_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).rstrip("/")


def with_headers(send: Send, told: Mapping[str, str]) -> Send:
    """Sends an answer with these fields besides, where it has them not."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in told.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _bodiless(scope: Scope, send: Send) -> Send:
    """For HEAD: the same head, Content-Length among it, and no body."""
    if scope["method"] != "HEAD":
        return send

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await send(message)

    return sending
