"""arXiv: a query's papers, the last submitted first."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from tracker.errors import NotParsable
from tracker.ports import Ask
from tracker.read.api_answers import ApiList
from tracker.read.arxiv import parse_papers
from tracker.sourcekinds import ArxivSource
from tracker.sources.paging import collect_pages, go_back, told_if_cut, turned
from tracker.types import Candidate, Response

PAGE_SIZE = 100
_OVERLAP = timedelta(days=4)
"""Submissions of a Friday appear on Monday night, under the day of their submission."""


async def list_arxiv(source: ArxivSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The papers of the source's query, until what was submitted before `since`.

    The API at times answers with no paper at all where there are some (its user group tells of it): an empty first
    page is asked for once more.
    """

    def parse(answer: Response) -> ApiList:
        return turned(parse_papers(answer.body), answer.url, "start", PAGE_SIZE, PAGE_SIZE)

    until = go_back(since, _OVERLAP, source.start)
    url = build_query(source)
    found = await collect_pages(url, ask, parse, limit=source.max_documents, until=until)
    if not found.entries:
        found = await collect_pages(url, ask, parse, limit=source.max_documents, until=until)
    if not found.entries and found.total:
        raise NotParsable(f"the arXiv API counts {found.total} papers but sends none", reason="api_error")
    return told_if_cut(found, found.candidates, since, source.name)


def build_query(source: ArxivSource) -> str:
    """The query for the first page (user manual, section 3.1)."""
    query = [
        ("search_query", source.query), ("start", "0"), ("max_results", str(PAGE_SIZE)),
        ("sortBy", "submittedDate"), ("sortOrder", "descending"),
    ]  # fmt: skip
    return f"{source.url.partition('?')[0]}?{urlencode(query)}"
