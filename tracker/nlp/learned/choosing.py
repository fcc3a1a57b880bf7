"""Who speaks and who is accused: the parties of a sentence, scored by what was learned and chosen together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tracker.nlp.frames import Frame
from tracker.nlp.learned.linear import SHARE, ClaimModel, Floats, probability
from tracker.nlp.learned.network import BESIDE
from tracker.nlp.learned.parties import NOBODY, Scene
from tracker.types import ACCUSING_TYPES, ClaimType

_MUCH = 1.0
"""Log-odds by which a party has to be likelier accused than speaking to be out of the question as a speaker."""

_TOLD_ALREADY = 1.0
"""Log-odds by which whoever speaks in one kind of claim is less likely to speak in another that excludes it."""
_ACTS: frozenset[ClaimType] = frozenset({"legislation", "government_action", "legal_action", "company_action"})
_ANSWERS: frozenset[ClaimType] = frozenset({"denial", "no_response"})


def _exclude(kind: ClaimType, other: ClaimType) -> bool:
    """Two acts of different kinds in one sentence are of two parties, and who denies a charge is not silent on it."""
    return any(kind in kinds and other in kinds for kinds in (_ACTS, _ANSWERS))


@dataclass(frozen=True)
class Chosen:
    """The parties of a claim with how sure each choice is."""

    speakers: tuple[tuple[str | None, float], ...]
    accused: dict[str | None, tuple[tuple[str, ...], float]]
    speaking: dict[str, float]
    """The log-odds of each party that it speaks."""
    charged: dict[str | None, dict[str, float]]
    """The log-odds of each party that each of the speakers accuses it."""


class PartyChoice:
    """The choice of parties in one sentence, for any kind of claim that it states."""

    def __init__(self, model: ClaimModel, scene: Scene, states: Floats | None) -> None:
        self.model, self.scene = model, scene
        self.traits = {NOBODY: scene.nobody(), **{party: scene.part_of(party) for party in scene.candidates}}
        self._rows = {party: row for row, party in enumerate(self.traits)}
        self._charged: dict[str, dict[str, float]] = {}
        """What the traits of each party add up to in the odds that it is accused, by kind."""
        self._told: dict[ClaimType, list[str]] = {}
        """The speakers of the kinds that were looked at before."""
        self._shown: Floats | None = None
        if model.network is not None and states is not None:
            places = [[], *(scene.places_of(party) for party in scene.candidates)]
            shown = zip(self.traits.values(), places, strict=True)
            self._shown = np.stack([model.network.party(traits, at, states) for traits, at in shown])

    # --- scores -----------------------------------------------------------------------------------------------

    def speaking(self, kind: ClaimType) -> dict[str, float]:
        """The log-odds of each party, and of nobody, that a claim of this kind is on their word."""
        linear = [self.model.speakers.score(kind, traits) for traits in self.traits.values()]
        column = self.model.kinds.index(kind)
        return self._with_network(list(self.traits), linear, column, None)

    def charged(self, kind: ClaimType, speaker: str | None, speakers: Sequence[str]) -> dict[str, float]:
        """The log-odds of each party but publishers that it is accused, by that speaker or by nobody in particular."""
        parties = [party for party in self.scene.candidates if self.scene.candidates[party].type != "publisher"]
        beside = [accused_traits(party, speaker, speakers) for party in parties]
        if kind not in self._charged:
            self._charged[kind] = {party: self.model.accused.score(kind, self.traits[party]) for party in parties}
        totals, accused = self._charged[kind], self.model.accused
        linear = [accused.score(kind, more, totals[party]) for party, more in zip(parties, beside, strict=True)]
        column = len(self.model.kinds) + self.model.kinds.index(kind)
        return self._with_network(parties, linear, column, [more[-1] for more in beside])

    def _with_network(
        self, parties: Sequence[str], linear: Sequence[float], column: int, beside: Sequence[str] | None
    ) -> dict[str, float]:
        if self._shown is None or self.model.network is None or not parties:
            return dict(zip(parties, linear, strict=True))
        more = self.model.network.parties(column, self._shown[[self._rows[party] for party in parties]], beside)
        return {party: one + SHARE * float(other) for party, one, other in zip(parties, linear, more, strict=True)}

    # --- the choice -------------------------------------------------------------------------------------------

    def choose(self, kind: ClaimType) -> Chosen:
        """Who speaks, and who is accused by each speaker."""
        candidates = self.scene.candidates
        # that somebody's model is named does not make its owner speak
        speaking = self.speaking(kind)
        for party in {party for other in self._told if _exclude(kind, other) for party in self._told[other]}:
            speaking[party] -= _TOLD_ALREADY
        scores = {
            party: score
            for party, score in speaking.items()
            if party == NOBODY or any(how != "model" for how, *_ in candidates[party].marks)
        }
        if kind == "allegation":
            # nobody accuses themselves: who is likelier accused than speaking does not speak
            for party, charged in self.charged(kind, None, ()).items():
                if party in scores and charged > max(scores[party], 0.0) + _MUCH:
                    del scores[party]
        best = max(scores, key=lambda party: (scores[party], party))
        speakers = [best, *(self._beside(kind, best, scores) if best != NOBODY else ())]
        speakers.sort(key=lambda party: (self._place(party), party))
        self._told[kind] = speakers
        out = tuple((party or None, scores[party]) for party in speakers)
        if kind not in ACCUSING_TYPES:
            return Chosen(out, {}, speaking, {})
        charges = {party: self.charged(kind, party, speakers) for party, _ in out}
        accused = {party: self._accused(kind, charged, speakers) for party, charged in charges.items()}
        return Chosen(out, accused, speaking, charges)

    def _beside(self, kind: ClaimType, best: str, scores: dict[str, float]) -> list[str]:
        """Who speaks together with the likeliest speaker: in one list with it, or under one description."""
        card, scene = self.model.card["joint_speaker"], self.scene
        named = any(how == "named" for how, *_ in scene.candidates[best].marks)
        in_clauses = frozenset(
            s for frames in frames_by_clause(scene.frames, kind) for f in frames for s, _ in f.speakers if s
        )
        needed = dict.fromkeys((party for party in scores if party not in (best, NOBODY)), float(card["alone"]))
        if kind == "allegation":
            # whom the parse shows as accused here, and nowhere as speaking, does not accuse as well
            frames = [frame for frame in scene.frames if frame.type == kind]
            told = {speaker for frame in frames for speaker, _ in frame.speakers}
            for party in {party for frame in frames for party in frame.accused} - told:
                needed.pop(party, None)
        for how, bundles in (
            ("listed", [*scene.lists, in_clauses]),
            ("described", [] if named else scene.groups),
        ):
            for party in {party for bundle in bundles if best in bundle for party in bundle} & set(needed):
                needed[party] = min(needed[party], float(card[how]))
        return [party for party, least in needed.items() if scores[party] > least]

    @cached_property
    def marks(self) -> dict[str, frozenset[str]]:
        """How the sentence shows each party."""
        return {party: frozenset(how for how, *_ in one.marks) for party, one in self.scene.candidates.items()}

    @cached_property
    def types(self) -> dict[str, str]:
        """What each party is."""
        return {party: one.type for party, one in self.scene.candidates.items()}

    def _accused(
        self, kind: ClaimType, charged: Mapping[str, float], speakers: Sequence[str]
    ) -> tuple[tuple[str, ...], float]:
        card, scene = self.model.card, self.scene
        scores = dict(charged)
        if kind == "allegation":  # nobody accuses itself, or the house that it belongs to
            d = self.scene.reader.d
            own = {*speakers, *(d.parent(party) for party in speakers if d.types.get(party) != "person")} - {None}
            scores = {party: score for party, score in charged.items() if not {party, d.parent(party)} & own}
        sure = [party for party, score in scores.items() if probability(score) > card["accused"]]
        wider = False
        if kind == "allegation":
            # who is named as accused here is whom this charge is about, not those of an earlier one
            here = [party for party in sure if any(how != "context" for how, *_ in scene.candidates[party].marks)]
            # "accused foreign firms": a wider class is nobody of those before
            wider = any(f.type == kind and not f.accused and f.accused_as for f in scene.frames)
            sure = here if wider else here or sure
            if scene.singled_out & set(sure):
                # "the prompts from that lab": of those who were accused before this is one
                sure = [
                    p
                    for p in sure
                    if p in scene.singled_out or any(how == "named" for how, *_ in scene.candidates[p].marks)
                ]
        if not sure and scores and not wider:
            best = max(scores, key=lambda party: (scores[party], party))
            if probability(scores[best]) > card["accused_best"]:
                sure = [best]
        # "A, B and C were accused": who stands in one list with an accused is accused with it, if that is likely at all
        listed = {party for bundle in scene.lists if bundle & set(sure) for party in bundle}
        sure += [p for p in scores if p in listed - set(sure) and probability(scores[p]) > card["accused_best"]]
        weakest = min([scores[party] for party in sure], default=0.0)
        strongest_other = max([score for party, score in scores.items() if party not in sure], default=-4.0)
        in_order = tuple(sorted(sure, key=lambda party: (self._place(party), party)))
        return in_order, min(weakest or 4.0, -strongest_other)

    def _place(self, party: str) -> int:
        """Where the sentence names or describes a party first; before its start where it does not."""
        marks = self.scene.candidates[party].marks if party else ()
        return min((place for *_, place in marks), default=-1)


def accused_traits(party: str, speaker: str | None, speakers: Sequence[str]) -> list[str]:
    """How a candidate stands to whoever speaks."""
    nobody, is_speaker, other, too = BESIDE
    if not speaker:
        return [nobody]
    if party == speaker:
        return [is_speaker]
    return [other, too] if party in speakers else [other]


def frames_by_clause(frames: Sequence[Frame], kind: ClaimType) -> list[list[Frame]]:
    """The frames of a kind by the verb that they hang on, where more than one verb has frames and speakers differ."""
    found: dict[int, list[Frame]] = {}
    for frame in frames:
        if frame.type == kind and frame.anchor is not None:
            found.setdefault(frame.anchor.i, []).append(frame)
    speakers = {speaker for frame in frames if frame.type == kind for speaker, _ in frame.speakers}
    return list(found.values()) if len(found) > 1 and len(speakers) > 1 else []
