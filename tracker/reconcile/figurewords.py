"""Figures as titles and summaries tell them: which of an event's figures, and in words that keep their qualifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tracker.nearness import means_nearly
from tracker.reconcile.figures import value_of
from tracker.reconcile.phrases import Phrase, said
from tracker.types import ClaimRecord, Figure, QuantityKind

KINDS_TOLD: tuple[QuantityKind, ...] = ("exchanges", "accounts", "tokens", "users")
"""The kinds of figures that titles and summaries tell, those that say most of a deed first."""
_KIND_WORDS: dict[QuantityKind, str] = {
    "accounts": "accounts",
    "exchanges": "exchanges",
    "tokens": "tokens",
    "users": "users",
}
_QUALIFIER_WORDS = {"exact": "", "about": "about ", "over": "more than ", "under": "up to ", "range": ""}
_VAGUE_WORDS = (
    (2e9, "billions of"),
    (2e8, "hundreds of millions of"),
    (2e7, "tens of millions of"),
    (2e6, "millions of"),
    (2e5, "hundreds of thousands of"),
    (2e4, "tens of thousands of"),
    (2e3, "thousands of"),
    (2e2, "hundreds of"),
    (24, "dozens of"),
)


def figure_words(figure: Figure) -> str:
    """A figure in words that keep its qualifier: "more than 3 million exchanges", "tens of thousands of accounts"."""
    noun, value = _KIND_WORDS.get(figure.kind, ""), value_of(figure)
    if value is None or not noun:
        return ""
    if figure.qualifier == "vague":
        return next((f"{words} {noun}" for unit, words in _VAGUE_WORDS if value >= unit), "")
    if figure.qualifier == "range" and figure.low is not None and figure.high is not None:
        return f"{_number(figure.low)} to {_number(figure.high)} {noun}"
    nearly = figure.qualifier == "under" and means_nearly(figure.text)
    return f"{'nearly ' if nearly else _QUALIFIER_WORDS[figure.qualifier]}{_number(value)} {noun}"


def _number(value: float) -> str:
    for unit, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= unit:
            return f"{value / unit:.3f}".rstrip("0").rstrip(".") + f" {word}"
    return f"{value:,.0f}"


def title_figures(records: Sequence[ClaimRecord], figures: Sequence[Figure], kind: QuantityKind) -> list[Figure]:
    """The figures of one kind for all the accused together that most documents give, all of one value.

    `records` are the event's claims, nearest to the original speaker first; so are the figures returned.
    """
    rank = {record.id: number for number, record in enumerate(records)}
    everybody = max((len(record.claim.accused) for record in records), default=0)
    fitting = [f for f in figures if f.kind == kind and f.claim_id in rank and len(f.accused) >= everybody]
    fitting.sort(key=lambda f: (f.qualifier == "vague", rank[f.claim_id], f.text))
    support: dict[object, list[Figure]] = defaultdict(list)
    for figure in fitting:
        support[_value_key(figure)].append(figure)
    return max(support.values(), key=lambda alike: len({f.document_id for f in alike}), default=[])


def figure_phrase(records: Sequence[ClaimRecord], figures: Sequence[Figure]) -> Phrase:
    """The figure that most documents give for all the accused together; the kind that says most comes first."""
    by_id = {record.id: record for record in records}
    for kind in KINDS_TOLD:
        alike = title_figures(records, figures, kind)
        if alike and (words := figure_words(alike[0])):
            return said(words, [by_id[figure.claim_id] for figure in alike])
    return ()


def _value_key(figure: Figure) -> tuple[object, ...]:
    return (figure.low, figure.high, figure.qualifier)
