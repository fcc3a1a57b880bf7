"""What the adapters ask: a stand-in for the collector that answers from a mapping or a function."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from pydantic import TypeAdapter

from tracker.errors import FetchFailed
from tracker.sourcekinds import Source
from tracker.sources import list_candidates
from tracker.types import Candidate, Response

URL = "https://a.example"
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
Query = Mapping[str, list[str]]
Answer = Callable[[str, Query], object]


def make_source(kind: str, path: str = "/s", **more: object) -> Source:
    return TypeAdapter[Source](Source).validate_python(
        {"name": "s", "kind": kind, "url": URL + path, "publisher": "A", "publisher_type": "news", **more}
    )


@dataclass
class Web:
    """Answers by (path, query): text as it is, anything else as JSON, None as 404, an exception by raising it."""

    answer: Answer
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    async def ask(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        self.asked.append(url)
        self.headers.append(dict(headers or {}))
        parts = urlsplit(url)
        found = self.answer(parts.path, parse_qs(parts.query))
        if found is None:
            raise FetchFailed(f"{url} answered 404 Not Found", reason="status", status=404)
        if isinstance(found, Exception):
            raise found
        body = found if isinstance(found, str) else json.dumps(found)
        return Response(url, url, 200, (), body.encode(), NOW)

    def list(
        self, source: Source, since: datetime | None = None, environ: Mapping[str, str] | None = None
    ) -> tuple[Candidate, ...]:
        return asyncio.run(list_candidates(source, self.ask, since, environ=environ or {}))


def web_of(answers: Mapping[str, object]) -> Web:
    """A web that answers by the address after the host, query and all."""
    web = Web(lambda path, query: None)

    def answer(path: str, query: Query) -> object:
        return answers.get(web.asked[-1].removeprefix(URL))

    web.answer = answer
    return web
