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
from tracker.nlp.frames import Frame
from tracker.nlp.learned.fields import field_names, lemma_fields, stems_in
from tracker.nlp.learned.linear import FOLDER, Linear, Ranker, crossed, load_claim_model, load_linears, probability
from tracker.nlp.learned.network import WINDOW, Network
from tracker.nlp.learned.reading import _numbers_accused
from tracker.nlp.learned.words import Word
from tracker.nlp.learned.wordspace import WordSpace
from tracker.resources import bundled_path
from tracker.types import ACCUSING_TYPES, CLAIM_TYPES, Document, Quantity

TITLE = "AI firms accused of copying models through unauthorised distillation"


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
    assert reached["claims"] >= 0.69 and reached["claims in full"] >= 0.52, "these only rise"
    assert set(reached["kinds"]) == set(CLAIM_TYPES)


# --- the network ---


def _small_network() -> Network:
    chance = np.random.default_rng(7)
    space = WordSpace(["deny", "sue"], np.eye(2, dtype=np.float32))
    shapes = {
        "form_vectors": (2, 3), "field_vectors": (2, 3), "label_vectors": (2, 2), "conv": (WINDOW * 10, 4),
        "conv_bias": (4,), "trait_vectors": (3, 5), "kinds_in": (5 + 4 + 4, 6), "kinds_in_bias": (6,),
        "kinds_out": (6, 9), "kinds_out_bias": (9,), "party_vectors": (3, 5), "kind_vectors": (18, 3),
        "beside_vectors": (4, 2), "party_in": (5 + 4 + 5 + 3 + 2, 6), "party_in_bias": (6,), "party_out": (6, 1),
        "party_bias": (18,),
    }  # fmt: skip
    arrays = {name: chance.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    tables = {
        "forms": {"deny": 1}, "fields": {"deny": 1}, "labels": {"nsubj": 1}, "traits": {"root:deny": 1, "first": 2},
        "party_traits": {"role:nsubj": 1, "is:company": 2},
    }  # fmt: skip
    return Network(tables, arrays, space)


def test_a_stored_network_decides_as_it_did() -> None:
    network = _small_network()
    again = Network.load(network.stored(), network.space)
    words = [Word("<company>", 0), Word("deny", 9, fields=("deny",)), Word("everything", 14)]
    directions = np.ones(4, dtype=np.float32)
    before, after = (
        one.kinds(one.arrays["trait_vectors"][1], directions, one.states([words])[0]) for one in (network, again)
    )
    assert before.shape == (9,) and np.allclose(before, after, atol=0.1)


def test_the_words_are_seen_in_their_order() -> None:
    network = _small_network()
    words = [Word("deny", 0, fields=("deny",)), Word("sue", 5), Word("it", 9)]
    states, turned, none = network.states([words, words[::-1], []])
    assert states.shape == turned.shape == (3, 4) and none.shape == (0, 4)
    assert not np.allclose(states.max(axis=0), turned.max(axis=0))
    assert np.allclose(network.states([words[::-1]])[0], turned), "a sentence is read alike, whatever stands beside it"
    assert network.states([[]])[0].shape == (0, 4) and network.states([]) == []


def test_a_party_is_scored_beside_the_others_of_its_choice() -> None:
    network = _small_network()
    states = network.states([[Word("deny", 0), Word("sue", 5)]])[0]
    one = network.party(["role:nsubj"], [0], states)
    other = network.party(["is:company", "never seen"], [], states)
    alone = network.parties(0, np.stack([one]), None)
    together = network.parties(0, np.stack([one, other]), None)
    assert alone.shape == (1,) and together.shape == (2,)
    accused = network.parties(9, np.stack([one, other]), ["is-speaker", "not-speaker"])
    assert not np.allclose(together, accused)


def test_a_network_with_a_row_too_few_is_told() -> None:
    stored = _small_network().stored()
    stored["net_trait_vectors"] = stored["net_trait_vectors"][:-1]
    with pytest.raises(ValueError, match="traits: 2 names, 1 rows"):
        Network.load(stored, WordSpace([], np.zeros((0, 2), dtype=np.float32)))


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


@pytest.mark.parametrize(
    ("text", "accused", "accused_as", "numbers"),
    [
        ("three labs", (), "three labs abroad", True),
        ("three labs", ("one", "two", "three"), None, True),
        ("three clients", ("one",), None, False),
        ("three clients", (), None, False),
    ],
)
def test_a_number_of_companies_may_be_that_of_the_accused(
    text: str, accused: tuple[str, ...], accused_as: str | None, numbers: bool
) -> None:
    charge = Frame("allegation", [("quillmark", None)], accused, accused_as=accused_as)
    quantity = Quantity(0, len(text), text, "companies", 3.0, 3.0, "exact")
    assert _numbers_accused(quantity, [charge]) is numbers


_PIECES = st.sampled_from(
    ["Anthropic", "DeepSeek", "accused", "denied", "copied", "did not", "300 accounts", ",", ".", "\n\n", "“", "”", "it",
     "the three firms", "said", "a court", "否认", "指控", "?", " ", "Sen.", "on Monday", "respond", "\u202e"]
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(_PIECES, max_size=60), st.sampled_from(["en", "zh", "fr", "de", "es", "pt", "xx"]))
def test_any_text_gives_claims_that_lie_in_it(extractor: RuleExtractor, pieces: list[str], language: str) -> None:
    text = " ".join(pieces)
    result = extractor.extract(Document(id="case", text=text, title=TITLE, language=language))
    for claim in result.claims:
        assert text[claim.start : claim.end] == claim.text
        assert claim.type in CLAIM_TYPES and (claim.confidence is None or 0 <= claim.confidence <= 1)
        assert claim.type in ACCUSING_TYPES or not claim.target
