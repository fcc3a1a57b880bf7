"""Editing: from the ids that a person names to an edit that will be understood, or an error that says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property

from tracker.curation import check_edit, edit_id
from tracker.errors import InputError
from tracker.pipeline.curating import judge
from tracker.ports import Store
from tracker.reconcile import Curator, make_records
from tracker.reconcile.anchors import anchor_of
from tracker.types import (
    Acceptance,
    Act,
    Anchor,
    ClaimRecord,
    Curation,
    Edit,
    Entity,
    EntityMerge,
    Event,
    EventMerge,
    EventSplit,
    Hiding,
    Judged,
    StoredDocument,
    TitleEdit,
    Undoing,
)

_ANCHORS = 3
"""Claims of different documents by which an edit names an event: enough to find it when one of them is gone."""


class EditDesk:
    """Makes edits over what is stored, and tells what became of those that there are."""

    def __init__(self, store: Store, curation: Curation, entities: Sequence[Entity]) -> None:
        self.curation = curation
        self._store, self._entities = store, entities
        self._documents = store.load_documents()
        _, self._reconciled = store.load_reconciled()
        self._events = {event.id: event for event in self._reconciled.events}

    def judged(self) -> tuple[Judged, ...]:
        """What became of each edit, by time."""
        return self._judge(self.curation)

    def make_edit(self, act: Act, who: str, why: str, at: datetime) -> Edit:
        """The signed edit.

        Raises:
            InputError: it lacks who or why, or could not be applied beside the edits that there are.
        """
        who, why = " ".join(who.split()), " ".join(why.split())
        if not who or not why:
            raise InputError("an edit needs who made it (--who) and why (--why)")
        taken = frozenset(edit.id for edit in self.curation.edits)
        edit = Edit(edit_id(act, f"{at:%Y-%m-%d}", taken), act, who, at, why)
        check_edit(edit)
        later = replace(edit, at=max([at, *(before.at for before in self.curation.edits)]))
        tried = Curation((*self.curation.edits, later))
        judged = next(item for item in self._judge(tried) if item.edit.id == edit.id)
        lost = (found.lost.get(edit.id, "") for found in self._curator(tried).claim_edits.values())
        if why := judged.why if judged.state == "refused" else next(filter(None, lost), ""):
            raise InputError(why)
        return edit

    def merge(self, source: str, into: str) -> Act:
        """Two entities or two events as one.

        Raises:
            InputError: there is no such id, or one is an entity and the other an event.
        """
        one, other = self._find_event(source), self._find_event(into)
        if one and other:
            if one.id == other.id:
                raise InputError(f"{source} and {into} are one event already")
            return EventMerge(self._anchors(one), self._anchors(other), (one.id, other.id))
        if one or other:
            found, missing = (source, into) if one else (into, source)
            raise InputError(f"{found} is an event and {missing} is none" + self._near(missing, self._events))
        for entity_id in (source, into):
            self._check_entity(entity_id)
        return EntityMerge(source, into)

    def split(self, event_id: str, members: Sequence[str]) -> Act:
        """Claims, or all claims of documents, that are of another event.

        Raises:
            InputError: there is no such event, one of them is not in it, or none would be left.
        """
        event = self._event(event_id)
        claims = {key: self._record(key) for key in event.claim_ids}
        chosen: dict[str, ClaimRecord] = {}
        for member in members:
            named = {k: r for k, r in claims.items() if member in (k, r.document_id)}
            if not named:
                known = [*claims, *event.document_ids]
                raise InputError(f"{member!r} is no claim or document of {event.id}" + self._near(member, known))
            chosen.update(named)
        if len(chosen) == len(claims):
            raise InputError(f"these are all claims of {event.id}; at least one must stay")
        return EventSplit(tuple(self._anchor(record) for record in chosen.values()), (event.id,))

    def title(self, event_id: str, title: str) -> Act:
        """Another title of an event.

        Raises:
            InputError: there is no such event, or the title is empty or longer than 300 characters.
        """
        words = " ".join(title.split())
        if not 0 < len(words) <= 300:
            raise InputError(f"a title has 1 to 300 characters, this one has {len(words)}")
        event = self._event(event_id)
        return TitleEdit(self._anchors(event), words, event.title, (event.id,))

    def hide(self, key: str) -> Act:
        """A claim or an event that is not published.

        Raises:
            InputError: there is no such id.
        """
        if event := self._find_event(key):
            return Hiding("event", self._anchors(event), (event.id,))
        stood = tuple(event.id for event in self._reconciled.events if key in event.claim_ids)
        return Hiding("claim", (self.claim(key),), stood)

    def undo(self, key: str) -> Act:
        """An edit that does not hold any more.

        Raises:
            InputError: there is no such edit, or it was undone before.
        """
        edit = self._edit(key)
        if key in self.curation.undone():
            raise InputError(f"{key} was undone before; undo that undoing to let it stand again")
        return Undoing(edit.id)

    def accept(self, key: str) -> Act:
        """An edit that stands with the present versions of its pages.

        Raises:
            InputError: there is no such edit, or it names no page.
        """
        named = {anchor.document_id for anchor in self._edit(key).anchors}
        versions = tuple(d.current.id for d in self._documents if d.id in named)
        if not versions:
            raise InputError(f"{key} rests on no page, so there is nothing to accept")
        return Acceptance(key, versions)

    def claim(self, claim_id: str) -> Anchor:
        """A claim, published or waiting for review.

        Raises:
            InputError: there is no such claim; names the nearest.
        """
        return self._anchor(self._record(claim_id))

    def _judge(self, curation: Curation) -> tuple[Judged, ...]:
        return judge(self._store, self._curator(curation), self._documents, self._reconciled)

    def _curator(self, curation: Curation) -> Curator:
        return Curator(self._entities, curation, self._documents)

    def _find_event(self, key: str) -> Event | None:
        moved = dict(self._reconciled.redirects)
        return self._events.get(moved.get(key, key))

    def _event(self, key: str) -> Event:
        event = self._find_event(key)
        if event is None:
            raise InputError(f"there is no event {key!r}" + self._near(key, self._events))
        return event

    def _edit(self, key: str) -> Edit:
        edits = {edit.id: edit for edit in self.curation.edits}
        if key not in edits:
            raise InputError(f"there is no edit {key!r}" + self._near(key, edits))
        return edits[key]

    def _record(self, claim_id: str) -> ClaimRecord:
        if claim_id not in self._records:
            raise InputError(
                f"there is no claim or event {claim_id!r}" + self._near(claim_id, (*self._records, *self._events))
            )
        return self._records[claim_id]

    @cached_property
    def _records(self) -> Mapping[str, ClaimRecord]:
        """Every claim as it was read, also those that await review, by id."""
        return {record.id: record for record in make_records(self._documents)}

    @cached_property
    def _by_id(self) -> Mapping[str, StoredDocument]:
        return {document.id: document for document in self._documents}

    def _anchor(self, record: ClaimRecord) -> Anchor:
        return anchor_of(record, self._by_id[record.document_id].current.id)

    def _anchors(self, event: Event) -> tuple[Anchor, ...]:
        """The event's first claims, of different documents as far as there are such."""
        records = [self._records[key] for key in event.claim_ids if key in self._records]
        first = list({record.document_id: record for record in reversed(records)}.values())[::-1]
        others = [record for record in records if record not in first]
        return tuple(self._anchor(record) for record in (*first, *others)[:_ANCHORS])

    def _check_entity(self, key: str) -> None:
        named = {entity.id for entity in (*self._entities, *Curator(self._entities, self.curation).entities)}
        named |= {m.entity_id for d in self._documents for e in d.extractions for m in e.mentions}
        if key not in named:
            raise InputError(f"there is no entity or event {key!r}" + self._near(key, (*named, *self._events)))

    @staticmethod
    def _near(key: str, known: Iterable[str]) -> str:
        near = get_close_matches(key, known, n=3)
        return f"; did you mean {', '.join(near)}?" if near else ""
