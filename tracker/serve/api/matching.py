"""The routes of reconciliation: what they are asked, in the shapes that clients send, and what they answer."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, Response

from tracker.serve.api import reconciling
from tracker.serve.api.calls import Call
from tracker.serve.api.candidates import PROPERTIES, NameBook
from tracker.serve.api.names import NamesOfEditions
from tracker.serve.api.parameters import Parameter, read_parameters
from tracker.serve.api.problems import Problem, shown
from tracker.serve.api.service import told_as_problems
from tracker.serve.api.validators import FRESH
from tracker.serve.edition import Edition, Editions
from tracker.types import ENTITY_TYPES

MOST_BODY_BYTES = 1_000_000
PRIVATE = "private, max-age=60"
"""For answers with addresses in them that are as they were asked for."""
_FORM = "application/x-www-form-urlencoded"
QUERIES = Parameter(
    name="queries", kind="json", example='{"q0": {"query": "Alibaba", "type": "company"}}',
    description=f"A batch of up to {reconciling.MOST_QUERIES} queries by keys of the client's own, as a JSON object.",
)  # fmt: skip
EXTEND = Parameter(
    name="extend", kind="json", example='{"ids": ["alibaba"], "properties": [{"id": "jurisdiction"}]}',
    description="Entities and the properties to fetch of them (data extension), as a JSON object.",
)  # fmt: skip
PREFIX = Parameter(
    name="prefix", kind="text", is_required=True, example="ali", description="How a name, or a word of it, begins."
)
SKIP = Parameter(
    name="cursor", kind="count", least=0, most=10_000, example="0", description="How many to pass over."
)  # fmt: skip
ID = Parameter(name="id", kind="id", is_required=True, example="alibaba", description="An entity's id.")
TYPE = Parameter(
    name="type", kind="words", choices=ENTITY_TYPES, example="company", description="The type of the entities."
)
COUNT = Parameter(
    name="limit", kind="count", least=1, most=len(PROPERTIES), example="3", description="Properties at most."
)
_POSTED = (QUERIES, EXTEND)


@dataclass(slots=True)
class Matching:
    """The answers of reconciliation, over the newest edition."""

    editions: Editions
    names: NamesOfEditions
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held: tuple[object, NameBook] | None = None

    def service(self, call: Call) -> Response:
        """The manifest, or with `queries` or `extend` in the query the answer to these."""
        return self._asked(call, read_parameters(_long_pairs(call.query), _POSTED))

    def posted(self, call: Call, content_type: str, body: bytes) -> Response:
        """The answer to queries or to a data extension in a form's body."""
        if content_type.partition(";")[0].strip().lower() != _FORM:
            raise Problem("unsupported-media-type", f"send a form ({_FORM}) with queries or extend, as OpenRefine does")
        if not (values := read_parameters(_long_pairs(body), _POSTED)):
            raise Problem("bad-request", "the form has neither queries nor extend")
        return self._asked(call, values)

    def _asked(self, call: Call, values: dict[str, Any]) -> Response:
        with told_as_problems(), self.editions.use() as edition:
            if len(values) > 1:
                raise Problem("bad-request", "queries and extend are two questions; ask one of them")
            if "queries" in values:
                return _json(
                    reconciling.answer_queries(self._book(edition), reconciling.read_queries(values["queries"]))
                )
            if "extend" in values:
                ids, names = reconciling.read_extension(values["extend"])
                site, kept = (_site(edition, call), PRIVATE) if "page" in names else ("", FRESH)
                return _json(reconciling.extend(self._book(edition), ids, names, site), kept)
            # the addresses in it are as it was asked for: no shared cache may give it to others
            return _json(reconciling.manifest(call.base(), _site(edition, call), edition.about.facts["title"]), PRIVATE)

    def suggest(self, what: str, call: Call) -> Response:
        """Entities, types or properties by how they begin."""
        values = read_parameters(call.pairs, (PREFIX, SKIP))
        with told_as_problems(), self.editions.use() as edition:
            return _json(reconciling.suggest(self._book(edition), what, values["prefix"], values.get("cursor", 0)))

    def propose(self, call: Call) -> Response:
        """The properties that can be fetched."""
        values = read_parameters(call.pairs, (TYPE, COUNT))
        return _json(reconciling.properties(values.get("limit"), values.get("type", (None,))[0]))

    def preview(self, call: Call) -> Response:
        """A small page about an entity."""
        id_ = read_parameters(call.pairs, (ID,))["id"]
        with told_as_problems(), self.editions.use() as edition:
            entity = self.names.of(edition).entities.get(id_)
        if entity is None:
            raise Problem("not-found", f"there is no entity {shown(id_)}")
        # it is made to stand in a frame of another site: frame-ancestors outweighs X-Frame-Options
        policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"
        return HTMLResponse(
            reconciling.preview(entity), headers={"Content-Security-Policy": policy, "Cache-Control": FRESH}
        )

    def _book(self, edition: Edition) -> NameBook:
        held = self._held
        if held is None or held[0] != edition.identity:
            with self._lock:
                if self._held is None or self._held[0] != edition.identity:
                    self._held = (edition.identity, NameBook(self.names.of(edition)))
                held = self._held
        return held[1]


def _site(edition: Edition, call: Call) -> str:
    """The site's whole address: what it is published at, or where it was asked for."""
    return edition.about.facts.get("site_url") or f"{call.base().removesuffix(call.root)}/"


def _long_pairs(text: bytes) -> list[tuple[str, str]]:
    """A form's pairs, whose values are JSON and may be long."""
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="strict")
    except ValueError:
        raise Problem("bad-request", "it is no form of UTF-8 in percent-encoding") from None


def _json(told: Any, kept: str = FRESH) -> Response:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
    return Response(body, headers={"Cache-Control": kept}, media_type="application/json")
