"""What changed in the pages behind an event or of a document: each claim before and after, in both versions' words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.render.catalogue import revisions_of_event
from tracker.render.paths import document_path
from tracker.render.views import ClaimView, DocumentView, Views
from tracker.types import Event, Revision, RevisionKind, StoredDocument

MOST_SHOWN = 60

_FIELD_WORDS = {
    "figure": "Figure",
    "qualifier": "Qualifier",
    "speaker": "Speaker",
    "accused": "Accused",
    "target": "Target",
    "date": "Date",
    "status": "Status",
    "type": "Kind of claim",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a claim: "" where it was or is empty."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One claim before and after."""

    kind: RevisionKind
    document: DocumentView
    seen_at: datetime
    from_number: int
    to_number: int
    diff_path: str
    """Where the document's page shows all that changed between the two versions."""
    before: ClaimView | None
    after: ClaimView | None
    fields: tuple[FieldChange, ...]
    is_elsewhere: bool
    """Of vanished words: whether another source of the event still has them. False on a document's page."""


def event_revisions(views: Views, event: Event, most: int = MOST_SHOWN) -> tuple[tuple[RevisionView, ...], int]:
    """(the newest changes of an event's claims, recollections and answers, how many more there are)."""
    return _newest(views, revisions_of_event(views.catalogue, event), event, most)


def document_revisions(views: Views, document: StoredDocument) -> tuple[tuple[RevisionView, ...], int]:
    """(the newest changes of a document's claims, how many more there are)."""
    return _newest(views, views.catalogue.revisions_of_document.get(document.id, ()), None, MOST_SHOWN)


def _newest(
    views: Views, revisions: Iterable[Revision], event: Event | None, most: int
) -> tuple[tuple[RevisionView, ...], int]:
    order = sorted(revisions, key=lambda item: (item.document_id, item.before or "", item.after or ""))
    order.sort(key=lambda item: item.seen_at, reverse=True)
    return tuple(_view(views, item, event) for item in order[:most]), max(0, len(order) - most)


def _view(views: Views, revision: Revision, event: Event | None) -> RevisionView:
    catalogue = views.catalogue
    old, new = (catalogue.versions[key] for key in (revision.from_version, revision.to_version))
    before, after = (views.claims((key,))[0] if key else None for key in (revision.before, revision.after))
    gone = revision.kind == "vanished" and before is not None and not before.record.in_current_version
    return RevisionView(
        kind=revision.kind,
        document=views.document(catalogue.documents[revision.document_id]),
        seen_at=revision.seen_at,
        from_number=old.number,
        to_number=new.number,
        diff_path=f"{document_path(revision.document_id)}#{f'changes-{new.number}' if new.diff else 'h-versions'}",
        before=before,
        after=after if revision.after != revision.before else None,
        fields=tuple(_fields(views, revision, before, after)),
        is_elsewhere=gone and event is not None and revision.before not in event.vanished,
    )


def _fields(
    views: Views, revision: Revision, before: ClaimView | None, after: ClaimView | None
) -> Sequence[FieldChange]:
    told = []
    for what, was, now in zip(revision.what, revision.was, revision.now, strict=True):
        if what not in _FIELD_WORDS:
            continue
        if before and after and before is not after and what in ("speaker", "accused", "target"):
            was, now = _parties(before, what), _parties(after, what)
        told.append(FieldChange(_FIELD_WORDS[what], was, now))
    return told


def _parties(view: ClaimView, what: str) -> str:
    """Who that is in names, with the document's own words for the accused where it has some."""
    named = {
        "speaker": tuple(party for party in (view.speaker, view.on_behalf_of) if party),
        "accused": view.accused,
        "target": view.target,
    }[what]
    words = ", ".join(party.name for party in named)
    own = view.claim.accused_as if what == "accused" else None
    return f"“{own}” ({words})" if own and words else f"“{own}”" if own else words
