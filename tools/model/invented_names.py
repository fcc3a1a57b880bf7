"""Made-up names of firms, people and AI models: the language model must not learn who exists, only how names look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import srsly

_PARTS: dict[str, list[str]] = srsly.read_yaml(Path(__file__).with_name("name_parts.yaml"))
_VERSIONS = ("2", "3", "4", "1.5", "2.5", "3.1", "R1", "V3", "K2", "Pro", "Max", "Mini", "Ultra", "Turbo")
_SUFFIXED = ("2", "3", "4", "R1", "V3", "M1", "4.5", "70B", "Coder", "VL")


@dataclass(frozen=True, slots=True)
class NameMaker:
    """Draws names from one random source; each method gives the tokens of one name."""

    rng: Random

    def word(self, low: int = 2, high: int = 3) -> str:
        """A pronounceable capitalised word of `low` to `high` syllables."""
        syllables = [self._syllable() for _ in range(self.rng.randint(low, high))]
        if len(syllables) > 1 and self.rng.random() < 0.5:
            syllables[-1] = self.rng.choice(_PARTS["onset"]) + self.rng.choice(_PARTS["ending"])
        return "".join(syllables).capitalize()

    def _syllable(self) -> str:
        choose = self.rng.choice
        return choose(_PARTS["onset"]) + choose(_PARTS["nucleus"]) + choose(_PARTS["coda"])

    def compound(self) -> str:
        """A word written in one from two parts ("BrightForge", "VeltCloud")."""
        roll, words = self.rng.random(), _PARTS["company_word"]
        if roll < 0.35:
            return self.rng.choice(words) + self.rng.choice(words)
        if roll < 0.6:
            return self.word(1, 2) + self.rng.choice(words)
        if roll < 0.75:
            return self.rng.choice(words) + self.word(1, 1)
        return self.word()

    def organisation_word(self) -> str:
        """A firm's name of one token."""
        roll = self.rng.random()
        if roll < 0.55:
            return self.compound()
        if roll < 0.85:
            return self.word()
        return "".join(self.rng.choice("ABCDEFGHIKLMNOPRSTUV") for _ in range(self.rng.randint(2, 4)))

    def organisation(self) -> list[str]:
        """A firm or laboratory."""
        roll = self.rng.random()
        if roll < 0.16:
            return [self.rng.choice(_PARTS["ordinary_word"])]
        if roll < 0.22:
            return [self.pinyin(2)]
        if roll < 0.5:
            return [self.organisation_word()]
        if roll < 0.82:
            return [
                self.compound() if self.rng.random() < 0.5 else self.word(),
                self.rng.choice(_PARTS["company_tail"]),
            ]
        if roll < 0.9:
            return [self.rng.choice(_PARTS["company_word"]), self.rng.choice(_PARTS["company_tail"])]
        return [self.word(), self.word(), self.rng.choice(_PARTS["company_tail"])]

    def pinyin(self, syllables: int) -> str:
        """A name in Latin letters as Chinese names are written."""
        choose = self.rng.choice
        parts = (choose(_PARTS["pinyin_initial"]) + choose(_PARTS["pinyin_final"]) for _ in range(syllables))
        return "".join(parts).capitalize()

    def person(self) -> list[str]:
        """A person's full name."""
        roll = self.rng.random()
        if roll < 0.25:
            return [self.pinyin(1), self.pinyin(self.rng.randint(1, 2))]
        first = [self.rng.choice(_PARTS["first_name"])]
        if roll > 0.9:
            first.append(self.rng.choice("ABCDEFGHJKLMNPRSTW") + ".")
        return [*first, self.surname()]

    def surname(self) -> str:
        """A surname of one token."""
        return self.rng.choice(_PARTS["surname"]) if self.rng.random() < 0.6 else self.word()

    def model(self) -> list[str]:
        """An AI model or product, with or without a version."""
        roll = self.rng.random()
        name = (
            self.word(1, 2)
            if roll < 0.4
            else self.compound()
            if roll < 0.6
            else self.rng.choice(_PARTS["ordinary_word"])
        )
        if roll > 0.95:
            name = self.rng.choice(_PARTS["first_name"]) if roll > 0.97 else self.pinyin(2)
        roll = self.rng.random()
        if roll < 0.55:
            return [name]
        if roll < 0.8:
            return [name, self.rng.choice(_VERSIONS)]
        return [f"{name}-{self.rng.choice(_SUFFIXED)}"]
