"""The database's file out of a dataset: rows, indexes, full-text search, and the checksum of what it says.

This and `tracker.query` are the doors of sqlite3. SQLModel, which the working database has, is not used here: this
file is written once, its schema is SQL that people read, and its bytes must be the same for the same dataset.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np

from tracker import __version__
from tracker.render.database import carrying
from tracker.render.database.inserting import insert
from tracker.render.database.rowkeys import answers_key, row_keys
from tracker.render.database.schema import SCHEMA_VERSION, Schema, load_schema
from tracker.render.database.searchids import search_ids
from tracker.render.database.tablerows import table_rows
from tracker.render.database.values import Row, SearchIds, day, instant, last_look
from tracker.render.tablefiles import Lines
from tracker.render.views import Views

APPLICATION_ID = 0x54524B52
""""TRKR", by which `file` and SQLite tell whose file it is."""
_PAGE_SIZE = 4096
_DIGEST = "content_sha256"
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
"""Chinese, Japanese and Korean characters, for a class of a regular expression."""
_SCRIPTS_MEET = re.compile(rf"(?<=[{CJK}])(?=[^\W_{CJK}])|(?<=[^\W_{CJK}])(?=[{CJK}])")
_SELF_DESCRIBING = ("_about", "_tables", "_columns")
_SEARCHES = ("search", "search_trigram")
_WORDS_AT_ONCE = 1 << 26
"""Bytes of words that a full-text index gathers before it writes them down. With SQLite's own megabyte it writes many
pieces, and putting these together takes as long as finding the words."""
_HEADER_BYTES = 100
_COUNTERS = (24, 40, 92)
"""Where in the header stand the file's change counter, the schema's, and the one for which the version holds."""
_VERSION = 96
"""Where stands which SQLite wrote it."""
_ROWS = "database rows"
"""Under which the keys of the rows are kept (`Tables`)."""
_ANSWERS = "database answers"
"""The same for the one of all answers."""


def build_database(views: Views, old: bytes | None = None) -> bytes:
    """The published database as the bytes of an SQLite file; equal datasets give equal bytes.

    It is made in memory: a site's files are values until they are written all at once. `old` is that of the last build,
    if it is there as that build left it: what would come out the same is taken from it.

    Raises:
        BuildRefused: two things of the dataset have one id.
    """
    numbers, tables = search_ids(views), views.tables
    keys = row_keys(views, numbers, tables.digest) if tables.digest else {}
    last = tables.last.get(_ROWS)
    are_answers_settled = False
    if tables.digest:
        tables.made[_ROWS] = _keys_alone(keys.values())
        answers = tables.made[_ANSWERS] = _keys_alone([answers_key(views, tables.digest)])
        before = tables.last.get(_ANSWERS)
        are_answers_settled = before is not None and bool(np.array_equal(before.keys, answers.keys))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        if old is None or last is None:
            fill_database(connection, table_rows(views, numbers), _facts(views))
        else:
            connection.deserialize(old)
            carried = carrying.compare(connection, views, keys, last.keys.tolist())
            _carry(connection, views, numbers, replace(carried, are_answers_settled=are_answers_settled))
        return _settled(connection.serialize())


def _keys_alone(keys: Iterable[int]) -> Lines:
    return Lines(np.array([*keys], np.int64), np.zeros((0, 3), np.int64))


def fill_database(
    connection: sqlite3.Connection,
    tables: Iterable[tuple[str, Iterable[Row]]],
    facts: Iterable[tuple[str, str, str]],
) -> None:
    """Make the published database in an empty one: schema, rows, indexes, full-text search, and what it says of itself.

    Raises:
        BuildRefused: rows break the schema.
    """
    schema = load_schema()
    connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("BEGIN")
    _execute_all(connection, schema.tables_sql)
    _execute_all(connection, schema.views_sql)
    for table, rows in tables:
        insert(connection, schema, table, rows)
    _tell(connection, schema, facts)
    _execute_all(connection, schema.indexes_sql)
    for index in _SEARCHES:  # once: the index counts how often it was told
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', {_WORDS_AT_ONCE})")  # noqa: S608
    _finish(connection, schema)


def _carry(connection: sqlite3.Connection, views: Views, numbers: SearchIds, carried: carrying.Carried) -> None:
    """As `fill_database`, in a database that was made so."""
    schema = load_schema()
    connection.execute("BEGIN")
    carrying.carry(connection, schema, views, numbers, carried)
    for table in _SELF_DESCRIBING:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    _tell(connection, schema, _facts(views))
    for index in _SEARCHES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")  # noqa: S608
    _finish(connection, schema)


def _finish(connection: sqlite3.Connection, schema: Schema) -> None:
    """Fill the full-text indexes, describe, and lay everything out as if it had come in the order of its keys."""
    _index_words(connection)
    _describe(connection, schema)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    _order_statistics(connection)
    connection.execute("VACUUM")


def _order_statistics(connection: sqlite3.Connection) -> None:
    """ANALYZE goes through the tables in an order of its own, another one in a file that it has seen before."""
    rows = connection.execute("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx").fetchall()
    connection.execute("DELETE FROM sqlite_stat1")
    connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", rows)


def _settled(body: bytes) -> bytes:
    """A database whose header does not count the changes of it and of its schema (sqlite.org/fileformat2.html).

    Nothing has it open yet that could rely on these; a reader compares them with those that it saw in this file before.
    """
    major, minor, patch = sqlite3.sqlite_version_info
    head = bytearray(body[:_HEADER_BYTES])
    for place, value in (*((place, 1) for place in _COUNTERS), (_VERSION, major * 1_000_000 + minor * 1000 + patch)):
        head[place : place + 4] = value.to_bytes(4, "big")
    return bytes(head) + memoryview(body)[_HEADER_BYTES:]


def _index_words(connection: sqlite3.Connection) -> None:
    """Fill the full-text indexes. That of words takes a Latin name amid Chinese as a word of its own."""
    connection.create_function("parted", 1, parted, deterministic=True)
    connection.execute(
        "INSERT INTO search (rowid, kind, id, title, words) "
        "SELECT search_id, kind, id, parted(title), parted(words) FROM searchable"
    )
    connection.execute("INSERT INTO search_trigram (search_trigram) VALUES ('rebuild')")
    for index in _SEARCHES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608


def parted(text: str) -> str:
    """The text with a space between Chinese, Japanese or Korean characters and other letters or digits beside them."""
    return text if text.isascii() else _SCRIPTS_MEET.sub(" ", text)


def _execute_all(connection: sqlite3.Connection, script: str) -> None:
    # executescript would end the transaction.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def _tell(connection: sqlite3.Connection, schema: Schema, facts: Iterable[tuple[str, str, str]]) -> None:
    digest = content_digest(connection, schema)
    told = [*facts, (_DIGEST, digest, "SHA-256 of what the tables say; docs/database.md says how.")]
    about: Iterator[Row] = (
        {"position": position, "name": name, "value": value, "description": meaning}
        for position, (name, value, meaning) in enumerate(told, 1)
    )
    insert(connection, schema, "_about", about)


def _facts(views: Views) -> Iterator[tuple[str, str, str]]:
    """(name, value, what it means) of the file as a whole; all from the data, nothing from the clock."""
    catalogue = views.catalogue
    looks = [document.last_seen_at for document in catalogue.documents.values()]
    looks += [source.last_attempt_at for source in catalogue.sources if source.last_attempt_at]
    newest: date | None = catalogue.as_of or last_look(max(looks, default=None))
    yield "title", views.site.title, "Whose data this is."
    yield "schema_version", str(SCHEMA_VERSION), "Of the documented views; another number means that one has changed."
    yield "built_on", day(newest) or "", "The last day on which the tracker looked at a page: the data are of this day."
    yield (
        "newest_words_at",
        instant(views.newest_words_at) or "",
        "When the newest words in the data were fetched.",
    )
    yield "as_of", instant(catalogue.as_of) or "", "The instant up to which the data were known; empty for the present."
    yield "site_url", views.base, "Where the site stands that the file belongs to; empty where that is not set."
    yield "made_by", f"tracker {__version__}", "The program that made it."


def content_digest(connection: sqlite3.Connection, schema: Schema) -> str:
    """SHA-256 over the rows of the tables beneath the views, but those that describe the file.

    Each row is a line of UTF-8: what SQLite's json_array makes of the table's name and the columns' values in their
    order. Tables come in the schema's order, rows in that of their primary key.
    """
    digest = hashlib.sha256()
    for relation in schema.relations:
        if relation.is_public or relation.name in _SELF_DESCRIBING:
            continue
        values = ", ".join(column.name for column in relation.columns)
        keys = ", ".join(name for _, name in sorted(_keys(connection, relation.name)))
        row = f"SELECT json_array('{relation.name}', {values}) AS line FROM {relation.name} ORDER BY {keys}"  # noqa: S608
        # as one text: to hand over each row takes as long as to write it
        (lines,) = connection.execute(f"SELECT group_concat(line, char(10)) FROM ({row})").fetchone()  # noqa: S608
        if lines is not None:
            digest.update(f"{lines}\n".encode())
    return digest.hexdigest()


def _keys(connection: sqlite3.Connection, table: str) -> Iterator[tuple[int, str]]:
    """(place in the primary key, column) of a table."""
    return ((row[5], row[1]) for row in connection.execute(f"PRAGMA table_info({table})") if row[5])


def _describe(connection: sqlite3.Connection, schema: Schema) -> None:
    """Fill `_tables` and `_columns`, which count and describe everything, themselves among it."""
    columns = [
        (relation.name, position, column.name, column.kind, column.description)
        for relation in schema.relations
        for position, column in enumerate(relation.columns, 1)
    ]
    connection.executemany("INSERT INTO _columns VALUES (?, ?, ?, ?, ?)", columns)
    own = {"tables": len(schema.relations), "_tables": len(schema.relations)}
    own |= dict.fromkeys(_SEARCHES, _count(connection, "searchable"))  # their rows are those of this view
    rows = []
    for position, relation in enumerate(schema.relations, 1):
        counted = own[relation.name] if relation.name in own else _count(connection, relation.name)
        rows.append((position, relation.name, counted, relation.description))
    connection.executemany("INSERT INTO _tables VALUES (?, ?, ?, ?)", rows)


def _count(connection: sqlite3.Connection, relation: str) -> int:
    counted: int = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()[0]  # noqa: S608
    return counted
