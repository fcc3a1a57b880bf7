"""Feeds: one file, or as many pages of it as an outage calls for."""

from __future__ import annotations

from datetime import datetime

from tracker.ports import Ask
from tracker.read.feeds import find_next_feed, parse_feed
from tracker.sourcekinds import FeedSource
from tracker.sources.lists import ListPage, collect_list
from tracker.types import Candidate, Response


async def list_feed(source: FeedSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The feed's entries. Older pages are asked for where the feed names them (RFC 5005) or `pages` gives their rule
    (WordPress: "?paged={n}"), and the entries before do not reach back to `since`."""

    def parse(answer: Response) -> ListPage:
        found = parse_feed(answer.body, answer.header("content-type"), answer.final_url)
        return ListPage(found, find_next_feed(answer.body, answer.final_url))

    return await collect_list(source, ask, since, parse)
