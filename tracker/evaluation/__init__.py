"""How good an extraction is: scores against the gold corpus, the wrong cases, and the floors that only rise."""

from __future__ import annotations

from tracker.evaluation.bcubed import score_groups
from tracker.evaluation.cases import ERROR_KINDS, ErrorCase, ErrorKind, find_errors
from tracker.evaluation.corpus import GoldCorpus, NameTable, load_gold, load_names
from tracker.evaluation.figurepairs import FigurePair, Pair, PairRelation, score_figure_pairs
from tracker.evaluation.floors import check_floors, load_floors, raise_floors, save_floors
from tracker.evaluation.score import Score
from tracker.evaluation.scoring import score_by, score_corpus, score_events, score_published

__all__ = [
    "ERROR_KINDS",
    "ErrorCase",
    "ErrorKind",
    "FigurePair",
    "GoldCorpus",
    "NameTable",
    "Pair",
    "PairRelation",
    "Score",
    "check_floors",
    "find_errors",
    "load_floors",
    "load_gold",
    "load_names",
    "raise_floors",
    "save_floors",
    "score_by",
    "score_corpus",
    "score_events",
    "score_figure_pairs",
    "score_groups",
    "score_published",
]
