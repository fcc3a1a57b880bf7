"""Reading requests: whatever is sent is understood in one way or refused with a problem, never anything else."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.apiclient import ROOT, client_of
from tracker.serve.api.bodies import choose_format, csv_body
from tracker.serve.api.cursors import decode_cursor, encode_cursor
from tracker.serve.api.filters import AS_OF, LIMIT, UPDATED_SINCE
from tracker.serve.api.parameters import read_pairs, read_parameters
from tracker.serve.api.problems import Problem

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_of_any_zone_is_that_instant(at: datetime, offset: int) -> None:
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset)
    text = f"{at.replace(microsecond=0).isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"
    held = read_parameters([("as_of", text)], [AS_OF])["as_of"]
    assert datetime.fromisoformat(held) == datetime.fromisoformat(text)
    assert read_parameters([("as_of", text.replace("+", " "))], [AS_OF])["as_of"] == held


@given(st.dates())
def test_a_day_is_its_end_for_what_stood_and_its_beginning_for_news(day: object) -> None:
    held = read_parameters([("as_of", f"{day}"), ("updated_since", f"{day}")], [AS_OF, UPDATED_SINCE])
    assert held == {"as_of": f"{day}T23:59:59Z", "updated_since": f"{day}T00:00:00Z"}


@given(st.text(max_size=40))
def test_any_text_is_an_instant_or_refused(text: str) -> None:
    try:
        held = read_parameters([("as_of", text)], [AS_OF])["as_of"]
    except Problem as problem:
        assert problem.errors[0].parameter == "as_of"
    else:
        assert INSTANT.fullmatch(held) and datetime.fromisoformat(held).tzinfo == UTC


@given(st.text(max_size=12))
def test_any_text_is_a_count_or_refused(text: str) -> None:
    try:
        assert 1 <= read_parameters([("limit", text)], [LIMIT])["limit"] <= 500
    except Problem as problem:
        assert problem.status == 400


@given(st.binary(max_size=200))
def test_any_query_is_read_or_refused(query: bytes) -> None:
    try:
        pairs = read_pairs(query)
    except Problem as problem:
        assert problem.status in (400, 414)
    else:
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in pairs)


@given(
    st.lists(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30), min_size=1, max_size=3),
    st.text(max_size=10),
)
def test_a_cursor_comes_back_as_it_went_and_for_no_other_question(keys: list[str], question: str) -> None:
    cursor = encode_cursor("0123456789", tuple(keys))
    assert re.fullmatch(r"[\w-]+", cursor, re.ASCII)
    assert decode_cursor(cursor, "0123456789", len(keys)) == tuple(keys)
    with pytest.raises(Problem):
        decode_cursor(cursor, question, len(keys))
    with pytest.raises(Problem):
        decode_cursor(cursor, "0123456789", len(keys) + 1)


@given(st.text(max_size=60))
def test_any_accept_header_is_answered_or_refused(accept: str) -> None:
    try:
        assert choose_format(accept, None) in ("json", "jsonl", "csv")
    except Problem as problem:
        assert problem.status == 406


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=5))
def test_no_cell_begins_a_formula(cells: list[str]) -> None:
    body = csv_body([{"a": cell, "b": 1} for cell in cells], ["a", "b"]).decode()
    if "\0" not in body:
        read = [row[0] for row in list(csv.reader(io.StringIO(body, newline="")))[1:]]
        assert not [cell for cell in read if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
        assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in cells]


def test_many_ask_at_once_while_newer_data_are_published(api_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    paths = ["/claims", "/events/northwind-letter-2026-02", "/search?q=letter", "/entities?actor=kestrel", "/figures"]

    async def run() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(client.app), base_url="http://t.example") as asking:
            asked = [asyncio.create_task(asking.get(f"{ROOT}{paths[number % 5]}")) for number in range(60)]
            for _ in range(3):
                await asyncio.to_thread(publish)
            return [(await task).status_code for task in asked]

    def publish() -> None:
        newer = path.with_suffix(".new")
        newer.write_bytes(api_database.read_bytes())
        newer.replace(path)
        assert client.editions.look()

    with client_of(path) as client:
        assert set(asyncio.run(run())) == {200}
