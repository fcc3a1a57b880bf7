"""The quotes of documents as Web Annotations: selectors that find the words, states that say in which version."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import CORRECTED_OLD, LETTER, MEMO, build_world, document, record, version
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.annotations import annotation_page
from tracker.render.catalogue import build_catalogue
from tracker.render.passages import build_passages
from tracker.render.views import Views
from tracker.types import Dataset, Reconciled


def read(pages: dict[str, bytes], name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(pages[f"documents/{name}.json"])
    return value


def selectors(item: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {selector["type"]: selector for selector in item["target"]["selector"]}


def test_each_claim_is_an_annotation_that_both_selectors_find(pages: dict[str, bytes]) -> None:
    page = read(pages, "doc-letter")
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld" and page["type"] == "AnnotationPage"
    assert page["partOf"]["total"] == len(page["items"]) == 4
    for item in page["items"]:
        place, quote = selectors(item)["TextPositionSelector"], selectors(item)["TextQuoteSelector"]
        assert LETTER[place["start"] : place["end"]] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in LETTER
        assert item["id"].removeprefix("doc-letter.html#") in pages["documents/doc-letter.html"].decode()


def test_the_state_is_that_of_the_version_that_has_the_words(pages: dict[str, bytes]) -> None:
    states = {item["id"].partition("#")[2]: item["target"]["state"] for item in read(pages, "doc-fix")["items"]}
    assert states["c-fix-1"]["schema:version"] == 1 and states["c-fix-2"]["schema:version"] == 2
    assert states["c-fix-1"]["dcterms:identifier"] == "doc-fix.1"
    assert states["c-fix-1"]["sourceDate"] == "2026-03-01T09:30:00Z"
    assert states["c-fix-1"]["cached"] == "urn:uuid:00000000-0000-4000-8000-000000000001"
    held = next(item for item in build_world().documents if item.id == "doc-fix").versions[0]
    assert held.text == CORRECTED_OLD and states["c-fix-1"]["schema:sha256"] == held.text_sha256


def test_a_paper_without_address_is_its_own_source_and_names_its_page(pages: dict[str, bytes]) -> None:
    item = read(pages, "memo-1")["items"][0]
    assert item["target"]["source"] == "memo-1.html"
    fragment = selectors(item)["FragmentSelector"]
    assert fragment["value"] == "page=1" and fragment["refinedBy"]["exact"] in MEMO


def test_bodies_say_what_is_read_and_lead_to_the_event(world: Dataset) -> None:
    pages = render_site(world, Site(base_url="https://tracker.example/x"))
    item = read(pages, "doc-letter")["items"][0]
    purposes = {body["purpose"]: body for body in item["body"]}
    assert purposes["classifying"]["value"] == "allegation"
    assert "speaker: Northwind Labs; accused: Kestrel AI" in purposes["describing"]["value"]
    assert purposes["linking"]["source"] == "https://tracker.example/x/events/northwind-letter-2026-02.html#c-letter-1"
    assert item["id"] == "https://tracker.example/x/documents/doc-letter.html#c-letter-1"
    assert item["target"]["source"] == "https://courier.example/doc-letter"
    assert check_site(pages, world) == []


def test_a_document_without_claims_has_no_annotations(pages: dict[str, bytes]) -> None:
    assert "documents/doc-earn.json" not in pages
    assert b"Web Annotations" not in pages["documents/doc-earn.html"]


@given(st.text(min_size=1, max_size=200), st.data())
def test_any_text_gives_annotations_whose_place_is_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    held = version("any", 1, text, "T")
    claim = record("c", replace(held, text=text), text[start:end], "statement", None)
    claim = replace(claim, claim=replace(claim.claim, start=start, end=end))
    dataset = Dataset((document("any", "P", "s", held),), Reconciled((), (claim,), ()))
    views = Views(build_catalogue(dataset), Site())
    (item,) = json.loads(annotation_page(views, dataset.documents[0]))["items"]
    place = selectors(item)["TextPositionSelector"]
    assert text[place["start"] : place["end"]] == text[start:end]


@pytest.mark.parametrize("size", [2, 5, 12])
def test_context_never_completes_a_text_of_which_the_quotes_leave_something(size: int) -> None:
    sentences = [f"Sentence number {number} says what it says." for number in range(size)]
    text = " ".join(sentences)
    held = version("full", 1, text, "T")
    quoted = [record(f"c-{n}", held, words, "statement", None) for n, words in enumerate(sentences) if n != 1]
    passages = build_passages(held, quoted)
    shown = sum(len(piece.text) for passage in passages for segment in passage.segments for piece in segment.pieces)
    assert shown < len(text)
    assert sentences[1] not in "".join(p.text for x in passages for s in x.segments for p in s.pieces)


def test_the_archive_record_of_each_version_stands_on_the_page(pages: dict[str, bytes]) -> None:
    page = " ".join(pages["documents/doc-fix.html"].decode().split())
    assert "2026-03.warc.gz" not in page, "the file tells of the runs, and the record's id is the same in every copy"
    assert page.count("&lt;urn:uuid:00000000-0000-4000-8000-000000000001&gt;") == 2
    assert '<time datetime="2026-03-01T09:30:00Z">1 March 2026, 09:30 UTC</time>' in page
    assert "tracker archive show doc-fix --version 2" in page
