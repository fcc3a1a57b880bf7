"""How likely a name means an entity: for matching lists of names by people and programs, each score with its reasons.

Names of the entity are compared as a whole, in the order of their letters and as sets of words; the best counts. That a
name is one of the entity's to the letter (but for case, width, accents and marks) is worth more than any likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

_MARKS = re.compile(r"[^\w]+", re.UNICODE)
_FORMS = re.compile(
    r"\b(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|sa|sas|bv|nv|pte|pbc|lp|holdings?|group)\b"
    r"|(股份有限公司|有限责任公司|有限公司|集团|公司)$"
)
_MOST_CHARS = 300
_MOST_LIKE = 95.0
_SHARED = 0.85
"""What words in common count for where the rest differs."""
_SHORT = 3
"""Names of so many letters share a word with too many others."""


@dataclass(frozen=True, slots=True)
class NameScore:
    """How like one of an entity's names a name is: `value` from 0 to 100, `name` the one that is meant.

    is_exact: the same but for case, width, accents and marks. is_form: the same without the company's legal form.
    """

    value: float
    name: str
    is_exact: bool = False
    is_form: bool = False


def normal_name(text: str) -> str:
    """A name without case, width, accents and marks: " Moonshot A.I. " -> "moonshot a i"."""
    folded = unicodedata.normalize("NFKD", text[:_MOST_CHARS]).casefold()
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return _MARKS.sub(" ", bare).replace("_", " ").strip()


def bare_name(normal: str) -> str:
    """A normal name without its legal form: "moonshot ai co ltd" -> "moonshot ai"; itself where none would be left."""
    return " ".join(_FORMS.sub(" ", normal).split()) or normal


def score_names(query: str, names: Iterable[tuple[str, str, str]], least: float = 0.0) -> NameScore | None:
    """The best of an entity's names, each as (name, its normal form, its bare form); None where none reaches `least`.

    `query` is a normal name.
    """
    best: NameScore | None = None
    bare = bare_name(query)
    for name, normal, short in names:
        if normal == query:
            return NameScore(100.0, name, is_exact=True)
        if short == bare:
            found = NameScore(98.0, name, is_form=True)
        else:
            cutoff = max(least, best.value if best else 0.0)
            found = NameScore(_likeness(bare, short, cutoff), name)
        if found.value >= least and (best is None or found.value > best.value):
            best = found
    return best


def _likeness(query: str, name: str, cutoff: float) -> float:
    """From 0 to 95: names that only share words, or lack some, are never as good as the same name. 0 below `cutoff`."""
    least = cutoff / _MOST_LIKE * 100
    best = max(fuzz.ratio(query, name, score_cutoff=least), fuzz.token_sort_ratio(query, name, score_cutoff=least))
    if min(len(query), len(name)) > _SHORT:
        shared = fuzz.token_set_ratio(query, name, score_cutoff=max(best, least) / _SHARED)
        best = max(best, shared * _SHARED)
    return best * _MOST_LIKE / 100


def nearest_names(text: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names that may have been meant by a slip of the pen, the likeliest first."""
    found = process.extract(text[:_MOST_CHARS], list(names), scorer=fuzz.ratio, processor=str.casefold, limit=most,
                            score_cutoff=70)  # fmt: skip
    return tuple({str(name).casefold(): str(name) for name, _, _ in found}.values())
