"""Signed decisions: who decides, why, and over which data; what every command that writes an edit asks besides."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tracker.cli.console import ConfigOption, out
from tracker.cli.data import DataOption, open_data
from tracker.curation import append_edit
from tracker.errors import InputError
from tracker.pipeline.editing import EditDesk
from tracker.types import Act

_WHO = "TRACKER_WHO"

Decision = Callable[[EditDesk], Act]
"""What is decided, once the desk has looked up what it names."""

_WHY = Parameter(
    "why",
    Parameter.KEYWORD_ONLY,
    annotation=Annotated[str, typer.Option("--why", help="Why; it is shown to readers.")],
)
_WHO_AND_WHERE = tuple(
    Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
    for name, kind in {
        "who": Annotated[
            str | None,
            typer.Option("--who", help="Who decided; otherwise TRACKER_WHO, or git's user.name and user.email."),
        ],
        "folder": DataOption,
        "config": ConfigOption,
    }.items()
)


def signed(plan: Callable[..., Decision]) -> Callable[..., None]:
    """A command that writes what the plan decides: the plan's arguments, and --why, --who, --dir and --config.

    The plan runs before any data is opened, so that what is typed wrong is told at once.
    """

    @wraps(plan)
    def command(
        *, why: str, who: str | None = None, folder: Path | None = None, config: Path | None = None, **own: object
    ) -> None:
        decide = plan(**own)
        with open_data(config, folder) as app:
            desk = EditDesk(app.store, app.curation(), app.gazetteer)
            edit = desk.make_edit(decide(desk), _signer(who), why, app.clock.now())
            path = append_edit(app.settings.curation, edit)
        out.print(f"[bold]{escape(edit.id)}[/] written to {escape(str(path))}", soft_wrap=True)
        out.print("The next `tracker reconcile` and `tracker publish` (or `tracker run`) apply it.", soft_wrap=True)

    # Typer reads the options off the signature and the annotations of the command.
    asked = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in signature(plan, eval_str=True).parameters.values()]
    needed = [one for one in asked if one.default is Parameter.empty]
    offered = [one for one in asked if one.default is not Parameter.empty]
    options = (*needed, _WHY, *offered, *_WHO_AND_WHERE)
    command.__signature__ = Signature(options)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in options}
    return command


def _signer(who: str | None) -> str:
    """Who decides: named, of the environment, or of git's configuration.

    Raises:
        InputError: nobody is named anywhere.
    """
    if who or os.environ.get(_WHO):
        return who or os.environ[_WHO]
    name, mail = _git("user.name"), _git("user.email")
    if not name:
        raise InputError(f"nobody is named as who decides: give --who, or set {_WHO} or git's user.name")
    return f"{name} <{mail}>" if mail else name


def _git(key: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, "config", "--get", key], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    return done.stdout.strip()
