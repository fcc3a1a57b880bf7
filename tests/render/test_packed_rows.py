"""Rows that are packed into one array are, row by row, those of a mapping of arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.render.packedrows import PackedRows
from tracker.render.record import BuildRecord

worlds = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.integers(0, 9), max_size=4), max_size=8)


def packed(world: dict[str, list[int]]) -> PackedRows:
    return PackedRows.of({name: np.array(row, np.uint32) for name, row in world.items()})


def told(rows: PackedRows) -> list[tuple[str, list[int]]]:
    return [(name, row.tolist()) for name, row in rows.items()]


@given(worlds, worlds, st.sets(st.integers(0, 7)))
def test_rows_are_chosen_and_joined_as_those_of_a_mapping(
    world: dict[str, list[int]], other: dict[str, list[int]], places: set[int]
) -> None:
    rows, few = packed(world), {place for place in places if place < len(world)}
    other = {name.upper(): row for name, row in other.items()}
    assert told(rows) == list(world.items())
    kept = [item for place, item in enumerate(world.items()) if place in few]
    assert told(rows.chosen(few).joined(packed(other))) == kept + list(other.items())
    tens = np.arange(0, 100, 10, dtype=np.uint32)
    assert told(rows.over(tens)) == [(name, [10 * number for number in row]) for name, row in world.items()]


@given(worlds, st.integers(0, 9))
def test_rows_with_a_number_are_found(world: dict[str, list[int]], wanted: int) -> None:
    rows = packed(world)
    assert rows.rows_with(rows.numbers == wanted) == [name for name, row in world.items() if wanted in row]
    assert rows.places(["z", *world]) == list(range(len(world)))
    assert rows.place("z") is None and "z" not in rows


@given(st.lists(st.text('ab\n["\\é\ud800', max_size=3), max_size=4), st.sampled_from(["x", "[", "\n"]))
def test_a_record_comes_back_from_its_file_whatever_its_names(names: list[str], program: str) -> None:
    readers = PackedRows.of({f"page:{name}": np.array([1, 2], np.uint32) for name in dict.fromkeys(names)})
    record = BuildRecord(
        program=program,
        names=tuple(names),
        digests=np.arange(len(names)),
        reads=readers,
        given=np.arange(len(readers)),
        groups={name: [(name, True), (f"{name}.json", False)] for name in names},
        files=dict.fromkeys(names, (1, 2)),
    )
    again = BuildRecord.from_bytes(record.to_bytes())
    assert again is not None and again.program == program and again.names == record.names
    assert told(again.reads) == told(readers) and again.groups == record.groups and again.files == record.files
    assert BuildRecord.from_bytes(b"something else") is None
