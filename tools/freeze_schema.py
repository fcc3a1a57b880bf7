"""A few documents out of a demo's database, with all that hangs on them, as SQL: what tests take forward.

Run it once before a new migration, with the code as it is, and add what it writes to git; it is never made again:

    tracker demo --dir tracker-demo
    python tools/freeze_schema.py tracker-demo/tracker.db tests/store/schemas
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

PLACES = (
    "http://briefly.example/2026-05-01/musk-xai-distillation",
    "http://fabuhui-jiyao.example/2026/0424/lixing-jizhehui",
    "http://harborledger.example/local/ferry-summer-timetable",
)
"""A story with an event, one in Chinese, and one that is no matter of ours."""
REDIRECT = "2026-04-30-as-it-was-called"
Row = dict[str, Any]


def keepers(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """By the name of a column, the values with which a row is kept."""

    def values(sql: str, *given: str) -> set[str]:
        return {row[0] for row in connection.execute(sql, given)}

    marks = ",".join("?" * len(PLACES))
    documents = values(f"SELECT id FROM document WHERE url IN ({marks})", *PLACES)
    of_them = f"document_id IN (SELECT id FROM document WHERE url IN ({marks}))"
    versions = values(f"SELECT id FROM version WHERE {of_them}", *PLACES)
    claims = values(f"SELECT id FROM claim WHERE {of_them}", *PLACES)
    payloads = [json.loads(text) for (text,) in connection.execute("SELECT payload FROM event")]
    events = [event for event in payloads if set(event["document_ids"]) & documents]
    actors = {actor for event in events for actor in event["actors"]}
    kept = {
        "document_id": documents, "version_id": versions, "url": set(PLACES), "claim_id": claims,
        "event_id": {event["id"] for event in events}, "entity_id": actors, "rank": set(), "cluster": set(),
    }  # fmt: skip
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'report'").fetchone():
        for rank, cluster, document in connection.execute("SELECT rank, cluster, document_id FROM report"):
            if document in documents:
                kept["rank"].add(rank)
                kept["cluster"].add(cluster)
    return kept


_OWN_KEY = {name: f"{name}_id" for name in ("document", "version", "claim", "event", "entity")}
_BY = ("version_id", "document_id", "entity_id", "event_id", "rank", "cluster", "url")


def choose(table: str, rows: list[Row], kept: dict[str, set[str]]) -> list[Row]:
    """The rows of a table that hang on what is kept; of a table that hangs on nothing, the smallest one."""
    if table == "mark":
        return [row for row in rows if not row["name"].startswith("requests ")]
    if table in ("dispute", "revision"):
        return sorted(rows, key=lambda row: (len(row["payload"]), row["id"]))[:1]
    if table == "redirect":
        return [*rows, {"old": REDIRECT, "new": min(kept["event_id"])}]
    if table == "pending":
        return [{"document_id": min(kept["document_id"]), "changes": 2}]
    if table in _OWN_KEY:
        return [row for row in rows if row["id"] in kept[_OWN_KEY[table]]]
    return [row for row in rows if next(row[name] in kept[name] for name in _BY if name in row)]


def trim(path: Path) -> tuple[str, str]:
    """(the number of the schema, the SQL) of a demo's database."""
    with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(":memory:")) as small:
        (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        kept = keepers(connection)
        made = "SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY type DESC, name"  # tables, then their indexes
        for (sql,) in connection.execute(made):
            small.execute(sql)
        connection.row_factory = sqlite3.Row
        for (table,) in small.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
            for row in rows if table == "alembic_version" else choose(table, rows, kept):
                small.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", list(row.values()))
        small.commit()
        return schema, "".join(f"{line}\n" for line in small.iterdump())


def main() -> None:
    """Write NUMBER.sql into a folder; one that is there stays as it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("database", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    schema, sql = trim(options.database)
    target = options.folder / f"{schema}.sql"
    with target.open("x", encoding="utf-8") as file:
        file.write(sql)
    print(f"{target}: {len(sql):,} characters")


if __name__ == "__main__":
    main()
