"""The marked pairs of figures: whole, true to the gold, refused when broken, and scored by the words' places."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from tracker.errors import UnreadableInput
from tracker.evaluation import FigurePair, Pair, load_gold, score_figure_pairs
from tracker.evaluation.figurepairs import Place, load_figure_pairs
from tracker.resources import bundled_path

GOLD = bundled_path("data/gold")
TEXTS = {"a": "24,000 accounts, or 25,000", "b": "about 24,000"}
A, A2, B = ("a", 0, 15), ("a", 20, 26), ("b", 0, 12)


def test_every_pair_of_an_event_and_kind_is_marked_once() -> None:
    rows = [json.loads(line) for line in (GOLD / "figure_pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    values: dict[tuple[str, str], set[Place]] = defaultdict(set)
    marked: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for row in rows:
        one, other = ((row[side]["document"], row[side]["start"], row[side]["end"]) for side in ("one", "other"))
        values[row["event"], row["kind"]] |= {one, other}
        marked[row["event"], row["kind"]].append(frozenset((one, other)))
        assert row["why"] and ("reason" in row) == (row["relation"] == "conflict")
    for key, places in values.items():
        assert sorted(map(sorted, marked[key])) == sorted(sorted(pair) for pair in combinations(places, 2))


def test_marked_values_are_figures_of_gold_claims_of_that_kind() -> None:
    corpus = load_gold(GOLD)
    kinds = {
        (key, answer.quantities[i].start, answer.quantities[i].end): answer.quantities[i].kind
        for key, answer in corpus.answers.items()
        for claim in answer.claims
        for i in claim.quantities
    }
    assert corpus.figure_pairs
    assert all(kinds[pair.one] == kinds[pair.other] for pair in corpus.figure_pairs)


def test_pairs_are_scored_by_the_words_that_they_share() -> None:
    gold = [FigurePair("e", A, B, "agree"), FigurePair("e", A2, B, "conflict"), FigurePair("e", A, A2, "apart")]
    shifted = ("a", 2, 15)
    found = {"agree": [frozenset((shifted, B)), frozenset((A, A2))], "conflict": [], "apart": []}
    scores = score_figure_pairs(gold, found)  # type: ignore[arg-type]
    agree, conflict = scores["figure pairs agree"], scores["figure pairs conflict"]
    assert (agree.right, agree.gold, agree.predicted) == (1, 1, 2)
    assert (conflict.right, conflict.gold, conflict.predicted) == (0, 1, 0)


def test_a_found_pair_of_words_that_nobody_marked_is_wrong() -> None:
    gold = [FigurePair("e", A, B, "agree")]
    stray = frozenset((A, ("c", 0, 5)))
    assert (
        score_figure_pairs(gold, {"agree": [stray], "conflict": [], "apart": []})["figure pairs agree"].precision == 0
    )


def _row(**changes: object) -> str:
    one = {"document": "a", "start": 0, "end": 15, "text": "24,000 accounts"}
    other = {"document": "b", "start": 0, "end": 12, "text": "about 24,000"}
    return json.dumps({"event": "e", "one": one, "other": other, "relation": "agree", **changes})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON"),
        (_row(relation="alike"), "line 2: relation must be one of agree, conflict, apart"),
        (_row(one={"document": "z", "start": 0, "end": 1, "text": "x"}), "line 2: no document has the id 'z'"),
        (_row(one={"document": "a", "start": 0, "end": 3, "text": "x"}), "holds '24,', not 'x'"),
        (_row(other="b"), "line 2: one and other must each have"),
    ],
)
def test_a_broken_line_is_refused_with_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "figure_pairs.jsonl"
    path.write_text(f"{_row()}\n{line}\n")
    with pytest.raises(UnreadableInput, match=message) as caught:
        load_figure_pairs(path, TEXTS)
    assert str(path) in str(caught.value)


def test_without_the_file_nothing_is_marked(tmp_path: Path) -> None:
    assert load_figure_pairs(tmp_path / "figure_pairs.jsonl", TEXTS) == ()
