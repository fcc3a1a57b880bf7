"""Where a text answers a question: the places of what was looked for, and the passages to show around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.fulltext.questions import Choice, Form, Question, Term
from tracker.fulltext.words import Placed, ends_spaceless, placed_tokens, tokens_of

PASSAGE_CHARS = 240
_BEFORE_CHARS = 80
_MOST_TO_A_SPACE = 20
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text, and what was looked for in it; all places are code points of the whole text."""

    start: int
    end: int
    hits: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a text has of a question."""

    passages: tuple[Passage, ...]
    hits: int
    """How many times it holds something that was looked for, in the passages or not."""


def answers(question: Question, fields: Sequence[str]) -> bool:
    """Whether texts, title and body say, answer a question; no phrase runs from one into the next."""
    filed = [_filed(tokens_of(field)) for field in fields]

    def has(term: Term) -> bool:
        return any(next(_starts(form, *one), None) is not None for form in term.forms for one in filed)

    return any(_is_answered(choice, has) for choice in question.choices)


def _is_answered(choice: Choice, has: Callable[[Term], bool]) -> bool:
    return all(map(has, choice.wanted)) and not any(map(has, choice.unwanted))


def find_hits(text: str, question: Question) -> list[Span]:
    """The places of all wanted terms in a text, the first first; those that overlap are one."""
    placed = list(placed_tokens(text))
    tokens, at = _filed([token for token, _, _ in placed])
    found = sorted(
        _span(placed, start, form)
        for form in {form for choice in question.choices for term in choice.wanted for form in term.forms}
        for start in _starts(form, tokens, at)
    )
    joined: list[Span] = []
    for start, end in found:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def find_passages(text: str, question: Question, most: int) -> Shown:
    """At most so many passages of a text around what was looked for, in their order; those that show most come first
    into the choice. Of a text that has nothing of it (its title does) the beginning."""
    hits = find_hits(text, question)
    if not hits:
        return Shown((Passage(0, _cut_end(text, 0, min(len(text), PASSAGE_CHARS)), ()),) if text else (), 0)
    windows = list(_windows(hits))
    best = sorted(windows, key=lambda window: (-_worth(text, window), window[0]))[:most]
    return Shown(tuple(_passage(text, window) for window in sorted(best)), len(hits))


def _windows(hits: Sequence[Span]) -> Iterator[list[Span]]:
    """The hits in groups that fit into one passage."""
    group: list[Span] = []
    for hit in hits:
        if group and hit[1] - group[0][0] > PASSAGE_CHARS - _BEFORE_CHARS:
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def _worth(text: str, window: Sequence[Span]) -> int:
    return len({text[start:end].casefold() for start, end in window})


def _passage(text: str, window: Sequence[Span]) -> Passage:
    first, last = window[0][0], window[-1][1]
    start = max(0, first - _BEFORE_CHARS)
    if start:
        space = text.find(" ", start, min(start + _MOST_TO_A_SPACE, first))
        start = space + 1 if space >= 0 else start
    end = _cut_end(text, last, min(len(text), max(last, start + PASSAGE_CHARS)))
    return Passage(start, end, tuple(window))


def _cut_end(text: str, least: int, end: int) -> int:
    if end == len(text):
        return end
    space = text.rfind(" ", max(least, end - _MOST_TO_A_SPACE), end)
    return space if space >= 0 else end


_Filed = tuple[Sequence[str], Mapping[str, Sequence[int]]]


def _filed(tokens: Sequence[str]) -> _Filed:
    at: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        at.setdefault(token, []).append(place)
    return tokens, at


def _starts(form: Form, tokens: Sequence[str], at: Mapping[str, Sequence[int]]) -> Iterator[int]:
    """Where a form begins, as numbers of tokens."""
    *whole, last = form.tokens
    for start in at.get(whole[0], ()) if whole else _all_of(last, form.is_beginning, at):
        end = start + len(whole)
        if end >= len(tokens) or any(tokens[start + n] != token for n, token in enumerate(whole)):
            continue
        if tokens[end] == last or (form.is_beginning and tokens[end].startswith(last)):
            yield start


def _all_of(token: str, is_beginning: bool, at: Mapping[str, Sequence[int]]) -> Iterable[int]:
    if not is_beginning:
        return at.get(token, ())
    return [place for found, places in at.items() if found.startswith(token) for place in places]


def _span(placed: Sequence[Placed], start: int, form: Form) -> Span:
    over = placed[start : start + len(form.tokens)]
    last, begins, ends = over[-1]
    if form.is_beginning and ends_spaceless(form.tokens[-1]) and ends - begins == len(last):
        return over[0][1], begins + len(form.tokens[-1])  # the pair of characters that it begins is not the hit
    return over[0][1], max(end for _, _, end in over)
