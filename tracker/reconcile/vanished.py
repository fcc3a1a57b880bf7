"""Which claims no source has any more: their words are gone from the page, and no other page of the event says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.read.changes import one_form
from tracker.types import ClaimRecord, StoredDocument


def find_vanished(records: Iterable[ClaimRecord], documents: Mapping[str, StoredDocument]) -> tuple[str, ...]:
    """The ids of the claims whose words stand in the newest version of none of these documents, in their order.

    `documents` are the event's, by id. Only words count, typesetting aside: a page that says the same in other words
    is a source of its own claim.
    """
    gone = [record for record in records if not record.in_current_version]
    texts = [one_form(document.current.text) for document in documents.values()] if gone else []
    return tuple(record.id for record in gone if not any(one_form(record.claim.text) in text for text in texts))
