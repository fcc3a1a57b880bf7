"""Proposed claims against the document: what is not in its words is not taken.

A claim is taken if its quote stands word for word in the text; then its span is the whole sentences that hold the
quote, its names are mentions that the base extractor read, and its figures and dates are the base extractor's own.
Only white space is folded: a quotation mark of another shape is another text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.ids import slugify
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.remote_answer import Dropped, ProposedClaim
from tracker.nlp.remote_prompt import visible
from tracker.nlp.sentences import split_sentences
from tracker.types import ACCUSING_TYPES, Claim, DateMention, Document, EntityType, Extraction, Mention, Quantity

_MAX_SENTENCES = 2
_MIN_QUOTE_CHARS = 8
_PARTIES: tuple[EntityType, ...] = ("company", "government", "organisation", "person", "publisher")
_TARGETS: tuple[EntityType, ...] = ("model", *_PARTIES)
_SOURCES: tuple[EntityType, ...] = ("publisher", "law", *_PARTIES)
_TURNS_ROUND = re.compile(
    r"\b(?:not|never|no|nor|none|neither|without|unless|if|whether|den(?:y|ies|ied|ying)|false|untrue)\b|n['’]t\b"
    r"|\?|？|\b(?:ne|pas|jamais|nicht|kein\w*|nie|não|nunca|ob|wenn|si|se)\b|不|没|未|否认|是否|如果",
    re.IGNORECASE,
)
"""What, left out of a quote, may turn it into its opposite."""
_TIED = re.compile(
    r"\b(?:linked|tied|affiliated|connected|associated|belonging|related|traced)\s+(?:with|to|back to)\b[^.;:!?]{0,80}$"
)
_TITLE = re.compile(
    r"^(?:(?:Sens?|Reps?|Mr|Mrs|Ms|Dr|Prof|Gov)\.?|Senator|Representative|Congress(?:man|woman)|President|Professor"
    r"|Minister|Secretary|Director)\s+"
)
_IN_NUMBER = re.compile(r"\d[.,]\d")
_NUMERAL = re.compile(r"[\d〇零一二两三四五六七八九十百千万亿兆]")
_POSSESSIVE = re.compile(r"['’]s?$")


class Rejected(Exception):
    """A proposed claim that is not taken; its text says why. Never leaves this package."""


def fold(text: str) -> str:
    """Runs of white space as one space, none at the ends."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Folded:
    text: str
    places: list[int]
    """Of each folded character, its offset in the text that was folded."""

    @classmethod
    def of(cls, text: str) -> _Folded:
        places: list[int] = []
        kept: list[str] = []
        for word in re.finditer(r"\S+", text):
            if kept:
                kept.append(" ")
                places.append(word.start() - 1)
            kept.append(word.group())
            places.extend(range(word.start(), word.end()))
        return cls("".join(kept), places)

    def find_all(self, words: str) -> Iterable[tuple[int, int]]:
        """Every place, in the unfolded text, where the words stand as whole words."""
        begin = self.text.find(words) if words else -1
        while begin >= 0:
            end = begin + len(words)
            if not _splits_word(self.text, begin) and not _splits_word(self.text, end):
                yield self.places[begin], self.places[end - 1] + 1
            begin = self.text.find(words, begin + 1)


def _splits_word(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    left, right = text[place - 1], text[place]
    if _IN_NUMBER.match(text, max(place - 2, 0)) or (place > 1 and _IN_NUMBER.match(text, place - 1)):
        return True
    if ord(left) >= 0x2E80 or ord(right) >= 0x2E80:  # scripts that write no spaces
        return False
    return left.isalnum() and right.isalnum()


class ClaimCheck:
    """Checks what a model proposes for one document.

    `sent` is the beginning of the document's text that the model has seen; `read` is what the base extractor read.
    """

    def __init__(self, document: Document, sent: str, read: Extraction, gazetteer: Gazetteer) -> None:
        self._document = document
        self._read = read
        self._gazetteer = gazetteer
        self._text = visible(sent)
        self._folded = _Folded.of(self._text)
        self._sentences = split_sentences(self._text)
        self._ends = [end for _, end in self._sentences]
        self._mentions: dict[str, list[Mention]] = {}
        for mention in read.mentions:
            for form in {_name_key(mention.text), _name_key(mention.name)}:
                self._mentions.setdefault(form, []).append(mention)
        self._mentioned = {mention.entity_id for mention in read.mentions}
        self._issuers = _issuer_ids(document, read.mentions, gazetteer)

    def check(self, proposed: ProposedClaim, dropped: list[Dropped]) -> Claim:
        """The claim with the document's own words; what was left out of it goes into `dropped`.

        Raises:
            Rejected: the claim cannot be taken.
        """
        start, end = self._place(proposed)
        speaker, organisation = self._speaker(proposed, start, end)
        accused, accused_as = self._accused(proposed, start, end, dropped)
        if proposed.status == "denied" and proposed.type != "denial":
            raise Rejected(f"its status is denied, its type {proposed.type}")
        return Claim(
            type=proposed.type,
            start=start,
            end=end,
            text=self._document.text[start:end],
            speaker=speaker,
            accused=accused,
            accused_as=accused_as,
            target=self._others(proposed.target, _TARGETS, start, end, dropped),
            quantities=self._indices("figure", proposed.figures, self._read.quantities, start, end, dropped),
            dates=self._indices("date", proposed.dates, self._read.dates, start, end, dropped),
            via=self._others(proposed.via, _SOURCES, start, end, dropped),
            status={"denial": "denied", "no_response": "asserted"}.get(proposed.type, proposed.status),  # type: ignore[arg-type]
            on_behalf_of=organisation,
        )

    # --- the quote ------------------------------------------------------------------------------------------------

    def _place(self, proposed: ProposedClaim) -> tuple[int, int]:
        """The span of the sentences that hold the quote."""
        quote = fold(proposed.quote)
        found = list(self._folded.find_all(quote))
        if not found:
            raise Rejected("the quote does not stand in the text")
        if len(quote) < _MIN_QUOTE_CHARS:
            raise Rejected("the quote is too short to say anything")
        spans = list(dict.fromkeys(self._sentences_around(*place) for place in found))
        if len({fold(self._text[first:last]) for first, last in spans}) > 1:
            raise Rejected("the quote stands in several sentences")
        start, end = spans[0]
        place = found[0]
        around = f"{self._text[start : place[0]]} {self._text[place[1] : end]}"
        if proposed.type in ("allegation", "admission") and _TURNS_ROUND.search(around):
            raise Rejected("the quote leaves out words of its sentence that may turn it round")
        return start, end

    def _sentences_around(self, start: int, end: int) -> tuple[int, int]:
        first = bisect.bisect_right(self._ends, start)
        last = first
        while last + 1 < len(self._sentences) and self._sentences[last + 1][0] < end:
            last += 1
        if last - first >= _MAX_SENTENCES:
            raise Rejected(f"the quote is longer than {_MAX_SENTENCES} sentences")
        return self._sentences[first][0], self._sentences[last][1]

    # --- names ----------------------------------------------------------------------------------------------------

    def _speaker(self, proposed: ProposedClaim, start: int, end: int) -> tuple[str | None, str | None]:
        """(speaker, the organisation that a person speaks for). An unknown speaker is not an unattributed claim."""
        if proposed.speaker is None:
            return None, None
        speaker = self._resolve(proposed.speaker, _PARTIES, start, end)
        if speaker is None:
            raise Rejected(f"the speaker {proposed.speaker!r} is not named in the document")
        if proposed.speaker_for is None:
            return speaker, None
        organisation = self._resolve(proposed.speaker_for, _PARTIES, start, end)
        return speaker, organisation if organisation != speaker else None

    def _accused(
        self, proposed: ProposedClaim, start: int, end: int, dropped: list[Dropped]
    ) -> tuple[tuple[str, ...], str | None]:
        if proposed.type not in ACCUSING_TYPES:
            return (), None
        accused_as = self._own_words(proposed.accused_as, start, end) if proposed.accused_as else None
        if proposed.accused_as and accused_as is None:
            # Without them the names would say more than the document does.
            raise Rejected("the words for the accused do not stand in the claim's sentences")
        ids: list[str] = []
        for name in proposed.accused:
            found = self._resolve(name, _PARTIES, start, end)
            if found is None and (phrase := self._own_words(name, start, end)) and " " in phrase:
                inside = self._named_in(phrase, start, end)
                ids += inside
                accused_as = accused_as or phrase
            elif found is None:
                dropped.append(Dropped("name", "the accused is not named in the document", name))
            else:
                ids.append(found)
        if proposed.accused and not ids and accused_as is None:
            raise Rejected("none of the accused is named in the document")
        if accused_as is None and any(self._is_only_tied(found, start, end) for found in ids):
            raise Rejected("the document accuses somebody tied to the accused, not the accused")
        return tuple(dict.fromkeys(ids)), accused_as

    def _others(
        self, names: Sequence[str], types: tuple[EntityType, ...], start: int, end: int, dropped: list[Dropped]
    ) -> tuple[str, ...]:
        ids: list[str] = []
        for name in names:
            found = self._resolve(name, types, start, end)
            if found is None:
                dropped.append(Dropped("name", "not named in the document", name))
            else:
                ids.append(found)
        return tuple(dict.fromkeys(ids))

    def _resolve(self, name: str, types: tuple[EntityType, ...], start: int, end: int) -> str | None:
        """The entity of a name, if the document mentions it (or is its own statement); types rank what it may mean."""
        key = _name_key(name)
        mentions = self._mentions.get(key) or self._mentions.get(_name_key(_TITLE.sub("", fold(name)))) or []
        fitting = sorted((m for m in mentions if m.type in types), key=lambda m: types.index(m.type))
        here = [m for m in fitting if start <= m.start < end]
        for group in (here, fitting):
            best = {m.entity_id for m in group if m.type == group[0].type}
            if len(best) == 1:
                return best.pop()
            if best:
                return None  # two bearers of one name: nobody can tell which
        if key in self._issuers:
            return self._issuers[key]
        known = self._gazetteer.find_by_name(fold(name))
        if known is None or known.type not in types:
            return None
        is_named = known.id in self._mentioned or any(self._folded.find_all(fold(name)))
        return known.id if is_named else None

    def _own_words(self, words: str, start: int, end: int) -> str | None:
        """The words as the document writes them within a span."""
        folded = fold(words)
        if not folded:
            return None
        place = next((p for p in self._folded.find_all(folded) if start <= p[0] and p[1] <= end), None)
        return fold(self._text[place[0] : place[1]]) if place else None

    def _named_in(self, phrase: str, start: int, end: int) -> list[str]:
        place = next(p for p in self._folded.find_all(phrase) if start <= p[0] and p[1] <= end)
        inside = [m for m in self._read.mentions if place[0] <= m.start and m.end <= place[1] and m.type in _PARTIES]
        is_tied = bool(inside) and _TIED.search(self._text, place[0], inside[0].start) is not None
        ids = list(dict.fromkeys(m.entity_id for m in inside))
        # "X's rival Y": who of the two is meant is not ours to guess.
        return ids if is_tied or len(ids) == 1 else []

    def _is_only_tied(self, entity_id: str, start: int, end: int) -> bool:
        """Whether all that these sentences say of a party is that somebody is tied to it."""
        here = [m for m in self._read.mentions if m.entity_id == entity_id and start <= m.start < end]
        return bool(here) and all(_TIED.search(self._text, start, m.start) for m in here)

    # --- figures and dates ----------------------------------------------------------------------------------------

    def _indices(
        self,
        what: Literal["figure", "date"],
        given: Sequence[str],
        read: Sequence[Quantity | DateMention],
        start: int,
        end: int,
        dropped: list[Dropped],
    ) -> tuple[int, ...]:
        """Which of the base extractor's figures (or dates) in the span the given words stand for."""
        own = [(index, item) for index, item in enumerate(read) if start <= item.start and item.end <= end]
        found: list[int] = []
        for words in given:
            places = [p for p in self._folded.find_all(fold(words)) if start <= p[0] and p[1] <= end]
            hits = {index for index, item in own for place in places if self._stands_for(place, item)}
            if len(hits) == 1:
                found.append(hits.pop())
            elif not places:
                dropped.append(Dropped(what, "does not stand in the claim's sentences", words))
            elif not hits:
                dropped.append(Dropped(what, "the base extractor reads no such one there", words))
            else:
                dropped.append(Dropped(what, "may be one of several there", words))
        return tuple(sorted(set(found)))

    def _stands_for(self, place: tuple[int, int], item: Quantity | DateMention) -> bool:
        """Whether words at a place are those of a figure: they share some, and hold all of its numerals."""
        if item.end <= place[0] or place[1] <= item.start:
            return False
        return all(
            place[0] <= item.start + numeral.start() < place[1]
            for numeral in _NUMERAL.finditer(self._text[item.start : item.end])
        )


def _name_key(name: str) -> str:
    """A name for comparison: no article, possessive or case."""
    key = _POSSESSIVE.sub("", fold(visible(name)).strip("\"“”'‘’ ,.;")).casefold()
    return key.removeprefix("the ")


def _issuer_ids(document: Document, mentions: tuple[Mention, ...], gazetteer: Gazetteer) -> dict[str, str]:
    """In a body's own statement its publisher may speak without being named: {name for comparison: id}."""
    name = re.sub(r"\s*\([^)]*\)\s*$", "", document.publisher).strip()
    if document.publisher_type not in ("company", "government") or not name:
        return {}
    known = gazetteer.find_by_name(name)
    if known is not None:
        return {_name_key(form): known.id for form in (name, known.name, *known.aliases)}
    named = next((m.entity_id for m in mentions if _name_key(m.text) == _name_key(name)), None)
    return {_name_key(name): named or slugify(name)}
