"""People's edits as records, and as the pages show them: who changed what, when and why, beside what was read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.curation import record_of
from tracker.render.paths import document_path, event_path, file_stem
from tracker.types import (
    Acceptance,
    AliasEdit,
    ClaimRecord,
    Confirmation,
    Correction,
    Edit,
    EditChange,
    Entity,
    EntityEdit,
    EntityMerge,
    EntityProposal,
    Event,
    EventMerge,
    EventSplit,
    Hiding,
    Judged,
    StoredDocument,
    TitleEdit,
    Undoing,
)

_ENTITY_FIELDS = ("speaker", "for", "accused")


def edit_records(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Edits as records with one set of keys, by time. What was hidden is named, and not quoted."""
    return [_record(item) for item in judged]


def _record(item: Judged) -> dict[str, Any]:
    edit, written = item.edit, record_of(item.edit)
    decision = {key: value for key, value in written.items() if key not in ("id", "edit", "who", "when", "why")}
    if isinstance(edit.act, Hiding):
        decision = {key: [_unquoted(a) for a in _listed(value)] for key, value in decision.items() if key != "was"}
    return {
        "id": edit.id,
        "edit": written["edit"],
        "state": item.state,
        "state_why": item.why,
        "who": edit.who,
        "when": written["when"],
        "why": edit.why,
        "claims": list(item.claim_ids),
        "events": list(item.event_ids),
        "documents": list(dict.fromkeys(anchor.document_id for anchor in edit.anchors)),
        "changes": [
            {"claim": change.claim_id, "field": change.field, "before": change.before, "after": change.after}
            for change in item.changes
        ],
        "decision": decision,
        "file": edit.file,
        "line": edit.line,
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unquoted(anchor: Mapping[str, Any]) -> dict[str, Any]:
    return {key: anchor[key] for key in ("document", "claim", "version") if key in anchor}


def proposal_records(proposals: Iterable[EntityProposal]) -> list[dict[str, Any]]:
    """Proposals as records."""
    return [
        {
            "id": item.entity_id,
            "name": item.name,
            "type": item.type,
            "reason": item.reason,
            "into": item.into,
            "into_name": item.into_name,
            "similarity": item.similarity,
            "mentions": item.mentions,
            "documents": list(item.document_ids),
            "first_seen_at": item.first_seen_at.isoformat(),
            "contexts": [
                {"document": c.document_id, "version": c.version_id, "start": c.start, "end": c.end, "quote": c.quote}
                for c in item.contexts
            ],
        }
        for item in proposals
    ]


@dataclass(frozen=True, slots=True)
class EditView:
    """An edit as a page shows it."""

    id: str
    words: str
    """What was done, in a phrase."""
    changes: tuple[tuple[str, str, str], ...]
    """(field, what was read, what a person reads instead), with names in place of ids."""
    name: str
    """Who decided, without the mail address: that is in the files, and no page needs it."""
    when: date
    why: str
    open_because: str
    """Why somebody should look at it again; empty where nobody need."""


@dataclass(frozen=True, slots=True)
class EditRow:
    """An edit in the list of all corrections."""

    edit: EditView
    anchor: str
    state: str
    places: tuple[tuple[str, str], ...]
    """(path, title) of the events and documents that it shows on."""


class EditViews:
    """The edits of a dataset by id."""

    def __init__(self, judged: Iterable[Judged], entities: Mapping[str, Entity]) -> None:
        self._judged = {item.edit.id: item for item in judged}
        self._entities = entities
        self._of_entity: dict[str, list[Judged]] = defaultdict(list)
        for item in self._judged.values():
            act = item.edit.act
            if isinstance(act, EntityEdit | AliasEdit | EntityMerge) and item.state in ("applied", "open"):
                self._of_entity[act.into if isinstance(act, EntityMerge) else act.entity].append(item)

    def of_claim(self, record: ClaimRecord) -> tuple[EditView, ...]:
        """The edits of a claim, with what they changed of it."""
        found = (self._judged[key] for key in record.edits if key in self._judged)
        return tuple(self._view(item, record.id) for item in found)

    def of_event(self, event: Event) -> tuple[EditView, ...]:
        """The edits of an event itself; those of its claims stand beside them."""
        return tuple(self._view(self._judged[key], None) for key in event.edits if key in self._judged)

    def of_entity(self, entity_id: str) -> tuple[EditView, ...]:
        """What people said of who an entity is, by time."""
        return tuple(self._view(item, None) for item in self._of_entity.get(entity_id, ()))

    def withheld(self) -> dict[str, EditView]:
        """The events that people hid, by id, with the edit that says so."""
        return {
            event_id: self._view(item, None)
            for item in self._judged.values()
            if isinstance(item.edit.act, Hiding) and item.edit.act.what == "event" and item.state != "undone"
            for event_id in item.event_ids
        }

    def rows(self, events: Mapping[str, Event], documents: Mapping[str, StoredDocument]) -> tuple[EditRow, ...]:
        """The edits that hold or held, newest first: what could not be applied, or not yet, changed nothing here."""
        told = [item for item in self._judged.values() if item.state not in ("refused", "pending")]
        return tuple(self._row(item, events, documents) for item in reversed(told))

    def _row(self, item: Judged, events: Mapping[str, Event], documents: Mapping[str, StoredDocument]) -> EditRow:
        places = [(event_path(key), events[key].title) for key in item.event_ids if key in events]
        named = dict.fromkeys(anchor.document_id for anchor in item.edit.anchors)
        held = (documents[key] for key in named if key in documents and not places)
        places += [(document_path(d.id), d.current.title or "Untitled document") for d in held]
        changes = tuple(self._change(change) for change in item.changes)
        edit = replace(self._view(item, None), changes=changes)
        if isinstance(item.edit.act, TitleEdit) and not any(key in events for key in item.event_ids):
            edit = replace(edit, words="title")  # of an event that was hidden since: its words are not quoted
        return EditRow(edit, f"edit-{file_stem(item.edit.id)}", item.state, tuple(places))

    def _view(self, item: Judged, claim_id: str | None) -> EditView:
        edit = item.edit
        changes = tuple(self._change(change) for change in item.changes if change.claim_id == claim_id)
        because = item.why if item.state in ("open", "refused") else ""
        who = re.sub(r"\s*<[^<>]*>\s*$", "", edit.who) or "somebody"
        return EditView(edit.id, self._words(edit), changes, who, edit.at.date(), edit.why, because)

    def _change(self, change: EditChange) -> tuple[str, str, str]:
        return change.field, self._named(change.field, change.before), self._named(change.field, change.after)

    def _named(self, field: str, words: str) -> str:
        if field not in _ENTITY_FIELDS:
            return words
        return ", ".join(self._entities[key].name if key in self._entities else key for key in words.split(", "))

    def _words(self, edit: Edit) -> str:
        act = edit.act
        if isinstance(act, EntityMerge | AliasEdit):
            name, entity = (act.source, act.into) if isinstance(act, EntityMerge) else (act.alias, act.entity)
            return f"the name “{name}” was taken for {self._named('speaker', entity)}"
        if isinstance(act, EntityEdit):
            return f"{self._named('speaker', act.entity)} was described"
        if isinstance(act, TitleEdit):
            return f"title; made from the claims it was “{act.before}”" if act.before else "title"
        if isinstance(act, Hiding):
            return f"{'an event' if act.what == 'event' else 'a claim'} was hidden"
        if isinstance(act, Undoing):
            return f"the edit {act.edit} was taken back"
        if isinstance(act, Acceptance):
            return f"the edit {act.edit} was looked at again, and stands"
        return _PHRASES[type(act)]


_PHRASES: Mapping[type, str] = {
    Correction: "a claim was corrected",
    Confirmation: "a claim was compared with its words and confirmed",
    EventMerge: "two events were joined to one",
    EventSplit: "claims of another event were parted from it",
}
