"""A catalogue that notes what is read of it, over digests of what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import datetime
from functools import cached_property
from typing import Any

from tracker.ids import int_digest
from tracker.render.catalogue import Catalogue
from tracker.render.editstamps import EditStamps, stamp_edits
from tracker.render.reads import Reads, Watched, WatchedSequence, digest_all
from tracker.types import ClaimRecord, Digests, Dispute, Entity, Event, StoredDocument, Version

_UNKNOWN = -1
"""Of a thing that came after the digests were taken: it is looked at again next time."""


_DERIVED = frozenset(
    {
        "versions", "events_by_id", "events_of_entity", "events_of_claim", "events_of_document", "events_of_month",
        "events_recalled_by", "events_answered_by", "dispute", "disputes_of_event", "disputes_of_entity",
        "claims_of_document", "claims_of_entity", "documents_of_entity", "children", "revisions_of_claim",
    }
)  # fmt: skip
"""Lookups that `build_catalogue` makes out of the others: what the whole dataset is, the others say."""


@dataclass(frozen=True)
class Watch:
    """A catalogue with what was read of it, and what each thing that may be read is now."""

    catalogue: Catalogue
    stamps: EditStamps
    """Watched too, so that a page rests on what was decided about what it shows, and not on all decisions."""
    reads: Reads
    _watched: Mapping[str, Watched[Any] | WatchedSequence[Any]]

    def digest(self, name: str) -> int:
        """What a name gives now."""
        kind, _, key = name.partition(":")
        if kind == "dataset":
            return self._all
        return self._watched[kind].digest(key)

    @cached_property
    def _all(self) -> int:
        return digest_all(watched.digest("*") for kind, watched in self._watched.items() if kind not in _DERIVED)


def watch(catalogue: Catalogue, digests: Digests) -> Watch:
    """The catalogue, watched. Things whose digests are the same are the same."""
    reads, of = Reads(), _Digesting(catalogue, digests)
    watched: dict[str, Watched[Any] | WatchedSequence[Any]] = {}
    for kind, digest_of in of.mappings.items():
        watched[kind] = Watched(kind, getattr(catalogue, kind), reads, digest_of)
    for kind, digest_of in of.sequences.items():
        watched[kind] = WatchedSequence(kind, getattr(catalogue, kind), reads, digest_of)
    by_id = {dispute.id: dispute for dispute in catalogue.disputes}
    named = {"dispute": Watched("dispute", by_id, reads, of.sequences["disputes"])}
    # They behave as what they stand for, as far as pages use that; the types say what pages may rely on.
    fields: dict[str, Any] = dict(watched)
    stamped = stamp_edits(catalogue)
    stamps: dict[str, Any] = {
        item.name: Watched(f"{item.name}_decided", getattr(stamped, item.name), reads, _microseconds)
        for item in dataclass_fields(EditStamps)
    }
    decided = {f"{name}_decided": times for name, times in stamps.items()}
    return Watch(replace(catalogue, **fields), EditStamps(**stamps), reads, {**watched, **named, **decided})


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


class _Digesting:
    """How the digest of each thing in a catalogue is found."""

    def __init__(self, catalogue: Catalogue, digests: Digests) -> None:
        self._digests = digests
        self._seen_at = {
            document.id: int(document.current.last_seen_at.timestamp()) for document in catalogue.documents.values()
        }
        self._texts: dict[int, int] = {}
        self._claims: dict[str, int] = {}
        """Each is asked for by its page, its event, its parties and the tables."""
        events, claims = self._of(self._event), self._of(self._claim)
        self.mappings: dict[str, Any] = {
            "documents": self._document,
            "versions": self._version,
            "entities": self._entity,
            "claims": self._claim,
            "events_by_id": self._event,
            "awaiting": int,
            "events_of_entity": events,
            "events_of_claim": events,
            "events_of_document": events,
            "events_of_month": events,
            "events_recalled_by": events,
            "events_answered_by": events,
            "disputes_of_event": self._of(self._dispute),
            "disputes_of_entity": self._of(self._dispute),
            "claims_of_document": claims,
            "claims_of_entity": claims,
            "documents_of_entity": lambda rows: digest_all(
                part for document, count in rows for part in (self._document(document), count)
            ),
            "children": self._of(self._entity),
            "copies_of": self._written,
            "revisions_of_claim": self._of(self._written),
            "revisions_of_document": self._of(self._written),
        }
        self.sequences: dict[str, Any] = {
            "events": self._event,
            "disputes": self._dispute,
            "redirects": self._written,
            "sources": self._written,
            "edits": self._written,
        }

    def _of(self, digest_of: Any) -> Any:
        def digest(values: Sequence[Any]) -> int:
            return digest_all(map(digest_of, values))

        return digest

    def _document(self, document: StoredDocument) -> int:
        return self._digests.documents.get(document.id, _UNKNOWN)

    def _version(self, version: Version) -> int:
        return self._digests.documents.get(version.document_id, _UNKNOWN)

    def _entity(self, entity: Entity) -> int:
        return self._digests.entities.get(entity.id, _UNKNOWN)

    def _claim(self, record: ClaimRecord) -> int:
        held = self._claims.get(record.id)
        if held is None:
            # when its page was last seen is put in as the record is loaded (`with_last_seen`)
            parts = (self._digests.claims.get(record.id, _UNKNOWN), self._seen_at.get(record.document_id, 0))
            held = self._claims[record.id] = hash(parts)
        return held

    def _event(self, event: Event) -> int:
        return self._digests.events.get(event.id, _UNKNOWN)

    def _dispute(self, dispute: Dispute) -> int:
        return self._digests.disputes.get(dispute.id, _UNKNOWN)

    def _written(self, value: object) -> int:
        """Of a small value, by what it is written as."""
        if id(value) not in self._texts:
            self._texts[id(value)] = int_digest(repr(value))
        return self._texts[id(value)]
