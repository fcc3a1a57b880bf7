"""One application for all that is served: the site, SQL under /data, the API under /api/v1, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from tracker.serve.api import ApiSettings, create_api
from tracker.serve.api.ratelimit import RateLimit
from tracker.serve.edition import Editions
from tracker.serve.figures import Figures
from tracker.serve.gate import Gate
from tracker.serve.health import health_routes
from tracker.serve.serving import Serving
from tracker.serve.sitefiles import SiteFiles
from tracker.serve.sqlpages import PATH as SQL_PATH
from tracker.serve.sqlpages import SqlPages

API_PATH = "/api/v1"
ICON_PATH = "assets/icon.svg"
"""The site's; browsers ask for /favicon.ico on pages that name none."""


def create_app(serving: Serving) -> ASGIApp:
    """The application over a published site.

    It opens the site's database when it starts and closes it when it stops (ASGI's lifespan); until there is one that
    can be read, /readyz says so, and what needs it answers 503.

    Raises:
        ConfigError, StoreError: see `open_office`.
    """
    editions = Editions(serving.database, serving.connections)
    figures = Figures(editions)
    routes: list[BaseRoute] = [*health_routes(editions), figures.route()]
    asking = ApiSettings(RateLimit(serving.requests_per_minute), serving.query_seconds)
    routes += [Route(API_PATH, RedirectResponse(f"{API_PATH}/", 308)), Mount(API_PATH, create_api(editions, asking))]
    routes.append(Route("/favicon.ico", RedirectResponse(f"/{ICON_PATH}", 308)))
    site = SiteFiles(serving.site)
    pages = SqlPages(editions, serving, site)
    routes += [Route(SQL_PATH, pages), Mount(SQL_PATH, pages)]
    held = ExitStack()
    if serving.subscriptions is not None:  # what the extra `digest` brings is needed for these pages alone
        from tracker.serve.subscriptions.office import open_office
        from tracker.serve.subscriptions.routes import subscription_routes

        routes += subscription_routes(held.enter_context(open_office(serving.subscriptions, editions)))
    routes.append(Mount("/", site))

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
            held.close()
            editions.close()
            pages.close()

    return figures.counting(Gate(Starlette(routes=routes, lifespan=lifespan), serving))


async def _watch(editions: Editions, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await asyncio.to_thread(editions.look)
