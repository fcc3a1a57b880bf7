"""Which claims are published and which wait until somebody has looked at them: by their confidence alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tracker.reconcile.claims import make_records, records_of
from tracker.reconcile.found import Found, claims_of, content_key
from tracker.types import Claim, ClaimRecord, Extraction, StoredDocument

_Key = tuple[str | None, ...]


def hold_back(
    documents: Iterable[StoredDocument], below: float, vouched: frozenset[str] = frozenset()
) -> tuple[tuple[StoredDocument, ...], tuple[ClaimRecord, ...]]:
    """Part what is published from what awaits review: (documents without unsure claims, records of those claims).

    A claim that several versions of a page hold is one claim, and the newest version that holds it decides, so that
    no page says of words that still stand there that they are gone. Nothing is held where `below` is 0, and no claim
    whose id is among the `vouched`: somebody has compared it with its words.
    """
    published, held = [], []
    for document in documents:
        keys = _unsure_keys(document, below, vouched)
        published.append(_with_claims(document, keys, wanted=False) if keys else document)
        if keys:
            held.append(_with_claims(document, keys, wanted=True))
    return tuple(published), make_records(held)


def _unsure_keys(document: StoredDocument, below: float, vouched: frozenset[str]) -> frozenset[_Key]:
    if not any(claim.awaits_review(below) for extraction in document.extractions for claim in extraction.claims):
        return frozenset()  # nearly always, and keys take long
    unsure: dict[_Key, bool] = {}
    for number, extraction in enumerate(document.extractions):
        newest: dict[_Key, bool] = {}
        for found in claims_of(number, extraction):
            key = content_key(document.id, found)
            # two claims with one key are told apart by their order alone: they wait together or not at all
            newest[key] = newest.get(key, True) and found.claim.awaits_review(below)
        unsure.update(newest)
    looked_at = _keys_of(document, vouched) if vouched else frozenset[_Key]()
    return frozenset(key for key, waits in unsure.items() if waits) - looked_at


def _keys_of(document: StoredDocument, claim_ids: frozenset[str]) -> frozenset[_Key]:
    return frozenset(
        content_key(document.id, Found(0, record.claim, record.quantities, record.dates))
        for record in records_of(document)
        if record.id in claim_ids
    )


def _with_claims(document: StoredDocument, keys: frozenset[_Key], *, wanted: bool) -> StoredDocument:
    """The document with only the claims that have one of the keys, or only the others."""

    def keep(number: int, extraction: Extraction) -> Extraction:
        chosen: set[Claim] = {
            found.claim
            for found in claims_of(number, extraction)
            if (content_key(document.id, found) in keys) is wanted
        }
        return replace(extraction, claims=tuple(claim for claim in extraction.claims if claim in chosen))

    extractions = tuple(keep(number, extraction) for number, extraction in enumerate(document.extractions))
    return replace(document, extractions=extractions)
