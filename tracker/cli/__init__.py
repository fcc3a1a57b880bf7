"""The command line: the only place that prints. Exit codes: 0 done, 1 our bug, 2 bad input or configuration,
3 done but some sources, lines or files failed, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps

import typer

from tracker import __version__
from tracker.cli import (
    archive,
    backfill,
    backup,
    curate,
    curated,
    data,
    db,
    digestaudit,
    digestpreview,
    digests,
    export,
    find,
    jobs,
    lookups,
    query,
    register,
    serve,
    sources,
    stages,
    subscribers,
    worker,
)
from tracker.cli.console import STOPPED, ConfigOption, print_error, print_stopped
from tracker.errors import InputError, TrackerError

app = typer.Typer(
    name="tracker",
    help="Who says that who did what to whom, how much and when, in disputes about AI model distillation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _stoppable(command: Callable[..., None]) -> Callable[..., None]:
    """Ctrl-C ends the command with one line; typer would say "Aborted" and exit with 1, the code of our bugs."""

    @wraps(command)
    def run(*args: object, **options: object) -> None:
        try:
            command(*args, **options)
        except KeyboardInterrupt:
            print_stopped()
            raise typer.Exit(STOPPED) from None

    return run


_ALL: tuple[Callable[..., None], ...] = (
    *stages.COMMANDS,
    *backfill.COMMANDS,
    *backup.COMMANDS,
    *data.COMMANDS,
    *export.COMMANDS,
    *register.COMMANDS,
    *query.COMMANDS,
    *lookups.COMMANDS,
    *serve.COMMANDS,
    *worker.COMMANDS,
)
for command in _ALL:
    app.command()(_stoppable(command))

app.command(context_settings=find.CONTEXT)(_stoppable(find.find))

_sources = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, action in sources.COMMANDS.items():
    _sources.command(name)(_stoppable(action))
app.add_typer(_sources, name="sources")


@_sources.callback()
def _list_sources(context: typer.Context, folder: data.DataOption = None, config: ConfigOption = None) -> None:
    """The sources: what they have given, and probing one. Without a command it lists them.

    Example: `tracker sources`
    """
    if context.invoked_subcommand is not None:
        if folder is not None or config is not None:
            raise InputError(f"options come after the command: tracker sources {context.invoked_subcommand} ...")
    else:
        _stoppable(sources.list_)(folder=folder, config=config)


_archive = typer.Typer(
    help="What was fetched, as it was fetched: `show` a page, `list` them, `verify` them all.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, shown in archive.COMMANDS.items():
    _archive.command(name)(_stoppable(shown))
app.add_typer(_archive, name="archive")

_db = typer.Typer(
    help="The working database, on SQLite or PostgreSQL: `upgrade`, `check`, `copy`, `index`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, kept in db.COMMANDS.items():
    _db.command(name)(_stoppable(kept))
app.add_typer(_db, name="db")

_jobs = typer.Typer(
    help="The jobs of workers over PostgreSQL: `list` them, `show` one, `retry` dead ones.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, looked_at in jobs.COMMANDS.items():
    _jobs.command(name)(_stoppable(looked_at))
app.add_typer(_jobs, name="jobs")

_curate = typer.Typer(
    help="What people decide about entities, events and claims: written down, applied on every run, and logged.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, decision in {**curate.COMMANDS, **curated.COMMANDS}.items():
    _curate.command(name)(_stoppable(decision))
app.add_typer(_curate, name="curate")

_digest = typer.Typer(
    help="What subscribers are told of what changed: `run`, the `log` of it, a look ahead, an audit of all.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, telling in {**digests.COMMANDS, **digestpreview.COMMANDS, **digestaudit.COMMANDS}.items():
    _digest.command(name)(_stoppable(telling))
app.add_typer(_digest, name="digest")

_subscribers = typer.Typer(
    help="Who is told of changes, of which, how and when: by mail, webhook or feed.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, enrolment in subscribers.COMMANDS.items():
    _subscribers.command(name)(_stoppable(enrolment))
app.add_typer(_subscribers, name="subscribers")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Say which version."),
) -> None:
    pass


def main() -> None:
    """Run a command; what goes wrong on purpose is one clear message and the exit code of its class."""
    try:
        app()
    except TrackerError as error:
        if error.exit_code == 1:
            raise
        print_error(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
