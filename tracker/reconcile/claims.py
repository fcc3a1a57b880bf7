"""Claims as records: each with the words of the version that it stands on, and an id that outlives re-runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.ids import digest_of
from tracker.types import Claim, ClaimRecord, DateMention, Event, Extraction, Quantity, StoredDocument


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in one version: `number` is the version's place in the document, from 0."""

    number: int
    claim: Claim
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]


def _figure_key(quantity: Quantity) -> str:
    return f"{quantity.kind}|{quantity.low}|{quantity.high}|{quantity.qualifier}|{quantity.unit}"


def content_key(document_id: str, found: Found) -> tuple[str | None, ...]:
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


def records_of(document: StoredDocument) -> list[ClaimRecord]:
    """The records of one document, in no particular order."""
    occurrences: dict[tuple[tuple[str | None, ...], int], list[Found]] = defaultdict(list)
    for number, extraction in enumerate(document.extractions):
        seen: dict[tuple[str | None, ...], int] = defaultdict(int)
        for found in claims_of(number, extraction):
            key = content_key(document.id, found)
            occurrences[key, seen[key]].append(found)
            seen[key] += 1
    newest = len(document.versions) - 1
    records = []
    for (key, ordinal), founds in occurrences.items():
        last = founds[-1]
        parts = key if ordinal == 0 else (*key, str(ordinal))
        records.append(
            ClaimRecord(
                id=f"c-{digest_of(*parts)}",
                document_id=document.id,
                version_id=document.versions[last.number].id,
                first_version_id=document.versions[founds[0].number].id,
                in_current_version=last.number == newest,
                claim=last.claim,
                quantities=last.quantities,
                dates=last.dates,
            )
        )
    return records


def make_records(documents: Iterable[StoredDocument]) -> tuple[ClaimRecord, ...]:
    """Every claim of every version as a record, ordered by document, place and id.

    A record's id is a digest of the document, the type, the quoted words with white space folded, the speaker, the
    accused and the figures: the same words in several versions are one record, two claims on one span are two.
    """
    records = [record for document in documents for record in records_of(document)]
    return tuple(sorted(records, key=lambda r: (r.document_id, r.claim.start, r.claim.end, r.claim.type, r.id)))


def version_ids_of(
    event: Event, claims: Mapping[str, ClaimRecord], documents: Mapping[str, StoredDocument]
) -> tuple[str, ...]:
    """The ids of all versions in which the event's own claims occur, by document and age.

    A claim occurs from the first version that holds its words to the newest that does. `claims` and `documents` are
    by id; a claim or document that is not there is passed over.
    """
    spans: dict[str, set[int]] = defaultdict(set)
    for claim_id in event.claim_ids:
        record = claims.get(claim_id)
        document = documents.get(record.document_id) if record else None
        if record and document:
            ids = [version.id for version in document.versions]
            spans[document.id].update(range(ids.index(record.first_version_id), ids.index(record.version_id) + 1))
    return tuple(documents[key].versions[number].id for key in sorted(spans) for number in sorted(spans[key]))
