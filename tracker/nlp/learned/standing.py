"""What a whole document says of each party: how often, and how near to a sentence, it accuses, speaks or is accused.

All of it is looked up by place in sorted lists, so that a document of any length costs time in proportion to it.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from tracker.nlp.discourse import PARTY_TYPES, Discourse
from tracker.nlp.view import Sentence, TextView
from tracker.nlp.weighing import Weighed
from tracker.types import Mention

_FAR = 9
"""Sentences from which on distance does not count any more."""
_LEADING = 8
"""Of how many parties the one that is accused most elsewhere is told."""
_BETWEEN = 24
"""Mentions that are looked through for parties named after another."""
_ROLES = {
    role: number
    for number, role in enumerate(
        ("nsubj", "nsubj:pass", "obj", "obl", "obl:agent", "nmod", "nmod:poss", "ROOT"), start=1
    )
}


@dataclass
class Places:
    """Sentences by index, in order, each with what it counts."""

    at: list[int] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    _sums: list[float] = field(default_factory=list)

    def add(self, sentence: int, count: float = 1.0) -> None:
        """Note a sentence; no earlier one may follow."""
        self.at.append(sentence)
        self.counts.append(count)

    def around(self, sentence: int) -> tuple[float, float, int, int]:
        """What is counted before and after a sentence, and how far away the nearest of either side stand."""
        if len(self._sums) != len(self.at) + 1:
            self._sums = [0.0, *accumulate(self.counts)]
        low, high = bisect.bisect_left(self.at, sentence), bisect.bisect_right(self.at, sentence)
        back = sentence - self.at[low - 1] if low else _FAR
        ahead = self.at[high] - sentence if high < len(self.at) else _FAR
        after = self._sums[-1] - self._sums[high]
        return self._sums[low], after, min(back, _FAR), min(ahead, _FAR)

    def elsewhere(self, sentence: int) -> float:
        """What is counted in all other sentences."""
        before, after, _, _ = self.around(sentence)
        return before + after


_NOWHERE = Places()


class Standing:
    """The parts that the first reading gave to each party, all over a document."""

    def __init__(self, weighed: Sequence[Weighed], discourse: Discourse) -> None:
        self.d = discourse
        self.house: dict[str, str] = {}
        """The organisation that each person spoke for."""
        self._parts: dict[tuple[str, str | None], Places] = {}
        self._pairs: dict[tuple[str | None, str], Places] = {}
        self._speakers: list[tuple[int, str | None]] = []
        for one in weighed:
            self._note(one)
        self._note_likely(weighed)
        self.accused = self._leading("accused")
        self.accusers = self._leading("accuser")
        self.likely = self._leading("likely-accused")

    def _add(self, part: str, party: str | None, sentence: int, count: float = 1.0) -> None:
        self._parts.setdefault((part, party), Places()).add(sentence, count)

    def _note(self, one: Weighed) -> None:
        claim, place = one.claim, one.sentence.index
        self._speakers.append((place, claim.speaker))
        self._add("speaker", claim.speaker, place)
        for party in claim.accused:
            self._add("accused" if claim.type in ("allegation", "admission") else "answering", party, place)
        if claim.type == "allegation":
            self._add("accuser", claim.speaker, place)
            for party in claim.accused:
                self._pairs.setdefault((claim.speaker, party), Places()).add(place)
        if claim.speaker and claim.on_behalf_of:
            self.house[claim.speaker] = claim.on_behalf_of

    def _note_likely(self, weighed: Sequence[Weighed]) -> None:
        """The same by probabilities: who was not taken but nearly was, counts for something."""
        likely: dict[tuple[str, str], dict[int, float]] = {}
        for one in weighed:
            place, kind = one.sentence.index, _chance(one.weighing.odds)
            if one.claim.type in ("allegation", "admission"):
                for party, odds in one.charged.items():
                    found = likely.setdefault(("likely-accused", party), {})
                    found[place] = max(found.get(place, 0.0), kind * _chance(odds))
            if one.claim.type == "allegation":
                for party, odds in one.weighing.speaking.items():
                    found = likely.setdefault(("likely-accuser", party), {})
                    found[place] = max(found.get(place, 0.0), kind * _chance(odds))
                for party in self.owners(one.claim.target):
                    likely.setdefault(("copied", party), {})[place] = 1.0
        for (part, party), found in likely.items():
            for place, count in found.items():
                self._add(part, party, place, count)

    def is_charged(self, party: str) -> bool:
        """Whether an allegation or admission of the document has it as accused."""
        return ("accused", party) in self._parts

    def _leading(self, part: str) -> list[tuple[str | None, Places]]:
        """The parties that have a part most, with where."""
        found = [(party, places) for (name, party), places in self._parts.items() if name == part]
        return sorted(found, key=lambda one: (-sum(one[1].counts), one[0] or ""))[:_LEADING]

    # --- asking -----------------------------------------------------------------------------------------------

    def part(self, part: str, party: str | None) -> Places:
        """Where a party has a part: speaker, accuser, accused, answering, likely-accuser, likely-accused, copied."""
        return self._parts.get((part, party), _NOWHERE)

    def charges(self, speaker: str | None, party: str) -> Places:
        """Where one party accuses another."""
        return self._pairs.get((speaker, party), _NOWHERE)

    def speaker_beside(self, sentence: int) -> tuple[str | None, str | None]:
        """Who spoke in the nearest claims before and after a sentence; "?" where there is none."""
        low = bisect.bisect_left(self._speakers, sentence, key=lambda one: one[0])
        high = bisect.bisect_right(self._speakers, sentence, key=lambda one: one[0])
        before = self._speakers[low - 1][1] if low else "?"
        return before, self._speakers[high][1] if high < len(self._speakers) else "?"

    def owners(self, targets: Collection[str]) -> set[str]:
        """Whose models these are; a company that is a target itself stays."""
        return {(self.d.parent(one) if self.d.types.get(one) == "model" else None) or one for one in targets}


def most_of_others(leading: Sequence[tuple[str | None, Places]], party: str | None, sentence: int) -> float:
    """The most that another party counts outside a sentence."""
    return max((places.elsewhere(sentence) for other, places in leading if other != party), default=0.0)


def _chance(odds: float) -> float:
    return float(1 / (1 + np.exp(-min(40.0, max(-40.0, odds)))))


class Naming:
    """Where each party is named, and in which role."""

    def __init__(self, view: TextView, mentions: Sequence[Mention]) -> None:
        self._view, self._mentions = view, mentions
        self._starts = [mention.start for mention in mentions]
        self._of: dict[str, list[int]] = {}
        self.counts: Counter[str] = Counter()
        self.titled = {mention.entity_id for mention in mentions if mention.text in view.title}
        for index, mention in enumerate(mentions):
            self._of.setdefault(mention.entity_id, []).append(index)
            self.counts[mention.entity_id] += 1
        self._roles: dict[int, int] = {}

    def first(self, party: str) -> float:
        """Where a party is named first, as a share of the text; 9 where it is not."""
        found = self._of.get(party)
        return self._starts[found[0]] / max(1, len(self._view.text)) if found else 9.0

    def before(self, party: str, sentence: Sentence) -> list[float]:
        """Where it was named last before a sentence: how many sentences back, its role, who was named since, and
        whether in the same paragraph."""
        found = self._of.get(party, [])
        place = bisect.bisect_left(found, bisect.bisect_left(self._starts, sentence.start))
        if not place:
            return [99.0, 9.0, 0.0, 0.0]
        last = self._mentions[found[place - 1]]
        stop = bisect.bisect_left(self._starts, sentence.start)
        since = self._mentions[max(found[place - 1] + 1, stop - _BETWEEN) : stop]
        between = len({m.entity_id for m in since if m.start >= last.end and m.type in PARTY_TYPES})
        where = self._view.sentence_at(last.start)
        back = sentence.index - where.index if where is not None else sentence.index
        together = where is not None and where.paragraph == sentence.paragraph
        return [float(back), float(self._role(last)), float(between), float(together)]

    def within(self, party: str, sentence: Sentence) -> list[float]:
        """Its role where a sentence names it first, and how far in, in hundreds of characters; -1 where it does not."""
        found = self._of.get(party, [])
        place = bisect.bisect_left(found, bisect.bisect_left(self._starts, sentence.start))
        mention = self._mentions[found[place]] if place < len(found) else None
        if mention is None or mention.start >= sentence.end:
            return [0.0, -1.0]
        return [float(self._role(mention)), (mention.start - sentence.start) / 100]

    def _role(self, mention: Mention) -> int:
        if mention.start not in self._roles:
            self._roles[mention.start] = _role_of(self._view, mention)
        return self._roles[mention.start]


def _role_of(view: TextView, mention: Mention) -> int:
    token = view.head_of(mention.start, mention.end)
    for _ in range(4):
        if token is None or token.dep_ not in ("conj", "appos", "flat", "compound") or token.head.i == token.i:
            break
        token = token.head
    return _ROLES.get(token.dep_, 0) if token is not None else 0
