"""What a document has said so far: whom 'the company', 'it', 'the three firms' and 'the memo' stand for."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.view import Sentence, TextView
from tracker.types import EntityType, Mention

PARTY_TYPES: frozenset[EntityType] = frozenset({"company", "government", "organisation", "person"})
_NUMBERS = {
    "two": 2,
    "both": 2,
    "pair": 2,
    "three": 3,
    "trio": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
}
_NUMBER_WORDS = {re.compile(rf"\b{word}\b"): number for word, number in _NUMBERS.items()}
_COMPANY = (
    r"(?:company|firm|startup|start-up|lab|laboratory|developer|maker|group|giant|business"
    r"|outfit|upstart|unicorn|vendor|provider|parent|owner|chipmaker|conglomerate"
    r"|enterprise)"
)
_COMPANIES = (
    r"(?:companies|firms|startups|start-ups|labs|laboratories|developers|makers|groups"
    r"|giants|businesses|rivals|outfits|entities|players|ones)"
)
SINGULAR = re.compile(rf"^(?:the|its|that|this|their|his|her)\b.*?\b{_COMPANY}\b(?!s)", re.I)
_POINTING = frozenset(
    f"{word} {noun}" for word in ("that", "this") for noun in ("lab", "laboratory", "company", "firm")
)
PLURAL = re.compile(
    rf"\b{_COMPANIES}\b|^(?:the|all|these|those|both|none of the) (?:two|three|four|five"
    rf"|six|trio|pair|accused)\b|^(?:the )?(?:three|two|four|both)$",
    re.I,
)
CAMPAIGN = re.compile(
    r"^(?:the|these|those|this|that|its|such|most of the|more of the)\b.*?\b(?:campaigns?"
    r"|operations?|operators?|attackers?|activit(?:y|ies)|accounts?|culprits?|networks?"
    r"|efforts?|attempts?|traffic|scheme|aim|goal|prompts|queries|defendants?|accused"
    r"|perpetrators?|actors?)\b",
    re.I,
)
_SUING = re.compile(r"(?:the )?(?:plaintiffs?|claimants?|complainants?|petitioners?)\b", re.I)
_SUED = re.compile(r"(?:the )?(?:defendants?|respondents?)\b", re.I)
PAPER = re.compile(
    r"\b(?:memo|memorandum|letter|report|cable|document|post|blog post|filing|complaint"
    r"|statement|paper|notice|order|dossier|note|dispatch|text|bulletin|submission|release"
    r"|testimony)\b",
    re.I,
)
_BODY = re.compile(
    r"\b(?:department|ministry|embassy|committee|panel|commission|agency|bureau|court"
    r"|office|regulator|watchdog|council|parliament|authority|administration|government"
    r"|institute|university|think tank|institution|foundation|association|body|forum"
    r"|organi[sz]ation|centre|center|alliance)\b",
    re.I,
)


@lru_cache(maxsize=4)
def _place_names(gazetteer: Gazetteer) -> dict[str, str]:
    """The names of the cities that companies have their seat in, with their ids."""
    seats = {entry.seat for entry in gazetteer.entries.values() if entry.seat}
    return {entity.name: entity.id for entity in gazetteer.entities() if entity.id in seats}


@dataclass
class Discourse:
    """The state that one pass over a document keeps; mentions and groups are known from the start."""

    view: TextView
    gazetteer: Gazetteer
    mentions: tuple[Mention, ...]
    issuer: str | None = None
    """Who speaks in a body's own statement."""
    speakers: list[str] = field(default_factory=list)
    """Organisations that spoke or acted, latest last."""
    persons: list[str] = field(default_factory=list)
    accused: tuple[str, ...] = ()
    accuser: str | None = None
    accused_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    target: tuple[str, ...] = ()
    target_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    author: str | None = None
    """Who wrote the memo, letter or report that the document speaks of."""
    author_for: str | None = None
    last_group: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    """Parties that were the subject of the sentence before."""
    is_on_paper: bool = False
    """The subject of the sentence before was a memo, letter, report or bill."""

    def __post_init__(self) -> None:
        self._starts = [m.start for m in self.mentions]
        self._place_names = _place_names(self.gazetteer)
        self.types: dict[str, EntityType] = {m.entity_id: m.type for m in self.mentions}
        self.groups = list(self._groups())
        parties = [m for m in self.mentions if m.type in PARTY_TYPES]
        known = sum(m.entity_id in self.gazetteer.entries for m in parties)
        self.is_unfamiliar = 2 * known < len(parties)
        """Most of those whom the document speaks of are not on file."""

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """Mentions that lie in a span."""
        left = bisect.bisect_left(self._starts, start)
        right = bisect.bisect_left(self._starts, end)
        return [m for m in self.mentions[left:right] if m.end <= end]

    def parties_in(self, start: int, end: int) -> list[Mention]:
        """Mentions in a span that can speak or be accused."""
        return [m for m in self.mentions_in(start, end) if m.type in PARTY_TYPES]

    def parent(self, entity_id: str) -> str | None:
        entity = self.gazetteer.find(entity_id)
        return entity.parent if entity else None

    def is_company(self, entity_id: str | None) -> bool:
        return entity_id is not None and self.types.get(entity_id, self._type(entity_id)) == "company"

    def is_government(self, entity_id: str | None) -> bool:
        return entity_id is not None and self.types.get(entity_id, self._type(entity_id)) == "government"

    def is_publisher(self, entity_id: str | None) -> bool:
        return entity_id is not None and self.types.get(entity_id, self._type(entity_id)) == "publisher"

    def _type(self, entity_id: str) -> EntityType | None:
        entity = self.gazetteer.find(entity_id)
        return entity.type if entity else None

    def country(self, entity_id: str) -> str | None:
        entry = self.gazetteer.entries.get(entity_id)
        if entry is None:
            return None
        return entry.country or (self.country(entry.entity.parent) if entry.entity.parent else None)

    def _groups(self) -> Iterable[tuple[int, tuple[str, ...]]]:
        """Lists of companies ("A, B and C"), each with its place."""
        run: list[Mention] = []
        for mention in [m for m in self.mentions if m.type in ("company", "organisation", "model")]:
            if mention.type == "model" and (not run or run[-1].type != "model"):
                continue
            if run:
                between = self.view.text[run[-1].end : mention.start]
                if re.fullmatch(
                    r"\s*(?:,|、|和|及|与|以及|,? ?(?:and|or|as well as|along with|et|und|e|y|ou|oder)(?: de)?"
                    r"|, de|,? and (?:its|also mentions|also names)|, (?:and )?(?:the )?)\s*",
                    between,
                ):
                    run.append(mention)
                    continue
                if len(run) > 1:
                    yield run[0].start, tuple(dict.fromkeys(m.entity_id for m in run))
            run = [mention]
        if len(run) > 1:
            yield run[0].start, tuple(dict.fromkeys(m.entity_id for m in run))

    def group_of_size(self, size: int | None, near: int, chinese: bool, without: str | None) -> tuple[str, ...]:
        """The list of that many companies that the document names: the next one after a place, else the last before."""
        fitting = [
            (place, ids)
            for place, ids in self.groups
            if (size is None or len(ids) == size)
            and without not in ids
            and not (chinese and any(self.country(i) not in (None, "china") for i in ids))
        ]
        before = [ids for place, ids in fitting if place < near]
        after = [ids for place, ids in fitting if place >= near]
        if (
            self.accused
            and (size is None or len(self.accused) == size)
            and len(self.accused) > 1
            and without not in self.accused
        ):
            return self.accused
        return after[0] if after else (before[-1] if before else ())

    # --- resolving ----------------------------------------------------------------------------------------------

    def resolve_text(self, text: str, near: int, speaker: str | None = None) -> tuple[str, ...]:
        """Who a noun phrase without a name stands for; () where it names nobody in particular."""
        lowered = " ".join(text.lower().split())
        if lowered in ("they", "them", "their", "those"):
            return self.last_group or self.accused
        if lowered in ("it", "its", "itself"):
            return self._singular_pronoun(speaker)
        if lowered in ("he", "she", "him", "her", "his"):
            return tuple(self.persons[-1:])
        count = next((n for word, n in _NUMBER_WORDS.items() if word.search(lowered)), None)
        if PLURAL.search(lowered) or re.match(r"^(?:all |none of )?(?:the )?(?:two|three|four|both)\b", lowered):
            return self._plural(lowered, count, near, speaker)
        if SINGULAR.search(lowered):
            if lowered in _POINTING:
                return self.last_named(near, (speaker,))
            return self._singular(text, lowered, speaker)
        if _SUING.match(lowered):
            return (self.accuser,) if self.accuser else ()
        if _SUED.match(lowered):
            return self.accused
        if CAMPAIGN.search(lowered):
            return self.accused_of.get(speaker or "", self.accused)
        return ()

    def _singular_pronoun(self, speaker: str | None) -> tuple[str, ...]:
        if (self.subjects and len(self.subjects) == 1) or self.is_on_paper:
            return self.subjects
        return tuple(self.speakers[-1:])

    def last_named(self, near: int, without: Iterable[str | None]) -> tuple[str, ...]:
        """The company that was named last before a place: what "that lab" points back to."""
        before = [m for m in self.mentions if m.type == "company" and m.end <= near and m.entity_id not in set(without)]
        return (before[-1].entity_id,) if before else ()

    def _plural(self, lowered: str, count: int | None, near: int, speaker: str | None) -> tuple[str, ...]:
        chinese = "chinese" in lowered or "china" in lowered
        definite = re.match(r"^(?:the|these|those|all|both|none|same)\b", lowered) or "the " in lowered[:14]
        if count is None and not definite:
            return ()
        if count is None:
            return self.last_group or (self.accused if len(self.accused) > 1 else ())
        return self.group_of_size(count, near, chinese, speaker)

    def _singular(self, text: str, lowered: str, speaker: str | None) -> tuple[str, ...]:
        maker = re.search(r"([A-Z][\w-]+)[ -](?:maker|developer|creator|owner)", text) or re.search(
            r"(?:maker|developer|creator) of (?:the )?([A-Z][\w-]+)", text
        )
        if maker:
            model = self.gazetteer.find_by_name(maker.group(1))
            if model is not None and model.parent:
                return (model.parent,)
        ordered = [m.entity_id for m in self.mentions if m.type == "company"]
        recent = [i for i in reversed(self.speakers) if self.is_company(i)]
        candidates = list(dict.fromkeys([*recent, *self.accused, *reversed(ordered)]))
        seat = next(
            (
                self._place_names[name]
                for name in re.findall(r"[A-Z]\w+(?: [A-Z]\w+)?", text)
                if name in self._place_names
            ),
            None,
        )
        if seat:
            seated = [i for i in candidates if (entry := self.gazetteer.entries.get(i)) and entry.seat == seat]
            return tuple(seated[:1])
        if re.search(r"\bchinese\b|\bchina\b", lowered):
            there = [i for i in [*self.accused, *candidates] if self.country(i) == "china"]
            return tuple(there[:1])
        if re.search(r"\bamerican\b|\bu\.?s\.?\b", lowered):
            return tuple([i for i in candidates if self.country(i) == "united-states"][:1])
        if (
            re.search(r"\bstart-?up\b|\blab(?:oratory)?\b", lowered)
            and len(self.accused) == 1
            and lowered.startswith(("that", "the startup", "the start-up", "the lab"))
        ):
            return self.accused
        return tuple(candidates[:1])

    def body(self, text: str) -> str | None:
        """ "The department", "the panel": the public body of that kind that was named last."""
        noun = _BODY.search(text)
        if noun is None:
            return None
        word = noun.group().lower()
        kinds = {
            "panel": "committee",
            "regulator": "",
            "watchdog": "",
            "body": "",
            "administration": "government",
            "institution": "institut",
        }
        wanted = kinds.get(word, word)
        for entity_id in [*reversed(self.speakers), *[m.entity_id for m in reversed(self.mentions)]]:
            if self.types.get(entity_id) not in ("government", "organisation"):
                continue
            names = (
                " ".join(m.text for m in self.mentions if m.entity_id == entity_id)
                + " "
                + (e.name if (e := self.gazetteer.find(entity_id)) else "")
            )
            if wanted in names.lower():
                return entity_id
        return None

    # --- noting -------------------------------------------------------------------------------------------------

    def note_speaker(self, entity_id: str | None) -> None:
        if entity_id is None:
            return
        kind = self.types.get(entity_id, self._type(entity_id))
        if kind == "person":
            self.persons.append(entity_id)
        elif kind in ("company", "government", "organisation"):
            self.speakers.append(entity_id)

    def note_allegation(self, speaker: str | None, accused: tuple[str, ...], target: tuple[str, ...]) -> None:
        if speaker is not None:
            self.accuser = speaker
        if accused:
            if not set(accused) < set(self.accused):
                self.accused = accused
            if speaker and not set(accused) < set(self.accused_of.get(speaker, ())):
                self.accused_of[speaker] = accused
            if len(accused) > 1:
                self.last_group = accused
        if target:
            self.target = target
            if speaker:
                self.target_of[speaker] = target

    def paragraph_sentences(self, sentence: Sentence) -> list[Sentence]:
        near = self.view.sentences[max(0, sentence.index - 8) : sentence.index + 9]
        return [s for s in near if s.paragraph == sentence.paragraph]
