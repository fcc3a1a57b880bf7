"""What Datasette's pages do differently here: they link to the site's, and errors tell nothing of the machine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import DEFAULT_PLUGINS, pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup

from tracker.render.paths import dispute_path, document_path, entity_path, event_path, safe_url

_LOG = logging.getLogger(__name__)
_UNUSED = {
    "datasette.publish.heroku",
    "datasette.publish.cloudrun",
    "datasette.actor_auth_cookie",
    "datasette.default_magic_parameters",
    "datasette.default_menu_links",
    "datasette.handle_exception",
}
"""Parts of Datasette for those who sign in or publish with it; the last prints every error with all local values."""
_PAGES: dict[str, Callable[[str], str]] = {
    "event_id": event_path,
    "document_id": document_path,
    "dispute_id": dispute_path,
    "entity_id": entity_path,
    "member_id": entity_path,
    "speaker": entity_path,
    "on_behalf_of": entity_path,
    "party": entity_path,
    "subject": entity_path,
    "object": entity_path,
    "parent": entity_path,
}
"""Columns of the documented views that hold the id of something with a page of its own."""


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, column: str, table: str | None) -> Markup | None:
    """Lead from a row to its page on the site; in somebody's query a column may be called anything, so not there."""
    if not isinstance(value, str) or not value:
        return None
    if column == "page":
        address = safe_url(value) or (None if ":" in value or value.startswith("/") else f"/{value}")
    else:
        address = f"/{_PAGES[column](value)}" if table and column in _PAGES else None
    return Markup('<a href="{}">{}</a>').format(address, value) if address else None


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Response]]:
    """An error as JSON or as a page; what nobody foresaw goes to the log, not to the asker."""
    status, title, told = _describe(exception)
    if status >= 500:
        _LOG.error("a page of the database went wrong", exc_info=exception)

    async def answer() -> Response:
        value = {"ok": False, "error": told, "status": status, "title": title}
        if request.path.split("?")[0].endswith(".json"):
            return Response.json(value, status=status)
        template = datasette.jinja_env.get_template("error.html")
        shown = {"urls": datasette.urls, "app_css_hash": datasette.app_css_hash(), "menu_links": lambda: []}
        return Response.html(await template.render_async({**value, **shown}), status=status)

    return answer


def _describe(exception: Exception) -> tuple[int, str | None, str]:
    """(status, title, what went wrong)."""
    if isinstance(exception, Base400):
        return exception.status, None, str(exception.args[0] if exception.args else "")
    if isinstance(exception, QueryInterrupted) or getattr(exception, "title", "") == "SQL Interrupted":
        told = "The query took too long. Ask for less: fewer rows with LIMIT, or a narrower WHERE."
        return 400, "Took too long", told
    if isinstance(exception, DatasetteError):  # 500 where nobody gave a status: what it has to say is of the request
        return 400 if exception.status == 500 else exception.status, exception.title, str(exception.message)
    if isinstance(exception, ValueError | OverflowError):  # a number that is none, in what Datasette reads as numbers
        return 400, None, "A value in the address is not what is expected there."
    return 500, None, "The server failed to answer this request; its log says why."


def install() -> None:
    """Have exactly these parts in Datasette, whatever else is installed beside it."""
    own = sys.modules[__name__]
    for plugin in list(pm.get_plugins()):
        name = plugin.__name__
        if plugin is not own and (name in _UNUSED or name not in DEFAULT_PLUGINS):
            pm.unregister(plugin)
    if not pm.is_registered(own):
        pm.register(own)
