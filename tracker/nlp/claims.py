"""Claims: who says or does what about whom, sentence by sentence, in the order of the document."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.nlp.accusing import read_accusations, read_nominal
from tracker.nlp.acting import read_acts
from tracker.nlp.confidence import Reading, judge
from tracker.nlp.discourse import PAPER, Discourse
from tracker.nlp.figures import owners_of_figures
from tracker.nlp.frames import Frame, SentenceReader, has
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.narrating import read_unattributed
from tracker.nlp.phrases import subtree_indices
from tracker.nlp.saying import read_denials, read_sayings
from tracker.nlp.silence import read_silence
from tracker.nlp.view import Sentence, TextView
from tracker.types import ACCUSING_TYPES, Claim, DateMention, Mention, Quantity

_PARTY_FIGURES = frozenset({"accounts", "exchanges", "tokens"})


@dataclass(frozen=True)
class Facts:
    """What was read out of the text before its claims."""

    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]


def find_claims(view: TextView, facts: Facts, gazetteer: Gazetteer, issuer: str | None) -> tuple[Claim, ...]:
    """The claims of an English text, in order. Needs the parse in `view.doc`."""
    discourse = Discourse(view, gazetteer, facts.mentions, issuer)
    claims: list[Claim] = []
    for sentence in view.sentences:
        if _is_heading(sentence) or _is_bare_question(view, sentence):
            continue
        _date_the_last(claims, sentence, facts)
        frames = _read(discourse, sentence, facts)
        claims.extend(_to_claims(discourse, sentence, frames, facts))
        _note(discourse, sentence, frames)
    return tuple(_without_doubles(claims))


_ISSUED = re.compile(
    r"^(?:The|This|That|Its) (?:\w+ )?(?:warning|accusation|allegation|charge|letter|announcement|statement"
    r"|post|memo|disclosure|complaint)"
    r"s?,? (?:which was |that was )?(?:issued|published|made|sent|dated|released|posted|delivered|announced)\b"
)


def _date_the_last(claims: list[Claim], sentence: Sentence, facts: Facts) -> None:
    """ "The warning, issued on February 23, ...": the date is that of the accusation in the sentences just before."""
    issued = _ISSUED.match(sentence.text)
    if issued is None:
        return
    days = [
        i
        for i, d in enumerate(facts.dates)
        if 0 <= d.start - (sentence.start + issued.end()) < 30 and d.end <= sentence.end
    ]
    accusations = [n for n, claim in enumerate(claims) if claim.type == "allegation"]
    if not days or not accusations:
        return
    speaker = claims[accusations[-1]].speaker
    for n in accusations[-3:]:
        if claims[n].speaker == speaker and not claims[n].dates:
            claims[n] = replace(claims[n], dates=tuple(days))


def _is_heading(sentence: Sentence) -> bool:
    return (
        not re.search(r"[.!?:;\"”’)]\s*$", sentence.text)
        or re.match(r"^(?:Q|Source|Photo|Note):", sentence.text) is not None
        or sentence.text.startswith("(Corrects")
    )


def _is_bare_question(view: TextView, sentence: Sentence) -> bool:
    """ "What it reports.": a clause of a question word and nothing else, as headings are."""
    if not re.match(r"(?:What|How|Why|Where|When|Who|Whom|Which)\b[^,;:?\"“]*\.$", sentence.text):
        return False
    return sum(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in view.tokens_in(sentence.start, sentence.end)) <= 1


def _read(discourse: Discourse, sentence: Sentence, facts: Facts) -> list[Frame]:
    reader = SentenceReader(discourse, sentence, list(enumerate(facts.quantities)))
    frames = read_silence(reader)
    frames += read_accusations(reader)
    frames += read_denials(reader)
    frames += read_acts(reader)  # before the sayings: "want to write sanctions into the bill" is an act
    frames += read_nominal(reader)
    frames += read_sayings(reader)
    if not frames:
        frames += read_unattributed(reader)
    frames = _with_papers(reader, frames)
    return [frame for frame in frames if _belongs(discourse, sentence, frame)]


def _with_papers(reader: SentenceReader, frames: list[Frame]) -> list[Frame]:
    """A public body's memo that accuses is an act as well; a public act that accuses is an accusation as well."""
    added: list[Frame] = []
    kinds = {frame.type for frame in frames}
    text = reader.s.text
    for frame in frames:
        public = [s for s in frame.speakers if reader.d.is_government(s[0]) or reader.d.is_government(s[1])]
        if (
            frame.type == "allegation"
            and public
            and "government_action" not in kinds
            and re.search(
                r"\b(?:in|with|through|issued|published|released|sent) (?:a|an"
                r"|its) (?:\w+ ){0,3}(?:memo|memorandum|order|report|cable|notice|advisory|bulletin"
                r"|directive)\b",
                text,
            )
        ):
            features = (*frame.features, "act-by-paper")
            added.append(
                replace(frame, type="government_action", status="asserted", speakers=public, features=features)
            )
        if (
            frame.type in ("government_action", "legal_action")
            and frame.extra.get("accuses")
            and "allegation" not in kinds
        ):
            added.append(replace(frame, type="allegation", status="alleged", features=(*frame.features, "act-accuses")))
    return frames + added


def _belongs(discourse: Discourse, sentence: Sentence, frame: Frame) -> bool:
    """Statements and acts must be on the matter; accusations, denials and silence are by their words."""
    if frame.type in ("allegation", "admission", "denial"):
        return not has("offmatter_text", sentence.text) or has("strong_misdeed_text", sentence.text)
    if frame.type == "no_response":
        return bool(discourse.accused or discourse.accuser)
    if frame.type == "statement":
        if has("offmatter_text", sentence.text):
            return False
        return all(s is not None for s, _ in frame.speakers)
    return True


_PAPER_SUBJECT = re.compile(
    r"(?:\w+, )?(?:The|the|That|that|This|this|Its|its) (?:[\w-]+ ){0,2}(?:memo|memorandum|letter|report|cable"
    r"|document|filing|complaint|paper|notice|order|dossier|bulletin|bill|text)\b(?!['’])"
)
_PUTS_OUT = re.compile(
    r"(?: [a-z]+){0,3}? (?:put out|issued|published|released|wrote|sent|circulated) (?:a|an|its|the) (?:[\w-]+ ){0,3}?"
    r"(?:memo|memorandum|letter|report|cable|document|filing|paper|notice|dossier|bulletin)\b"
)


def _note_paper(discourse: Discourse, sentence: Sentence, parties: list[Mention]) -> None:
    """ "X put out a memo": X is who the paper speaks for from here on."""
    for party in parties:
        if party.type != "person" and _PUTS_OUT.match(discourse.view.text, party.end, sentence.end):
            discourse.author, discourse.author_for = party.entity_id, None


def _note(discourse: Discourse, sentence: Sentence, frames: list[Frame]) -> None:
    subjects: list[str] = []
    for frame in frames:
        for speaker, organisation in frame.speakers:
            discourse.note_speaker(organisation)
            discourse.note_speaker(speaker)
            if speaker and frame.type != "no_response":
                subjects.append(speaker)
        if frame.type == "allegation":
            discourse.note_allegation(frame.speakers[0][0], frame.accused, frame.target)
    paper = PAPER.search(sentence.text)
    by_paper = [f for f in frames if f.type in ("allegation", "government_action") and f.speakers[0][0]]
    signed = re.search(r"\bsigned by ", sentence.text)
    if signed and discourse.author is not None:
        discourse.author_for = None
    if paper and by_paper and not signed:
        speaker, organisation = by_paper[0].speakers[0]
        discourse.author, discourse.author_for = organisation or speaker, None
    parties = discourse.parties_in(sentence.start, sentence.end)
    _note_paper(discourse, sentence, parties)
    if _PAPER_SUBJECT.match(sentence.text) and not subjects:
        # "it" in the next sentence is this paper, and speaks for whoever put it out
        discourse.subjects = (discourse.author,) if discourse.author is not None else ()
        discourse.is_on_paper = True
        return
    discourse.is_on_paper = False
    if not subjects and parties:
        first = [m for m in parties if m.start - sentence.start < 60]
        if first:
            discourse.note_speaker(first[0].entity_id) if first[0].type != "person" else None
            discourse.subjects = (first[0].entity_id,)
            for mention in parties:
                if mention.type == "person":
                    discourse.persons.append(mention.entity_id)
            return
    discourse.subjects = tuple(dict.fromkeys(subjects)) or discourse.subjects
    group = [ids for place, ids in discourse.groups if sentence.start <= place < sentence.end]
    if group and not (set(group[-1]) & set(subjects)):
        discourse.last_group = group[-1]


# --- frames to claims ---------------------------------------------------------------------------------------------


def _to_claims(discourse: Discourse, sentence: Sentence, frames: list[Frame], facts: Facts) -> list[Claim]:
    quantities = [(i, q) for i, q in enumerate(facts.quantities) if sentence.start <= q.start < sentence.end]
    dates = [
        (i, d)
        for i, d in enumerate(facts.dates)
        if sentence.start <= d.start < sentence.end and not _is_of_reporting(discourse, sentence, d)
    ]
    shares = _shares(discourse, frames, quantities)
    days = _days(discourse, sentence, frames, dates)
    claims: list[Claim] = []
    for position, frame in enumerate(frames):
        frame.target = _target(discourse, sentence, frame)
        own = [(i, facts.quantities[i]) for i in (shares[position] if frame.figures is None else frame.figures)]
        start = sentence.start
        if frame.extra.get("with_previous"):
            start = discourse.view.sentences[sentence.index - 1].start
            own = [
                (i, q)
                for i, q in enumerate(facts.quantities)
                if start <= q.start < sentence.end and _counts(discourse, frame, q)
            ]
        for speaker, organisation in frame.speakers:
            base = Claim(
                type=frame.type,
                start=start,
                end=sentence.end,
                text=discourse.view.text[start : sentence.end],
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
            claims.extend(judge(discourse, sentence, claim, reading) for claim in split)
    return claims


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
        if frame.anchor is None:
            out.append(everything)
            continue
        place = _clause_of(frame.anchor.idx, starts)
        dated = next((clause for clause in reversed(clauses[: place + 1]) if clause), None)
        out.append(dated if dated is not None else everything)
    return out


def _clause_starts(discourse: Discourse, sentence: Sentence) -> list[int]:
    """Where the joined clauses of a sentence begin that have a party of their own for a subject."""
    starts = [sentence.start]
    for match in _JOINED.finditer(sentence.text):
        begin = sentence.start + match.end()
        parties = discourse.parties_in(begin, min(begin + _SUBJECT_WITHIN, sentence.end))
        before = discourse.view.tokens_in(starts[-1], begin)
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


def _counts(discourse: Discourse, frame: Frame, quantity: Quantity) -> bool:
    """A count of the people who were told is no figure of the claim."""
    if quantity.kind != "people":
        return True
    before = discourse.view.text[max(0, quantity.start - 14) : quantity.start]
    return not re.search(r"\b(?:told|to|wrote|informed|warned) $", before)


def _per_party(discourse: Discourse, sentence: Sentence, claim: Claim, own: list[tuple[int, Quantity]]) -> list[Claim]:
    """A sentence with a figure per accused: one claim for each accused, and one for the total."""
    figures = [(i, q) for i, q in own if q.kind in _PARTY_FIGURES]
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
    rest = [i for i, q in own if q.kind not in _PARTY_FIGURES]
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


def _without_doubles(claims: list[Claim]) -> list[Claim]:
    """One claim per speaker, type, accused and figures in a sentence."""
    seen: set[tuple[object, ...]] = set()
    out = []
    for claim in claims:
        key = (
            claim.type,
            claim.start,
            claim.speaker,
            claim.accused,
            claim.quantities if claim.type == "allegation" else (),
        )
        if key not in seen:
            seen.add(key)
            out.append(claim)
    return out
