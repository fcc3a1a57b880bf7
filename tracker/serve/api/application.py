"""The routes of the API, as a FastAPI application that is mounted beside the site."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tracker import __version__
from tracker.serve.api import description as told
from tracker.serve.api.asked import detail_parameters, list_parameters
from tracker.serve.api.calls import Call, call_of
from tracker.serve.api.docspage import POLICY, render_docs
from tracker.serve.api.edges import READING, Edges, problem_response
from tracker.serve.api.matching import MOST_BODY_BYTES, Matching
from tracker.serve.api.names import NamesOfEditions
from tracker.serve.api.problems import Problem, near, problem_of_status, shown
from tracker.serve.api.ratelimit import RateLimit
from tracker.serve.api.resource import Resource
from tracker.serve.api.resources import RESOURCES
from tracker.serve.api.schemas import components
from tracker.serve.api.searching import PARAMETERS
from tracker.serve.api.service import Service, no_parameters
from tracker.serve.api.validators import FRESH
from tracker.serve.edition import Editions

Endpoint = Callable[[Request], Awaitable[Response]]
_PLACES = (*(item.name for item in RESOURCES), "search", "reconcile", "docs", "openapi")


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How the API answers. `workers` threads ask the database; one question may take `seconds`."""

    rate_limit: RateLimit = field(default_factory=RateLimit)
    seconds: float = 5.0
    workers: int = 4


def create_api(editions: Editions, settings: ApiSettings | None = None) -> FastAPI:
    """The API over the newest edition of a published database, to be mounted at its address."""
    settings = settings or ApiSettings()
    names = NamesOfEditions()
    routes = _Routes(
        Service(editions, names, settings.seconds),
        Matching(editions, names),
        ThreadPoolExecutor(settings.workers, "api"),
    )
    api = FastAPI(
        title=told.TITLE, version=__version__, openapi_url=None, docs_url=None, redoc_url=None,
        redirect_slashes=False,  # a redirect would lead to whatever host the request names
    )  # fmt: skip
    api.add_middleware(Edges, limit=settings.rate_limit)
    api.add_exception_handler(HTTPException, _refused)
    for resource in RESOURCES:
        _add(
            api, f"/{resource.name}", routes.listing(resource), told.list_operation(resource, list_parameters(resource))
        )
        shown_by = told.detail_operation(resource, detail_parameters(resource))
        _add(api, f"/{resource.name}/{{id:path}}", routes.detail(resource), shown_by)
    _add(api, "/search", routes.simple(routes.service.search), told.search_operation(PARAMETERS))
    _add_reconciling(api, routes)
    _add_pages(api)
    return api


def _add(api: FastAPI, path: str, endpoint: Endpoint, operation: dict[str, Any], method: str = "GET") -> None:
    api.add_api_route(
        path, endpoint, methods=[method], response_model=None, response_class=Response,
        operation_id=operation["operationId"], openapi_extra=operation,
    )  # fmt: skip


def _add_reconciling(api: FastAPI, routes: _Routes) -> None:
    matching = routes.matching
    _add(api, "/reconcile", routes.simple(matching.service), told.reconcile_operation())
    _add(api, "/reconcile", routes.posted, told.reconcile_posted(), "POST")
    for what in ("entity", "type", "property"):
        asked = routes.simple(partial(matching.suggest, what))
        _add(api, f"/reconcile/suggest/{what}", asked, told.suggest_operation(what))
    _add(api, "/reconcile/properties", routes.simple(matching.propose), told.properties_operation())
    _add(api, "/reconcile/preview", routes.simple(matching.preview), told.preview_operation())


@dataclass(frozen=True, slots=True)
class _Routes:
    """Endpoints: each turns the request into a call and has a worker answer it."""

    service: Service
    matching: Matching
    workers: ThreadPoolExecutor

    def simple(self, answer: Callable[[Call], Response]) -> Endpoint:
        """An endpoint that takes a call alone."""

        async def endpoint(request: Request) -> Response:
            return await self._run(partial(answer, call_of(request)))

        return endpoint

    def listing(self, resource: Resource) -> Endpoint:
        """The endpoint of a list."""
        return self.simple(partial(self.service.list_things, resource))

    def detail(self, resource: Resource) -> Endpoint:
        """The endpoint of one thing."""

        async def endpoint(request: Request) -> Response:
            id_ = request.path_params["id"]
            return await self._run(partial(self.service.show_thing, resource, id_, call_of(request)))

        return endpoint

    async def posted(self, request: Request) -> Response:
        """The endpoint of a form."""
        body = await _read_body(request)
        content_type = request.headers.get("content-type", "")
        return await self._run(partial(self.matching.posted, call_of(request), content_type, body))

    async def _run(self, answer: Callable[[], Response]) -> Response:
        return await asyncio.get_running_loop().run_in_executor(self.workers, answer)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY_BYTES:
            raise Problem("body-too-large", f"the body is longer than {MOST_BODY_BYTES} bytes")
    return bytes(body)


def _add_pages(api: FastAPI) -> None:
    """The root, the description and its page: made once for each address that the API stands at."""
    held: dict[str, tuple[bytes, bytes]] = {}

    def made(root: str) -> tuple[bytes, bytes]:
        if root not in held:
            description = _describe(api, root)
            held[root] = (json.dumps(description, ensure_ascii=False).encode(), render_docs(description, root))
        return held[root]

    async def openapi(request: Request) -> Response:
        no_parameters(call_of(request))
        body = made(request.scope.get("root_path", ""))[0]
        return Response(body, headers={"Cache-Control": FRESH}, media_type="application/json")

    async def docs(request: Request) -> Response:
        no_parameters(call_of(request))
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": FRESH}
        return HTMLResponse(made(request.scope.get("root_path", ""))[1], headers=headers)

    async def index(request: Request) -> Response:
        no_parameters(call_of(request))
        root = request.scope.get("root_path", "")
        links = {name: f"{root}/{name}" for name in _PLACES} | {"openapi": f"{root}/openapi.json"}
        body = {"title": told.TITLE, "links": links}
        return Response(json.dumps(body) + "\n", headers={"Cache-Control": FRESH}, media_type="application/json")

    for path, endpoint in (("/openapi.json", openapi), ("/docs", docs), ("/", index)):
        api.add_api_route(path, endpoint, methods=["GET"], include_in_schema=False, response_model=None)


def _describe(api: FastAPI, root: str) -> dict[str, Any]:
    """The OpenAPI description of an API that stands at `root`."""
    servers = [{"url": root or "/"}]
    made = get_openapi(
        title=told.TITLE, version=__version__, description=told.ABOUT, routes=api.routes, servers=servers
    )
    made["components"] = {"schemas": components(RESOURCES)}
    for path, operations in made["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # parameters are read by us, and are a 400
            assert operation["responses"], path
    return made


async def _refused(request: Request, error: Exception) -> Response:
    """What the routing itself refuses: an address that is none, a method that is not allowed there."""
    assert isinstance(error, HTTPException)
    scope = request.scope
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if error.status_code == 405:
        allow = ", ".join([*READING, *(["POST"] if path.rstrip("/") == "/reconcile" else [])])
        if scope["method"] == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow})
        detail = f"{scope['method'][:20]} is not allowed at {shown(path)}; {allow} are"
        return problem_response(Problem("method-not-allowed", detail, headers={"Allow": allow}), scope)
    name = problem_of_status(error.status_code)
    detail = str(error.detail)
    if name == "not-found":
        likely = near(path.strip("/").partition("/")[0].partition(".")[0], _PLACES)
        hint = (
            f"did you mean {' or '.join(f'/{item}' for item in likely)}?" if likely else "the root lists what there is"
        )
        detail = f"there is nothing at {shown(path)}; {hint}"
    return problem_response(Problem(name, detail), scope)
