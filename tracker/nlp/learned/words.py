"""A sentence as the learned reading sees it: its words, with names, figures and dates put down as what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from tracker.nlp.learned.fields import lemma_fields, phrase_fields, stems_in
from tracker.nlp.view import Sentence, TextView
from tracker.types import DateMention, Mention, Quantity

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*|[?!“”«»„\"]")
_CHINESE = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*|[？！“”]")


@dataclass(slots=True)
class Word:
    """One word, or one name, figure or date."""

    form: str
    """Its lemma (English) or its letters in lower case; `<company>`, `<q:accounts>`, `<date>` for what has a value."""
    start: int
    token: Token | None = None
    mention: Mention | None = None
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class WordedSentence:
    """The words of a sentence, and the word of each token."""

    sentence: Sentence
    words: list[Word]
    of_token: dict[int, Word] = field(default_factory=dict)

    def forms(self) -> list[str]:
        return [word.form for word in self.words]


def put_into_words(
    view: TextView,
    sentence: Sentence,
    mentions: Sequence[Mention],
    quantities: Sequence[Quantity],
    dates: Sequence[DateMention],
) -> WordedSentence:
    """The words of one sentence; what lies inside a name, a figure or a date is one word."""
    spans: list[tuple[int, int, str, Mention | None]] = [(m.start, m.end, f"<{m.type}>", m) for m in mentions]
    spans += [(d.start, d.end, "<date>", None) for d in dates]
    spans += [(*_number_of(q), f"<q:{q.kind}>", None) for q in quantities]
    spans.sort(key=lambda span: (span[0], -span[1]))
    return _parsed(view, sentence, spans) if view.doc is not None else _unparsed(view, sentence, spans)


def _number_of(quantity: Quantity) -> tuple[int, int]:
    """The part of a figure before its nouns: "24,000 fraudulent accounts" keeps its accounts as words."""
    last = max((m.end() for m in re.finditer(r"\d", quantity.text)), default=0)
    return quantity.start, quantity.start + (last or len(quantity.text.split(" ")[0]))


def _parsed(
    view: TextView, sentence: Sentence, spans: Sequence[tuple[int, int, str, Mention | None]]
) -> WordedSentence:
    out = WordedSentence(sentence, [])
    singles, phrases = lemma_fields(), phrase_fields()
    place = 0
    current: Word | None = None
    until = -1
    for token in view.tokens_in(sentence.start, sentence.end):
        start = token.idx
        if current is not None and start < until:
            out.of_token[token.i] = current
            if (
                current.token is not None
                and token.head.i not in out.of_token
                and token.dep_ not in ("flat", "compound")
            ):
                current.token = token
            continue
        while place < len(spans) and spans[place][1] <= start:
            place += 1
        if place < len(spans) and spans[place][0] <= start:
            current = Word(spans[place][2], start, token, spans[place][3])
            until = spans[place][1]
        else:
            if token.is_space or (token.is_punct and token.text not in '?!"“”:'):
                continue
            lemma = (token.lemma_ or token.lower_).lower()
            current, until = Word(lemma, start, token, None, singles.get(lemma, ())), -1
        out.words.append(current)
        out.of_token[token.i] = current
    for index, word in enumerate(out.words):
        for rest, name in phrases.get(word.form, ()):
            following = out.words[index + 1 : index + 1 + len(rest)]
            if len(following) == len(rest) and all(w.form == lemma for w, lemma in zip(following, rest, strict=True)):
                word.fields = (*word.fields, name)
    return out


def _unparsed(
    view: TextView, sentence: Sentence, spans: Sequence[tuple[int, int, str, Mention | None]]
) -> WordedSentence:
    out = WordedSentence(sentence, [])
    fields: dict[int, list[str]] = {}
    for offset, name in stems_in(sentence.text, view.language):
        fields.setdefault(sentence.start + offset, []).append(name)
    pattern = _CHINESE if view.language == "zh" else _WORD
    place, until = 0, -1
    for match in pattern.finditer(view.text, sentence.start, sentence.end):
        start = match.start()
        if start < until:
            continue
        while place < len(spans) and spans[place][1] <= start:
            place += 1
        if place < len(spans) and spans[place][0] <= start:
            out.words.append(Word(spans[place][2], spans[place][0], None, spans[place][3]))
            until = spans[place][1]
            continue
        word = Word(match.group().lower(), start)
        word.fields = tuple(name for offset in range(start, match.end()) for name in fields.get(offset, ()))
        out.words.append(word)
    return out
