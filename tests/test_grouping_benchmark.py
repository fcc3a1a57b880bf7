"""The measures, baselines and corpora of the quality part of benchmarks/reconcile.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.reconcile_baselines import headline_likeness, one_pass, single_link, tfidf_likeness
from benchmarks.reconcile_corpora import read_events
from benchmarks.reconcile_quality import load_news, rand_index


def _write(folder: Path, names: str, text: str = "words") -> None:
    for number, name in enumerate(names):
        row = {"newsCluster": {"EventId": name}, "title": f"{name} {text}", "text": f"{name} {text} {number}"}
        (folder / f"{number}.json").write_text(json.dumps(row | {"date_publish": "2017-09-15T00:00:00"}))


def test_the_adjusted_rand_index_of_known_partitions(tmp_path: Path) -> None:
    _write(tmp_path, "aaabbc")
    corpus = load_news(tmp_path)
    assert rand_index(corpus, {"x": ["0", "1", "2"], "y": ["3", "4"], "z": ["5"]}) == 1.0
    # scikit-learn's adjusted_rand_score([0,0,0,1,1,2], [0,0,1,1,2,2]) is 2/27
    assert rand_index(corpus, {"x": ["0", "1"], "y": ["2", "3"], "z": ["4", "5"]}) == pytest.approx(2 / 27)
    assert rand_index(corpus, {"x": ["0", "1", "2", "3", "4", "5"]}) == pytest.approx(0.0)


def test_a_folder_without_clustered_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no clustered articles"):
        load_news(tmp_path)


def test_events_are_read_by_line_and_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "events.txt"
    file.write_text("# a remark\nletter-2026-06: a b\nalone: c\nban-2026-07: b\n")
    assert read_events(file) == {"a": {"letter-2026-06"}, "b": {"letter-2026-06", "ban-2026-07"}, "c": {"alone-c"}}
    file.write_text("letter-2026-06: a\nban b\n")
    with pytest.raises(SystemExit, match="line 2"):
        read_events(file)


def test_the_baselines_join_what_is_alike() -> None:
    texts = {"a": "lantern barge ledger", "b": "lantern barge widow", "c": "kettle toaster oven"}
    for alike in (tfidf_likeness(texts), headline_likeness(texts)):
        assert sorted(map(sorted, single_link("abc", alike, 0.2).values())) == [["a", "b"], ["c"]]
        assert sorted(map(sorted, one_pass("abc", alike, 0.2).values())) == [["a", "b"], ["c"]]
