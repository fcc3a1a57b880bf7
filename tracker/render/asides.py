"""Dates and figures that a document gives outside its claims: they date and size the matter all the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.days import interval_words
from tracker.render.wording import measure_words
from tracker.types import DateMention, Extraction, Quantity, Version

_CONTEXT_CHARACTERS = 60
_WHITE_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Aside:
    """Words with a little of their sentence, and what they were read as."""

    before: str
    words: str
    after: str
    reading: str
    start: int


def build_asides(version: Version, extraction: Extraction) -> tuple[Aside, ...]:
    """The dates and figures of a document on the matter that lie in none of its claims, in the order of the text."""
    if extraction.relevance == "irrelevant":
        return ()
    claimed = [(claim.start, claim.end) for claim in extraction.claims]
    items: list[DateMention | Quantity] = [*extraction.dates, *extraction.quantities]
    loose = [item for item in items if not any(start <= item.start < end for start, end in claimed)]
    return tuple(_build_aside(version.text, item) for item in sorted(loose, key=lambda item: item.start))


def _build_aside(text: str, item: DateMention | Quantity) -> Aside:
    if isinstance(item, DateMention):
        reading = interval_words(item.from_on, item.to_on)
    else:
        value = measure_words(item.low, item.high, item.qualifier, item.kind, item.unit, item.text)
        reading = f"{item.kind}: {value}"
    before = text[max(item.start - _CONTEXT_CHARACTERS, 0) : item.start].rpartition("\n")[2]
    after = text[item.end : item.end + _CONTEXT_CHARACTERS].partition("\n")[0]
    if item.start > _CONTEXT_CHARACTERS and " " in before:
        before = before.partition(" ")[2]
    if len(after) == _CONTEXT_CHARACTERS and " " in after:
        after = after.rpartition(" ")[0]
    return Aside(_one_line(before), _one_line(item.text), _one_line(after), reading, item.start)


def _one_line(text: str) -> str:
    return _WHITE_SPACE.sub(" ", text)
