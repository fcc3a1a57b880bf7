"""The Federal Register: a query's documents by publication date, in windows below what one query gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from tracker.ports import Ask
from tracker.read.federal_register import FIELDS, parse_documents
from tracker.sourcekinds import FederalRegisterSource
from tracker.sources.paging import collect_windows, go_back
from tracker.types import Candidate

PAGE_SIZE = 100
QUERY_CAP = 1_900
"""One query reaches 2,000 documents and no further (federalregister.gov/developers; a data.gov note of 2011)."""
_OVERLAP = timedelta(days=7)


async def list_federal_register(source: FederalRegisterSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The documents of the source's query; a url that has a query of its own is taken as it is."""
    first = go_back(since, _OVERLAP, source.start)

    def build(end: datetime | None) -> str:
        return build_query(source, first, end)

    return await collect_windows(
        build, ask, lambda answer: parse_documents(answer.body),
        cap=QUERY_CAP, step=timedelta(days=1), max_documents=source.max_documents, name=source.name,
    )  # fmt: skip


def build_query(source: FederalRegisterSource, first: datetime | None, last: datetime | None) -> str:
    """The query for what was published from `first` to `last`, each with its day and open where None."""
    if urlsplit(source.url).query:
        return source.url
    query = [("per_page", str(PAGE_SIZE)), ("order", "newest")]
    if source.term:
        query.append(("conditions[term]", source.term))
    query += [("conditions[agencies][]", agency) for agency in source.agencies]
    query += [("conditions[type][]", kind) for kind in source.types]
    query += [("conditions[publication_date][gte]", f"{first:%Y-%m-%d}")] if first else []
    query += [("conditions[publication_date][lte]", f"{last:%Y-%m-%d}")] if last else []
    query += [("fields[]", field) for field in FIELDS]
    return f"{source.url.rstrip('?')}?{urlencode(query, safe='[]')}"
