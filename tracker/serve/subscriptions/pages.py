"""The pages under /subscriptions. What changes something is a POST: mail scanners open links, and press no buttons.

The signed token in the link is the proof of every request, so that there is no cookie and nothing to forge. It is kept
out of other places: no referrer, no cache, no index, and no log (the server writes none of addresses).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tracker.app import SystemClock
from tracker.config import Settings
from tracker.digest.enrolling import LEFT, confirmed, export_subscriber, left
from tracker.digest.links import Links
from tracker.digest.telling import render_notice
from tracker.digest.telling.feeds import atom_feed, json_feed, make_feed
from tracker.digest.telling.htmlbody import html_of
from tracker.digest.telling.shown import show_digest
from tracker.digest.telling.wording import subject_of
from tracker.digest.tokens import Purpose, Token, TokenRefused
from tracker.errors import InputError
from tracker.render.engine import load_engine, render
from tracker.serve.api.ratelimit import Buckets, RateLimit
from tracker.serve.edition import Editions
from tracker.serve.refusal import refuse
from tracker.serve.subscriptions.signup import SignUp
from tracker.store.subscriptions import open_subscriptions
from tracker.store.subscriptions.sqlsubscriptions import SqlSubscriptions
from tracker.types.watching import Subscriber

PATH = "/subscriptions"
MOST_BODY = 64_000
MOST_FIELDS = 300
POSTS_AN_HOUR = 30
"""By one address."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
DIGEST_POLICY = POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'").replace(
    "form-action 'self'", "form-action 'none'"
)
"""A digest's page is its mail's, whose style stands in its tags."""
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": POLICY,
}
Form = Mapping[str, list[str]]


class SubscriptionPages:
    """An ASGI application under /subscriptions."""

    def __init__(self, settings: Settings, links: Links, editions: Editions) -> None:
        self._settings = settings
        self._links = links
        self._signup = SignUp(settings, links, editions)
        self._clock = SystemClock()
        self._posts = Buckets(RateLimit(POSTS_AN_HOUR, 3600.0))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page, or say what is wrong in one."""
        request = Request(scope, receive)
        answer = await self._answer(request, scope["path"].removeprefix(PATH).strip("/"))
        await answer(scope, receive, send)

    async def _answer(self, request: Request, name: str) -> Response:
        page = self._pages().get(name)
        if page is None:
            return refuse(404, "there is no such page")
        if request.method not in ("GET", "HEAD", "POST"):
            return refuse(405, "GET or POST", {"Allow": "GET, HEAD, POST"})
        form: Form = {}
        if request.method == "POST":
            allowance = self._posts.take(request.client.host if request.client else "")
            if name != "unsubscribe" and not allowance.is_allowed:  # a mail provider presses for many readers
                return refuse(429, "too many requests from this address", {"Retry-After": str(allowance.wait_s)})
            body = b""
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BODY:
                    return refuse(413, f"the form is longer than {MOST_BODY:,} bytes", {"Connection": "close"})
            try:
                form = _parse(body, request.headers.get("content-type", ""))
            except ValueError:
                return refuse(400, "the form cannot be read")
        try:
            return await run_in_threadpool(page, request, form)
        except TokenRefused as error:
            return self._page(_capital(error.detail), "This link cannot be used", status=403)
        except InputError as error:
            return self._page(_capital(error.detail), "That cannot be done", status=400)

    def _pages(self) -> dict[str, Callable[[Request, Form], Response]]:
        return {
            "": self._subscribe, "link": self._send_link, "confirm": self._confirm, "unsubscribe": self._unsubscribe,
            "manage": self._manage, "digest": self._digest, "feed": self._feed,
        }  # fmt: skip

    def _subscribe(self, request: Request, form: Form) -> Response:
        if request.method != "POST":
            return self._page("", "Subscribe to changes", kind="form", **self._signup.offered())
        told = self._signup.take(form, self._clock.now())
        if told is not None:
            values: dict[str, Any] = {**self._signup.offered(), "form": {key: value[0] for key, value in form.items()}}
            return self._page(told, "Subscribe to changes", kind="form", status=400, **values)
        return self._page(
            "If that address can be written to, a mail is on its way to it. Its link confirms; without that, nothing "
            "is sent. The link holds for seven days.",
            "Look into your mail",
        )

    def _send_link(self, request: Request, form: Form) -> Response:
        if request.method == "POST":
            self._signup.send_link(_one(form, "mail"), self._clock.now())
        return self._page("If that address has a subscription, a link to it is on its way.", "Look into your mail")

    def _confirm(self, request: Request, form: Form) -> Response:
        with self._store() as store:
            one, token = self._holder(store, request, form, "confirm")
            if one.state == "active":
                return self._page("This subscription is confirmed already.", "Confirmed")
            if one.state != "pending":
                raise TokenRefused("revoked")
            if request.method != "POST":
                told = f"Digests of {self._settings.site.title} to {one.address}: {', '.join(self._signup.words(one))}."
                return self._page(told, "Confirm your digests", button="Yes, send me these digests", t=token)
            now = self._clock.now()
            on = confirmed(one, now, "the link that was mailed to the address was opened and confirmed")
            store.save_subscriber(on)
            store.save_message(on.id, render_notice(on, "welcome", self._settings, self._links, now), now)
        return self._page("From now on you are told what changes.", "Confirmed")

    def _unsubscribe(self, request: Request, form: Form) -> Response:
        with self._store() as store:
            one, token = self._holder(store, request, form, "unsubscribe")
            if request.method == "POST" and one.state_why != LEFT:
                store.save_subscriber(left(one))
            if request.method == "POST" or one.state_why == LEFT:
                return self._page("Nothing more is sent to this address.", "You have left")
        return self._page("One press ends it.", "Leave these digests?", button="Send me nothing more", t=token)

    def _manage(self, request: Request, form: Form) -> Response:
        with self._store() as store:
            one, token = self._holder(store, request, form, "manage")
            wish, now, told = _one(form, "do"), self._clock.now(), ""
            if wish == "export":
                body = json.dumps(export_subscriber(store, one), ensure_ascii=False, indent=1)
                headers = {**_PRIVATE, "Content-Disposition": 'attachment; filename="my-subscription.json"'}
                return Response(body, media_type="application/json", headers=headers)
            if wish == "erase":
                store.erase_subscriber(one.id, now)
                return self._page("Your name, address, rules and messages are erased.", "Erased")
            if wish:
                one, told = self._changed(one, wish, form), "It is changed."
                store.save_subscriber(one)
        feed = self._links.feed_url(one, now)
        values: dict[str, Any] = {"subscriber": one, "rules": self._signup.words(one), "feed": feed, "t": token}
        values["form"] = {
            "hour": one.at_hour,
            "zone": one.timezone,
            "weekday": one.weekday,
            "clear": one.wants_all_clear,
        }
        return self._page(told, "Your digests", kind="manage", **self._signup.offered(), **values)

    def _changed(self, one: Subscriber, wish: str, form: Form) -> Subscriber:
        if wish == "pause" and one.state == "active":
            return replace(one, state="paused", state_why="paused by its reader")
        if wish == "resume" and (one.state == "paused" or one.state_why == LEFT):
            return replace(one, state="active", state_why="")
        if wish == "save":
            return self._signup.rewritten(one, form)
        raise InputError(f"the subscription is {one.state}, and that cannot be done")

    def _digest(self, request: Request, form: Form) -> Response:
        with self._store() as store:
            one, _ = self._holder(store, request, form, "digest")
            subject = self._token(request, form, "digest").subject
            kept = store.find_digest(subject)
        if kept is None or kept.digest is None or kept.digest.subscriber_id != one.id:
            raise TokenRefused("revoked")
        whole = show_digest(one, kept.digest, self._settings, self._links)
        if rest := kept.digest.rest:
            more = replace(kept.digest.groups[-1], heading="And besides", items=rest) if kept.digest.groups else None
            if more is not None:
                shown = replace(kept.digest, groups=(*kept.digest.groups, more), left_out=0, rest=())
                whole = show_digest(one, shown, self._settings, self._links)
        body = html_of(whole, subject_of(kept.digest, self._settings.site.title))
        return Response(body, media_type="text/html", headers={**_PRIVATE, "Content-Security-Policy": DIGEST_POLICY})

    def _feed(self, request: Request, form: Form) -> Response:
        with self._store() as store:
            one, token = self._holder(store, request, form, "feed")
            digests = [item.digest for item in store.load_digests(subscriber_id=one.id) if item.digest is not None]
        begun = one.created_at or self._clock.now()
        url = f"{self._links.form_url}feed?t={token}"
        as_json = request.query_params.get("format") == "json"
        feed = make_feed(one, digests, self._settings, self._links, f"{url}&format=json" if as_json else url, begun)
        media_type = "application/feed+json" if as_json else "application/atom+xml"
        return Response(json_feed(feed) if as_json else atom_feed(feed), media_type=media_type, headers=_PRIVATE)

    def _store(self) -> Any:
        return open_subscriptions(self._settings.subscriptions_url)

    def _token(self, request: Request, form: Form, purpose: Purpose) -> Token:
        text = _one(form, "t") or request.query_params.get("t", "")
        return self._links.tokens.read(text, purpose, self._clock.now())

    def _holder(
        self, store: SqlSubscriptions, request: Request, form: Form, purpose: Purpose
    ) -> tuple[Subscriber, str]:
        """Whose link it is, and its token."""
        token = self._token(request, form, purpose)
        one = store.find_subscriber(token.subscriber_id)
        if one is None or one.id != token.subscriber_id or one.token_version != token.version:
            raise TokenRefused("revoked")
        return one, _one(form, "t") or request.query_params["t"]

    def _page(self, told: str, title: str, kind: str = "told", status: int = 200, **values: Any) -> Response:
        given = {
            "site": self._settings.site, "root": "../", "base": None, "path": "subscriptions/", "known_on": None,
            "told": told, "heading": title, "kind": kind, "button": "", "t": "", "form": {}, **values,
        }  # fmt: skip
        body = render(load_engine(), "subscriptions.html", given)
        return Response(body, status, media_type="text/html", headers=_PRIVATE)


def _parse(body: bytes, media_type: str) -> Form:
    """The fields of a form; of another kind of body nothing, since RFC 8058 has its token in the address."""
    if not media_type.startswith("application/x-www-form-urlencoded"):
        return {}
    form: dict[str, list[str]] = {}
    for key, value in parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS):
        form.setdefault(key, []).append(value)
    return form


def _one(form: Form, key: str) -> str:
    return form.get(key, [""])[0]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
