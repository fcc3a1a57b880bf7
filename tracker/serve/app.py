"""One application for all that is served: the site, SQL under /data, the API under /api/v1, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from tracker.serve.edition import Editions
from tracker.serve.health import health_routes
from tracker.serve.serving import Serving

API_PATH = "/api/v1"


def create_app(serving: Serving) -> Starlette:
    """The application over a published site, whose database it opens.

    Raises:
        UnreadableInput: the site holds no database that can be read.
    """
    editions = Editions(serving.database, serving.connections)
    routes: list[BaseRoute] = [*health_routes(editions)]
    if find_spec("tracker.serve.api") is not None:
        routes.append(Mount(API_PATH, import_module("tracker.serve.api").create_api(editions)))
    routes.append(Mount("/", StaticFiles(directory=serving.site, html=True)))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(editions.look)
        watching = asyncio.create_task(_watch(editions, serving.look_every_s))
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            editions.close()

    return Starlette(routes=routes, lifespan=lifespan)


async def _watch(editions: Editions, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await asyncio.to_thread(editions.look)
