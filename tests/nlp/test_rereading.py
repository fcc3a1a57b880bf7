"""The second look: who speaks and who is accused, as the rest of the document has it."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.claims import DocumentReader
from tracker.nlp.composing import Facts
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.learned.linear import load_claim_model
from tracker.nlp.learned.rereading import ACCUSED_COLUMNS, SPEAKER_COLUMNS, SecondLook, look_again
from tracker.nlp.learned.standing import Places
from tracker.nlp.learned.trees import Trees
from tracker.nlp.model import load_pipeline, make_docs
from tracker.nlp.names import find_names
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import TextView, make_sentences
from tracker.types import Claim, Document

# --- trees that can be worked out by hand ---


def stump(column: int, threshold: float, low: float, high: float, bias: float = 0.0) -> Trees:
    """One question and two leaves."""
    return Trees(
        np.array([0], dtype=np.int16),
        np.array([column, 0, 0], dtype=np.int16),
        np.array([threshold, 0, 0], dtype=np.float32),
        np.array([1, 1, 2], dtype=np.int16),
        np.array([2, 1, 2], dtype=np.int16),
        np.array([0, low, high], dtype=np.float32),
        bias,
        1,
    )


def test_a_case_goes_left_up_to_the_threshold() -> None:
    trees = stump(1, 0.5, -2.0, 3.0, bias=0.25)
    rows = np.array([[9.0, 0.5], [9.0, 0.75]], dtype=np.float32)
    assert trees.score(rows).tolist() == [-1.75, 3.25]


def test_trees_are_stored_and_read_back(tmp_path: Path) -> None:
    trees = stump(3, 1.5, -1.0, 1.0)
    np.savez(tmp_path / "trees.npz", **trees.stored("some"))
    with np.load(tmp_path / "trees.npz") as stored:
        again = Trees.load(stored, "some", 4)
    rows = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert again.score(rows).tolist() == trees.score(rows).tolist()


def test_trees_over_other_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="fitted on other numbers than the 3"):
        Trees.load(stump(3, 1.5, -1.0, 1.0).stored("some"), "some", 3)


def test_trees_that_do_not_hang_together_are_refused() -> None:
    stored = stump(0, 1.5, -1.0, 1.0).stored("some")
    with pytest.raises(ValueError, match="do not hang together"):
        Trees.load({**stored, "some_left": np.array([7, 1, 2])}, "some", 3)


def test_the_shipped_look_asks_about_numbers_that_there_are() -> None:
    look = load_claim_model().again
    assert isinstance(look, SecondLook)
    assert look.accused.column.max() < ACCUSED_COLUMNS
    assert look.speakers.column.max() < SPEAKER_COLUMNS


# --- what is counted elsewhere ---


@given(st.lists(st.tuples(st.integers(0, 12), st.floats(0, 1, width=16)), max_size=12).map(sorted), st.integers(0, 12))
def test_what_stands_around_a_sentence_is_what_a_count_by_hand_gives(
    found: list[tuple[int, float]], sentence: int
) -> None:
    places = Places()
    for at, count in found:
        places.add(at, count)
    before, after, back, ahead = places.around(sentence)
    assert before == pytest.approx(sum(count for at, count in found if at < sentence))
    assert after == pytest.approx(sum(count for at, count in found if at > sentence))
    assert back == min([9, *(sentence - at for at, _ in found if at < sentence)])
    assert ahead == min([9, *(at - sentence for at, _ in found if at > sentence)])


# --- documents of our own ---


def claims_in(text: str, title: str = "") -> list[Claim]:
    document = Document(
        id="d", url="https://desk.example/d", publisher="The Desk", publisher_type="news", published=date(2026, 6, 24),
        language="en", title=title or "AI labs accused of distillation", text=text,
    )  # fmt: skip
    return list(RuleExtractor().extract(document).claims)


def accused_of(claims: list[Claim], kind: str) -> list[set[str]]:
    return [set(claim.accused) for claim in claims if claim.type == kind]


def test_a_party_of_the_second_look_is_named_or_known_in_the_document() -> None:
    text = (
        "Anthropic accused DeepSeek and MiniMax of distilling Claude through 24,000 fraudulent accounts.\n"
        "OpenAI made a like charge against DeepSeek in May. DeepSeek denied it. MiniMax did not respond.\n"
        "Anthropic declined to comment further."
    )
    known = {"anthropic", "deepseek", "minimax", "openai"}
    claims = claims_in(text)
    assert claims
    for claim in claims:
        assert {*claim.accused, *([claim.speaker] if claim.speaker else [])} <= known
        if claim.type == "allegation":
            assert claim.speaker not in claim.accused


def test_features_say_what_the_second_look_changed_and_no_more() -> None:
    text = (
        "Anthropic accused MiniMax of distilling Claude through fraudulent accounts. MiniMax denied the charge.\n"
        "It said that the firm had bought access to Claude through resellers. Anthropic declined to comment."
    )
    for claim in claims_in(text):
        assert sum(feature.startswith("speaker-") for feature in claim.features) <= 1
        assert len({"accused-named", "accused-by-coreference", "no-accused"} & set(claim.features)) <= 1


def test_one_sentence_is_read_as_it_was() -> None:
    claims = claims_in("Anthropic accused MiniMax of distilling Claude.")
    assert accused_of(claims, "allegation") == [{"minimax"}]
    assert not any(feature.startswith("again:") for claim in claims for feature in claim.features)


def test_time_is_in_proportion_to_the_length() -> None:
    part = "Anthropic accused MiniMax of distilling Claude. DeepSeek denied it, and OpenAI declined to comment.\n"
    spent = []
    for times in (40, 160):
        claims_in(part)
        start = time.process_time()
        claims_in(part * times)
        spent.append(time.process_time() - start)
    assert spent[1] < 12 * spent[0]


# --- answers move more easily than charges ---

_DISPUTE = (
    "Anthropic accused DeepSeek and MiniMax of distilling Claude through 24,000 fraudulent accounts.\n"
    "The two firms had copied its answers since March, Anthropic said. DeepSeek rejected the accusation.\n"
    "MiniMax did not respond to a request for comment. Anthropic declined to comment further.\n"
    "In May OpenAI had told lawmakers that DeepSeek was distilling its models."
)


def looked_at_again(leads: dict[str, float]) -> list[tuple[Claim, Claim]]:
    """The claims of a dispute as first read and as looked at again with other leads."""
    text = _DISPUTE
    sentences = split_sentences(text)
    nlp = load_pipeline()
    doc = next(iter(nlp.pipe(make_docs(nlp, [(text, sentences)]))))
    view = TextView(text, "en", make_sentences(text, sentences), doc, published=date(2026, 6, 24))
    facts = Facts(find_names(view, load_gazetteer()), (), ())
    reader = DocumentReader(view, facts, load_gazetteer(), None)
    weighed = [one for sentence in reader.sentences() for one in reader.read(sentence)]
    model = load_claim_model()
    assert model.again is not None
    card = {**model.card, "again": {**model.card["again"], **leads}}
    look = SecondLook(model.again.speakers, stump(ACCUSED_COLUMNS - 1, 0.5, -5.0, -5.0))
    again = look_again(look, weighed, reader.discourse, card)
    return [(one.claim, other) for one, other in zip(weighed, again, strict=True)]


def test_trees_that_acquit_everybody_are_followed_as_far_as_the_lead_allows() -> None:
    pairs = looked_at_again({"another_accused": 9.0, "another_answer": 0.0})
    charges = [(a, b) for a, b in pairs if a.type == "allegation" and a.accused]
    answers = [(a, b) for a, b in pairs if a.type in ("denial", "no_response") and a.accused]
    assert charges and answers
    assert all(a.accused == b.accused for a, b in charges)
    charged = {party for a, _ in charges for party in a.accused}
    assert all(set(b.accused) == set(a.accused) & charged for a, b in answers), "an answer is to a charge"


def test_a_lead_for_answers_holds_answers_alone() -> None:
    pairs = looked_at_again({"another_accused": 0.0, "another_answer": 9.0})
    charges = [(a, b) for a, b in pairs if a.type == "allegation" and a.accused]
    answers = [(a, b) for a, b in pairs if a.type in ("denial", "no_response") and a.accused]
    assert charges and answers
    assert all(not b.accused for _, b in charges)
    assert all(a.accused == b.accused for a, b in answers)
