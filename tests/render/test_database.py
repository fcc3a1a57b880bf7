"""The published database: what it promises, described, and true to the dataset."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.conftest import build_world
from tests.render.test_pages import build_hostile
from tracker.config import Site
from tracker.errors import BuildRefused
from tracker.render.catalogue import build_catalogue
from tracker.render.database import DATABASE_PATH, METADATA_PATH, build_database, load_questions, load_schema
from tracker.render.database.building import parted
from tracker.render.database.searchids import search_ids
from tracker.render.database.tablerows import table_rows
from tracker.render.views import Views
from tracker.types import Dataset, Event, Reconciled

PROMISED = (
    "events", "claims", "entities", "aliases", "mentions", "figures", "answers", "disputes", "documents", "versions",
    "sources", "relations",
)  # fmt: skip


def opened(body: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(body)
    return connection


def made(dataset: Dataset, site: Site | None = None) -> bytes:
    return build_database(Views(build_catalogue(dataset), site or Site()))


@pytest.fixture(scope="module")
def database(pages: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    with closing(opened(pages[DATABASE_PATH])) as connection:
        yield connection


def test_the_promised_views_stand_and_the_file_is_sound(database: sqlite3.Connection) -> None:
    views = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert set(PROMISED) <= views
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA user_version").fetchone() == (1,)


def test_every_table_and_column_is_described_inside_and_for_datasette(
    database: sqlite3.Connection, pages: dict[str, bytes]
) -> None:
    found = [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if not name.startswith(("sqlite_", "search_trigram_", "search_"))
    ] + ["search_trigram"]
    told = dict(database.execute("SELECT name, description FROM tables"))
    tables = json.loads(pages[METADATA_PATH])["databases"]["tracker"]["tables"]
    assert sorted(told) == sorted(found) == sorted(tables)
    assert all(len(description) > 20 for description in told.values())
    for table in found:
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        query = "SELECT column_name, kind, description FROM columns WHERE table_name = ? ORDER BY position"
        described = database.execute(query, (table,)).fetchall()
        assert [name for name, _, _ in described] == columns
        assert all(kind and description.endswith((".", "?")) for _, kind, description in described), table
        assert tables[table]["columns"] == {name: description for name, _, description in described}
        assert tables[table].get("hidden", False) == table.startswith("_")


def test_tables_counts_itself_and_all_others(database: sqlite3.Connection) -> None:
    for name, counted in database.execute("SELECT name, row_count FROM tables").fetchall():
        assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (counted,), name


def test_equal_input_gives_equal_bytes_and_other_input_others(pages: dict[str, bytes], world: Dataset) -> None:
    assert made(build_world()) == pages[DATABASE_PATH]
    titled = replace(world.reconciled.events[0], title="Another title")
    other = replace(world, reconciled=replace(world.reconciled, events=(titled, *world.reconciled.events[1:])))
    digests = [
        opened(made(item)).execute("SELECT value FROM about WHERE name = 'content_sha256'") for item in (world, other)
    ]
    assert len({digest.fetchone() for digest in digests}) == 2


def test_numbers_of_the_search_go_by_kind_and_day_and_stay_when_something_comes(world: Dataset) -> None:
    def numbers_of(dataset: Dataset) -> dict[tuple[str, str], int]:
        return search_ids(Views(build_catalogue(dataset), Site()))

    def rank(owner: tuple[str, str]) -> tuple[int, str, str]:
        kind, key = owner
        on = (
            events[key].from_on if kind == "event" else documents[key].current.published if kind == "document" else None
        )
        return -["event", "dispute", "document", "claim"].index(kind), on.isoformat() if on else "", key

    events = {event.id: event for event in world.reconciled.events}
    documents = {document.id: document for document in world.documents}
    numbers = numbers_of(world)
    for named in (events.keys(), documents.keys()):
        owners = [owner for owner in numbers if owner[1] in named]
        assert sorted(owners, key=numbers.__getitem__) == sorted(owners, key=rank, reverse=True)
    event = min(events.values(), key=lambda item: item.from_on)
    day = event.from_on - timedelta(days=1)
    more = replace(event, id="new-event", from_on=day, to_on=day)
    grown = replace(world, reconciled=replace(world.reconciled, events=(*world.reconciled.events, more)))
    assert numbers.items() < numbers_of(grown).items()


def test_rows_are_made_when_they_are_asked_for(world: Dataset) -> None:
    """An update asks for some tables of what changed alone; in the others things would be missing that they look for."""

    class Unread(tuple[Event, ...]):
        def __iter__(self) -> Iterator[Event]:
            raise AssertionError("somebody goes through the events")

    catalogue = build_catalogue(world)
    tables = dict(table_rows(Views(replace(catalogue, events=Unread(catalogue.events)), Site()), {}))
    for name in ("_answers", "_dispute_answers", "_figures"):
        with pytest.raises(AssertionError, match="goes through"):
            list(tables[name])


def test_the_checksum_is_that_of_the_rows_as_the_handbook_says(database: sqlite3.Connection) -> None:
    digest = hashlib.sha256()
    tables = database.execute("SELECT name FROM tables WHERE substr(name, 1, 1) = '_' ORDER BY position").fetchall()
    for (table,) in tables:
        if table in ("_about", "_tables", "_columns"):
            continue
        info = database.execute(f"PRAGMA table_info({table})").fetchall()
        keys = ", ".join(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
        for row in database.execute(
            f"SELECT json_array('{table}', {', '.join(r[1] for r in info)}) FROM {table} ORDER BY {keys}"
        ):
            digest.update(f"{row[0]}\n".encode())
    held = database.execute("SELECT value FROM about WHERE name = 'content_sha256'").fetchone()
    assert held == (digest.hexdigest(),)


def test_every_quote_and_figure_is_its_versions_words(database: sqlite3.Connection, world: Dataset) -> None:
    texts = {version.id: version for document in world.documents for version in document.versions}
    rows = database.execute("SELECT quote, start_offset, end_offset, version_id, version_sha256 FROM claims").fetchall()
    assert len(rows) == len(world.reconciled.claims)
    for quote, start, end, version_id, digest in rows:
        assert texts[version_id].text[start:end] == quote
        assert hashlib.sha256(texts[version_id].text.encode()).hexdigest() == digest
    for text, start, end, version_id in database.execute(
        "SELECT text, start_offset, end_offset, version_id FROM mentions"
    ):
        assert texts[version_id].text[start:end] == text


def test_no_text_of_a_publisher_is_in_the_file_but_what_is_quoted(pages: dict[str, bytes], world: Dataset) -> None:
    body = pages[DATABASE_PATH]
    for document in world.documents:
        for version in document.versions:
            quoted = [item.claim for item in world.reconciled.claims if item.document_id == document.id]
            covered = {at for claim in quoted for at in range(claim.start, claim.end)}
            words, at = [], 0
            for word in version.text.split(" "):
                words.append(word if not covered & set(range(at, at + len(word))) else "\0")
                at += len(word) + 1
            for run in " ".join(words).split("\0"):
                if len(run.split()) >= 6:
                    assert run.strip().encode() not in body, run


def test_who_is_accused_in_lesser_words_keeps_them(database: sqlite3.Connection) -> None:
    row = database.execute("SELECT claim_count, by_name_count, said_as FROM relations "
                           "WHERE subject = 'northwind' AND relation = 'accuses' AND object = 'kestrel'").fetchone()  # fmt: skip
    assert row == (2, 0, '["operators affiliated with Kestrel AI"]')
    outright = "SELECT by_name_count FROM relations WHERE subject = 'northwind' AND object = 'umbra'"
    assert database.execute(outright).fetchone() == (
        1,
    )  # "Umbra copied Borealis outright"; the letter: "affiliated with"
    speaks = database.execute(
        "SELECT object FROM relations WHERE relation = 'speaks_for' AND subject = 'mara-lindqvist'"
    )
    assert speaks.fetchall() == [("kestrel",)]


def test_words_that_are_gone_say_when(database: sqlite3.Connection) -> None:
    query = "SELECT is_current, gone_at, link FROM claims WHERE id = 'c-fix-1'"
    assert database.execute(query).fetchone() == (0, "2026-03-01T09:30:00Z", None)
    assert database.execute("SELECT count(*) FROM claims WHERE is_current AND gone_at IS NOT NULL").fetchone() == (0,)


def test_full_text_finds_words_and_chinese_in_quotes_and_titles(database: sqlite3.Connection) -> None:
    def found(index: str, words: str) -> set[tuple[str, str]]:
        return set(database.execute(f"SELECT kind, id FROM {index} WHERE {index} MATCH ?", (words,)))

    assert ("claim", "c-letter-1") in found("search", "fraudulent account*")
    assert ("event", "northwind-letter-2026-02") in found("search", "title: letter")
    assert {("claim", "c-zh-1"), ("document", "doc-zh")} <= found("search_trigram", "红隼公司")
    joined = (
        "SELECT c.id FROM search_trigram AS s JOIN claims AS c ON c.search_id = s.rowid WHERE search_trigram MATCH ?"
    )
    assert database.execute(joined, ("两万四千个",)).fetchall() == [("c-zh-1",)]
    assert (
        database.execute("SELECT words FROM search WHERE search MATCH 'fraudulent'")
        .fetchone()[0]
        .startswith("In a letter")
    )


def test_a_family_is_all_that_belongs_to_it_even_in_a_circle(world: Dataset) -> None:
    entities = tuple(
        replace(item, parent="umbra") if item.id == "kestrel" else item for item in world.reconciled.entities
    )
    circle = replace(world, reconciled=replace(world.reconciled, entities=entities))
    query = "SELECT member_id, steps FROM families WHERE entity_id = 'kestrel' ORDER BY member_id"
    assert opened(made(world)).execute(query).fetchall() == [("kestrel", 0), ("umbra", 1)]
    assert opened(made(circle)).execute(query).fetchall() == [("kestrel", 0), ("umbra", 1)]


def test_addresses_are_whole_where_the_site_has_one(world: Dataset) -> None:
    body = made(world, Site(base_url="https://tracker.example/d"))
    page = opened(body).execute("SELECT page FROM claims WHERE id = 'c-memo-1'").fetchone()
    assert page == ("https://tracker.example/d/documents/memo-1.html#c-memo-1",)


def test_hostile_values_are_data_and_no_address_runs_a_script() -> None:
    connection = opened(made(build_hostile()))
    assert connection.execute("SELECT url, page FROM documents").fetchone()[0] == ""
    assert connection.execute("SELECT count(*) FROM claims WHERE link IS NULL").fetchone() == (1,)
    assert connection.execute("SELECT party FROM answers").fetchall() == []


def test_an_empty_dataset_is_an_empty_database_that_describes_itself() -> None:
    connection = opened(made(Dataset()))
    assert connection.execute("SELECT count(*) FROM claims").fetchone() == (0,)
    assert connection.execute("SELECT value FROM about WHERE name = 'built_on'").fetchone() == ("",)


def test_two_things_with_one_id_are_refused(world: Dataset) -> None:
    events = world.reconciled.events
    doubled = replace(world, reconciled=Reconciled(events=(*events, events[0]), claims=world.reconciled.claims))
    with pytest.raises(BuildRefused, match="_events"):
        made(doubled)


@settings(max_examples=25)
@given(words=st.text(min_size=1, max_size=60), low=st.floats(allow_nan=True, allow_infinity=True))
def test_any_words_and_numbers_can_be_held_and_offsets_stay(words: str, low: float) -> None:
    world = build_world()
    first = world.reconciled.claims[0]
    claim = replace(first, claim=replace(first.claim, text=words), quantities=(replace(first.quantities[0], low=low),))
    changed = replace(world, reconciled=replace(world.reconciled, claims=(claim, *world.reconciled.claims[1:])))
    connection = opened(made(changed))
    (quote,) = connection.execute("SELECT quote FROM claims WHERE id = ?", (first.id,)).fetchone()
    assert len(quote) == len(words)
    assert all(a == b or b == "\x00" or "\ud800" <= b <= "\udfff" for a, b in zip(quote, words, strict=True))


def test_each_question_runs_and_has_its_parameters(database: sqlite3.Connection) -> None:
    questions = load_questions()
    assert len(questions) == 10
    for question in questions:
        database.execute(question.sql, dict(question.parameters)).fetchall()
        assert database.execute(question.example).description
        assert question.title and question.told, question.name


def test_reading_the_schema_finds_every_view(database: sqlite3.Connection) -> None:
    public = [relation.name for relation in load_schema().relations if relation.is_public]
    real = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    assert [name for name in public if not name.startswith("search") or name == "searchable"] == real


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("及其Qwen实验室", "及其 Qwen 实验室"),
        ("通过近2.5万个账户与Claude", "通过近 2.5 万个账户与 Claude"),
        ("Plain words, été 3", "Plain words, été 3"),
        ("只有汉字。", "只有汉字。"),
    ],
)
def test_the_index_of_words_parts_scripts_and_the_shown_text_stays(text: str, words: str) -> None:
    assert parted(text) == words


@given(st.text())
def test_parting_adds_spaces_only_and_once(text: str) -> None:
    assert parted(text).replace(" ", "") == text.replace(" ", "")
    assert parted(parted(text)) == parted(text)
