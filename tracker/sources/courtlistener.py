"""CourtListener: dockets, filings or opinions that a query finds, the last filed first."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from tracker.ports import Ask
from tracker.read.courtlistener import parse_results
from tracker.sourcekinds import CourtListenerSource
from tracker.sources.paging import collect_pages, go_back, told_if_cut
from tracker.types import Candidate

_OVERLAP = timedelta(days=7)
"""Filings reach the archive days after the court's clerk has them."""


async def list_courtlistener(source: CourtListenerSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The results filed since then; the API's cursor leads from page to page, 20 results each.

    A free account may ask 125 times a day (wiki.free.law), so `max_documents` bounds what one run takes.
    """
    found = await collect_pages(
        build_query(source, go_back(since, _OVERLAP, source.start)), ask, lambda answer: parse_results(answer.body),
        limit=source.max_documents,
    )  # fmt: skip
    return told_if_cut(found, found.candidates, since, source.name)


def build_query(source: CourtListenerSource, first: datetime | None) -> str:
    """The query for what was filed since a day: of single filings by the entry's day, of the others by the case's."""
    filings = source.result_type == "rd"
    words = f"({source.query}) AND entry_date_filed:[{first:%Y-%m-%d} TO *]" if filings and first else source.query
    order = "entry_date_filed desc" if filings else "dateFiled desc"
    query = [("q", words), ("type", source.result_type), ("order_by", order)]
    if first and not filings:
        query.append(("filed_after", f"{first:%Y-%m-%d}"))
    if source.courts:
        query.append(("court", " ".join(source.courts)))
    return f"{source.url.partition('?')[0]}?{urlencode(query)}"
