"""`tracker sources health`: how each source does, since when, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.console import SOME_FAILED, ConfigOption, checked_choice, out, write_result
from tracker.cli.data import DataOption, open_data
from tracker.config import Source
from tracker.pipeline.standing import Standing
from tracker.types import Health

_FORMATS = ("table", "json")
_COLOURS = {"fine": "green", "empty": "yellow", "silent": "yellow", "new": "dim", "skipped": "dim"}


@dataclass(frozen=True)
class _Row:
    source: Source
    health: Health
    next_at: datetime | None
    """None where it was never asked, or is switched off."""
    is_due: bool


def health(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Names from config.yaml.")] = None,
    format: Annotated[str, typer.Option("--format", help=" | ".join(_FORMATS))] = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Say of each source whether it is fine, empty, silent, refused, unreachable or changed, and what to do.

    Without names: every source that is switched on. Exits with 3 if one is not fine, so that a monitor can ask;
    sources that were not asked yet, or have no key, count as fine.

    Example: `tracker sources health federal-register-distillation`
    """
    checked_choice(format, _FORMATS, "--format")
    with open_data(config, folder) as app:
        chosen, now = app.settings.select_sources(sources), app.clock.now()
        rows = [_row_of(item, app.standing(item), now) for item in chosen]
    if format == "json":
        write_result(json.dumps([_record_of(row) for row in rows], ensure_ascii=False, indent=2) + "\n", None)
    else:
        _print_rows(rows)
    if any(row.health.is_troubled for row in rows):
        raise typer.Exit(SOME_FAILED)


def _row_of(source: Source, standing: Standing, now: datetime) -> _Row:
    if not source.enabled:
        return _Row(source, standing.health, None, is_due=False)
    return _Row(source, standing.health, standing.next_at, standing.is_due(now))


def _print_rows(rows: Sequence[_Row]) -> None:
    if not rows:
        out.print("No source is switched on: `tracker sources` lists what is configured.")
        return
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("source", overflow="fold", min_width=12)
    for name in ("state", "since", "last success", "last news", "next"):
        table.add_column(name, no_wrap=True)
    for row in rows:
        item = row.health
        colour = _COLOURS.get(item.state, "red")
        state = f"[{colour}]{item.state.replace('_', ' ')}[/]"
        times = [_short(at) for at in (item.since, item.last_success_at, item.last_news_at)]
        table.add_row(escape(row.source.name), state, *times, "now" if row.is_due else _short(row.next_at))
    out.print(table)
    out.print("Times are UTC.")
    asked = [row for row in rows if row.health.state not in ("new", "skipped")]
    if len(asked) > 1 and all(row.health.state == "unreachable" for row in asked):
        out.print("Nothing at all can be reached: look at this machine's own connection first.")
    for row in rows:
        _print_words(row)


def _print_words(row: _Row) -> None:
    """Why a source is not fine and what to do; of one that is fine again, its last error."""
    item = row.health
    if item.is_troubled or item.state == "skipped":
        out.print(f"\n{row.source.name}: {item.state.replace('_', ' ')}: {item.why}", markup=False, soft_wrap=True)
        if item.advice:
            out.print(f"  what to do: {item.advice}", markup=False, soft_wrap=True)
    if item.last_error and item.last_error != item.why:
        at = _short(item.last_error_at)
        lead = "  last error" if item.is_troubled else f"\n{row.source.name}: last error"
        out.print(f"{lead}, {at}: {item.last_error}", markup=False, soft_wrap=True)
    if item.missing:
        words = f"\n{row.source.name}: pages that it pointed at and that were never had: {item.missing}"
        out.print(words, markup=False, soft_wrap=True)


def _short(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _record_of(row: _Row) -> dict[str, object]:
    """A row for programs: instants in ISO 8601, None where there is none."""
    item = row.health
    times = {
        "since": item.since,
        "last_success_at": item.last_success_at,
        "last_error_at": item.last_error_at,
        "last_news_at": item.last_news_at,
        "next_at": row.next_at,
    }
    return {
        "source": row.source.name,
        "kind": row.source.kind,
        "url": row.source.url,
        "enabled": row.source.enabled,
        "state": item.state,
        "troubled": item.is_troubled,
        "why": item.why,
        "what_to_do": item.advice,
        "last_error": item.last_error,
        "missing_pages": item.missing,
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }
