"""STIX: the OASIS library reads the bundle whole and strictly, and a charge never reads as a fact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import jsonschema_rs
import stix2
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.conftest import SEEN
from tests.render.exchange.conftest import HERE, called, seen_world, views_of
from tracker.config import Site
from tracker.render.exchange.stix import load_extension_schema, render_stix
from tracker.render.views import Views

SCHEMA = jsonschema_rs.validator_for(json.loads(load_extension_schema()))


def objects_of(views: Views) -> list[dict[str, Any]]:
    return json.loads(render_stix(views))["objects"]


def references_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from references_in(item)
    elif isinstance(value, dict):
        for key, held in value.items():
            if key.endswith("_ref"):
                yield held
            elif key.endswith("_refs"):
                yield from held
            else:
                yield from references_in(held)


def check_all(views: Views) -> None:
    body = render_stix(views)
    bundle = stix2.parse(body.decode(), allow_custom=False, version="2.1")
    objects = json.loads(body)["objects"]
    assert [json.loads(item.serialize())["id"] for item in bundle.objects] == [item["id"] for item in objects]
    ids = {item["id"] for item in objects}
    assert len(ids) == len(objects), "each id once"
    for item in objects:
        assert set(references_in(item)) <= ids
        for told in item.get("extensions", {}).values():
            SCHEMA.validate(told)
        if item["type"] != "marking-definition":
            assert UUID(item["id"].partition("--")[2]).version == 5
            assert item["created"] <= item["modified"]


def test_the_library_reads_all_of_it_strictly(views: Views) -> None:
    check_all(views)
    objects = objects_of(views)
    kinds = [item["type"] for item in objects if not item.get("revoked")]
    assert kinds.count("note") == len(views.catalogue.claims) and kinds.count("report") == len(views.catalogue.events)
    assert set(kinds) == {"identity", "marking-definition", "extension-definition", "relationship", "note", "report"}


def test_a_note_has_the_words_whose_word_it_is_and_the_page(views: Views) -> None:
    notes = [item for item in objects_of(views) if item["type"] == "note"]
    held = {told["claim_id"]: (note, told) for note in notes for told in note["extensions"].values()}
    assert held.keys() == views.catalogue.claims.keys()
    names = {item["id"]: item["name"] for item in objects_of(views) if item["type"] == "identity"}
    for claim_id, (note, told) in held.items():
        record = views.catalogue.claims[claim_id]
        text = views.catalogue.versions[record.version_id].text
        assert told["quote"] == text[told["quote_start"] : told["quote_end"]] == record.claim.text
        assert f"“{record.claim.text}”" in note["content"] and "no finding" in note["content"]
        assert ("speaker_ref" in told) == (record.claim.speaker is not None)
    letter, told = held["c-letter-1"]
    assert (
        names[told["speaker_ref"]] == "Northwind Labs" and told["accused_as"] == "operators affiliated with Kestrel AI"
    )
    assert letter["abstract"].startswith(
        "Allegation by Northwind Labs; accused: Kestrel AI, in the words “operators affiliated with Kestrel AI”"
    )
    urls = [item.get("url", "") for item in letter["external_references"]]
    assert urls[0].startswith("https://courier.example/doc-letter#:~:text=")
    assert "The page no longer says this." in held["c-fix-1"][0]["content"]
    accounts = told["quantities"][0]
    assert (accounts["low"], accounts["qualifier"]) == (24000, "over") and "high" not in accounts


def test_a_charge_never_reads_as_a_fact(views: Views) -> None:
    for item in objects_of(views):
        assert item["type"] not in (
            "attack-pattern",
            "threat-actor",
            "campaign",
            "intrusion-set",
            "indicator",
            "opinion",
        )
        assert "confidence" not in item
        if item["type"] in ("note", "report"):
            assert "no finding" in item.get("content", item.get("description", ""))
    (accusing,) = [
        item
        for item in objects_of(views)
        if item.get("relationship_type") == "accuses" and "operators affiliated" in item["description"]
    ]
    assert accusing["description"].startswith(
        "2 claims have Northwind Labs make an allegation that concerns Kestrel AI, none of them known to accuse it by"
        " name in the words quoted, from 2 independent sources"
    )
    assert {item["relationship_type"] for item in objects_of(views) if item["type"] == "relationship"} == {
        "accuses",
        "part-of",
        "model-of",
    }


def test_a_report_keeps_each_figure_beside_whose_word_it_is_and_the_silence(views: Views) -> None:
    told = {
        event["event_id"]: event
        for item in objects_of(views)
        if item["type"] == "report" and not item.get("revoked")
        for event in item["extensions"].values()
    }
    memo = told["oma-memo-2025"]
    assert [item["text"] for item in memo["figures"]] == ["tens of thousands of accounts", "nearly 25,000"]
    assert {item["answer_kind"] for item in memo["answers"]} == {"no_response", "none_found"}


def test_everything_is_marked_and_ours(views: Views) -> None:
    objects = objects_of(views)
    statement = next(item for item in objects if item.get("definition_type") == "statement")
    assert HERE.licence in statement["definition"]["statement"]
    for item in objects:
        if item["type"] != "marking-definition":
            assert item["object_marking_refs"] == [stix2.TLP_WHITE.id, statement["id"]]
            assert item["created_by_ref"] == objects[0]["id"]


def test_times_are_those_of_the_pages(views: Views) -> None:
    corrected = SEEN.replace(day=9)
    world = seen_world()
    fixed = next(item for item in world.documents if item.id == "doc-fix")
    old, new = fixed.versions
    later = replace(fixed, versions=(old, replace(new, fetched_at=corrected)))
    documents = tuple(later if item.id == "doc-fix" else item for item in world.documents)
    notes = {
        told["claim_id"]: item
        for item in objects_of(views_of(replace(world, documents=documents)))
        if item["type"] == "note"
        for told in item["extensions"].values()
    }
    assert (notes["c-fix-1"]["created"], notes["c-fix-1"]["modified"]) == (_z(SEEN), _z(corrected))
    assert notes["c-letter-1"]["modified"] == _z(SEEN)


def _z(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def test_an_event_that_was_joined_with_another_is_revoked_a_moment_later(views: Views) -> None:
    (gone,) = [item for item in objects_of(views) if item.get("revoked")]
    heir = next(item for item in objects_of(views) if "northwind-letter-2026-02" in str(item.get("extensions")))
    assert gone["type"] == "report" and gone["modified"] > heir["modified"] and "Northwind" not in str(gone)
    old = replace(views.catalogue.events_by_id["northwind-letter-2026-02"], id="northwind-letter-old")
    world = seen_world()
    before = replace(world, reconciled=replace(world.reconciled, events=(old,), redirects=()))
    assert gone["id"] in {item["id"] for item in objects_of(views_of(before))}


def test_one_site_keeps_its_ids_and_another_has_its_own(views: Views) -> None:
    again = views_of(replace(seen_world(), awaiting_review=seen_world().reconciled.claims[:1]))
    assert render_stix(again) == render_stix(views), "what awaits review is not told"
    other = views_of(seen_world(), Site(base_url="https://other.example"))
    predefined = stix2.TLP_WHITE.id
    ids = ({item["id"] for item in objects_of(one)} - {predefined} for one in (views, other))
    assert not set.intersection(*ids)


def test_a_look_back_says_so_in_each_object_and_keeps_the_ids(views: Views) -> None:
    back = objects_of(views_of(replace(seen_world(), as_of=SEEN)))
    (marking,) = [item for item in back if "As it was known on 1 March 2026" in str(item.get("definition"))]
    assert all(marking["id"] in item["object_marking_refs"] for item in back if item["type"] != "marking-definition")
    notes = [{item["id"] for item in objects if item["type"] == "note"} for objects in (back, objects_of(views))]
    assert notes[0] == notes[1]


def test_nothing_gives_a_bundle_that_says_nothing(nothing: Views) -> None:
    check_all(nothing)
    assert len(objects_of(nothing)) == 4


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=40))
def test_whatever_words_a_page_has_the_library_reads_it(words: str, document_id: str) -> None:
    check_all(views_of(called(seen_world(), words, document_id)))


def test_a_lone_surrogate_of_a_broken_page_is_replaced() -> None:
    check_all(views_of(called(seen_world(), "broken \ud800 page", "doc-\udfff")))
