"""What a claim was read by, as named features: the words, the parse, the names, or the sentence before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Token

from tracker.nlp.discourse import Discourse
from tracker.nlp.frames import HEARSAY, has
from tracker.nlp.phrases import agent_phrase, subject_phrase
from tracker.nlp.view import Sentence
from tracker.types import ACCUSING_TYPES, Claim

_LONG_WORDS = 40
_LONG_CHARS_CHINESE = 90
_MODAL = re.compile(r"\b(?:would|could|should|may|might|must|if|whether|unless)\b", re.I)
_MATTER = re.compile(
    r"(?i)distil|cop(?:y|ied|ying|ier)|extract|theft|st[eo]al|stole|accus|alleg|accounts|exchanges|outputs?\b"
)
_OF_PARTIES = frozenset(
    {
        "no-speaker",
        "speaks-for-another",
        "unknown-name-speaker",
        "speaker-is-issuer",
        "speaker-inherited",
        "speaker-by-parse",
        "speaker-in-sentence",
        "accused-in-words",
        "no-accused",
        "accused-named",
        "accused-by-coreference",
        "unknown-name-accused",
    }
)
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|you)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a claim came about, beside what stands in its sentence."""

    features: tuple[str, ...]
    """The features that its reader named."""
    anchor: Token | None
    """The verb that it hangs on, of the parse."""
    frames: int
    """How many things the sentence says."""
    speakers: int
    """How many speakers share the claim."""
    parties: int
    """How many claims the figures of the accused made of it."""


def features_of(discourse: Discourse, sentence: Sentence, claim: Claim, reading: Reading) -> tuple[str, ...]:
    """The features of a claim, each once: its type, its reader's, then its speaker's, accused's and sentence's."""
    found = [f"type-{claim.type.replace('_', '-')}", *reading.features, *_speaker(discourse, claim, reading)]
    if claim.type in ACCUSING_TYPES:
        found += _accused(discourse, claim)
    if reading.speakers > 1:
        found.append("joint-speakers")
    if reading.frames > 1:
        found.append("several-claims")
    if reading.parties > 1:
        found.append("per-party-figure")
    return tuple(dict.fromkeys((*found, *_sentence(discourse, sentence, claim))))


def features_with_parties(discourse: Discourse, claim: Claim) -> tuple[str, ...]:
    """The features of a claim whose speaker or accused are others than it was made with."""
    kept = [name for name in claim.features if name not in _OF_PARTIES]
    found = _speaker(discourse, claim, Reading((), None, 1, 1, 1))
    if claim.type in ACCUSING_TYPES:
        found += _accused(discourse, claim)
    return tuple(dict.fromkeys((*kept, *found)))


def _speaker(discourse: Discourse, claim: Claim, reading: Reading) -> list[str]:
    if claim.speaker is None:
        return ["no-speaker"]
    found = ["speaks-for-another"] if claim.on_behalf_of else []
    if discourse.gazetteer.find(claim.speaker) is None:
        found.append("unknown-name-speaker")
    places = [m.start for m in discourse.mentions_in(claim.start, claim.end) if m.entity_id == claim.speaker]
    if not places:
        found.append("speaker-is-issuer" if claim.speaker == discourse.issuer else "speaker-inherited")
    elif _is_in_parse(reading.anchor, places):
        found.append("speaker-by-parse")
    else:
        found.append("speaker-in-sentence")
    return found


def _is_in_parse(anchor: Token | None, places: list[int]) -> bool:
    """Whether one of the places lies in the subject or the agent of the verb."""
    if anchor is None:
        return False
    phrases = (subject_phrase(anchor), agent_phrase(anchor))
    return any(phrase.start <= place < phrase.end for phrase in phrases if phrase is not None for place in places)


def _accused(discourse: Discourse, claim: Claim) -> list[str]:
    if not claim.accused:
        return ["accused-in-words" if claim.accused_as else "no-accused"]
    named = {mention.entity_id for mention in discourse.mentions_in(claim.start, claim.end)}
    found = ["accused-named" if set(claim.accused) <= named else "accused-by-coreference"]
    if any(discourse.gazetteer.find(party) is None for party in claim.accused):
        found.append("unknown-name-accused")
    return found


def _sentence(discourse: Discourse, sentence: Sentence, claim: Claim) -> list[str]:
    text = sentence.text
    is_long = len(text.split()) > _LONG_WORDS or (discourse.view.language == "zh" and len(text) > _LONG_CHARS_CHINESE)
    tests = {
        "via": bool(claim.via),
        "with-figure": bool(claim.quantities),
        "long-sentence": is_long,
        "unfamiliar-page": discourse.is_unfamiliar,
        "quoted": any(mark in text for mark in '"“«「'),
    }
    found = [name for name, holds in tests.items() if holds]
    if discourse.view.language == "en":
        words, is_misdeed = _words_of(text)
        found += words
        if claim.type == "statement" and is_misdeed:
            found.append("statement-of-misdeed")
    return found


@lru_cache(maxsize=1024)
def _words_of(text: str) -> tuple[tuple[str, ...], bool]:
    """What the words of an English sentence show, and whether they tell of a misdeed; claims may share a sentence."""
    is_misdeed = has("misdeed_text", text)
    tests = {
        "hearsay-word": HEARSAY.search(text) is not None,
        "conditional": _MODAL.search(text) is not None,
        "first-person": _FIRST_PERSON.search(text) is not None,
        "no-matter-word": not (is_misdeed or _MATTER.search(text)),
    }
    return tuple(name for name, holds in tests.items() if holds), is_misdeed
