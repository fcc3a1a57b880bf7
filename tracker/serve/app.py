"""One application for all that is served: the site, SQL under /data, the API under /api/v1, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

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
    """
    editions = Editions(serving.database, serving.connections)
    figures = Figures(editions)
    routes: list[BaseRoute] = [*health_routes(editions), figures.route()]
    asking = ApiSettings(RateLimit(serving.requests_per_minute), serving.query_seconds)
    routes += [Route(API_PATH, RedirectResponse(f"{API_PATH}/", 308)), Mount(API_PATH, create_api(editions, asking))]
    routes.append(Route("/favicon.ico", RedirectResponse(f"/{ICON_PATH}", 308)))
    site = SiteFiles(serving.site)
    pages = SqlPages(editions, serving, site)
    routes += [Route(SQL_PATH, pages), Mount(SQL_PATH, pages), *_subscription_routes(serving, editions)]
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
            editions.close()
            pages.close()

    return figures.counting(Gate(Starlette(routes=routes, lifespan=lifespan), serving))


def _subscription_routes(serving: Serving, editions: Editions) -> list[BaseRoute]:
    """The pages of subscribers, where the settings have an address for them; they alone need the extra `digest`."""
    if serving.subscriptions is None:
        return []
    from tracker.digest.links import load_links
    from tracker.serve.subscriptions import PATH, SubscriptionPages

    links = load_links(serving.subscriptions)
    if links is None:
        return []
    pages = SubscriptionPages(serving.subscriptions, links, editions)
    return [Route(PATH, RedirectResponse(f"{PATH}/", 308)), Route(f"{PATH}/{{rest:path}}", pages)]


async def _watch(editions: Editions, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await asyncio.to_thread(editions.look)
