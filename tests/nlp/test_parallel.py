"""Several processes give what one gives, in order; the gate lets nothing on the matter go unread."""

from __future__ import annotations

import pytest

from tracker.evaluation import load_gold
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.parallel import extract_in_processes
from tracker.resources import bundled_path

CORPUS = load_gold(bundled_path("data/gold"))


@pytest.mark.slow
def test_two_processes_give_the_same_in_the_same_order() -> None:
    documents = list(CORPUS.documents)
    assert list(extract_in_processes(documents, 2)) == list(RuleExtractor("bundled").extract_all(documents))


def test_no_documents_start_no_work() -> None:
    assert list(extract_in_processes([], 2)) == []


def test_the_gate_reads_nothing_more_of_what_is_not_on_the_matter() -> None:
    full, gated = RuleExtractor("bundled"), RuleExtractor("bundled", gated=True)
    assert full.name != gated.name, "results of the two are kept apart"
    for document, answer in CORPUS.pairs():
        if answer.relevance == "irrelevant":
            extraction = gated.extract(document)
            assert extraction.relevance == "irrelevant" and not extraction.mentions
            assert full.extract(document).mentions, "without the gate its names are read"


def test_the_gate_changes_nothing_for_relevant_documents() -> None:
    full, gated = RuleExtractor("bundled"), RuleExtractor("bundled", gated=True)
    document = next(document for document, answer in CORPUS.pairs() if answer.relevance == "relevant")
    assert gated.extract(document) == full.extract(document)
