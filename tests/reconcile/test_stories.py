"""Invented happenings, read and grouped by the tracker itself: extended B-cubed F1 with a floor that only rises."""

from __future__ import annotations

from pathlib import Path

from tracker.evaluation import load_gold
from tracker.nlp.extractor import RuleExtractor
from tracker.pipeline.evaluate import evaluate
from tracker.store import open_store

FOLDER = Path(__file__).parents[2] / "data" / "stories"
FLOOR = 0.888
"""0.887 when it was set; TF-IDF with single-link reaches 0.681, each document alone 0.521."""


def test_events_of_stories_that_nobody_knew(tmp_path: Path) -> None:
    extractor = RuleExtractor()
    with open_store(f"sqlite:///{tmp_path}/stories.db") as store:
        scores = evaluate(load_gold(FOLDER), extractor, extractor.entities, store).scores
    assert scores["events"].f1 >= FLOOR
