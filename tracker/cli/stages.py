"""The commands that run stages."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tracker.app import open_app
from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    out,
    print_problems,
    print_sources,
    print_stages,
    progress_lines,
    settings_from,
)
from tracker.errors import UnreadableInput

SourceArguments = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Names from config.yaml.")]


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo's database, archive and site go.")] = Path(
        "tracker-demo"
    ),
) -> None:
    """Crawl the bundled sample web on loopback and build its timeline site, offline.

    Example: `tracker demo`, then open tracker-demo/site/index.html in a browser.
    """
    from tracker.demo import run_demo

    with progress_lines() as progress:
        report = run_demo(folder, progress)
    crawled = " and ".join(map(str, report.editions))
    print_sources(f"Crawl of the sample web, edition {crawled}", report.sources)
    print_stages(report.stages)
    crawled_new = sum(source.new + source.changed for source in report.sources)
    written = report.stages[-1].done + report.stages[-1].removed
    if not crawled_new and not written:
        out.print("Nothing new: every page was unchanged, and no file of the site was rewritten.")
    out.print(
        f"\nOpen [bold]{report.site / 'index.html'}[/] in a browser. The database is {report.database}.", soft_wrap=True
    )
    out.print(f"Its data: tracker export events --dir {escape(shlex.quote(str(folder)))}", soft_wrap=True)


def run(
    sources: SourceArguments = None,
    once: Annotated[bool, typer.Option("--once", help="One pass; this is what `run` does in any case.")] = True,
    all_: Annotated[bool, typer.Option("--all", help="Also sources that are not due yet.")] = False,
    config: ConfigOption = None,
) -> None:
    """Collect, read, extract, reconcile and publish what is due.

    Example: `tracker run --once`
    """
    settings = settings_from(config)
    chosen = settings.select_sources(sources)
    with progress_lines() as progress, open_app(settings, progress) as app:
        due = chosen if all_ or sources else app.due(chosen)
        report = app.run(due)
    if due:
        print_sources("Sources", report.sources)
    else:
        out.print("No source is due; `--all` asks them all the same.")
    print_stages(report.stages)
    if report.failed_sources:
        raise typer.Exit(SOME_FAILED)


def schedule(config: ConfigOption = None) -> None:
    """Run each source by its cadence until stopped (Ctrl-C or SIGTERM; what is in flight is finished).

    Example: `tracker schedule`
    """
    from tracker.schedule import run_until_stopped

    settings = settings_from(config)
    run_until_stopped(settings, lambda name, text: out.print(f"{name:<24} {text}"))


def collect(sources: SourceArguments = None, config: ConfigOption = None) -> None:
    """Fetch what sources point at, and archive it.

    Example: `tracker collect federal-register-bis`
    """
    settings = settings_from(config)
    chosen = settings.select_sources(sources)
    with progress_lines() as progress, open_app(settings, progress) as app:
        reports = app.collect(chosen)
    print_sources("Sources", reports)
    if any(report.failure for report in reports):
        raise typer.Exit(SOME_FAILED)


def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="JSON Lines (- is standard input), WARC, or folders of text and HTML."),
    ],
    config: ConfigOption = None,
) -> None:
    """Take in documents from files; then `tracker reconcile` and `tracker publish` show them.

    Example: `tracker ingest documents.jsonl`
    """
    settings = settings_from(config)
    with progress_lines() as progress, open_app(settings, progress) as app:
        report = app.ingest(paths)
    print_problems(report.problems)
    if len(report.problems) == report.given:
        raise UnreadableInput(f"{', '.join(map(str, paths))}: no document that can be used")
    out.print(f"{report.done} new texts, {report.skipped} unchanged, {len(report.problems)} refused")
    if report.problems:
        raise typer.Exit(SOME_FAILED)


def reconcile(config: ConfigOption = None) -> None:
    """Read and extract what is waiting, and make events out of everything extracted.

    Example: `tracker reconcile`
    """
    with progress_lines() as progress, open_app(settings_from(config), progress) as app:
        reports = (app.read(), app.extract(), app.reconcile())
    print_stages(reports)


def publish(
    folder: Annotated[Path | None, typer.Option("--out", help="Where the site goes; otherwise site.out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Build the site from what is reconciled; only files that changed are written.

    Example: `tracker publish --out site`
    """
    settings = settings_from(config)
    with progress_lines() as progress, open_app(settings, progress) as app:
        report = app.publish(folder.resolve() if folder else None)
        is_empty = not any(True for _ in app.store.load_documents())
    print_stages([report])
    if is_empty:
        out.print("no documents yet: the site is empty; `tracker ingest` or `tracker run` first", soft_wrap=True)
    out.print(f"Open [bold]{(folder or settings.site.out) / 'index.html'}[/] in a browser.", soft_wrap=True)


COMMANDS = (demo, run, schedule, collect, ingest, reconcile, publish)
