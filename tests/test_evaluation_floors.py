"""Floors: they hold what was reached, and never go down."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UnreadableInput
from tracker.evaluation import Score, check_floors, load_floors, load_gold, raise_floors, save_floors, score_corpus
from tracker.nlp.dates import find_dates
from tracker.nlp.quantities import find_quantities
from tracker.types import Extraction

GOLD_FOLDER = Path(__file__).parents[1] / "data" / "gold"
SHARES = st.floats(0, 1)


def _score(f1: float) -> Score:
    return Score(f1, f1, f1, 10, 10, None)


def test_a_fall_is_named_with_both_figures() -> None:
    assert check_floors({"dates": _score(0.9)}, {"dates": 0.95}) == ["dates: F1 0.900 is below its floor 0.950"]


def test_what_stands_on_its_floor_has_not_fallen() -> None:
    assert check_floors({"dates": _score(0.95)}, {"dates": 0.95}) == []


def test_a_floor_that_was_not_measured_is_named() -> None:
    assert check_floors({}, {"claims": 0.5}) == ["claims: not measured, but its floor is 0.500"]


def test_floors_are_rounded_down() -> None:
    assert raise_floors({"dates": _score(0.98765)}, {}) == {"dates": 0.987}


@given(st.dictionaries(st.sampled_from("abc"), SHARES), st.dictionaries(st.sampled_from("abcd"), SHARES))
def test_raising_never_lowers_and_never_passes_what_was_reached(
    reached: dict[str, float], floors: dict[str, float]
) -> None:
    raised = raise_floors({key: _score(value) for key, value in reached.items()}, floors)
    assert all(raised[key] >= value for key, value in floors.items())
    assert all(raised[key] <= max(reached.get(key, 0.0), floors.get(key, 0.0)) + 1e-9 for key in raised)
    higher = {key: _score(max(value, floors.get(key, 0.0))) for key, value in reached.items()}
    missing = set(floors) - set(reached)
    assert [line for line in check_floors(higher, raised) if line.split(":")[0] not in missing] == []


def test_saved_floors_load_again(tmp_path: Path) -> None:
    save_floors(tmp_path / "floors.json", {"dates": 0.9, "claims": 0.5})
    assert load_floors(tmp_path / "floors.json") == {"claims": 0.5, "dates": 0.9}


@pytest.mark.parametrize("content", ["[", "[]", '{"dates": "high"}', '{"dates": 1.2}', '{"dates": true}'])
def test_a_broken_floors_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content)
    with pytest.raises(UnreadableInput, match="floors"):
        load_floors(path)


@pytest.mark.parametrize("measure", ["quantities", "dates"])
def test_quantities_and_dates_stand_on_their_floors(measure: str) -> None:
    corpus = load_gold(GOLD_FOLDER)
    found = {
        document.id: Extraction(
            document.id,
            "relevant",
            quantities=tuple(find_quantities(document.text, document.language)),
            dates=tuple(find_dates(document.text, document.published, document.language)),
        )
        for document in corpus.documents
    }
    floors = load_floors(GOLD_FOLDER / "floors.json")
    scores = score_corpus(corpus, found)
    assert check_floors(scores, {measure: floors[measure]}) == []
