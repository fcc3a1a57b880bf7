"""`tracker digest run`, `log`, `show` and `retry`: telling subscribers, and what became of each message."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Annotated, cast, get_args

import typer
from rich.markup import escape

from tracker.app import SystemClock, deliver_digests
from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    LogOption,
    checked_choice,
    log_if_json,
    one_run,
    out,
    print_stages,
    progress_lines,
    write_bytes,
    write_result,
)
from tracker.cli.data import DataOption
from tracker.cli.deliveries import delivery_record, print_deliveries, print_delivery
from tracker.cli.digestaudit import digest_settings, open_people, parse_day
from tracker.errors import InputError
from tracker.ports.subscriptions import SubscriptionStore
from tracker.types.digests import Delivery, DeliveryState
from tracker.types.watching import Subscriber

_FORMATS = ("table", "json")
_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
DeliveryArgument = Annotated[int, typer.Argument(metavar="ID", help="Its number in `tracker digest log`.")]


@one_run
def run(
    cut_only: Annotated[bool, typer.Option("--cut-only", help="Make the digests that are due, and send none.")] = False,
    send_only: Annotated[bool, typer.Option("--send-only", help="Send what waits, and make no digest.")] = False,
    accept_edition: Annotated[
        bool, typer.Option("--accept-edition", help="Although what is published lacks much of what it had.")
    ] = False,
    log_format: LogOption = "text",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Tell subscribers: make the digests that are due out of what is published, and send what waits.

    `tracker run` and `tracker schedule` do this by themselves. Ends with 3 where somebody could not be told.

    Example: `tracker digest run`
    """
    if cut_only and send_only:
        raise InputError("--cut-only and --send-only leave nothing to do; take one of them")
    if accept_edition and send_only:
        raise InputError("--send-only looks at no edition; leave out --accept-edition")
    settings = digest_settings(config, folder)
    with progress_lines() as progress:
        stages = deliver_digests(
            settings, progress, cutting=not send_only, sending=not cut_only, accepting=accept_edition
        )
    log_if_json(stages)
    if not stages:
        out.print("There are no subscribers yet: `tracker subscribers add` makes the first.")
    print_stages(stages)
    if any(stage.problems for stage in stages):
        raise typer.Exit(SOME_FAILED)


def log(
    subscriber: Annotated[str | None, typer.Option("--subscriber", metavar="NAME", help="Of this one alone.")] = None,
    state: Annotated[str | None, typer.Option("--state", help=" | ".join(_STATES))] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Made from that day on (UTC).")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="So many at the most.")] = 50,
    format: Annotated[str, typer.Option("--format", help=" | ".join(_FORMATS))] = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """List deliveries, the newest first: to whom, what, in which state, and what the server said.

    Subscribers who are disabled stand below them, with the reason.

    Example: `tracker digest log --state dead --since 2026-06-01`
    """
    checked_choice(format, _FORMATS, "--format")
    if state is not None:
        checked_choice(state, _STATES, "--state")
    from_day = datetime.combine(parse_day(since, "--since"), time(), UTC) if since else None
    with open_people(digest_settings(config, folder)) as store:
        chosen = _find(store, subscriber) if subscriber else None
        found = store.load_deliveries(
            subscriber_id=chosen.id if chosen else None,
            state=cast(DeliveryState | None, state),
            since=from_day,
            limit=limit,
        )
        people = [chosen] if chosen else store.load_subscribers()
    disabled = [item for item in people if item.state == "disabled"]
    if format == "json":
        records = [delivery_record(item) for item in found]
        write_result(json.dumps(records, ensure_ascii=False, indent=2) + "\n", None)
        return
    print_deliveries(found, limit)
    for item in disabled:
        out.print(f"[red]disabled:[/] {escape(item.name)}: {escape(item.state_why)}", soft_wrap=True)


def show(
    id: DeliveryArgument,
    raw: Annotated[
        bool, typer.Option("--raw", help="The message as it is sent, byte for byte, and nothing else.")
    ] = False,
    format: Annotated[str, typer.Option("--format", help=" | ".join(_FORMATS))] = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """One delivery with every try.

    Example: `tracker digest show 12`, or its message: `tracker digest show 12 --raw > digest.eml`
    """
    checked_choice(format, _FORMATS, "--format")
    with open_people(digest_settings(config, folder)) as store:
        found = _find_delivery(store, id)
        tries = store.load_attempts(id)
    if raw:
        if not found.message.body:
            raise InputError(f"delivery {id}: its subscriber was erased, and its message with it")
        write_bytes(found.message.body)
    elif format == "json":
        record = delivery_record(found, tries)
        write_result(json.dumps(record, ensure_ascii=False, indent=2) + "\n", None)
    else:
        print_delivery(found, tries)


def retry(id: DeliveryArgument, folder: DataOption = None, config: ConfigOption = None) -> None:
    """Try a delivery again that was given up or refused; a subscriber who was disabled for it is active again.

    It goes out with the next turn: `tracker digest run --send-only`, or the schedule's within a minute.

    Example: `tracker digest retry 12`
    """
    with open_people(digest_settings(config, folder)) as store:
        found = _find_delivery(store, id)
        if found.state not in ("dead", "refused"):
            raise InputError(f"delivery {id} is {found.state}; only what is dead or refused can be tried again")
        whose = store.find_subscriber(found.subscriber_id)
        if whose is None:
            raise InputError(f"delivery {id}: its subscriber was erased")
        if whose.state == "disabled":
            store.save_subscriber(replace(whose, state="active", state_why=""))
            out.print(f"{escape(whose.name)} is active again")
        store.retry(id, SystemClock().now())
    out.print(f"delivery {id} is tried again with the next turn: tracker digest run --send-only")


def _find(store: SubscriptionStore, name: str) -> Subscriber:
    found = store.find_subscriber(name)
    if found is None:
        raise InputError(f"there is no subscriber {name!r}; `tracker subscribers list` names them")
    return found


def _find_delivery(store: SubscriptionStore, id: int) -> Delivery:
    found = store.find_delivery(id)
    if found is None:
        raise InputError(f"there is no delivery {id}; `tracker digest log` lists them")
    return found


COMMANDS: dict[str, Callable[..., None]] = {"run": run, "log": log, "show": show, "retry": retry}
