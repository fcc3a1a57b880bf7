"""Windows of dates: whatever lies in a list, and however little one query gives, nothing is lost and each run ends."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.read.api_answers import ApiList
from tracker.sources.paging import collect_windows, go_back
from tracker.types import Candidate, Response

DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)


class Api:
    """Entries by day, newest first; one query gives at most `cap`, in pages of `size`, and may say how many there are."""

    def __init__(self, days: list[int], cap: int, size: int, *, says_total: bool) -> None:
        self.entries = sorted(((day, number) for number, day in enumerate(days)), reverse=True)
        self.cap, self.size, self.says_total = cap, size, says_total
        self.asked = 0

    def build(self, end: datetime | None) -> str:
        return f"https://a.example/{(end - DAY_0).days if end else 999}/0"

    async def ask(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        self.asked += 1
        last, page = map(int, url.split("/")[-2:])
        window = [entry for entry in self.entries if entry[0] <= last]
        shown = window[: self.cap][page * self.size : (page + 1) * self.size]
        more = (page + 1) * self.size < min(self.cap, len(window))
        body = {
            "shown": shown,
            "total": len(window) if self.says_total else None,
            "next": f"https://a.example/{last}/{page + 1}" if more else None,
        }
        return Response(url, url, 200, (), json.dumps(body).encode(), DAY_0)

    def parse(self, answer: Response) -> ApiList:
        body = json.loads(answer.body)
        found = tuple(Candidate(f"https://a.example/d/{number}") for _, number in body["shown"])
        last_at = DAY_0 + timedelta(days=body["shown"][-1][0]) if body["shown"] else None
        return ApiList(found, body["total"], body["next"], last_at, len(found))

    def collect(self, most: int = 10_000) -> list[Candidate]:
        step = timedelta(days=1)
        return asyncio.run(
            collect_windows(self.build, self.ask, self.parse, cap=self.cap, step=step, max_documents=most, name="a")
        )


@given(
    days=st.lists(st.integers(0, 30), max_size=120),
    cap=st.integers(1, 40),
    size=st.integers(1, 10),
    total=st.booleans(),
)
def test_nothing_is_lost_as_long_as_a_day_fits_into_a_query(days: list[int], cap: int, size: int, total: bool) -> None:
    cap = max(cap, max(Counter(days).values(), default=1))
    api = Api(days, cap, size, says_total=total)
    assert {item.url for item in api.collect()} == {f"https://a.example/d/{number}" for number in range(len(days))}


@given(days=st.lists(st.integers(0, 5), max_size=120), cap=st.integers(1, 10), most=st.integers(1, 60))
def test_it_ends_also_where_a_day_does_not_fit_and_at_the_limit(days: list[int], cap: int, most: int) -> None:
    api = Api(days, cap, 5, says_total=True)
    assert len(api.collect(most)) <= most + cap
    assert api.asked <= 300


@given(back=st.integers(0, 60), overlap=st.integers(0, 9), start=st.integers(-60, 60))
def test_how_far_back_never_ends_after_the_last_time(back: int, overlap: int, start: int) -> None:
    since = DAY_0 - timedelta(days=back)
    first = go_back(since, timedelta(days=overlap), (DAY_0 + timedelta(days=start)).date())
    assert first is not None
    assert first <= max(since, DAY_0 + timedelta(days=start))
    assert go_back(since, timedelta(days=overlap)) == since - timedelta(days=overlap)
    assert go_back(None, timedelta(days=overlap)) is None
