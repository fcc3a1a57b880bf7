"""Claim records: one for the same words in several versions, two for two claims on one span."""

from __future__ import annotations

import re

from tracker.reconcile import make_records, reconcile, version_ids_of
from tracker.types import Reconciled

from .builders import GAZETTEER, Page, about, charge, document, over

ACCUSED = charge("Lumen accused Garnet of copying Prism.")
FIRST_COUNT = charge("It counted 24,000 accounts.", figures=(about("accounts", 24_000),))
SECOND_COUNT = charge("It counted nearly 25,000 accounts.", figures=(("accounts", None, 25_000, "under"),))


def test_words_that_stay_are_one_record_and_words_that_go_are_marked() -> None:
    doc = document("a", Page("2026-03-02", [ACCUSED, FIRST_COUNT]), Page("2026-03-03", [ACCUSED, SECOND_COUNT]))
    records = {record.claim.text: record for record in make_records([doc])}
    kept, gone, new = (records[said.text] for said in (ACCUSED, FIRST_COUNT, SECOND_COUNT))
    assert (kept.first_version_id, kept.version_id, kept.in_current_version) == ("a.1", "a.2", True)
    assert (gone.first_version_id, gone.version_id, gone.in_current_version) == ("a.1", "a.1", False)
    assert (new.first_version_id, new.version_id, new.in_current_version) == ("a.2", "a.2", True)
    assert gone.quantities[0].low == 24_000


def test_white_space_makes_no_new_claim() -> None:
    loose = charge("Lumen  accused\nGarnet of copying Prism.")
    (record,) = make_records([document("a", Page("2026-03-02", [ACCUSED]), Page("2026-03-03", [loose]))])
    assert record.version_id == "a.2"
    assert record.claim.text == loose.text


def test_claims_on_one_span_differ_by_speaker_accused_figures_and_target() -> None:
    text = "Lumen and Basalt named Garnet and others, 5,000 and 7,000 times."
    said = [
        charge(text),
        charge(text, speaker="basalt"),
        charge(text, accused=("basalt",)),
        charge(text, figures=(over("exchanges", 5_000),)),
        charge(text, figures=(over("exchanges", 7_000),)),
        charge(text, target=()),
    ]
    records = make_records([document("a", Page("2026-03-02", said))])
    assert len({record.id for record in records}) == len(said) == len(records)
    assert all(re.fullmatch(r"c-[0-9a-f]{12}", record.id) for record in records)


def test_the_same_words_in_two_documents_are_two_records() -> None:
    records = make_records([document(name, Page("2026-03-02", [ACCUSED])) for name in "ab"])
    assert len({record.id for record in records}) == 2


def test_versions_of_an_event_run_from_the_first_to_the_newest_with_its_words() -> None:
    other = charge("The panel met.", accused=(), target=())
    doc = document(
        "a", Page("2026-03-02", [ACCUSED]), Page("2026-03-03", [ACCUSED, FIRST_COUNT]), Page("2026-03-04", [other])
    )
    result = reconcile([doc], GAZETTEER, Reconciled())
    claims = {record.id: record for record in result.claims}
    event = next(e for e in result.events if any(claims[c].claim.text == ACCUSED.text for c in e.claim_ids))
    only = [c for c in event.claim_ids if claims[c].claim.text != other.text]
    assert version_ids_of(event, claims, {"a": doc})[:2] == ("a.1", "a.2")
    assert version_ids_of(event, {c: claims[c] for c in only}, {"a": doc}) == ("a.1", "a.2")
