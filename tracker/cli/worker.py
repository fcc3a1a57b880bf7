"""`tracker worker`: one process of a fleet over PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated, cast

import typer

from tracker.cli.console import (
    ConfigOption,
    LogOption,
    MetricsAddressOption,
    MetricsPortOption,
    checked_choice,
    note_contact,
    settings_from,
)
from tracker.errors import InputError
from tracker.logs import LOG_FORMATS, LogFormat, bound, configure_logs
from tracker.ports.work import STAGES, Stage


def worker(
    only: Annotated[
        str | None, typer.Option(metavar="STAGE,...", help=f"Take these jobs alone: {','.join(STAGES)}.")
    ] = None,
    collecting: Annotated[int, typer.Option(min=1, max=64, help="So many sources are collected side by side.")] = 8,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when no job is waiting or being worked on any more.")
    ] = False,
    log_format: LogOption = "text",
    metrics_port: MetricsPortOption = None,
    metrics_address: MetricsAddressOption = "127.0.0.1",
    config: ConfigOption = None,
) -> None:
    """Take jobs that `tracker schedule` and other workers leave in PostgreSQL, until stopped.

    Any number may run, on any machines that reach the database and the archive (docs/workers.md). Each collects
    several sources side by side and computes one thing at a time. The first Ctrl-C or SIGTERM lets what is in flight
    finish (`schedule.grace` in config.yaml) and exits with 0; a second one ends at once, with 130, and others take up
    what was in flight, as after a crash.

    Example: `tracker worker`, or `tracker worker --only read,extract --until-idle`
    """
    checked_choice(log_format, LOG_FORMATS, "--log-format")
    stages = _stages(only)
    settings = settings_from(config)
    configure_logs(cast(LogFormat, log_format))
    if "collect" in stages:
        with bound(run=secrets.token_hex(4)):
            note_contact(settings)
    try:
        from tracker.jobs import run_worker
    except ModuleNotFoundError as error:
        raise InputError(f"workers need {error.name}: pip install 'tracker[postgres]'") from error
    run_worker(
        settings,
        only=stages,
        collecting=collecting,
        until_idle=until_idle,
        metrics_port=metrics_port,
        metrics_address=metrics_address,
    )


def _stages(only: str | None) -> tuple[Stage, ...]:
    if only is None:
        return STAGES
    named = [name.strip() for name in only.split(",") if name.strip()]
    if not named:
        raise InputError(f"--only names no stage: expected some of {','.join(STAGES)}")
    for name in named:
        checked_choice(name, STAGES, "--only")
    return tuple(stage for stage in STAGES if stage in named)


COMMANDS: tuple[Callable[..., None], ...] = (worker,)
