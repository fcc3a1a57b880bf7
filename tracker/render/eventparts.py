"""An event's long lists in parts: its page shows the first of each, further pages the rest, so that each stays small.

A part is measured by what it takes on a page, not by its items: a quote may have ten words or five hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Literal, TypeVar

from tracker.render.catalogue import Catalogue
from tracker.render.paths import event_path, file_stem
from tracker.types import Answer, ClaimRecord, Event

PartKind = Literal["claims", "answers", "documents", "beside", "recalled", "figures"]
Group = tuple[ClaimRecord, ...]
"""Claims that stand on the same words, so that a quote stands once."""
Place = tuple[int, str]
"""(index of the event's source group, -1 where it has none; document id)."""

T = TypeVar("T")

_FIRST_BYTES: dict[PartKind, int] = {
    "claims": 70_000, "answers": 24_000, "documents": 24_000, "beside": 18_000, "recalled": 16_000, "figures": 0,
}  # fmt: skip
"""What a list may take on the event's own page. Its figures are shown by group there, and in part (figuretable)."""
_PART_BYTES = 180_000
_ROW_BYTES = 450
_QUOTE_BYTES = 900
_READING_BYTES = 650
OPEN_FIGURES = 100
"""An event with more figures has pages that list them all."""


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """A list in parts."""

    kind: PartKind
    first: tuple[T, ...]
    """What stands on the event's own page."""
    rest: tuple[tuple[T, ...], ...] = ()
    """What stands on each further page."""

    @property
    def left(self) -> int:
        """How many items are not on the event's own page."""
        return sum(map(len, self.rest))


@dataclass(frozen=True, slots=True)
class EventParts:
    """The lists of an event that may be long."""

    claims: Cut[Group]
    answers: Cut[Answer]
    documents: Cut[Place]
    beside: Cut[Group]
    recalled: Cut[ClaimRecord]
    figures: Cut[int]
    """All figures, as indices, where there are too many for the event's own page."""

    def cuts(self) -> tuple[Cut[Group] | Cut[Answer] | Cut[Place] | Cut[ClaimRecord] | Cut[int], ...]:
        """All of them."""
        return self.claims, self.answers, self.documents, self.beside, self.recalled, self.figures


def part_path(event_id: str, kind: PartKind, number: int) -> str:
    """The path of a further page of an event, from 2 on: the first part is on the event's own page."""
    return f"events/{file_stem(event_id)}/{kind}-{number}.html"


def build_parts(catalogue: Catalogue, event: Event) -> EventParts:
    """An event's lists in parts; nothing is left out."""
    catalogue.events_by_id.get(event.id)  # read here, wherever it was had from
    claims = [catalogue.claims[key] for key in event.claim_ids if key in catalogue.claims]
    recalled = [catalogue.claims[key] for key in event.recalled_in if key in catalogue.claims]
    figures = range(len(event.figures)) if len(event.figures) > OPEN_FIGURES else ()
    return EventParts(
        claims=_cut("claims", by_words(claims), _group_bytes),
        answers=_cut("answers", event.answers, lambda answer: _answer_bytes(catalogue, answer)),
        documents=_cut("documents", _places(catalogue, event), lambda _: _ROW_BYTES),
        beside=_cut("beside", by_words(told_beside(catalogue, event)), _group_bytes),
        recalled=_cut("recalled", _one_each(recalled), lambda _: _ROW_BYTES),
        figures=_cut("figures", figures, lambda _: 2 * _ROW_BYTES),
    )


def claim_pages(event: Event, parts: EventParts) -> dict[str, str]:
    """For each claim of an event the path of the page that shows it."""
    pages = [event_path(event.id), *(part_path(event.id, "claims", n) for n in range(2, len(parts.claims.rest) + 2))]
    sheets = [parts.claims.first, *parts.claims.rest]
    return {record.id: path for path, groups in zip(pages, sheets, strict=True) for group in groups for record in group}


def by_words(records: Iterable[ClaimRecord]) -> list[Group]:
    """Claims with those that follow on the same words of the same version."""
    same = groupby(records, key=lambda record: (record.version_id, record.claim.start, record.claim.end))
    return [tuple(group) for _, group in same]


def _cut(kind: PartKind, items: Iterable[T], weigh: Callable[[T], int]) -> Cut[T]:
    held = list(items)
    first = _fitting(held, weigh, _FIRST_BYTES[kind])
    # One item more on a page of its own would be a click for nothing.
    if len(held) - first <= 1 and _FIRST_BYTES[kind]:
        return Cut(kind, tuple(held))
    return Cut(kind, tuple(held[:first]), tuple(_sheets(held[first:], weigh)))


def _sheets(items: Sequence[T], weigh: Callable[[T], int]) -> Iterator[tuple[T, ...]]:
    left = items
    while left:
        count = max(_fitting(left, weigh, _PART_BYTES), 1)
        yield tuple(left[:count])
        left = left[count:]


def _fitting(items: Sequence[T], weigh: Callable[[T], int], room: int) -> int:
    """How many items from the first on fit the room."""
    for count, item in enumerate(items):
        room -= weigh(item)
        if room < 0:
            return count
    return len(items)


def _group_bytes(group: Group) -> int:
    return _QUOTE_BYTES + _READING_BYTES * len(group) + len(group[0].claim.text.encode("utf-8", "replace"))


def _answer_bytes(catalogue: Catalogue, answer: Answer) -> int:
    record = catalogue.claims.get(answer.claim_id or "")
    return _QUOTE_BYTES + (len(record.claim.text.encode("utf-8", "replace")) if record else 0)


def _places(catalogue: Catalogue, event: Event) -> list[Place]:
    grouped = [(index, key) for index, group in enumerate(event.sources) for key in group.documents]
    return [place for place in grouped or [(-1, key) for key in event.document_ids] if place[1] in catalogue.documents]


def _one_each(records: Iterable[ClaimRecord]) -> list[ClaimRecord]:
    """The first claim of each document: a document that recalls an event in three sentences is one document."""
    return list({record.document_id: record for record in reversed(list(records))}.values())[::-1]


def told_beside(catalogue: Catalogue, event: Event) -> list[ClaimRecord]:
    """What the event's documents say besides and what belongs to no event: nothing that was read out is lost."""
    answers = {answer.claim_id for answer in event.answers}
    told = [
        record
        for document_id in event.document_ids
        for record in catalogue.claims_of_document.get(document_id, ())
        if record.id not in answers and not catalogue.events_of_claim.get(record.id)
    ]
    return sorted(told, key=lambda record: (record.document_id, record.claim.start, record.id))
