"""From ingest to site: a claim that is too unsure is kept, listed and counted, and nowhere published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.config import Settings, Site
from tracker.nlp.extractor import RuleExtractor
from tracker.pipeline.extract import extract
from tracker.pipeline.publish import load_dataset
from tracker.pipeline.reconcile import reconcile
from tracker.render import check_site, render_site
from tracker.render.exports import export_records, review_records
from tracker.store import SqlStore, open_store
from tracker.types import Document

TEXT = (
    "Anthropic on Monday accused DeepSeek of copying its Claude models through more than 300 fake accounts.\n\n"
    "Google warned that such copying puts everybody who builds such systems at risk."
)
NOW = datetime(2026, 3, 4, tzinfo=UTC)
DOCUMENT = Document(
    "t-1", TEXT, "https://wire.example/claude", "Wire", published=date(2026, 3, 3),
    title="Anthropic accuses DeepSeek of distillation of Claude",
)  # fmt: skip


@pytest.fixture
def store(extractor: RuleExtractor) -> Iterator[SqlStore]:
    with open_store("sqlite://") as opened:
        opened.save_ingested(DOCUMENT, datetime(2026, 3, 3, tzinfo=UTC))
        extract(opened, extractor)
        yield opened


def between(store: SqlStore) -> float:
    """A threshold that parts the accusation from the statement."""
    (document,) = store.load_documents()
    confidence = {claim.type: claim.confidence for claim in document.extractions[0].claims}
    low, high = confidence["statement"], confidence["allegation"]
    assert low is not None and high is not None and low < high
    return high


def test_the_threshold_filters_events_and_pages_but_not_the_store(store: SqlStore, extractor: RuleExtractor) -> None:
    below = between(store)
    reconcile(store, extractor, extractor.entities, review_below=below)
    dataset = load_dataset(store, (), NOW, below)
    assert [record.claim.type for record in dataset.reconciled.claims] == ["allegation"]
    assert [record.claim.type for record in dataset.awaiting_review] == ["statement"]
    assert len(store.load_documents()[0].extractions[0].claims) == 2

    pages = render_site(dataset, Site(title="Tracker"))
    assert check_site(pages, dataset, 0) == []
    everything = {path: body.decode(errors="replace") for path, body in pages.items()}
    assert "1 claim awaits review" in everything["documents/t-1.html"]
    assert not [path for path, body in everything.items() if "such copying puts everybody" in body]
    (event,) = dataset.reconciled.events
    (claim,) = json.loads(everything[f"events/{event.id}.json"])["claims"]
    assert claim["confidence"] == below and "accuse-verb" in claim["features"]


def test_exports_hold_both_and_say_which_is_which(store: SqlStore, extractor: RuleExtractor) -> None:
    below = between(store)
    reconcile(store, extractor, extractor.entities, review_below=below)
    dataset = load_dataset(store, (), NOW, below)
    claims = {item["type"]: item for item in export_records(dataset, "claims")}
    assert {kind: item["awaits_review"] for kind, item in claims.items()} == {"allegation": False, "statement": True}
    assert claims["statement"]["events"] == [] and claims["allegation"]["events"]
    assert claims["statement"]["published"] == "2026-03-03"
    assert review_records(dataset) == [claims["statement"]]


def test_another_threshold_is_another_input(store: SqlStore, extractor: RuleExtractor) -> None:
    below = between(store)
    assert reconcile(store, extractor, extractor.entities, review_below=below).skipped == 0
    assert reconcile(store, extractor, extractor.entities, review_below=below).done == 0
    reconcile(store, extractor, extractor.entities, review_below=1.0)
    dataset = load_dataset(store, (), NOW, 1.0)
    assert dataset.reconciled.events == () and len(dataset.awaiting_review) == 2
    page = render_site(dataset, Site(title="Tracker"))["documents/t-1.html"].decode()
    assert "No claim that was read out of this document is published yet" in page and "2 claims await review" in page
    reconcile(store, extractor, extractor.entities, review_below=0.0)
    assert load_dataset(store, (), NOW, 0.0).awaiting_review == ()


def test_what_is_published_does_not_await_review_until_the_next_reconcile(
    store: SqlStore, extractor: RuleExtractor
) -> None:
    reconcile(store, extractor, extractor.entities, review_below=0.0)
    dataset = load_dataset(store, (), NOW, 1.0)
    assert len(dataset.reconciled.claims) == 2 and dataset.awaiting_review == ()


def test_the_default_is_a_share_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    assert Settings().nlp.review_below == 0.5
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Settings.model_validate({"nlp": {"review_below": 50}})
