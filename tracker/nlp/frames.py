"""What one sentence of a document says of whom: the frames that claims are made of. English, over the parse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from tracker.nlp.discourse import CAMPAIGN, PAPER, PARTY_TYPES, Discourse
from tracker.nlp.lexicon import occurs
from tracker.nlp.phrases import Phrase, is_passive, subject_phrase
from tracker.nlp.view import Sentence
from tracker.nlp.weighing import Weighing
from tracker.types import ClaimStatus, ClaimType, Mention, Quantity

_CLASS_NOUN = re.compile(
    r"\b(?:compan(?:y|ies)|firms?|labs?|laborator(?:y|ies)|entit(?:y|ies)|actors?"
    r"|operators?|groups?|developers?|rivals?|competitors?|people|individuals|businesses"
    r"|startups?|start-ups?|researchers|employees|staff|personnel|copiers|accounts?"
    r"|attempts?|campaigns?|institutions?|networks?|adversar(?:y|ies)|imitators|hackers"
    r"|parties|players|users|resellers?|makers?|providers?|organi[sz]ations?|somebody"
    r"|someone)\b",
    re.I,
)
GERUND = re.compile(
    r"^(?:(?:that |the |unauthori[sz]ed |covert |adversarial )?distillation|using|training"
    r"|copying|distilling|distillation|doing|such|copies|models?|products?|loopholes?"
    r"|rules?|legal|the (?:danger|risk|practice|technique|method|findings|decisions"
    r"|episode))\b",
    re.I,
)
ACCUSATION = re.compile(
    r"\b(?:accusations?|allegations?|claims?|charges?|reports?|assertions?|suggestions?"
    r"|insinuations?|complaints?|it|they|this|that|them|criticism|account|memo|letter"
    r"|finger-pointing|narrative)\b",
    re.I,
)
HEARSAY = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|supposedly|(?:is|are|was|were) (?:said|alleged"
    r"|believed|reported|accused|suspected|thought) to)\b",
    re.I,
)


_BETWEEN_ACTOR_AND_VERB = re.compile(
    r"(?: (?:has|have|had|also|then|later|again|once|[a-z]+ly|on [A-Z][a-z]+|this \w+|last \w+|earlier)){0,4} "
)


_AUXILIARIES = re.compile(r"(?: (?:has|have|had|also|then|later|again|once|[a-z]+ly|will|would|did|does|do)){0,4} ")
_CLAUSE_BEGINS = re.compile(
    r"(?:[,;:—–\"“]|\b(?:and|but|while|that|whereas|because|after|before|when|if|though|although|as|since))"
    r" ?(?:the )?$"
)


@dataclass
class Frame:
    """One thing that a sentence says: who, what, of whom."""

    type: ClaimType
    speakers: list[tuple[str | None, str | None]]
    """(speaker, on behalf of), one for each joint speaker."""
    accused: tuple[str, ...] = ()
    accused_as: str | None = None
    status: ClaimStatus = "alleged"
    via: tuple[str, ...] = ()
    anchor: Token | None = None
    """The token whose clause holds the figures of this frame."""
    span: tuple[int, int] | None = None
    target: tuple[str, ...] = ()
    takes_figures: bool = True
    figures: tuple[int, ...] | None = None
    """The figures of this frame, where its reader knows them."""
    extra: dict[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    """How it was read, by name: what its claims' confidence is judged by, beside what the sentence itself shows."""
    certainty: float | None = None
    """How sure the learned reading is of it, from 0 to 1."""
    odds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """What that rests on: log-odds of the kind, the speaker and the accused; 1 where the rules read the same."""
    weighing: Weighing | None = None
    """How likely each party was, for the second look."""


def has(cue: str, text: str) -> bool:
    """A `*_text` class of the claims lexicon matches."""
    return occurs("claims", cue, "en", text)


def lemma(token: Token) -> str:
    """The lemma, or the form where the lemmatizer has none."""
    return (token.lemma_ or token.lower_).lower()


class SentenceReader:
    """Finds the frames of one sentence, given what the document has said so far."""

    def __init__(
        self, discourse: Discourse, sentence: Sentence, quantities: Sequence[tuple[int, Quantity]] = ()
    ) -> None:
        self.d = discourse
        self.s = sentence
        self.tokens = discourse.view.tokens_in(sentence.start, sentence.end)
        self.mentions = discourse.mentions_in(sentence.start, sentence.end)
        self.used: set[int] = set()
        self.quantities = [(i, q) for i, q in quantities if sentence.start <= q.start < sentence.end]
        self.alleged: set[str | None] = set()
        """Who has already accused somebody in this sentence."""
        self.charged: set[str | None] = set()
        """Who is accused in a clause of this sentence by a verb or an idiom of accusing."""
        self.via = self._named_sources()

    # --- who --------------------------------------------------------------------------------------------------

    def _named_sources(self) -> tuple[str, ...]:
        """Publishers (and papers) that the sentence names as where it has this from."""
        found: list[str] = []
        for mention in self.mentions:
            if mention.type != "publisher":
                continue
            before = self.d.view.text[max(self.s.start, mention.start - 45) : mention.start]
            after = self.d.view.text[mention.end : min(self.s.end, mention.end + 30)]
            if (
                re.search(
                    r"(?:according to|reported by|seen by|reviewed by|obtained by|viewed by|cited by|citing"
                    r"|published (?:\w+ ){0,6}in|told|quoted by|paper in|interview with|per|by) (?:the |a "
                    r"|an )?$",
                    before,
                    re.IGNORECASE,
                )
                or re.match(r",? (?:\w+ )?(?:report|said|gives|wrote|first|has reported|news)", after)
                or (re.search(r"(?:by|and|,) $", before) and found)
                or re.match(r" (?:nearly|roughly|about|around|over|more|at least|some|[\d,.]+)", after)
            ):
                found.append(mention.entity_id)
        return tuple(dict.fromkeys(found))

    def parties(self, phrase: Phrase) -> list[Mention]:
        """The mentions that a phrase is about: the coordinated heads, not those that hang below a preposition."""
        inside = list(self.d.parties_in(phrase.start, phrase.end))
        persons = [m for m in inside if m.type == "person"]
        if persons:
            heads = [
                m
                for m in persons
                if not re.search(r"(?:['’]s|of|by) $", self.d.view.text[max(phrase.start, m.start - 4) : m.start])
            ]
            return heads if heads else persons
        if len(inside) > 1:
            first = inside[0]
            kept = [first]
            for mention in inside[1:]:
                between = self.d.view.text[kept[-1].end : mention.start]
                if re.fullmatch(
                    r"\s*(?:,|,? ?(?:and|or|as well as|along with)|,? ?(?:and|or)? ?(?:its|the"
                    r"|their)\b[^.;]*|, [^.;]{0,60}?,? and)\s*(?:the )?",
                    between,
                ):
                    kept.append(mention)
            if (
                re.search(r"\b(?:panel|unit|subsidiary|arm|lab|laboratory|lawyers?|office|group|team)$", phrase.text)
                and len(kept) == 1
            ):
                return kept
            return kept
        return inside

    def who(self, phrase: Phrase | None) -> list[tuple[str | None, str | None]]:
        """The speakers that a phrase names or stands for, each with the organisation it speaks for."""
        if phrase is None:
            return []
        text = phrase.text
        panel = re.match(r"(?:an?|one) (?:\w+ ){0,2}(?:committee|panel|subcommittee)\b", text, re.I)
        if panel:
            later = [
                m
                for m in self.d.mentions
                if m.start > phrase.end and m.type == "government" and re.search(r"[Cc]ommittee|[Pp]anel", m.text)
            ]
            if later:
                return [(later[0].entity_id, None)]
        if re.search(
            r"\b(?:headlines?|blogs|media|press|rumou?rs?|critics|an? (?:post|thread|video|comment|blog))\b",
            text.lower(),
        ):
            return [(None, None)]
        beside = re.search(r", $", self.d.view.text[max(self.s.start, phrase.start - 2) : phrase.start])
        if beside and re.match(r"(?:an?|the|its|their|his|her) |(?:chief|former|deputy|president|chair)", text):
            # "Liu Pengyu, | a spokesman for the embassy": the parse took the apposition for the subject
            person = next((m for m in self.mentions if m.type == "person" and m.end == phrase.start - 2), None)
            if person is not None:
                return [(person.entity_id, self.org_of(person, phrase))]
        found = self.parties(phrase)
        if found:
            return [(m.entity_id, self.org_of(m, phrase)) for m in found]
        base = (
            text
            if re.search(r"\b(?:maker|developer|creator|both|none|one) of\b", text, re.I)
            else re.split(r" (?:of|that|who|which|to|for|with|in|on|at|from|by|into|about|behind|over) ", text)[0]
        )
        text, lowered = base, base.lower()
        if re.search(
            r"\b(?:u\.?s\.?|american|us) (?:\w+ )?officials\b|\bthe (?:trump |biden |u\.?s\.? )?administration\b",
            lowered,
        ):
            return [("us-government", None)]
        if re.search(r"\bchinese officials\b", lowered):
            return [("chinese-government", None)]
        if self.d.issuer and (
            (
                lowered in ("it", "we")
                and not (
                    len(self.d.subjects) == 1
                    and self.d.subjects[0] != self.d.issuer
                    and self.d.is_company(self.d.subjects[0])
                    and self.d.subjects[0] in self.d.accused
                )
            )
            or PAPER.search(lowered)
        ):
            return [(self.d.issuer, None)]
        if lowered == "it" and (subject := self._subject_before(phrase.start)) is not None:
            return [(subject, None)]
        publishers = [m for m in self.d.mentions_in(phrase.start, phrase.end) if m.type == "publisher"]
        if publishers:
            return [(publishers[-1].entity_id, None)]
        if (
            re.search(
                r"\bboth (?:chair|men|women|senators|lawmakers|leaders)|\bthe (?:two"
                r"|pair)\b(?! (?:companies|firms|labs))",
                lowered,
            )
            and len(self.d.persons) >= 2
        ):
            return [(p, self.role_org(p)) for p in dict.fromkeys(self.d.persons[-2:])]
        if lowered == "they" and (plural := self._plural_subject_before(phrase.start)):
            return [(party, self.role_org(party)) for party in plural]
        if lowered == "they" and len(self.d.subjects) >= 2:
            return [(p, self.role_org(p)) for p in self.d.subjects]
        if PAPER.search(lowered) and not re.search(r"\b(?:news|magazine)\b", lowered):
            author = self.d.author or self.d.issuer or (self.d.accuser if self.d.accuser else None)
            return [(author, self.d.author_for)] if author else []
        body = self.d.body(text) if re.match(r"^(?:the|its|that|this)\b", lowered) else None
        if body is not None:
            return [(body, None)]
        resolved = self.d.resolve_text(text, phrase.start)
        if (
            not resolved
            and self.d.issuer
            and re.match(
                r"^(?:the (?:company|group|firm|lab|director|secretary|agency|bureau|committee|office"
                r"|administration)|it|we)\b",
                lowered,
            )
        ):
            return [(self.d.issuer, None)]
        return [(i, self.role_org(i)) for i in resolved]

    def subject(self, verb: Token) -> Phrase | None:
        """The subject of a verb: the parties that stand right before it, else the parse's.

        A party that begins a clause and is parted from the finite verb by auxiliaries alone is its subject; the parse
        of a long sentence may look further back, and is right only where its subject holds that party.
        """
        parsed = subject_phrase(verb)
        beside = self._beside(verb)
        if beside is None or (parsed is not None and parsed.start <= beside.start and beside.end <= parsed.end):
            return parsed
        return beside

    def _beside(self, verb: Token) -> Phrase | None:
        """The party, or the list of parties, that begins a clause and ends right before a finite verb."""
        if is_passive(verb) or verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN", "VB"):
            return None
        before = [m for m in self.mentions if m.end <= verb.idx and m.type in PARTY_TYPES]
        if not before or not _AUXILIARIES.fullmatch(self.d.view.text[before[-1].end : verb.idx]):
            return None
        first = last = before[-1]
        joints = [r"(?: and | or |, and |, or )", *([r", "] * (len(before) - 1))]
        for joint, mention in zip(joints, reversed(before[:-1]), strict=False):
            between = self.d.view.text[mention.end : first.start]
            if not re.fullmatch(rf"{joint}(?:the )?", between) or (
                between.startswith((", and", ", or")) and not self._goes_on_as_list(before, mention)
            ):
                break
            first = mention
        lead = self.d.view.text[self.s.start : first.start]
        head = self.d.view.token_at(last.start)
        if head is None or (lead and not _CLAUSE_BEGINS.search(lead)):
            return None
        return Phrase(first.start, last.end, self.d.view.text[first.start : last.end], head)

    def _goes_on_as_list(self, parties: Sequence[Mention], mention: Mention) -> bool:
        """Whether a party has another before it with only a comma between: "A, B, and C", not "by A, and B"."""
        return any(
            self.d.view.text[m.end : mention.start] in (", ", ", the ") for m in parties if m.end < mention.start
        )

    def is_beside(self, parties: Sequence[str | None], verb: Token) -> bool:
        """Whether one of these stands right before a verb, or is the subject that the verb has of its own."""
        own = [t for t in verb.children if t.dep_ in ("nsubj", "nsubj:outer") and t.i < verb.i]
        for mention in self.mentions:
            if mention.entity_id not in parties or mention.end > verb.idx:
                continue
            if _AUXILIARIES.fullmatch(self.d.view.text[mention.end : verb.idx]):
                return True
            if any(mention.start <= t.idx < mention.end for t in own):
                return True
        return False

    def _plural_subject_before(self, place: int) -> list[str]:
        """Whom "they" stands for within a sentence: its main verb's own plural subject ("X researchers", "X and Y")."""
        root = next((t for t in self.tokens if t.dep_ == "ROOT"), None)
        phrase = self.subject(root) if root is not None and root.pos_ in ("VERB", "AUX") else None
        if phrase is None or phrase.end > place:
            return []
        found = list(dict.fromkeys(m.entity_id for m in self.parties(phrase)))
        return found if len(found) > 1 or phrase.head.tag_ in ("NNS", "NNPS") else []

    def _subject_before(self, place: int) -> str | None:
        """The one organisation that is the subject of the sentence's own main verb, where it stands before a place."""
        root = next((t for t in self.tokens if t.dep_ == "ROOT"), None)
        phrase = self.subject(root) if root is not None and root.pos_ in ("VERB", "AUX") else None
        if phrase is None or phrase.end > place:
            return None
        found = {m.entity_id for m in self.parties(phrase) if m.type != "person"}
        return found.pop() if len(found) == 1 else None

    def actors_of(self, verb: Token) -> list[tuple[str | None, str | None]]:
        """Who the subject of a verb names; where the parse has none, the party that stands right before the verb."""
        speakers = self.who(self.subject(verb))
        if speakers:
            return speakers
        before = [m for m in self.mentions if m.end <= verb.idx and m.type in PARTY_TYPES]
        if not before:
            return []
        between = self.d.view.text[before[-1].end : verb.idx]
        if not _BETWEEN_ACTOR_AND_VERB.fullmatch(between):
            return []
        return [(before[-1].entity_id, self.role_org(before[-1].entity_id))]

    def org_of(self, mention: Mention, phrase: Phrase) -> str | None:
        """The organisation that a person speaks for: named beside, or known of the person."""
        if mention.type != "person":
            return None
        for other in self.mentions:
            if other.type not in ("company", "government", "organisation") or other.entity_id == mention.entity_id:
                continue
            if other.start >= mention.end and re.match(
                r"^(?: of| at| from|,? (?:who|the|a|an|its|chief|chair\w*|director|spokes\w+|head"
                r"|founder|president|general|senior|deputy)\b[^.;]{0,60}?\b(?:of|at|for|heads|chairs"
                r"|from|leads|runs)(?: the)?) $",
                self.d.view.text[mention.end : other.start],
            ):
                return other.entity_id
            if (
                other.start >= mention.end
                and re.fullmatch(
                    r", (?:an?|the) (?:senior |former |top )?", self.d.view.text[mention.end : other.start]
                )
                and re.match(
                    r" (?:\w+ )?(?:spokes\w+|executive|researcher|engineer|official|lawyer|employee"
                    r"|scientist|director|manager|analyst|founder|policy|vice|co-founder)",
                    self.d.view.text[other.end :],
                )
            ):
                return other.entity_id
            if other.end <= mention.start and re.fullmatch(
                r"(?:['’]s)? ?(?:\w+[ -]){0,4}(?:spokes\w+|chief(?: executive)?|CEO|director|minister"
                r"|secretary|analyst|lawyer|counsel|adviser|advisor|researcher|engineer|founder"
                r"|president|chair\w*|head|officer|co-founder|scientist|manager|executive"
                r"|vice president),? ",
                self.d.view.text[other.end : mention.start],
            ):
                return other.entity_id
        return self.role_org(mention.entity_id)

    def role_org(self, person: str) -> str | None:
        entry = self.d.gazetteer.entries.get(person)
        if entry is None or entry.speaks_for is None:
            return None
        if entry.role in ("senator", "representative"):
            return None
        return entry.speaks_for

    # --- whom --------------------------------------------------------------------------------------------------

    def accused_in(self, phrase: Phrase | None, speakers: list[str | None]) -> tuple[tuple[str, ...], str | None]:
        """Who a phrase accuses: canonical ids, and its own words where they say less than the ids."""
        if phrase is None:
            return (), None
        text = phrase.text
        own = set(speakers)
        named = [m for m in self.d.parties_in(phrase.start, phrase.end) if m.entity_id not in own]
        named = [
            m
            for m in named
            if not re.match(
                r"['’]s? (?:\w+ ){0,3}(?:models?|outputs?|technology|interface|API|systems?)\b",
                self.d.view.text[m.end : m.end + 40],
            )
            or not re.search(r"\b(?:from|of|on|against|copy|copied)\b", text[: m.start - phrase.start])
        ]
        ids = tuple(dict.fromkeys(m.entity_id for m in named))
        text = re.sub(r"^that ", "", text)
        bare = re.sub(r"(?:\b(?:and|or|the|its|both|China['’]s)\b|[,\s])+", "", _without(text, phrase.start, named))
        if ids:
            return ids, (text if bare else None)
        models = [m for m in self.d.mentions_in(phrase.start, phrase.end) if m.type == "model"]
        if models and (parent := self.d.parent(models[0].entity_id)):
            return ((parent,), text) if parent not in own else ((), None)
        resolved = tuple(
            i
            for i in self.d.resolve_text(text, phrase.start, next(iter(speakers), None))
            if i not in own and not self.d.is_publisher(i)
        )
        words = text if _CLASS_NOUN.search(text) or re.match(r"^(?:that|the|this) ", text, re.I) else None
        if CAMPAIGN.search(text) and resolved:
            words = None
        if re.fullmatch(r"(?:they|it|them|he|she)", text.lower()):
            words = None
        return resolved, words

    def spoken(self, frame_speakers: list[tuple[str | None, str | None]]) -> list[str | None]:
        """Speakers and the organisations they speak for: nobody of these is accused by the speaker."""
        out: list[str | None] = []
        for speaker, organisation in frame_speakers:
            out += [speaker, organisation]
            entity = self.d.gazetteer.find(speaker) if speaker else None
            if entity and entity.parent and entity.type == "company" and self.d.is_company(entity.parent):
                out.append(entity.parent)
        return [item for item in out if item is not None]

    def mark(self, verb: Token) -> None:
        """A frame has taken a verb with all below it, but not the clauses that are merely joined to it."""
        stack = [verb]
        while stack:
            token = stack.pop()
            self.used.add(token.i)
            for child in token.children:
                if (
                    child.dep_ in ("conj", "parataxis")
                    and child.pos_ in ("VERB", "AUX")
                    and token is verb
                    and any(c.dep_.startswith("nsubj") for c in child.children)
                ):
                    continue
                stack.append(child)

    def clause_text(self, token: Token) -> str:
        """The words of a clause, in order."""
        first, last = token.left_edge, token.right_edge
        return self.d.view.text[first.idx : last.idx + len(last)]


def _without(text: str, offset: int, mentions: list[Mention]) -> str:
    for mention in sorted(mentions, key=lambda m: -m.start):
        text = text[: mention.start - offset] + text[mention.end - offset :]
    return text
