"""Moving a store to another database, whole or not at all, and proving that it is the same there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.engine import URL

from tracker.errors import InputError, StoreUnusable
from tracker.store.addresses import parse_address, place_of, written_address
from tracker.store.columns import mended
from tracker.store.dialects import for_reading, write_alone
from tracker.store.engine import connected
from tracker.store.faults import translated
from tracker.store.schema import upgrade
from tracker.store.tables import Digesting, TableSum, all_tables, batches_of, count_rows, sum_table

Note = Callable[[int, int], None]
"""Told of (rows done, rows in all); every row counts twice, as it is written and as it is read back."""


@dataclass(frozen=True)
class Copied:
    """A copy that was made and compared."""

    source: str
    target: str
    address: str
    """The target as config.yaml may name it, without a password."""
    tables: tuple[TableSum, ...]
    """Each table as it stands in both."""


def copy_store(source: str, target: str, note: Note = lambda done, total: None) -> Copied:
    """Copy every row of one database to another in one transaction, and read them back to compare.

    Both are taken to the newest schema first. Nobody may write to either meanwhile: hold the source's run lock.

    Raises:
        InputError: both are the same database, or the target holds something.
        StoreUnusable: one cannot be used, or what was read back differs; the target is then as empty as before.
    """
    _check_target(parse_address(source), parse_address(target))
    with ExitStack() as stack:
        from_engine, from_place = stack.enter_context(connected(source))
        to_engine, to_place = stack.enter_context(connected(target))
        for engine, where in ((from_engine, from_place), (to_engine, to_place)):
            with translated(where):
                upgrade(engine, where)
        reader = stack.enter_context(_one_state(from_engine))
        with translated(to_place), to_engine.begin() as writer:
            write_alone(writer)
            _check_empty(writer, to_place)
            sums = _copy_tables(reader, writer, note)
    return Copied(from_place, to_place, written_address(target), tuple(sums))


def _check_target(source: URL, target: URL) -> None:
    if place_of(source) == place_of(target):
        raise InputError(f"{place_of(source)} is the database itself; name another to copy it to")
    if target.get_backend_name() == "sqlite" and target.database in (None, "", ":memory:"):
        raise InputError("the target names no file; write sqlite:////path/to/tracker.db")


def _one_state(engine: Engine) -> Connection:
    connection = for_reading(engine).connect()
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")  # else each statement would read what was written before it
    return connection


def _check_empty(connection: Connection, where: str) -> None:
    held = {name: rows for name, rows in count_rows(connection).items() if rows}
    if held:
        told = ", ".join(f"{rows} in {name}" for name, rows in list(held.items())[:4])
        raise InputError(f"{where} is not empty (rows: {told}); name an empty database, nothing was copied")


def _copy_tables(reader: Connection, writer: Connection, note: Note) -> Sequence[TableSum]:
    total, done = 2 * sum(count_rows(reader).values()), 0

    def went(rows: int) -> None:
        nonlocal done
        done += rows
        note(done, total)

    note(0, total)
    written = [_copy_table(reader, writer, table, went) for table in all_tables()]
    for table, was in zip(all_tables(), written, strict=True):
        now = sum_table(writer, table, went)
        if now != was:
            raise StoreUnusable(
                f"table {was.name}: {was.rows} rows with digest {was.digest[:12]} came back as {now.rows} rows with "
                f"{now.digest[:12]}; nothing was copied"
            )
    return written


def _copy_table(reader: Connection, writer: Connection, table: Table, went: Callable[[int], None]) -> TableSum:
    digesting = Digesting(table)
    names = [column.name for column in table.columns]
    for read in batches_of(reader, table):
        # what an older version has let into SQLite's texts, and PostgreSQL's cannot hold
        batch = [tuple(mended(value) if isinstance(value, str) else value for value in row) for row in read]
        digesting.add(batch)
        writer.execute(insert(table), [dict(zip(names, row, strict=True)) for row in batch])
        went(len(batch))
    _go_on_counting(writer, table)
    return digesting.sum()


def _go_on_counting(connection: Connection, table: Table) -> None:
    """The next number that PostgreSQL gives is behind those that were copied."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    highest = connection.execute(select(func.max(column))).scalar()
    if highest is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
        connection.execute(sequence, {"table": table.name, "column": column.name, "highest": highest})
