"""What each of several processes does that ask the same hosts, in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from tests.loopback import SetClock, loopback_network
from tracker.errors import FetchError
from tracker.fetch.client import PoliteFetcher
from tracker.store import open_turns


@dataclass(frozen=True)
class Job:
    """Addresses that are asked for all at once by a client of its own."""

    urls: Sequence[str]
    lease_s: float
    network: Mapping[str, object]


def work(database: str, port: int, orders: Connection) -> None:
    """Answer each job with how its addresses ended, in their order: "ok", or the error's reason."""
    while True:
        try:
            job: Job = orders.recv()
        except EOFError:
            return
        orders.send(asyncio.run(_do(job, database, port)))


async def _do(job: Job, database: str, port: int) -> list[str]:
    network, clock = loopback_network(port, **job.network), SetClock(datetime.now(UTC))
    with open_turns(database, job.lease_s) as shared:
        async with PoliteFetcher(network, clock, shared=shared, backoff_base_s=0.01) as fetcher:
            return await asyncio.gather(*(_ask(fetcher, url) for url in job.urls))


async def _ask(fetcher: PoliteFetcher, url: str) -> str:
    try:
        await fetcher.fetch(url)
    except FetchError as error:
        return error.reason
    return "ok"
