"""GDELT DOC 2.0: stories of others that a query finds, in windows of what one answer holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from tracker.ports import Ask
from tracker.read.api_answers import ApiList
from tracker.read.gdelt import parse_articles
from tracker.sourcekinds import GdeltSource
from tracker.sources.paging import collect_windows, go_back
from tracker.types import Candidate, Response

QUERY_CAP = 250
"""The most that one answer holds."""
_OVERLAP = timedelta(hours=6)
_STAMP = "%Y%m%d%H%M%S"


async def list_gdelt(source: GdeltSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The stories that GDELT saw since then, or in the source's first window. It holds about three months: an outage
    that is longer than that cannot be made good."""
    first = go_back(since, _OVERLAP)

    def build(end: datetime | None) -> str:
        return build_query(source, first, end)

    def parse(answer: Response) -> ApiList:
        nonlocal first
        # From the second window on the period needs a beginning of its own.
        first = first or answer.fetched_at - source.window
        return parse_articles(answer.body)

    return await collect_windows(
        build, ask, parse,
        cap=QUERY_CAP, step=timedelta(seconds=1), max_documents=QUERY_CAP * source.max_queries, name=source.name,
    )  # fmt: skip


def build_query(source: GdeltSource, first: datetime | None, last: datetime | None) -> str:
    """The query for what was seen from `first` (None: the source's window) to `last` (None: now), the newest first."""
    query = [
        ("query", source.query), ("mode", "artlist"), ("format", "json"), ("maxrecords", str(QUERY_CAP)),
        ("sort", "datedesc"),
    ]  # fmt: skip
    if first is None:
        hours = max(1, int(source.window.total_seconds() // 3600))
        return f"{source.url.partition('?')[0]}?{urlencode([*query, ('timespan', f'{hours}h')])}"
    query.append(("startdatetime", f"{first:{_STAMP}}"))
    if last:
        query.append(("enddatetime", f"{last:{_STAMP}}"))
    return f"{source.url.partition('?')[0]}?{urlencode(query)}"
