"""Tellings: what a whole document names, counts and dates, and how likely two documents tell the same story.

Claims are read one by one, and a wrong speaker in one sentence parts two stories that any reader would lay side by
side. Names, figures and days of the whole text hardly err together; and of them all but the words are the same in
every language.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import combinations, pairwise

from tracker.resources import bundled_path
from tracker.types import EntityType, Extraction, Quantity, Version

_TELLS: Mapping[EntityType, float] = {
    "person": 1.4, "law": 1.4, "organisation": 1.2, "company": 1.0, "model": 0.8, "government": 0.8,
    "publisher": 0.4, "place": 0.3,
}  # fmt: skip
"""How much a common name tells: few stories share a person or a bill, many a capital or an agency."""
_MOST_CHARS = 8_000
_MOST_WORDS = 300
_LEAST_WORDS = 25
"""Of shorter texts likeness tells nothing."""
_MOST_NAMES = 80
_MOST_MARKED = 4
_SMALLEST_FIGURE = 20
_NARROW_DAYS = 3
_WORD = re.compile(r"[^\W\d_]{4,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STEM = 6
"""Letters of a word that are compared: "accused" and "accuses" are one."""
COMMON_STEMS = "data/lexicon/common-stems.tsv"
"""Stems of at least four documents of data/training, each with its rarity (tools/fit_likeness.py)."""
RAREST = 6.0
"""The rarity of every other stem."""
FAR_DAYS = 14
"""Documents further apart than this are not taken for one story by their words."""
_BIAS = -1.48
_WEIGHTS = (5.62, 1.71, 2.69, -2.56, 22.96, -5.82)


@dataclass(frozen=True)
class Telling:
    """One version of a document as a whole."""

    names: Mapping[str, float]
    """Entity ids, each with how much it tells."""
    figures: frozenset[float]
    """To two significant digits, so that "28.8 million" and "nearly 29 million" meet."""
    days: frozenset[tuple[date, date]]
    words: frozenset[str]
    """Stems."""
    language: str
    published: date | None
    marks: frozenset[str]
    """What documents of the same story are found by: rare names, pairs of the commonest others, large figures."""

    @cached_property
    def names_length(self) -> float:
        """Of its names as a vector."""
        return math.sqrt(math.fsum(weight * weight for weight in self.names.values())) or 1.0

    @cached_property
    def words_length(self) -> float:
        """Of its words as a vector, each as long as it is rare."""
        return math.sqrt(math.fsum(rarity(stem) ** 2 for stem in self.words)) or 1.0


NOTHING = Telling({}, frozenset(), frozenset(), frozenset(), "", None, frozenset())
"""Of nothing: like no other."""


def telling_of(
    version: Version,
    extraction: Extraction,
    recalled: Sequence[tuple[int, int]] = (),
    bare: Callable[[str], str] = str,
) -> Telling:
    """What a version tells of, from its title, its first 8,000 characters and what was extracted from them.

    `recalled` are stretches in which it recalls earlier happenings: their figures and days are those of other stories.
    `bare` makes ids of which two documents may have a longer and a shorter form (`Parties.bare`) one.
    """

    def is_told(start: int) -> bool:
        return start < _MOST_CHARS and not any(left <= start < right for left, right in recalled)

    mentions = [m for m in extraction.mentions if is_told(m.start)]
    counts = Counter(bare(m.entity_id) for m in mentions)
    types = {bare(m.entity_id): m.type for m in mentions}
    kept = sorted(counts, key=lambda one: (-counts[one], one))[:_MOST_NAMES]
    told = (q for q in extraction.quantities if q.kind != "duration" and is_told(q.start))
    figures = frozenset(map(_rounded, told)) - {0.0}
    days = (d for d in extraction.dates if (d.to_on - d.from_on).days < _NARROW_DAYS and is_told(d.start))
    text = f"{version.title}\n{_without(version.text[:_MOST_CHARS], recalled)}"
    return Telling(
        names={one: _TELLS[types[one]] for one in kept},
        figures=figures,
        days=frozenset((d.from_on, d.to_on) for d in days),
        words=stems_of(text),
        language=version.language[:2],
        published=version.published,
        marks=_marks(kept, types, figures),
    )


def _without(text: str, recalled: Sequence[tuple[int, int]]) -> str:
    for left, right in sorted(recalled, reverse=True):
        text = f"{text[:left]} {text[right:]}"
    return text


def _rounded(quantity: Quantity) -> float:
    value = quantity.high if quantity.low is None else quantity.low
    return float(f"{value:.2g}") if value and value >= _SMALLEST_FIGURE else 0.0


def stems_of(text: str) -> frozenset[str]:
    """The first letters of its words, at most 300; pairs of characters where it is Chinese."""
    han = _HAN.findall(text)
    if len(han) > len(text) / 4:
        return frozenset(list(dict.fromkeys(a + b for a, b in pairwise(han)))[:_MOST_WORDS])
    return frozenset(list(dict.fromkeys(word[:_STEM] for word in _WORD.findall(text.casefold())))[:_MOST_WORDS])


@cache
def _common() -> Mapping[str, float]:
    """How rare the commoner stems are: the logarithm of documents over documents with it."""
    rows = (row.split("\t") for row in bundled_path(COMMON_STEMS).read_text(encoding="utf-8").splitlines())
    return {stem: float(weight) for stem, weight in rows}


def rarity(stem: str) -> float:
    """How much a stem tells: little where every story of the matter has it, most where no other had it so far."""
    return _common().get(stem, RAREST)


def _marks(names: list[str], types: Mapping[str, EntityType], figures: Iterable[float]) -> frozenset[str]:
    """`names` the commonest first."""
    rare = [f"named:{one}" for one in names if types[one] in ("person", "law")]
    others = [one for one in names if types[one] in ("company", "model", "government", "organisation")][:_MOST_MARKED]
    pairs = [f"named:{a}+{b}" for a, b in combinations(sorted(others), 2)]
    return frozenset([*rare, *pairs, *(f"figure:{value:g}" for value in figures if value >= 1000)])


def traits_of(one: Telling, other: Telling) -> tuple[float, ...]:
    """What the likeness of two documents is judged by.

    Returns: the cosine of their names; shared figures, up to four; whether they share a day; whether they are in one
    language; the cosine of their words, 0 in two languages; the days between their publications, as a share of 14.
    """
    names = math.fsum(one.names[name] * other.names[name] for name in one.names.keys() & other.names.keys())
    same_language = one.language == other.language
    words = math.fsum(rarity(stem) ** 2 for stem in one.words & other.words) if same_language else 0.0
    return (
        names / (one.names_length * other.names_length),
        float(min(len(one.figures & other.figures), 4)),
        float(bool(one.days & other.days)),
        float(same_language),
        words / (one.words_length * other.words_length),
        days_between(one, other) / FAR_DAYS,
    )


def days_between(one: Telling, other: Telling) -> float:
    """Days between two publications; infinite where one is not known."""
    if one.published is None or other.published is None:
        return math.inf
    return abs((one.published - other.published).days)


def likeness(one: Telling, other: Telling) -> float:
    """How likely two documents tell one story, from 0 to 1; the order of the two does not matter.

    A logistic model of `traits_of`, fitted on pairs of documents of data/training (tools/fit_likeness.py); 0 for
    documents that came out more than two weeks apart, or at an unknown time, and for a few words.
    """
    if days_between(one, other) > FAR_DAYS or min(len(one.words), len(other.words)) < _LEAST_WORDS:
        return 0.0
    weighed = math.fsum(weight * trait for weight, trait in zip(_WEIGHTS, traits_of(one, other), strict=True))
    return 1 / (1 + math.exp(-_BIAS - weighed))
