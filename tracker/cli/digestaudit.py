"""`tracker digest audit`: what was known of a vendor and what was told, for the files of an auditor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tracker.access.finding import find_entity
from tracker.app import SystemClock
from tracker.cli.console import ConfigOption, err, out, settings_from, write_result
from tracker.cli.data import DataOption
from tracker.config import Settings
from tracker.digest.audit import Audit, Period
from tracker.errors import InputError, OutputUnusable, UnreadableInput
from tracker.ports.subscriptions import SubscriptionStore
from tracker.query import Published, open_published
from tracker.render.database import DATABASE_PATH
from tracker.render.wording import count_words


def audit(
    vendor: Annotated[str, typer.Option("--vendor", metavar="NAME", help="A party by any of its names, or its id.")],
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, of UTC.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")],
    path: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="A new folder; otherwise one named after the audit.")
    ] = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """What was known of a vendor and told, to whom, when, from which edition: to print and sign, and as CSV.

    Print audit.html in a browser for the PDF.

    Example: `tracker digest audit --vendor alibaba --from 2026-06-01 --to 2026-06-30 --out audit-alibaba`
    """
    with digest_libraries():
        from tracker.digest.audit.page import audit_page
        from tracker.digest.audit.table import audit_csv
        from tracker.pipeline.auditing import audit as make

    period = _period(from_, to)
    settings = digest_settings(config, folder)
    with open_site(settings) as published, open_people(settings) as store:
        found = make(store, published, find_entity(published, vendor), period, SystemClock().now())
    target = path or Path(f"audit-{found.party}-{period.from_on}-{period.to_on}")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputUnusable(f"{target}: {error.strerror or error}") from error
    write_result(audit_page(found, settings), target / "audit.html")
    write_result(audit_csv(found), target / "audit.csv")
    _print(found, target)


def _print(found: Audit, target: Path) -> None:
    told = len(found.rows) - len(found.untold)
    out.print(
        f"{escape(found.party_name)}: {count_words(len(found.rows), 'change')} known or told, {told} told, "
        f"{len(found.untold)} told to nobody",
        soft_wrap=True,
    )
    for line in found.breaks:
        err.print(f"[bold red]the chain of digests is broken:[/] {escape(line)}", soft_wrap=True)
    if not found.breaks:
        out.print("the chain of digests is whole; it does not cover the times of delivery")
    out.print(
        f"{escape(str(target / 'audit.html'))} to print and sign, {escape(str(target / 'audit.csv'))}", soft_wrap=True
    )


def _period(from_: str, to: str) -> Period:
    period = Period(parse_day(from_, "--from"), parse_day(to, "--to"))
    if period.to_on < period.from_on:
        raise InputError(f"--to {period.to_on} is before --from {period.from_on}")
    return period


def parse_day(text: str, what: str) -> date:
    """A day that somebody typed.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{what} {text!r}: expected a day such as 2026-06-01") from None


def digest_settings(config: Path | None, folder: Path | None) -> Settings:
    """The settings, over the data of another folder where one is named.

    Raises:
        UnreadableInput: there is no such folder.
    """
    settings = settings_from(config)
    if folder is None:
        return settings
    if not folder.is_dir():
        raise UnreadableInput(f"{folder}: there is no such folder")
    site = settings.site.model_copy(update={"out": folder.resolve() / "site"})
    digests = settings.digests.model_copy(update={"database": None})
    return settings.model_copy(
        update={"data_dir": folder.resolve(), "database": None, "site": site, "digests": digests}
    )


@contextmanager
def digest_libraries() -> Iterator[None]:
    """Around imports of what the extra `digest` brings.

    Raises:
        InputError: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(f"{error.name} is not installed: pip install 'tracker[digest]'") from error


@contextmanager
def open_site(settings: Settings) -> Iterator[Published]:
    """The published database of the site.

    Raises:
        UnreadableInput: nothing has been published.
    """
    path = settings.site.out / DATABASE_PATH
    if not path.is_file():
        raise UnreadableInput(
            f"{path}: nothing is published here yet; `tracker publish` first, or `--dir tracker-demo`"
        )
    with open_published(path) as published:
        yield published


@contextmanager
def open_people(settings: Settings) -> Iterator[SubscriptionStore]:
    """The database of subscribers, where there is one.

    Raises:
        InputError: nobody has subscribed yet.
    """
    from tracker.store.subscriptions import has_subscriptions, open_subscriptions

    if not has_subscriptions(settings.subscriptions_url):
        raise InputError("there are no subscribers yet: `tracker subscribers add` makes the first")
    with open_subscriptions(settings.subscriptions_url) as store:
        yield store


COMMANDS: dict[str, Callable[..., None]] = {"audit": audit}
