"""What a document's page says of copies: whose text it is, who else prints it, and what changed between versions."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.render.views import DocumentView, Views
from tracker.render.wording import shorten
from tracker.types import CopyGroup, StoredDocument

_MAX_DIFF_LINES = 24
_MAX_LINE = 280
_MOST_BESIDE = 50
"""Copies that the page of a copy names beside itself; that of the original names all. Otherwise a text that 2,000
papers print would stand in four million lines."""


@dataclass(frozen=True, slots=True)
class CopyView:
    """Another document that prints the same text."""

    document: DocumentView
    percent: int
    """How alike the two are."""


@dataclass(frozen=True, slots=True)
class CopiesView:
    """The group that a document belongs to, seen from it."""

    is_original: bool
    original: DocumentView | None
    """None where this document is the original."""
    percent: int | None
    others: tuple[CopyView, ...]
    """The other copies, without the original; on the page of a copy the first of them."""
    more: int
    """So many copies besides."""
    origin: str | None
    """The publisher that the texts name and that we hold nothing of."""
    named: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a stored diff: `side` is "gone", "new" or "same"."""

    side: str
    text: str


def copies_view(views: Views, document: StoredDocument, group: CopyGroup | None) -> CopiesView | None:
    """The copies of a document, None where it has none and is none."""
    documents = views.catalogue.documents
    if group is None or group.original not in documents:
        return None
    percents = {copy.document_id: round(100 * copy.similarity) for copy in group.copies}
    is_original = group.original == document.id
    keys = [key for key in percents if key in documents and key != document.id]
    shown = keys if is_original else keys[:_MOST_BESIDE]
    others = tuple(CopyView(views.document(documents[key]), percents[key]) for key in shown)
    return CopiesView(
        is_original=is_original,
        original=None if is_original else views.document(documents[group.original]),
        percent=percents.get(document.id),
        others=others,
        more=len(keys) - len(shown),
        origin=shorten(group.origin, 80) if group.origin else None,
        named=group.basis == "named",
    )


def change_lines(diff: str | None) -> tuple[tuple[ChangeLine, ...], int]:
    """(the lines of a stored diff that are shown, how many more it has)."""
    found = [
        ChangeLine({"-": "gone", "+": "new"}.get(line[:1], "same"), shorten(line[1:], _MAX_LINE))
        for line in (diff or "").split("\n")
        if line and not line.startswith(("@@", "\\"))
    ]
    changed = [line for line in found if line.side != "same" and line.text]
    return tuple(changed[:_MAX_DIFF_LINES]), max(0, len(changed) - _MAX_DIFF_LINES)
