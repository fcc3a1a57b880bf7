"""A claim's confidence: its features are named, and it can be worked out by hand."""

from __future__ import annotations

from datetime import date
from math import exp
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.learned.linear import load_claim_model
from tracker.nlp.learned.reading import certainty_of
from tracker.records import extraction_from_json, extraction_from_record, extraction_to_json, extraction_to_record
from tracker.types import ACCUSING_TYPES, CLAIM_TYPES, Claim, ClaimType, Document

TITLE = "AI firms accused of copying models through unauthorised distillation"


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
    assert named.confidence > taken_over.confidence


class _Odds(NamedTuple):
    kind: float
    speaker: float
    accused: float
    agreed: float


@given(st.builds(_Odds, *[st.floats(-50, 50)] * 4), st.sampled_from(CLAIM_TYPES))
def test_the_confidence_can_be_worked_out_by_hand(odds: _Odds, kind: ClaimType) -> None:
    weights = load_claim_model().card["calibration"]
    last = weights["accused"] * odds.accused if kind in ACCUSING_TYPES else weights["no_accused"]
    total = weights["bias"] + weights["kind"] * odds.kind + weights["speaker"] * odds.speaker + last
    total += weights["agreed"] * odds.agreed
    assert certainty_of(load_claim_model().card, kind, odds) == round(1 / (1 + exp(-max(-40, min(40, total)))), 2)


@pytest.mark.parametrize("part", ["kind", "speaker", "accused", "agreed"])
def test_a_doubt_of_any_part_lowers_the_confidence(part: str) -> None:
    """Weights of the other sign would make a claim surer by a doubt."""
    weight = load_claim_model().card["calibration"][part]
    assert weight > 0 or (part == "agreed" and weight == 0)


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
