"""regulations.gov: a query's documents, those that changed last first, in windows below what one query gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from tracker.ports import Ask
from tracker.read.api_answers import ApiList
from tracker.read.regulations_gov import parse_documents
from tracker.sourcekinds import RegulationsGovSource
from tracker.sources.paging import collect_windows, go_back, turned
from tracker.types import Candidate, Response

PAGE_SIZE = 250
QUERY_CAP = 5_000
"""One query reaches 5,000 documents: 20 pages of 250 (open.gsa.gov/api/regulationsgov)."""
_OVERLAP = timedelta(days=2)
_EASTERN = timedelta(hours=5)
"""The filter on lastModifiedDate is in Eastern time; in summer this is an hour more than the offset."""


async def list_regulations_gov(source: RegulationsGovSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The documents of the source's query that changed since then; on the first run, the last that did."""
    first = go_back(since, _OVERLAP)

    def build(end: datetime | None) -> str:
        return build_query(source, first, end)

    def parse(answer: Response) -> ApiList:
        return turned(parse_documents(answer.body, answer.url), answer.url, "page[number]", 1, PAGE_SIZE)

    return await collect_windows(
        build, ask, parse,
        cap=QUERY_CAP, step=timedelta(seconds=1), max_documents=source.max_documents, name=source.name,
    )  # fmt: skip


def build_query(source: RegulationsGovSource, first: datetime | None, last: datetime | None) -> str:
    """The query for what changed from `first` to `last` (UTC), each open where None."""
    query = [("sort", "-lastModifiedDate,documentId"), ("page[size]", str(PAGE_SIZE)), ("page[number]", "1")]
    if source.term:
        query.append(("filter[searchTerm]", source.term))
    if source.agencies:
        query.append(("filter[agencyId]", ",".join(source.agencies)))
    if source.types:
        query.append(("filter[documentType]", ",".join(source.types)))
    if source.start:
        query.append(("filter[postedDate][ge]", source.start.isoformat()))
    if first:
        query.append(("filter[lastModifiedDate][ge]", f"{first - _EASTERN:%Y-%m-%d %H:%M:%S}"))
    if last:
        # An hour later in summer than asked for, so that nothing lies between two windows.
        query.append(("filter[lastModifiedDate][le]", f"{last - _EASTERN + timedelta(hours=1):%Y-%m-%d %H:%M:%S}"))
    return f"{source.url.partition('?')[0]}?{urlencode(query, safe='[],')}"
