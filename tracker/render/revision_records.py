"""Where claims are told, and what became of them, as records for exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tracker.types import ClaimRecord, Dataset, Event, Figure, Revision, StoredDocument

Record = dict[str, Any]


class Places:
    """For each claim the events that tell it, that recall it, and that name it in any way, in the events' order."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.told: dict[str, list[Event]] = defaultdict(list)
        self.recalled: dict[str, list[Event]] = defaultdict(list)
        self.named: dict[str, list[Event]] = defaultdict(list)
        self._still_said: set[str] = set()
        for event in events:
            answers = [answer.claim_id for answer in event.answers if answer.claim_id]
            named = dict.fromkeys([*event.claim_ids, *event.recalled_in, *answers])
            for places, claim_ids in ((self.told, event.claim_ids), (self.recalled, event.recalled_in)):
                for claim_id in claim_ids:
                    places[claim_id].append(event)
            for claim_id in named:
                self.named[claim_id].append(event)
            self._still_said.update(named.keys() - set(event.vanished))

    def is_vanished(self, record: ClaimRecord) -> bool:
        """Whether no source of its events has its words any more; of what is in no event its page is the only one."""
        return not record.in_current_version and record.id not in self._still_said


def valid_times(record: ClaimRecord, *, vanished: bool) -> Record:
    """From when to when a page was seen to say it, and whether any source still does."""
    return {
        "in_current_version": record.in_current_version,
        "vanished": vanished,
        "first_seen_at": record.first_seen_at.isoformat() if record.first_seen_at else None,
        "last_seen_at": record.last_seen_at.isoformat() if record.last_seen_at else None,
    }


def figure_times(figure: Figure, event: Event, claims: dict[str, ClaimRecord]) -> Record:
    """The same of a figure."""
    record, vanished = span_of_figure(figure, event, claims)
    return valid_times(record, vanished=vanished)


def span_of_figure(figure: Figure, event: Event, claims: dict[str, ClaimRecord]) -> tuple[ClaimRecord, bool]:
    """A figure's claim with the times of the figure, and whether no page of the event gives the value any more.

    Its page says it as long as any of its sentences does, whichever were edited around it.
    """
    same = [item.claim_id for item in event.figures if (item.document_id, item.value) == _key_of(figure)]
    records = [claims[key] for key in {*same, figure.claim_id} if key in claims]
    first = min((item.first_seen_at for item in records if item.first_seen_at), default=None)
    last = max((item.last_seen_at for item in records if item.last_seen_at), default=None)
    stands = any(item.in_current_version for item in records)
    vanished = figure.standing == "nowhere" if figure.standing else figure.claim_id in event.vanished
    record = replace(claims[figure.claim_id], first_seen_at=first, last_seen_at=last, in_current_version=stands)
    return record, vanished


def _key_of(figure: Figure) -> tuple[str, object]:
    return figure.document_id, figure.value


def revision_records(dataset: Dataset) -> list[Record]:
    """What became of claims when their pages changed, by document and time, each with both quotes."""
    documents = {document.id: document for document in dataset.documents}
    claims = {record.id: record for record in dataset.reconciled.claims}
    places = Places(dataset.reconciled.events)
    return [_revision(item, claims, documents[item.document_id], places) for item in dataset.reconciled.revisions]


def _revision(item: Revision, claims: dict[str, ClaimRecord], document: StoredDocument, places: Places) -> Record:
    events = [event.id for key in (item.before, item.after) if key for event in places.named.get(key, ())]
    return {
        "document": item.document_id,
        "kind": item.kind,
        "what": list(item.what),
        "was": list(item.was),
        "now": list(item.now),
        "from_version": item.from_version,
        "to_version": item.to_version,
        "seen_at": item.seen_at.isoformat(),
        "before": item.before,
        "before_quote": claims[item.before].claim.text if item.before else None,
        "after": item.after,
        "after_quote": claims[item.after].claim.text if item.after else None,
        "url": document.url,
        "publisher": document.publisher,
        "events": list(dict.fromkeys(events)),
    }
