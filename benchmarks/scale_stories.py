"""Invented news in words, for what has to be read: stories on the matter, stories near it, and stories of other things.

Who charges whom, what is told again and for how long is that of reconcile_world.py; here it is written out, in the
turns of news reports, so that the extractor finds the parties, figures, days and answers by reading. Of a hundred
stories 40 tell of a charge, an inquiry or an answer, 10 speak of AI and of nothing else that matters, 50 of neither.
Some of the first are printed word for word by another paper. Every firm, model and paper is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, count, islice
from random import Random

from benchmarks.reconcile_world import World, _Happening

PAPERS = 50
"""Hosts, each with a feed of its own."""
_ON_THE_MATTER, _NEAR, _REPRINTED = 0.4, 0.1, 0.08
_STARTS = ("Cor", "Tel", "Han", "Mar", "Pel", "Nor", "Est", "Far", "Yun", "Qil")
_ENDS = ("vane AI", "lurix Labs", "bury AI", "row Systems", "lucid AI", "vik Intelligence", "mere Labs", "ong Data")
_MODELS = ("Lor", "Ost", "Bram", "Ans", "Vell", "Kest", "Dru", "Pip", "Ond", "Sel")
_MODEL_ENDS = ("elei", "inato", "bletine", "elmo", "umera", "rella", "idan", "wort")
_STATES = (
    "Department of Commerce", "Ministry of Commerce", "European Commission", "Department of Justice",
    "Federal Trade Commission", "House Select Committee on China", "Senate Banking Committee", "White House",
    "Ministry of Foreign Affairs", "Bureau of Industry and Security", "Cyberspace Administration of China",
    "House Judiciary Committee", "Senate Commerce Committee", "State Department", "Senate Judiciary Committee",
)  # fmt: skip
_FIRST = ("Ines", "Jonas", "Marta", "Oskar", "Lena", "Tomas", "Aurelie", "Wei", "Priya", "Samuel")
_LAST = ("Marwick", "Takahara", "Kanza", "Freer", "Holloway", "Lindqvist", "Boyle", "Zhang", "Okoro", "Petrescu")
_CHARGES = (
    "{speaker} on {weekday} accused {accused} of copying its {model} models through {figure} fraudulent accounts.",
    "{accused} used {figure} fake accounts to draw answers out of {model}, {speaker} said in a report on {weekday}.",
    "{speaker} said on {weekday} that operators affiliated with {accused} had opened {figure} accounts to distill "
    "{model} into a model of their own.",
    "Engineers of {accused} trained a rival on the outputs of {model}, in breach of its terms, {speaker} alleged in a "
    "letter of {day} to the {state}.",
)
_MEASURES = (
    "The {state} opened an inquiry into {accused} on {weekday} over the unauthorised distillation of {model}.",
    "The {state} added {accused} to its list of restricted firms on {day}, citing {figure} accounts with which "
    "{model} had been copied.",
    "The {state} told {accused} on {weekday} to hand over its records of {figure} accounts that had queried {model}.",
)
_DETAILS = (
    "The accounts made {exchanges} exchanges with {model} between {since} and {day}, according to {speaker}.",
    "{speaker} said it had blocked the accounts on {day} and had told other laboratories what to look for.",
    "Most of the traffic asked for worked answers in mathematics and code, {speaker} said in its report.",
    "The requests came through proxy services that resell access to {model}, according to a person who has seen the "
    "report of {speaker}.",
    "{person}, who heads security at {speaker}, said the campaign had cost {accused} less than $2 million.",
    "{accused} denied that it had used {model} for training, and said that it would publish its own records.",
)
_ANSWERS = (
    "{accused} did not respond to a request for comment.",
    "A spokesman for {accused}, {person}, called the charge baseless.",
    "{accused} declined to comment on the report.",
    "{accused} denied that it had trained on the answers of {model}.",
)
_RECALLS = (
    "In {month} {speaker} had accused {accused} of copying {model} in the same way.",
    "The case recalls that of {accused}, which {speaker} charged with the distillation of {model} in {month}.",
)
_WHO = (
    "Analysts",
    "Lawyers",
    "Engineers",
    "Lawmakers",
    "Researchers",
    "Investors",
    "Customers",
    "Smaller laboratories",
)
_THINK = ("doubt that", "argue that", "fear that", "say that", "hope that", "ask whether", "expect that", "deny that")
_MEANS = (
    "filters",
    "watermarks",
    "export rules",
    "rate limits",
    "lawsuits",
    "terms of service",
    "audits",
    "price rises",
)
_HOW = (
    "alone",
    "by themselves",
    "in practice",
    "before long",
    "at this scale",
    "without a court",
    "next year",
    "at all",
)
_DO = ("would stop", "could slow", "might expose", "will deter", "would hurt", "could save", "may help", "would annoy")
_WHOM = (
    "a patient rival",
    "distillation",
    "start-ups",
    "honest users",
    "large models",
    "resellers",
    "students",
    "banks",
)
_SINCE = (
    "since answers are cheap", "as one of them put it", "as each query is paid for", "after the last case",
    "in most countries", "while the market grows", "when nobody looks", "if accounts can be rented",
)  # fmt: skip
_AI_NEWS = (
    "An assistant built on a language model reads tide tables aloud to visitors of the harbour museum.",
    "The school board wants pupils to learn what a chatbot can do and where it makes things up.",
    "Drivers of the night bus will try a system that plans their breaks with machine learning.",
    "The hospital bought software that finds shadows on X-ray pictures, and doctors look at each of them again.",
)
_PLACES = ("Harbour", "Market", "Station", "Valley", "Bridge", "Meadow", "Castle", "Orchard", "Lantern", "Quarry")
_SUBJECTS = ("The council", "A farmer", "The club", "The bakery", "The school", "A ferry", "The choir", "The museum")
_DEEDS = ("opened", "repaired", "lost", "found", "painted", "sold", "counted", "borrowed", "cleaned", "moved", "showed")
_KINDS = ("old", "narrow", "wooden", "borrowed", "blue", "unfinished", "heavy", "second", "quiet", "crooked", "new")
_THINGS = (
    "hall", "map", "bridge", "tree", "boat", "clock", "roof", "garden", "kitchen", "stage", "road", "window", "bell",
    "bench", "ladder", "market", "oven", "fence", "library", "pier", "tower", "orchard", "drum", "lamp",
)  # fmt: skip
_WHERE = ("behind", "beside", "above", "near", "opposite", "inside", "below", "along", "across from", "in front of")
_TAILS = (
    "on {day}", "for {sum}", "with {some} visitors", "since {month}", "before the frost", "despite the rain",
    "at the second try", "for its neighbours", "without much noise", "to everybody's surprise", "until dusk",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What one paper prints."""

    number: int
    paper: int
    day: date
    title: str
    paragraphs: tuple[str, ...]

    @property
    def host(self) -> str:
        """The paper's host."""
        return f"paper{self.paper}.example"

    @property
    def path(self) -> str:
        """Where it stands there."""
        return f"/{self.day:%Y/%m/%d}/story-{self.number:06d}"

    @property
    def text(self) -> str:
        """Its words."""
        return "\n\n".join(self.paragraphs)


def stories(number: int, papers: int = PAPERS) -> list[Story]:
    """The first stories of the invented news, printed by so many papers, in the order of their days."""
    return list(islice(chain.from_iterable(Newsroom(papers).editions()), number))


class Newsroom(World):
    """Tells the happenings of the world in words."""

    def __init__(self, papers: int = PAPERS) -> None:
        super().__init__()
        self._papers = papers
        self._firms = firms = [f"{start}{end}" for start in _STARTS for end in _ENDS]
        models = [f"{start}{end}" for start in _MODELS for end in _MODEL_ENDS]
        self._names = {
            **{f"firm-{n}": name for n, name in enumerate(firms)},
            **{f"model-{n}": name for n, name in enumerate(models)},
            **{f"state-{n}": name for n, name in enumerate(_STATES)},
        }
        self._numbers = count()
        self._printed: list[Story] = []

    def editions(self) -> Iterator[list[Story]]:
        """The stories of one day after the other, without end."""
        return self.days()  # type: ignore[return-value]

    def _document(self) -> Story:  # type: ignore[override]
        chance = self._random
        kind = chance.random()
        paper, number = chance.randrange(self._papers), next(self._numbers)
        if kind >= _ON_THE_MATTER:
            return self._other(number, paper, near=kind < _ON_THE_MATTER + _NEAR)
        if self._printed and chance.random() < _REPRINTED:
            again = chance.choice(self._printed[-20:])
            return replace(again, number=number, paper=paper, day=self._day)
        live = [item for item in self._live if item.waiting]
        again_told = live and chance.random() < self._carried
        told = chance.choices(live, [item.waiting for item in live])[0] if again_told else self._happen()
        told.waiting = max(told.waiting - 1, 0)
        story = Story(number, paper, self._day, self._title(told), tuple(self._tell_in_words(told)))
        self._printed.append(story)
        return story

    def _title(self, told: _Happening) -> str:
        names = self._said(told)
        if told.type == "government_action":
            return f"{names['state']} looks into {names['accused']} over copying of {names['model']}"
        return f"{names['speaker']} accuses {names['accused']} of copying {names['model']}"

    def _tell_in_words(self, told: _Happening) -> Iterator[str]:
        chance, names = self._random, self._said(told)
        lead = chance.choice(_MEASURES if told.type == "government_action" else _CHARGES)
        yield lead.format(**names)
        details = chance.sample(_DETAILS, chance.randint(2, 4))
        for detail in details:
            yield f"{detail.format(**names)} {_aside(chance)}"
        yield chance.choice(_ANSWERS).format(**names)
        if self._past and chance.random() < 0.3:
            yield chance.choice(_RECALLS).format(**self._said(chance.choice(self._past[-400:])))
        yield from (f"{_aside(chance)} {_aside(chance)}" for _ in range(chance.randint(1, 2)))

    def _said(self, told: _Happening) -> dict[str, str]:
        """The words for one happening: a paper may round the figure."""
        chance = self._random
        speaker, state, model = told.speaker, chance.choice(_STATES), told.target
        if speaker.startswith("state"):  # it acts for a firm of ours, whose model was copied
            number = told.figure % len(self._firms)
            speaker, state, model = f"firm-{number}", self._names[told.speaker], f"model-{number}"
        about = chance.choice(("{:,}", "more than {:,}", "some {:,}"))
        return {
            "speaker": self._names[speaker],
            "accused": self._names[told.accused],
            "model": self._names[model],
            "state": state,
            "figure": about.format(_rounded(told.figure) if " " in about else told.figure),
            "exchanges": f"over {told.figure % 90 + 2}.{told.figure % 9 + 1} million",
            "weekday": f"{told.on:%A}",
            "day": f"{told.on:%B} {told.on.day}, {told.on.year}",
            "since": f"{told.on - timedelta(days=40):%B} {(told.on - timedelta(days=40)).day}",
            "month": f"{told.on:%B} {told.on.year}",
            "person": f"{_FIRST[told.figure % 10]} {_LAST[told.figure // 10 % 10]}",
        }

    def _other(self, number: int, paper: int, *, near: bool) -> Story:
        chance = self._random
        place = chance.choice(_PLACES)
        day = self._day
        words = {
            "sum": f"${chance.randrange(2_000, 90_000):,}",
            "some": f"{chance.randrange(40, 9_000):,}",
            "day": f"{day:%A}",
            "month": f"{day - timedelta(days=45):%B}",
        }
        paragraphs = [" ".join(_local(chance, place, words) for _ in range(4)) for _ in range(6)]
        if near:
            paragraphs.insert(1, " ".join(chance.sample(_AI_NEWS, 2)))
        return Story(number, paper, day, f"News of {place}, {day:%B} {day.day}: story {number}", tuple(paragraphs))


def _aside(chance: Random) -> str:
    """A sentence on the matter that charges nobody."""
    parts = (_WHO, _THINK, _MEANS, _HOW, _DO, _WHOM, _SINCE)
    return f"{' '.join(chance.choice(part) for part in parts)}."


def _local(chance: Random, place: str, words: dict[str, str]) -> str:
    """A sentence of other news: sentences of two stories are as good as never the same."""
    done = f"{chance.choice(_DEEDS)} the {chance.choice(_KINDS)} {chance.choice(_THINGS)}"
    there = f"{chance.choice(_WHERE)} the {chance.choice(_KINDS)} {chance.choice(_THINGS)}"
    tails = " and ".join(chance.sample(_TAILS, 2)).format(**words)
    return f"{chance.choice(_SUBJECTS)} of {place} {done} {there} {tails}."


def _rounded(figure: int) -> int:
    step = 10 ** max(len(str(figure)) - 2, 0)
    return figure // step * step
