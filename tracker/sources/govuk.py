"""GOV.UK: a query's documents, the last published first."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from tracker.ports import Ask
from tracker.read.api_answers import ApiList
from tracker.read.govuk import FIELDS, parse_results
from tracker.sourcekinds import GovUkSource
from tracker.sources.paging import collect_windows, go_back, turned
from tracker.types import Candidate, Response

PAGE_SIZE = 100
QUERY_CAP = 5_000
"""Below the 10,000 results that Elasticsearch, which answers, pages through."""
_OVERLAP = timedelta(days=2)


async def list_govuk(source: GovUkSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The documents of the source's query, by the instant at which the public could read them."""
    first = go_back(since, _OVERLAP, source.start)

    def build(end: datetime | None) -> str:
        return build_query(source, first, end)

    def parse(answer: Response) -> ApiList:
        return turned(parse_results(answer.body, answer.url), answer.url, "start", PAGE_SIZE, PAGE_SIZE)

    return await collect_windows(
        build, ask, parse,
        cap=QUERY_CAP, step=timedelta(days=1), max_documents=source.max_documents, name=source.name,
    )  # fmt: skip


def build_query(source: GovUkSource, first: datetime | None, last: datetime | None) -> str:
    """The query for what was published from `first` to `last`, each with its day and open where None."""
    query = [("order", "-public_timestamp"), ("count", str(PAGE_SIZE)), ("start", "0")]
    if source.term:
        query.append(("q", source.term))
    query += [("filter_organisations", name) for name in source.organisations]
    query += [("filter_content_store_document_type", name) for name in source.document_types]
    period = [f"from:{first:%Y-%m-%d}"] if first else []
    period += [f"to:{last:%Y-%m-%d}"] if last else []
    query += [("filter_public_timestamp", ",".join(period))] if period else []
    query += [("fields", name) for name in FIELDS]
    return f"{source.url.partition('?')[0]}?{urlencode(query, safe=':,')}"
