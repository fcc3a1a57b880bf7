"""A claim's confidence: its features are named, it can be worked out by hand, and a doubt lowers it."""

from __future__ import annotations

from datetime import date
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UnreadableInput
from tracker.nlp.confidence import Weights, confidence_of, load_weights
from tracker.nlp.extractor import RuleExtractor
from tracker.records import extraction_from_json, extraction_from_record, extraction_to_json, extraction_to_record
from tracker.types import Claim, ClaimType, Document

TITLE = "AI firms accused of copying models through unauthorised distillation"
NAMES = st.sampled_from(sorted(load_weights().of))


@pytest.fixture(scope="module")
def extractor() -> RuleExtractor:
    return RuleExtractor()


def claim_of(extractor: RuleExtractor, text: str, kind: ClaimType = "allegation", language: str = "en") -> Claim:
    """The last claim of that type."""
    document = Document(id="case", text=text, title=TITLE, published=date(2026, 5, 20), language=language)
    return [claim for claim in extractor.extract(document).claims if claim.type == kind][-1]


@pytest.mark.parametrize(
    ("text", "kind", "features"),
    [
        (
            "Anthropic accused DeepSeek of copying its Claude models through 300 fake accounts.",
            "allegation",
            {"type-allegation", "accuse-verb", "speaker-by-parse", "accused-named", "with-figure"},
        ),
        (
            "Anthropic accused DeepSeek of copying its Claude models. DeepSeek denied the allegation.",
            "denial",
            {"type-denial", "deny-verb", "speaker-by-parse"},
        ),
        (
            "Anthropic accused DeepSeek of copying its Claude models. DeepSeek did not respond to a request for comment.",
            "no_response",
            {"type-no-response", "cue-only"},
        ),
        (
            "According to Anthropic, DeepSeek used fake accounts to distil its Claude models.",
            "allegation",
            {"according-to", "speaker-in-sentence"},
        ),
        (
            "OpenAI wrote to Congress on Monday. The company said that DeepSeek had used fake accounts to copy its models.",
            "allegation",
            {"say-verb", "speaker-inherited"},
        ),
        (
            "Quillfeather Labs accused DeepSeek of copying its models through fake accounts.",
            "allegation",
            {"accuse-verb", "unknown-name-speaker"},
        ),
        (
            "Quillfeather Labs accused Moonbrook Labs of copying its models through fake accounts.",
            "allegation",
            {"unknown-name-speaker", "unknown-name-accused", "unfamiliar-page"},
        ),
    ],
)
def test_features_are_named(extractor: RuleExtractor, text: str, kind: ClaimType, features: set[str]) -> None:
    assert features <= set(claim_of(extractor, text, kind).features)


def test_a_page_without_a_parse_says_so(extractor: RuleExtractor) -> None:
    claim = claim_of(
        extractor, "Anthropic a accusé DeepSeek d'avoir copié ses modèles par distillation.", language="fr"
    )
    assert "foreign-cues" in claim.features and claim.confidence is not None


def test_a_figure_for_each_accused_is_named(extractor: RuleExtractor) -> None:
    text = (
        "Anthropic accused DeepSeek and MiniMax of copying Claude: DeepSeek made 150,000 exchanges "
        "and MiniMax 13 million exchanges, it said."
    )
    assert "per-party-figure" in claim_of(extractor, text).features


def test_a_speaker_taken_over_from_context_is_less_sure_than_one_by_parse(extractor: RuleExtractor) -> None:
    said = "said that DeepSeek had used fake accounts to copy its models."
    named = claim_of(extractor, f"OpenAI wrote to Congress on Monday. OpenAI {said}")
    taken_over = claim_of(extractor, f"OpenAI wrote to Congress on Monday. The company {said}")
    assert (named.speaker, named.accused) == (taken_over.speaker, taken_over.accused) == ("openai", ("deepseek",))
    assert "speaker-by-parse" in named.features and "speaker-inherited" in taken_over.features
    assert named.confidence is not None and taken_over.confidence is not None
    assert named.confidence > taken_over.confidence + 0.05


def test_an_unknown_name_is_less_sure_than_a_known_one(extractor: RuleExtractor) -> None:
    known = claim_of(extractor, "OpenAI accused DeepSeek of copying its models through fake accounts.")
    unknown = claim_of(extractor, "Quillfeather Labs accused DeepSeek of copying its models through fake accounts.")
    assert known.confidence is not None and unknown.confidence is not None
    assert known.confidence > unknown.confidence


def test_the_confidence_can_be_worked_out_by_hand(extractor: RuleExtractor) -> None:
    claim = claim_of(extractor, "Anthropic accused DeepSeek of copying its Claude models through 300 fake accounts.")
    weights = load_weights()
    odds = weights.bias + sum(weights.of.get(name, 0) for name in claim.features)
    assert claim.confidence == round(1 / (1 + exp(-odds)), 2)


@pytest.mark.parametrize(
    "doubt",
    [
        "speaker-inherited",
        "unknown-name-speaker",
        "accused-by-coreference",
        "long-sentence",
        "accused-in-words",
        "unfamiliar-page",
    ],
)
@given(features=st.sets(NAMES))
def test_a_doubt_never_raises_a_confidence(doubt: str, features: set[str]) -> None:
    weights = load_weights()
    assert weights.of[doubt] < 0
    assert confidence_of({*features, doubt}, weights) <= confidence_of(features - {doubt}, weights)


@given(st.sets(NAMES | st.text(max_size=10)), st.floats(-99, 99))
def test_a_confidence_is_a_share_in_hundredths(features: set[str], bias: float) -> None:
    value = confidence_of(features, Weights(bias, load_weights().of))
    assert 0 <= value <= 1 and value == round(value, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bias: 1", "line 1: expected a bias, and weights"),
        ("bias: high\nweights: {}", "line 1: expected a bias, and weights"),
        ("bias: 1\nweights:\n  via: 1\n  quoted: low\n", "line 4: quoted: expected a number"),
    ],
)
def test_a_broken_file_of_weights_is_refused_by_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "confidence.yaml").write_text(text)
    with pytest.raises(UnreadableInput, match=words):
        load_weights(tmp_path / "confidence.yaml")


# --- the exchange format and the store ---


def test_confidence_and_features_go_through_both_formats(extractor: RuleExtractor) -> None:
    text = "Anthropic accused DeepSeek of copying its Claude models through 300 fake accounts."
    extraction = extractor.extract(Document(id="case", text=text, title=TITLE))
    (claim,) = extraction_to_record(extraction)["claims"]
    assert claim["confidence"] == round(claim["confidence"], 2) and "accuse-verb" in claim["features"]
    assert extraction_from_json(extraction_to_json(extraction)) == extraction
    assert extraction_from_record(extraction_to_record(extraction), text) == extraction


def test_what_was_stored_before_there_was_a_confidence_still_reads() -> None:
    stored = (
        '{"document_id":"d","relevance":"relevant","mentions":[],"quantities":[],"dates":[],"claims":[{"type":"denial",'
        '"start":0,"end":4,"text":"Fern","speaker":"fern","accused":["fern"],"accused_as":null,"target":[],'
        '"quantities":[],"dates":[],"via":[],"status":"denied","on_behalf_of":null}]}'
    )
    (claim,) = extraction_from_json(stored).claims
    assert (claim.confidence, claim.features) == (None, ())
    record = extraction_to_record(extraction_from_json(stored))["claims"][0]
    assert "confidence" not in record and "features" not in record
