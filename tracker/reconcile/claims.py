"""Claims as records: each with the words of the version that it stands on, and an id that outlives re-runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from tracker.ids import digest_of
from tracker.reconcile.succession import Side, Succession, trace
from tracker.types import ClaimRecord, Event, StoredDocument, Version

Spot = tuple[int, int]
"""(version, claim): indices into the sides and the claims of a document."""


def threads_of(sides: Sequence[Side], steps: Sequence[Succession]) -> dict[Spot, tuple[Spot, ...]]:
    """For each claim of each version: where it occurs in all versions, oldest first.

    A claim is the same in two versions if its key is, or if it was kept from one to the next although it is read
    otherwise there. It occurs in a version once.
    """
    threads: dict[Spot, dict[int, Spot]] = {}
    by_key: dict[object, dict[int, Spot]] = {}
    for number, side in enumerate(sides):
        for index, key in enumerate(side.keys):
            thread = by_key.setdefault(key, {})
            thread[number] = (number, index)
            threads[number, index] = thread
    for number, step in enumerate(steps):
        for i, j in step.kept:
            one, other = threads[number, i], threads[number + 1, j]
            if one is not other and not one.keys() & other.keys():
                one.update(other)
                threads.update(dict.fromkeys(other.values(), one))
    return {spot: tuple(thread[number] for number in sorted(thread)) for spot, thread in threads.items()}


def id_of(sides: Sequence[Side], thread: Sequence[Spot]) -> str:
    """The id of a claim: made from its oldest reading, so that it stays when the page is seen again."""
    number, index = thread[0]
    key, ordinal = sides[number].keys[index]
    return f"c-{digest_of(*(key if ordinal == 0 else (*key, str(ordinal))))}"


def records_of(document: StoredDocument) -> list[ClaimRecord]:
    """The records of one document, in no particular order."""
    sides, steps = trace(document)
    return [_record(document, sides, thread) for thread in dict.fromkeys(threads_of(sides, steps).values())]


def _record(document: StoredDocument, sides: Sequence[Side], thread: Sequence[Spot]) -> ClaimRecord:
    last, index = thread[-1]
    found = sides[last].found[index]
    first, version = document.versions[thread[0][0]], document.versions[last]
    stands = last == len(document.versions) - 1
    return ClaimRecord(
        id=id_of(sides, thread),
        document_id=document.id,
        version_id=version.id,
        first_version_id=first.id,
        in_current_version=stands,
        claim=found.claim,
        quantities=found.quantities,
        dates=found.dates,
        first_seen_at=first.fetched_at,
        last_seen_at=None if stands else version.last_seen_at,
        published_on=sides[thread[0][0]].put_in.get(thread[0][1]) or first.published,
    )


def make_records(documents: Iterable[StoredDocument]) -> tuple[ClaimRecord, ...]:
    """Every claim of every version as a record, ordered by document, place and id.

    A record's id is a digest of the document, the type, the quoted words with white space folded, the speaker, the
    accused and the figures: the same words in several versions are one record, two claims on one span are two. Where
    a sentence stands in a newer version too, the record has its newest reading there, or the older one if the newer
    version's sentence was not read as a claim. `last_seen_at` is None as long as the words stand (`with_last_seen`).
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


def with_last_seen(records: Iterable[ClaimRecord], documents: Iterable[StoredDocument]) -> tuple[ClaimRecord, ...]:
    """The records, those whose words stand with the instant at which their page was last seen.

    That moves with every look at a page, so it is no part of a stored result: a look that finds nothing new changes
    nothing there.
    """
    newest: Mapping[str, Version] = {document.id: document.current for document in documents}
    return tuple(
        _seen_at(record, newest[record.document_id].last_seen_at)
        if record.in_current_version and record.document_id in newest
        else record
        for record in records
    )


_FIELDS = tuple(field.name for field in fields(ClaimRecord))
_values_of = attrgetter(*_FIELDS)
_LAST_SEEN = _FIELDS.index("last_seen_at")


def _seen_at(record: ClaimRecord, at: datetime) -> ClaimRecord:
    """The record with another instant; nearly every claim has one, and `dataclasses.replace` is slow."""
    values = list(_values_of(record))
    values[_LAST_SEEN] = at
    return ClaimRecord(*values)
