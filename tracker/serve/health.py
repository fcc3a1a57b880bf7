"""Whether the server lives, and whether it has what it needs to answer: for supervisors and load balancers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tracker.errors import TrackerError
from tracker.serve.edition import Editions

_NOT_KEPT = {"Cache-Control": "no-store"}


def health_routes(editions: Editions) -> list[Route]:
    """/healthz answers as long as the process does; /readyz says 503 until a published database is open."""

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_NOT_KEPT)

    async def ready(_: Request) -> Response:
        try:
            with editions.use() as edition:
                facts = edition.about.facts
                told = {"status": "ready", "built_on": facts.get("built_on"), "schema": facts.get("schema_version")}
        except TrackerError:
            told = {"status": "not ready", "why": "there is no published database that can be read"}
            return JSONResponse(told, 503, headers=_NOT_KEPT)
        if editions.trouble is not None:  # yesterday's stays up; the log says what is wrong with today's
            told["newer"] = "cannot be read"
        return JSONResponse(told, headers=_NOT_KEPT)

    return [Route("/healthz", alive), Route("/readyz", ready)]
