"""A second look at speakers and accused, when the whole document has been read.

The first reading goes from sentence to sentence and knows what came before. But who is meant by a sentence is also told
by the rest: that the party which "did not answer" here is the one that accuses there, that the two who are named last
are charged all along. Small decision trees weigh the odds of the first reading against the part that each party has
elsewhere in the document (tracker/nlp/learned/standing.py). They decide about the parties alone; kind and place stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.nlp.discourse import Discourse
from tracker.nlp.features import features_with_parties
from tracker.nlp.learned.standing import Naming, Standing, most_of_others
from tracker.nlp.learned.trees import Trees
from tracker.nlp.weighing import Weighed
from tracker.types import ACCUSING_TYPES, CLAIM_TYPES, Claim

Floats = npt.NDArray[np.float32]
_HOW = ("named", "described", "resolved", "pronoun", "model", "context")
_TYPES = ("company", "government", "organisation", "person", "publisher")
_PRONOUNS = {"it": 1, "its": 1, "they": 2, "he": 3, "she": 3, "we": 4, "i": 4}
_WITHIN = 4.0
"""Log-odds behind the likeliest speaker within which another may still be the one who speaks."""
_MOST = 24
"""How many parties of a sentence are looked at again, the likeliest first."""
SPEAKER_COLUMNS, ACCUSED_COLUMNS = 69, 93
"""How many numbers a case has."""


@dataclass(frozen=True)
class Case:
    """A party that may speak or be accused in a claim, in numbers."""

    claim: int
    """Which claim of the document."""
    party: str
    numbers: list[float]


@dataclass(frozen=True)
class SecondLook:
    """What was learned of speakers and of accused; tools/claims/rereading.py fits it."""

    speakers: Trees
    accused: Trees

    def stored(self) -> dict[str, Any]:
        """Everything for `numpy.savez`."""
        return self.speakers.stored("again_speakers") | self.accused.stored("again_accused")

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> SecondLook:
        """What `stored` has written.

        Raises:
            KeyError, ValueError: a part is missing, or does not fit the others.
        """
        speakers = Trees.load(stored, "again_speakers", SPEAKER_COLUMNS)
        return cls(speakers, Trees.load(stored, "again_accused", ACCUSED_COLUMNS))


class Rereading:
    """One document, read once, with what its parties do all over it."""

    def __init__(self, weighed: Sequence[Weighed], discourse: Discourse) -> None:
        self.weighed, self.d = weighed, discourse
        self.standing = Standing(weighed, discourse)
        self.naming = Naming(discourse.view, discourse.mentions)
        self._total = max(1, self.naming.counts.total())

    # --- cases ------------------------------------------------------------------------------------------------

    def speakers(self) -> list[Case]:
        """Who may speak in the claims that have one speaker, as far as likely at all."""
        out = []
        for index, one in enumerate(self.weighed):
            odds = one.weighing.speaking
            if one.weighing.speakers != 1 or not odds:
                continue
            most = max(odds.values())
            near = [party for party, value in odds.items() if value > most - _WITHIN and self._may_speak(one, party)]
            near = sorted(near, key=lambda party: (-odds[party], party))[:_MOST]
            if len(near) > 1:
                about = self._about_sentence(one)
                out += [Case(index, party, self._speaking(one, party) + about) for party in near]
        return out

    def accused(self) -> list[Case]:
        """Who may be accused in the claims that accuse, where the figures are not each party's own."""
        out = []
        for index, one in enumerate(self.weighed):
            claim = one.claim
            if claim.type not in ACCUSING_TYPES or not one.is_single or _is_left_open(claim):
                continue
            odds = {p: v for p, v in one.charged.items() if claim.type != "allegation" or p != claim.speaker}
            about = self._about_sentence(one) + self._about_speaker(one)
            likeliest = sorted(odds, key=lambda party: (-odds[party], party))[:_MOST]
            out += [Case(index, party, self._charged(one, party) + about) for party in likeliest]
        return out

    @staticmethod
    def _may_speak(one: Weighed, party: str) -> bool:
        """That somebody's model is named does not make its owner speak, and nobody accuses themselves."""
        if not party:
            return True
        return one.weighing.marks[party] != {"model"} and not (
            one.claim.type == "allegation" and party in one.claim.accused
        )

    # --- numbers ----------------------------------------------------------------------------------------------

    def _speaking(self, one: Weighed, party: str) -> list[float]:
        weighing, place = one.weighing, one.sentence.index
        before, after = self.standing.speaker_beside(place)
        return [
            *_lead(weighing.speaking, party),
            float(party == (one.claim.speaker or "")),
            float(party == ""),
            one.charged.get(party, -9.0),
            float((party or None) == before),
            float((party or None) == after),
            *self._party(one, party),
        ]

    def _charged(self, one: Weighed, party: str) -> list[float]:
        claim, place, standing = one.claim, one.sentence.index, self.standing
        elsewhere = standing.part("accused", party).elsewhere(place)
        likely = standing.part("likely-accused", party).elsewhere(place)
        return [
            *_lead(one.charged, party),
            float(party in claim.accused),
            float(party == claim.speaker),
            *_lead(one.weighing.speaking, party)[:2],
            elsewhere - most_of_others(standing.accused, party, place),
            likely - most_of_others(standing.likely, party, place),
            standing.charges(claim.speaker, party).elsewhere(place),
            standing.charges(party, claim.speaker).elsewhere(place) if claim.speaker else 0.0,
            float(party in standing.owners(claim.target)),
            float(party in one.weighing.described),
            *self._party(one, party),
        ]

    def _party(self, one: Weighed, party: str) -> list[float]:
        """What is known of a party as seen from a sentence: its type and marks, its part elsewhere, its naming."""
        marks, kind = one.weighing.marks.get(party, frozenset()), one.weighing.types.get(party)
        naming, counts = self.naming, self.naming.counts[party]
        return [
            *(float(how in marks) for how in _HOW),
            *(float(kind == name) for name in _TYPES),
            *self._parts(one, party or None),
            float(counts),
            counts / self._total,
            naming.first(party),
            float(party in naming.titled),
            float(party == self.d.issuer),
            *naming.before(party, one.sentence),
            *naming.within(party, one.sentence),
        ]

    def _parts(self, one: Weighed, party: str | None) -> list[float]:
        """How much a party accuses, speaks, answers and is accused in other sentences."""
        place, part = one.sentence.index, self.standing.part
        accused, speaks = part("accused", party).around(place), part("speaker", party).around(place)
        likely = part("likely-accused", party).around(place)[:2]
        accuses = part("likely-accuser", party or "").elsewhere(place)
        return [
            *accused,
            *part("answering", party).around(place)[:2],
            *part("accuser", party).around(place)[:2],
            *speaks,
            *likely,
            accuses,
            sum(likely) - accuses,
            part("copied", party).elsewhere(place),
        ]

    def _about_speaker(self, one: Weighed) -> list[float]:
        """The part that whoever speaks has elsewhere."""
        speaker = one.claim.speaker
        return [float(speaker is None), *self._parts(one, speaker), float(len(one.claim.accused))]

    def _about_sentence(self, one: Weighed) -> list[float]:
        weighing, standing, place = one.weighing, self.standing, one.sentence.index
        subject = weighing.subject
        return [
            *(float(one.claim.type == kind) for kind in CLAIM_TYPES),
            float(sum("named" in marks for marks in weighing.marks.values())),
            float(self.d.issuer is not None),
            float(self.d.view.doc is not None),
            float(min(place, 40)),
            float(weighing.most_described),
            float(len(standing.accused)),
            max((places.elsewhere(place) for _, places in standing.accused), default=0.0),
            max((places.elsewhere(place) for _, places in standing.accusers), default=0.0),
            float(len(standing.likely)),
            float(_PRONOUNS.get(subject, 0)),
            float(subject.startswith("<")),
            float(subject == "none"),
            float(subject.startswith("again")),
        ]


def _is_left_open(claim: Claim) -> bool:
    """A charge against a wider class ("foreign firms"), and the silence of a bystander, are about nobody by name."""
    return not claim.accused and (bool(claim.accused_as) or claim.type == "no_response")


def _lead(odds: Mapping[str, float], party: str) -> list[float]:
    """The odds of a party, how far they are above those of the best other, and how many others are likelier."""
    own = odds.get(party, -9.0)
    others = [value for other, value in odds.items() if other != party]
    return [own, own - max(others, default=-9.0), float(sum(value > own for value in others))]


# --- deciding ---------------------------------------------------------------------------------------------------------


def is_worth_a_look(weighed: Sequence[Weighed]) -> bool:
    """Whether a document says something elsewhere: with claims in one sentence only, nothing is to be added."""
    return len({one.sentence.index for one in weighed}) > 1


def look_again(
    look: SecondLook, weighed: Sequence[Weighed], discourse: Discourse, card: Mapping[str, Any]
) -> list[Claim]:
    """Every claim of a document with its parties as the whole document has them, as sure as the first reading was."""
    if not is_worth_a_look(weighed):
        return [one.claim for one in weighed]
    again = Rereading(weighed, discourse)
    speaking = _by_claim(again.speakers(), look.speakers)
    charged = _by_claim(again.accused(), look.accused)
    return [
        _decided(one, speaking.get(index, {}), charged.get(index, {}), again.standing, card)
        for index, one in enumerate(weighed)
    ]


def odds_of(one: Weighed) -> tuple[float, float, float, float]:
    """What a claim rests on by the first reading: log-odds of kind, speaker and accused; 1 where the rules agree."""
    weighing = one.weighing
    speaking = weighing.speaking.get(one.claim.speaker or "", 0.0)
    charged = _margin(one.charged, one.claim.accused) if one.claim.type in ACCUSING_TYPES else 0.0
    return weighing.odds, speaking, charged, float(weighing.is_agreed)


def _by_claim(cases: Sequence[Case], trees: Trees) -> dict[int, dict[str, float]]:
    """The log-odds of the parties of each claim."""
    if not cases:
        return {}
    found: dict[int, dict[str, float]] = {}
    scores = trees.score(np.array([case.numbers for case in cases], dtype=np.float32))
    for case, score in zip(cases, scores.tolist(), strict=True):
        found.setdefault(case.claim, {})[case.party] = score
    return found


def _decided(
    one: Weighed,
    speaking: Mapping[str, float],
    charged: Mapping[str, float],
    standing: Standing,
    card: Mapping[str, Any],
) -> Claim:
    claim = one.claim
    lead = card["again"]["another_accused" if claim.type == "allegation" else "another_answer"]
    accused = _accused(claim, charged, card["again"], lead) if charged else claim.accused
    if not accused and claim.type != "allegation":
        # an answer is to a charge against somebody; a bystander's silence is none
        accused = tuple(party for party in claim.accused if standing.is_charged(party))
    changed: dict[str, Any] = {}
    if set(accused) != set(claim.accused):
        target = tuple(one for one in claim.target if not standing.owners((one,)) & set(accused))
        changed |= {"accused": accused, "accused_as": None, "target": target}
    open_to = {p: v for p, v in speaking.items() if not (claim.type == "allegation" and p in accused)}
    if open_to:
        best = max(open_to, key=lambda party: (open_to[party], party))
        first = claim.speaker or ""
        is_another = first not in open_to or open_to[best] >= open_to[first] + card["again"]["another_speaker"]
        if is_another and best != first:
            via = tuple(party for party in claim.via if party != best)
            changed |= {"speaker": best or None, "on_behalf_of": standing.house.get(best), "via": via}
    if not changed:
        return claim
    marks = tuple(f"again:{name}" for name in ("speaker", "accused") if name in changed)
    claim = replace(claim, **changed)
    return replace(claim, features=(*features_with_parties(standing.d, claim), *marks))


def _accused(claim: Claim, charged: Mapping[str, float], card: Mapping[str, float], lead: float) -> tuple[str, ...]:
    """Whoever is likely enough, in the order of the first reading and then of odds; else the likeliest.

    Whom the first reading took stays unless unlikely by that lead, and whom it did not has to be as much likelier: a
    charge that moves to another party for a trifle takes its event with it. An answer moves more easily, since which
    charge it answers is told by the rest of the document and seldom by its own sentence ("declined to comment").
    """
    odds = {party: value + (lead if party in claim.accused else -lead) for party, value in charged.items()}
    order = sorted(odds, key=lambda party: (-odds[party], party))
    sure = [party for party in order if odds[party] > card["accused"]]
    if not sure and order and odds[order[0]] > card["accused_best"]:
        sure = order[:1]
    return (*(p for p in claim.accused if p in sure), *(p for p in sure if p not in claim.accused))


def _margin(charged: Mapping[str, float], accused: Sequence[str]) -> float:
    """How far the odds are from another choice of accused."""
    weakest = min((charged.get(party, 0.0) for party in accused), default=0.0)
    strongest = max((odds for party, odds in charged.items() if party not in accused), default=-4.0)
    return min(weakest or 4.0, -strongest)
