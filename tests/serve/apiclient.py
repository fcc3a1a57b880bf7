"""A client of the API over the small invented world: the real application, without a socket between."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.render.conftest import build_world
from tracker.serve.api import ApiSettings, create_api
from tracker.serve.api.ratelimit import RateLimit
from tracker.serve.edition import Editions
from tracker.types import (
    Anchor,
    Dataset,
    Dispute,
    DisputeStatus,
    Edit,
    Hiding,
    Judged,
    LedgerEntry,
    StatusStep,
    Version,
)

ROOT = "/api/v1"
_LEAKS = re.compile(
    r"/(?:tmp|work|home|usr|root)/|Traceback|sqlite3|\.py\b|site-packages|SELECT |_claims", re.IGNORECASE
)


def timed_world() -> Dataset:
    """The invented world told over time: second versions came a day later, and claims say when they were first seen."""
    world = build_world()
    documents = tuple(
        replace(
            document, versions=tuple(map(_later, document.versions)), last_seen_at=_later(document.current).fetched_at
        )
        for document in world.documents
    )
    fetched_at = {version.id: version.fetched_at for document in documents for version in document.versions}
    claims = tuple(
        replace(record, first_seen_at=fetched_at[record.first_version_id]) for record in world.reconciled.claims
    )
    entities = tuple(
        replace(entity, country="china" if entity.id == "kestrel" else None) for entity in world.reconciled.entities
    )
    reconciled = replace(world.reconciled, claims=claims, disputes=(DISPUTE,), entities=entities)
    return replace(world, documents=documents, reconciled=reconciled, edits=HIDDEN)


def _hidden(what: Literal["claim", "event"], id: str, at: datetime) -> Judged:
    """A hiding of what the world does not have any more, by somebody who says why in words that nobody is told."""
    anchor = Anchor("doc-gone", "words that were hidden", claim_id=id if what == "claim" else None)
    act = Hiding(what, (anchor,), (id,) if what == "event" else ())
    return Judged(Edit(f"2026-03-hide-{id}", act, "Ana Lyst", at, "read wrongly"), "applied")


HIDDEN = (
    _hidden("claim", "c-hidden-1", datetime(2026, 3, 9, 12, tzinfo=UTC)),
    _hidden("event", "hidden-event", datetime(2026, 3, 9, 12, tzinfo=UTC)),
    _hidden("claim", "c-hidden-2", datetime(2026, 3, 8, 23, 59, tzinfo=UTC)),
)


def _step(status: DisputeStatus, day: date, claim_id: str, seen: datetime) -> StatusStep:
    return StatusStep(status, day, day, "stated", "northwind-letter-2026-02", (claim_id,), seen)


DISPUTE = Dispute(
    id="northwind-v-kestrel", title="Northwind Labs v. Kestrel AI", sides=("northwind", "kestrel"),
    accusers=("northwind",), accused=("kestrel",), accused_as=("operators affiliated with Kestrel AI",),
    target=("borealis",), event_ids=("northwind-letter-2026-02", "oma-memo-2025"), allegation_ids=("c-letter-1",),
    steps=(
        _step("alleged", date(2026, 2, 23), "c-letter-1", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        _step("under_investigation", date(2026, 2, 25), "c-memo-1", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        _step("alleged", date(2026, 2, 26), "c-zh-1", datetime(2026, 3, 3, 9, 30, tzinfo=UTC)),
    ),
    ledger=(
        LedgerEntry("kestrel", "denied", date(2026, 2, 24), date(2026, 2, 24), "relative", "c-letter-3", "northwind-letter-2026-02"),
    ),
    changed_on=date(2026, 2, 25),
)  # fmt: skip


def _later(version: Version) -> Version:
    at = version.fetched_at + timedelta(days=version.number - 1)
    return replace(version, fetched_at=at, last_seen_at=at)


class ApiClient:
    """Asks one application, each request to its end."""

    def __init__(self, app: ASGIApp, editions: Editions) -> None:
        self.app = app
        self.editions = editions

    def ask(self, path: str, method: str = "GET", **given: Any) -> httpx.Response:
        """The answer to a request below the API's root."""
        return asyncio.run(self._ask(path, method, given))

    async def _ask(self, path: str, method: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(
            self.app, raise_app_exceptions=False, client=given.pop("client", ("192.0.2.1", 1))
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://tracker.example") as client:
            return await client.request(method, f"{ROOT}{path}", **given)

    def rows(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of one page."""
        answer = self.ask(path, params=params)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def walk(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """The rows of all pages, as one follows them."""
        answer = self.ask(path, params=params)
        while True:
            assert answer.status_code == 200, answer.text
            told = answer.json()
            yield from told["data"]
            if "next" not in told["links"]:
                return
            answer = self.ask(told["links"]["next"].removeprefix(ROOT))


@contextmanager
def client_of(database: Path, settings: ApiSettings | None = None) -> Iterator[ApiClient]:
    """A client of the API over a database; without settings nobody asks too often."""
    editions = Editions(database, 4)
    editions.look()
    settings = settings or ApiSettings(RateLimit(requests=0))
    try:
        api = create_api(editions, settings)

        async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
            await api({**scope, "root_path": ROOT}, receive, send)

        yield ApiClient(mounted, editions)
    finally:
        editions.close()


def problem_of(answer: httpx.Response, status: int, name: str) -> dict[str, Any]:
    """The problem that an answer is, with this status and type, and nothing of the machine in it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told: dict[str, Any] = answer.json()
    assert (told["type"], told["status"]) == (f"{ROOT}/docs#problem-{name}", status)
    assert told["detail"] and told["instance"].startswith(ROOT)
    assert not _LEAKS.search(answer.text), answer.text
    return told
