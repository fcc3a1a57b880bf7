"""The curator: what people's edits make of entities, documents, claims, clusters and events, in one place.

What an edit does to a claim is worked out once, from its document as it was read; afterwards everything is looked up
by id. So a run that touches five documents needs, beside these, only the documents that edits name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.reconcile.anchors import find_claim
from tracker.reconcile.claims import records_of
from tracker.reconcile.corrections import ClaimEdits, judge_claim_edits
from tracker.reconcile.naming import Naming
from tracker.reconcile.regrouping import PARTED, EventIndex, conceal, hidden_events, regroup, retitle
from tracker.reconcile.stories import Story
from tracker.types import (
    Anchor,
    ClaimRecord,
    Confirmation,
    Correction,
    Curation,
    Edit,
    Entity,
    Event,
    EventMerge,
    EventSplit,
    Hiding,
    Reconciled,
    Revision,
    StoredDocument,
    TitleEdit,
)


class Curator:
    """Applies the edits that stand. One that cannot be applied changes nothing; `judge_edits` says why."""

    def __init__(
        self,
        gazetteer: Sequence[Entity] = (),
        curation: Curation | None = None,
        documents: Iterable[StoredDocument] = (),
    ) -> None:
        """`documents` are those that the edits name, as they were read; others among them are passed over."""
        self.curation = curation or Curation()
        self.edits = tuple(self.curation.standing())
        self.naming = Naming(gazetteer, self.edits)
        self.claim_edits: dict[str, ClaimEdits] = {}
        """By document, for those that an edit of a claim names."""
        self._found: dict[Anchor, str] = {}
        self.withheld: dict[str, ClaimRecord] = {}
        """The claims of `hidden` under the entities' present ids, by id."""
        self._edits_of: dict[str, list[Edit]] = defaultdict(list)
        for edit in self.edits:
            for key in dict.fromkeys(anchor.document_id for anchor in edit.anchors):
                self._edits_of[key].append(edit)
        seen: list[str] = []
        for document in documents:
            if document.id in self._edits_of:
                self._resolve(document)
                seen.append(document.current.id)
        self.seen = tuple(sorted(seen))
        """The newest versions of the documents that edits name, by id, as far as these were given."""
        self.vouched = frozenset[str]().union(*(e.vouched for e in self.claim_edits.values()))
        """The claims that are published however unsure their reading was, by id."""
        self.hidden = frozenset[str]().union(*(e.hidden for e in self.claim_edits.values()))
        """The claims that are not published, by id."""

    @property
    def document_ids(self) -> frozenset[str]:
        """The documents that an edit names."""
        return frozenset(self._edits_of)

    @property
    def revived(self) -> frozenset[str]:
        """The ids that events had before a merge that is undone; they are no event's unless one takes its own again."""
        gone = self.curation.undone()
        merges = (edit.act for edit in self.curation.edits if edit.id in gone)
        return frozenset(key for act in merges if isinstance(act, EventMerge) for key in act.was)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The canonical entities, as people left them."""
        return self.naming.entities

    def tied_to(self, document_ids: Iterable[str]) -> frozenset[str]:
        """The documents whose events an edit joins with or parts from events of these documents, and these."""
        tied = set(document_ids)
        for edit in self.edits:
            named = {anchor.document_id for anchor in edit.anchors}
            if isinstance(edit.act, EventMerge | EventSplit) and named & tied:
                tied |= named
        return frozenset(tied)

    def parted_from(self, document_ids: Iterable[str]) -> frozenset[str]:
        """The names of the clusters that an edit may part from events of these documents."""
        ids = frozenset(document_ids)
        splits = [edit for edit in self.edits if isinstance(edit.act, EventSplit)]
        return frozenset(f"{PARTED}{e.id}" for e in splits if any(a.document_id in ids for a in e.anchors))

    def document(self, document: StoredDocument) -> StoredDocument:
        """The document with its mentions under the entities' present ids; its claims stay as they were read."""
        return self.naming.document(document)

    def records(self, records: Iterable[ClaimRecord]) -> tuple[ClaimRecord, ...]:
        """Claims as people read them, in the same order, without those that they hid. Ids stay as they are."""
        kept = []
        for record in records:
            if record.id in self.hidden:
                continue
            edits = self.claim_edits.get(record.document_id)
            now = edits.corrected.get(record.id) if edits else None
            if now is not None:
                record = replace(record, claim=now.claim, quantities=now.quantities, edits=now.edits)
            claim, merges = self.naming.claim(record.claim)
            kept.append(replace(record, claim=claim, edits=(*record.edits, *merges)) if merges else record)
        return tuple(kept)

    def stories(self, stories: Sequence[Story]) -> Sequence[Story]:
        """Stories joined and parted as people said. A pure function of stories and edits."""
        edits = [edit for edit in self.edits if isinstance(edit.act, EventMerge | EventSplit)]
        return regroup(stories, edits, self._by_edit("source"), self._by_edit("into")) if edits else stories

    def events(self, events: Iterable[Event]) -> list[Event]:
        """Events with the titles that people gave them, each with the edits that were applied to it."""
        events = list(events)
        found = {edit.id: self.claims_of(edit) for edit in self.edits}
        titles: dict[str, list[Edit]] = defaultdict(list)
        made: dict[str, list[str]] = defaultdict(list)
        index = EventIndex(events)
        for edit in self.edits:
            event = index.find(found[edit.id]) if isinstance(edit.act, EventMerge | EventSplit | TitleEdit) else None
            if event and isinstance(edit.act, TitleEdit):
                titles[event.id].append(edit)
            elif event:
                made[event.id].append(edit.id)
        marked = [replace(e, edits=(*e.edits, *made[e.id])) if e.id in made else e for e in events]
        return [retitle(event, titles.get(event.id, ()), found) for event in marked]

    def revisions(self, revisions: Iterable[Revision]) -> tuple[Revision, ...]:
        """What became of claims, without what tells of hidden ones."""
        return tuple(r for r in revisions if not self.hidden & {r.before, r.after})

    def conceal(self, reconciled: Reconciled) -> Reconciled:
        """What may be published of a result: without hidden events, and what only they show.

        The store keeps them, so that an event that is shown again has the id that it had.
        """
        return conceal(reconciled, self.hidden_events(reconciled.events))

    def shown(self, events: Sequence[Event]) -> list[Event]:
        """The events that people did not hide."""
        hidden = self.hidden_events(events)
        return [event for event in events if event.id not in hidden]

    def hidden_events(self, events: Sequence[Event]) -> frozenset[str]:
        """The ids of the hidden events."""
        hidings = [edit for edit in self.edits if isinstance(edit.act, Hiding)]
        return hidden_events(events, hidings, {edit.id: self.claims_of(edit) for edit in hidings})

    def claims_of(self, edit: Edit, side: str = "") -> tuple[str, ...]:
        """The claims that an edit names and that there are, by id; of a merge those of one `side` alone."""
        anchors = getattr(edit.act, side) if side and isinstance(edit.act, EventMerge) else edit.anchors
        return tuple(dict.fromkeys(self._found[anchor] for anchor in anchors if anchor in self._found))

    def _by_edit(self, side: str) -> Mapping[str, tuple[str, ...]]:
        return {edit.id: self.claims_of(edit, side) for edit in self.edits}

    def _resolve(self, document: StoredDocument) -> None:
        records = records_of(document)
        own = self._edits_of[document.id]
        for anchor in {a for edit in own for a in edit.anchors if a.document_id == document.id}:
            if record := find_claim(anchor, records):
                self._found[anchor] = record.id
        about_claims = [edit for edit in own if isinstance(edit.act, Confirmation | Correction | Hiding)]
        if about_claims:
            mentioned = {m.entity_id for extraction in document.extractions for m in extraction.mentions}
            self.claim_edits[document.id] = judge_claim_edits(
                about_claims, records, lambda key: key in mentioned or self.naming.is_canonical(key)
            )
            hidden = self.claim_edits[document.id].hidden
            kept = (record for record in records if record.id in hidden)
            self.withheld |= {item.id: replace(item, claim=self.naming.claim(item.claim)[0]) for item in kept}
