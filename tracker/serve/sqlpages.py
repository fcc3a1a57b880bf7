"""SQL for people: Datasette over the published database, under /data.

One Datasette lasts as long as the server; what it asks is exchanged when a newer database is published. It is reached
through a door of our own, which lets through what concerns the database and nothing else of Datasette.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from datasette.app import Datasette
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.errors import UnreadableInput
from tracker.render.database import METADATA_PATH, load_questions
from tracker.render.database.metadata import render_metadata
from tracker.resources import bundled_path
from tracker.serve import sqlplugin
from tracker.serve.api.ratelimit import RateLimit
from tracker.serve.csvcells import CsvCells
from tracker.serve.edition import Edition, Editions
from tracker.serve.refusal import refuse
from tracker.serve.serving import Serving
from tracker.serve.share import Share
from tracker.serve.sitefiles import SiteFiles
from tracker.serve.sqldatabase import NAME, PublishedDatabase, wants_csv

PATH = "/data"
_OURS = re.compile(rf"/data/(?:{NAME}(?:\.(?:json|csv))?|{NAME}/.+|-/static/[\w.-]+)")
_QUESTIONS = {f"{PATH}/{NAME}/{question.name}": question for question in load_questions()}
_STATIC = f"{PATH}/-/static/"
_REFUSED = ("_trace", "_context")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_DROPPED = (b"cookie", b"authorization")


class SqlPages:
    """An ASGI application under /data; what the site itself has there (the file, its description) stays the site's."""

    def __init__(self, editions: Editions, serving: Serving, site: SiteFiles) -> None:
        sqlplugin.install()
        self._editions = editions
        self._serving = serving
        self._site = site
        self._datasette = _make_datasette(serving)
        self._app: ASGIApp = self._datasette.app()
        self._policy = page_policy()
        limit = RateLimit(serving.queries_per_minute)
        self._share = Share(self._ask, limit, serving.queries_per_address)
        editions.follow(self._take)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what concerns the database; it is kept open until the answer is out."""
        path = scope["path"]
        if path.rstrip("/") == PATH:
            await RedirectResponse(f"{PATH}/{NAME}", 307)(scope, receive, send)
        elif not _OURS.fullmatch(path):
            await self._site(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await refuse(405, "the database can only be read: GET or HEAD", {"Allow": "GET, HEAD"})(
                scope, receive, send
            )
        elif any(name in _REFUSED for name, _ in parse_qsl(scope["query_string"].decode("latin-1"))):
            await refuse(400, f"{' and '.join(_REFUSED)} are not offered here")(scope, receive, send)
        elif (question := _QUESTIONS.get(path)) and question.parameters and not scope["query_string"]:
            example = urlencode(dict(question.parameters), quote_via=quote)
            await RedirectResponse(f"{path}?{example}", 307)(scope, receive, send)
        elif path.startswith(_STATIC):
            await self._ask(scope, receive, send)
        else:
            await self._share(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as stack:
            try:
                stack.enter_context(self._editions.use())
            except UnreadableInput:
                detail = "there is no published database that can be read"
                await refuse(503, detail, {"Retry-After": "60"})(scope, receive, send)
                return
            kept = [(name, value) for name, value in scope["headers"] if name not in _DROPPED]
            wants_csv.set(scope["path"].endswith(".csv"))
            sending = _Sending(send, self._policy, is_csv=wants_csv.get())
            below, raw = scope["path"][len(PATH) :], scope["raw_path"][len(PATH) :]  # as behind a proxy with a prefix
            await self._app({**scope, "path": below, "raw_path": raw, "headers": kept}, receive, sending)

    def close(self) -> None:
        """Stop what Datasette has running."""
        self._datasette.executor.shutdown(wait=False, cancel_futures=True)

    def _take(self, edition: Edition) -> None:
        """Ask this edition from now on."""
        made = PublishedDatabase(self._datasette, edition, self._serving.connections)
        made.name = made.route = NAME
        edition.on_close(made.close)
        self._datasette.inspect_data = {
            NAME: {"tables": {name: {"count": count} for name, count in edition.about.counts.items()}}
        }
        self._datasette._metadata_local = describe(self._serving.site, edition)
        self._datasette.databases = {**self._datasette.databases, NAME: made}


def _make_datasette(serving: Serving) -> Datasette:
    made = Datasette(
        memory=True,  # so that it asks for no file
        template_dir=str(bundled_path("templates") / "datasette"),
        settings={
            "base_url": f"{PATH}/",
            "sql_time_limit_ms": int(serving.query_seconds * 1000),
            "facet_time_limit_ms": min(500, int(serving.query_seconds * 1000)),
            "max_returned_rows": serving.query_rows,
            "default_page_size": max(1, min(100, serving.query_rows - 1)),  # as many would be one more
            "num_sql_threads": serving.connections,
            "max_csv_mb": 50,
            "allow_download": False,
            "suggest_facets": False,
            "template_debug": False,
            "trace_debug": False,
        },
    )
    made.remove_database("_memory")
    return made


def describe(site: Path, edition: Edition) -> dict[str, Any]:
    """What Datasette is told of the database: the site's own metadata.json, and where things lead here."""
    try:
        value = json.loads((site / METADATA_PATH).read_bytes())
        tables = value["databases"][NAME]
    except (OSError, ValueError, KeyError, TypeError):
        value = json.loads(render_metadata(edition.about.facts.get("title", ""), NAME))
        tables = value["databases"][NAME]
    for question in load_questions():
        if question.parameters and (query := tables["queries"].get(question.name)):
            example = urlencode(dict(question.parameters), quote_via=quote)
            told = ", ".join(f"{name} = {given}" for name, given in question.parameters)
            query["description_html"] = (
                f"{html.escape(query['description'])} For example: "
                f'<a href="{PATH}/{NAME}/{question.name}?{html.escape(example)}">{html.escape(told)}</a>.'
            )
    built_on = edition.about.facts.get("built_on")
    tables |= {"title": value.get("title"), "description": value.get("description")}
    return {**value, "source": f"{value.get('title')}, as of {built_on}", "source_url": "/"}


def page_policy() -> str:
    """The Content-Security-Policy of Datasette's pages: scripts from here, and those that its templates hold."""
    hashes = " ".join(f"'sha256-{item}'" for item in sorted(set(_script_hashes())))
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _script_hashes() -> Iterator[str]:
    import datasette

    for path in sorted((Path(datasette.__file__).parent / "templates").glob("*.html")):
        for script in _SCRIPT.findall(path.read_text(encoding="utf-8")):
            text = script.replace("{{ datasette_allow_facet }}", "true")
            if "{{" not in text:
                yield base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class _Sending:
    """Sends Datasette's answer on: with its policy, and CSV made harmless."""

    def __init__(self, send: Send, policy: str, *, is_csv: bool) -> None:
        self._send = send
        self._policy = policy
        self._cells = CsvCells() if is_csv else None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [(name.lower(), value) for name, value in message["headers"]]}
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = self._policy
            if (leads_to := headers.get("location", "")).startswith("/") and not leads_to.startswith(f"{PATH}/"):
                headers["Location"] = PATH + leads_to
            if "text/html" in headers.get("content-type", ""):
                self._cells = None
        elif message["type"] == "http.response.body" and self._cells is not None:
            more = message.get("more_body", False)
            text = self._cells.take(message.get("body", b"").decode()) + ("" if more else self._cells.finish())
            message = {**message, "body": text.encode()}
        await self._send(message)
