"""An event as its fact holds it: its claims by their words and parties, what these say alike, and what was answered.

The value of such a fact is small, since every event of an edition has one: words and names are read from the published
database once something changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.digest import factkeys as keys
from tracker.ids import int_digest

_BY_PARTY = frozenset({"allegation", "admission", "denial"})
"""What is one thing for each party that it is about (reconcile/assertions.py)."""
_ACCUSING = _BY_PARTY | {"no_response"}


def digest_words(quote: str) -> int:
    """A digest of words, white space folded, that is short enough to be kept for every claim."""
    return int_digest(" ".join(quote.split())) & 0xFFFFFFFFFFFF


def value_of(kind: str, low: float | None, high: float | None, qualifier: str, unit: str | None) -> str:
    """A figure's value as one word: equal values of one kind are equal words."""
    ends = ("" if end is None else f"{end:.12g}" for end in (low, high))
    return "|".join((kind, *ends, qualifier, unit or ""))


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A claim: which words of which page, whose they are, and what they say of whom."""

    id: str
    document: str
    version: str
    start: int
    end: int
    words: int
    """`digest_words` of its quote."""
    is_current: bool
    type: str
    speaker: str | None
    on_behalf_of: str | None
    accused: tuple[str, ...]
    edits: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def place(self) -> tuple[str, int]:
        """Its words on its page."""
        return self.document, self.words

    @property
    def who(self) -> str | None:
        """Whose word it is in the end."""
        return self.on_behalf_of or self.speaker

    @property
    def voices(self) -> frozenset[str]:
        """The speaker, and on whose behalf."""
        return frozenset(filter(None, (self.speaker, self.on_behalf_of)))

    def overlaps(self, other: HeldClaim) -> bool:
        """Whether both stand on words of one version that overlap: two readings of one place."""
        return self.version == other.version and self.start < other.end and other.start < self.end

    def is_read_like(self, other: HeldClaim, party: str | None = None) -> bool:
        """Whether another reading of the words says the same of the same party, by the same voice.

        A speaker that was not known before is no other speaker. `party` is one of the accused; None looks at all.
        """
        parties = {party} if party else set(self.accused)
        return (
            _sense(self.type) == _sense(other.type)
            and (not self.voices or bool(self.voices & other.voices))
            and parties <= set(other.accused)
        )


def _sense(type_: str) -> str:
    """What a type says of a party; statements and acts accuse nobody."""
    return type_ if type_ in _ACCUSING else ""


@dataclass(frozen=True, slots=True)
class HeldAssertion:
    """What claims of the event say alike."""

    type: str
    who: str | None
    accused: tuple[str, ...]
    values: tuple[str, ...]
    """The values that agree; empty where it is about the charge or act itself."""
    sources: int
    claims: tuple[HeldClaim, ...]

    @property
    def is_charge(self) -> bool:
        """Whether it is one of the types that are one thing for a speaker and a party; of others the words tell."""
        return self.type in _BY_PARTY and not self.values

    def keys(self, event: str) -> tuple[str, ...]:
        """By which it may be known, that of its nearest claim or value first."""
        if self.values:
            return tuple(keys.figure_key(event, self.who, value) for value in self.values)
        charge = keys.charge_key(event, self.type, self.who, self.accused)
        if self.is_charge:
            return (charge,)
        places = dict.fromkeys(claim.place for claim in self.claims)
        return tuple(keys.words_key(event, self.type, self.who, *place) for place in places)


@dataclass(frozen=True, slots=True)
class HeldConflict:
    """Two values that cannot both be right, each by the nearest claim that its page still makes."""

    reason: str
    values: tuple[str, str]
    claims: tuple[str, str]
    texts: tuple[str, str]
    why: str

    @property
    def pair(self) -> frozenset[str]:
        """The values, whichever comes first."""
        return frozenset(self.values)


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """What a party answered; `claim` is None where no source has an answer."""

    party: str
    kind: str
    is_accused: bool
    claim: str | None


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """All that an event's fact holds."""

    id: str
    type: str
    title: str
    from_on: str
    sources: int
    claims: tuple[HeldClaim, ...]
    said: tuple[HeldAssertion, ...]
    conflicts: tuple[HeldConflict, ...]
    answers: tuple[HeldAnswer, ...]

    @property
    def parties(self) -> tuple[str, ...]:
        """The speakers and accused of its claims, each once."""
        named = (party for claim in self.claims for party in (claim.speaker, claim.on_behalf_of, *claim.accused))
        return tuple(dict.fromkeys(filter(None, named)))

    def keys_resting_on(self, claim_ids: frozenset[str], ids: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of what rests on any of these claims; `ids` are all ids that the event is known by."""
        own = [claim for claim in self.claims if claim.id in claim_ids]
        said = [item for item in self.said if any(claim.id in claim_ids for claim in item.claims)]
        answers = [item for item in self.answers if item.claim in claim_ids]
        values = {value for claim in own for value in claim.values}
        found: list[str] = []
        for event in ids if own or said or answers else ():
            found.append(keys.event_key(event))
            found += [key for item in said if not item.values for key in item.keys(event)]
            found += [keys.figure_key(event, who, value) for who, value in _spoken(own, said, values)]
            found += [keys.answer_key(event, item.party, item.kind) for item in answers]
            found += [keys.conflict_key(event, *item.values) for item in self.conflicts if item.pair & values]
        return tuple(dict.fromkeys(found))

    @property
    def claim_ids(self) -> frozenset[str]:
        """Of its claims and of the answers to it."""
        return frozenset([claim.id for claim in self.claims] + [item.claim for item in self.answers if item.claim])


def _spoken(own: list[HeldClaim], said: list[HeldAssertion], values: set[str]) -> list[tuple[str | None, str]]:
    """Whose word each value is, as a figure's key has it."""
    spoken = [(item.who, value) for item in said for value in item.values if value in values]
    return sorted({*spoken, *((claim.who, value) for claim in own for value in claim.values)}, key=str)


def read_event(id: str, value: Mapping[str, Any], renamed: Mapping[str, str] | None = None) -> HeldEvent:
    """An event out of its fact's value; `renamed` has parties that are known by another id by now."""
    named = renamed or {}

    def party(key: str | None) -> str | None:
        return named.get(key, key) if key else None

    def parties(keys_: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(named.get(key, key) for key in keys_))

    def claim(row: list[Any]) -> HeldClaim:
        id_, document, version, start, end, words, current, type_, speaker, behalf, accused, edits, values = row
        place = (id_, document, version, start, end, words, bool(current), type_)
        return HeldClaim(*place, party(speaker), party(behalf), parties(accused), tuple(edits), tuple(values))

    claims = tuple(map(claim, value["claims"]))
    said = tuple(
        HeldAssertion(type_, party(who), parties(accused), tuple(values), sources, tuple(claims[at] for at in places))
        for type_, who, accused, values, sources, places in value["said"]
    )
    conflicts = tuple(
        HeldConflict(reason, (one, other), (claim, against), (text, beside), why)
        for reason, one, claim, text, other, against, beside, why in value["conflicts"]
    )
    answers = tuple(
        HeldAnswer(named.get(who, who), kind, bool(own), claim) for who, kind, own, claim, _ in value["answers"]
    )
    head = (value["type"], value["title"], value["from"], value["sources"])
    return HeldEvent(id, *head, claims, said, conflicts, answers)
