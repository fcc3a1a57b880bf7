"""People's edits as records, and as the pages show them: who changed what, when and why, beside what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.curation import record_of
from tracker.types import (
    AliasEdit,
    Confirmation,
    Correction,
    Edit,
    Entity,
    EntityEdit,
    EntityMerge,
    EntityProposal,
    EventMerge,
    EventSplit,
    Hiding,
    Judged,
    TitleEdit,
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
    who: str
    when: Any
    why: str
    open_because: str
    """Why somebody should look at it again; empty where nobody need."""


class EditViews:
    """The edits of a dataset by id."""

    def __init__(self, judged: Iterable[Judged], entities: Mapping[str, Entity]) -> None:
        self._judged = {item.edit.id: item for item in judged}
        self._entities = entities

    def shown(self, ids: Iterable[str], claim_id: str | None = None) -> tuple[EditView, ...]:
        """The edits of these ids that there are, with their changes to one claim, or without any."""
        return tuple(self._view(self._judged[key], claim_id) for key in ids if key in self._judged)

    def _view(self, item: Judged, claim_id: str | None) -> EditView:
        edit = item.edit
        changes = tuple(
            (change.field, self._named(change.field, change.before), self._named(change.field, change.after))
            for change in item.changes
            if change.claim_id == claim_id
        )
        because = item.why if item.state == "open" else ""
        return EditView(edit.id, self._words(edit), changes, edit.who, edit.at.date(), edit.why, because)

    def _named(self, field: str, words: str) -> str:
        if field not in _ENTITY_FIELDS:
            return words
        return ", ".join(self._entities[key].name if key in self._entities else key for key in words.split(", "))

    def _words(self, edit: Edit) -> str:
        act = edit.act
        if isinstance(act, Correction):
            return "corrected"
        if isinstance(act, Confirmation):
            return "compared with its words and confirmed"
        if isinstance(act, EntityMerge):
            return f"the name “{act.source}” was taken for {self._named('speaker', act.into)}"
        if isinstance(act, AliasEdit):
            return f"the name “{act.alias}” was taken for {self._named('speaker', act.entity)}"
        if isinstance(act, TitleEdit):
            return f"title edited; made from the claims it was “{act.before}”" if act.before else "title edited"
        if isinstance(act, EventMerge):
            return "two events were joined to one"
        if isinstance(act, EventSplit):
            return "claims of another event were parted from it"
        return "described" if isinstance(act, EntityEdit) else "edited"
