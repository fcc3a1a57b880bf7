"""What people's edits make of claims, entities and events, over a small invented world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.reconcile import hold_back, make_records, reconcile
from tracker.reconcile.anchors import anchor_of
from tracker.reconcile.curator import Curator
from tracker.types import (
    Act,
    Anchor,
    ClaimRecord,
    Correction,
    Curation,
    Edit,
    FigureFix,
    Reconciled,
    StoredDocument,
)

from .builders import GAZETTEER, Page, Said, document, over

DAY = datetime(2026, 9, 2, tzinfo=UTC)


def curation(*acts: Act) -> Curation:
    """Edits e1, e2, ... an hour apart."""
    return Curation(
        tuple(
            Edit(f"e{number}", act, "Ana Lyst", DAY + timedelta(hours=number), "it says so")
            for number, act in enumerate(acts, start=1)
        )
    )


def world(*documents: StoredDocument, acts: tuple[Act, ...] = (), previous: Reconciled | None = None) -> Reconciled:
    curator = Curator(GAZETTEER, curation(*acts), documents)
    published, _ = hold_back(documents, 0.5, curator.vouched)
    return reconcile(published, GAZETTEER, previous or Reconciled(), curator)


def anchor(document_: StoredDocument, index: int = 0) -> Anchor:
    return anchor_of(make_records([document_])[index], document_.current.id)


def claim(result: Reconciled, document_: StoredDocument) -> ClaimRecord:
    (record,) = [record for record in result.claims if record.document_id == document_.id]
    return record


CHARGE = document(
    "d1",
    Page(
        "2026-03-02",
        [
            Said(
                "allegation",
                "Lumen Labs said that Garnet used over 24,000 accounts",
                "lumen",
                ("garnet",),
                figures=(over("accounts", 24_000),),
                on="2026-03-01",
            )
        ],
    ),
)


def test_a_corrected_claim_keeps_its_id_and_says_who_corrected_it() -> None:
    (before,) = make_records([CHARGE])
    fix = FigureFix("24000 accounts", 25_000, 25_000, "exact")
    act = Correction(anchor(CHARGE), ("accused", "status"), accused=("basalt",), status="asserted", figures=(fix,))
    result = world(CHARGE, acts=(act,))
    after = claim(result, CHARGE)
    assert after.id == before.id and after.edits == ("e1",)
    assert after.claim.accused == ("basalt",) and after.claim.status == "asserted"
    (event,) = result.events
    assert "basalt" in event.actors and "garnet" not in event.actors
    assert [(f.low, f.qualifier) for f in event.figures] == [(25_000, "exact")]
