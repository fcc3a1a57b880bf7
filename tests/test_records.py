"""The exchange format: what goes in comes out, and what is wrong is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UnreadableInput
from tracker.records import (
    document_from_record,
    extraction_from_json,
    extraction_from_record,
    extraction_to_json,
    extraction_to_record,
)

TEXT = "Orchid Labs said on Monday that Fern AI used about 300 accounts."
RECORD = {
    "id": "d1",
    "relevance": "relevant",
    "entities": [{"start": 0, "end": 11, "id": "orchid-labs", "name": "Orchid Labs", "type": "company"}],
    "quantities": [{"start": 48, "end": 63, "kind": "accounts", "low": 300, "high": 300, "qualifier": "about"}],
    "dates": [{"start": 20, "end": 26, "from": "2026-03-02", "to": "2026-03-02"}],
    "claims": [
        {
            "type": "allegation", "start": 0, "end": 64, "speaker": "orchid-labs", "accused": ["fern-ai"],
            "accused_as": "Fern AI", "for": "x", "target": [],
            "quantities": [0], "dates": [0], "via": [], "status": "alleged",
        }
    ],
}  # fmt: skip


def test_an_extraction_goes_through_the_format_unchanged() -> None:
    extraction = extraction_from_record(RECORD, TEXT)
    record = extraction_to_record(extraction)
    assert extraction_from_record(record, TEXT) == extraction
    assert record["quantities"][0]["low"] == 300 and isinstance(record["quantities"][0]["low"], int)
    assert record["claims"][0]["for"] == "x"
    assert record["dates"][0]["from"] == "2026-03-02"


def test_an_extraction_goes_through_storage_unchanged() -> None:
    extraction = extraction_from_record(RECORD, TEXT)
    assert extraction_from_json(extraction_to_json(extraction)) == extraction


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"text": "x"}, "id"),
        ({"id": "a"}, "text"),
        ({"id": 3, "text": "x"}, "id"),
        ({"id": "a", "text": "x", "published": "June"}, "published"),
        ({"id": "a", "text": "x", "published": 1750000000}, "published"),
        ({"id": "a", "text": "x", "publisher_type": "podcast"}, "publisher_type"),
    ],
)
def test_a_wrong_document_is_refused_by_field(record: dict[str, object], words: str) -> None:
    with pytest.raises(UnreadableInput, match=words):
        document_from_record(record)


def test_a_span_outside_the_text_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="does not lie in the text"):
        extraction_from_record({**RECORD, "claims": [{**RECORD["claims"][0], "end": 999}]}, TEXT)  # type: ignore[index,dict-item]


def test_an_instant_keeps_its_day() -> None:
    document = document_from_record({"id": "a", "text": "x", "published": "2026-06-24T23:59:00Z"})
    assert str(document.published) == "2026-06-24"


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_becomes_storable_at_the_same_length(text: str) -> None:
    document = document_from_record({"id": "a", "text": text})
    assert len(document.text) == len(text)
    assert document.text.encode("utf-8").decode("utf-8") == document.text
    assert "\x00" not in document.text
