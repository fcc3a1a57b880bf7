"""The commands that run stages."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.markup import escape

from tracker.app import deliver_digests, open_app
from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    LogOption,
    MetricsAddressOption,
    MetricsPortOption,
    checked_choice,
    log_if_json,
    note_contact,
    one_run,
    out,
    print_problems,
    print_sources,
    print_stages,
    progress_lines,
    settings_from,
)
from tracker.cli.data import AsOfOption
from tracker.config import Settings
from tracker.errors import InputError, StoreLocked, UnreadableInput
from tracker.logs import LOG_FORMATS, LogFormat, bound, configure_logs
from tracker.store.addresses import is_on_server
from tracker.types import StageReport

SourceArguments = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Names from config.yaml.")]


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo's database, archive and site go.")] = Path(
        "tracker-demo"
    ),
    database: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A database elsewhere: postgresql+psycopg://user@host/name."),
    ] = None,
) -> None:
    """Crawl the bundled sample web on loopback and build its timeline site, offline.

    Example: `tracker demo`, then open tracker-demo/site/index.html in a browser.
    """
    from tracker.demo import run_demo

    with progress_lines() as progress:
        report = run_demo(folder, progress, database)
    crawled = " and ".join(map(str, report.editions))
    print_sources(f"Crawl of the sample web, edition {crawled}", report.sources)
    print_stages(report.stages)
    crawled_new = sum(source.new + source.changed for source in report.sources)
    written = report.stages[-1].done + report.stages[-1].removed
    if not crawled_new and not written:
        out.print("Nothing new: every page was unchanged, and no file of the site was rewritten.")
    out.print(
        f"\nOpen [bold]{report.site / 'index.html'}[/] in a browser. The database is {escape(report.database)}.",
        soft_wrap=True,
    )
    if database is None:
        out.print(f"Its data: tracker export events --dir {escape(shlex.quote(str(folder)))}", soft_wrap=True)
    exit_if_left_out(report.stages)


def exit_if_left_out(reports: Sequence[StageReport]) -> None:
    """End with 3 where an edit of somebody could not be applied: what it says is not what is published."""
    if any(report.problems for report in reports if report.stage == "reconcile"):
        raise typer.Exit(SOME_FAILED)


@one_run
def run(
    sources: SourceArguments = None,
    once: Annotated[bool, typer.Option("--once", help="One pass; this is what `run` does in any case.")] = True,
    all_: Annotated[bool, typer.Option("--all", help="Also sources that are not due yet.")] = False,
    log_format: LogOption = "text",
    config: ConfigOption = None,
) -> None:
    """Collect, read, extract, reconcile and publish what is due; then tell subscribers, where there are any.

    Example: `tracker run --once`
    """
    settings = settings_from(config)
    chosen = settings.select_sources(sources)
    with progress_lines() as progress, open_app(settings, progress) as app:
        note_contact(settings)
        due = chosen if all_ or sources else app.due(chosen)
        report = app.run(due)
        log_if_json(report.stages, report.sources)
        app.write_metrics()
    if due:
        print_sources("Sources", report.sources)
    else:
        out.print("No source is due; `--all` asks them all the same.")
    print_stages(report.stages)
    failed = deliver(settings)
    if report.failed_sources or failed:
        raise typer.Exit(SOME_FAILED)
    exit_if_left_out(report.stages)


def deliver(settings: Settings) -> bool:
    """Tell subscribers, where there are any; whether something failed."""
    with progress_lines() as progress:
        try:
            stages = deliver_digests(settings, progress)
        except StoreLocked as error:  # a schedule: what waits goes out with its next turn
            out.print(f"digests    {escape(error.detail)} is sending")
            return False
    log_if_json(stages)
    print_stages(stages)
    return any(stage.problems for stage in stages)


def schedule(
    log_format: LogOption = "text",
    metrics_port: MetricsPortOption = None,
    metrics_address: MetricsAddressOption = "127.0.0.1",
    config: ConfigOption = None,
) -> None:
    """Run each source when it is due, until stopped.

    Where the database is PostgreSQL nothing is run here: jobs are deferred for `tracker worker`, and any number of
    schedulers may run. On a file everything is done in this process.

    The first Ctrl-C or SIGTERM lets what is in flight finish (`schedule.grace` in config.yaml) and exits with 0; a
    second one ends at once, with 130. What happens is told on standard error; metrics go to metrics.prom in data_dir.

    Example: `tracker schedule --log-format json --metrics-port 9464`
    """
    from tracker.schedule import run_until_stopped

    checked_choice(log_format, LOG_FORMATS, "--log-format")
    settings = settings_from(config)
    if not settings.select_sources(None):
        raise InputError("no source is switched on in the configuration; `tracker sources` lists what there is")
    chosen = cast(LogFormat, log_format)
    configure_logs(chosen)
    with bound(run=secrets.token_hex(4)):
        note_contact(settings)
    if is_on_server(settings.database_url):
        from tracker.jobs import schedule_until_stopped

        schedule_until_stopped(settings, metrics_port=metrics_port, metrics_address=metrics_address)
        return
    run_until_stopped(settings, log_format=chosen, metrics_port=metrics_port, metrics_address=metrics_address)


@one_run
def collect(sources: SourceArguments = None, log_format: LogOption = "text", config: ConfigOption = None) -> None:
    """Fetch what sources point at, and archive it.

    Example: `tracker collect federal-register-bis`
    """
    settings = settings_from(config)
    chosen = settings.select_sources(sources)
    with progress_lines() as progress, open_app(settings, progress) as app:
        note_contact(settings)
        reports = app.collect(chosen)
        log_if_json((), reports)
        app.write_metrics()
    print_sources("Sources", reports)
    if any(report.failure for report in reports):
        raise typer.Exit(SOME_FAILED)


@one_run
def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="JSON Lines (- is standard input), WARC, or folders of text and HTML."),
    ],
    log_format: LogOption = "text",
    config: ConfigOption = None,
) -> None:
    """Take in documents from files; then `tracker reconcile` and `tracker publish` show them.

    Example: `tracker ingest documents.jsonl`
    """
    settings = settings_from(config)
    with progress_lines() as progress, open_app(settings, progress) as app:
        report = app.ingest(paths)
    log_if_json([report])
    print_problems(report.problems)
    if len(report.problems) == report.given:
        raise UnreadableInput(f"{', '.join(map(str, paths))}: no document that can be used")
    out.print(f"{report.done} new texts, {report.skipped} unchanged, {len(report.problems)} refused")
    if report.problems:
        raise typer.Exit(SOME_FAILED)


@one_run
def reconcile(log_format: LogOption = "text", config: ConfigOption = None) -> None:
    """Read and extract what is waiting, and make events out of everything extracted.

    Example: `tracker reconcile`
    """
    with progress_lines() as progress, open_app(settings_from(config), progress) as app:
        reports = (app.read(), app.extract(), app.reconcile())
    log_if_json(reports)
    print_stages(reports)
    exit_if_left_out(reports)


@one_run
def publish(
    folder: Annotated[Path | None, typer.Option("--out", help="Where the site goes; otherwise site.out.")] = None,
    as_of: AsOfOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Look through the site that would come, and write none.")
    ] = False,
    log_format: LogOption = "text",
    config: ConfigOption = None,
) -> None:
    """Build the site from what is reconciled; only files that changed are written.

    With --as-of the site of what was known on that day, in a folder of its own. With --check nothing is written: it
    ends with 0 where the site may be published and with 2 where it breaks a rule, which it names.

    Example: `tracker publish --out site`, or `tracker publish --as-of 2026-06-24 --out site-2026-06-24`
    """
    settings = settings_from(config)
    if check:
        _check(settings, as_of, folder)
        return
    if as_of is not None:
        _publish_as_of(settings, as_of, folder)
        return
    with progress_lines() as progress, open_app(settings, progress) as app:
        report = app.publish(folder.resolve() if folder else None)
        is_empty = not app.store.load_totals()["documents"]
    log_if_json([report])
    print_stages([report])
    if is_empty:
        out.print("no documents yet: the site is empty; `tracker ingest` or `tracker run` first", soft_wrap=True)
    _tell_left_out(settings)
    out.print(f"Open [bold]{(folder or settings.site.out) / 'index.html'}[/] in a browser.", soft_wrap=True)


def _tell_left_out(settings: Settings) -> None:
    """What the site does not have because a part of the program is not installed."""
    from tracker.deliver.searchindex import is_installed
    from tracker.render.parquet import is_installed as is_parquet_installed

    if settings.site.search and not is_installed():
        out.print("no search page: its program is not installed; `pip install 'tracker\\[search]'`", soft_wrap=True)
    if not is_parquet_installed():
        out.print("no Parquet among the downloads: `pip install 'tracker\\[parquet]'`", soft_wrap=True)


def _check(settings: Settings, as_of: str | None, folder: Path | None) -> None:
    if as_of is not None:
        raise InputError("--check looks at the site of the present; leave out --as-of")
    with progress_lines() as progress, open_app(settings, progress) as app:
        report = app.check_site(folder.resolve() if folder else None)
    log_if_json([report])
    print_stages([report])
    out.print("Every link, quote and count holds; nothing was written.", soft_wrap=True)


def _publish_as_of(settings: Settings, as_of: str, folder: Path | None) -> None:
    if folder is None:
        raise InputError("--as-of needs --out FOLDER: the site of the present stays where it is")
    with progress_lines() as progress, open_app(settings, progress, shared=True) as app:
        report = app.publish_as_of(app.as_of(as_of), folder.resolve())
    log_if_json([report])
    print_stages([report])
    out.print(f"Open [bold]{escape(str(folder / 'index.html'))}[/] in a browser.", soft_wrap=True)


COMMANDS = (demo, run, schedule, collect, ingest, reconcile, publish)
