"""The commands about sources: `tracker sources` lists them, `health` tells how they do, `check` probes one."""

from __future__ import annotations

from collections.abc import Callable

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.check import check
from tracker.cli.console import ConfigOption, out
from tracker.cli.data import DataOption, open_data
from tracker.cli.health import health


def list_(folder: DataOption = None, config: ConfigOption = None) -> None:
    """List the configured sources with what they have given so far.

    Example: `tracker sources`
    """
    with open_data(config, folder) as app:
        statuses = app.dataset().sources
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("source", overflow="fold", min_width=12)
    for name in ("kind", "documents", "relevant", "last success"):
        table.add_column(name, justify="right" if name in ("documents", "relevant") else "left", no_wrap=True)
    for item in statuses:
        checked = f"{item.last_success_at:%Y-%m-%d %H:%M}" if item.last_success_at else "never"
        name = item.name if item.enabled else f"{item.name} (off)"
        kind = item.kind.replace("_", " ").removeprefix("federal ")
        table.add_row(name, kind, str(item.documents), str(item.relevant), checked)
    out.print(table)
    out.print("Times are UTC. A source that is off runs only by name: tracker collect NAME")
    for item in statuses:
        if item.last_error:
            out.print(f"  {item.name}: {escape(item.last_error)}", soft_wrap=True)


COMMANDS: dict[str, Callable[..., None]] = {"list": list_, "health": health, "check": check}
"""By the name after `tracker sources`."""
