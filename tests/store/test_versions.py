"""Which words make a new version of a document: corrections do, what surrounds them and better readers do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.ports import Attempt, Reading
from tracker.store import SqlStore
from tracker.types import ArchiveRef, Candidate, Extraction, Outcome, PageContent, Response, StoredDocument

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://wire.example/a-story"
STORY = (
    "Orchid Labs said on Monday that Fern AI had opened about 300 accounts to copy its model.\n\n"
    "Fern AI did not reply to a request for comment, and its office was closed."
)


class Page:
    """An address that is fetched and read, one day after the other."""

    def __init__(self, store: SqlStore, url: str = URL) -> None:
        self.store, self.url, self.day = store, url, 0

    def fetch(self, text: str, record: str | None = None, day: int | None = None) -> None:
        self.day = self.day + 1 if day is None else day
        at = NOW + timedelta(days=self.day)
        ref = ArchiveRef("f.warc.gz", 10, record or f"{self.url} {self.day}")
        response = Response(self.url, self.url, 200, (), text.encode(), at, False, ref)
        self.store.save_page("wire", response, Attempt("wire", self.url, at, Outcome.NEW, 200, None, is_listing=False))
        self.store.save_sightings("wire", [Candidate(self.url)], at)

    def ask_in_vain(self) -> datetime:
        self.day += 1
        at = NOW + timedelta(days=self.day)
        response = Response(self.url, self.url, 304, (), b"", at, True, None)
        attempt = Attempt("wire", self.url, at, Outcome.UNCHANGED, 304, None, is_listing=False)
        self.store.save_page("wire", response, attempt)
        return at

    def read(self, text: str, title: str = "Title", reader: str = "read/1") -> Outcome:
        (page,) = (page for page in self.store.load_unread(reader) if page.state.url == self.url)
        reading = Reading(URL, "wire", "Wire", "news", title, None, "en", PageContent(text))
        return self.store.save_reading(page, reader, reading)

    def shows(self, text: str, title: str = "Title") -> Outcome:
        self.fetch(text)
        return self.read(text, title)


def only_document(store: SqlStore) -> StoredDocument:
    store.save_extractions("x", [Extraction(d.id, "irrelevant") for d in store.load_unextracted("x")])
    (document,) = store.load_documents("x")
    return document


def test_a_correction_of_one_word_is_a_version_with_its_diff(store: SqlStore) -> None:
    page = Page(store)
    assert page.shows(STORY) is Outcome.NEW
    assert page.shows(STORY.replace("about 300", "nearly 400")) is Outcome.CHANGED
    first, second = only_document(store).versions
    assert first.diff is None and second.diff is not None
    assert "-Orchid Labs said on Monday that Fern AI had opened about 300 accounts" in second.diff
    assert "+Orchid Labs said on Monday that Fern AI had opened nearly 400 accounts" in second.diff
    assert first.signature and second.signature and first.signature != second.signature


def test_what_surrounds_the_article_makes_no_version_and_the_page_is_seen_again(store: SqlStore) -> None:
    page = Page(store)
    page.shows(f"Updated 5 minutes ago\n\n{STORY}\n\n12 comments")
    assert page.shows(f"Advertisement\n\n{STORY}\n\n48 comments\n\nRelated: Another story") is Outcome.UNCHANGED
    seen = NOW + timedelta(days=2)
    assert only_document(store).current.last_seen_at == seen
    later = page.ask_in_vain()
    document = only_document(store)
    assert len(document.versions) == 1
    assert (document.current.last_seen_at, document.last_seen_at, document.first_seen_at) == (
        later,
        later,
        NOW + timedelta(days=1),
    )


def test_a_version_is_seen_for_the_last_time_before_the_page_changes(store: SqlStore) -> None:
    page = Page(store)
    page.shows(STORY)
    last = page.ask_in_vain()
    page.shows(STORY.replace("300", "400"))
    first, second = only_document(store).versions
    assert first.last_seen_at == last and second.last_seen_at == NOW + timedelta(days=page.day)


def test_a_changed_headline_is_a_version_and_changed_typesetting_is_none(store: SqlStore) -> None:
    page = Page(store)
    page.shows(STORY, "Orchid Labs ‘accuses’ Fern AI")
    assert page.shows(STORY, "Orchid Labs 'accuses'  Fern AI") is Outcome.UNCHANGED
    assert page.shows(STORY, "Correction: Orchid Labs looks at Fern AI") is Outcome.CHANGED
    diff = only_document(store).current.diff
    assert diff is not None and diff.split("\n")[1:3] == [
        "-Orchid Labs 'accuses' Fern AI",
        "+Correction: Orchid Labs looks at Fern AI",
    ]


def test_words_that_come_back_are_a_version_of_their_own(store: SqlStore) -> None:
    page = Page(store)
    for text in (STORY, STORY.replace("300", "400")):
        page.shows(text)
    page.fetch(STORY, record=f"{URL} 1")  # the archive names the record that already holds these bytes
    assert page.read(STORY) is Outcome.CHANGED
    assert [version.number for version in only_document(store).versions] == [1, 2, 3]


def test_a_better_reader_puts_its_reading_in_the_place_of_the_old_one(store: SqlStore) -> None:
    page = Page(store)
    page.shows(f"Skip to content\n\n{STORY}")
    only_document(store)
    assert page.read(STORY, reader="read/2") is Outcome.CHANGED
    assert not store.load_documents("x"), "its offsets were those of the old reading: it is extracted again"
    document = only_document(store)
    assert [(version.id, version.text) for version in document.versions] == [(f"{document.id}.1", STORY)]
    assert page.read(STORY, reader="read/3") is Outcome.UNCHANGED
    assert len(store.load_documents("x")) == 1, "the same reading keeps what was extracted from it"


def test_two_forms_of_a_page_do_not_take_turns_as_versions(store: SqlStore) -> None:
    plain, amp = Page(store), Page(store, "https://amp.wire.example/a-story")
    long = "\n\n".join(
        [STORY, *(f"Paragraph {n} of the story says what the {n} offices did on that day." for n in range(20))]
    )
    assert plain.shows(long) is Outcome.NEW
    assert amp.shows(long.replace("\n\nParagraph 3 ", "\n\nMore Paragraph 3 ")) is Outcome.UNCHANGED
    assert plain.shows(long) is Outcome.UNCHANGED
    assert amp.shows("Quite another text. " * 40) is Outcome.CHANGED, "a real rewriting counts, whichever form shows it"
    assert only_document(store).current.fetched_url == "https://amp.wire.example/a-story"
