"""Public test sets for the benchmarks: what they hold as values, how an answer counts, and how results are printed.

The data of others stays outside the project; each benchmark takes its folder as an argument.
Formats: the JSON specifications of Recognizers-Text (github.com/microsoft/Recognizers-Text, folder Specs), and name
corpora as spaCy DocBins (spacy.io/api/docbin) whose `ents` are labelled PER, ORG, LOC and MISC.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

import spacy
from spacy.tokens import DocBin

V = TypeVar("V")


@dataclass(frozen=True)
class Marked(Generic[V]):
    """A stretch of text (code points, end exclusive) with what is said of it."""

    start: int
    end: int
    value: V


@dataclass(frozen=True)
class Case:
    """One input of a Recognizers-Text specification with its results: (type, resolution) of each stretch."""

    text: str
    published: date | None
    results: tuple[Marked[tuple[str, Mapping[str, Any]]], ...]


@dataclass(frozen=True)
class NamedText:
    """One text of a name corpus with its names by label."""

    text: str
    names: tuple[Marked[str], ...]


class BadSet(Exception):
    """A file of a public set that does not hold what it should."""


def load_cases(path: Path) -> list[Case]:
    """The cases of one specification file; the byte order mark that these files begin with falls away.

    Raises:
        BadSet: not such a file, or a result whose text does not stand at its place; names the case.
    """
    try:
        return [_case(item) for item in json.loads(path.read_text(encoding="utf-8-sig"))]
    except (ValueError, KeyError, TypeError) as exc:
        raise BadSet(f"{path}: not a Recognizers-Text specification: {exc}") from exc


def _case(item: Mapping[str, Any]) -> Case:
    text = item["Input"]
    reference = (item.get("Context") or {}).get("ReferenceDateTime")
    results = []
    for result in item["Results"]:
        start, end = result["Start"], result["End"] + 1  # the set's ends are inclusive
        if text[start:end].lower() != result["Text"].lower():
            start, end = _found(text, result["Text"])
        kind = (result.get("TypeName") or result.get("Typename") or "").rpartition(".")[2]
        results.append(Marked(start, end, (kind, result["Resolution"])))
    return Case(text, date.fromisoformat(reference[:10]) if reference else None, tuple(results))


def _found(text: str, words: str) -> tuple[int, int]:
    """Some places of the sets are counted in other units than code points: the words are looked for instead."""
    start = text.lower().find(words.lower())
    if start < 0:
        raise ValueError(f"{words!r} does not stand in {text!r}")
    return start, start + len(words)


def load_named(path: Path) -> list[NamedText]:
    """The texts of a DocBin with their names.

    Raises:
        BadSet: not a DocBin.
    """
    try:
        docs = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    except Exception as exc:  # zlib, msgpack and spaCy each raise their own
        raise BadSet(f"{path}: not a DocBin: {exc}") from exc
    return [
        NamedText(doc.text, tuple(Marked(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents)) for doc in docs
    ]


@dataclass
class Tally:
    """Counts of one system on one group of cases."""

    gold: int = 0
    predicted: int = 0
    span: int = 0
    """The same stretch."""
    value: int = 0
    """The same value on a stretch that overlaps."""
    exact: int = 0
    """Both: the same value on the same stretch."""
    cases: int = 0
    cases_right: int = 0
    """Cases in which every answer is exact and nothing else was answered."""

    def add(self, gold: Sequence[Marked[V]], predicted: Sequence[Marked[V]], same: Callable[[V, V], bool]) -> None:
        """Count one case; each prediction answers at most one stretch."""
        spans = _pairs(gold, predicted, lambda a, b: (a.start, a.end) == (b.start, b.end))
        values = _pairs(gold, predicted, lambda a, b: a.start < b.end and b.start < a.end and same(a.value, b.value))
        exact = _pairs(gold, predicted, lambda a, b: (a.start, a.end) == (b.start, b.end) and same(a.value, b.value))
        self.gold += len(gold)
        self.predicted += len(predicted)
        self.span, self.value, self.exact = self.span + spans, self.value + values, self.exact + exact
        self.cases += 1
        self.cases_right += exact == len(gold) == len(predicted)

    def f1(self, right: int) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was found."""
        return 2 * right / (self.gold + self.predicted) if self.gold + self.predicted else 1.0

    def figures(self) -> dict[str, float]:
        """The counts as the measures that are printed, rounded to three places."""
        measures = {
            "span_f1": self.f1(self.span),
            "value_p": self.value / self.predicted if self.predicted else 0.0,
            "value_r": self.value / self.gold if self.gold else 0.0,
            "value_f1": self.f1(self.value),
            "exact_f1": self.f1(self.exact),
            "cases_right": self.cases_right / self.cases if self.cases else 0.0,
        }
        return {name: round(item, 3) for name, item in measures.items()}


def _pairs(
    gold: Sequence[Marked[V]], predicted: Sequence[Marked[V]], agree: Callable[[Marked[V], Marked[V]], bool]
) -> int:
    free = list(predicted)
    count = 0
    for item in gold:
        found = next((other for other in free if agree(item, other)), None)
        if found is not None:
            free.remove(found)
            count += 1
    return count


@dataclass
class Report:
    """What a benchmark found: a row for each group and system."""

    rows: list[tuple[str, str, int, dict[str, float]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)

    def add(self, group: str, system: str, count: int, measures: Mapping[str, float]) -> None:
        """One row; `count` is how many cases or expressions it stands on."""
        self.rows.append((group, system, count, dict(measures)))

    def compare(self, measure: str) -> None:
        """Ratios tracker over peer of one measure, for each group in which both have it."""
        ours = {group: measures for group, system, _, measures in self.rows if system == "tracker"}
        for group, system, _, measures in self.rows:
            if system != "tracker" and measures.get(measure):
                name = f"{group}_{measure}_vs_{system}".replace(" ", "_").replace("-", "_").replace(",", "")
                self.ratios[name] = round(ours[group][measure] / measures[measure], 3)

    def print(self, as_json: bool) -> None:
        """One JSON object, or a table with the notes under it."""
        if as_json:
            figures = {
                f"{group}_{system}_{name}".replace(" ", "_").replace("-", "_").replace(",", ""): value
                for group, system, _, measures in self.rows
                for name, value in measures.items()
            }
            print(json.dumps({"figures": figures, "ratios": self.ratios, "notes": self.notes}))
            return
        width = max(len(group) for group, *_ in self.rows)
        columns: list[str] = []
        for group, system, count, measures in self.rows:
            if list(measures) != columns:
                columns = list(measures)
                print(f"\n{'':{width}}  {'':18} {'n':>5}  " + "  ".join(f"{name:>11}" for name in columns))
            numbers = "  ".join(f"{value:>11.3f}" for value in measures.values())
            print(f"{group:{width}}  {system:18} {count:>5}  {numbers}")
        for note in self.notes:
            print(note)


def parse_arguments(description: str, needed: Sequence[str], below: str = "") -> argparse.Namespace:
    """FOLDER [--quick] [--json]; `folder` is the one that holds `needed`, which may be the folder `below` in it.

    Ends the process with code 2 and one line where the folder or a file is not there.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where the public set lies: " + ", ".join(needed))
    parser.add_argument("--quick", action="store_true", help="a sample, within a minute")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    arguments = parser.parse_args()
    if arguments.folder is None:
        end("name the folder that holds " + ", ".join(needed) + "; the data is not part of the project")
    if below and not (arguments.folder / needed[0]).exists() and (arguments.folder / below).is_dir():
        arguments.folder = arguments.folder / below
    if missing := [name for name in needed if not (arguments.folder / name).exists()]:
        end(f"{arguments.folder}: no {', '.join(missing)} there; the data is not part of the project")
    return arguments


def end(why: str) -> None:
    """Leave with code 2 and one line."""
    print(f"{Path(sys.argv[0]).name}: {why}", file=sys.stderr)
    raise SystemExit(2)


def sample(items: Sequence[V], every: int) -> list[V]:
    """Each n-th item, so that a quick run sees all parts of a set."""
    return list(items[::every])
