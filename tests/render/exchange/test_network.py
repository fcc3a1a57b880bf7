"""The accusation network: networkx reads it back with every claim, and sources are counted by independence."""

from __future__ import annotations

import io
import json
import sqlite3
from dataclasses import replace

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.conftest import SEEN
from tests.render.exchange.conftest import called, seen_world, views_of
from tracker.render.catalogue import Catalogue
from tracker.render.database import build_database
from tracker.render.exchange.graphml import GRAPH_COLUMNS, render_graphml
from tracker.render.exchange.network import count_independent
from tracker.render.views import Views
from tracker.types import CopyGroup, Event, SourceGroup
from tracker.types.published import Copy


def graph_of(views: Views) -> networkx.DiGraph:
    return networkx.read_graphml(io.BytesIO(render_graphml(views)))


def test_each_charge_is_in_one_edge_with_its_words_and_days(views: Views) -> None:
    graph = graph_of(views)
    assert graph.is_directed() and not graph.is_multigraph()
    records = views.catalogue.claims
    charges = {(k, a) for k, r in records.items() if r.claim.type == "allegation" for a in r.claim.accused}
    held = {(claim, accused) for _, accused, edge in graph.edges(data=True) for claim in json.loads(edge["claims"])}
    assert held == charges != set()
    edge = graph.edges["northwind", "kestrel"]
    assert (edge["count"], edge["by_name_count"], edge["independent_sources"]) == (2, 0, 2)
    assert json.loads(edge["said_as"]) == ["operators affiliated with Kestrel AI"]
    assert (edge["first_on"], edge["last_on"]) == ("2026-02-24", "2026-02-25")
    assert json.loads(edge["events"]) == ["northwind-letter-2026-02"] and edge["type"] == "allegation"
    assert edge["link"].startswith("https://courier.example/doc-letter#:~:text=")
    gone = graph.edges["northwind", "umbra"]
    assert (gone["count"], gone["current_count"]) == (2, 1)
    assert graph.nodes["umbra"]["is_known"] == 0 and graph.nodes["kestrel"]["label"] == "Kestrel AI"
    assert "no finding" in graph.graph["note"]


def test_its_edges_are_those_of_the_published_database(views: Views) -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(build_database(views))
    rows = connection.execute(
        "SELECT subject, object, claim_count, by_name_count, document_count, first_published_on, last_published_on "
        "FROM relations WHERE relation = 'accuses'"
    ).fetchall()
    names = ("count", "by_name_count", "document_count", "first_on", "last_on")
    edges = [(*ends, *(data.get(name) for name in names)) for *ends, data in graph_of(views).edges(data=True)]
    assert sorted(edges, key=repr) == sorted(rows, key=repr) != []


def test_every_attribute_is_described(views: Views) -> None:
    graph = graph_of(views_of(replace(seen_world(), as_of=SEEN)))
    told = {f"graph.{key}" for key in graph.graph if key not in ("node_default", "edge_default")}
    told |= {f"node.{key}" for _, data in graph.nodes(data=True) for key in data}
    told |= {f"edge.{key}" for *_, data in graph.edges(data=True) for key in data if key != "id"}
    assert told <= {column.name for column in GRAPH_COLUMNS}
    assert graph.graph["as_of"] == "2026-03-01T09:30:00Z"


def test_copies_and_what_an_event_counts_as_one_source_count_once() -> None:
    views = views_of(seen_world())
    catalogue: Catalogue = views.catalogue
    documents = ["doc-letter", "doc-zh", "memo-1"]
    assert count_independent(catalogue, documents) == 3
    catalogue.copies_of["doc-zh"] = catalogue.copies_of["doc-letter"] = CopyGroup(
        "doc-letter", (Copy("doc-zh", 0.9),), "named"
    )
    assert count_independent(catalogue, documents) == 2
    event: Event = catalogue.events_of_document["memo-1"][0]
    one = SourceGroup(("memo-1", "doc-letter"), "memo-1", "relays", "both go back to the memo")
    catalogue.events_of_document["memo-1"][0] = replace(event, sources=(one,))
    assert count_independent(catalogue, documents) == 1
    assert count_independent(catalogue, []) == 0


def test_equal_data_give_equal_bytes_and_nothing_gives_an_empty_graph(views: Views, nothing: Views) -> None:
    assert render_graphml(views) == render_graphml(views_of(seen_world()))
    assert len(graph_of(nothing)) == 0


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=40))
def test_whatever_words_a_page_has_networkx_reads_it(words: str, document_id: str) -> None:
    graph = graph_of(views_of(called(seen_world(), words, document_id)))
    assert graph.number_of_edges() == 3
