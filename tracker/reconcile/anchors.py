"""Anchors: which claim an edit means, found by its document and words after whatever was extracted since."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.types import Anchor, ClaimRecord

_LEAST_SHARED = 0.6
"""The share of the longer quote that the shorter one must be, where one holds the other: a better extractor may end a
sentence elsewhere, but half of it is another claim."""


def fold_quote(text: str) -> str:
    """Words as they are compared: white space folded, since a page's line breaks say nothing."""
    return " ".join(text.split())


def find_claim(anchor: Anchor, records: Sequence[ClaimRecord]) -> ClaimRecord | None:
    """The claim that the anchor means among those of its document as they were read, None if none of them is it.

    The id of the day of the edit decides where it is still there. Otherwise it must be of the same type and on the
    same words, or on words that hold most of them; among several of these, the one with the same speaker and accused.
    """
    own = [record for record in records if record.document_id == anchor.document_id]
    if exact := next((record for record in own if record.id == anchor.claim_id), None):
        return exact
    quote = fold_quote(anchor.quote)
    ranked = [(_likeness(anchor, quote, record), record) for record in own]
    fitting = [(rank, record) for rank, record in ranked if rank is not None]
    if not fitting:
        return None
    return min(fitting, key=lambda pair: (pair[0], pair[1].claim.start, pair[1].id))[1]


def _likeness(anchor: Anchor, quote: str, record: ClaimRecord) -> tuple[bool, bool, int] | None:
    """How far a claim is from what the anchor says, the nearest first; None where it is another claim."""
    claim, words = record.claim, fold_quote(record.claim.text)
    if anchor.type not in (None, claim.type) or not quote:
        return None
    if words != quote:
        shorter, longer = sorted((words, quote), key=len)
        if shorter not in longer or len(shorter) < _LEAST_SHARED * len(longer):
            return None
    return words != quote, claim.speaker != anchor.speaker, len(set(claim.accused) ^ set(anchor.accused))


def anchor_of(record: ClaimRecord, current_version: str) -> Anchor:
    """The anchor of a claim as it was read (before any edit), with the newest version of its document."""
    claim = record.claim
    return Anchor(
        document_id=record.document_id,
        quote=fold_quote(claim.text),
        type=claim.type,
        speaker=claim.speaker,
        accused=claim.accused,
        claim_id=record.id,
        version_id=current_version,
    )
