"""What a row of the timeline marks an event with: independent sources, conflicts, corrections, standing disputes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker.render.catalogue import Catalogue, revisions_of_event
from tracker.render.paths import dispute_path, event_path
from tracker.render.wording import STEP_WORDS, count_words, shorten
from tracker.types import DisputeStatus, Event

MarkKind = Literal["sources", "conflict", "doubt", "gone", "changed", "edited"]
MARK_WORDS: dict[MarkKind, tuple[str, str]] = {
    "sources": ("independent source", "independent sources"),
    "conflict": ("conflict of figures", "conflicts of figures"),
    "doubt": ("thing to be doubted", "things to be doubted"),
    "gone": ("no source says it any more", ""),
    "changed": ("a source was changed since", ""),
    "edited": ("edited by a person", ""),
}
"""Words for one and for several; no second ones where nothing is counted."""
_ANCHORS: dict[MarkKind, str] = {
    "sources": "h-sources",
    "conflict": "h-figures",
    "doubt": "h-flags",
    "gone": "h-claims",
    "changed": "h-revisions",
    "edited": "h-claims",
}
_TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge: `path` leads, from the site's top, to the place that shows what it says."""

    kind: MarkKind
    count: int
    """0 where nothing is counted."""
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a dispute that an event belongs to stands today."""

    status: DisputeStatus
    words: str
    title: str
    path: str


def event_marks(catalogue: Catalogue, event: Event) -> tuple[Mark, ...]:
    """The marks of an event, those that a reader needs most first."""
    return tuple(_mark(kind, count, event_path(event.id)) for kind, count in _told(catalogue, event))


def _mark(kind: MarkKind, count: int, page: str) -> Mark:
    one, several = MARK_WORDS[kind]
    return Mark(kind, count, count_words(count, one, several) if count else one, f"{page}#{_ANCHORS[kind]}")


def _told(catalogue: Catalogue, event: Event) -> Iterator[tuple[MarkKind, int]]:
    if event.sources:
        yield "sources", len(event.sources)
    if event.figure_conflicts:
        yield "conflict", len(event.figure_conflicts)
    if event.flags:
        yield "doubt", len(event.flags)
    if event.claim_ids and set(event.claim_ids) <= set(event.vanished):
        yield "gone", 0
    elif any(item.kind != "added" for item in revisions_of_event(catalogue, event)):
        yield "changed", 0
    if event.edits or any(catalogue.claims[key].edits for key in event.claim_ids if key in catalogue.claims):
        yield "edited", 0


def event_standings(catalogue: Catalogue, event: Event) -> tuple[Standing, ...]:
    """How each dispute of an event stands that has a step at all, by title."""
    found = []
    for dispute in catalogue.disputes_of_event.get(event.id, ()):
        if dispute.standing:
            status = dispute.standing.status
            title = shorten(dispute.title, _TITLE_CHARS) or "Untitled dispute"
            found.append(Standing(status, STEP_WORDS[status], title, dispute_path(dispute.id)))
    return tuple(sorted(found, key=lambda item: (item.title.casefold(), item.path)))
