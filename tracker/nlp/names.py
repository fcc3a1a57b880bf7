"""Mentions by name: the gazetteer's names, names that show by their form, and names that only the document gives.

A mention is typed by what it means where it stands (Beijing that objects, Beijing the place; Qwen the laboratory,
Qwen the model). Short forms link to the name in full in the same document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.nlp.chinesenames import add_chinese_names
from tracker.nlp.dates import written_days
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.matching import Hit, matcher_for
from tracker.nlp.meaning import Meaning
from tracker.nlp.newnames import Named, add_new_names, is_short_form
from tracker.nlp.patterns import Found, find_patterned
from tracker.nlp.view import TextView
from tracker.types import EntityType, Mention

_FOREIGN_PREFIX = re.compile(r"^(?:The |the |U\.S\. |US |China['’]s |Chinese )*$")
_INTRODUCED = re.compile(r"\s?\(\s?[\"“]?(?:the |or |formerly )?([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,2}?)[\"”]?\s?\)")
_GENERIC = re.compile(
    r"(?:Committee|Company|Agency|Department|Bill|Act|Office|Ministry|Court|Letter|Report|Memo|Commission)$"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a text's names before the unknown ones are read."""

    sure: tuple[Named, ...]
    """Names of the gazetteer, in order, without overlaps."""
    shapes: tuple[tuple[int, int, EntityType], ...]
    """Spans whose form says what they are."""
    barred: frozenset[tuple[int, int]]
    """Spans that are no names by themselves: a model's short form without its model, a day of a month."""


def find_known(view: TextView, gazetteer: Gazetteer) -> Known:
    """The names of a text that the gazetteer knows, and the forms that show one."""
    hits = matcher_for(gazetteer, view.language).find(view.text)
    meaning = Meaning(view, gazetteer, hits)
    named: list[Named] = []
    barred: set[tuple[int, int]] = set()
    for hit in hits:
        decided = _decide(hit, meaning, gazetteer)
        if decided is not None:
            named.append(decided)
        elif all(gazetteer.entries[entity_id].entity.type == "model" for entity_id in hit.ids):
            barred.add((hit.start, hit.end))
    for match in written_days(view.language).finditer(view.text):
        barred |= {match.span(), match.span("month")}
    found = list(find_patterned(view.text, view.language))
    sure = _with_known_forms(view, named, found, gazetteer)
    shapes = tuple((item.start, item.end, item.type) for item in _longest(found))
    return Known(tuple(sure), shapes, frozenset(barred))


def find_names(view: TextView, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Every mention by name in a text, in order, without overlaps."""
    known = find_known(view, gazetteer)
    if view.language == "zh":
        named = add_chinese_names(view, known.sure)
    else:
        named = _with_introduced(view, add_new_names(view, known.sure, known.shapes, known.barred))
    named.sort(key=lambda item: (item.start, -item.end))
    named = [_of_a_country(view, item, named, gazetteer) for item in named]
    mentions: list[Mention] = []
    for item in named:
        if mentions and item.start < mentions[-1].end:
            continue
        mentions.append(Mention(item.start, item.end, view.text[item.start : item.end], item.id, item.name, item.type))
    return tuple(mentions)


_EMBASSY = re.compile(r"[Ee]mbassy in (?:the )?(.+)")
_NEAR = 300
"""Characters in which the country of "its embassy in Washington" is named."""


def _of_a_country(view: TextView, item: Named, named: list[Named], gazetteer: Gazetteer) -> Named:
    """ "China objected. Its embassy in Washington ...": the embassy of the country that was named last before it."""
    match = _EMBASSY.fullmatch(view.text[item.start : item.end])
    if match is None:
        return item
    for other in reversed([one for one in named if one.end <= item.start and item.start - one.end < _NEAR]):
        if other.type not in ("place", "government"):
            continue
        country = view.text[other.start : other.end]
        known = gazetteer.find_by_name(f"{country}'s embassy in {match.group(1)}")
        if known is not None:
            return replace(item, id=known.id, name=known.name, type=known.type)
    return item


def _overlaps(a: Hit | Found, b: Hit | Found) -> bool:
    return a.start < b.end and b.start < a.end


def _longest(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, item.start)):
        if not any(_overlaps(item, other) for other in kept):
            kept.append(item)
    return kept


def _with_known_forms(view: TextView, named: list[Named], found: list[Found], gazetteer: Gazetteer) -> list[Named]:
    """The gazetteer's names, with those that show by their form and are known under another wording."""
    forms: list[Named] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, item.start)):
        if any(item.start < other.end and other.start < item.end for other in forms):
            continue
        known = _known_by_form(view, item, gazetteer)
        inside = [other for other in named if item.start < other.end and other.start < item.end]
        if known is not None and not any(_covers(view, other, item) for other in inside):
            forms.append(known)
    kept = [item for item in named if not any(item.start < o.end and o.start < item.end for o in forms)]
    return sorted([*kept, *forms], key=lambda item: item.start)


def _covers(view: TextView, named: Named, item: Found) -> bool:
    """The gazetteer's name says all that the patterned one does."""
    if named.start <= item.start and named.end >= item.end:
        return True
    if item.type != named.type and named.type not in {"company", "publisher", "organisation", "law", "model"}:
        return False
    if named.end >= item.end:
        return bool(_FOREIGN_PREFIX.match(view.text[item.start : named.start])) or named.type in {
            "company",
            "publisher",
            "model",
        }
    return named.start <= item.start and (named.end - named.start) * 2 > item.end - item.start


def _decide(hit: Hit, meaning: Meaning, gazetteer: Gazetteer) -> Named | None:
    entity_id = meaning.entity_of(hit)
    if entity_id is None:
        return None
    entity = gazetteer.entries[entity_id].entity
    return Named(hit.start, hit.end, entity.id, entity.name, entity.type)


def _known_by_form(view: TextView, found: Found, gazetteer: Gazetteer) -> Named | None:
    text = " ".join(view.text[found.start : found.end].replace("’", "'").split())
    entity = gazetteer.find_by_name(text) or gazetteer.find_by_name(re.sub(r"^(?:U\.S\.|US) ", "", text))
    return Named(found.start, found.end, entity.id, entity.name, entity.type) if entity is not None else None


def _with_introduced(view: TextView, named: list[Named]) -> list[Named]:
    """ "the Office of X (OX)": what stands in brackets after a name is a short form of it, there and later."""
    taken = sorted(named, key=lambda item: item.start)
    forms: dict[str, Named] = {}
    for item in taken:
        match = _INTRODUCED.match(view.text, item.end)
        if match and is_short_form(match.group(1), item.name) and not _GENERIC.search(match.group(1)):
            forms.setdefault(match.group(1), item)
    added = list(named)
    for form, item in forms.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w])", view.text):
            clash = [other for other in added if other.start < match.end() and match.start() < other.end]
            if not clash:
                added.append(replace(item, start=match.start(), end=match.end()))
    return added
