"""The benchmark of queries keeps in step with the schema, and asks for what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.query import list_pairs, prepare
from tests.serve.asking import get
from tests.serve.conftest import running
from tracker.query import Limits, open_published
from tracker.render.database import load_questions
from tracker.serve.serving import Serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("benchmark"), 300, None)


def test_its_world_has_the_numbers_that_it_says_and_answers_to_every_question(site: Path) -> None:
    with open_published(site / "data/tracker.db") as database:
        for view, number in (("documents", 300), ("claims", 600), ("mentions", 3000)):
            assert database.ask(f"SELECT count(*) FROM {view}").rows == ((number,),)
        party = "SELECT entity_id, count(*) FROM mentions GROUP BY 1 ORDER BY 2 DESC"
        counts = [row[1] for row in database.ask(party).rows]
        assert counts[0] > 5 * counts[len(counts) // 2]  # skewed
        for question in load_questions():
            database.ask(question.sql, dict(question.parameters), Limits(30))


def test_both_sides_of_each_comparison_have_rows(site: Path) -> None:
    with open_published(site / "data/tracker.db") as database:
        pairs = list_pairs(database, 2)
    with running(Serving(site, requests_per_minute=0)) as address:
        for name, group in pairs.items():
            ours, plain = get(f"{address}{group[0].ours}"), get(f"{address}/data{group[0].plain}")
            assert (ours.status_code, plain.status_code) == (200, 200), (name, ours.text[:300], plain.text[:300])
            rows, others = ours.json()["data"], plain.json()["rows"]
            if name.endswith("_list") and name != "sources_list":
                assert len(rows) == len(others), name
            else:
                assert rows and others, name
