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
from datetime import date

from tracker import __version__
from tracker.errors import BuildRefused
from tracker.render.database import claimrows, documentrows, eventrows, partyrows
from tracker.render.database.schema import SCHEMA_VERSION, Schema, load_schema
from tracker.render.database.values import Row, SearchIds, day, instant, last_look, storable
from tracker.render.views import Views

APPLICATION_ID = 0x54524B52
""""TRKR", by which `file` and SQLite tell whose file it is."""
_PAGE_SIZE = 4096
_DIGEST = "content_sha256"
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
"""Chinese, Japanese and Korean characters, for a class of a regular expression."""
_SCRIPTS_MEET = re.compile(rf"(?<=[{CJK}])(?=[^\W_{CJK}])|(?<=[^\W_{CJK}])(?=[{CJK}])")
_SELF_DESCRIBING = ("_about", "_tables", "_columns")


def build_database(views: Views) -> bytes:
    """The published database as the bytes of an SQLite file; equal datasets give equal bytes.

    It is made in memory: a site's files are values until they are written all at once.

    Raises:
        BuildRefused: two things of the dataset have one id.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        fill_database(connection, table_rows(views), _facts(views))
        return connection.serialize()


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
    _insert_all(connection, schema, tables, facts)
    _execute_all(connection, schema.indexes_sql)
    _index_words(connection)
    _describe(connection, schema)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("VACUUM")


def _index_words(connection: sqlite3.Connection) -> None:
    """Fill the full-text indexes. That of words takes a Latin name amid Chinese as a word of its own."""
    connection.create_function("parted", 1, parted, deterministic=True)
    connection.execute(
        "INSERT INTO search (rowid, kind, id, title, words) "
        "SELECT search_id, kind, id, parted(title), parted(words) FROM searchable"
    )
    connection.execute("INSERT INTO search_trigram (search_trigram) VALUES ('rebuild')")
    for index in ("search", "search_trigram"):
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


def table_rows(views: Views) -> Iterator[tuple[str, Iterable[Row]]]:
    """(table, its rows) for each table beneath the views, but those that describe the file itself."""
    catalogue = views.catalogue
    documents, entities = catalogue.documents.values(), catalogue.entities
    numbers = search_ids(views)
    yield "_entities", documentrows.entity_rows(views)
    yield "_aliases", documentrows.alias_rows(entities.values())
    yield "_families", documentrows.family_rows(entities)
    yield "_relations", documentrows.relation_rows(views)
    yield "_sources", documentrows.source_rows(views)
    yield "_documents", documentrows.document_rows(views, numbers)
    yield "_versions", documentrows.version_rows(documents)
    yield "_mentions", documentrows.mention_rows(documents, entities)
    yield "_claims", claimrows.claim_rows(views, numbers)
    yield "_claim_parties", claimrows.claim_party_rows(views)
    yield "_quantities", claimrows.quantity_rows(views)
    yield "_events", eventrows.event_rows(views, numbers)
    yield "_event_claims", eventrows.event_claim_rows(views)
    yield "_event_sources", eventrows.event_source_rows(views)
    yield "_figures", eventrows.figure_rows(views)
    yield "_assertions", eventrows.assertion_rows(views)
    yield "_assertion_claims", eventrows.assertion_claim_rows(views)
    yield "_answers", eventrows.answer_rows(views)
    yield "_dispute_answers", eventrows.dispute_answer_rows(views)
    yield "_disputes", eventrows.dispute_rows(views, numbers)
    yield "_dispute_events", eventrows.dispute_event_rows(views)
    yield "_dispute_steps", eventrows.dispute_step_rows(views)
    yield "_law_stages", documentrows.law_stage_rows(views)
    yield "_revisions", claimrows.revision_rows(views)
    yield "_party_rows", partyrows.party_rows(views)
    yield "_withdrawn", claimrows.withdrawn_rows(views)
    yield "_redirects", ({"old_id": old, "new_id": new} for old, new in catalogue.redirects)


def search_ids(views: Views) -> SearchIds:
    """One count over all that can be found: events, disputes, documents, claims, of each the newest first.

    So the API's search runs along the full-text index in that order.
    """
    catalogue = views.catalogue
    dated = {
        "event": ((day(event.from_on), event.id) for event in catalogue.events),
        "dispute": ((day(dispute.changed_on), dispute.id) for dispute in catalogue.disputes),
        "document": ((day(document.current.published), key) for key, document in catalogue.documents.items()),
        "claim": ((claimrows.claim_day(views, record), key) for key, record in catalogue.claims.items()),
    }
    newest = ((kind, sorted(((on or "", key) for on, key in found), reverse=True)) for kind, found in dated.items())
    found = ((kind, key) for kind, rows in newest for _, key in rows)
    return {key: number for number, key in enumerate(found, 1)}


def _insert_all(
    connection: sqlite3.Connection,
    schema: Schema,
    tables: Iterable[tuple[str, Iterable[Row]]],
    facts: Iterable[tuple[str, str, str]],
) -> None:
    for table, rows in tables:
        _insert(connection, schema, table, rows)
    digest = content_digest(connection, schema)
    told = [*facts, (_DIGEST, digest, "SHA-256 of what the tables say; docs/database.md says how.")]
    about: Iterator[Row] = (
        {"position": position, "name": name, "value": value, "description": meaning}
        for position, (name, value, meaning) in enumerate(told, 1)
    )
    _insert(connection, schema, "_about", about)


def _insert(connection: sqlite3.Connection, schema: Schema, table: str, rows: Iterable[Row]) -> None:
    columns = schema.table_columns(table)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    try:
        # Nearly every value is held as it is: a call for each would take as long as SQLite does.
        connection.executemany(
            sql,
            (
                [v if type(v) is not str or v.isprintable() else storable(v) for v in map(row.__getitem__, columns)]
                for row in rows
            ),
        )
    except sqlite3.IntegrityError as error:
        raise BuildRefused(f"the dataset does not fit the database's table {table}: {error}") from error


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
        query = f"SELECT json_array('{relation.name}', {values}) FROM {relation.name} ORDER BY {keys}"  # noqa: S608
        for (line,) in connection.execute(query):
            digest.update(line.encode() + b"\n")
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
    rows = []
    for position, relation in enumerate(schema.relations, 1):
        counted = connection.execute(f"SELECT count(*) FROM {relation.name}").fetchone()[0]  # noqa: S608
        rows.append((position, relation.name, own.get(relation.name, counted), relation.description))
    connection.executemany("INSERT INTO _tables VALUES (?, ?, ?, ?)", rows)
