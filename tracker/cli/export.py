"""The command that writes what is known: as records, as a database, or in the formats of others."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer
from rich.markup import escape

from tracker.app import App
from tracker.cli.console import ConfigOption, check_out, err, write_result
from tracker.cli.data import AsOfOption, DataOption, OutOption, open_data
from tracker.errors import InputError
from tracker.render.columns import Column, exported_columns
from tracker.render.database import make_database
from tracker.render.edits import proposal_records
from tracker.render.exchange import EXCHANGES, find_exchange, make_exchange
from tracker.render.exports import Format, What, export_records, render_records
from tracker.render.parquet import is_installed as is_parquet_installed
from tracker.render.parquet import parquet_bytes
from tracker.types import Dataset

PARQUET, SQLITE = "parquet", "sqlite"
PROPOSALS = "entity-proposals"
"""Worked out for people to decide on, and no part of what is published."""
DATABASE = "database"
_TEXTS: tuple[str, ...] = get_args(Format)


def _formats() -> dict[str, tuple[str, ...]]:
    """What can be written, each with its formats; the first is the one without --format."""
    formats: dict[str, tuple[str, ...]] = dict.fromkeys(get_args(What), (*_TEXTS, PARQUET))
    formats |= {PROPOSALS: _TEXTS, DATABASE: (SQLITE,)}
    for item in EXCHANGES:
        formats[item.what] = (*formats.get(item.what, ()), item.format)
    return formats


FORMATS = _formats()
_SUFFIXES = {
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": PARQUET, ".db": SQLITE,
    ".sqlite": SQLITE, ".graphml": "graphml", ".ftm": "ftm",
}  # fmt: skip
"""What the end of a file's name means where --format is left out."""
_SPREADSHEETS = (".xlsx", ".xls", ".ods")


def export(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=" | ".join(FORMATS))],
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"{' | '.join((*_TEXTS, PARQUET))}; ftm of entities and statements, stix of bundle, graphml of "
            "network. Without it as the end of --out says, or json.",
        ),
    ] = None,
    path: OutOption = None,
    as_of: AsOfOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Write what is known, or with --as-of what was known on a day. docs/exchange.md has the formats of others.

    Example: `tracker export claims --out claims.csv`, or `tracker export bundle --out bundle.stix.json`
    """
    what = _checked_what(what, format)
    form = _checked_format(what, format, path)
    _check_possible(what, form, path)
    with open_data(config, folder) as app:
        check_out(path, [config or Path("config.yaml"), app.settings.data_dir / "tracker.db"])
        if as_of is not None and what == PROPOSALS:
            raise InputError(f"{PROPOSALS} are for people to decide on now: leave --as-of out")
        dataset = app.dataset() if as_of is None else app.dataset_as_of(app.as_of(as_of))
        if not dataset.documents:
            _say_empty(as_of)
        write_result(_made(what, form, app, dataset), path)


def _checked_what(what: str, format: str | None) -> str:
    """Raises: InputError: it is nothing that can be written; names what is meant, where that can be told."""
    if what in FORMATS:
        return what
    having = [name for name, formats in FORMATS.items() if what in formats]
    if having and format is None:
        named = f"{what!r} is a format; it goes behind what is written: tracker export {having[0]} --format {what}"
        raise InputError(named + (f" (also {', '.join(having[1:])})" if having[1:] else ""))
    near = difflib.get_close_matches(what.lower(), FORMATS, n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else ""
    raise InputError(f"WHAT {what!r}: expected one of {', '.join(FORMATS)}{meant}")


def _checked_format(what: str, format: str | None, path: Path | None) -> str:
    """The format that is asked for, or that the end of the file's name tells, or the first.

    Raises:
        InputError: there is no such format, or not of that.
    """
    formats = FORMATS[what]
    if format is None:
        return _told_by_name(formats, path)
    if format in formats:
        return format
    if len(formats) == 1:
        raise InputError(f"--format {format!r}: {what} comes in one form, {formats[0]}: leave --format out")
    having = [name for name, others in FORMATS.items() if format in others]
    other = f"; {format} is written of {', '.join(having)}" if having else ""
    raise InputError(f"--format {format!r}: {what} can be written as {', '.join(formats)}{other}")


def _told_by_name(formats: Sequence[str], path: Path | None) -> str:
    suffix = path.suffix.lower() if path else ""
    if suffix in _SPREADSHEETS:
        raise InputError(f"--out {path}: no {suffix} can be written; name it .csv, which spreadsheets open")
    told = _SUFFIXES.get(suffix, "")
    if path is not None and path.name.lower().endswith((".ftm.json", ".stix.json")):
        told = path.name.lower().split(".")[-2]
    return told if told in formats else formats[0]


def _check_possible(what: str, format: str, path: Path | None) -> None:
    """Raises: InputError: a library is missing, or a binary file would land on a terminal."""
    if format == PARQUET and not is_parquet_installed():
        raise InputError("--format parquet needs pyarrow, which is not installed: pip install 'tracker[parquet]'")
    item = find_exchange(what, format)
    if item and not item.is_installed():
        raise InputError(f"{what} needs a library that is not installed: pip install 'tracker[{item.needs}]'")
    if format in (PARQUET, SQLITE) and path is None and sys.stdout.isatty():
        raise InputError(f"{format} is a binary file: name it with --out FILE")


def _say_empty(as_of: str | None) -> None:
    if as_of is None:
        why = "no documents yet: `tracker ingest` or `tracker run` first, or `--dir tracker-demo`"
    else:
        why = f"no document was known as of {escape(as_of)}"
    err.print(why, soft_wrap=True)


def _made(what: str, format: str, app: App, dataset: Dataset) -> str | bytes:
    if what == DATABASE:
        return make_database(dataset, app.settings.site)
    if item := find_exchange(what, format):
        return make_exchange(item, dataset, app.settings.site)
    if what == PROPOSALS:
        return _as_text(proposal_records(app.proposals()), format, ())
    records = export_records(dataset, cast(What, what))
    columns, meaning = exported_columns(cast(What, what), is_as_of=dataset.as_of is not None)
    if dataset.documents and not records:
        err.print(f"no {what} in the data", soft_wrap=True)
    if format == PARQUET:
        return parquet_bytes(columns, records, meaning)
    return _as_text(records, format, columns)


def _as_text(records: Sequence[dict[str, Any]], format: str, columns: Sequence[Column]) -> str:
    heads = [] if records else [column.name for column in columns]  # a table without rows has its head too
    return render_records(records, cast(Format, format), heads)


COMMANDS = (export,)
