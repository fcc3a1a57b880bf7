"""The learned reading: its decisions are sums of named weights, its files are checked, and it never leaves the text."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import UnreadableInput
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.learned.fields import field_names, lemma_fields, stems_in
from tracker.nlp.learned.linear import FOLDER, Linear, Ranker, crossed, load_claim_model, load_linears, probability
from tracker.resources import bundled_path
from tracker.types import ACCUSING_TYPES, CLAIM_TYPES, Document

TITLE = "AI firms accused of copying models through unauthorised distillation"


@pytest.fixture(scope="module")
def extractor() -> RuleExtractor:
    return RuleExtractor()


# --- sums that can be worked out by hand ---


def test_a_decision_is_the_bias_and_the_weights_of_the_traits_that_hold() -> None:
    model = Linear(
        {"root:deny": 0, "field:court": 1},
        np.array([[2.0, -1.0], [0.5, 3.0]], dtype=np.float32),
        np.array([-1.0, -2.0], dtype=np.float32),
    )
    assert model.score(["root:deny", "never seen"]).tolist() == [1.0, -3.0]
    assert model.score([]).tolist() == [-1.0, -2.0]
    assert model.reasons(["root:deny", "field:court", "never seen"], 1, 3) == ["field:court"]


def test_a_ranker_counts_a_trait_once_as_such_and_once_for_the_kind() -> None:
    rows = {"role:nsubj": 0, "denial|role:nsubj": 1, "allegation|role:nsubj": 2}
    model = Linear(rows, np.array([[1.0], [0.25], [-4.0]], dtype=np.float32), np.array([0.5], dtype=np.float32))
    assert Ranker(model).score("denial", ["role:nsubj"]) == pytest.approx(1.75)
    assert Ranker(model).score("statement", ["role:nsubj"]) == pytest.approx(1.5)
    for kind in ("denial", "allegation", "statement"):
        whole = float(model.score(crossed(kind, ["role:nsubj"]))[0])
        assert Ranker(model).score(kind, ["role:nsubj"]) == pytest.approx(whole)


@given(st.floats(allow_nan=False))
def test_a_probability_is_one_for_any_log_odds(odds: float) -> None:
    assert 0 <= probability(odds) <= 1


# --- the files ---


def test_the_card_names_the_weights_that_it_was_written_with() -> None:
    folder = bundled_path(FOLDER)
    digest = hashlib.sha256()
    with np.load(folder / "weights.npz") as stored:
        for name in sorted(stored.files):
            digest.update(np.ascontiguousarray(stored[name]).tobytes())
    assert load_claim_model().card["weights"] == digest.hexdigest()[:16]
    assert tuple(load_claim_model().card["kinds"]) == CLAIM_TYPES


@pytest.mark.parametrize("broken", ["card.json", "weights.npz", "wordspace.npz"])
def test_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    shutil.copytree(bundled_path(FOLDER), tmp_path / "claims")
    (tmp_path / "claims" / broken).write_bytes(b"{")
    with pytest.raises(UnreadableInput, match="holds no model of claims"):
        load_linears(tmp_path / "claims")


def test_a_missing_weight_is_told(tmp_path: Path) -> None:
    shutil.copytree(bundled_path(FOLDER), tmp_path / "claims")
    with np.load(tmp_path / "claims" / "weights.npz") as stored:
        kept = {name: stored[name] for name in stored.files}
    kept["types_weights"] = kept["types_weights"][:-1]
    np.savez_compressed(tmp_path / "claims" / "weights.npz", **kept)
    with pytest.raises(UnreadableInput, match=r"types: .* traits, .* rows"):
        load_linears(tmp_path / "claims")


def test_what_was_cross_validated_is_on_the_card() -> None:
    reached = json.loads((bundled_path(FOLDER) / "card.json").read_text())["cross_validated"]
    assert reached["claims"] >= 0.68 and reached["claims in full"] >= 0.5, "these only rise"
    assert set(reached["kinds"]) == set(CLAIM_TYPES)


# --- fields ---


def test_every_field_has_words_in_every_language() -> None:
    samples = {
        "fr": "accusé", "de": "beschuldigt", "es": "acusó", "pt": "acusou", "zh": "指控",
    }  # fmt: skip
    for language, word in samples.items():
        assert "accuse" in {name for _, name in stems_in(word, language)}
    assert "accuse" in lemma_fields()["allege"] and "deny" in lemma_fields()["refute"]
    assert len(field_names()) > 10


# --- on text ---


@pytest.mark.parametrize(
    ("text", "kind", "speaker", "accused"),
    [
        ("Anthropic says MiniMax siphoned off the answers of Claude by the million.", "allegation", "anthropic", "minimax"),
        ("Moonshot AI rebuffed the charge of copying Claude as a fabrication.", "denial", "moonshot-ai", "moonshot-ai"),
        ("Alibaba would not be drawn on the claim that it copied Claude.", "no_response", "alibaba", "alibaba"),
        ("OpenAI filed a suit against DeepSeek in a Californian court over its models.", "legal_action", "openai", None),
        ("Anthropic shut down 300 accounts that had harvested Claude's answers.", "company_action", "anthropic", None),
        ("The Commerce Department opened an inquiry into the copying of AI models.", "government_action",
         "commerce-department", None),
    ],
)  # fmt: skip
def test_other_words_for_the_same_act(
    extractor: RuleExtractor, text: str, kind: str, speaker: str, accused: str | None
) -> None:
    lead = "Chinese laboratories have been accused of distilling American AI models through fake accounts. "
    document = Document(id="case", text=lead + text, title=TITLE, published=date(2026, 5, 20), language="en")
    found = [claim for claim in extractor.extract(document).claims if claim.start >= len(lead) - 1]
    assert [(claim.type, claim.speaker) for claim in found] == [(kind, speaker)]
    if accused is not None:
        assert found[0].accused == (accused,)


_PIECES = st.sampled_from(
    ["Anthropic", "DeepSeek", "accused", "denied", "copied", "did not", "300 accounts", ",", ".", "\n\n", "“", "”", "it",
     "the three firms", "said", "a court", "否认", "指控", "?", " ", "Sen.", "on Monday", "respond", "\u202e"]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(_PIECES, max_size=60), st.sampled_from(["en", "zh", "fr", "de", "es", "pt", "xx"]))
def test_any_text_gives_claims_that_lie_in_it(extractor: RuleExtractor, pieces: list[str], language: str) -> None:
    text = " ".join(pieces)
    result = extractor.extract(Document(id="case", text=text, title=TITLE, language=language))
    for claim in result.claims:
        assert text[claim.start : claim.end] == claim.text
        assert claim.type in CLAIM_TYPES and (claim.confidence is None or 0 <= claim.confidence <= 1)
        assert claim.type in ACCUSING_TYPES or not claim.target
