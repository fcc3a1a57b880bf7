"""A store of any size for the benchmark of the site: invented news, read and reconciled, then the same again and again
at later days, under other ids. Firms are in all of it, so that some pages have thousands of events to show."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.reconcile_growth import Prepared, put, run
from benchmarks.reconcile_world import DOCUMENTS_A_DAY, World
from tracker.ids import sha256_hex
from tracker.store import open_store
from tracker.types import Document, Extraction

__all__ = ["Prepared", "fill", "one_more", "run"]

_DAYS = 40
_PEOPLE = 92
_CARRIED = 0.27
_DOCUMENT = re.compile(r"\bw(\d{6})\b")
_DIGEST = re.compile(r"\b(c|doc)-([0-9a-f]{12})\b")
_PERSON = re.compile(r"\bperson-(\d+)\b")
_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b(?!T)")
_TABLES = ("document", "version", "extraction", "claim", "event", "dispute", "revision", "entity")
_AS_THEY_ARE = frozenset({"signature", "first_seen_at", "fetched_at", "last_seen_at"})


def fill(path: Path, documents: int) -> None:
    """Make a database of about so many documents, a quarter as many events."""
    tile = min(documents, _DAYS * DOCUMENTS_A_DAY)
    with open_store(f"sqlite:///{path}") as store:
        days = _world().days()
        for _ in range(tile // DOCUMENTS_A_DAY):
            put(store, next(days))
        run(store)
    base = sqlite3.connect(path)
    base.execute("pragma synchronous = off")
    first = {table: _rows(base, table) for table in _TABLES}
    for number in range(1, max(documents // tile, 1)):
        _copy(base, first, number)
    base.commit()
    base.close()


def _rows(base: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    cursor = base.execute(f"select * from {table}")
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]


def one_more(documents: int) -> tuple[Document, Extraction]:
    """A document of the day after those that were reconciled, on the matter and with a claim."""
    days = _world().days()
    for _ in range(min(documents, _DAYS * DOCUMENTS_A_DAY) // DOCUMENTS_A_DAY):
        next(days)
    return next(item for item in next(days) if item[1].claims)


def _world() -> World:
    return World(people=_PEOPLE, carried=_CARRIED)


def _copy(base: sqlite3.Connection, first: Mapping[str, Sequence[Mapping[str, Any]]], number: int) -> None:
    """Everything once more, as number `number`: other ids, later days, words of the same length."""
    named = {row["id"]: f"{row['id']}-t{number}" for table in ("event", "dispute") for row in first[table]}
    quoted = re.compile(r'(?<=")([^"\\]+)(?=")')

    def move(text: str) -> str:
        text = quoted.sub(lambda found: named.get(found[0], found[0]), text)
        text = _DOCUMENT.sub(rf"w{number:02d}\1", text)
        text = _DIGEST.sub(lambda found: f"{found[1]}-{sha256_hex(f'{number}{found[2]}')[:12]}", text)
        text = _PERSON.sub(rf"person-{number}x\1", text)
        return _DAY.sub(lambda found: _later(found[0], number), text)

    for table, held in first.items():
        rows = [
            {name: value if name in _AS_THEY_ARE else _moved(value, named, move) for name, value in row.items()}
            for row in held
        ]
        for row in rows:
            if table == "version":
                row["text_sha256"] = sha256_hex(row["text"])
            if table == "revision":
                row["id"] = sha256_hex(f"{number}{row['id']}")[:32]
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            insert = f"insert or ignore into {table} ({', '.join(rows[0])}) values ({marks})"
            base.executemany(insert, [tuple(row.values()) for row in rows])


def _moved(value: Any, named: Mapping[str, str], move: Callable[[str], str]) -> Any:
    return move(named.get(value, value)) if isinstance(value, str) else value


def _later(day: str, number: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=number * (_DAYS + 2))).isoformat()
