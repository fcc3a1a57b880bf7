"""`tracker backfill`: pages of the past out of the web archives of others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import TransferSpeedColumn as RateColumn

from tracker.app import open_app
from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    LogOption,
    err,
    log_if_json,
    note_contact,
    one_run,
    out,
    print_sources,
    print_stages,
    progress_lines,
    settings_from,
    tells_events,
)
from tracker.errors import UnreadableInput
from tracker.logs import get_log

_LOG = get_log(__name__)
_TELL_EVERY_S = 10.0


class FileLines:
    """How far a file is read: bytes, rate and time left; a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._begun: dict[str, tuple[float, int]] = {}
        self._told_at = time.monotonic()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """See `tracker.pipeline.progress.Progress`; the stage is the file's name."""
        if self._bar is not None:
            if stage not in self._tasks:
                # What was read by an earlier run is no part of the rate.
                self._tasks[stage] = self._bar.add_task(stage, total=total, completed=done)
            self._bar.update(self._tasks[stage], completed=done, total=total)
            return
        now = time.monotonic()
        begun_at, begun_with = self._begun.setdefault(stage, (now, done))
        is_end = total is not None and done >= total
        if is_end or now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            if tells_events():
                _LOG.info("progress", file=stage, done_bytes=done, of_bytes=total)
                return
            err.print(told(stage, done, total or 0, done - begun_with, now - begun_at), soft_wrap=True, markup=False)


def told(name: str, done: int, total: int, read: int, took_s: float) -> str:
    """A line on a file of which `done` of `total` bytes are behind us, `read` of them in the last `took_s` seconds."""
    rate = read / took_s if took_s > 0 else 0.0
    share = f"{done / total:.0%} of {total / 1e6:,.1f} MB" if total else f"{done / 1e6:,.1f} MB"
    left = f", {(total - done) / rate:,.0f} s left" if rate and done < total else ""
    return f"{name}  {share}, {rate / 1e6:,.1f} MB/s{left}"


@contextmanager
def _file_lines() -> Iterator[FileLines]:
    if not err.is_terminal or tells_events():
        yield FileLines(None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), RateColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as bar:
        yield FileLines(bar)


@one_run
def backfill(
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="WARC...", help="Files or addresses (http, https, s3): .warc, .warc.gz, or a list: .paths(.gz)."
        ),
    ],
    hosts: Annotated[
        list[str] | None, typer.Option("--host", help="Only pages of this host and of those below it; may be repeated.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every page, also those that no word of the matter is in.")
    ] = False,
    log_format: LogOption = "text",
    config: ConfigOption = None,
) -> None:
    """Take pages on the matter out of web archives, and read and extract them; `tracker reconcile` then shows them.

    Pages are screened first, and what may be on the matter is copied into our archive. Stopped or killed, the same
    command goes on where it was; a file that was read to its end is not read again.

    Example: `tracker backfill june.warc.gz --host wire.example`
    """
    from tracker.pipeline.screening import name_archives

    sources = name_archives(places, hosts or (), gate=not all_)
    settings = settings_from(config)
    with _file_lines() as files, open_app(settings, files) as app:
        if any(source.url.startswith("http") for source in sources):
            note_contact(settings)
        reports = app.backfill(sources)
    with progress_lines() as progress, open_app(settings, progress) as app:
        stages = (app.read(), app.extract())
    log_if_json(stages, reports)
    failed = [report for report in reports if report.failure]
    if len(failed) == len(reports):
        raise UnreadableInput("; ".join(str(report.failure) for report in failed))
    print_sources("Archives", reports)
    print_stages(stages)
    if not any(report.fetched for report in reports):
        out.print("Every file was read to its end before; nothing was read again.")
    if failed or any(report.problems for report in reports):
        raise typer.Exit(SOME_FAILED)


COMMANDS = (backfill,)
