"""Claims: who says or does what about whom, sentence by sentence, in the order of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.nlp.accusing import read_accusations, read_nominal
from tracker.nlp.acting import read_acts
from tracker.nlp.clauses import cut_clauses
from tracker.nlp.composing import Facts, compose_each
from tracker.nlp.discourse import PAPER, Discourse
from tracker.nlp.foreign import ForeignReader
from tracker.nlp.frames import Frame, SentenceReader, has
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.learned.linear import load_claim_model
from tracker.nlp.learned.reading import LearnedReader, Look
from tracker.nlp.narrating import read_unattributed
from tracker.nlp.saying import read_denials, read_sayings
from tracker.nlp.silence import read_silence
from tracker.nlp.view import Sentence, TextView
from tracker.nlp.weighing import Weighed
from tracker.types import Claim, ClaimType, Mention

_ANSWERS: frozenset[ClaimType] = frozenset({"denial", "no_response"})


class DocumentReader:
    """Reads the sentences of one document in order: first the rules, then what was learned."""

    def __init__(self, view: TextView, facts: Facts, gazetteer: Gazetteer, issuer: str | None) -> None:
        self.discourse = Discourse(view, gazetteer, facts.mentions, issuer)
        self.learned = LearnedReader(self.discourse, facts, load_claim_model())
        self._facts = facts
        self._cues = ForeignReader(self.discourse, facts) if view.language != "en" else None

    def sentences(self) -> Iterator[Sentence]:
        """Those that may state something: no headings, no bare questions."""
        for sentence in self.discourse.view.sentences:
            if self._cues is not None or not (
                _is_heading(self.discourse.view, sentence) or _is_bare_question(self.discourse.view, sentence)
            ):
                yield sentence

    def look(self, sentence: Sentence) -> Look:
        """What a sentence shows, with what the rules read in it."""
        reader = SentenceReader(self.discourse, sentence, list(enumerate(self._facts.quantities)))
        if self._cues is not None:
            frames = [frame_of(claim, ("foreign-cues",)) for claim in self._cues.read(sentence)]
        else:
            frames = _read(reader)
        return self.learned.look(reader, frames)

    def read(self, sentence: Sentence) -> list[Weighed]:
        """The claims of the next sentence, as the first reading has them."""
        look = self.look(sentence)
        frames = self.learned.revise(look)
        made = compose_each(self.discourse, sentence, frames, self._facts)
        self.note(look, [claim for claims in made for claim in claims], frames)
        each = Counter((claim.type, claim.speaker) for claims in made for claim in claims)
        return [
            Weighed(claim, sentence, frame.weighing, each[claim.type, claim.speaker] == 1)
            for frame, claims in zip(frames, made, strict=True)
            for claim in claims
            if frame.weighing is not None
        ]

    def note(self, look: Look, claims: Sequence[Claim], frames: list[Frame]) -> None:
        """Remember what a sentence said before the next one is read."""
        sentence = look.worded.sentence
        _note(self.discourse, sentence, frames)
        if self._cues is not None:
            for claim in claims:
                self._cues.note(claim)
        self.learned.note(look, claims)


def frame_of(claim: Claim, features: tuple[str, ...] = ()) -> Frame:
    """A claim as the frame that it would be made of."""
    return Frame(
        type=claim.type,
        speakers=[(claim.speaker, claim.on_behalf_of)],
        accused=claim.accused,
        accused_as=claim.accused_as,
        status=claim.status,
        via=claim.via,
        target=claim.target,
        figures=claim.quantities,
        features=features,
    )


def find_claims(view: TextView, facts: Facts, gazetteer: Gazetteer, issuer: str | None) -> tuple[Claim, ...]:
    """The claims of a text, in order. An English one needs the parse in `view.doc`."""
    reader = DocumentReader(cut_clauses(view, facts.mentions), facts, gazetteer, issuer)
    weighed: list[Weighed] = []
    for sentence in reader.sentences():
        if view.doc is not None:
            _date_the_last(weighed, sentence, facts)
        weighed += reader.read(sentence)
    claims = _clear_the_silent(reader.learned.reread(weighed), reader.discourse)
    return tuple(_without_doubles(_answering_together(claims)))


_LIKELIER_RIGHT = 0.5
"""The confidence from which a claim is more likely read right than wrong."""


def _clear_the_silent(claims: Sequence[Claim], discourse: Discourse) -> list[Claim]:
    """Nobody is accused by not answering: where a document accuses others, a bystander who was asked is not accused.

    Who is silent by name, or asked about, has to be accused by a charge that is likelier right than wrong. "None of
    the three" and "the company" are those whom the document speaks of, and so accused with them.
    """
    telling = [claim for claim in claims if claim.type in ("allegation", "admission", "denial")]
    sure = [claim for claim in telling if claim.confidence is None or claim.confidence >= _LIKELIER_RIGHT]
    charged = {_owner(party, discourse) for claim in sure for party in claim.accused}
    if not charged:
        return list(claims)
    out = []
    for claim in claims:
        if claim.type == "no_response":
            named = {mention.entity_id for mention in discourse.mentions_in(claim.start, claim.end)}
            spared = {party for party in claim.accused if party in named and _owner(party, discourse) not in charged}
            claim = replace(claim, accused=tuple(party for party in claim.accused if party not in spared))
        out.append(claim)
    return out


def _owner(party: str, discourse: Discourse) -> str:
    """Whoever a party belongs to in the end, else itself."""
    seen = {party}
    while (parent := discourse.parent(party)) is not None and parent not in seen:
        seen.add(parent)
        party = parent
    return party


def _answering_together(claims: Sequence[Claim]) -> list[Claim]:
    """ "X declined to comment; Y did not reply": what one clause answers is what the clause beside it answers."""
    answered: dict[tuple[int, int], set[tuple[str, ...]]] = {}
    for claim in claims:
        if claim.type in _ANSWERS and claim.accused:
            answered.setdefault((claim.start, claim.end), set()).add(claim.accused)
    out = []
    for claim in claims:
        charges = answered.get((claim.start, claim.end), set())
        if claim.type in _ANSWERS and not claim.accused and claim.accused_as is None and len(charges) == 1:
            claim = replace(claim, accused=next(iter(charges)))
        out.append(claim)
    return out


_ISSUED = re.compile(
    r"^(?:The|This|That|Its) (?:\w+ )?(?:warning|accusation|allegation|charge|letter|announcement|statement"
    r"|post|memo|disclosure|complaint)"
    r"s?,? (?:which was |that was )?(?:issued|published|made|sent|dated|released|posted|delivered|announced)\b"
)


def _date_the_last(weighed: list[Weighed], sentence: Sentence, facts: Facts) -> None:
    """ "The warning, issued on February 23, ...": the date is that of the accusation in the sentences just before."""
    issued = _ISSUED.match(sentence.text)
    if issued is None:
        return
    days = [
        i
        for i, d in enumerate(facts.dates)
        if 0 <= d.start - (sentence.start + issued.end()) < 30 and d.end <= sentence.end
    ]
    accusations = [n for n, one in enumerate(weighed) if one.claim.type == "allegation"]
    if not days or not accusations:
        return
    speaker = weighed[accusations[-1]].claim.speaker
    for n in accusations[-3:]:
        claim = weighed[n].claim
        if claim.speaker == speaker and not claim.dates:
            weighed[n] = replace(weighed[n], claim=replace(claim, dates=tuple(days)))


def _is_heading(view: TextView, sentence: Sentence) -> bool:
    return (
        not re.search(r"[.!?:;\"”’)]\s*$", view.text[slice(*sentence.whole)])
        or re.match(r"^(?:Q|Source|Photo|Note):", sentence.text) is not None
        or sentence.text.startswith("(Corrects")
    )


def _is_bare_question(view: TextView, sentence: Sentence) -> bool:
    """ "What it reports.": a clause of a question word and nothing else, as headings are."""
    if not re.match(r"(?:What|How|Why|Where|When|Who|Whom|Which)\b[^,;:?\"“]*\.$", sentence.text):
        return False
    return sum(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in view.tokens_in(sentence.start, sentence.end)) <= 1


def _read(reader: SentenceReader) -> list[Frame]:
    frames = read_silence(reader)
    frames += read_accusations(reader)
    frames += read_denials(reader)
    frames += read_acts(reader)  # before the sayings: "want to write sanctions into the bill" is an act
    frames += read_nominal(reader)
    frames += read_sayings(reader)
    if not frames:
        frames += read_unattributed(reader)
    frames = _with_papers(reader, frames)
    return [frame for frame in frames if _belongs(reader.d, reader.s, frame)]


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
