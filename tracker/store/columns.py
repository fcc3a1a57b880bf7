"""What kinds of columns there are, so that SQLite and PostgreSQL hold the same values and put them in the same order.

SQLite has integers of 64 bits, compares texts byte by byte and knows no time zones. On PostgreSQL the same columns are
`bigint`, `COLLATE "C"` and `timestamptz`: an id or a page never depends on which of the two keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, String, Text, event
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import AutoString

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_POSTGRES = "postgresql"


def mended(text: str) -> str:
    """The text as both databases can hold it."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("\ufffd", text)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in the program; in the column naive UTC on SQLite, an instant on PostgreSQL."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """With a time zone where the database knows of them."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == _POSTGRES))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant: whose clock would it be?"""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        in_utc = value.astimezone(UTC)
        return in_utc if dialect.name == _POSTGRES else in_utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant its time zone back; the server tells it in that of its session."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length. NUL and lone surrogates become U+FFFD, one for one so that offsets stay: neither UTF-8 nor
    PostgreSQL's text can hold them, and one odd title must not end a run."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The same for what is stored and for what is looked up."""
        return value if value is None or (value.isascii() and "\0" not in value) else _UNSTORABLE.sub("\ufffd", value)


class LongWords(Words):
    """The same in a column that is declared as `TEXT`; to both databases that is no difference."""

    impl = Text
    cache_ok = True


def fit(metadata: MetaData) -> None:
    """Let every table's texts and integers be those of this page; to be called before the tables are used."""
    for table in metadata.tables.values():
        for column in table.columns:
            if type(column.type) is Integer:
                column.type = Integer().with_variant(BigInteger(), _POSTGRES)
            elif isinstance(column.type, Text):
                column.type = LongWords()
            elif isinstance(column.type, String | AutoString):
                column.type = Words()


@contextmanager
def fitting(dialect: str) -> Iterator[None]:
    """While migrations run: the plain types that they name are made as PostgreSQL has to have them."""
    if dialect != _POSTGRES:
        yield
        return
    event.listen(Column, "before_parent_attach", _fit_for_postgres)
    try:
        yield
    finally:
        event.remove(Column, "before_parent_attach", _fit_for_postgres)


def _fit_for_postgres(column: Column[Any], _table: Any) -> None:
    if isinstance(column.type, String):
        column.type = type(column.type)(collation="C")
    elif type(column.type) is Integer:
        column.type = BigInteger()
    elif isinstance(column.type, DateTime):
        column.type = DateTime(timezone=True)
