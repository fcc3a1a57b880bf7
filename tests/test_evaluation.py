"""The scorer: what counts as right, and that a perfect prediction is perfect."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tracker.errors import UnreadableInput
from tracker.evaluation import GoldCorpus, NameTable, find_errors, load_gold, score_by, score_corpus, score_groups
from tracker.evaluation.corpus import normalise_name
from tracker.types import Claim, DateMention, Document, Extraction, Mention, Quantity

GOLD_FOLDER = Path(__file__).parents[1] / "data" / "gold"
TEXT = "Orchid accused Fern on Monday of opening about 300 accounts. Fern denied it."


def _mention(start: int, end: int, entity: str, name: str = "") -> Mention:
    return Mention(start, end, TEXT[start:end], entity, name or entity, "company")


ANSWER = Extraction(
    "a",
    "relevant",
    (_mention(0, 6, "orchid"), _mention(15, 19, "fern"), _mention(61, 65, "fern")),
    (Quantity(41, 59, TEXT[41:59], "accounts", 300, 300, "about"),),
    (DateMention(23, 29, TEXT[23:29], date(2026, 6, 22), date(2026, 6, 22), "relative"),),
    (
        Claim("allegation", 0, 60, TEXT[:60], "orchid", ("fern",), quantities=(0,), dates=(0,)),
        Claim("denial", 61, 76, TEXT[61:76], "fern", ("fern",), status="denied"),
    ),
)
CORPUS = GoldCorpus((Document("a", TEXT),), {"a": ANSWER}, {"a": frozenset({"e1"})})


def _f1(prediction: Extraction, measure: str, names: NameTable | None = None) -> float:
    return score_corpus(CORPUS, {"a": prediction}, names=names)[measure].f1


def test_the_gold_scores_one_on_every_measure() -> None:
    scores = score_corpus(CORPUS, {"a": ANSWER}, events={"x": ["a"]})
    assert {measure: score.f1 for measure, score in scores.items()} == dict.fromkeys(scores, 1.0)
    assert set(scores) == {
        "relevance", "mentions", "entities", "quantities", "quantity values", "dates", "claims", "claims in full",
        "claim figures", "events",
    }  # fmt: skip


def test_a_document_without_a_prediction_counts_as_missed_entirely() -> None:
    scores = score_corpus(CORPUS, {})
    assert {score.recall for score in scores.values()} == {0.0}
    assert scores["mentions"].gold == 3


def test_a_mention_needs_its_type_and_any_overlap() -> None:
    shifted = replace(ANSWER, mentions=(replace(ANSWER.mentions[0], end=3), *ANSWER.mentions[1:]))
    assert _f1(shifted, "mentions") == 1.0
    retyped = replace(ANSWER, mentions=(replace(ANSWER.mentions[0], type="person"), *ANSWER.mentions[1:]))
    assert score_corpus(CORPUS, {"a": retyped})["mentions"].right == 2


def test_each_span_is_used_once() -> None:
    doubled = replace(ANSWER, dates=ANSWER.dates * 2)
    score = score_corpus(CORPUS, {"a": doubled})["dates"]
    assert (score.right, score.gold, score.predicted) == (1, 1, 2)


@pytest.mark.parametrize(
    ("change", "quantities", "values"),
    [
        ({"qualifier": "exact"}, 0.0, 1.0),
        ({"kind": "users"}, 0.0, 1.0),
        ({"high": None}, 0.0, 0.0),
        ({"start": 47, "end": 50}, 1.0, 1.0),
        ({"start": 0, "end": 6}, 0.0, 0.0),
    ],
)
def test_a_quantity_needs_kind_bounds_and_qualifier(
    change: dict[str, object], quantities: float, values: float
) -> None:
    changed = replace(ANSWER, quantities=(replace(ANSWER.quantities[0], **change),))  # type: ignore[arg-type]
    assert (_f1(changed, "quantities"), _f1(changed, "quantity values")) == (quantities, values)


def test_a_date_needs_its_interval_not_its_basis() -> None:
    assert _f1(replace(ANSWER, dates=(replace(ANSWER.dates[0], basis="stated"),)), "dates") == 1.0
    assert _f1(replace(ANSWER, dates=(replace(ANSWER.dates[0], to_on=date(2026, 6, 23)),)), "dates") == 0.0


def test_a_claim_needs_half_of_the_shorter_span() -> None:
    allegation, denial = ANSWER.claims
    assert _f1(replace(ANSWER, claims=(replace(allegation, start=40, end=80), denial)), "claims") == 1.0
    assert _f1(replace(ANSWER, claims=(replace(allegation, start=55, end=76), denial)), "claims") == 0.5


def test_a_claim_in_full_needs_speaker_and_accused() -> None:
    allegation, denial = ANSWER.claims
    wrong_speaker = replace(ANSWER, claims=(replace(allegation, speaker="fern"), denial))
    assert (_f1(wrong_speaker, "claims"), _f1(wrong_speaker, "claims in full")) == (1.0, 0.5)
    one_too_many = replace(ANSWER, claims=(replace(allegation, accused=("fern", "orchid")), denial))
    assert _f1(one_too_many, "claims in full") == 0.5
    no_speaker = replace(ANSWER, claims=(replace(allegation, speaker=None), denial))
    assert _f1(no_speaker, "claims in full") == 0.5


def test_claim_figures_are_counted_over_claims_that_have_any() -> None:
    allegation, denial = ANSWER.claims
    assert score_corpus(CORPUS, {"a": ANSWER})["claim figures"].gold == 1
    assert _f1(replace(ANSWER, claims=(replace(allegation, quantities=()), denial)), "claim figures") == 0.0
    assert _f1(replace(ANSWER, claims=(replace(allegation, quantities=(0, 9)), denial)), "claim figures") == 1.0


def test_entities_agree_by_id_name_or_alias() -> None:
    renamed = replace(
        ANSWER,
        mentions=tuple(replace(item, entity_id=f"new-{item.entity_id}", name="Orchid-Works") for item in ANSWER.mentions[:1])
        + ANSWER.mentions[1:],
    )  # fmt: skip
    names = NameTable.of({"orchid": ("Orchid", "ORCHID WORKS")})
    assert _f1(renamed, "entities", names) == 1.0
    assert _f1(renamed, "entities") == 0.5


def test_nobody_is_only_the_same_as_nobody() -> None:
    table = NameTable()
    assert table.are_same(None, None, None)
    assert not table.are_same(None, "fern", "Fern")
    assert not table.are_same("fern", None, None)


def test_names_compare_without_case_hyphens_and_kinds_of_apostrophe() -> None:
    assert normalise_name("  The People’s\u00a0Lab-One ") == normalise_name("the people's lab one")


def test_errors_name_document_span_and_words() -> None:
    extra = DateMention(0, 6, "Orchid", date(2026, 1, 1), date(2026, 1, 1))
    cases = find_errors("dates", CORPUS, {"a": replace(ANSWER, dates=(extra,))})
    assert [(case.side, case.start, case.end, case.text) for case in cases] == [
        ("missed", 23, 29, "Monday"),
        ("extra", 0, 6, "Orchid"),
    ]
    assert cases[0].detail == "2026-06-22..2026-06-22"


def test_errors_of_relevance_and_entities_have_no_span() -> None:
    wrong = replace(ANSWER, relevance="background", mentions=(_mention(0, 6, "moss"),))
    (relevance,) = find_errors("relevance", CORPUS, {"a": wrong})
    assert (relevance.side, relevance.start, relevance.detail) == ("missed", None, "relevant, found background")
    entities = {(case.side, case.text) for case in find_errors("entities", CORPUS, {"a": wrong})}
    assert entities == {("missed", "orchid"), ("missed", "fern"), ("extra", "moss")}


def test_there_are_no_errors_in_the_gold_itself() -> None:
    assert find_errors("claim figures", CORPUS, {"a": ANSWER}) == []


def test_scores_are_broken_down_by_genre_and_language() -> None:
    documents = (Document("a", TEXT), Document("b", TEXT, publisher_type="blog", language="de"))
    corpus = GoldCorpus(documents, {"a": ANSWER, "b": replace(ANSWER, document_id="b")})
    by_genre = score_by(corpus, {"a": ANSWER}, "publisher_type")
    assert {part: scores["dates"].f1 for part, scores in by_genre.items()} == {"news": 1.0, "blog": 0.0}
    assert list(score_by(corpus, {}, "language")) == ["de", "en"]


def test_bcubed_of_one_wrong_merge_by_hand() -> None:
    # Two events of two documents each, put into one group: every document shares its group with 2 of 4 rightly.
    score = score_groups({"a": ["1"], "b": ["1"], "c": ["2"], "d": ["2"]}, {key: ["x"] for key in "abcd"})
    assert (score.precision, score.recall) == (0.5, 1.0)


def test_bcubed_of_documents_left_alone_by_hand() -> None:
    score = score_groups({"a": ["1"], "b": ["1"]}, {})
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_bcubed_counts_a_document_of_two_events() -> None:
    gold = {"a": ["1", "2"], "b": ["1", "2"], "c": ["2"]}
    # Lost: that a and b share two events (they get one group), so recall of a is (1/2 + 1/2 + 1) / 3, as of b.
    score = score_groups(gold, {key: ["x"] for key in "abc"})
    assert score.precision == 1.0
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_events_are_scored_over_relevant_documents_that_have_events() -> None:
    corpus = replace(CORPUS, events={"a": frozenset()})
    assert score_corpus(corpus, {"a": ANSWER}, events={"x": ["a"]})["events"].gold == 0


def test_the_gold_folder_of_the_project_loads_and_scores_one_against_itself() -> None:
    corpus = load_gold(GOLD_FOLDER)
    assert len(corpus.documents) >= 32
    scores = score_corpus(corpus, corpus.answers)
    assert {measure for measure, score in scores.items() if score.f1 != 1.0} == set()


def test_a_broken_gold_line_is_named_by_file_and_line(tmp_path: Path) -> None:
    document = json.dumps({"id": "a", "text": TEXT})
    (tmp_path / "documents.jsonl").write_text(document + "\n")
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "relevance": "relevant"}\n{"id": "b"}\n')
    with pytest.raises(UnreadableInput, match=r"gold\.jsonl, line 2: no document has the id 'b'"):
        load_gold(tmp_path)
    (tmp_path / "gold.jsonl").write_text("{\n")
    with pytest.raises(UnreadableInput, match=r"gold\.jsonl, line 1: not JSON"):
        load_gold(tmp_path)
    bad_span = {"start": 0, "end": 999, "id": "x", "type": "company"}
    (tmp_path / "gold.jsonl").write_text(json.dumps({"id": "a", "relevance": "relevant", "entities": [bad_span]}))
    with pytest.raises(UnreadableInput, match="does not lie in the text"):
        load_gold(tmp_path)


def test_a_registry_beside_the_gold_gives_the_names(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}))
    (tmp_path / "gold.jsonl").write_text(json.dumps({"id": "a", "relevance": "relevant"}))
    rows = [{"id": "fern", "name": "Fern", "aliases": ["Fern Labs"]}]
    (tmp_path / "registry.json").write_text(json.dumps(rows))
    assert load_gold(tmp_path).names.are_same("fern", "x-1", "fern labs")
