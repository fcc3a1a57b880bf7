"""From frames to claims: which figures, days and target each has, and one claim for each party with its own figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.nlp.discourse import Discourse
from tracker.nlp.features import Reading, features_of
from tracker.nlp.figures import owners_of_figures
from tracker.nlp.frames import Frame
from tracker.nlp.phrases import subtree_indices
from tracker.nlp.view import Sentence
from tracker.types import ACCUSING_TYPES, Claim, DateMention, Mention, Quantity

DEED_KINDS = frozenset({"accounts", "exchanges", "tokens"})
"""Kinds of figures that measure the deed itself."""


@dataclass(frozen=True)
class Facts:
    """What was read out of the text before its claims."""

    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]


def compose_claims(discourse: Discourse, sentence: Sentence, frames: list[Frame], facts: Facts) -> list[Claim]:
    """The claims that the frames of a sentence make, with their figures, days and targets."""
    return [claim for claims in compose_each(discourse, sentence, frames, facts) for claim in claims]


def compose_each(discourse: Discourse, sentence: Sentence, frames: list[Frame], facts: Facts) -> list[list[Claim]]:
    """The claims of each frame of a sentence."""
    quantities = [(i, q) for i, q in enumerate(facts.quantities) if sentence.start <= q.start < sentence.end]
    dates = [
        (i, d)
        for i, d in enumerate(facts.dates)
        if sentence.start <= d.start < sentence.end and not _is_of_reporting(discourse, sentence, d)
    ]
    shares = _shares(discourse, frames, quantities)
    days = _days(discourse, sentence, frames, dates)
    found: list[list[Claim]] = []
    for position, frame in enumerate(frames):
        claims: list[Claim] = []
        found.append(claims)
        frame.target = _target(discourse, sentence, frame)
        own = [(i, facts.quantities[i]) for i in (shares[position] if frame.figures is None else frame.figures)]
        start, end = sentence.whole
        if frame.extra.get("with_previous"):
            start = discourse.view.sentences[sentence.index - 1].whole[0]
            own = [
                (i, q)
                for i, q in enumerate(facts.quantities)
                if start <= q.start < sentence.end and _counts(discourse, frame, q)
            ]
        for speaker, organisation in frame.speakers:
            base = Claim(
                type=frame.type,
                start=start,
                end=end,
                text=discourse.view.text[start:end],
                speaker=speaker,
                accused=tuple(dict.fromkeys(frame.accused)),
                accused_as=_own_words(discourse, frame),
                target=frame.target,
                quantities=tuple(i for i, _ in own),
                dates=tuple(days[position]),
                via=frame.via,
                status=frame.status,
                on_behalf_of=organisation,
            )
            split = (
                _per_party(discourse, sentence, base, own)
                if frame.type == "allegation" and frame.figures is None
                else [base]
            )
            reading = Reading(frame.features, frame.anchor, len(frames), len(frame.speakers), len(split))
            for claim in split:
                features = features_of(discourse, sentence, claim, reading)
                claims.append(replace(claim, features=features, confidence=frame.certainty))
    return found


_CUT_WORDS = re.compile(
    r",? of [a-z-]+ing\b.*|,? and (?:some|about|around|nearly|roughly|over|more than|at least)?\s*[\d.,]*\s*"
    r"(?:\w+ ){0,2}(?:accounts|exchanges)\b.*|,? (?:and )?(?:also )?(?:mentions|mentioned|names|named|said|says"
    r"|has|have|had|was|were|is|are)\b.*| (?:in|on|last) (?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|week|month|year)\b.*"
)
_FRAGMENT = re.compile(
    r"(?:the |a |an |that |this |its )?(?:\w+ )?(?:report|memo|memorandum|letter|post|bill|document|filing|complaint"
    r"|side|most|some|many|all|it|they|them|others?|much|more|\d+)|(?:and|of|to|for)\b.*",
    re.I,
)


def _own_words(discourse: Discourse, frame: Frame) -> str | None:
    """The sentence's own words for the accused, cut to the noun phrase; None where they are no more than names."""
    if frame.accused_as is None:
        return None
    words = _CUT_WORDS.sub("", frame.accused_as).strip(" ,;:—–-")
    words = re.sub(r", (?:most|some|many|all|several|one|both)$", "", words)
    if not words or _FRAGMENT.fullmatch(words):
        return None
    names = {m.text for m in discourse.mentions if m.entity_id in frame.accused}
    rest = words
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "")
    if frame.accused and not re.sub(r"\b(?:and|or|the|its|both|as well as)\b|[,\s]", "", rest):
        return None
    return words


_REPORTED_ON = re.compile(
    r"(?:reported by|seen by|report(?:ed)?|disclosed by|published by)(?: first)?(?: by)?(?: [\w’']+){0,3}?,?"
    r" (?:late |early |earlier )?(?:on )?$"
)


def _is_of_reporting(discourse: Discourse, sentence: Sentence, mention: DateMention) -> bool:
    """ "first reported by X on Wednesday", "X reported on Friday": the day of the report and not of what it tells."""
    lead = discourse.view.text[max(sentence.start, mention.start - 60) : mention.start]
    match = _REPORTED_ON.search(lead)
    if match is None:
        return False
    start = mention.start - (len(lead) - match.start())
    return any(
        m.type == "publisher" and m.start >= start - 40
        for m in discourse.mentions_in(max(sentence.start, start - 40), mention.start)
    )


def _shares(discourse: Discourse, frames: list[Frame], quantities: list[tuple[int, Quantity]]) -> list[list[int]]:
    """Which figures of the sentence each frame holds: those of its own clause, or all where it is the only one."""
    out: list[list[int]] = []
    anchored = [f for f in frames if f.anchor is not None]
    kinds = [f for f in frames if f.takes_figures]
    for frame in frames:
        if len({(f.type, tuple(f.speakers)) for f in kinds}) <= 1 or frame.anchor is None:
            out.append([i for i, q in quantities if _counts(discourse, frame, q)])
            continue
        inside = subtree_indices(frame.anchor)
        for other in anchored:
            if (
                other is not frame
                and other.anchor is not None
                and other.anchor.i in inside
                and other.anchor.i != frame.anchor.i
            ):
                inside -= subtree_indices(other.anchor)
        out.append(
            [
                i
                for i, q in quantities
                if (t := discourse.view.token_at(q.end - 1)) is not None
                and t.i in inside
                and _counts(discourse, frame, q)
            ]
        )
    return out


_JOINED = re.compile(r"(?:;|,)\s+(?:and|but|while|whereas|though)?\s*")
_CLAUSE_WITHIN = 400
"""Characters before a joint in which a clause has its finite verb."""
_SUBJECT_WITHIN = 32
"""Characters between a conjunction and the party that a joined clause begins with: "and last week the White House"."""


def _days(
    discourse: Discourse, sentence: Sentence, frames: list[Frame], dates: list[tuple[int, DateMention]]
) -> list[list[int]]:
    """Which dates of the sentence each frame has: those of the joined clause that it stands in.

    "In February X accused A, Y accused B, and last week Z promised action": Z has last week. A clause without a date
    shares that of the clause before it, so Y has February. Clauses are told apart by their order and their own
    subjects, for the parse of a long sentence is least sure where its clauses meet.
    """
    everything = [index for index, _ in dates]
    starts = _clause_starts(discourse, sentence)
    if len(dates) < 2 or len(starts) < 2:
        return [everything] * len(frames)
    clauses: list[list[int]] = [[] for _ in starts]
    for index, mention in dates:
        clauses[_clause_of(mention.start, starts)].append(index)
    out: list[list[int]] = []
    for frame in frames:
        at = frame.anchor.idx if frame.anchor is not None else _place_of_speaker(discourse, sentence, frame)
        if at is None:
            out.append(everything)
            continue
        place = _clause_of(at, starts)
        dated = next((clause for clause in reversed(clauses[: place + 1]) if clause), None)
        out.append(dated if dated is not None else everything)
    return out


def _place_of_speaker(discourse: Discourse, sentence: Sentence, frame: Frame) -> int | None:
    """Where the sentence first names who speaks."""
    told = {speaker for speaker, _ in frame.speakers}
    named = discourse.mentions_in(sentence.start, sentence.end)
    return next((mention.start for mention in named if mention.entity_id in told), None)


def _clause_starts(discourse: Discourse, sentence: Sentence) -> list[int]:
    """Where the joined clauses of a sentence begin that have a party of their own for a subject."""
    starts = [sentence.start]
    for match in _JOINED.finditer(sentence.text):
        begin = sentence.start + match.end()
        parties = discourse.parties_in(begin, min(begin + _SUBJECT_WITHIN, sentence.end))
        before = discourse.view.tokens_in(max(starts[-1], begin - _CLAUSE_WITHIN), begin)
        whole = any(token.tag_ in ("VBD", "VBZ", "VBP", "MD") for token in before)  # "Last month," is no clause yet
        if whole and parties and _has_verb_after(discourse, parties[0].end, sentence):
            starts.append(begin)
    return starts


def _has_verb_after(discourse: Discourse, place: int, sentence: Sentence) -> bool:
    """Whether the word right after a party is a verb, so that the party is a subject and not one of a list."""
    token = discourse.view.token_at(place + 1) if place + 1 < sentence.end else None
    return token is not None and (token.pos_ in ("VERB", "AUX") or token.tag_ in ("VBD", "VBZ", "VBP", "MD"))


def _clause_of(place: int, starts: list[int]) -> int:
    return max(i for i, start in enumerate(starts) if start <= place) if place >= starts[0] else 0


_ROUNDED = re.compile(r"\bround(?:s|ed|ing)\b[^.;:]{0,40}?\bto $")


def _counts(discourse: Discourse, frame: Frame, quantity: Quantity) -> bool:
    """A count of the people who were told is no figure of the claim, nor is what others have rounded its figure to."""
    if _ROUNDED.search(discourse.view.text, max(0, quantity.start - 60), quantity.start):
        return False
    if quantity.kind != "people":
        return True
    before = discourse.view.text[max(0, quantity.start - 14) : quantity.start]
    return not re.search(r"\b(?:told|to|wrote|informed|warned) $", before)


def _per_party(discourse: Discourse, sentence: Sentence, claim: Claim, own: list[tuple[int, Quantity]]) -> list[Claim]:
    """A sentence with a figure per accused: one claim for each accused, and one for the total."""
    figures = [(i, q) for i, q in own if q.kind in DEED_KINDS]
    parties = [
        m
        for m in discourse.parties_in(sentence.start, sentence.end)
        if m.type == "company" and m.entity_id != claim.speaker
    ]
    if len(figures) < 2 or not parties or not claim.accused:
        return [claim]
    owners = owners_of_figures(discourse.view.text, sentence.start, sentence.end, parties, figures)
    known = (
        set(claim.accused)
        | {i for group in discourse.accused_of.values() for i in group}
        | {i for _, ids in discourse.groups for i in ids}
    )
    named = {o for o in owners.values() if o is not None and o in known}
    totals = [i for i, o in owners.items() if o is None or o not in named]
    if not named or (len(named) == 1 and not totals):
        return [claim]
    out = []
    rest = [i for i, q in own if q.kind not in DEED_KINDS]
    if totals:
        accused = (
            claim.accused
            if len(claim.accused) > 1
            else (discourse.accused if len(discourse.accused) > 1 else claim.accused)
        )
        out.append(replace(claim, accused=accused, quantities=tuple(sorted([*totals, *rest]))))
    out.extend(
        replace(claim, accused=(party,), accused_as=None, quantities=tuple(i for i, o in owners.items() if o == party))
        for party in dict.fromkeys(o for o in owners.values() if o is not None and o in named)
    )
    return out


def _target(discourse: Discourse, sentence: Sentence, frame: Frame) -> tuple[str, ...]:
    """The model that it was done to if the sentence says which, else what the accuser named before, else its owner."""
    if frame.type not in ACCUSING_TYPES:
        return ()
    speaker = frame.speakers[0][0]
    lineage = set(frame.accused)
    models = [
        m.entity_id
        for m in discourse.mentions_in(sentence.start, sentence.end)
        if m.type == "model" and discourse.parent(m.entity_id) not in lineage
    ]
    accusers = {other for other in discourse.accused_of if other != speaker} | {
        m.entity_id for m in discourse.mentions_in(sentence.start, sentence.end) if m.type == "company"
    }
    own = [m for m in models if discourse.parent(m) == speaker]
    # another company's model, where that company is in the sentence as well, is what that one speaks of
    free = [m for m in models if discourse.parent(m) not in accusers - {speaker}]
    if frame.type == "allegation" and models:
        if not discourse.is_company(speaker):
            return (models[0],)
        if own or free:
            return ((own or free)[0],)
    if frame.type == "denial":
        charged = {i for accused in discourse.accused_of.values() for i in accused} | set(discourse.accused)
        return discourse.target if set(frame.accused) and set(frame.accused) <= charged else tuple(models[:1])
    if frame.type == "no_response":
        return discourse.target if frame.accused else ()
    owned = [
        m.entity_id
        for m in discourse.mentions_in(sentence.start, sentence.end)
        if m.type == "company"
        and m.entity_id not in lineage
        and re.match(
            r"['’]s? (?:\w+ ){0,3}(?:models?|outputs?|technology|interface|systems?|API|work)\b",
            discourse.view.text[m.end : m.end + 40],
        )
    ]
    if owned:
        return (owned[0],)
    if speaker in discourse.target_of and set(discourse.accused_of.get(speaker, ())) & lineage:
        return discourse.target_of[speaker]
    return (speaker,) if speaker and discourse.is_company(speaker) and lineage else ()
