"""Listing pages: links found by CSS selectors, over as many pages as an outage calls for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from tracker.ports import Ask
from tracker.read.listings import find_next_page, parse_listing
from tracker.sourcekinds import ListingSource
from tracker.sources.lists import ListPage, collect_list
from tracker.types import Candidate, Response


async def list_listing(source: ListingSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The listing's entries, those that match `include`. The next page is the one that the page marks (rel=next), or
    the one that `pages` gives the rule of."""
    include = re.compile(source.include) if source.include else None
    dated = re.compile(source.date_in_url) if source.date_in_url else None

    def parse(answer: Response) -> ListPage:
        kind, base = answer.header("content-type"), answer.final_url
        found = parse_listing(answer.body, kind, base, source.items, source.link, source.date)
        kept = [item for item in found if include is None or include.search(item.url)]
        if dated:
            kept = [_with_date(item, dated) for item in kept]
        return ListPage(tuple(kept), find_next_page(answer.body, kind, base))

    return await collect_list(source, ask, since, parse)


def _with_date(candidate: Candidate, rule: re.Pattern[str]) -> Candidate:
    """The candidate with the day that its address carries, where the rule finds one and the entry states none."""
    found = rule.search(candidate.url)
    if candidate.published or found is None:
        return candidate
    try:
        day = date(*(int(found[part]) for part in ("year", "month", "day")))
    except (TypeError, ValueError):  # no such day, or a group that is optional and matched nothing
        return candidate
    return replace(candidate, published=day.isoformat())
