"""The accusation network as GraphML: the one door for networkx (the extra `exchange`)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from tracker.render.columns import Column
from tracker.render.database.values import instant
from tracker.render.exchange.network import Accusation, accusations, parties_of
from tracker.render.exchange.telling import NO_FINDING, link_of, quote_of
from tracker.render.paths import entity_path
from tracker.render.views import Views
from tracker.render.wording import clean
from tracker.types import Entity

GRAPH_COLUMNS = (
    Column("graph.title", "text", "title of the site"),
    Column("graph.note", "text", "what an edge says and what it does not"),
    Column("graph.as_of", "instant", "the instant up to which it was known; absent for the present"),
    Column("node.label", "text", "name"),
    Column("node.type", "text", "as in the table of entities"),
    Column("node.is_known", "integer", "1, or 0 for a name that only documents gave"),
    Column("node.country", "text", "where it is at home, by its own entry or its owner's (ISO 3166-1 alpha-2)"),
    Column("node.parent", "text", "id of what it belongs to"),
    Column("node.wikidata", "text", "id in Wikidata"),
    Column("node.page", "text", "its page on the site"),
    Column("edge.type", "text", "allegation"),
    Column("edge.count", "integer", "claims of this accuser against this accused"),
    Column(
        "edge.by_name_count",
        "integer",
        "of these, claims whose quote accuses by name; the others: not, or not known",
    ),
    Column("edge.said_as", "list", "the documents' own words for the accused, where they say less than its name"),
    Column("edge.current_count", "integer", "of the claims, those that their pages still make"),
    Column("edge.document_count", "integer", "documents that make them"),
    Column("edge.independent_sources", "integer", "how many of these documents are independent of each other"),
    Column("edge.first_on", "day", "the first day on which such words were published"),
    Column("edge.last_on", "day", "the last such day"),
    Column("edge.claims", "list", "ids of the claims, by day"),
    Column("edge.events", "list", "ids of the events that they tell"),
    Column(
        "edge.example", "text", "the words of the first of these claims, of one that its page still makes if any is"
    ),
    Column("edge.link", "text", "the page at these words"),
)
"""What each attribute holds; lists are JSON arrays, since GraphML has none. What is not known is absent."""


def is_installed() -> bool:
    """Whether GraphML can be written here."""
    return find_spec("networkx") is not None


def render_graphml(views: Views) -> bytes:
    """The network as GraphML (graphml.graphdrawing.org); nodes are parties by id, edges go from accuser to accused."""
    import networkx

    held = accusations(views)
    graph = networkx.DiGraph(**_graph(views))
    for entity in parties_of(views, held):
        graph.add_node(entity.id, **_present(_node(views, entity)))
    for item in held:
        if item.accuser in graph and item.accused in graph:
            graph.add_edge(item.accuser, item.accused, **_present(_edge(views, item)))
    buffer = io.BytesIO()
    networkx.write_graphml_lxml(graph, buffer, encoding="utf-8")
    return buffer.getvalue()


def _graph(views: Views) -> dict[str, Any]:
    note = f"An edge holds one party's claims that concern another, by name or in lesser words. {NO_FINDING}"
    value = {"title": clean(views.site.title), "note": note, "as_of": instant(views.catalogue.as_of)}
    return _present(value)


def _node(views: Views, entity: Entity) -> dict[str, Any]:
    return {
        "label": entity.name,
        "type": entity.type,
        "is_known": int(entity.known),  # the library writes booleans as XML has none
        "country": views.home(entity.id),
        "parent": entity.parent,
        "wikidata": entity.wikidata,
        "page": views.base + entity_path(entity.id),
    }


def _edge(views: Views, item: Accusation) -> dict[str, Any]:
    example = next((record for record in item.claims if record.in_current_version), item.claims[0])
    first, last = item.days or (None, None)
    return {
        "type": "allegation",
        "count": len(item.claims),
        "by_name_count": item.by_name,
        "said_as": _listed(item.said_as),
        "current_count": sum(record.in_current_version for record in item.claims),
        "document_count": len({record.document_id for record in item.claims}),
        "independent_sources": item.independent_sources,
        "first_on": first,
        "last_on": last,
        "claims": _listed(record.id for record in item.claims),
        "events": _listed(item.event_ids),
        "example": quote_of(example),
        "link": link_of(views, example),
    }


def _listed(items: Iterable[str]) -> str:
    return json.dumps(list(items), ensure_ascii=False)


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """What there is, as XML can hold it."""
    return {
        key: clean(value) if isinstance(value, str) else value for key, value in values.items() if value is not None
    }
