"""What is published and what awaits review: the threshold decides, and a page never loses words over it."""

from __future__ import annotations

from dataclasses import replace

from tracker.reconcile import hold_back, make_records, reconcile
from tracker.types import Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, charge, document

SURE = charge("Lumen accused Garnet of copying Prism.", on="2026-03-01")
UNSURE = charge("It named Basalt as well.", accused=("basalt",), on="2026-03-01")
SILENT = Said("no_response", "Garnet did not answer.", "garnet", ("garnet",))


def judged(stored: StoredDocument, **confidence: float | None) -> StoredDocument:
    """The document with a confidence for each claim, by the first word of its quote."""
    extractions = tuple(
        replace(item, claims=tuple(replace(c, confidence=confidence.get(c.text.split()[0])) for c in item.claims))
        for item in stored.extractions
    )
    return replace(stored, extractions=extractions)


def test_a_claim_below_the_threshold_is_held_and_one_at_it_is_not() -> None:
    page = judged(document("a", Page("2026-03-02", [SURE, UNSURE])), Lumen=0.5, It=0.49)
    (published,), held = hold_back([page], 0.5)
    assert [claim.text for claim in published.extractions[0].claims] == [SURE.text]
    assert [record.claim.text for record in held] == [UNSURE.text]
    assert published.versions == page.versions and published.extractions[0].dates == page.extractions[0].dates


def test_a_claim_without_a_confidence_is_published() -> None:
    page = judged(document("a", Page("2026-03-02", [SURE])), Lumen=None)
    assert hold_back([page], 1.0) == ((page,), ())


def test_a_threshold_of_nothing_holds_nothing() -> None:
    page = judged(document("a", Page("2026-03-02", [SURE, UNSURE])), Lumen=0.0, It=0.0)
    assert hold_back([page], 0.0) == ((page,), ())


def test_held_claims_make_no_event_and_name_no_party() -> None:
    page = judged(document("a", Page("2026-03-02", [UNSURE])), It=0.2)
    published, held = hold_back([page], 0.5)
    result = reconcile(published, GAZETTEER, Reconciled())
    assert (result.events, result.claims) == ((), ()) and len(held) == 1
    assert "basalt" not in {entity.id for entity in result.entities}
    assert reconcile([page], GAZETTEER, Reconciled()).events


def test_records_have_the_ids_that_they_would_have_if_all_were_published() -> None:
    page = judged(document("a", Page("2026-03-02", [SURE, UNSURE, SILENT])), Lumen=0.9, It=0.1, Garnet=0.9)
    published, held = hold_back([page], 0.5)
    assert {r.id for r in (*make_records(published), *held)} == {r.id for r in make_records([page])}


def test_claims_that_only_their_order_tells_apart_wait_together_or_not_at_all() -> None:
    page = document("a", Page("2026-03-02", [charge(SURE.text), charge(SURE.text, target=())]))
    (extraction,) = page.extractions
    first, second = extraction.claims
    page = replace(
        page,
        extractions=(replace(extraction, claims=(replace(first, confidence=0.2), replace(second, confidence=0.8))),),
    )
    published, held = hold_back([page], 0.5)
    assert (published, held) == ((page,), ())


def test_the_newest_version_decides_for_words_that_stay() -> None:
    page = document("a", Page("2026-03-02", [SURE]), Page("2026-03-03", [SURE]))
    old, new = (
        replace(c, confidence=value) for c, value in zip(page.extractions[0].claims * 2, (0.9, 0.1), strict=True)
    )
    page = replace(
        page,
        extractions=(replace(page.extractions[0], claims=(old,)), replace(page.extractions[1], claims=(new,))),
    )
    (published,), held = hold_back([page], 0.5)
    assert [item.claims for item in published.extractions] == [(), ()]
    assert [(r.first_version_id, r.version_id, r.in_current_version) for r in held] == [("a.1", "a.2", True)]
    rising = replace(page, extractions=(page.extractions[1], page.extractions[0]))
    assert hold_back([rising], 0.5) == ((rising,), ())


def test_an_answer_alone_on_a_page_is_still_reconciled() -> None:
    page = judged(document("a", Page("2026-03-02", [SURE, SILENT])), Lumen=0.1, Garnet=0.9)
    published, _ = hold_back([page], 0.5)
    result = reconcile(published, GAZETTEER, Reconciled())
    assert [record.claim.type for record in result.claims] == ["no_response"]
