"""Which schema a database has, and taking it forward by the migrations."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from tracker.errors import StoreNewer, StoreUnusable
from tracker.store.dialects import write_alone
from tracker.store.work.schema import find_work_schema, is_work_current, upgrade_work

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0010"
"""The newest migration; a database that is there needs no look at the migration scripts."""
VERSIONS = "alembic_version"
"""The table that names the migration; databases of another kind have one of another name, so that none is taken for
the other."""


def find_schema(connection: Connection, where: str, versions: str = VERSIONS) -> str | None:
    """The number of the schema that a database has; None where it has no tables at all.

    Raises:
        StoreUnusable: it has tables, and they are somebody else's.
    """
    tables = inspect(connection).get_table_names()
    if versions in tables:
        number = connection.execute(select(column("version_num")).select_from(table(versions))).scalar()
        if number is not None:
            return str(number)
    if tables:
        kind = "tracker" if versions == VERSIONS else "tracker's subscribers"
        raise StoreUnusable(f"{where} is not a database of the {kind}; name another in config.yaml")
    return None


def upgrade(
    engine: Engine, where: str, to: str = HEAD, *, migrations: Path = MIGRATIONS, versions: str = VERSIONS
) -> str | None:
    """Take the tables forward, or make them; the schema that was there before.

    Raises:
        StoreUnusable: they are somebody else's, or texts are kept in another encoding than UTF-8.
        StoreNewer: they were made by a newer version of the tracker.
    """
    with engine.connect() as connection:
        before = find_schema(connection, where, versions)
        has_work = versions == VERSIONS and to == HEAD and engine.dialect.name == "postgresql"
        is_current = not has_work or is_work_current(find_work_schema(connection))
        if before == to and is_current:
            return before
        if engine.dialect.name == "postgresql":
            _check_encoding(connection, where)
    # Alembic is slow to import and most openings do not need it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(migrations))
    with engine.begin() as connection:
        write_alone(connection)  # SQLite's driver begins none by itself before a CREATE TABLE; and nobody else migrates
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except CommandError as exc:
            raise StoreNewer(f"{where}; install a newer version of the tracker ({exc})") from exc
        if has_work:
            upgrade_work(connection, where)
    return before


def _check_encoding(connection: Connection, where: str) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise StoreUnusable(
            f"{where} keeps texts in {encoding}; make it anew: createdb --encoding=UTF8 --template=template0 NAME"
        )
