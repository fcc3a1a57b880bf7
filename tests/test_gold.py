"""The gold corpus is consistent with itself: spans hold their words, ids match, indices and values are valid."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
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

GOLD = Path(__file__).parents[1] / "data" / "gold"


def _load_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


DOCUMENTS = {row["id"]: row for row in _load_lines("documents.jsonl")}
ANSWERS = _load_lines("gold.jsonl")
EVENTS = json.loads((GOLD / "events.json").read_text(encoding="utf-8"))


def test_every_document_has_one_answer() -> None:
    assert len(DOCUMENTS) == 32
    assert [row["id"] for row in ANSWERS] == list(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda row: row["id"])
def test_document_is_complete(document: dict[str, Any]) -> None:
    assert set(document) == {"id", "url", "publisher", "publisher_type", "published", "language", "title", "text"}
    assert document["publisher_type"] in PUBLISHER_TYPES
    assert date.fromisoformat(document["published"])
    assert document["text"] == document["text"].strip()


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda row: row["id"])
def test_every_span_holds_its_words(answer: dict[str, Any]) -> None:
    text = DOCUMENTS[answer["id"]]["text"]
    spans = [span for key in ("entities", "quantities", "dates", "claims") for span in answer[key]]
    wrong = [span for span in spans if text[span["start"] : span["end"]] != span["text"] or not span["text"].strip()]
    assert wrong == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda row: row["id"])
def test_values_are_those_of_the_guide(answer: dict[str, Any]) -> None:
    assert answer["relevance"] in get_args(Relevance)
    assert {span["type"] for span in answer["entities"]} <= set(ENTITY_TYPES)
    for quantity in answer["quantities"]:
        low, high = quantity["low"], quantity["high"]
        assert quantity["kind"] in QUANTITY_KINDS
        assert quantity["qualifier"] in get_args(Qualifier)
        assert (low is not None) or (high is not None)
        assert low is None or high is None or low <= high
        assert (quantity["kind"] == "money") == ("unit" in quantity)
    for span in answer["dates"]:
        assert date.fromisoformat(span["from"]) <= date.fromisoformat(span["to"])


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda row: row["id"])
def test_claims_point_at_what_is_there(answer: dict[str, Any]) -> None:
    for claim in answer["claims"]:
        assert claim["type"] in CLAIM_TYPES
        assert claim["status"] in get_args(ClaimStatus)
        assert all(0 <= index < len(answer["quantities"]) for index in claim["quantities"])
        assert all(0 <= index < len(answer["dates"]) for index in claim["dates"])
        assert (claim["type"] == "denial") == (claim["status"] == "denied")


def test_irrelevant_documents_have_no_claims_and_no_events() -> None:
    irrelevant = [row for row in ANSWERS if row["relevance"] == "irrelevant"]
    assert irrelevant
    assert all(not row["claims"] and not row["events"] for row in irrelevant)


def test_events_and_answers_name_each_other() -> None:
    by_answer = {(event, row["id"]) for row in ANSWERS for event in row["events"]}
    by_event = {(event["id"], document) for event in EVENTS for document in event["documents"]}
    assert by_answer == by_event
    assert len({event["id"] for event in EVENTS}) == len(EVENTS)
    for event in EVENTS:
        assert event["type"] in CLAIM_TYPES
        assert date.fromisoformat(event["date"]["from"]) <= date.fromisoformat(event["date"]["to"])
