"""Which claims no source has any more: their words are gone from the page, and no other page of the event says them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.read.changes import one_form
from tracker.types import ClaimRecord, Figure, FigureStanding, StoredDocument


def find_vanished(records: Iterable[ClaimRecord], documents: Mapping[str, StoredDocument]) -> tuple[str, ...]:
    """The ids of the claims whose words stand in the newest version of none of these documents, in their order.

    `documents` are the event's, by id. Only words count, typesetting aside: a page that says the same in other words
    is a source of its own claim.
    """
    gone = [record for record in records if not record.in_current_version]
    texts = [one_form(document.current.text) for document in documents.values()] if gone else []
    return tuple(record.id for record in gone if not any(one_form(record.claim.text) in text for text in texts))


def mark_standing(figures: Sequence[Figure], records: Iterable[ClaimRecord]) -> tuple[Figure, ...]:
    """An event's figures with where each is still said: a sentence that was edited may have kept the figure in it.

    `records` are the event's; a value is the same with its kind, unit and qualifier.
    """
    current = {record.id for record in records if record.in_current_version}
    said_by: dict[object, set[str]] = defaultdict(set)
    for figure in figures:
        if figure.claim_id in current:
            said_by[figure.value].add(figure.document_id)

    def mark(figure: Figure) -> Figure:
        pages = said_by.get(figure.value, set())
        standing: FigureStanding = "here" if figure.document_id in pages else "elsewhere" if pages else "nowhere"
        return replace(figure, standing=standing)

    return tuple(map(mark, figures))
