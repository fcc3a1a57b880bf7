"""A text as every step of extraction sees it: its language, sentences, and parse where there is one."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from spacy.tokens import Doc, Token

from tracker.types import PublisherType


@dataclass(frozen=True)
class Sentence:
    """A sentence with its place: which one of the text, and of which paragraph."""

    index: int
    start: int
    end: int
    paragraph: int
    text: str
    whole: tuple[int, int]
    """(start, end) of the sentence that it is, or that it is a clause of."""


@dataclass(frozen=True)
class TextView:
    """What is known of a text before its names are read."""

    text: str
    language: str
    sentences: tuple[Sentence, ...]
    doc: Doc | None = None
    """The parse, for English."""
    publisher: str = ""
    publisher_type: PublisherType = "news"
    published: date | None = None
    title: str = ""

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _tokens(self) -> list[Token]:
        """The tokens of the parse; each access through spaCy makes a new object of a token."""
        return list(self.doc) if self.doc is not None else []

    @cached_property
    def _token_starts(self) -> list[int]:
        return [token.idx for token in self._tokens]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds an offset."""
        index = bisect.bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.sentences[index].end:
            return None
        return self.sentences[index]

    def token_at(self, offset: int) -> Token | None:
        """The token that holds an offset, of the parse."""
        if self.doc is None:
            return None
        index = bisect.bisect_right(self._token_starts, offset) - 1
        return self._tokens[index] if index >= 0 else None

    def tokens_in(self, start: int, end: int) -> list[Token]:
        """The tokens that begin within a span."""
        if self.doc is None:
            return []
        left = bisect.bisect_left(self._token_starts, start)
        right = bisect.bisect_left(self._token_starts, end)
        return self._tokens[left:right]

    def head_of(self, start: int, end: int) -> Token | None:
        """The token of a span that governs the others."""
        tokens = self.tokens_in(start, end)
        inside = {token.i for token in tokens}
        return next((token for token in tokens if token.head.i not in inside or token.head.i == token.i), None)


def make_sentences(text: str, spans: list[tuple[int, int]]) -> tuple[Sentence, ...]:
    """Sentences with their paragraphs: a line break starts a new one."""
    sentences = []
    paragraph = 0
    previous_end = 0
    for index, (start, end) in enumerate(spans):
        if "\n" in text[previous_end:start]:
            paragraph += 1
        sentences.append(Sentence(index, start, end, paragraph, text[start:end], (start, end)))
        previous_end = end
    return tuple(sentences)
