"""Deliveries on the terminal: a table of them, one with its tries, and both as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.console import err, out
from tracker.render.wording import count_words, machine_instant
from tracker.types.digests import Delivery, DeliveryAttempt, DeliveryState

_COLOURS = {"sent": "green", "pending": "yellow", "cancelled": "dim"}


def print_deliveries(found: Sequence[Delivery], limit: int) -> None:
    """A table of deliveries, and below it what keeps those that were not sent."""
    if not found:
        out.print("No delivery.")
        return
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("id", justify="right", no_wrap=True)
    table.add_column("made (UTC)", no_wrap=True)
    table.add_column("subscriber", overflow="fold", min_width=10)
    table.add_column("subject", overflow="fold", min_width=20)
    table.add_column("state", no_wrap=True)
    table.add_column("tries", justify="right", no_wrap=True)
    for item in found:
        table.add_row(
            str(item.id), _short(item.created_at), escape(item.subscriber_name or "(erased)"),
            escape(item.message.subject), _coloured(item.state), str(item.attempts),
        )  # fmt: skip
    out.print(table)
    if len(found) == limit:
        err.print(f"the newest {limit}; --limit shows more", soft_wrap=True)
    _print_whys(found)


def _print_whys(found: Sequence[Delivery]) -> None:
    """What keeps those that were not sent."""
    for item in found:
        if item.state == "sent" or not item.why:
            continue
        again = f"; tried again from {_short(item.next_at)}" if item.state == "pending" else ""
        out.print(f"  {item.id}  {escape(item.why)}{again}", soft_wrap=True)


def print_delivery(found: Delivery, tries: Sequence[DeliveryAttempt]) -> None:
    """All of one delivery but its body."""
    message = found.message
    rows = [
        ("delivery", f"{found.id} ({message.kind} by {message.channel})"),
        ("subscriber", found.subscriber_name or "(erased)"),
        ("address", message.address),
        ("subject", message.subject),
        ("message id", message.message_id),
        ("digest", found.digest_id or ""),
        ("size", f"{len(message.body)} bytes"),
        ("made", f"{_short(found.created_at)} UTC"),
    ]
    for name, value in rows:
        if value:
            out.print(f"{name:<11} {escape(value)}", soft_wrap=True)
    out.print(f"{'state':<11} {_coloured(found.state)}, {count_words(found.attempts, 'try', 'tries')}", soft_wrap=True)
    if found.state == "pending":
        out.print(f"{'next':<11} {_short(found.next_at)} UTC")
    for item in tries:
        code = f" {item.code}" if item.code and not item.why.startswith(str(item.code)) else ""
        out.print(
            f"  {_short(item.at)}  {item.outcome:<9}{code} {escape(item.why)} ({item.elapsed_ms} ms)", soft_wrap=True
        )


def _coloured(state: DeliveryState) -> str:
    return f"[{_COLOURS.get(state, 'red')}]{state}[/]"


def _short(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def delivery_record(item: Delivery, tries: Sequence[DeliveryAttempt] | None = None) -> dict[str, Any]:
    """A delivery as JSON has it, with its tries where they are given."""
    message = item.message
    return {
        "id": item.id, "subscriber": item.subscriber_name, "kind": message.kind, "channel": message.channel,
        "address": message.address, "subject": message.subject, "message_id": message.message_id,
        "digest": item.digest_id, "state": item.state, "why": item.why, "tries": item.attempts,
        "created_at": machine_instant(item.created_at),
        "sent_at": machine_instant(item.sent_at) if item.sent_at else None,
        "next_at": machine_instant(item.next_at) if item.state == "pending" else None,
        **({} if tries is None else {"attempts": [_try_record(one) for one in tries]}),
    }  # fmt: skip


def _try_record(item: DeliveryAttempt) -> dict[str, Any]:
    kept = asdict(item)
    del kept["delivery_id"]
    return {**kept, "at": machine_instant(item.at)}
