"""What is remembered of hosts from run to run: the requests of the day, and how long each wants to be left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from tracker.ports import HostRecord, Store
from tracker.read.urls import host_of

_HELD = "held until, "


def load_host_records(store: Store, now: datetime) -> Mapping[str, HostRecord]:
    """What earlier runs know of each host that was asked today (UTC), or still wants to be left alone."""
    asked = Counter[str]()
    for url in store.load_requests(now.replace(hour=0, minute=0, second=0, microsecond=0)):
        if host := host_of(url):
            asked[host] += 1
    held = {
        name.removeprefix(_HELD): datetime.fromisoformat(value)
        for name, value in store.load_marks().items()
        if name.startswith(_HELD)
    }
    # The log has one row for robots.txt, redirects, further tries and the page together, and none for a check. It only
    # tells more than the count after a crash.
    asked |= Counter(store.load_request_counts(now.date()))
    return {host: HostRecord(asked[host], held.get(host)) for host in sorted({*asked, *held})}


def save_holds(store: Store, holds: Mapping[str, datetime]) -> None:
    """Remember until when hosts are to be left alone."""
    for host, until in holds.items():
        store.save_mark(f"{_HELD}{host}", until.isoformat())


def save_host_records(store: Store, holds: Mapping[str, datetime], requests: Mapping[tuple[date, str], int]) -> None:
    """Remember what the next run must know of hosts; `requests` are those since the last time, by (day, host)."""
    save_holds(store, holds)
    store.add_requests(requests)
