"""What was read out of one version of a page, and what makes it the same claim in another version."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.types import Claim, DateMention, Extraction, Quantity


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in one version: `number` is the version's place in the document, from 0."""

    number: int
    claim: Claim
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]


Key = tuple[str | None, ...]


def _figure_key(quantity: Quantity) -> str:
    return f"{quantity.kind}|{quantity.low}|{quantity.high}|{quantity.qualifier}|{quantity.unit}"


def content_key(document_id: str, found: Found) -> Key:
    """What makes two claims of a document's versions the same claim."""
    claim = found.claim
    return (
        document_id,
        claim.type,
        " ".join(claim.text.split()),
        claim.speaker,
        "|".join(sorted(claim.accused)),
        ";".join(sorted(_figure_key(quantity) for quantity in found.quantities)),
    )


def _rank(found: Found) -> tuple[object, ...]:
    """The order among claims of one version that share a key: by place, then by what tells them apart."""
    claim = found.claim
    return (claim.start, claim.end, sorted(claim.target), sorted(claim.via), claim.status, claim.on_behalf_of or "")


def claims_of(number: int, extraction: Extraction) -> list[Found]:
    """The claims of one version, each once, with the figures and dates that belong to them."""
    found = []
    for claim in dict.fromkeys(extraction.claims):
        quantities = tuple(extraction.quantities[i] for i in claim.quantities if 0 <= i < len(extraction.quantities))
        dates = tuple(extraction.dates[i] for i in claim.dates if 0 <= i < len(extraction.dates))
        found.append(Found(number, claim, quantities, dates))
    return sorted(found, key=_rank)
