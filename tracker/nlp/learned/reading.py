"""The learned reading of a sentence: which kinds of claims it states, on whose word, and against whom.

The rules of `tracker.nlp` read first; what they found are traits like any other. The models then decide the kinds, and
rank the parties that are named, described or known from the sentences before. A frame of the rules that the models
agree with stays as it is, with its figures and days; where they do not agree, a frame is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from spacy.tokens import Token

from tracker.nlp.composing import DEED_KINDS, Facts
from tracker.nlp.discourse import Discourse
from tracker.nlp.frames import Frame, SentenceReader, has
from tracker.nlp.learned import traits as shown
from tracker.nlp.learned.choosing import Chosen, PartyChoice, frames_by_clause
from tracker.nlp.learned.linear import ClaimModel, Floats, directions_of, probability
from tracker.nlp.learned.parties import History, Scene
from tracker.nlp.learned.rereading import look_again
from tracker.nlp.learned.words import WordedSentence, put_into_words
from tracker.nlp.lexicon import pattern_of
from tracker.nlp.phrases import is_negated, noun_phrase
from tracker.nlp.weighing import Weighed, Weighing
from tracker.types import ACCUSING_TYPES, Claim, ClaimStatus, ClaimType, Quantity

_AT_ONCE = 1_000
"""Words that the network reads together."""
_ACTS: frozenset[ClaimType] = frozenset({"legislation", "government_action", "legal_action", "company_action"})
_ON_SOMEBODYS_WORD = re.compile(r"\b(?:according to|reportedly|said|says|told|reported)\b")
_TIED = re.compile(
    r"\b(?:linked|tied|affiliated|connected|associated|working|acting|belonging|close|owned|run|controlled|based)\b"
    r"|\b(?:operators?|accounts?|staff|employees|engineers|researchers|people|individuals|personnel|affiliates?|units?"
    r"|subsidiar(?:y|ies)|teams?|contractors?|resellers?|developers?|customers?|networks?)\b",
    re.I,
)


@dataclass
class Look:
    """One sentence as the models see it."""

    worded: WordedSentence
    traits: list[str]
    directions: Floats
    states: Floats | None
    """What the network makes of the words."""
    reader: SentenceReader
    frames: Sequence[Frame]


class LearnedReader:
    """Reads the sentences of one document in order."""

    def __init__(self, discourse: Discourse, facts: Facts, model: ClaimModel) -> None:
        self.d, self.facts, self.model = discourse, facts, model
        self.history = History.of(facts.mentions)
        self._before: WordedSentence | None = None
        self._worded: dict[int, tuple[WordedSentence, Floats | None]] = {}
        """Sentences ahead, by index."""

    def look(self, reader: SentenceReader, frames: Sequence[Frame]) -> Look:
        """What the sentence of a reader shows. `frames` is what the rules read in it."""
        if reader.s.index not in self._worded:
            self._put_into_words(reader.s.index)
        worded, states = self._worded.pop(reader.s.index)
        traits = shown.sentence_traits(self.d, worded, self._before, frames)
        directions = directions_of(self.model.space, shown.content_words(worded.words), shown.verbs(worded))
        return Look(worded, traits, directions, states, reader, frames)

    def _put_into_words(self, first: int) -> None:
        """Put the sentences from this one on into words, so many at once as the network reads well together."""
        found, count = list[WordedSentence](), 0
        for sentence in self.d.view.sentences[first:]:
            start, end = sentence.start, sentence.end
            quantities = [q for q in self.facts.quantities if start <= q.start < end]
            dates = [d for d in self.facts.dates if start <= d.start < end]
            found.append(put_into_words(self.d.view, sentence, self.d.mentions_in(start, end), quantities, dates))
            count += len(found[-1].words)
            if count > _AT_ONCE:
                break
        states = self.model.states([worded.words for worded in found])
        self._worded = {
            one.sentence.index: pair for one, pair in zip(found, zip(found, states, strict=True), strict=True)
        }

    def scene(self, look: Look) -> Scene:
        """The parties of a sentence."""
        return Scene(look.reader, look.worded, look.frames, self.history)

    def note(self, look: Look, claims: Sequence[Claim]) -> None:
        """Remember what a sentence said, before the next one is read."""
        if claims:
            self.history.last = ()
        for claim in claims:
            self.history.note(claim.type, claim.speaker, claim.accused)
        for word in look.worded.words:
            if word.mention is not None:
                self.history.recent[word.mention.entity_id] = look.worded.sentence.index
        self._before = look.worded

    def reread(self, weighed: Sequence[Weighed]) -> list[Claim]:
        """The claims of the whole document, their parties looked at again."""
        if self.model.again is None:
            return [one.claim for one in weighed]
        return look_again(self.model.again, weighed, self.d, self.model.card)

    # --- deciding ---------------------------------------------------------------------------------------------

    def revise(self, look: Look) -> list[Frame]:
        """The frames that stand: the rules' where the models agree, new ones where they do not."""
        if is_question(look.worded.sentence.text):
            return []
        odds = self.model.odds(look.traits, look.directions, look.states)
        text, language = look.worded.sentence.text, self.d.view.language
        charge, position = self.model.kinds.index("allegation"), self.model.kinds.index("statement")
        if is_charge_unmade(text, language, "no_charge"):
            odds[position] = max(odds[position], odds[charge])  # who takes a charge back, or calls it untrue, says so
            odds[charge] = -np.inf
        unmade = is_charge_negated(look.worded) or is_charge_unmade(text, language, "allowed")
        if unmade or is_other_charge(text):
            odds[charge] = -np.inf
        is_reported = pattern_of("foreign", "reported_mood", language).search(text) is not None
        choice = self._charged_act(look, odds) if is_reported else None
        if choice is not None:
            odds[[self.model.kinds.index(kind) for kind in _ACTS]] = -np.inf
        likeliest = int(odds.argmax())
        # most sentences state one thing; a second one must be surer
        needed = [
            self.model.card["first_kind" if column == likeliest else "further_kind"] for column in range(len(odds))
        ]
        stated = [column for column, value in enumerate(odds) if probability(value) >= needed[column]]
        if not stated:
            return []
        choice = choice or PartyChoice(self.model, self.scene(look), look.states)
        in_order = sorted(stated, key=lambda column: (-odds[column], column))
        choices = {column: choice.choose(self.model.kinds[column]) for column in in_order}
        kept: list[Frame] = []
        for column in stated:
            reasons = self.model.types.reasons(look.traits, column, 3)
            kind, chosen = self.model.kinds[column], choices[column]
            frames = self._frames(look, choice.scene, kind, chosen, float(odds[column]), reasons)
            for frame in frames:
                frame.weighing = _weighing(choice, chosen, float(odds[column]), bool(frame.odds[3]))
            kept += [replace(f, status="alleged") for f in frames] if is_reported and kind in _ACTS else frames
        return _with_own_figures(_without_restatement(self._without_spared(kept, look)), look, self.facts)

    def _without_spared(self, frames: list[Frame], look: Look) -> list[Frame]:
        """Charges without those whom the sentence sets against the accused: "a reseller, not Orvane, copied it"."""
        contrast, text = _set_against(self.d.view.language), self.d.view.text
        start, named = look.worded.sentence.start, look.reader.mentions
        spared = {m.entity_id for m in named if contrast.search(text[max(start, m.start - 30) : m.start])}
        spared -= {m.entity_id for m in named if not contrast.search(text[max(start, m.start - 30) : m.start])}
        if not spared:
            return frames
        return [
            replace(f, accused=tuple(party for party in f.accused if party not in spared))
            if f.type == "allegation"
            else f
            for f in frames
        ]

    def _charged_act(self, look: Look, odds: Floats) -> PartyChoice | None:
        """The choice of parties where what reads as an act is what an accused party is said to have done.

        "DeepSeek habe Sperren umgangen", "Orvane aurait ouvert des comptes": the mood says that others say so. So it
        carries on a charge, and is no act that the document reports, unless the party tells it of itself.
        """
        kind = self.model.kinds[int(odds.argmax())]
        if kind not in _ACTS:
            return None
        choice = PartyChoice(self.model, self.scene(look), look.states)
        actors = {speaker for speaker, _ in choice.choose(kind).speakers}
        if not actors & set(self.history.accused):
            return None
        first = look.reader.mentions[0].entity_id if look.reader.mentions else None
        tells = first in actors and pattern_of("foreign", "say", self.d.view.language).search(look.worded.sentence.text)
        return None if tells else choice

    # --- frames -----------------------------------------------------------------------------------------------

    def _frames(
        self, look: Look, scene: Scene, kind: ClaimType, chosen: Chosen, odds: float, reasons: Sequence[str]
    ) -> list[Frame]:
        same = [frame for frame in look.frames if frame.type == kind]
        speakers = {speaker for speaker, _ in chosen.speakers}
        charged = {party for parties, _ in chosen.accused.values() for party in parties}
        features = tuple(f"trait:{reason}" for reason in reasons)
        agreed = bool(
            same
            and {speaker for frame in same for speaker, _ in frame.speakers} == speakers
            and (kind not in ACCUSING_TYPES or {party for frame in same for party in frame.accused} == charged)
        )
        measured = {
            speaker: (odds, score, chosen.accused[speaker][1] if speaker in chosen.accused else 0.0, float(agreed))
            for speaker, score in chosen.speakers
        }
        certainty = {speaker: certainty_of(self.model.card, kind, four) for speaker, four in measured.items()}
        weakest = min(certainty, key=lambda speaker: (certainty[speaker], speaker or ""))
        if agreed:
            return [
                replace(f, features=(*f.features, *features), certainty=certainty[weakest], odds=measured[weakest])
                for f in same
            ]
        clauses = frames_by_clause(same, kind)
        out = []
        for speaker, _ in chosen.speakers:
            own = next((f for frames in clauses for f in frames if any(speaker == s for s, _ in f.speakers)), None)
            if own is not None:
                # several parties, each with a clause of its own: the parse tells best who charges whom with what
                pair = next(pair for pair in own.speakers if pair[0] == speaker)
                out.append(
                    replace(
                        own,
                        speakers=[pair],
                        features=(*own.features, *features),
                        certainty=certainty[speaker],
                        odds=measured[speaker],
                    )
                )
                continue
            accused = chosen.accused.get(speaker, ((), 0.0))[0]
            model = next((f for f in same if any(speaker == s for s, _ in f.speakers)), same[0] if same else None)
            organisation = next((o for f in same for s, o in f.speakers if s == speaker), None)
            if organisation is None and speaker is not None:
                organisation = self._organisation(look, speaker)
            words = model.accused_as if model is not None and set(model.accused) == set(accused) else None
            frame = Frame(
                type=kind,
                speakers=[(speaker, organisation)],
                accused=accused,
                accused_as=words or self._own_words(look, scene, kind, accused),
                status=model.status if model is not None else self._status(look, kind),
                via=tuple(party for party in look.reader.via if party != speaker),
                anchor=model.anchor if model is not None else None,
                features=("learned", *(model.features if model is not None else ()), *features),
                certainty=certainty[speaker],
                odds=measured[speaker],
            )
            out.append(frame)
        return out

    def _organisation(self, look: Look, speaker: str) -> str | None:
        if self.d.types.get(speaker) != "person":
            return None
        mention = next((m for m in look.reader.mentions if m.entity_id == speaker), None)
        token = self.d.view.head_of(mention.start, mention.end) if mention is not None else None
        if mention is None or token is None:
            return look.reader.role_org(speaker)
        return look.reader.org_of(mention, noun_phrase(token))

    def _status(self, look: Look, kind: ClaimType) -> ClaimStatus:
        if kind == "denial":
            return "denied"
        if kind == "no_response":
            return "asserted"
        if kind in _ACTS and not look.reader.via and not _ON_SOMEBODYS_WORD.search(look.worded.sentence.text):
            return "asserted"
        return "alleged"

    def _own_words(self, look: Look, scene: Scene, kind: ClaimType, accused: Sequence[str]) -> str | None:
        """The noun phrase round the name of an accused that says less than the name ("operators linked to ...")."""
        if kind != "allegation" or self.d.view.doc is None or not accused:
            return None
        for how, word, token, _ in scene.candidates[accused[0]].marks if accused[0] in scene.candidates else ():
            if how != "named" or token is None or word is None or word.mention is None:
                continue
            top = _class_noun_above(token, look.worded)
            if top is None:
                continue
            phrase = noun_phrase(top)
            if phrase.start <= word.mention.start and word.mention.end <= phrase.end and _TIED.search(phrase.text):
                return phrase.text if len(phrase.text) < 120 else None
        return None


def _weighing(choice: PartyChoice, chosen: Chosen, odds: float, is_agreed: bool) -> Weighing:
    groups = choice.scene.groups
    return Weighing(
        odds=odds,
        speaking=chosen.speaking,
        charged=chosen.charged,
        marks=choice.marks,
        types=choice.types,
        described=frozenset().union(*groups),
        most_described=max(map(len, groups), default=0),
        subject=choice.scene.subject,
        speakers=len(chosen.speakers),
        is_agreed=is_agreed,
    )


def is_question(text: str) -> bool:
    """Whether a sentence asks, and so states nothing; a quoted question inside one that states ends otherwise."""
    return text.rstrip(' "”’)»').endswith(("?", "？"))


def is_other_charge(text: str) -> bool:
    """Whether somebody is accused of something else than copying: "accused X of hypocrisy"."""
    return has("other_charge_text", text) and not has("strong_misdeed_text", text)


def is_charge_negated(worded: WordedSentence) -> bool:
    """Whether each verb of copying or accusing stands under a negation: "no evidence that X stole", "did not copy"."""
    words = [w for w in worded.words if w.token is not None and {"copy", "accuse"} & set(w.fields)]
    verbs = [w.token for w in words if w.token is not None and w.token.pos_ == "VERB"]
    return bool(verbs) and all(_is_under_negation(token) for token in verbs)


def is_charge_unmade(text: str, language: str, cue: str) -> bool:
    """Whether a sentence has words of a cue, by which a charge is none, and accuses in no others."""
    words = list(pattern_of(_cues_of(language), cue, language).finditer(text))
    if not words:
        return False
    starts, ends = [*(m.start() for m in words), len(text)], [0, *(m.end() for m in words)]
    rest = "|".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    return not (_ACCUSING if language == "en" else pattern_of("foreign", "accuse", language)).search(rest)


_ACCUSING = re.compile(r"\b(?:accus|alleg)\w*", re.IGNORECASE)


def _cues_of(language: str) -> str:
    return "claims" if language == "en" else "foreign"


@lru_cache(maxsize=8)
def _set_against(language: str) -> re.Pattern[str]:
    """Words right before a name that set it against those who are meant."""
    cue = pattern_of(_cues_of(language), "not_but", language).pattern
    return re.compile(rf"{cue}\s*(?:the |die |den |das |der |la |le |l[’']|el |a |o )?$", re.IGNORECASE)


def _is_under_negation(token: Token) -> bool:
    """Whether a word, or what governs it within the same statement, has a negation."""
    for _ in range(4):
        if is_negated(token):
            return True
        if token.dep_ not in (
            "acl",
            "ccomp",
            "xcomp",
            "obj",
            "obl",
            "nmod",
            "acl:relcl",
            "conj",
            "nsubj",
            "nsubj:pass",
        ):
            return False
        token = token.head
    return False


def _without_restatement(frames: list[Frame]) -> list[Frame]:
    """What a party says in charging, denying or acting is no statement of its own."""
    others = {speaker for frame in frames if frame.type != "statement" for speaker, _ in frame.speakers}
    out = []
    for frame in frames:
        left = [pair for pair in frame.speakers if frame.type != "statement" or pair[0] not in others]
        if left:
            out.append(frame if len(left) == len(frame.speakers) else replace(frame, speakers=left))
    return out


def certainty_of(card: Mapping[str, Any], kind: ClaimType, odds: tuple[float, float, float, float]) -> float:
    """The probability that kind, speaker and accused are all right, in hundredths (docs/calibration.md)."""
    weights = card["calibration"]
    last = weights["accused"] * odds[2] if kind in ACCUSING_TYPES else weights["no_accused"]
    first = weights["bias"] + weights["kind"] * odds[0] + weights["speaker"] * odds[1]
    return round(probability(first + last + weights["agreed"] * odds[3]), 2)


def _class_noun_above(token: Token, worded: WordedSentence) -> Token | None:
    """ "operators affiliated with Alibaba": the noun that a name hangs below, at most three steps up."""
    step = token
    for _ in range(3):
        if step.dep_ not in ("nmod", "obl", "acl", "nmod:poss", "compound", "amod") or step.head.i == step.i:
            return None
        step = step.head
        word = worded.of_token.get(step.i)
        if step.pos_ == "NOUN" and word is not None and word.mention is None:
            return step
    return None


def _with_own_figures(frames: list[Frame], look: Look, facts: Facts) -> list[Frame]:
    """Of several kinds in a sentence, counts of accounts and exchanges belong to the charge and not to the answer.

    So does the number of the accused: "X traced it to three labs, and Y now warns its clients" is no number of Y's.
    """
    kinds = {frame.type for frame in frames}
    if len(kinds) < 2 or not kinds & {"allegation", "admission"}:
        return frames
    sentence = look.worded.sentence
    inside = [i for i, q in enumerate(facts.quantities) if sentence.start <= q.start < sentence.end]
    deeds = {i for i in inside if facts.quantities[i].kind in DEED_KINDS}
    accused = {i for i in inside if _numbers_accused(facts.quantities[i], frames)}
    out = []
    for frame in frames:
        if frame.figures is not None or frame.anchor is not None or frame.type in ("allegation", "admission"):
            out.append(frame)
        else:
            others = deeds if frame.type in ACCUSING_TYPES else deeds | accused
            out.append(replace(frame, figures=tuple(i for i in inside if i not in others)))
    return out


def _numbers_accused(quantity: Quantity, frames: Sequence[Frame]) -> bool:
    """Whether a figure says how many are accused: it stands in the words for them, or there are as many of them."""
    if quantity.kind != "companies":
        return False
    charges = [frame for frame in frames if frame.type == "allegation"]
    return any(quantity.low == len(frame.accused) or quantity.text in (frame.accused_as or "") for frame in charges)
