"""The tables of workers: Procrastinate's own scripts in their order, then ours; which were run is on record."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, text

from tracker.errors import StoreNewer

_OURS = ("tracker-01",)
_SCRIPTS = {"tracker-01": "schema.sql"}
_RECORD = 'CREATE TABLE work_schema (name text COLLATE "C" PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())'
_PINNED = "procrastinate "
"""The name of the row that says which version's scripts have all been run."""


def find_work_schema(connection: Connection) -> frozenset[str]:
    """The scripts that were run; empty where there are no such tables."""
    if connection.execute(text("SELECT to_regclass('work_schema')")).scalar() is None:
        return frozenset()
    return frozenset(connection.execute(text("SELECT name FROM work_schema")).scalars())


def is_work_current(applied: frozenset[str]) -> bool:
    """Whether the tables are those of the Procrastinate that is installed, and of this version of the tracker."""
    return applied.issuperset((f"{_PINNED}{version('procrastinate')}", *_OURS))


def upgrade_work(connection: Connection, where: str) -> None:
    """Run the scripts that are not on record, in a transaction of the caller's that is alone in writing.

    Raises:
        StoreNewer: a newer version of the tracker has been here.
    """
    applied = find_work_schema(connection)
    if is_work_current(applied):
        return
    from procrastinate.schema import SchemaManager

    migrations = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    names = [path.name for path in migrations]
    unknown = sorted(item for item in applied.difference(names, _OURS) if not item.startswith(_PINNED))
    if unknown:
        raise StoreNewer(f"{where}; install a newer version of the tracker (its workers' tables: {unknown[-1]})")
    if not applied:
        connection.execute(text(_RECORD))
        _run(connection, SchemaManager.get_schema())
        _note(connection, names)
    for path in migrations:
        if applied and path.name not in applied:
            _run(connection, path.read_text(encoding="utf-8"))
            _note(connection, [path.name])
    for name in _OURS:
        if name not in applied:
            _run(connection, (Path(__file__).parent / _SCRIPTS[name]).read_text(encoding="utf-8"))
            _note(connection, [name])
    _note(connection, [f"{_PINNED}{version('procrastinate')}"])


def _run(connection: Connection, script: str) -> None:
    # Without parameters the driver takes several statements at once, and a % for what it is.
    connection.execution_options(no_parameters=True).exec_driver_sql(script)


def _note(connection: Connection, names: list[str]) -> None:
    insert = text("INSERT INTO work_schema (name) VALUES (:name) ON CONFLICT DO NOTHING")
    connection.execute(insert, [{"name": name} for name in names])
