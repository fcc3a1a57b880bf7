"""From archived pages to documents: whose they are, where they belong, when they say they were published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tracker.fetch.archive import WarcArchive
from tracker.pipeline.publish import load_dataset
from tracker.pipeline.read import read
from tracker.ports import Attempt
from tracker.sourcekinds import FeedSource
from tracker.store import SqlStore, open_store
from tracker.types import Candidate, Dataset, Extraction, Outcome, Response, StageReport, StoredDocument

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
URL = "https://www.courier.example/2026/accounts-opened"
STORY = (
    "<p>Orchid Labs said on Monday that operators had opened about 300 accounts to copy its model, in a letter.</p>"
    "<p>Fern AI did not reply to a request for comment, and its office in the city was closed all day long.</p>"
    "<p>The ministry said that it had seen the letter and would look at each of the points that it makes.</p>"
)


def source(name: str, host: str = "", **changes: object) -> FeedSource:
    made = FeedSource(
        name=name,
        kind="feed",
        url=f"https://{host or name}.example/feed",
        publisher=name.title(),
        publisher_type="news",
    )
    return made.model_copy(update=changes)


class Desk:
    """A store and an archive into which pages are put as if they had been fetched."""

    def __init__(self, folder: Path, store: SqlStore) -> None:
        self.store, self.archive = store, WarcArchive(folder / "archive", "run")
        self.sources = [source("courier"), source("wire"), source("discovery", "index")]
        self.at = NOW

    def put(
        self, body: str, *, url: str = URL, by: str = "courier", said: Candidate | None = None, head: str = ""
    ) -> None:
        html = f"<html lang='en'><head><title>Accounts opened</title>{head}</head><body><article>{body}</article></body></html>"
        response = Response(url, url, 200, (("Content-Type", "text/html"),), html.encode(), self.at)
        response = replace(response, archive=self.archive.append(response))
        self.store.save_page(by, response, Attempt(by, url, self.at, Outcome.NEW, 200, None, is_listing=False))
        self.store.save_sightings(by, [replace(said or Candidate(url), url=url)], self.at)

    def read(self) -> StageReport:
        return read(self.archive, self.store, self.sources)

    def dataset(self) -> Dataset:
        self.read()
        self.store.save_extractions("x", [Extraction(d.id, "irrelevant") for d in self.store.load_unextracted("x")])
        return load_dataset(self.store, self.sources, self.at)

    def only(self) -> StoredDocument:
        (document,) = self.dataset().documents
        return document


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as store:
        yield Desk(tmp_path, store)


def test_a_missing_date_never_becomes_now(desk: Desk) -> None:
    desk.put(STORY)
    document = desk.only()
    assert document.current.published is None
    assert document.first_seen_at == document.last_seen_at == NOW


def test_claimed_first_seen_and_last_seen_are_three_fields(desk: Desk) -> None:
    dated = "<meta property='article:published_time' content='2026-06-08T09:00:00Z'>" + STORY
    desk.put(dated)
    desk.read()
    desk.at = NOW + timedelta(days=3)
    desk.put(f"{dated}<p>12 comments</p>")
    document = desk.only()
    assert document.current.published == date(2026, 6, 8)
    assert (document.first_seen_at, document.last_seen_at) == (NOW, NOW + timedelta(days=3))
    assert len(document.versions) == 1


def test_what_the_feed_claims_counts_where_the_page_is_silent(desk: Desk) -> None:
    desk.put(STORY, said=Candidate(URL, published="Mon, 08 Jun 2026 10:00:00 GMT"))
    assert desk.only().current.published == date(2026, 6, 8)


def test_a_day_that_is_still_to_come_is_no_day_of_publication(desk: Desk) -> None:
    desk.put(
        "<time itemprop='datePublished' datetime='2026-09-01'>1 September</time>" + STORY,
        said=Candidate(URL, published="2026-06-09"),
    )
    assert desk.only().current.published == date(2026, 6, 9)


def test_forms_of_a_page_are_one_document(desk: Desk) -> None:
    desk.put(STORY, url=f"{URL}?ref=home", head=f"<link rel='canonical' href='{URL}'>")
    desk.put(STORY, url=URL.replace("www.", "m."))
    desk.put(STORY, url=f"{URL}/amp")
    document = desk.only()
    assert (document.url, len(document.versions)) == (URL, 1)


def test_a_page_that_only_discovery_points_at_belongs_to_its_own_publisher(desk: Desk) -> None:
    found = Candidate("", publisher="port.example", language="English")
    desk.put(STORY, url="https://port.example/1-story", by="discovery", said=found)
    desk.put(STORY.replace("300", "900"), url="https://www.wire.example/2-story", by="discovery", said=found)
    documents = {item.url: item for item in desk.dataset().documents}
    assert {item.publisher for item in documents.values()} == {"port.example", "Wire"}
    assert {item.source for item in documents.values()} == {"discovery"}


def test_an_agency_story_in_two_papers_is_one_source_with_its_original(desk: Desk) -> None:
    told = "<p>WASHINGTON, June 10 (Wire) - The letter came on Monday, people who have seen it said.</p>"
    desk.put(told + STORY, url="https://www.wire.example/1-letter", by="wire")
    desk.put(told + STORY + "<p>Additional reporting by the Courier.</p>")
    dataset = desk.dataset()
    by_url = {item.url: item for item in dataset.documents}
    copy, original = by_url[URL], by_url["https://www.wire.example/1-letter"]
    assert copy.current.dateline == "WASHINGTON, June 10 (Wire)" and copy.current.syndicated_from == "Wire"
    assert original.current.syndicated_from is None, "a house that names itself names nobody"
    (group,) = dataset.copies
    assert (group.original, [item.document_id for item in group.copies], group.basis) == (
        original.id,
        [copy.id],
        "named",
    )


def test_a_canonical_on_another_host_makes_a_copy_and_no_merging(desk: Desk) -> None:
    desk.put(STORY, head="<link rel='canonical' href='https://www.wire.example/1-letter'>")
    document = desk.only()
    assert document.url == URL and document.current.syndicated_from == "wire.example"


def test_a_page_in_chinese_is_chinese_whatever_its_template_says(desk: Desk) -> None:
    words = "美國商務部週一表示，這些公司沒有對此做出回應，他們說會繼續調查有關問題，並將公布結果。"
    desk.put(f"<p>{words}</p><p>{words}</p><p>{words}</p>")
    assert desk.only().current.language == "zh-Hant"
