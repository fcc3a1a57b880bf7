"""An invented world for the growth benchmark: documents day by day, with the skew of real news.

Few parties are in most stories (Zipf), few events have most documents (a heavy tail), every day brings about as many
documents as the one before; most stories date their event, some only recall an earlier one, some are on other matters.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.types import Claim, ClaimType, DateMention, Document, Entity, Extraction, Mention, Quantity

DOCUMENTS_A_DAY = 25
_START = date(2024, 1, 1)
_COMPANIES = 80
_GOVERNMENTS = 15
_TAIL = 1.3
"""The exponent of the sizes of events: most have a story or two, some a hundred."""
_MOST_STORIES = 120
_WORDS = [
    "through",
    "copied",
    "outputs",
    "queries",
    "model",
    "letter",
    "officials",
    "company",
    "requests",
    "systems",
    "campaign",
    "evidence",
    "described",
    "wrote",
    "reported",
    "people",
    "market",
    "research",
    "training",
    "answers",
    "traffic",
    "service",
    "account",
    "blocked",
    "measures",
    "security",
    "export",
]


def entities() -> tuple[Entity, ...]:
    """The gazetteer of the world."""
    companies = [Entity(f"firm-{n}", f"Firm{n} Labs", "company") for n in range(_COMPANIES)]
    models = [Entity(f"model-{n}", f"Model{n}", "model", parent=f"firm-{n}") for n in range(_COMPANIES)]
    states = [Entity(f"state-{n}", f"Government of Land{n}", "government") for n in range(_GOVERNMENTS)]
    return (*companies, *models, *states)


@dataclass
class _Happening:
    """What happens once: who charges whom with what, and the words by which it is told."""

    on: date
    type: ClaimType
    speaker: str
    accused: str
    target: str
    figure: int
    words: tuple[str, ...]
    stories: int
    waiting: int = field(default=0)


class World:
    """Gives documents in the order of their publication, with what is to be read out of them.

    Of `people` each is named now and then; no gazetteer has them. `carried` is the share of stories that tell of
    something that others have told of, as long as there is any.
    """

    def __init__(self, seed: int = 7, people: int = 0, carried: float = 0.75) -> None:
        self._people, self._carried = people, carried
        self._random = random.Random(seed)
        self._day = _START
        self._live: list[_Happening] = []
        self._past: list[_Happening] = []
        self._number = 0
        self._names = {entity.id: entity.name for entity in entities()}
        self._types = {entity.id: entity.type for entity in entities()}

    def days(self) -> Iterator[list[tuple[Document, Extraction]]]:
        """The documents of one day after the other, without end."""
        while True:
            yield [self._document() for _ in range(DOCUMENTS_A_DAY)]
            self._day += timedelta(days=1)
            self._past += [item for item in self._live if (self._day - item.on).days == 3 and item.stories > 2]
            self._live = [item for item in self._live if item.waiting and (self._day - item.on).days < 12]

    def _zipf(self, kind: str, most: int) -> str:
        weights = [1 / (n + 1) for n in range(most)]
        return f"{kind}-{self._random.choices(range(most), weights)[0]}"

    def _happen(self) -> _Happening:
        chance = self._random
        speaker = self._zipf("firm", _COMPANIES)
        accused = self._zipf("firm", _COMPANIES)
        while accused == speaker:
            accused = f"firm-{chance.randrange(_COMPANIES)}"
        type_: ClaimType = "allegation"
        if chance.random() < 0.25:
            speaker, type_ = self._zipf("state", _GOVERNMENTS), "government_action"
        stories = min(int(chance.paretovariate(_TAIL)), _MOST_STORIES)
        words = tuple(chance.choices(_WORDS, k=8))
        target = speaker.replace("firm", "model") if speaker.startswith("firm") else accused.replace("firm", "model")
        made = _Happening(self._day, type_, speaker, accused, target, chance.randrange(200, 9_000_000), words, stories)
        made.waiting = stories
        self._live.append(made)
        return made

    def _document(self) -> tuple[Document, Extraction]:
        chance = self._random
        self._number += 1
        key = f"w{self._number:06d}"
        page = _Page(self._names, self._types)
        if chance.random() < 0.15:
            page.say(" ".join(chance.choices(_WORDS, k=40)) + ".")
            return page.document(key, self._day, "Other matters", chance), page.extraction(key, "irrelevant")
        live = [item for item in self._live if item.waiting]
        told = (
            chance.choices(live, [item.waiting for item in live])[0]
            if live and chance.random() < self._carried
            else self._happen()
        )
        told.waiting = max(told.waiting - 1, 0)
        self._tell(page, told)
        if chance.random() < 0.5:
            page.claim(
                "no_response" if chance.random() < 0.5 else "denial", told.accused, "did not accept the charge", told
            )
        if self._past and chance.random() < 0.3:
            self._recall(page, chance.choice(self._past[-400:]))
        if self._people:
            number = chance.randrange(self._people)
            page.name(f"person-{number}", f"Anna Person{number}")
        title = f"{self._names[told.speaker]} and {self._names[told.accused]}"
        return page.document(key, self._day, title, chance), page.extraction(key, "relevant")

    def _tell(self, page: _Page, told: _Happening) -> None:
        chance = self._random
        on = told.on if chance.random() < 0.6 else None
        figure = told.figure if chance.random() < 0.6 else None
        page.claim(told.type, told.speaker, " ".join(told.words), told, on=on, figure=figure, accused=(told.accused,))
        page.say(" ".join([*chance.choices(_WORDS, k=60), *told.words]) + ".")

    def _recall(self, page: _Page, past: _Happening) -> None:
        on = past.on if self._random.random() < 0.7 else None
        page.claim(past.type, past.speaker, " ".join(past.words), past, on=on, accused=(past.accused,))


class _Page:
    def __init__(self, names: dict[str, str], types: dict[str, str]) -> None:
        self._names, self._types = names, types
        self.text = ""
        self._mentions: list[Mention] = []
        self._quantities: list[Quantity] = []
        self._dates: list[DateMention] = []
        self._claims: list[Claim] = []

    def say(self, words: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += words + " "
        return start, start + len(words)

    def name(self, entity_id: str, name: str) -> None:
        start, _ = self.say(f"{name} was asked as well.")
        self._mentions.append(Mention(start, start + len(name), name, entity_id, name, "person"))

    def claim(
        self, type_: ClaimType, speaker: str, words: str, told: _Happening, *,
        on: date | None = None, figure: int | None = None, accused: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        parts = [self._names[speaker], "said of", self._names[told.accused], words, self._names[told.target]]
        parts += [f"more than {figure:,} accounts"] if figure else []
        parts += [f"on {on.isoformat()}"] if on else []
        start, end = self.say(" ".join(parts) + ".")
        for entity_id in dict.fromkeys((speaker, told.accused, told.target)):
            at = self.text.index(self._names[entity_id], start)
            name = self._names[entity_id]
            self._mentions.append(Mention(at, at + len(name), name, entity_id, name, self._types[entity_id]))  # type: ignore[arg-type]
        quantities, dates = (), ()
        if figure:
            at = self.text.index("more than", start)
            quantities = (len(self._quantities),)
            self._quantities.append(
                Quantity(at, end - 1 if not on else self.text.index(" on ", at), "", "accounts", figure, None, "over")
            )
        if on:
            at = self.text.index(on.isoformat(), start)
            dates = (len(self._dates),)
            self._dates.append(DateMention(at, at + 10, on.isoformat(), on, on))
        target = (told.target,)
        self._claims.append(
            Claim(type_, start, end, self.text[start:end], speaker, accused, None, target, quantities, dates)
        )

    def document(self, key: str, day: date, title: str, chance: random.Random) -> Document:
        outlet = int(chance.paretovariate(1.0)) % 60
        url = f"https://paper{outlet}.example/{key}"
        return Document(key, self.text, url, f"Paper {outlet}", "news", day, "en", title)

    def extraction(self, key: str, relevance: str) -> Extraction:
        quantities = tuple(
            Quantity(q.start, q.end, self.text[q.start : q.end], q.kind, q.low, q.high, q.qualifier)
            for q in self._quantities
        )
        return Extraction(
            key,
            relevance,
            tuple(self._mentions),
            quantities,
            tuple(self._dates),
            tuple(self._claims),  # type: ignore[arg-type]
        )
