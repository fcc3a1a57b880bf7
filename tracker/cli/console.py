"""Tables, progress and errors on the terminal: results on standard output, everything else on standard error."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from tracker.config import Settings, load_settings
from tracker.errors import InputError, OutputUnusable, TrackerError
from tracker.logs import LOG_FORMATS, LogFormat, bound, configure_logs, log_reports
from tracker.resources import bundled_path
from tracker.types import Problem, SourceReport, StageReport

_LOG = logging.getLogger(__name__)
PIPED_WIDTH = 100
"""Columns of a table that goes into a file or a pipe, where COLUMNS does not say."""
_has_width = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
out = Console(highlight=False, soft_wrap=False, width=None if _has_width else PIPED_WIDTH)
err = Console(stderr=True, highlight=False)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration; without it config.yaml here, or the one that came along."),
]
LogOption = Annotated[
    str, typer.Option("--log-format", help=f"{' | '.join(LOG_FORMATS)}: how events are told on standard error.")
]
MetricsPortOption = Annotated[
    int | None, typer.Option("--metrics-port", min=0, max=65535, help="Serve Prometheus metrics at this port.")
]
MetricsAddressOption = Annotated[
    str, typer.Option("--metrics-address", help="Where the port listens; keep it off the open network.")
]
DONE, BAD_INPUT, SOME_FAILED, STOPPED = 0, 2, 3, 130


DATABASE_VARIABLE = "TRACKER_DATABASE"
"""The environment variable whose address stands in for `database`: one config.yaml for a desk and for a fleet."""


def settings_from(config: Path | None) -> Settings:
    """The named configuration, or ./config.yaml, or the bundled one over a data folder here.

    Raises:
        ConfigError: see `load_settings`.
    """
    settings = _settings_of_file(config)
    address = os.environ.get(DATABASE_VARIABLE, "").strip()
    return settings.model_copy(update={"database": address}) if address else settings


def _settings_of_file(config: Path | None) -> Settings:
    if config is None and Path("config.yaml").exists():
        config = Path("config.yaml")
    if config is not None:
        settings = load_settings(config)
        lines = config.read_text(encoding="utf-8-sig").splitlines()
        if all(line.strip().startswith("#") or not line.strip() for line in lines):
            err.print(f"[yellow]warning:[/] {escape(str(config))} is empty: defaults, no sources", soft_wrap=True)
        return settings
    settings = load_settings(bundled_path("config.yaml"))
    site = settings.site.model_copy(update={"out": Path.cwd() / "site"})
    here = {"data_dir": Path.cwd() / "var", "curation": Path.cwd() / "data/curation", "site": site}
    return settings.model_copy(update=here)


def begin_logs(format: str) -> None:
    """Tell events on standard error: as JSON all of them, as text only what needs attention, for tables tell the rest.

    Raises:
        InputError: no such format.
    """
    checked_choice(format, LOG_FORMATS, "--log-format")
    configure_logs(cast(LogFormat, format), level=logging.INFO if format == "json" else logging.WARNING)


_as_json: ContextVar[bool] = ContextVar("as_json", default=False)
"""Whether standard error holds nothing but events, so that a program can read all of it."""


def one_run(command: Callable[..., None]) -> Callable[..., None]:
    """A command with --log-format that is one run: each of its events carries the id of the run.

    As JSON, standard error is events and nothing else; what ends the run early is the last of them.
    """

    @wraps(command)
    def run(*args: object, **options: object) -> None:
        begin_logs(str(options["log_format"]))
        as_json = options["log_format"] == "json"
        token = _as_json.set(as_json)
        try:
            with bound(run=secrets.token_hex(4)):
                command(*args, **options) if not as_json else _told_as_event(command, *args, **options)
        finally:
            _as_json.reset(token)

    return run


def _told_as_event(command: Callable[..., None], *args: object, **options: object) -> None:
    try:
        command(*args, **options)
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        code = error.exit_code if isinstance(error, TrackerError) else 1
        tell = _LOG.exception if code == 1 else _LOG.error
        tell("failed", extra={"why": str(error) or type(error).__name__, "exit_code": code})
        raise typer.Exit(code) from error


def tells_events() -> bool:
    """Whether standard error holds events alone (--log-format json)."""
    return _as_json.get()


def log_if_json(stages: Sequence[StageReport], sources: Sequence[SourceReport] = ()) -> None:
    """The events of stages that have ended, with each problem; as text, tables tell of them."""
    if not _as_json.get():
        return
    log_reports(sources, stages)
    for stage in stages:
        for problem in () if stage.stage == "reconcile" else stage.problems:  # its own are told by log_reports
            _LOG.warning("problem", extra={"stage": stage.stage, "where": problem.where, "why": problem.why})


def note_contact(settings: Settings) -> None:
    """Say that hosts cannot tell whose requests these are, where nobody is named."""
    if not settings.network.contact:
        _LOG.warning("network.contact is empty in config.yaml: a web master cannot tell whom to turn to")


def print_error(message: str) -> None:
    """One error on standard error."""
    err.print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True)


def print_stopped() -> None:
    """What Ctrl-C leaves behind, on standard error."""
    err.print("stopped; run again to go on, nothing is half-written", soft_wrap=True)


class ProgressLines:
    """Progress per stage: a bar on a terminal, one line at the end of each stage elsewhere, none among JSON events."""

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._started: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """See `tracker.pipeline.progress.Progress`."""
        if self._bar is not None:
            if stage not in self._tasks or self._bar.tasks[self._tasks[stage]].finished:
                self._tasks[stage] = self._bar.add_task(stage, total=total)
            self._bar.update(self._tasks[stage], completed=done, total=total)
            return
        started = self._started.setdefault(stage, time.monotonic())
        if total is not None and done >= total and not _as_json.get():
            err.print(f"{stage:<10} {done} of {total}  {time.monotonic() - started:.1f} s")
            del self._started[stage]


@contextmanager
def progress_lines() -> Iterator[ProgressLines]:
    """A progress for the stages of one command."""
    if not err.is_terminal or _as_json.get():
        yield ProgressLines(None)
        return
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as bar:
        yield ProgressLines(bar)


def print_sources(title: str, reports: Sequence[SourceReport]) -> None:
    """The summary table of a crawl: a row a source; `why` numbers the reasons, which stand in full below it."""
    table = Table(
        title=title, title_justify="left", header_style="bold", pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column("source", overflow="fold", min_width=12)
    for name in ("fetched", "new", "changed", "unchanged", "refused", "failed", "why"):
        table.add_column(name, justify="right", no_wrap=True)
    total = [0] * 6
    notes: list[str] = []
    for report in reports:
        counts = [report.fetched, report.new, report.changed, report.unchanged, report.refused, report.failed]
        total = [a + b for a, b in zip(total, counts, strict=True)]
        first = len(notes) + 1
        notes += [f"{report.source}: {item.outcome.value}: {item.why}" for item in report.problems]
        notes += [f"{report.source}: skipped: {report.skipped}"] if report.skipped else []
        table.add_row(report.source, *map(str, counts), _range(first, len(notes)))
    table.add_section()
    table.add_row("all", *map(str, total), "", style="bold")
    out.print(table)
    for number, note in enumerate(notes, 1):
        out.print(f"  {number}  {escape(note)}", soft_wrap=True)
    if notes:
        out.print()


def _range(first: int, last: int) -> str:
    return "" if last < first else str(first) if first == last else f"{first}-{last}"


def print_stages(reports: Sequence[StageReport]) -> None:
    """What each stage did, a line each, with what it could not do."""
    for report in reports:
        if not (report.given or report.problems):
            out.print(f"{report.stage:<10} nothing new")
            continue
        if report.stage in _TOLD:
            out.print(f"{report.stage:<10} {_TOLD[report.stage].format(report)}")
            print_problems(report.problems)
            continue
        done = f"{report.done} {_DONE.get(report.stage, 'done')}"
        removed = f", {report.removed} removed" if report.stage in ("publish", "check") else ""
        out.print(f"{report.stage:<10} {done}, {report.skipped} unchanged{removed}")
        print_problems(report.problems)


_TOLD = {
    "cut": "{0.done} digests, {0.skipped} subscribers for whom nothing changed",
    "send": "{0.done} accepted of {0.given} tried",
}
"""Stages whose counts are of people, not of files."""
_DONE = {
    "read": "new texts",
    "extract": "texts extracted",
    "reconcile": "events made anew",
    "publish": "files written",
    "check": "files would be written",
    "ingest": "new texts",
}


def print_problems(problems: Sequence[Problem], most: int = 20) -> None:
    """Problems on standard error, a line each; `log_if_json` tells them as events."""
    if _as_json.get():
        return
    for problem in problems[:most]:
        err.print(f"[yellow]{problem.outcome.value}:[/] {escape(problem.where)}: {escape(problem.why)}", soft_wrap=True)
    if len(problems) > most:
        err.print(f"[yellow]and {len(problems) - most} more[/]")


def write_result(result: str | bytes, path: Path | None) -> None:
    """A result to standard output, or to a file that appears whole or not at all.

    Raises:
        OutputUnusable: the file cannot be written.
    """
    if path is None or str(path) == "-":
        if isinstance(result, bytes):
            write_bytes(result)
        else:
            sys.stdout.write(result)
        return
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    body = result if isinstance(result, bytes) else result.encode("utf-8")
    try:
        if target.exists() and not target.is_file():  # a pipe or device is written to, never replaced
            target.write_bytes(body)
            return
        draft.write_bytes(body)
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise OutputUnusable(f"{path}: {error.strerror or error}") from error


def write_bytes(data: bytes) -> None:
    """Bytes to standard output, as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def check_out(path: Path | None, inputs: Sequence[Path]) -> None:
    """See to it, before any work, that a result will not replace what it is made from.

    Raises:
        InputError: --out is one of the inputs, by whatever name.
        OutputUnusable: --out is a folder, or lies in none that can be written.
    """
    if path is None or str(path) == "-":
        return
    if not path.exists():
        _check_folder(path)
        return
    if path.is_dir():
        raise OutputUnusable(f"{path} is a folder; name a file")
    for item in inputs:
        if item.exists() and item.samefile(path):
            raise InputError(f"--out {path} would replace {item}, which is read; name another file")


def _check_folder(path: Path) -> None:
    folder = path.parent
    if not folder.is_dir():
        raise OutputUnusable(f"{path}: there is no folder {folder}; make it first, or name another")
    if not os.access(folder, os.W_OK):
        raise OutputUnusable(f"{path}: the folder {folder} cannot be written to; name another")


def checked_choice(value: str, choices: Sequence[str], what: str) -> str:
    """The value, if it is one of the choices.

    Raises:
        InputError: names the choices.
    """
    if value not in choices:
        raise InputError(f"{what} {value!r}: expected one of {', '.join(choices)}")
    return value
