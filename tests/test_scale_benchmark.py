"""The benchmark of the store keeps in step with its tables."""

from __future__ import annotations

from benchmarks.scale import measure
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
