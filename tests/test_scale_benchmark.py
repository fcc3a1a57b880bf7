"""The benchmark of the store keeps in step with its tables."""

from __future__ import annotations

from benchmarks.scale import measure, used_s
from benchmarks.scale_find import measure_find
from tracker.store import check_store, open_store


def test_its_copies_are_a_sound_store_of_the_size_that_it_says(database: str) -> None:
    rates = measure(database.partition(":")[0].partition("+")[0], database, 50, 175, 25)
    assert rates.keys() == {50, 175} and all(rate > 1 for rate in rates.values())
    found = check_store(database)
    rows = dict(found.rows)
    assert found.faults == ()
    assert rows["document"] == rows["version"] == rows["extraction"] == rows["pending"] == 200
    with open_store(database) as store:
        assert len(store.load_documents()) == 200


def test_what_is_looked_for_is_there_as_often_on_each_database(database: str) -> None:
    kind = database.partition(":")[0].partition("+")[0]
    figures, ratios = measure_find(kind, database, 120, used_s)
    found = {name.rpartition("_")[2]: value for name, value in figures.items() if "_find_documents_" in name}
    assert found["common"] == 120 > found["phrase"] > found["middling"] >= found["without"] > 0, found
    assert ratios.keys() == {f"find_vs_like_{name}_{kind}" for name in ("rare", "middling")}
