"""congress.gov: a bill with its stages, summaries and texts, or the bills of a Congress that changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from tracker.ports import Ask
from tracker.read.congress import BillId, parse_bill, parse_bill_path, parse_bills, parse_texts
from tracker.sourcekinds import CongressSource
from tracker.sources.paging import collect_pages, go_back, told_if_cut
from tracker.types import Candidate

PAGE_SIZE = 250
"""The most that the API gives."""
_OVERLAP = timedelta(days=2)


async def list_congress(source: CongressSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The pages of the bill that the address names, or of each bill that matches and changed since then."""
    if parse_bill_path(source.url):
        return await _list_bill(source.url.partition("?")[0].rstrip("/"), ask)
    first = go_back(since, _OVERLAP, source.start)
    query = {"format": "json", "limit": str(PAGE_SIZE), "sort": "updateDate+desc"}
    if first:
        query["fromDateTime"] = f"{first:%Y-%m-%dT%H:%M:%SZ}"
    include = re.compile(source.include) if source.include else None
    api = source.url.partition("/bill/")[0] + "/bill"
    bills = await collect_pages(
        f"{source.url.partition('?')[0].rstrip('/')}?{urlencode(query, safe='+:')}",
        ask, lambda answer: parse_bills(answer.body, api, include), limit=source.max_documents,
    )  # fmt: skip
    found: list[Candidate] = []
    for bill in bills.candidates:
        found += await _list_bill(bill.url, ask)
    return told_if_cut(bills, found, since, source.name)


async def _list_bill(url: str, ask: Ask) -> list[Candidate]:
    """What there is of one bill. Its stages are one page of the API, since a bill has hundreds of them at most."""
    address = parse_bill_path(url)
    bill = address[0] if address else BillId(0, "", 0)
    about = parse_bill((await ask(f"{url}?format=json")).body)
    found = [Candidate(f"{url}?format=json", about.title, about.introduced)]
    if about.actions:
        found.append(_part(url, "actions", f"Actions on {bill.name}", about.latest_action))
    if about.summaries:
        found.append(_part(url, "summaries", f"Summary of {bill.name}", None))
    if about.texts:
        texts = parse_texts((await ask(f"{url}/text?format=json&limit={PAGE_SIZE}")).body, bill)
        found += [replace(text, title=f"{text.title} - {about.title}") if about.title else text for text in texts]
    return found


def _part(url: str, part: str, title: str, published: str | None) -> Candidate:
    return Candidate(f"{url}/{part}?format=json&limit={PAGE_SIZE}", title, published, is_watched=True)
