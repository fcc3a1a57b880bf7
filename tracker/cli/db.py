"""`tracker db`: the working database itself, SQLite or PostgreSQL: taking it forward, looking through it, moving it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.console import SOME_FAILED, ConfigOption, err, out, progress_lines, settings_from
from tracker.cli.data import DataOption
from tracker.config import Settings
from tracker.errors import InputError, UnreadableInput
from tracker.render.wording import count_words
from tracker.store import (
    RunLock,
    check_store,
    copy_store,
    drop_store_index,
    has_store,
    hold_database,
    index_store,
    place_of,
    upgrade_store,
)
from tracker.store.schema import HEAD


def _settings(config: Path | None, folder: Path | None) -> Settings:
    settings = settings_from(config)
    if folder is None:
        return settings
    return settings.model_copy(update={"data_dir": folder.resolve(), "database": None})


def _existing(settings: Settings) -> str:
    if not has_store(settings.database_url):
        raise UnreadableInput(f"there is no database {place_of(settings.database_url)} yet; `tracker run` makes it")
    return settings.database_url


def upgrade(folder: DataOption = None, config: ConfigOption = None) -> None:
    """Take the database forward to this version's schema, or make one that is not there yet.

    Every command does so by itself; this one tells of it and does nothing else. There is no way back: keep a copy.

    Example: `tracker db upgrade`
    """
    settings = _settings(config, folder)
    with RunLock(settings.data_dir, settings.database_url).hold():
        before = upgrade_store(settings.database_url)
    place = escape(place_of(settings.database_url))
    if before == HEAD:
        out.print(f"{place}: schema {HEAD}, the newest; nothing to do", soft_wrap=True)
    elif before is None:
        out.print(f"{place}: made with schema {HEAD}", soft_wrap=True)
    else:
        out.print(f"{place}: schema {before} taken forward to {HEAD}", soft_wrap=True)


def check(folder: DataOption = None, config: ConfigOption = None) -> None:
    """Look through the database: its schema, what it holds, and whether every stored span holds its words.

    Nothing is changed, not even an old schema. Ends with 3 where something does not hold.

    Example: `tracker db check`
    """
    found = check_store(_existing(_settings(config, folder)))
    out.print(f"{escape(found.place)}: {_schema(found.schema, found.is_current)}", soft_wrap=True)
    if not found.is_current:
        return
    _print_table(("table", "rows"), [(name, f"{rows:,}") for name, rows in found.rows])
    if found.index is not None and not found.index.is_usable:
        out.print("The full-text index is of another version of the tracker: the next `tracker find` makes it anew.")
    elif found.index is not None:
        filed = count_words(found.index.versions, "version", "versions")
        out.print(f"The full-text index files {filed}; {found.index.due:,} are due.", soft_wrap=True)
    for fault in found.faults:
        err.print(f"[yellow]fault:[/] {escape(fault)}", soft_wrap=True)
    if found.more_faults:
        err.print(f"[yellow]and {found.more_faults} more[/]")
    if found.faults:
        raise typer.Exit(SOME_FAILED)
    read = count_words(found.extractions, "extraction", "extractions")
    out.print(f"Every text is as it was stored, and every span of {read} holds its words.", soft_wrap=True)


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Throw it away and make it again.")] = False,
    drop: Annotated[
        bool, typer.Option("--drop", help="Throw it away; the next `tracker find` makes it again.")
    ] = False,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Make the full-text index that `tracker find` asks, or bring it up to date; `find` does so by itself.

    It holds nothing of its own. Others may work meanwhile; stopped, it goes on where it was.

    Example: `tracker db index`
    """
    if rebuild and drop:
        raise InputError("--rebuild and --drop: one of them")
    address = _existing(_settings(config, folder))
    place = escape(place_of(address))
    if drop:
        was = drop_store_index(address)
        out.print(f"{place}: {'the full-text index is gone' if was else 'there is no full-text index'}", soft_wrap=True)
        return
    with progress_lines() as progress:
        state, size = index_store(address, lambda done, total: progress("index", done, total), anew=rebuild)
    told = count_words(state.versions, "version", "versions")
    room = f", {size / 1e6:,.1f} MB ({size / max(state.versions, 1):,.0f} bytes each)" if size is not None else ""
    out.print(f"{place}: full-text index of {told}{room}", soft_wrap=True)
    if address.startswith("postgresql"):
        helped = "by pg_trgm" if state.has_trigrams else "without pg_trgm, which this server or user lacks"
        out.print(f"Misspelt words and parts of words are looked up {helped}.", soft_wrap=True)


def _schema(schema: str | None, is_current: bool) -> str:
    if schema is None:
        return "it has no tables yet; `tracker db upgrade` makes them"
    if is_current:
        return f"schema {schema}, the newest"
    if schema > HEAD:
        return f"schema {schema}, which is newer than this version of the tracker ({HEAD}); install a newer one"
    return f"schema {schema}; `tracker db upgrade` takes it to {HEAD}, and then it can be checked"


def copy(
    target: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="Where to: postgresql+psycopg://user@host/name or sqlite:///file.")
    ],
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Copy the database to an empty one, from SQLite to PostgreSQL or back, and prove that both hold the same.

    It is one transaction: all of it is there, or nothing. Every row is read back and compared. Leave the password out
    of the address: PGPASSWORD or ~/.pgpass give it. The archive of pages is files and stays in the data folder.

    Example: `tracker db copy postgresql+psycopg://tracker@localhost/tracker`
    """
    settings = _settings(config, folder)
    source = _existing(settings)
    with ExitStack() as held, progress_lines() as progress:
        held.enter_context(RunLock(settings.data_dir, source).hold())
        held.enter_context(hold_database(target))
        copied = copy_store(source, target, lambda done, total: progress("copy", done, total))
    _print_table(
        ("table", "rows", "SHA-256 in both"),
        [(table.name, f"{table.rows:,}", table.digest[:16]) for table in copied.tables],
    )
    rows = count_words(sum(table.rows for table in copied.tables), "row", "rows")
    out.print(f"{rows} from {escape(copied.source)} to {escape(copied.target)}: both hold the same.", soft_wrap=True)
    out.print(f"To work there: `database: {escape(copied.address)}` in config.yaml", soft_wrap=True)


def _print_table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in heads:
        table.add_column(head, justify="right" if head == "rows" else "left")
    for row in rows:
        table.add_row(*row)
    out.print(table)


COMMANDS: dict[str, Callable[..., None]] = {"upgrade": upgrade, "check": check, "copy": copy, "index": index}
"""By the name after `tracker db`."""
