"""Mentions by name: the gazetteer's names, names that show by their form, and names that only the document gives.

A mention is typed by what it means where it stands (Beijing that objects, Beijing the place; Qwen the laboratory,
Qwen the model). Short forms link to the name in full in the same document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.ids import slugify
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.matching import Hit, matcher_for
from tracker.nlp.meaning import Meaning
from tracker.nlp.newnames import find_new_names
from tracker.nlp.patterns import Found, find_patterned
from tracker.nlp.view import TextView
from tracker.types import EntityType, Mention

_FOREIGN_PREFIX = re.compile(r"^(?:The |the |U\.S\. |US |China['’]s |Chinese )*$")
_INTRODUCED = re.compile(r"\s?\(\s?[\"“]?(?:the |or |formerly )?([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,2}?)[\"”]?\s?\)")
_GENERIC = re.compile(
    r"(?:Committee|Company|Agency|Department|Bill|Act|Office|Ministry|Court|Letter|Report|Memo|Commission)$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A span with the entity that it names."""

    start: int
    end: int
    id: str
    name: str
    type: EntityType


def find_names(view: TextView, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Every mention by name in a text, in order, without overlaps."""
    hits = matcher_for(gazetteer, view.language).find(view.text)
    patterned = _best_patterned(view, hits, gazetteer)
    free = [hit for hit in hits if not any(_overlaps(hit, found) for found in patterned)]
    meaning = Meaning(view, gazetteer, free)
    named = [decided for hit in free if (decided := _decide(hit, meaning, gazetteer)) is not None]
    named += [_named_by_form(view, found, gazetteer) for found in patterned]
    named = _with_introduced(view, [item for item in named if not _is_part_of_longer(view, item)])
    named += find_new_names(
        view, [(item.start, item.end, item.id, item.name, item.type) for item in named], gazetteer, Named
    )
    named.sort(key=lambda item: (item.start, -item.end))
    mentions: list[Mention] = []
    for item in named:
        if mentions and item.start < mentions[-1].end:
            continue
        mentions.append(Mention(item.start, item.end, view.text[item.start : item.end], item.id, item.name, item.type))
    return tuple(mentions)


def _is_part_of_longer(view: TextView, item: Named) -> bool:
    """Whether a place stands within the name of a body ("Bank of Scotland"): the parser's names tell, in capitals."""
    if item.type != "place" or view.doc is None or view.text[item.end : item.end + 2] in ("'s", "’s"):
        return False
    for entity in view.doc.ents:
        if entity.label_ != "ORG" or not (entity.start_char <= item.start and item.end <= entity.end_char):
            continue
        beside = view.text[entity.start_char : item.start] + " " + view.text[item.end : entity.end_char]
        words = [word for word in re.findall(r"[^\W\d_][\w’'.-]*", beside) if word.lower() not in _SMALL_WORDS]
        if words and all(word[0].isupper() for word in words) and not re.search(r"[,;:()]|['’]s\b", beside):
            return True
    return False


_SMALL_WORDS = frozenset({"of", "the", "and", "for", "de", "du", "la", "le", "von", "&"})


def _overlaps(a: Hit | Found, b: Hit | Found) -> bool:
    return a.start < b.end and b.start < a.end


def _best_patterned(view: TextView, hits: list[Hit], gazetteer: Gazetteer) -> list[Found]:
    """The patterned names that no gazetteer name covers as well, longest first, without overlaps."""
    found = sorted(find_patterned(view.text), key=lambda item: (item.start - item.end, item.start))
    kept: list[Found] = []
    for item in found:
        if any(_overlaps(item, other) for other in kept):
            continue
        inside = [hit for hit in hits if _overlaps(hit, item)]
        if any(_covers(view, hit, item, gazetteer) for hit in inside):
            continue
        kept.append(item)
    return kept


def _covers(view: TextView, hit: Hit, item: Found, gazetteer: Gazetteer) -> bool:
    """The gazetteer's name says all that the patterned one does."""
    types = {gazetteer.entries[entity_id].entity.type for entity_id in hit.ids}
    if hit.start <= item.start and hit.end >= item.end:
        return True
    if item.type not in types and not (types & {"company", "publisher", "organisation", "law", "model"}):
        return False
    if hit.end >= item.end:
        return bool(_FOREIGN_PREFIX.match(view.text[item.start : hit.start])) or bool(
            types & {"company", "publisher", "model"}
        )
    return hit.start <= item.start and hit.end > item.start and (hit.end - hit.start) * 2 > item.end - item.start


def _decide(hit: Hit, meaning: Meaning, gazetteer: Gazetteer) -> Named | None:
    entity_id = meaning.entity_of(hit)
    if entity_id is None:
        return None
    entity = gazetteer.entries[entity_id].entity
    return Named(hit.start, hit.end, entity.id, entity.name, entity.type)


def _named_by_form(view: TextView, found: Found, gazetteer: Gazetteer) -> Named:
    text = " ".join(view.text[found.start : found.end].replace("’", "'").split())
    entity = gazetteer.find_by_name(text) or gazetteer.find_by_name(re.sub(r"^(?:U\.S\.|US) ", "", text))
    if entity is not None:
        return Named(found.start, found.end, entity.id, entity.name, entity.type)
    return Named(found.start, found.end, slugify(re.sub(r"'s\b", "", text)), text, found.type)


def _with_introduced(view: TextView, named: list[Named]) -> list[Named]:
    """ "the Office of X (OX)": what stands in brackets after a name is a short form of it, there and later."""
    taken = sorted(named, key=lambda item: item.start)
    forms: dict[str, Named] = {}
    for item in taken:
        match = _INTRODUCED.match(view.text, item.end)
        if match and _is_short_form(match.group(1), item.name) and not _GENERIC.search(match.group(1)):
            forms.setdefault(match.group(1), item)
    added = list(named)
    for form, item in forms.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w])", view.text):
            clash = [other for other in added if other.start < match.end() and match.start() < other.end]
            if not clash:
                added.append(replace(item, start=match.start(), end=match.end()))
    return added


def _is_short_form(form: str, name: str) -> bool:
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]\w*", name))
    letters = re.sub(r"[^A-Za-z]", "", form)
    if not letters:
        return False
    if form.isupper() and len(letters) <= 8:
        rest = iter(initials.upper())
        return sum(letter in rest for letter in letters.upper()) >= max(2, len(letters) - 1)
    return form in name or name.startswith(form)
