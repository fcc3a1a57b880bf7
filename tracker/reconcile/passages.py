"""Where each claim stands in its document, and whether it tells of news or of something earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.reconcile.dates import Timing, own_dates, timing_of
from tracker.reconcile.entities import Parties
from tracker.reconcile.reports import Sourced
from tracker.types import ACCUSING_TYPES, Claim, ClaimRecord, Extraction, StoredDocument

_EARLY = 0.6
"""An earlier day in this part of a text may be that of the matter itself ("the letter, dated June 10")."""
_LETTER_DAYS = 45
"""... if it is at most so long ago: a letter comes to light weeks after it was sent, seldom later."""


def place_claims(document: StoredDocument, records: Sequence[ClaimRecord], parties: Parties) -> list[Sourced]:
    """The document's claims in the order of the text, each with its place; silence is no happening and left out."""
    numbers = {version.id: number for number, version in enumerate(document.versions)}
    placed = []
    for record in records:
        if record.claim.type == "no_response":
            continue
        number = numbers[record.version_id]
        version, extraction = document.versions[number], document.extractions[number]
        published = record.published_on or version.published
        lead = _is_lead(record.claim, extraction)
        dates = own_dates(record, published)
        placed.append(
            Sourced(
                record=record,
                published=published,
                position=record.claim.start / max(len(version.text), 1),
                lead=lead,
                laws=frozenset(map(parties.law, _laws_of(record.claim, extraction))),
                models=_models_of(record.claim, extraction),
                dates=dates,
                timing=timing_of(dates, published, lead),
            )
        )
    placed.sort(key=lambda s: (s.position, s.record.claim.end, s.record.claim.type, s.record.id))
    return _settle_timing(placed)


def _is_lead(claim: Claim, extraction: Extraction) -> bool:
    spoken = ((c.start, c.end) for c in extraction.claims if c.type != "no_response")
    first = min(spoken, default=(claim.start, claim.end))
    return claim.start < first[1] and claim.end > first[0]


def _laws_of(claim: Claim, extraction: Extraction) -> frozenset[str]:
    laws = [m for m in extraction.mentions if m.type == "law"]
    inside = {m.entity_id for m in laws if claim.start <= m.start < claim.end}
    return frozenset(inside | ({m.entity_id for m in laws} & set(claim.via)))


def _models_of(claim: Claim, extraction: Extraction) -> frozenset[str]:
    inside = (m for m in extraction.mentions if m.type == "model" and claim.start <= m.start < claim.end)
    return frozenset(m.entity_id for m in inside)


def _settle_timing(placed: list[Sourced]) -> list[Sourced]:
    """Decide what a claim's own date alone cannot.

    A day some weeks back, early in the text and beside those whom the lead accuses, is the matter's own: a letter
    that has come to light. What shares a passage with something recalled ("in February X accused A, and Y B") is
    recalled with it.
    """
    lead_accused = {entity_id for s in placed if s.lead for entity_id in s.record.claim.accused}
    recalling = {
        (s.record.version_id, s.record.claim.start)
        for s in placed
        if s.timing == "old" and not s.lead and not _is_letter(s, lead_accused)
    }

    def timing(s: Sourced) -> Timing:
        if s.timing == "old":
            return "recent" if _is_letter(s, lead_accused) else "old"
        together = (s.record.version_id, s.record.claim.start) in recalling
        return "old" if together and not s.lead else s.timing

    return [replace(s, timing=timing(s)) for s in placed]


def _is_letter(s: Sourced, lead_accused: set[str]) -> bool:
    if s.published is None or not any((s.published - d.to_on).days <= _LETTER_DAYS for d in s.dates):
        return False
    of_the_matter = s.record.claim.type in ACCUSING_TYPES and bool(lead_accused.intersection(s.record.claim.accused))
    return s.lead or (of_the_matter and s.position <= _EARLY and any(d.days == 1 for d in s.dates))
