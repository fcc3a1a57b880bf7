"""The held-out corpus is what its sources say, keeps to the guide's values, and holds names that no gazetteer has."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

from tracker.types import (
    CLAIM_TYPES,
    ENTITY_TYPES,
    PUBLISHER_TYPES,
    QUANTITY_KINDS,
    ClaimStatus,
    Qualifier,
    Relevance,
)

ROOT = Path(__file__).parents[1]
HELDOUT, SOURCE = ROOT / "data" / "heldout", ROOT / "data" / "heldout" / "source"


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_corpus", ROOT / "tools" / "build_corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


TOOL = _tool()
DOCUMENTS = {row["id"]: row for row in _lines(HELDOUT / "documents.jsonl")}
ANSWERS = _lines(HELDOUT / "gold.jsonl")
REGISTRY = json.loads((HELDOUT / "registry.json").read_text(encoding="utf-8"))
EVENTS = json.loads((HELDOUT / "events.json").read_text(encoding="utf-8"))
INVENTED = TOOL.read_registry((SOURCE / "entities.txt").read_text(encoding="utf-8").partition("# --- real")[0])


def _parties(claim: dict[str, Any]) -> set[str]:
    return {claim["speaker"], claim.get("for"), *claim["accused"], *claim["target"], *claim["via"]} - {None}


def test_the_built_files_are_what_the_sources_say() -> None:
    built = TOOL.build(SOURCE)
    assert {name: (HELDOUT / name).read_text(encoding="utf-8") for name in built} == built


def test_sizes_by_language_relevance_and_genre() -> None:
    assert Counter(row["language"] for row in DOCUMENTS.values()) == {"en": 22, "zh": 2, "de": 2, "fr": 1, "pt": 1}
    relevance = Counter(row["relevance"] for row in ANSWERS)
    assert relevance == {"relevant": 24, "irrelevant": 3, "background": 1}
    genres = Counter(
        TOOL.read_document(path.read_text(encoding="utf-8"), REGISTRY)[2] for path in SOURCE.glob("held-*.txt")
    )
    assert set(genres) == {
        "wire", "feature", "blog post", "newsletter", "committee memo", "hearing note", "client alert",
        "company notice", "think-tank note", "court report",
    }  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda row: row["id"])
def test_a_document_is_complete_and_of_the_promised_length(document: dict[str, Any]) -> None:
    assert set(document) == {"id", "url", "publisher", "publisher_type", "published", "language", "title", "text"}
    assert document["publisher_type"] in PUBLISHER_TYPES
    assert re.match(r"https://[\w-]+\.example/", document["url"])
    assert date.fromisoformat(document["published"])
    length = len(document["text"]) // 2 if document["language"] == "zh" else len(document["text"].split())
    assert 130 <= length <= 330
    assert not re.search(r"[\[\]{}|]|</?\d+>", document["text"])


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda row: row["id"])
def test_every_span_holds_its_words(answer: dict[str, Any]) -> None:
    text = DOCUMENTS[answer["id"]]["text"]
    spans = [span for key in ("entities", "quantities", "dates", "claims") for span in answer[key]]
    assert [span for span in spans if text[span["start"] : span["end"]] != span["text"]] == []
    assert [span for span in spans if span["text"] != span["text"].strip() or not span["text"]] == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda row: row["id"])
def test_values_are_those_of_the_guide(answer: dict[str, Any]) -> None:
    types = {row["id"]: row["type"] for row in REGISTRY}
    assert answer["relevance"] in get_args(Relevance)
    assert all(types[span["id"]] == span["type"] for span in answer["entities"])
    for quantity in answer["quantities"]:
        low, high = quantity["low"], quantity["high"]
        assert quantity["kind"] in QUANTITY_KINDS
        assert quantity["qualifier"] in get_args(Qualifier)
        assert low is not None or high is not None
        assert low is None or high is None or low <= high
        assert (quantity["kind"] == "money") == ("unit" in quantity)
    assert all(date.fromisoformat(span["from"]) <= date.fromisoformat(span["to"]) for span in answer["dates"])


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda row: row["id"])
def test_claims_point_at_what_is_there(answer: dict[str, Any]) -> None:
    known = {row["id"] for row in REGISTRY}
    assert answer["relevance"] != "irrelevant" or not (answer["claims"] or answer["events"])
    for claim in answer["claims"]:
        assert claim["type"] in CLAIM_TYPES
        assert claim["status"] in get_args(ClaimStatus)
        assert (claim["type"] == "denial") == (claim["status"] == "denied")
        assert claim["type"] != "no_response" or claim["status"] == "asserted"
        assert _parties(claim) <= known
        for key in ("quantities", "dates"):
            figures = [answer[key][index] for index in claim[key]]
            assert all(claim["start"] <= figure["start"] < figure["end"] <= claim["end"] for figure in figures)


def test_the_registry_is_whole() -> None:
    ids = [row["id"] for row in REGISTRY]
    assert len(set(ids)) == len(ids)
    assert {row["type"] for row in REGISTRY} == set(ENTITY_TYPES)
    assert {row["parent"] for row in REGISTRY if "parent" in row} <= set(ids)
    used = {span["id"] for answer in ANSWERS for span in answer["entities"]}
    used |= {party for answer in ANSWERS for claim in answer["claims"] for party in _parties(claim)}
    assert used <= set(ids)


def test_events_and_answers_name_each_other() -> None:
    by_answer = {(event, row["id"]) for row in ANSWERS for event in row["events"]}
    assert by_answer == {(event["id"], document) for event in EVENTS for document in event["documents"]}
    assert sum(2 <= len(event["documents"]) <= 4 for event in EVENTS) >= 6
    known = {row["id"] for row in REGISTRY}
    assert all(event["type"] in CLAIM_TYPES and set(event["actors"]) <= known for event in EVENTS)


def test_a_quarter_of_the_mentions_and_more_are_names_that_no_gazetteer_has() -> None:
    gazetteer = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "gazetteer").glob("*.yaml"))
    known = dict(re.findall(r"\{id: ([\w-]+), name: \"?([^,\"}]+)", gazetteer))
    assert len(known) > 100
    gold = {span["id"] for row in _lines(ROOT / "data" / "gold" / "gold.jsonl") for span in row["entities"]}
    invented = {row["id"] for row in INVENTED}
    assert not invented & (gold | set(known))
    assert not {row["name"] for row in INVENTED} & set(known.values())
    mentions = [span["id"] for answer in ANSWERS for span in answer["entities"]]
    assert sum(mention in invented for mention in mentions) >= len(mentions) / 4


@pytest.mark.parametrize(
    ("source", "fault"),
    [("a [name", "left open"), ("a name]", "closes nothing"), ("<1>a claim", "left open")],
)
def test_a_broken_mark_is_refused(source: str, fault: str) -> None:
    with pytest.raises(TOOL.BadSource, match=fault):
        TOOL.read_marks(source)


def test_a_mention_inside_a_quantity_keeps_both_offsets() -> None:
    marked = TOOL.read_marks("<1>It sent {q1|two [U.S.|united-states] senators|people =2} a letter.</1>")
    assert marked.text == "It sent two U.S. senators a letter."
    assert marked.text[slice(*marked.entities[0][:2])] == "U.S."
    assert marked.text[slice(*marked.values["q1"][:2])] == "two U.S. senators"
    assert marked.sentences == {1: [0, len(marked.text)]}
