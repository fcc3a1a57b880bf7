"""Whether two stores hold the same and give the same site, apart from where in the archive a page was written.

An event keeps the id that it got when its first documents came, for ever after, and a fleet may get them in another
order. So rows are compared with their events named by the claims in them, and the sites with the result made anew.
"""

from __future__ import annotations

import filecmp
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, update

from tracker.app import open_app
from tracker.config import Settings
from tracker.ids import digest_of
from tracker.store.dialects import write_alone
from tracker.store.engine import connected
from tracker.store.tables import all_tables
from tracker.types import Reconciled

RESULTS = (
    "page", "sighting", "document", "version", "extraction", "pending", "claim", "event", "dispute", "entity",
    "revision",
)  # fmt: skip
"""The tables that a run leaves something in that others rest on. The log of attempts, counts of requests, redirects and
the queue tell how it went, and the memory of the reconciler is compared by what it makes."""
_PLACES = ("archive_file", "archive_offset", "archive_record_id")


def rows_of(address: str) -> dict[str, list[str]]:
    """The rows of a store by table, each as JSON, without their places in the archive, events named by their claims."""
    with connected(address) as (engine, _), engine.connect() as connection:
        held = {
            table.name: [
                json.dumps(_shown(row._asdict()), default=_written) for row in connection.execute(select(table))
            ]
            for table in _tables()
        }
    names = dict(map(_name_by_claims, held["event"]))
    ids = re.compile("|".join(rf"(?<![\w-]){re.escape(key)}(?![\w-])" for key in names) or "(?!)")
    return {table: sorted(ids.sub(lambda found: names[found[0]], row) for row in rows) for table, rows in held.items()}


def _name_by_claims(row: str) -> tuple[str, str]:
    event = json.loads(row)
    claims = sorted(json.loads(event["payload"])["claim_ids"])
    return event["id"], f"event-of-{digest_of(*claims)}"


def _tables() -> Iterator[Table]:
    found = {table.name: table for table in all_tables()}
    return (found[name] for name in RESULTS)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _PLACES}


def _written(value: object) -> str:
    assert isinstance(value, datetime | date)
    return value.isoformat()


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """Where two stores differ: the table, how many rows only one of them has, and one of these."""
    found = []
    for name in one:
        left, right = set(one[name]), set(other[name])
        if left != right or len(one[name]) != len(other[name]):
            example = next(iter(sorted(left ^ right)), "")
            found.append(
                f"{name}: {len(left - right)} and {len(right - left)} rows of their own, such as {example[:300]}"
            )
    return found


def level(address: str) -> None:
    """Let all that was fetched lie at one place of the archive, so that the sites of two stores can be compared."""
    with connected(address) as (engine, _), engine.begin() as connection:
        write_alone(connection)
        for table in _tables():
            if "archive_file" in table.columns:
                here = {"archive_file": "here", "archive_offset": 0, "archive_record_id": "here"}
                connection.execute(update(table).where(table.c.archive_file.is_not(None)).values(here))


def reconcile_anew(settings: Settings) -> None:
    """Make the result of a store without the ids of the last one."""
    with open_app(settings) as app:
        app.store.save_reconciled("", Reconciled())
        app.reconcile()


def publish(settings: Settings, out: Path) -> None:
    """Build the site of a store anew, in a folder of its own."""
    with open_app(settings) as app:
        app.publish(out)


def site_differences(one: Path, other: Path) -> list[str]:
    """The files of two sites that are not the same byte for byte."""
    names = {path.relative_to(root).as_posix() for root in (one, other) for path in root.rglob("*") if path.is_file()}
    _, differing, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    return sorted((*differing, *missing))
