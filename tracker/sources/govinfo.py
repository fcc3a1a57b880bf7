"""GovInfo: the packages of a collection that were added or changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tracker.ports import Ask
from tracker.read.govinfo import parse_packages
from tracker.sourcekinds import GovInfoSource
from tracker.sources.paging import collect_pages, go_back, told_if_cut
from tracker.types import Candidate

PAGE_SIZE = 1_000
"""The most that the API gives (github.com/usgpo/api)."""
_OVERLAP = timedelta(days=2)


async def list_govinfo(source: GovInfoSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The packages since then whose title matches; the API's own marks lead over any number of pages."""
    first = go_back(since, _OVERLAP, source.start) or datetime.combine(source.start, datetime.min.time(), UTC)
    include = re.compile(source.include) if source.include else None
    address = f"{source.url.rstrip('/')}/collections/{source.collection}/{first:%Y-%m-%dT%H:%M:%SZ}"
    found = await collect_pages(
        f"{address}?offsetMark=*&pageSize={PAGE_SIZE}",
        ask, lambda answer: parse_packages(answer.body, include), limit=PAGE_SIZE * 200,
    )  # fmt: skip
    return told_if_cut(found, found.candidates, since, source.name)
