"""The lists of events that need no script: of all, of each type, of each country, and by how a dispute stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tracker.render.jurisdictions import load_register
from tracker.render.paths import jurisdiction_page, status_page, types_page
from tracker.render.views import EventView, Views
from tracker.render.wording import CLAIM_TYPE_WORDS, STEP_WORDS
from tracker.types import CLAIM_TYPES, ClaimType, DisputeStatus

ListKind = Literal["all", "type", "jurisdiction", "status"]
WITH_FEED: tuple[ListKind, ...] = ("all", "type", "jurisdiction")
"""The lists that can be followed; of how disputes stand, each dispute's own feed tells."""
_NOTES: dict[ListKind, str] = {
    "all": "",
    "type": "",
    "jurisdiction": (
        "Events that name a party at home here: a company by its seat on file, or its owner’s; a public body or an "
        "official by the state; a law by its legislature. It does not say where anything happened or which law applies."
    ),
    "status": (
        "Events of disputes that stand so today. An event may belong to several disputes, and what is said of one of "
        "them is not said of every party of the event."
    ),
}


@dataclass(frozen=True, slots=True)
class EventList:
    """One list, with its front page, and what it is of."""

    kind: ListKind
    key: str
    """A claim type, a country's code, or the status of a dispute; "" for all events."""
    name: str
    front: str
    events: tuple[EventView, ...]
    """Newest first."""

    @property
    def note(self) -> str:
        """What the list means, where its name does not say it."""
        return _NOTES[self.kind]

    @property
    def heading(self) -> str:
        """What its pages are called."""
        if self.kind == "jurisdiction":
            return f"Parties at home in {self.name}"
        return f"Dispute stands: {self.name.lower()}" if self.kind == "status" else self.name

    @property
    def folder(self) -> str:
        """Where its months lie that are not on its front page."""
        return "months" if self.kind == "all" else self.front.removesuffix(".html")


def list_events(views: Views) -> tuple[EventList, ...]:
    """All lists that hold an event, and the one of all events, which there always is."""
    events = tuple(views.event(event) for event in views.catalogue.events)
    lists = [EventList("all", "", "All", "index.html", events)]
    lists += _each(events, "type", CLAIM_TYPES, lambda view: (view.event.type,), _type_name, types_page)
    names = load_register().names
    lists += _each(events, "jurisdiction", names, lambda view: view.jurisdictions, names.__getitem__, jurisdiction_page)
    lists += _each(events, "status", STEP_WORDS, _statuses, _status_name, status_page)
    return tuple(lists)


def _each(
    events: Iterable[EventView],
    kind: ListKind,
    keys: Iterable[str],
    keys_of: Callable[[EventView], Iterable[str]],
    name_of: Callable[[Any], str],
    page_of: Callable[[Any], str],
) -> Iterator[EventList]:
    """The lists of one kind that hold an event, in the order of their keys."""
    held: dict[str, list[EventView]] = {}
    for view in events:
        for key in dict.fromkeys(keys_of(view)):
            held.setdefault(key, []).append(view)
    for key in keys:
        if key in held:
            yield EventList(kind, key, name_of(key), page_of(key), tuple(held[key]))


def _statuses(view: EventView) -> list[str]:
    return [standing.status for standing in view.standings]


def _type_name(type_: ClaimType) -> str:
    return CLAIM_TYPE_WORDS[type_]


def _status_name(status: DisputeStatus) -> str:
    words = STEP_WORDS[status]
    return words[:1].upper() + words[1:]
