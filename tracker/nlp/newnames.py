"""Names that the gazetteer lacks: found and typed by learned weights over named traits, all places of a name together.

Of the stretches of capitals that overlap, those are taken whose chances to be exactly a name are best together; a
name of the gazetteer gives way only to a longer name that holds it. Then short forms are joined to the name in full.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np

from tracker.ids import slugify
from tracker.nlp.nametraits import Candidate, find_candidates
from tracker.nlp.nameweights import Floats, NameWeights, load_weights
from tracker.nlp.view import TextView
from tracker.types import EntityType

_SURE_ODDS = {"place": 0.5, "government": 1.5}
_SURE_ODDS_OTHERWISE = 4.0
"""How sure a name of the gazetteer is against a longer one that holds it, as log odds."""
_READINESS = 0.2
"""Added to the odds of every stretch: to miss a name costs as much as to invent one, and most stretches are none."""
_SHAPED_ODDS, _SHAPED_ODDS_ABROAD = 1.0, 2.0
_LEAST_ODDS, _AGAIN_ODDS = -4.0, 0.5
"""Of a stretch that is a name elsewhere in its document: from which odds it is taken too, and what they become."""
_BODY = re.compile(r"[Ee]mbassy (?:in|of) |['’]s Ministry | ministry$|^[HSAL]\.\s?[BFPDR]\. |(?:No\. ?|\d/|\d-)\d+$")
_DEMONYM_ODDS = -2.5
"""What a word for a people or a language ("Welsh") loses: it is a name as a surname alone."""
_BODY_ODDS = 4.0
"""What a form that shows a name ("Council for ...", "Japan's Ministry of ...") adds to its odds."""


@dataclass(frozen=True, slots=True)
class Named:
    """A span with the entity that it names."""

    start: int
    end: int
    id: str
    name: str
    type: EntityType


@dataclass(slots=True)
class _Item:
    start: int
    end: int
    odds: float
    text: str = ""
    chances: Floats | None = None
    sure: Named | None = None


def add_new_names(
    view: TextView,
    sure: Sequence[Named],
    patterned: Sequence[tuple[int, int, EntityType]],
    barred: frozenset[tuple[int, int]] = frozenset(),
) -> list[Named]:
    """The sure names that stay, and the new ones, in order, without overlaps; each new one has an id made of its name.

    Args:
        sure: names that the gazetteer knows, in order, without overlaps.
        patterned: spans whose form says what they are.
        barred: spans that are no names by themselves: a model's short form without its model, a day of a month.
    """
    weights = load_weights()
    candidates = find_candidates(view, [(item.start, item.end, item.type) for item in sure], patterned)
    shaped = _SHAPED_ODDS if view.language == "en" else _SHAPED_ODDS_ABROAD
    shapes = {(start, end): shaped for start, end, _ in patterned}
    items = _items(candidates, sure, shapes, barred, weights)
    chosen = _choose([item for item in items if item.odds > 0])
    if _stand_by(items, {item.text for item in chosen if item.sure is None}):
        chosen = _choose([item for item in items if item.odds > 0])
    kept = [item.sure for item in chosen if item.sure is not None]
    new = [item for item in chosen if item.sure is None]
    return sorted([*kept, *_join(view, new, kept, weights)], key=_order)


def _order(item: Named) -> tuple[int, int]:
    return item.start, -item.end


def _items(
    candidates: Sequence[Candidate],
    sure: Sequence[Named],
    shapes: dict[tuple[int, int], float],
    barred: frozenset[tuple[int, int]],
    weights: NameWeights,
) -> list[_Item]:
    starts = [item.start for item in sure]
    items = [_Item(s.start, s.end, _SURE_ODDS.get(s.type, _SURE_ODDS_OTHERWISE), sure=s) for s in sure]
    for candidate in candidates:
        if _cuts(candidate, sure, starts) or (candidate.start, candidate.end) in barred:
            continue
        chances = weights.judge(candidate.traits())
        none = float(chances[0])
        odds = float(np.log(max(1.0 - np.exp(none), 1e-9))) - none + _READINESS
        if "firstcue1:demonyms" in candidate.form:
            odds += _DEMONYM_ODDS
        shaped = shapes.get((candidate.start, candidate.end))
        if shaped is not None:
            odds += _BODY_ODDS if _BODY.search(candidate.text) else shaped
        if odds > (_LEAST_ODDS if candidate.whole else 0.0):
            items.append(_Item(candidate.start, candidate.end, odds, candidate.text, chances))
    return items


def _stand_by(items: list[_Item], names: set[str]) -> bool:
    """What is a name at one place of a document is one wherever it stands alone: raise the odds of its other places."""
    found = False
    for item in items:
        if item.odds <= 0 and item.text in names:
            item.odds, found = _AGAIN_ODDS, True
    return found


def _cuts(candidate: Candidate, sure: Sequence[Named], starts: list[int]) -> bool:
    """Whether a stretch is a sure name, or a part of one, or takes only a part of one."""
    index = max(0, bisect.bisect_right(starts, candidate.start) - 1)
    for item in sure[index:]:
        if item.start >= candidate.end:
            return False
        if item.end > candidate.start and not (
            candidate.start <= item.start
            and item.end <= candidate.end
            and item.end - item.start < candidate.end - candidate.start
        ):
            return True
    return False


def _choose(items: list[_Item]) -> list[_Item]:
    """The spans without overlaps whose odds are best together."""
    items.sort(key=lambda item: (item.end, item.start))
    ends = [item.end for item in items]
    best = [0.0]
    taken: list[int | None] = [None]
    for index, item in enumerate(items):
        before = bisect.bisect_right(ends, item.start, 0, index)
        if best[before] + item.odds > best[-1]:
            best.append(best[before] + item.odds)
            taken.append(before)
        else:
            best.append(best[-1])
            taken.append(None)
    out: list[_Item] = []
    index = len(items)
    while index > 0:
        before_index = taken[index]
        if before_index is None:
            index -= 1
        else:
            out.append(items[index - 1])
            index = before_index
    return out[::-1]


_SPEAKING_ALIKE = frozenset({"company", "organisation", "publisher", "government"})


def _join(view: TextView, items: list[_Item], kept: Sequence[Named], weights: NameWeights) -> list[Named]:
    """New names with their types and ids: all places of a name and of its short forms are one entity."""
    chances: dict[str, Floats] = {}
    for item in items:
        assert item.chances is not None
        seen = chances.get(item.text)
        chances[item.text] = item.chances if seen is None else seen + item.chances
    kinds = {name: _best(values, weights) for name, values in chances.items()}
    full = _full_forms(view, items, kinds, kept)
    together = dict(chances)
    for name, (target, linked) in full.items():
        if linked is None and target in chances and target != name:
            together[target] = together[target] + chances[name]
    out: list[Named] = []
    for item in items:
        target, linked = full.get(item.text, (item.text, None))
        if linked is not None:
            out.append(Named(item.start, item.end, linked.id, linked.name, linked.type))
            continue
        kind = _best(together[target], weights) if target in together else kinds[item.text]
        name = _nominative(target) if view.language == "de" else target
        out.append(Named(item.start, item.end, id_of_name(name), name, kind))
    return out


_GENITIVE = re.compile(
    r"((?:gesetz|gesetzbuch|amt|gericht|gerichtshof|institut|ministerium|ausschuss|verband|verbund|verein|sekretariat|rat))e?s\b",
    re.IGNORECASE,
)


def _nominative(name: str) -> str:
    """ "des Modellregistergesetzes", "des Bundesamts für Handel": the name without the ending of its case."""
    return _GENITIVE.sub(r"\1", name, count=1)


def id_of_name(name: str) -> str:
    """The id that is made of a name."""
    return slugify(re.sub(r"'s\b", "", name))


def _best(values: Floats, weights: NameWeights) -> EntityType:
    return cast(EntityType, weights.kinds[1 + int(np.argmax(values[1:]))])


_BRACKETED = re.compile(r"[\"”]? ?\((?:the |l['’]|die |der |la |el |o |a )?[\"“]?$")


def _full_forms(
    view: TextView, items: list[_Item], kinds: dict[str, EntityType], kept: Sequence[Named]
) -> dict[str, tuple[str, Named | None]]:
    """Short form -> (name in full, the sure name that it belongs to if there is one)."""
    links: dict[str, tuple[str, Named | None]] = {}
    for named in kept:
        words = named.name.split()
        if named.type == "person" and len(words) > 1 and kinds.get(words[-1]) is not None:
            links.setdefault(words[-1], (named.name, named))
    spans = sorted([*((i.start, i.end, i.text) for i in items), *((k.start, k.end, k.name) for k in kept)])
    sure_at = {item.start: item for item in kept}
    for (start, end, long), (short_start, _, short) in pairwise(spans):
        introduced = short_start - end < 12 and short in kinds and _BRACKETED.search(view.text[end:short_start])
        if introduced and is_short_form(short, long):
            links.setdefault(short, (long, sure_at.get(start)))
    by_first: dict[str, list[str]] = defaultdict(list)
    for name in kinds:
        words = name.split()
        for size in range(1, len(words)):
            by_first[" ".join(words[:size])].append(name)
            by_first[" ".join(words[size:])].append(name)
    for short, kind in kinds.items():
        if short in links:
            continue
        for long in by_first.get(short, ()):
            if _is_short_of(short, kind, long, kinds[long]):
                links[short] = (long, None)
                break
    if view.language == "de":
        for name, kind in kinds.items():
            plain = name.removesuffix("s")
            if plain == name:
                continue
            if plain in kinds:  # "Vorwalds Modell", beside "Vorwald"
                links.setdefault(name, (plain, None))
            else:  # "Vorwalds Modell", beside "Vorwald Systeme"
                for long in by_first.get(plain, ()):
                    if _is_short_of(plain, kind, long, kinds[long]):
                        links.setdefault(name, (long, None))
                        break
    for name, kind in kinds.items():
        if kind == "model" and name not in links:
            family = re.sub(r"[ -]v?\d[\w.]*$", "", name)
            if family != name and kinds.get(family) == "model":
                links[name] = (family, None)
    return {short: _last_link(short, links) for short in links}


def _last_link(short: str, links: dict[str, tuple[str, Named | None]]) -> tuple[str, Named | None]:
    seen = {short}
    target, named = links[short]
    while named is None and target in links and target not in seen:
        seen.add(target)
        target, named = links[target]
    return target, named


def _is_short_of(short: str, kind: EntityType, long: str, long_kind: EntityType) -> bool:
    """Whether a document that has both names means one thing: a surname, a firm without its last word."""
    if long_kind == "person":
        return long.endswith(" " + short) or (kind == "person" and long.split()[0] == short)
    if not long.startswith(short + " "):
        return False
    if long_kind in _SPEAKING_ALIKE:
        return kind in _SPEAKING_ALIKE or kind == "person"
    return False


def is_short_form(form: str, name: str) -> bool:
    """Whether what stands in brackets after a name can be a short form of it: its initials, or a part."""
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]\w*", name))
    letters = re.sub(r"[^A-Za-z]", "", form)
    if not letters:
        return False
    if sum(letter.isupper() for letter in form) >= 2 and " " not in form and len(letters) <= 10:
        rest = iter(initials.upper())
        capitals = [letter for letter in letters if letter.isupper()]
        return sum(letter in rest for letter in capitals) >= max(2, len(capitals) - 2)
    return form in name or name.startswith(form)
