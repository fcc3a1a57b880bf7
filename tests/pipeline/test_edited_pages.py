"""Pages that are edited, read by the real extractor: only what an edit touches is a revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.evaluation import load_gold
from tracker.ids import sha256_hex
from tracker.nlp.extractor import RuleExtractor
from tracker.reconcile import make_records, revisions_of
from tracker.reconcile.sentences import Sentences
from tracker.resources import bundled_path
from tracker.types import Document, Extraction, StoredDocument, Version

NOW = datetime(2026, 7, 1, tzinfo=UTC)
NEUTRAL = "This story will be updated later in the day, the newsroom said on its page for readers."


def _edits(document: Document, read: Extraction) -> Iterator[tuple[str, str]]:
    """(what was done, the page afterwards): none of these touches a word of a claim."""
    paragraphs = [line for line in document.text.split("\n") if line.strip()]
    middle = len(paragraphs) // 2
    yield "inserted", "\n\n".join([*paragraphs[:middle], NEUTRAL, *paragraphs[middle:]])
    yield "prepended", f"Correction: an earlier version misspelled a name.\n\n{document.text}"
    yield "moved", "\n\n".join([paragraphs[0], *paragraphs[middle:], *paragraphs[1:middle]])
    sentences = Sentences(document.text)
    for start, end in sentences.spans:
        if not any(claim.start < end and claim.end > start for claim in read.claims):
            yield "dropped", document.text[:start] + document.text[end:]
            return


def _stored(document: Document, texts: tuple[str, str], read: tuple[Extraction, Extraction]) -> StoredDocument:
    versions = tuple(
        Version(f"v{n}", document.id, n, document.title, text, sha256_hex(text), document.published, document.language,
                "article", None, NOW + timedelta(n), NOW + timedelta(n))
        for n, text in enumerate(texts, 1)
    )  # fmt: skip
    kind, url = document.publisher_type, document.url
    return StoredDocument(document.id, url, document.publisher, kind, "test", NOW, NOW, versions, read)


@pytest.fixture(scope="module")
def read() -> tuple[RuleExtractor, list[tuple[Document, Extraction]]]:
    extractor = RuleExtractor()
    short = sorted(load_gold(bundled_path("data/gold")).documents, key=lambda item: (len(item.text), item.id))
    chosen = [item for item in short if len(item.text) > 700][:14:2]
    pairs = list(zip(chosen, extractor.extract_all(chosen), strict=True))
    return extractor, [(document, found) for document, found in pairs if found.claims]


def test_an_edit_beside_the_claims_is_no_revision(
    read: tuple[RuleExtractor, list[tuple[Document, Extraction]]],
) -> None:
    extractor, pairs = read
    jobs = [(document, old, *edit) for document, old in pairs for edit in _edits(document, old)]
    pages = [replace(document, id=f"{document.id} {what}", text=text) for document, _, what, text in jobs]
    for (document, old, what, text), new in zip(jobs, extractor.extract_all(pages), strict=True):
        stored = _stored(document, (document.text, text), (old, new))
        assert revisions_of(stored) == (), (document.id, what)
        for record in make_records([stored]):
            assert record.in_current_version, (document.id, what, record.claim.text)
            for item in (record.claim, *record.quantities, *record.dates):
                assert text[item.start : item.end] == item.text
    assert len(jobs) > 15


def test_an_edited_figure_is_a_change_of_each_claim_that_has_it(
    read: tuple[RuleExtractor, list[tuple[Document, Extraction]]],
) -> None:
    extractor, pairs = read
    edited = 0
    for document, old in pairs:
        figures = [old.quantities[n] for claim in old.claims for n in claim.quantities]
        figure = next((q for q in figures if q.text[-1].isdigit() or ",000" in q.text), None)
        if figure is None or "000" not in figure.text:
            continue
        text = document.text[: figure.start] + figure.text.replace("000", "500", 1) + document.text[figure.end :]
        new = extractor.extract(replace(document, text=text))
        revisions = revisions_of(_stored(document, (document.text, text), (old, new)))
        assert {item.kind for item in revisions} == {"changed"}
        assert any("figure" in item.what and "500" in item.now[item.what.index("figure")] for item in revisions)
        edited += 1
    assert edited
