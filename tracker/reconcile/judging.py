"""What became of people's edits: applied, to be looked at again, or left out, each with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from tracker.reconcile.corrections import ClaimEdits
from tracker.reconcile.curator import Curator
from tracker.reconcile.regrouping import EventIndex, claims_on
from tracker.types import (
    Acceptance,
    ClaimRecord,
    Confirmation,
    Correction,
    Edit,
    EditChange,
    EditState,
    EntityMerge,
    Event,
    EventMerge,
    EventSplit,
    Hiding,
    Judged,
    Outcome,
    Problem,
    Reconciled,
    StoredDocument,
    TitleEdit,
    Undoing,
)


def judge_edits(
    curator: Curator,
    documents: Mapping[str, StoredDocument],
    named: Collection[str],
    reconciled: Reconciled,
    *,
    pending: Collection[str] = (),
) -> tuple[Judged, ...]:
    """Every edit with its state, by time.

    Args:
        documents: by id, at least those that the edits name, as they were read.
        named: ids of the entities that the gazetteer or any document names.
        reconciled: the result, hidden events included.
        pending: ids of the edits that the result was made without.
    """
    return _Judge(curator, documents, named, reconciled, pending).judge()


def problems_of(judged: Collection[Judged]) -> tuple[Problem, ...]:
    """The edits that were left out, as a run tells them."""
    return tuple(Problem(item.edit.where, Outcome.REFUSED, item.why) for item in judged if item.state == "refused")


class _Judge:
    def __init__(
        self,
        curator: Curator,
        documents: Mapping[str, StoredDocument],
        named: Collection[str],
        reconciled: Reconciled,
        pending: Collection[str],
    ) -> None:
        self._curator, self._documents, self._named = curator, documents, named
        self._pending = pending
        self._marked = {e for event in reconciled.events for e in event.edits}
        self._marked |= {e for record in reconciled.claims for e in record.edits}
        self._undone, self._accepted = curator.curation.undone(), curator.curation.accepted()
        self._events = EventIndex(reconciled.events)
        shown = curator.shown(reconciled.events)
        self._shown = EventIndex(shown)
        self._records = {record.id: record for record in reconciled.claims}
        self._on_shown = {claim_id for event in shown for claim_id in claims_on(event)}
        self._changes: dict[str, list[EditChange]] = defaultdict(list)
        for found in curator.claim_edits.values():
            for edit_id, changes in found.changes.items():
                self._changes[edit_id].extend(changes)

    def judge(self) -> tuple[Judged, ...]:
        return tuple(map(self._judge, self._curator.curation.edits))

    def _judge(self, edit: Edit) -> Judged:
        state, why = self._state(edit)
        claims = self._curator.claims_of(edit)
        on = {event.id for claim_id in claims if (event := self._shown.find((claim_id,)))}
        hidden = None
        if isinstance(edit.act, Hiding) and edit.act.what == "event":
            hidden = self._events.find(claims) if state in ("applied", "open", "pending") else None
            on = {hidden.id} if hidden else set()
        changes = tuple(self._changes.get(edit.id, ()))
        return Judged(edit, state, why, claims, tuple(sorted(on)), changes, self._withheld(edit, hidden))

    def _withheld(self, edit: Edit, event: Event | None) -> tuple[ClaimRecord, ...]:
        if isinstance(edit.act, Hiding) and edit.act.what == "claim":
            named = (self._curator.withheld.get(key) for key in self._curator.claims_of(edit))
        else:
            ids = dict.fromkeys(claims_on(event)) if event else ()
            named = (self._records.get(key) for key in ids if key not in self._on_shown)
        return tuple(record for record in named if record)

    def _state(self, edit: Edit) -> tuple[EditState, str]:
        if edit.id in self._undone:
            return "undone", ""
        if isinstance(edit.act, Undoing | Acceptance):
            return "applied", ""
        if why := self._refusal(edit):
            return "refused", why
        if edit.id in self._pending:
            return "pending", "the next `tracker reconcile` applies it"
        why = self._lost(edit) or self._without_effect(edit) or self._changed(edit)
        return ("open", why) if why else ("applied", "")

    def _refusal(self, edit: Edit) -> str:
        if edit.id in self._curator.naming.refused:
            return self._curator.naming.refused[edit.id]
        for found in self._found_for(edit):
            if edit.id in found.refused:
                return found.refused[edit.id]
        if isinstance(edit.act, EntityMerge) and edit.act.source not in self._named:
            return f"from: no entity has the id {edit.act.source!r}, in the gazetteer or in any document"
        for anchor in edit.anchors:
            if anchor.document_id not in self._documents:
                return f"there is no document {anchor.document_id!r}"
        return self._second_title(edit)

    def _found_for(self, edit: Edit) -> list[ClaimEdits]:
        edits = self._curator.claim_edits
        return [edits[anchor.document_id] for anchor in edit.anchors if anchor.document_id in edits]

    def _second_title(self, edit: Edit) -> str:
        event = self._events.find(self._curator.claims_of(edit)) if isinstance(edit.act, TitleEdit) else None
        if event is None or edit.id in event.edits:
            return ""
        titled = {e.id for e in self._curator.edits if isinstance(e.act, TitleEdit)}
        before = next((key for key in event.edits if key in titled), "")
        return f"the event has its title by edit {before} already; undo that one first" if before else ""

    def _lost(self, edit: Edit) -> str:
        for found in self._found_for(edit):
            if edit.id in found.lost:
                return found.lost[edit.id]
        sides = ("source", "into") if isinstance(edit.act, EventMerge) else ("",)
        if edit.anchors and not all(self._curator.claims_of(edit, side) for side in sides):
            return "none of the claims that it names is read out of its words any more"
        return ""

    def _without_effect(self, edit: Edit) -> str:
        act = edit.act
        if edit.id in self._marked or not isinstance(
            act, EventMerge | EventSplit | TitleEdit | Correction | Confirmation
        ):
            return ""
        if isinstance(act, Correction | Confirmation):
            return "the claim is not among those that are published"
        return "it has no effect: its claims stand in no event now"

    def _changed(self, edit: Edit) -> str:
        """What changed on the pages that it rests on since somebody looked at them."""
        seen = self._accepted.get(edit.id, frozenset())
        for anchor in edit.anchors:
            version = self._documents[anchor.document_id].current
            if anchor.version_id is None or version.id == anchor.version_id or version.id in seen:
                continue
            stands = " ".join(anchor.quote.split()) in " ".join(version.text.split())
            words = "the words still stand there" if stands else "the words are no longer there"
            day = f"{version.fetched_at:%Y-%m-%d}"
            return f"{anchor.document_id} was changed (version {version.number}, seen {day}): {words}"
        return ""
