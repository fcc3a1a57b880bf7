"""`tracker curate list`, `check` and `proposals`: what people decided, and what waits to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Annotated, cast, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.console import (
    BAD_INPUT,
    SOME_FAILED,
    ConfigOption,
    checked_choice,
    out,
    print_problems,
    write_result,
)
from tracker.cli.data import DataOption, open_data
from tracker.pipeline.editing import EditDesk
from tracker.reconcile import problems_of
from tracker.render.edits import edit_records, proposal_records
from tracker.render.exports import Format, render_records
from tracker.render.wording import count_words
from tracker.types import EditState

_FORMATS = ("table", "json", "csv")
FormatOption = Annotated[str, typer.Option("--format", help=" | ".join(_FORMATS))]


def list_(
    open_: Annotated[bool, typer.Option("--open", help="Only those that somebody should look at again.")] = False,
    format: FormatOption = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """List the edits with what became of each: applied, open for review, refused or undone.

    Example: `tracker curate list --open`
    """
    checked_choice(format, _FORMATS, "--format")
    with open_data(config, folder) as app:
        curation = app.curation()
        judged = EditDesk(app.store, curation, app.gazetteer).judged()
    records = edit_records(item for item in judged if not open_ or item.state == "open")
    if format != "table":
        write_result(render_records(records, cast(Format, format)), None)
    else:
        table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for name in ("edit", "state", "who", "why"):
            table.add_column(name, overflow="fold")
        for item in records:
            state = f"{item['state']}: {item['state_why']}" if item["state_why"] else item["state"]
            table.add_row(*map(escape, (item["id"], state, item["who"], item["why"])))
        if records:
            out.print(table)
        counts = Counter(item.state for item in judged)
        told = ", ".join(f"{counts[state]} {state}" for state in get_args(EditState) if counts[state])
        out.print(f"{count_words(len(judged), 'edit')}{': ' if told else ''}{told}")
    print_problems(curation.problems)
    if curation.problems:
        raise typer.Exit(SOME_FAILED)


def check(folder: DataOption = None, config: ConfigOption = None) -> None:
    """Tell every edit that cannot be understood or applied, with its file and line.

    Example: `tracker curate check`
    """
    with open_data(config, folder) as app:
        curation, where = app.curation(), app.settings.curation
        judged = EditDesk(app.store, curation, app.gazetteer).judged()
    problems = (*curation.problems, *problems_of(judged))
    print_problems(problems, most=1_000)
    waiting = sum(item.state == "open" for item in judged)
    note = f", {waiting} open for review (`tracker curate list --open`)" if waiting else ""
    if not where.exists():
        note += "; the folder is not there yet"
    total = len(curation.edits) + len(curation.problems)
    out.print(f"{where}: {count_words(total, 'edit')}, {len(problems)} refused{note}", soft_wrap=True, markup=False)
    if problems:
        raise typer.Exit(BAD_INPUT)


def proposals(
    format: FormatOption = "table",
    most: Annotated[int, typer.Option("--most", min=1, help="Rows of the table; json and csv have all.")] = 40,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """List the names that only documents gave, with where they stand and whom they may be another name of.

    Nothing is decided by it: `curate entity` makes a name known, `curate merge` and `curate alias` join it.

    Example: `tracker curate proposals --format csv`
    """
    checked_choice(format, _FORMATS, "--format")
    with open_data(config, folder) as app:
        records = proposal_records(app.proposals())
    if format != "table":
        write_result(render_records(records, cast(Format, format)), None)
        return
    for item in records[:most]:
        alike = f" {item['similarity']:.2f}" if item["similarity"] else ""
        may_be = f"; may be {item['into']} ({item['reason'].replace('_', ' ')}{alike})" if item["into"] else ""
        held = count_words(len(item["documents"]), "document")
        head = f"[bold]{escape(item['name'])}[/]  {escape(item['id'])}  {item['type']}, {held}{escape(may_be)}"
        out.print(head, soft_wrap=True)
        for context in item["contexts"][:1]:
            out.print(f"  {context['document']}: {context['quote']}", markup=False, soft_wrap=True)
    more = f", {most} of them above" if len(records) > most else ""
    out.print(f"{count_words(len(records), 'name')} that no gazetteer has{more}")


COMMANDS: dict[str, Callable[..., None]] = {"list": list_, "check": check, "proposals": proposals}
"""By the name after `tracker curate`."""
