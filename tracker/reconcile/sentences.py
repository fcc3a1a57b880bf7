"""The sentences of a version in one written form, with their places: what stands in two versions of a page alike."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.read.changes import one_form

_END = re.compile(
    r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«„(\[]?[A-ZÀ-ÖØ-Þ0-9])|[。！？；][”’」』）\"']*|\n+",
)


@dataclass
class Sentences:
    """A text parted into sentences, none of them empty, in their order."""

    text: str
    spans: list[tuple[int, int]] = field(init=False)
    forms: list[str] = field(init=False)
    """The sentences without what only typesetting changes."""

    def __post_init__(self) -> None:
        self.spans = list(_spans_of(self.text))
        self.forms = [one_form(self.text[start:end]) for start, end in self.spans]
        self._starts = [start for start, _ in self.spans]
        self._ends = [end for _, end in self.spans]
        self._places: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(self.forms):
            self._places[form].append(number)

    def around(self, start: int, end: int) -> range:
        """The numbers of the sentences that hold some of `text[start:end]`."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def extent(self, numbers: range) -> tuple[int, int]:
        """From where to where these sentences go; (0, 0) for none."""
        return (self.spans[numbers[0]][0], self.spans[numbers[-1]][1]) if numbers else (0, 0)

    def has(self, form: str) -> bool:
        """Whether a sentence stands anywhere in the text."""
        return form in self._places

    def find(self, forms: list[str]) -> Iterator[range]:
        """Where these sentences stand one after the other, from the top of the text."""
        for first in self._places.get(forms[0], ()) if forms else ():
            if self.forms[first : first + len(forms)] == forms:
                yield range(first, first + len(forms))


def _spans_of(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in (*(found.end() for found in _END.finditer(text)), len(text)):
        words = text[start:cut]
        inner = words.strip()
        if inner:
            begin = start + len(words) - len(words.lstrip())
            yield begin, begin + len(inner)
        start = cut
