"""Which of an event's figures stand on the timeline: few, in their sources' words, the best attested first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.types import QUANTITY_KINDS, Figure

KEY_FIGURES = 4
PER_KIND = 2

_Value = tuple[str, float | None, float | None, str, str | None]


def choose_key_figures(figures: Sequence[Figure]) -> tuple[tuple[Figure, ...], int]:
    """(the figures to show, how many further values there are).

    Wordings of the same value with the same qualifier count as one value, shown in the words that come first. Of
    each kind at most PER_KIND values are shown: those that most documents have, precise ones before vague ones,
    larger ones before smaller ones.
    """
    first: dict[_Value, Figure] = {}
    documents: dict[_Value, set[str]] = {}
    for figure in figures:
        first.setdefault(_value(figure), figure)
        documents.setdefault(_value(figure), set()).add(figure.document_id)
    ranked = sorted(
        first.values(),
        key=lambda figure: (figure.qualifier == "vague", -len(documents[_value(figure)]), -_size(figure)),
    )
    chosen = [figure for kind in QUANTITY_KINDS for figure in _of_kind(ranked, kind)][:KEY_FIGURES]
    return tuple(chosen), len(first) - len(chosen)


def _of_kind(figures: Iterable[Figure], kind: str) -> list[Figure]:
    return [figure for figure in figures if figure.kind == kind][:PER_KIND]


def _value(figure: Figure) -> _Value:
    return (figure.kind, figure.low, figure.high, figure.qualifier, figure.unit)


def _size(figure: Figure) -> float:
    return max(figure.low or 0.0, figure.high or 0.0)
