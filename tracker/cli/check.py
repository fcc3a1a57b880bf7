"""`tracker sources check`: look at sources politely, tell what was seen, and propose what to switch on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.app import check_sources
from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    begin_logs,
    checked_choice,
    err,
    note_contact,
    out,
    progress_lines,
    settings_from,
    write_result,
)
from tracker.config import Settings
from tracker.errors import ConfigError, OutputUnusable
from tracker.yamlfile import load_yaml, set_scalar

if TYPE_CHECKING:
    from tracker.pipeline.check import SourceCheck

_FORMATS = ("table", "json")
_COLOURS = {"works": "green", "doubtful": "yellow", "skipped": "dim", "refused": "red", "fails": "red"}


def check(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Names from config.yaml; otherwise all of it.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Switch on in config.yaml what works and is off.")] = False,
    format: Annotated[str, typer.Option("--format", help=" | ".join(_FORMATS))] = "table",
    config: ConfigOption = None,
) -> None:
    """Look at sources: robots.txt, the list and one page of each, within the pace of config.yaml. Stores no page.

    Says what each gives, and which sources that are off could be switched on. Exits with 3 if one does not work.

    Example: `tracker sources check anthropic-news --write`
    """
    checked_choice(format, _FORMATS, "--format")
    path = _writable(config) if write else config or Path("config.yaml")
    settings = settings_from(config)
    chosen = settings.select_sources(sources) if sources else settings.sources
    begin_logs("text")
    note_contact(settings)
    with progress_lines() as progress:
        checks = check_sources(settings, chosen, progress)
    ready = [item for item in checks if item.verdict == "works" and not item.source.enabled]
    if format == "json":
        write_result(json.dumps([_record_of(item) for item in checks], ensure_ascii=False, indent=2) + "\n", None)
    else:
        _print_checks(checks)
    if write and ready:
        _switch_on(path, settings, [item.source.name for item in ready])
        err.print(f"{path}: switched on {', '.join(item.source.name for item in ready)}", soft_wrap=True)
    elif ready and format == "table":
        _propose(ready)
    doubtful = [item.source.name for item in checks if item.verdict == "doubtful" and not item.source.enabled]
    if doubtful and format == "table":
        names = ", ".join(doubtful)
        out.print(
            f"Doubtful, so left off: {names}. `enabled: true` by hand switches it on all the same.", soft_wrap=True
        )
    if any(item.verdict in ("fails", "refused") for item in checks):
        raise typer.Exit(SOME_FAILED)


def _writable(config: Path | None) -> Path:
    """Raises: ConfigError: there is no file of the user's own to change."""
    path = config or Path("config.yaml")
    if not path.exists():
        raise ConfigError(f"--write changes {path}, which is not there; copy the bundled config.yaml first")
    return path


def _print_checks(checks: Sequence[SourceCheck]) -> None:
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("source", overflow="fold", min_width=12)
    for name in ("verdict", "items", "dated", "newest", "text", "language"):
        table.add_column(name, justify="right" if name in ("items", "dated", "text") else "left", no_wrap=True)
    for item in checks:
        name = item.source.name if item.source.enabled else f"{item.source.name} (off)"
        seen = item.verdict not in ("fails", "skipped") and (item.items or item.verdict != "refused")
        numbers = (str(item.items), str(item.dated)) if seen else ("", "")
        newest = str(item.newest or "")
        text = "" if item.text_chars is None else str(item.text_chars)
        verdict = f"[{_COLOURS[item.verdict]}]{item.verdict}[/]"
        table.add_row(name, verdict, *numbers, newest, text, item.language or "")
    out.print(table)
    out.print("items: entries of the list; dated: those with a date; text: characters of the first page's text")
    for item in checks:
        if item.first:
            shown = f"{escape(item.title or 'without a title')}: {escape(item.first)}"
            out.print(f"  {item.source.name}: first page: {shown}", soft_wrap=True)
        for note in item.notes:
            out.print(f"  {item.source.name}: {escape(note)}", soft_wrap=True)


def _propose(ready: Sequence[SourceCheck]) -> None:
    out.print("\nThese work and are off. In config.yaml (or again with --write):\n")
    for item in ready:
        out.print(f"  - name: {item.source.name}\n    enabled: true")


def _switch_on(path: Path, settings: Settings, names: Sequence[str]) -> None:
    """Write `enabled: true` for each, with everything else in the file as it stands.

    Raises:
        InputError: an entry is written in a way that cannot be changed by itself.
        OutputUnusable: the file cannot be written.
    """
    order = [source.name for source in settings.sources]
    for name in names:
        changed = set_scalar(load_yaml(path, ConfigError), ("sources", order.index(name)), "enabled", "true")
        draft = path.with_name(f".{path.name}.new")
        try:
            draft.write_text(changed, encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise OutputUnusable(f"{path}: {error.strerror or error}") from error


def _record_of(item: SourceCheck) -> dict[str, object]:
    return {
        "source": item.source.name,
        "enabled": item.source.enabled,
        "verdict": item.verdict,
        "items": item.items,
        "dated": item.dated,
        "newest": item.newest.isoformat() if item.newest else None,
        "requests": item.requests,
        "first": item.first,
        "title": item.title,
        "text_chars": item.text_chars,
        "language": item.language,
        "published": item.published.isoformat() if item.published else None,
        "notes": list(item.notes),
    }
