"""Sentences of the news about AI firms with places for names, filled by the gazetteer's types, mostly made up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import srsly
from corpora import BLANK
from invented_names import NameMaker
from spacy.tokens import Doc

_GAZETTEER = Path(__file__).parents[2] / "data" / "gazetteer"
_TEMPLATES = Path(__file__).with_name("name_templates.txt")
_SLOT = re.compile(r"\{(\w+)\}")
_NORP = ("Chinese", "American", "Japanese", "Korean", "European", "French", "German", "Indian", "Russian", "British",
         "Israeli", "Canadian", "Taiwanese", "Republican", "Democrat", "Singaporean", "Dutch", "Brazilian")  # fmt: skip
_SUBJECTS = ("Trade", "Technology", "Science", "Homeland Security", "Foreign Affairs", "Armed Services", "Energy",
             "Intelligence", "Small Business", "Digital Affairs", "Export Policy", "Emerging Technology")  # fmt: skip
_LABELS = {"ORG": "ORG", "GOV": "ORG", "COMMITTEE": "ORG", "MEDIA": "ORG", "UNI": "ORG", "ACR": "ORG", "PER": "PER",
           "LAST": "PER", "LOC": "LOC", "PLACECAPS": "LOC", "MODEL": "MISC", "NORP": "MISC", "BILL": "MISC",
           "LAW": "MISC"}  # fmt: skip


def gazetteer_names(*files: str) -> list[str]:
    """Names and aliases in Latin letters of some gazetteer files, in their order."""
    rows: list[dict[str, Any]] = [row for file in files for row in srsly.read_yaml(_GAZETTEER / f"{file}.yaml")]
    names = [name for row in rows for name in (row["name"], *row.get("aliases", ()))]
    return [name for name in dict.fromkeys(names) if name.isascii() and name[0].isupper() and len(name) > 2]


def _split_possessive(words: Sequence[str]) -> list[str]:
    return [part for word in words for part in re.split(r"(?<=\w)(?='s$)", word)]


class NameTemplates:
    """Fills templates; firms, models and people are invented, public bodies, places, media and laws partly real."""

    def __init__(self, rng: Random, places: Sequence[str], people: Sequence[Sequence[str]] = ()) -> None:
        self.rng, self.names = rng, NameMaker(rng)
        self.templates = _TEMPLATES.read_text(encoding="utf-8").splitlines()
        self.bodies = [re.sub(r"^[Tt]he ", "", name) for name in gazetteer_names("governments")]
        self.committees = [name for name in self.bodies if "Committee" in name]
        self.media, self.laws = gazetteer_names("publishers"), gazetteer_names("laws")
        self.places = [*places, *gazetteer_names("places")]
        self.first_names = [name[0] for name in people if len(name) > 1]
        self.last_names = [name[-1] for name in people if len(name) > 1]
        self.fill: dict[str, Callable[[], list[str]]] = {
            "ORG": self.names.organisation, "PER": self._person, "LAST": lambda: [self._surname()],
            "MODEL": self.names.model, "GOV": lambda: self._real(self.bodies), "COMMITTEE": self._committee,
            "MEDIA": self._media, "LAW": self._law, "BILL": self._bill, "UNI": self._university,
            "LOC": lambda: self._real(self.places), "PLACECAPS": lambda: [w.upper() for w in self._real(self.places)],
            "NORP": lambda: [rng.choice(_NORP)], "ACR": self._acronym,
        }  # fmt: skip

    def _person(self) -> list[str]:
        if self.first_names and self.rng.random() < 0.6:
            return [self.rng.choice(self.first_names), self.rng.choice(self.last_names)]
        return self.names.person()

    def _surname(self) -> str:
        return self.rng.choice(self.last_names) if self.last_names and self.rng.random() < 0.7 else self.names.surname()

    def _real(self, names: Sequence[str]) -> list[str]:
        return self.rng.choice(names).split()

    def _acronym(self) -> list[str]:
        return ["".join(self.rng.choice("ABCDEFGHIKLMNOPRSTUV") for _ in range(self.rng.randint(2, 5)))]

    def _committee(self) -> list[str]:
        if self.rng.random() < 0.35:
            return self._real(self.committees)
        house, kind = (
            self.rng.choice(("House", "Senate")),
            self.rng.choice(("Committee", "Subcommittee", "Select Committee")),
        )
        subject = self.rng.choice(_SUBJECTS)
        return (f"{house} {subject} {kind}" if self.rng.random() < 0.6 else f"{house} {kind} on {subject}").split()

    def _media(self) -> list[str]:
        if self.rng.random() < 0.3:
            return self._real(self.media)
        paper = self.rng.choice(("Times", "Post", "Journal", "News", "Tribune", "Herald", "Ledger", "Dispatch"))
        return [*(["The"] if self.rng.random() < 0.5 else []), self.names.word(), paper]

    def _law(self) -> list[str]:
        roll = self.rng.random()
        if roll < 0.25:
            return self._real(self.laws)
        if roll < 0.5:
            return [self.names.word(), "Act"]
        subject = self.rng.choice(
            ("Artificial Intelligence", "Export", "Model", "Chip", "Data", "Cloud", "American AI")
        )
        aim = self.rng.choice(("Safety", "Security", "Transparency", "Controls", "Protection", "Accountability"))
        return f"{subject} {aim} Act".split()

    def _bill(self) -> list[str]:
        number = str(self.rng.randint(10, 9999))
        return self.rng.choice(
            (["H.R.", number], ["S.", number], ["Senate", "Bill", number], ["House", "Bill", number])
        )

    def _university(self) -> list[str]:
        word = self.names.word()
        return self.rng.choice(
            (["University", "of", word], [word, "University"], [word, "Institute", "of", "Technology"])
        )

    def sentence(self) -> tuple[list[str], list[bool], list[str]]:
        """Words, spaces after them, and IOB tags of one filled template."""
        words: list[str] = []
        labels: list[str] = []
        for part in self.rng.choice(self.templates).split():
            slot = _SLOT.fullmatch(part)
            filled = _split_possessive(self.fill[slot[1]]()) if slot else [part]
            words += filled
            label = _LABELS[slot[1]] if slot else None
            labels += [f"B-{label}", *[f"I-{label}"] * (len(filled) - 1)] if label else ["O"]
        return words, _spaces(words), labels

    def doc(self) -> Doc:
        """One to three sentences."""
        words, spaces, labels = [], [], []
        for _ in range(self.rng.randint(1, 3)):
            more_words, more_spaces, more_labels = self.sentence()
            words += more_words
            spaces += more_spaces
            labels += more_labels
        return Doc(BLANK.vocab, words=words, spaces=spaces, ents=labels)


def _spaces(words: Sequence[str]) -> list[bool]:
    spaces, inside = [], False
    for word, after in zip(words, [*words[1:], ""], strict=True):
        opens = word in ("(", "$", "“") or (word == '"' and not inside)
        inside ^= word == '"'
        closes = after in (",", ".", ")", "'s", "’s", "”", ";", ":") or (after == '"' and inside)
        spaces.append(not (opens or closes))
    return [*spaces[:-1], True]
