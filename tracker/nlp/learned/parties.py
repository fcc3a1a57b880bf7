"""Who may be meant: the parties that a sentence names or describes, and what it shows of each one's part in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Token

from tracker.nlp.discourse import PARTY_TYPES
from tracker.nlp.frames import Frame, SentenceReader
from tracker.nlp.learned.words import Word, WordedSentence
from tracker.nlp.phrases import noun_phrase
from tracker.types import ClaimType, EntityType, Mention

SPEAKING: frozenset[EntityType] = PARTY_TYPES | {"publisher"}
NOBODY = ""
"""The candidate that stands for "the document itself says so"."""

_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i"})
_POINTING = frozenset({"the", "its", "that", "this", "both", "these", "those", "his", "her", "their", "our"})
_WITHOUT_ARTICLE = frozenset(
    {
        "officials", "authorities", "plaintiff", "plaintiffs", "defendant", "defendants", "claimant", "complainant",
        "petitioner", "respondent",
    }
)  # fmt: skip
"""Nouns that point to somebody without an article: "U.S. officials said", "Defendant denies"."""
_AGAIN = {
    "fr": r"\b(?:le groupe|l['’]entreprise|la société|la start-up|la jeune pousse|le laboratoire|il|elle|ils|elles"
    r"|les (?:deux|trois) (?:sociétés|entreprises|laboratoires))\b",
    "de": r"\b(?:das unternehmen|der konzern|die firma|das labor|das start-?up|er|sie|es"
    r"|die (?:beiden|drei|zwei) (?:firmen|unternehmen|labore))\b",
    "es": r"\b(?:la empresa|la compañía|el grupo|el laboratorio|la firma|las (?:dos|tres) (?:empresas|firmas))\b",
    "pt": r"\b(?:a empresa|a companhia|o grupo|o laboratório|ela|ele|as (?:duas|três) (?:empresas|firmas))\b",
    "zh": r"(?:该公司|该实验室|公司方面|公司|该企业|他|她|它|两家公司|三家公司|双方|三家|两家)",
}


_QUOTED_WITHIN = 600
"""Characters in which a quotation that a name stands in has to begin."""
_RECALLED = 6
"""How many of those who accused or were accused before may still be meant by a later sentence."""
_SIZE_WORDS = {2: "deux beiden zwei dos duas dois 两 双", 3: "trois drei tres três 三"}
_SIZES = {word: size for size, words in _SIZE_WORDS.items() for word in words.split()}
_TOO_COMMON = frozenset({"company", "with", "that", "from", "have", "this", "data", "model", "group"})
_JOINT = re.compile(
    r"\s*(?:,|、|和|与|及|以及|,? ?(?:and|or|et|und|sowie|e|y|ou|oder)|,? ?as well as|,? along with|, together with)"
    r"\s*(?:the |la |le |l[’']|die |der |das |el |o |a )?"
)


@dataclass
class History:
    """What the claims before this sentence said."""

    speakers: list[str] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)
    """Whoever was accused, the latest last."""
    last_accused: tuple[str, ...] = ()
    accusers: list[str] = field(default_factory=list)
    last: tuple[str, ...] = ()
    """The speakers of the claims of the last sentence that had one."""
    counts: Counter[str] = field(default_factory=Counter)
    """How often each party is named in the whole document."""
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    """The words of each party's names, in lower case: "the ministry" is likelier one whose name says so."""
    recent: dict[str, int] = field(default_factory=dict)
    """The index of the sentence that named each party last."""

    @classmethod
    def of(cls, mentions: Iterable[Mention]) -> History:
        """What is known of a document before its first sentence."""
        counts: Counter[str] = Counter()
        words: dict[str, set[str]] = {}
        for mention in mentions:
            if mention.type in SPEAKING:
                counts[mention.entity_id] += 1
                words.setdefault(mention.entity_id, set()).update(mention.text.lower().split())
                words[mention.entity_id].update(mention.name.lower().split())
        return cls(counts=counts, words={party: frozenset(found) for party, found in words.items()})

    @cached_property
    def most_named(self) -> list[str]:
        """The four parties that the document names most often."""
        return [party for party, _ in self.counts.most_common(4)]

    def note(self, kind: ClaimType, speaker: str | None, accused: Sequence[str]) -> None:
        """Remember one claim."""
        if speaker:
            self.speakers.append(speaker)
            self.last = (*self.last, speaker)
        if accused and kind in ("allegation", "admission"):
            self.last_accused = tuple(accused)
            self.accused += [party for party in accused if party not in self.accused]
        if kind == "allegation" and speaker and speaker not in self.accusers:
            self.accusers.append(speaker)


@dataclass
class Candidate:
    """A party that may be meant, with its marks in the sentence."""

    id: str
    type: str
    marks: list[tuple[str, Word | None, Token | None, int]] = field(default_factory=list)
    """(how: named, described, pronoun), its word, its head token, its place in the text."""


@dataclass
class Scene:
    """A sentence with everything that the choice of parties looks at."""

    reader: SentenceReader
    worded: WordedSentence
    frames: Sequence[Frame]
    history: History
    candidates: dict[str, Candidate] = field(default_factory=dict)
    lists: list[frozenset[str]] = field(default_factory=list)
    """Parties that the sentence names in one list ("A, B and C")."""
    groups: list[frozenset[str]] = field(default_factory=list)
    """Parties that one description stands for ("the three firms")."""
    singled_out: set[str] = field(default_factory=set)
    """Parties that the sentence points at one by one ("that lab")."""
    subject: str = "none"
    """The form of the main subject: a name's type, a pronoun, or the noun of a description."""
    _order: dict[int, int] = field(default_factory=dict)
    _cases: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._nouns = [
            word.form
            for word in self.worded.words
            if word.mention is None and word.form.isalpha() and len(word.form) > 3 and word.form not in _TOO_COMMON
        ]
        self._places = {id(word): index for index, word in enumerate(self.worded.words)}
        self._named()
        if self.reader.d.view.doc is not None:
            self._described()
            self._find_subject()
        else:
            self._find_again()
        self._from_context()
        self._find_lists()

    # --- candidates -------------------------------------------------------------------------------------------

    def _add(self, party: str, how: str, word: Word | None, token: Token | None, place: int) -> None:
        kind = self.reader.d.types.get(party) or self.reader.d._type(party) or "unknown"
        candidate = self.candidates.setdefault(party, Candidate(party, kind))
        if len(candidate.marks) < 4:
            candidate.marks.append((how, word, token, place))

    def _named(self) -> None:
        for word in self.worded.words:
            if word.mention is not None and word.mention.type in SPEAKING:
                self._add(word.mention.entity_id, "named", word, _head(word), word.start)
                self._order[word.start] = len(self._order)
            elif word.mention is not None and word.mention.type == "model":
                owner = self.reader.d.parent(word.mention.entity_id)
                if owner:
                    self._add(owner, "model", word, _head(word), word.start)

    def _find_lists(self) -> None:
        named = [word.mention for word in self.worded.words if word.mention and word.mention.type in SPEAKING]
        run: list[str] = []
        for before, mention in zip([None, *named], named, strict=False):
            text = self.reader.d.view.text[before.end : mention.start] if before is not None else None
            if text is None or not _JOINT.fullmatch(text):
                if len(run) > 1:
                    self.lists.append(frozenset(run))
                run = []
            run.append(mention.entity_id)
        if len(run) > 1:
            self.lists.append(frozenset(run))

    def _stands_for(self, parties: Iterable[str | None]) -> None:
        group = frozenset(party for party in parties if party)
        if len(group) > 1 and group not in self.groups:
            self.groups.append(group)

    def _described(self) -> None:
        reader = self.reader
        for token in reader.tokens:
            lowered = token.lower_
            if lowered in _PRONOUNS and token.dep_ != "expl":
                phrase = noun_phrase(token)
                meant = reader.who(phrase)
                self._stands_for(party for party, _ in meant)
                for party, _ in meant:
                    if party:
                        self._add(party, "pronoun", self.worded.of_token.get(token.i), token, token.idx)
            elif self.worded.of_token.get(token.i) is not None and (
                token.pos_ == "NOUN" or lowered in _WITHOUT_ARTICLE  # "Defendant": the tagger takes it for a name
            ):
                word = self.worded.of_token[token.i]
                if word.mention is not None:
                    continue
                pointing = any(
                    child.lower_ in _POINTING or child.pos_ == "NUM" for child in token.children if child.i < token.i
                )
                if not pointing and lowered not in _WITHOUT_ARTICLE:
                    continue
                phrase = noun_phrase(token)
                if reader.parties(phrase):
                    continue
                for party, _ in reader.who(phrase):
                    if party:
                        self._add(party, "described", word, token, token.idx)
                resolved = reader.d.resolve_text(phrase.text, phrase.start, self._subject_over(token))
                if len(resolved) == 1 and any(child.lower_ in ("that", "this") for child in token.children):
                    self.singled_out.update(resolved)
                self._stands_for(resolved)
                for party in resolved:
                    self._add(party, "resolved", word, token, token.idx)

    @cached_property
    def _subjects(self) -> dict[int, str]:
        """The party that is named as the subject of each verb, by the verb's place in the parse."""
        found: dict[int, str] = {}
        for word in self.worded.words:
            head = _head(word) if word.mention is not None and word.mention.type in SPEAKING else None
            if head is not None and head.dep_ in ("nsubj", "nsubj:pass") and word.mention is not None:
                found.setdefault(head.head.i, word.mention.entity_id)
        return found

    def _subject_over(self, token: Token) -> str | None:
        """The subject of the nearest verb over a description that has one by name: the description is not that one."""
        if not self._subjects:
            return None
        return next((self._subjects[above.i] for above in token.ancestors if above.i in self._subjects), None)

    def _find_subject(self) -> None:
        root = next((token for token in self.reader.tokens if token.dep_ == "ROOT"), None)
        if root is None:
            return
        subject = next((child for child in root.children if child.dep_.startswith("nsubj")), None)
        if subject is None:
            return
        word = self.worded.of_token.get(subject.i)
        self.subject = word.form if word is not None else subject.lower_

    def _find_again(self) -> None:
        pattern = _AGAIN.get(self.reader.d.view.language)
        if pattern and (match := re.search(pattern, self.reader.s.text, re.I)):
            self.subject = "again" if match.start() < 12 else "again-later"
            size = next((n for word, n in _SIZES.items() if word in match.group().lower()), None)
            if size is not None:
                d = self.reader.d
                found = d.group_of_size(size, self.reader.s.start, False, None) or self.history.last_accused
                if len(found) == size:
                    self._stands_for(found)
                    for party in found:
                        self._add(party, "resolved", None, None, -1)

    def _from_context(self) -> None:
        d, history = self.reader.d, self.history
        sources = (
            (d.issuer,), (d.author,), history.last[-2:], history.speakers[-1:], d.persons[-1:], d.subjects,
            history.accused[-_RECALLED:], history.accusers[-_RECALLED:], history.last_accused[:_RECALLED], (d.accuser,),
        )  # fmt: skip
        for frame in self.frames:
            for party, organisation in frame.speakers:
                self._context(party)
                self._context(organisation)
            for party in frame.accused:
                self._context(party)
        for source in sources:
            for party in source:
                self._context(party)
        for party in history.most_named:
            self._context(party)

    def _context(self, party: str | None) -> None:
        if party and party not in self.candidates:
            self._add(party, "context", None, None, -1)

    def places_of(self, party: str) -> list[int]:
        """Which words of the sentence name or describe a party, by their index."""
        return [self._places[id(word)] for _, word, _, _ in self.candidates[party].marks if word is not None]

    # --- what is seen of one ----------------------------------------------------------------------------------

    def part_of(self, party: str) -> list[str]:
        """The traits of a candidate's part in the sentence, of any kind of claim."""
        candidate = self.candidates[party]
        found: dict[str, None] = {f"is:{candidate.type}": None}
        for how, word, token, place in candidate.marks:
            found[f"how:{how}"] = None
            if word is not None:
                self._beside(found, how, word)
            if token is not None:
                self._syntax(found, how, token)
            if place >= 0:
                self._place(found, how, place)
        self._standing(found, party, candidate)
        return list(found)

    def _beside(self, found: dict[str, None], how: str, word: Word) -> None:
        words = self.worded.words
        at = self._places[id(word)]
        left = words[at - 1] if at else None
        right = words[at + 1] if at + 1 < len(words) else None
        for side, other in (("left", left), ("right", right)):
            if other is None:
                found[f"{side}:edge"] = None
                continue
            found[f"{side}:{other.form}"] = None
            for name in other.fields:
                found[f"{side}:~{name}"] = None
        if at >= 2 and left is not None:
            found[f"left2:{words[at - 2].form} {left.form}"] = None
        if right is not None and at + 2 < len(words):
            found[f"right2:{right.form} {words[at + 2].form}"] = None
            for name in words[at + 2].fields:
                found[f"right2:~{name}"] = None
        before = {name for other in words[max(0, at - 8) : at] for name in other.fields}
        after = {name for other in words[at + 1 : at + 8] for name in other.fields}
        for name in before:
            found[f"within-before:~{name}"] = None
        for name in after:
            found[f"within-after:~{name}"] = None

    def _syntax(self, found: dict[str, None], how: str, token: Token) -> None:
        climbed = token
        for _ in range(4):
            if climbed.dep_ in ("conj", "appos", "flat", "compound") and climbed.head.i != climbed.i:
                if climbed.dep_ in ("conj", "appos"):
                    found[f"climb:{climbed.dep_}"] = None
                climbed = climbed.head
            else:
                break
        head = climbed.head
        word = self.worded.of_token.get(head.i)
        form = word.form if word is not None else head.lower_
        case = self._case_of(climbed)
        role = climbed.dep_ + (f"-{case}" if case else "")
        found[f"role:{role}"] = None
        found[f"role:{role}<{form}"] = None
        for name in word.fields if word is not None else ():
            found[f"role:{role}<~{name}"] = None
        path = [role]
        step = head
        for _ in range(3):
            if step.dep_ == "ROOT" or step.head.i == step.i:
                path.append("ROOT")
                break
            path.append(step.dep_)
            step = step.head
            above = self.worded.of_token.get(step.i)
            for name in above.fields if above is not None else ():
                found[f"under:{role}~{name}"] = None
        found["path:" + ">".join(path)] = None
        if climbed.dep_.startswith("nsubj") and head.dep_ == "ROOT":
            found[f"main-subject:{how}"] = None

    def _case_of(self, token: Token) -> str:
        """The preposition of a phrase; kept, because all names of a list hang on one token."""
        if token.i not in self._cases:
            self._cases[token.i] = next((child.lower_ for child in token.children if child.dep_ == "case"), "")
        return self._cases[token.i]

    def _place(self, found: dict[str, None], how: str, place: int) -> None:
        text, start = self.reader.d.view.text, self.reader.s.start
        if how == "named" and place in self._order:
            rank = self._order[place]
            found["order:first" if rank == 0 else "order:second" if rank == 1 else "order:later"] = None
            if rank == len(self._order) - 1:
                found["order:last"] = None
        before = text[max(start, place - _QUOTED_WITHIN) : place]
        if before.count("“") > before.count("”") or before.count('"') % 2 or before.count("«") > before.count("»"):
            found["in-quotes"] = None

    def _standing(self, found: dict[str, None], party: str, candidate: Candidate) -> None:
        d, history = self.reader.d, self.history
        here = any(how == "named" for how, *_ in candidate.marks)
        where = "here" if here else "away"
        flags = {
            "issuer": party == d.issuer,
            "author": party == d.author,
            "spoke-last": party in history.last,
            "spoke-latest": history.speakers[-1:] == [party],
            "spoke": party in history.speakers,
            "accused-last": party in history.last_accused,
            "accused": party in history.accused,
            "accuser": party in history.accusers,
            "accuser-latest": history.accusers[-1:] == [party],
            "subject-before": party in d.subjects,
            "person-latest": d.persons[-1:] == [party],
            "only-here": here and len(self._named_ids) == 1,
        }
        for name, holds in flags.items():
            if holds:
                found[f"{where}:{name}"] = None
                if not here:
                    found[f"subject={self.subject}&{name}"] = None
                    found[f"subject={self.subject}&{name}&{candidate.type}"] = None
        if not here:
            found[f"subject={self.subject}&away&{candidate.type}"] = None
            gap = self.reader.s.index - history.recent.get(party, -9)
            found[f"gap:{min(gap, 4)}"] = None
            found["nobody-named" if not self._named_ids else "others-named"] = None
        own = history.words.get(party, frozenset())
        if self.subject in own and self.subject not in _TOO_COMMON:
            found[f"{where}:subject-in-name"] = None
        if any(noun in own for noun in self._nouns):
            found[f"{where}:noun-in-name"] = None
        ranks = history.most_named[:3]
        found[f"{where}:rank:{ranks.index(party) if party in ranks else 'low'}"] = None
        for frame in self.frames:
            if any(party == speaker for speaker, _ in frame.speakers):
                found[f"rule-speaker:{frame.type}"] = None
                found["rule-speaker"] = None
            if any(party == organisation for _, organisation in frame.speakers):
                found["rule-organisation"] = None
            if party in frame.accused:
                found[f"rule-accused:{frame.type}"] = None
                found["rule-accused"] = None

    @cached_property
    def _named_ids(self) -> frozenset[str]:
        return frozenset(party for party, one in self.candidates.items() if _is_named(one))

    def nobody(self) -> list[str]:
        """The traits of the candidate that nobody in particular is meant."""
        found = ["nobody", f"nobody:subject={self.subject}", f"nobody:named:{min(3, len(self._named_ids))}"]
        found += [f"nobody:rules:{frame.type}" for frame in self.frames if not any(s for s, _ in frame.speakers)]
        found += [f"nobody:~{name}" for name in {n for word in self.worded.words for n in word.fields}]
        if self.reader.d.issuer:
            found.append("nobody:issued")
        root = next((token for token in self.reader.tokens if token.dep_ == "ROOT"), None)
        if root is not None:
            found.append(f"nobody:root:{self.worded.of_token[root.i].form if root.i in self.worded.of_token else ''}")
            found += [
                f"nobody:{child.dep_}" for child in root.children if child.dep_ in ("nsubj:pass", "nsubj", "expl")
            ]
        return found


def _is_named(candidate: Candidate) -> bool:
    return any(how == "named" for how, *_ in candidate.marks)


def _head(word: Word) -> Token | None:
    """The token of a name that the rest of it hangs on."""
    token, mention = word.token, word.mention
    if token is None or mention is None:
        return token
    for _ in range(6):
        if token.head.i != token.i and mention.start <= token.head.idx < mention.end:
            token = token.head
        else:
            break
    return token
