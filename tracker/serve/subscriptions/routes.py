"""Where the pages are, and what stands before each: limits, and what is said of a link that does not hold."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tracker.digest.tokens import TokenRefused
from tracker.errors import TrackerError
from tracker.resources import bundled_path
from tracker.serve.api.ratelimit import Buckets, RateLimit
from tracker.serve.subscriptions.answers import told
from tracker.serve.subscriptions.asked import Asked, read_asked
from tracker.serve.subscriptions.entering import send_link, subscribe
from tracker.serve.subscriptions.leaving import confirm, unsubscribe
from tracker.serve.subscriptions.managing import manage
from tracker.serve.subscriptions.office import Office
from tracker.serve.subscriptions.reading import read_digest, read_feed

_LOG = logging.getLogger(__name__)
PATH = "/subscriptions"
Handler = Callable[[Office, Asked], Response]
LOOKS = RateLimit(120, 60.0)
"""At these pages, by one address."""
WISHES = RateLimit(30, 3600.0)
"""Forms that have a mail sent, by one address."""


def subscription_routes(office: Office) -> list[BaseRoute]:
    """The routes of all pages."""
    looks, wishes = Buckets(LOOKS), Buckets(WISHES)
    style = (bundled_path("templates") / "subscriptions" / "forms.css").read_bytes()

    def route(name: str, handler: Handler, posts: Buckets | None = looks) -> Route:
        return Route(f"{PATH}/{name}", _answering(office, handler, looks, posts), methods=["GET", "POST"])

    async def forms_css(_: Request) -> Response:
        return Response(style, headers={"Cache-Control": "max-age=3600"}, media_type="text/css")

    return [
        Route(PATH, RedirectResponse(f"{PATH}/", 308)),
        Route(f"{PATH}/forms.css", forms_css),
        route("", subscribe, wishes),
        route("link", send_link, wishes),
        route("confirm", confirm),
        route("unsubscribe", unsubscribe, None),  # a mail provider's few addresses press for many readers
        route("manage", manage),
        Route(f"{PATH}/digest", _answering(office, read_digest, looks, looks)),
        Route(f"{PATH}/feed", _answering(office, read_feed, looks, looks)),
    ]


def _answering(
    office: Office, handler: Handler, looks: Buckets, posts: Buckets | None
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        limited = posts if request.method == "POST" else looks
        if limited is not None:
            allowance = limited.take(request.client.host if request.client else "")
            if not allowance.is_allowed:
                line = f"{allowance.refusal(limited.limit)}.".capitalize()
                answered = told(office.settings, "Too many requests", line, status=429)
                answered.headers.update(allowance.headers(limited.limit))
                return answered
        try:
            asked = await read_asked(request, takes_any_body=posts is None)
        except HTTPException as error:
            return told(office.settings, "This form cannot be taken", f"{error.detail}.", status=error.status_code)
        return await run_in_threadpool(_handled, office, handler, asked)

    return answer


def _handled(office: Office, handler: Handler, asked: Asked) -> Response:
    try:
        return handler(office, asked)
    except TokenRefused as refusal:
        words = f"{refusal.detail[0].upper()}{refusal.detail[1:]}."
        return told(office.settings, "This link does not work", words, status=403, form=True)
    except TrackerError as error:
        _LOG.error("a page of subscriptions could not be made: %s", type(error).__name__)
        line = "What this page needs cannot be read at the moment. Try again in a minute."
        answered = told(office.settings, "Not just now", line, status=503)
        answered.headers["Retry-After"] = "60"
        return answered
