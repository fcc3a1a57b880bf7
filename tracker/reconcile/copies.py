"""Copies: documents that are one text in several houses, with the one that had it first.

Ten papers that print one agency's story are one source, not ten. Found by the fingerprints of the texts (locality
sensitive hashing over their bands), so that time grows with the number of documents and not with that of pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tracker.read.canonical import bare_host
from tracker.read.fingerprints import Print, pairs_by_bands
from tracker.read.origins import agency_named
from tracker.read.ownership import plain_name
from tracker.types import Copy, CopyBasis, CopyGroup, StoredDocument

ALIKE = 0.5
"""From this likeness on two houses' texts are one text: half of all shingles, which is some nine words in ten."""
_ALIKE_AT_HOME = 0.9
"""Within one house, whose forms and daily notices resemble each other."""
_ALIKE_WHEN_NAMED = 0.2
_CONTAINED, _ALIKE_WHEN_CONTAINED = 0.8, 0.25
"""A shortened copy: nearly all of it stands in the longer text, and it is at least a quarter of that."""
_LEAST_SHINGLES = 25
_MOST_IN_BUCKET = 12
_MOST_OF_ONE_HOUSE = 60
_DAYS_APART = 7
_MOST_ROUNDS = 20
_FIRST_HAND = frozenset({"government", "company", "court"})


@dataclass(frozen=True)
class _Text:
    document: StoredDocument
    print: Print
    day: date
    """The day that the page claims, else that on which we first saw it: only to put texts in an order."""

    @property
    def order(self) -> tuple[date, bool, str, str]:
        document = self.document
        second_hand = document.publisher_type not in _FIRST_HAND
        return self.day, second_hand, document.first_seen_at.isoformat(), document.id

    @property
    def origin(self) -> str | None:
        return self.document.current.syndicated_from


def find_copies(documents: Iterable[StoredDocument]) -> tuple[CopyGroup, ...]:
    """The groups of documents whose newest texts are one text, by the id of the original.

    The original is the document of the publisher that the texts themselves name, where it is held; else the earliest.
    A document is in one group at most. The result does not depend on the order of the documents.
    """
    texts = _texts(documents)
    groups = [group for members in _components(texts) for group in _split(members)]
    return tuple(sorted(groups, key=lambda group: group.original))


def _texts(documents: Iterable[StoredDocument]) -> list[_Text]:
    found = []
    ordered = sorted(documents, key=lambda item: item.id)
    prints = Print.of_all((document.current.signature, document.current.text) for document in ordered)
    for document, made in zip(ordered, prints, strict=True):
        version = document.current
        if made is not None and made.size >= _LEAST_SHINGLES:
            found.append(_Text(document, made, version.published or document.first_seen_at.date()))
    return found


def _components(texts: Sequence[_Text]) -> list[list[_Text]]:
    parents = list(range(len(texts)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for one, other in _candidates(texts):
        first, second = root(one), root(other)
        if first != second and _is_one_text(texts[one], texts[other]):
            parents[max(first, second)] = min(first, second)
    found: dict[int, list[_Text]] = defaultdict(list)
    for at, text in enumerate(texts):
        found[root(at)].append(text)
    return [members for members in found.values() if len(members) > 1]


def _candidates(texts: Sequence[_Text]) -> Iterable[tuple[int, int]]:
    """Pairs worth comparing: those that share a band, and those of which one names the other's publisher."""
    yield from pairs_by_bands([text.print for text in texts], _MOST_IN_BUCKET)
    if not any(text.origin for text in texts):
        return
    houses: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for name in _names_of(text.document):
            houses[name].append(at)
    for at, text in enumerate(texts):
        if text.origin:
            near = (other for other in houses[_key(text.origin)] if _days_apart(text, texts[other]) <= _DAYS_APART)
            yield from ((other, at) for other, _ in zip(near, range(_MOST_OF_ONE_HOUSE), strict=False) if other != at)


def _days_apart(one: _Text, other: _Text) -> int:
    return abs((one.day - other.day).days)


def _is_one_text(one: _Text, other: _Text) -> bool:
    alike = one.print.likeness(other.print)
    if _home(one.document.publisher) == _home(other.document.publisher):
        return alike >= _ALIKE_AT_HOME
    if alike >= ALIKE:
        return True
    if alike >= _ALIKE_WHEN_NAMED and (_names(one, other) or _names(other, one)):
        return True
    shorter = min(one, other, key=lambda text: text.print.size)
    # A statement that an article quotes whole has not copied the article, nor the article the statement.
    quoted = shorter.document.publisher_type in _FIRST_HAND
    return not quoted and alike >= _ALIKE_WHEN_CONTAINED and one.print.containment(other.print) >= _CONTAINED


_home = lru_cache(maxsize=4_096)(plain_name)


@lru_cache(maxsize=4_096)
def _key(name: str) -> str:
    return plain_name(agency_named(name) or name)


def _names_of(document: StoredDocument) -> set[str]:
    """What a page may call this document's publisher: its name, or its host."""
    return {_key(document.publisher), plain_name(bare_host(document.url))} - {""}


def _names(one: _Text, other: _Text) -> bool:
    """Whether one text gives the other's publisher as the house that it comes from."""
    return one.origin is not None and _key(one.origin) in _names_of(other.document)


def _split(members: list[_Text]) -> list[CopyGroup]:
    """A component as groups around their originals: what is like a text that is like the original need not be it."""
    groups = []
    for _ in range(_MOST_ROUNDS):
        if len(members) < 2:
            break
        original, basis, origin = _choose(members)
        near: list[_Text] = []
        rest: list[_Text] = []
        for text in members:
            if text is not original:
                (near if _is_near(text, original) else rest).append(text)
        members = rest
        if near:
            copies = sorted(near, key=lambda text: text.order)
            listed = tuple(Copy(text.document.id, round(text.print.likeness(original.print), 2)) for text in copies)
            groups.append(CopyGroup(original.document.id, listed, basis, origin))
    return groups


def _is_near(text: _Text, original: _Text) -> bool:
    return text.print.likeness(original.print) >= _ALIKE_WHEN_NAMED or _names(text, original)


def _choose(members: Sequence[_Text]) -> tuple[_Text, CopyBasis, str | None]:
    """(the original, why it is taken for that, the publisher that the texts name where none of them is its)."""
    ordered = sorted(members, key=lambda text: text.order)
    named = Counter(_key(text.origin) for text in ordered if text.origin)
    held = [text for text in ordered if named and not named.keys().isdisjoint(_names_of(text.document))]
    if held:
        most = max(held, key=lambda text: max(named[name] for name in _names_of(text.document)))
        return most, "named", None
    if named:
        key = max(named, key=lambda name: named[name])
        return ordered[0], "named", next(text.origin for text in ordered if text.origin and _key(text.origin) == key)
    return ordered[0], "earliest", None
