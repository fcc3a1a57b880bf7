"""The command that asks the published database anything in SQL, and where the database comes from."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.access.finding import find_entity, find_event
from tracker.access.selecting import day_of
from tracker.cli.console import ConfigOption, checked_choice, err, out, settings_from
from tracker.cli.data import DataOption, open_data
from tracker.errors import InputError
from tracker.query import Answer, Limits, Published, open_published
from tracker.render.database import DATABASE_PATH, load_questions, make_database
from tracker.render.database.questions import Question
from tracker.render.exports import Format, render_records
from tracker.render.wording import clean
from tracker.types import QUANTITY_KINDS

FORMATS = ("table", "json", "csv")
PublishedSinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Published on that day or later.")
]
PublishedUntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Published on that day or before.")
]
FormatOption = Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))]
DatabaseOption = Annotated[
    Path | None, typer.Option("--db", metavar="FILE", help="A published database; otherwise that of the site.")
]
_NARROWEST = 14
"""Columns of a terminal that a column of a table needs to be read."""


@contextmanager
def published(file: Path | None, folder: Path | None, config: Path | None) -> Iterator[Published]:
    """The named database, or that of the site, or one made now where no site has been published.

    Raises:
        UnreadableInput: see `open_published` and `open_data`.
    """
    source: Path | bytes | None = file
    if source is None:
        site = folder / "site" if folder else settings_from(config).site.out
        source = site / DATABASE_PATH
        if not source.is_file():
            with open_data(config, folder) as app:
                source = make_database(app.dataset(), app.settings.site)
            err.print(
                f"{escape(str(site))} holds no published database: asking what is in the data folder", soft_wrap=True
            )
    with open_published(source) as database:
        yield database


def query(
    sql: Annotated[
        str | None,
        typer.Argument(metavar="SQL", help="One SELECT, the name of a worked question, or - for standard input."),
    ] = None,
    format: FormatOption = "table",
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value for :NAME in the query.")
    ] = None,
    most: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="Rows at most.")] = 1000,
    seconds: Annotated[float, typer.Option("--timeout", min=0.1, max=600, help="Seconds at most.")] = 10.0,
    file: DatabaseOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Ask the published database in SQL; without a query, list the worked questions. docs/database.md has the columns.

    Example: `tracker query "SELECT published_on, speaker_name, quote FROM claims WHERE type = 'denial'"`
    """
    checked_choice(format, FORMATS, "--format")
    if sql is None:
        _list_questions()
        return
    values = _values(given or ())
    question = _find_question(sql.strip())
    text = question.sql if question else sys.stdin.read() if sql == "-" else sql
    _check_names(values, text)
    with published(file, folder, config) as database:
        meant = {name: _meant(database, name, value) for name, value in values.items()} if question else values
        answer = database.ask(text, dict(question.parameters if question else ()) | meant, Limits(seconds, most))
    show(answer, format)
    if answer.is_cut:
        err.print(f"only the first {len(answer.rows)} rows; --limit allows more", soft_wrap=True)


def _values(given: Sequence[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in given]
    for name, equals, _ in pairs:
        if not equals or not name.strip():
            raise InputError(f"--set {name!r}: expected NAME=VALUE, such as vendor=alibaba")
    return {name.strip().lstrip(":"): value for name, _, value in pairs}


def _find_question(typed: str) -> Question | None:
    """The worked question of that name; None where SQL was typed.

    Raises:
        InputError: it is a single word, and no question; names the nearest.
    """
    known = {item.name: item for item in load_questions()}
    if typed in known or typed == "-" or not re.fullmatch(r"[\w-]+", typed):
        return known.get(typed)
    near = difflib.get_close_matches(typed, known, n=3, cutoff=0.5) or [name for name in known if typed in name][:3]
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `tracker query` lists them"
    raise InputError(f"there is no question {typed!r}{hint}")


def _check_names(values: Mapping[str, str], text: str) -> None:
    """Raises: InputError: a value that the query does not ask for, which it would be answered without."""
    asked = dict.fromkeys(re.findall(r"[:@$](\w+)", text))
    for name in values:
        if name not in asked:
            told = f"it asks for {', '.join(asked)}" if asked else "it asks for none"
            raise InputError(f"--set {name}=...: the query has no :{name}; {told}")


_NUMBERS = ("number", "days")


def _meant(database: Published, name: str, value: str) -> str:
    """A value of a worked question: a party and an event by their ids, so that a wrong name is told.

    Raises:
        InputError: there is no such party, event or kind of figure, or it is no day or number.
    """
    if name in ("vendor", "body"):
        return find_entity(database, value)
    if name == "event":
        return find_event(database, value)
    if name == "since":
        return day_of(value, "since")
    if name == "kind":
        return checked_choice(value.strip().lower(), QUANTITY_KINDS, "kind")
    if name in _NUMBERS and not re.fullmatch(r"\d+(?:\.\d+)?", re.sub("[,_ ]", "", value)):
        raise InputError(f"{name} {value!r}: expected digits, such as 28,800,000")
    return value


def _list_questions() -> None:
    out.print('Ask in SQL, or by name: tracker query who-speaks-for --set "body=white-house"\n', soft_wrap=True)
    for question in load_questions():
        values = " ".join(f"--set {name}={value}" for name, value in question.parameters)
        out.print(f"[bold]{question.name}[/]  {escape(question.title)}", soft_wrap=True)
        if values:
            out.print(f"    {escape(values)}", soft_wrap=True)


def show(answer: Answer, format: str) -> None:
    """Rows on standard output: as a table, or one under the other where there are too many columns for the terminal."""
    records = [{key: _plain(value) for key, value in record.items()} for record in answer.records()]
    names = list(dict(zip(answer.columns, answer.columns, strict=True))) if not records else list(records[0])
    if format != "table":
        sys.stdout.write(render_records(records, cast(Format, format), names))
    elif not records:
        out.print("no rows")
    elif len(names) * _NARROWEST > out.width:
        show_blocks(records)
    else:
        table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for name in names:
            numeric = all(isinstance(record[name], int | float | None) for record in records)
            table.add_column(escape(clean(name)), overflow="fold", justify="right" if numeric else "left")
        for record in records:
            table.add_row(*(cell(value) for value in record.values()))
        out.print(table)


def show_blocks(records: Sequence[dict[str, Any]]) -> None:
    """Each record as lines of name and value; what is empty is left out."""
    width = max(len(name) for record in records for name in record)
    for record in records:
        for name, value in record.items():
            if value not in (None, "", "[]"):
                out.print(f"[bold]{escape(clean(name)):<{width}}[/]  {cell(value)}", soft_wrap=True)
        out.print()


def cell(value: Any) -> str:
    """A value in one line, without what would steer the terminal."""
    return "" if value is None else escape(" ".join(clean(str(value)).split()))


def _plain(value: Any) -> Any:
    return f"{len(value)} bytes" if isinstance(value, bytes) else value


COMMANDS = (query,)
