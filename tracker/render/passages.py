"""The quoted words of a document in a short context: what is needed to check them, never the whole article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from tracker.render.paths import file_stem
from tracker.types import ClaimRecord, Version

_LINE_BREAKS = re.compile(r"\s*\n\s*")

CONTEXT_CHARACTERS = 120
SHOWN_SHARE = 0.5
"""Context is shortened until at most this share of the text is shown, and left out where all of the text would be shown
with it; the quotes themselves are never cut."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words within a segment, marked where they are a figure or a date of a claim."""

    text: str
    kind: Literal["plain", "figure", "date"] = "plain"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words that the same claims rest on (none: context)."""

    pieces: tuple[Piece, ...]
    anchors: tuple[str, ...] = ()
    """The anchors of the claims that begin here."""
    claim_ids: tuple[str, ...] = ()
    """The anchors of all claims that rest on these words."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of a version's text around one claim or several that touch."""

    segments: tuple[Segment, ...]
    records: tuple[ClaimRecord, ...]
    cut_before: bool
    cut_after: bool
    page: int | None = None
    """For a PDF: the page on which the first quote begins, from 1."""


def build_passages(version: Version, records: Sequence[ClaimRecord]) -> tuple[Passage, ...]:
    """The passages of a version that hold the given claims, in the order of the text."""
    kept = sorted(
        (record for record in records if 0 <= record.claim.start < record.claim.end <= len(version.text)),
        key=lambda record: (record.claim.start, -record.claim.end, record.id),
    )
    spans: list[tuple[int, int]] = []
    for context in (CONTEXT_CHARACTERS, 60, 30, 0):
        if spans and not context and _shown(spans) < len(version.text.strip()):
            break  # some of the text stays unshown as it is, and a quote without any context is hard to read
        spans = _merged(_with_context(version.text, record, context) for record in kept)
        if _shown(spans) <= SHOWN_SHARE * len(version.text):
            break
    return tuple(_build_passage(version, start, end, kept) for start, end in spans)


def _shown(spans: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def page_of(version: Version, offset: int) -> int | None:
    """The page of a PDF on which an offset lies, from 1; None for other texts."""
    return sum(1 for start in version.page_starts if start <= offset) or None


def _with_context(text: str, record: ClaimRecord, context: int) -> tuple[int, int]:
    start, end = max(0, record.claim.start - context), min(len(text), record.claim.end + context)
    # Whole words only, unless the script has no spaces to cut at.
    if start > 0 and (space := text.find(" ", start, record.claim.start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", record.claim.end, end)) >= 0:
        end = space
    return start, end


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _build_passage(version: Version, start: int, end: int, records: Sequence[ClaimRecord]) -> Passage:
    inside = tuple(record for record in records if start <= record.claim.start and record.claim.end <= end)
    cuts = {start, end}
    for record in inside:
        cuts.update((record.claim.start, record.claim.end))
    edges = sorted(cuts)
    segments = tuple(_build_segment(version.text, *edge, inside) for edge in pairwise(edges))
    return Passage(
        segments=segments,
        records=inside,
        cut_before=start > 0,
        cut_after=end < len(version.text),
        page=page_of(version, inside[0].claim.start),
    )


def _build_segment(text: str, start: int, end: int, records: Sequence[ClaimRecord]) -> Segment:
    covering = [record for record in records if record.claim.start <= start and end <= record.claim.end]
    return Segment(
        pieces=_cut_pieces(text, start, end, covering),
        anchors=tuple(file_stem(record.id) for record in covering if record.claim.start == start),
        claim_ids=tuple(file_stem(record.id) for record in covering),
    )


def _cut_pieces(text: str, start: int, end: int, records: Sequence[ClaimRecord]) -> tuple[Piece, ...]:
    marks: set[tuple[int, int, Literal["figure", "date"]]] = set()
    for record in records:
        marks.update((quantity.start, quantity.end, "figure") for quantity in record.quantities)
        marks.update((day.start, day.end, "date") for day in record.dates)
    pieces, at = [], start
    for from_, to, kind in sorted(marks):
        if at <= from_ < to <= end:
            pieces.append(Piece(text[at:from_]))
            pieces.append(Piece(text[from_:to], kind))
            at = to
    pieces.append(Piece(text[at:end]))
    return tuple(Piece(_LINE_BREAKS.sub("\n", piece.text), piece.kind) for piece in pieces if piece.text)
