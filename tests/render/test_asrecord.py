from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import version
from tracker.render.asrecord import as_record
from tracker.render.jsontext import json_bytes


@dataclass(frozen=True)
class _Leaf:
    on: date


@dataclass(frozen=True, slots=True)
class _Branch:
    name: str
    number: float | None
    leaf: _Leaf | None
    leaves: tuple[_Leaf, ...]
    pairs: tuple[tuple[str, int], ...]


_leaves = st.builds(_Leaf, st.dates())
_branches = st.builds(
    _Branch,
    st.text(),
    st.none() | st.floats(allow_nan=False),
    st.none() | _leaves,
    st.lists(_leaves, max_size=3).map(tuple),
    st.lists(st.tuples(st.text(), st.integers()), max_size=3).map(tuple),
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(), part, max_size=4),
    max_leaves=20,
)


@given(_branches)
def test_a_record_is_what_asdict_gives(branch: _Branch) -> None:
    assert as_record(branch) == asdict(branch)
    assert list(as_record(branch)) == list(asdict(branch))


def test_a_version_with_all_that_it_holds_is_what_asdict_gives() -> None:
    held = version("d", 1, "One. Two.", "A title")
    assert as_record(held) == asdict(held)


@given(st.dictionaries(st.text(), _json) | st.lists(_json))
def test_a_json_file_says_what_it_was_given(value: Any) -> None:
    assert json.loads(json_bytes(value)) == value


def test_a_json_file_has_a_line_for_each_key_and_item() -> None:
    value = {
        "id": "e",
        "claims": [{"at": [1, 2]}, {"at": []}],
        "actors": ("a", "b"),
        "none": [],
        "day": date(2026, 2, 3),
    }
    assert json_bytes(value).decode().splitlines() == [
        "{",
        '"id": "e",',
        '"claims": [',
        '{"at": [1, 2]},',
        '{"at": []}',
        "],",
        '"actors": ["a", "b"],',
        '"none": [],',
        '"day": "2026-02-03"',
        "}",
    ]


def test_what_json_has_no_form_for_is_an_error() -> None:
    assert json_bytes([datetime(2026, 2, 3, 4, tzinfo=UTC)]) == b'[\n"2026-02-03T04:00:00+00:00"\n]\n'
    assert json_bytes({"broken": "\ud800"}) == b'{\n"broken": "\\ud800"\n}\n'
    with pytest.raises(TypeError, match="set"):
        json_bytes({"a": {1}})
