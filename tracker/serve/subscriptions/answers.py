"""What these pages answer: in the site's design, kept by nobody, found by no search engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from tracker.config import Settings
from tracker.render.engine import load_engine, render

KEPT_BY_NOBODY = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""The addresses of these pages are keys: they go to no other site, no cache and no index."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of a page that is made as our mail is, its style in its tags."""


def page(settings: Settings, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
    """A page of templates/subscriptions."""
    whole = {"site": settings.site, "base": None, "root": "../", "path": "subscriptions/", "known_on": None, **values}
    body = render(load_engine(), f"subscriptions/{template}", whole)
    headers = {**KEPT_BY_NOBODY, "Content-Security-Policy": POLICY}
    return Response(body, status, headers, media_type="text/html")


def told(settings: Settings, title: str, *lines: str, status: int = 200, form: bool = False) -> Response:
    """A page that says something; `form` whether it leads to where one subscribes."""
    return page(settings, "told.html", {"title": title, "lines": lines, "leads_to_form": form}, status)


def send_back(path: str) -> Response:
    """To a page that shows what was done, so that loading it again does nothing again; `path` is relative."""
    return RedirectResponse(path, 303, headers=KEPT_BY_NOBODY)
