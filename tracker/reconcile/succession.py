"""What becomes of a version's claims in the next one: kept, changed, vanished; and which ones are new there.

What counts is the page's words, not the reading of them: a sentence that stands in both versions has neither vanished
nor been added, whether or not a claim was read out of it both times, since a reader's judgement of a sentence depends
on what stands around it. Such a claim is kept, and the newer reading of the same words holds. The reading of a
sentence is the page's doing only where the sentences before it were edited and name others than before: then "the
company" may be another one. That sentences have changed their places is no edit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import TypeVar

from rapidfuzz import fuzz

from tracker.read.changes import one_form
from tracker.reconcile.found import Found, Key, claims_of, content_key
from tracker.reconcile.redating import day_of_update, redate
from tracker.reconcile.sentences import Sentences
from tracker.types import DateMention, Mention, Quantity, StoredDocument, Version

_SENTENCES_BEFORE = 2
"""How far back the one is named who is meant by "the company"."""
_ALIKE = 0.6
"""From this share of equal characters on two sentences are one that was edited: a figure or a clause differs."""
_ALIKE_IN_PLACE = 0.45
"""... where the same speaker says something of the same kind of the same parties: a sentence may be written anew."""
_ALIKE_OF_OTHER_TYPE = 0.75
_MOST_COMPARED = 300
"""Claims on each side whose words are compared; a page with more that changed at once is another page."""
_Item = TypeVar("_Item", Quantity, DateMention)
_Shift = Callable[[int, int, str], tuple[int, int, str] | None]


@dataclass
class Side:
    """One version with what was read out of it, and what was taken over from the version before."""

    document_id: str
    number: int
    """Its place in the document, from 0."""
    text: str
    mentions: tuple[Mention, ...]
    found: list[Found]
    keys: list[tuple[Key, int]] = field(default_factory=list)
    """Each claim's key, with its place among the claims that share it."""

    redated: dict[int, dict[str, DateMention]] = field(default_factory=dict)
    """For claims whose weekdays were counted from another day than the reader's: their dates by their words."""

    put_in: dict[int, date | None] = field(default_factory=dict)
    """For claims whose words were put into the page after it was first seen: the day, None where it is not known."""

    def __post_init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        found, self.found = self.found, []
        for item in found:
            self.add(item)

    def add(self, found: Found) -> int:
        """Take one more claim in; its index."""
        key = content_key(self.document_id, found)
        self.found.append(found)
        self.keys.append((key, self._counts[key]))
        self._counts[key] += 1
        return len(self.found) - 1

    @cached_property
    def sentences(self) -> Sentences:
        """The version's sentences; most pages have one version, and nobody asks for them."""
        return Sentences(self.text)

    def place(self, found: Found) -> range:
        """The sentences that hold a claim."""
        return self.sentences.around(found.claim.start, found.claim.end)

    def forms(self, found: Found) -> list[str]:
        """These sentences in one written form."""
        return [self.sentences.forms[number] for number in self.place(found)]

    def own_names_around(self, found: Found, other: Side) -> frozenset[str]:
        """Who is named in the sentences of a claim and just before them, as far as the other version lacks these."""
        place = self.place(found)
        near = range(max(place[0] - _SENTENCES_BEFORE, 0), place[-1] + 1) if place else range(0)
        spans = [self.sentences.spans[n] for n in near if not other.sentences.has(self.sentences.forms[n])]
        return frozenset(m.entity_id for m in self.mentions if any(start <= m.start < end for start, end in spans))


@dataclass
class Succession:
    """From one version to the next: indices into the claims of the two."""

    kept: list[tuple[int, int]] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)
    vanished: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


def trace(document: StoredDocument) -> tuple[list[Side], list[Succession]]:
    """All versions of a document with their claims, oldest first, and what becomes of them from each to the next."""
    sides: list[Side] = []
    steps: list[Succession] = []
    lost: dict[tuple[Key, int], tuple[Side, Found]] = {}
    for number, (version, extraction) in enumerate(zip(document.versions, document.extractions, strict=True)):
        side = Side(document.id, number, version.text, extraction.mentions, claims_of(number, extraction))
        if sides:
            before = sides[-1]
            step = _Pairing(before, side).succession()
            _redate(step, before, side, document.versions[number - 1 : number + 1])
            step.added += _take_back(lost, side)
            gone = [*step.vanished, *(i for i, _ in step.changed)]
            lost.update((before.keys[i], (before, before.found[i])) for i in gone[:_MOST_COMPARED])
            steps.append(step)
        sides.append(side)
    return sides, steps


def _redate(step: Succession, before: Side, after: Side, versions: Sequence[Version]) -> None:
    """Count the weekdays of added words from their own day, and keep what was so counted in the version before."""
    day = day_of_update(*versions)
    for j in step.added:
        after.put_in[j] = day
        found = after.found[j]
        dates = redate(found.dates, *versions)
        if dates != found.dates:
            after.found[j] = replace(found, dates=dates)
            after.redated[j] = {mention.text: mention for mention in dates}
    for i, j in step.kept:
        if i in before.put_in:
            after.put_in[j] = before.put_in[i]
        if known := before.redated.get(i):
            found = after.found[j]
            days = [(mention, known.get(mention.text, mention)) for mention in found.dates]
            dates = tuple(replace(mention, from_on=day.from_on, to_on=day.to_on) for mention, day in days)
            after.found[j], after.redated[j] = replace(found, dates=dates), known


def _take_back(lost: dict[tuple[Key, int], tuple[Side, Found]], side: Side) -> list[int]:
    """The claims of older versions whose sentences have come back and were not read again, as claims of this one."""
    for key in side.keys:
        lost.pop(key, None)
    back = []
    for key, (old, found) in list(lost.items()):
        place = next(side.sentences.find(old.forms(found)), None)
        moved = None if place is None else _moved(found, old, side, place)
        if moved is not None:
            back.append(side.add(moved))
            del lost[key]
    return back


class _Pairing:
    """Pairs the claims of two versions, the surest way first; each claim is paired once."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self._left = dict(enumerate(before.found))
        self._right = dict(enumerate(after.found))
        self._result = Succession()

    def succession(self) -> Succession:
        """The whole account; a claim that stands in the newer version unread is added to it."""
        self._pair_keys()
        self._pair_words()
        stood = {j for j, found in self._right.items() if any(self._before.sentences.find(self._after.forms(found)))}
        standing = self._standing()
        self._pair_in_place(standing, stood)
        self._pair_similar(standing, stood)
        for i in list(self._left):
            self._end(i, standing.get(i))
        self._result.added = [j for j in self._right if j not in stood]
        return self._result

    def _join(self, i: int, j: int, into: list[tuple[int, int]]) -> None:
        into.append((i, j))
        del self._left[i], self._right[j]

    def _pair_keys(self) -> None:
        places = {key: j for j, key in enumerate(self._after.keys)}
        for i, key in enumerate(self._before.keys):
            if key in places:
                turned = self._is_turned(self._left[i], self._right[places[key]])
                self._join(i, places[key], self._result.changed if turned else self._result.kept)

    def _is_turned(self, a: Found, b: Found) -> bool:
        """Whether the same words stand in another sentence now, which says otherwise whom or how far they bind."""
        said = [(found.claim.status, found.claim.accused_as, set(found.claim.target)) for found in (a, b)]
        return said[0] != said[1] and self._before.forms(a) != self._after.forms(b)

    def _pair_words(self) -> None:
        """The same words, read otherwise: the reader's doing, unless the names before them have changed."""
        places: dict[str, list[int]] = defaultdict(list)
        for j, found in self._right.items():
            places[one_form(found.claim.text)].append(j)
        same = [(i, j) for i, found in self._left.items() for j in places.get(one_form(found.claim.text), ())]
        for i, j in self._ranked(same):
            before = self._before.own_names_around(self._left[i], self._after)
            after = self._after.own_names_around(self._right[j], self._before)
            self._join(i, j, self._result.kept if before == after else self._result.changed)

    def _standing(self) -> dict[int, range]:
        """For each claim left: where its sentences stand in the newer version."""
        standing: dict[int, range] = {}
        for i, found in self._left.items():
            forms = self._before.forms(found)
            places = list(self._after.sentences.find(forms))
            if places:  # of sentences that stand there twice, the first stays the first
                nth = list(self._before.sentences.find(forms)).index(self._before.place(found))
                standing[i] = places[min(nth, len(places) - 1)]
        return standing

    def _pair_in_place(self, standing: dict[int, range], stood: set[int]) -> None:
        """Sentences that stand in both, of which other words were taken for the claim."""
        pairs = []
        for i, place in standing.items():
            start, end = self._after.sentences.extent(place)
            pairs += [
                (i, j)
                for j in sorted(stood & self._right.keys())
                if self._right[j].claim.start < end and self._right[j].claim.end > start
                if self._right[j].claim.type == self._left[i].claim.type
            ]
        for i, j in self._ranked(pairs):
            self._join(i, j, self._result.kept)

    def _pair_similar(self, standing: dict[int, range], stood: set[int]) -> None:
        """Words that are gone with words that are new and like them."""
        gone = [i for i in self._left if i not in standing][:_MOST_COMPARED]
        new = [j for j in self._right if j not in stood][:_MOST_COMPARED]
        pairs = [(i, j) for i in gone for j in new if _is_edited(self._left[i], self._right[j])]
        for i, j in self._ranked(pairs, _likeness):
            self._join(i, j, self._result.changed)

    def _ranked(
        self, pairs: list[tuple[int, int]], likeness: Callable[[Found, Found], float] = lambda a, b: 0.0
    ) -> list[tuple[int, int]]:
        """The best pairs of all, each claim in one of them."""

        def rank(pair: tuple[int, int]) -> tuple[object, ...]:
            a, b = self._left[pair[0]], self._right[pair[1]]
            return (-likeness(a, b) - 0.05 * _fields_alike(a, b), abs(a.claim.start - b.claim.start), pair)

        chosen: dict[int, int] = {}
        taken: set[int] = set()
        for i, j in sorted(pairs, key=rank):
            if i not in chosen and j not in taken:
                chosen[i] = j
                taken.add(j)
        return sorted(chosen.items())

    def _end(self, i: int, place: range | None) -> None:
        """A claim that no reading of the newer version matches: it stands there unread, or it has vanished."""
        if place is None:
            self._result.vanished.append(i)
            return
        found = self._left[i]
        moved = _moved(found, self._before, self._after, place)
        if moved is not None:
            self._result.kept.append((i, self._after.add(moved)))


def _fields_alike(a: Found, b: Found) -> int:
    one, other = a.claim, b.claim
    same = (
        one.type == other.type,
        one.speaker == other.speaker,
        set(one.accused) == set(other.accused),
        set(one.target) == set(other.target),
        one.on_behalf_of == other.on_behalf_of,
        sorted((q.kind, q.low or 0, q.high or 0) for q in a.quantities)
        == sorted((q.kind, q.low or 0, q.high or 0) for q in b.quantities),
    )
    return sum(same)


@lru_cache(maxsize=4096)
def _form(words: str) -> str:
    """The same words are compared with many others."""
    return one_form(words)


def _likeness(a: Found, b: Found) -> float:
    return fuzz.ratio(_form(a.claim.text), _form(b.claim.text)) / 100


def _is_edited(a: Found, b: Found) -> bool:
    alike = _likeness(a, b)
    if a.claim.type != b.claim.type:
        return alike >= _ALIKE_OF_OTHER_TYPE
    same = a.claim.speaker == b.claim.speaker and set(a.claim.accused) == set(b.claim.accused)
    return alike >= (_ALIKE_IN_PLACE if same and a.claim.speaker else _ALIKE)


def _moved(found: Found, before: Side, after: Side, place: range) -> Found | None:
    """A claim of one version in these sentences of another; None where its words or figures cannot be told exactly."""
    old, new = before.sentences.extent(before.place(found)), after.sentences.extent(place)
    text, by = after.sentences.text, new[0] - old[0]

    def shift(start: int, end: int, words: str) -> tuple[int, int, str] | None:
        if text[start + by : end + by] == words:
            return start + by, end + by, words
        if (start, end) == old:  # whole sentences: typesetting alone may differ
            return *new, text[slice(*new)]
        at = text.find(words, *new)
        return (at, at + len(words), words) if at >= 0 else None

    claim = found.claim
    stands = shift(claim.start, claim.end, claim.text)
    quantities, dates = _moved_items(found.quantities, shift), _moved_items(found.dates, shift)
    if stands is None or quantities is None or dates is None:
        return None
    start, end, words = stands
    # its figures and dates are its own now: the extraction of the newer version does not list them
    moved = replace(claim, start=start, end=end, text=words, quantities=(), dates=())
    return Found(after.number, moved, quantities, dates)


def _moved_items(items: Sequence[_Item], shift: _Shift) -> tuple[_Item, ...] | None:
    moved = []
    for item in items:
        place = shift(item.start, item.end, item.text)
        if place is None:
            return None
        moved.append(replace(item, start=place[0], end=place[1], text=place[2]))
    return tuple(moved)
