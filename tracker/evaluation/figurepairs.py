"""Pairs of figures: which values of a gold event agree, conflict, or are of different things (docs/figures.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from tracker.errors import UnreadableInput
from tracker.evaluation.jsonlines import read_lines
from tracker.evaluation.score import Score

PairRelation = Literal["agree", "conflict", "apart"]
Place = tuple[str, int, int]
"""Document, start and end of the words of a figure."""
Pair = frozenset[Place]
_MEASURES: Mapping[str, PairRelation] = {"figure pairs agree": "agree", "figure pairs conflict": "conflict"}


@dataclass(frozen=True, slots=True)
class FigurePair:
    """Two values of one gold event and one kind, and how they stand to each other."""

    event: str
    one: Place
    other: Place
    relation: PairRelation


def load_figure_pairs(path: Path, texts: Mapping[str, str]) -> tuple[FigurePair, ...]:
    """The marked pairs of a JSON Lines file; none where there is no such file. `texts` are by document id.

    Raises:
        UnreadableInput: a line is broken, names a document that is not there, or words that do not stand where it
            says; names file and line.
    """
    if not path.exists():
        return ()
    pairs = []
    for number, record in read_lines(path):
        try:
            if record.get("relation") not in get_args(PairRelation):
                raise UnreadableInput(f"relation must be one of {', '.join(get_args(PairRelation))}")
            one, other = (_place(record.get(side), texts) for side in ("one", "other"))
        except UnreadableInput as exc:
            raise UnreadableInput(f"{path}, line {number}: {exc.detail}") from exc
        pairs.append(FigurePair(str(record.get("event")), one, other, record["relation"]))
    return tuple(pairs)


def _place(side: Any, texts: Mapping[str, str]) -> Place:
    if not isinstance(side, dict) or not all(isinstance(side.get(key), int) for key in ("start", "end")):
        raise UnreadableInput("one and other must each have document, start, end and text")
    document, start, end = str(side.get("document")), side["start"], side["end"]
    if document not in texts:
        raise UnreadableInput(f"no document has the id {document!r}")
    if texts[document][start:end] != side.get("text"):
        raise UnreadableInput(
            f"{document}: {start}..{end} holds {texts[document][start:end]!r}, not {side.get('text')!r}"
        )
    return document, start, end


def score_figure_pairs(gold: Collection[FigurePair], found: Mapping[PairRelation, Iterable[Pair]]) -> dict[str, Score]:
    """Precision and recall of the pairs that agree and of those that conflict.

    A figure that was found is the marked one whose words it overlaps most. A found pair that is marked otherwise, or
    not at all, is wrong.
    """
    marked: dict[str, list[Place]] = {}
    for place in sorted({place for pair in gold for place in (pair.one, pair.other)}):
        marked.setdefault(place[0], []).append(place)
    scores = {}
    for measure, relation in _MEASURES.items():
        wanted = {frozenset((pair.one, pair.other)) for pair in gold if pair.relation == relation}
        given = {frozenset(_nearest(place, marked.get(place[0], ())) for place in pair) for pair in found[relation]}
        given = {pair for pair in given if len(pair) == 2}
        scores[measure] = Score.of(len(wanted & given), len(wanted), len(given))
    return scores


def _nearest(place: Place, marked: Iterable[Place]) -> Place:
    """The marked place that shares most of its words; the place itself where none does."""

    def shared(other: Place) -> int:
        return min(place[2], other[2]) - max(place[1], other[1])

    return max((other for other in marked if shared(other) > 0), key=shared, default=place)
