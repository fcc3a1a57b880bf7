"""Examples of names in German, French, Spanish, Portuguese and Chinese: name_stories.yaml filled at random.

The training corpus has too few documents in these languages to learn from. The names are invented out of parts, in
the manner of each language or of the world's (invented_names.py), since most stories are about firms abroad; persons
are put together of given names (data/model/names) and surnames.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invented_names import NameMaker

from tracker.nlp.germannouns import ordinary_nouns
from tracker.nlp.nametraits import given_names_of
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import TextView, make_sentences
from tracker.types import EntityType
from tracker.yamlfile import load_yaml

_SLOT = re.compile(r"\{([A-Za-z])(\d?)(s?)\}")
"""Kind, number and perhaps an "s": a German genitive ("Vorwalds Modell", "Jansens’ Firma")."""
_BOOK_MARKS = "《》"
_TYPES: dict[str, EntityType] = {
    "C": "company", "M": "model", "P": "person", "G": "government", "L": "law", "O": "organisation", "U": "publisher",
    "S": "place", "F": "person",
}  # fmt: skip
_ARTICLE = re.compile(r"^(?:[Ll][ae] |[Ll][’']|El |[OA] )(?=\w)")
_SYLLABLES = re.findall(
    r"\w+", "bren cal dor fen gal hel jor kal lum mor nov pal quin sol tor vel wen zan tri ker os ur"
)
_ENDINGS = re.findall(r"\w+", "ka da vik mar tis via rin lon dex nis vox tra mir ero ix une ado ella")
_FOREIGN_SHARE = 0.3
_WORLD_SHARE = 0.4
"""How many firms and models are named as anywhere in the world, not in the manner of the language."""
_FAMILY_SHARE = 0.15
"""How many models are called after the firm of the same number."""
_NOUN_SHARE = 0.25
"""How many German models, and half as many firms, are called by an ordinary noun."""
_VERSION = re.compile(r"[ -]v?\d[\w.]*$")


@dataclass(frozen=True)
class Story:
    """A filled story: its text as the program reads it, and the names in it."""

    name: str
    view: TextView
    names: dict[tuple[int, int], EntityType]


class _Maker:
    """Names of one language with letters' case, drawn at random."""

    def __init__(self, language: str, parts: dict[str, Any], rng: random.Random) -> None:
        self.language, self.parts, self.rng = language, parts, rng
        self.world = NameMaker(rng)

    def _of(self, part: str) -> str:
        return str(self.rng.choice(self.parts[part]))

    def coined(self) -> str:
        """A word that is nobody's name."""
        if self.rng.random() < 0.5:
            return self._of("stems") + self._of("tails")
        return (self.rng.choice(_SYLLABLES) + self.rng.choice(_ENDINGS)).capitalize()

    def _noun(self) -> str:
        """In German an ordinary noun, as firms and models are named with; a coined word otherwise."""
        return self.rng.choice(ordinary_nouns()) if self.language == "de" else self.coined()

    def _filled(self, part: str) -> str:
        text = self._of(part)
        for slot, maker in (
            ("{T}", lambda: self._of("topics")),
            ("{S}", lambda: self._of("places")),
            ("{X}", self.coined),
        ):
            if slot in text:
                text = text.replace(slot, maker())
        return text

    def company(self) -> str:
        if self.rng.random() < _WORLD_SHARE:
            return " ".join(self.world.organisation())
        chance = self.rng.random()
        words = [self._noun() if self.rng.random() < _NOUN_SHARE / 2 else self.coined()]
        if chance < 0.2:
            words.append(self.coined())
        if chance > 0.35:
            words.append(self._of("firm_words"))
        return " ".join(words)

    def model(self, firm: str = "") -> str:
        if firm and self.rng.random() < _FAMILY_SHARE:
            return f"{firm.split()[0]} {self._of('models')}"
        if self.rng.random() < _WORLD_SHARE:
            return " ".join(self.world.model())
        name = self._of("models") if self.rng.random() < 0.5 else self.coined()
        if self.rng.random() < _NOUN_SHARE:
            name = self._noun()
        versions = ("", "", "", " 2", " 3", "-7", " 4.5", " Pro", " Mini", "-1", " 12")
        return name + self.rng.choice(versions)

    def person(self) -> str:
        lines = given_names_of(self.language)
        line = self.rng.choice(lines[1:]) if self.rng.random() < _FOREIGN_SHARE else lines[0]
        surname = self._of("surnames")
        if "particles" in self.parts and self.rng.random() < 0.08:
            surname = f"{self._of('particles')} {surname}"
        if self.rng.random() < 0.15:
            surname += "-" + self._of("surnames")
        return f"{self.rng.choice(line)} {surname}"

    def make(self, kind: str) -> str:
        """A name of the kind that a slot's letter says (for a model: `model`)."""
        if kind in "CP":
            return self.company() if kind == "C" else self.person()
        part = {"G": "bodies", "L": "laws", "U": "publishers", "S": "places"}.get(kind)
        return self._filled(part or "organisations")


class _ChineseMaker(_Maker):
    """Chinese names: signs put together, foreigners by their sound (slot F)."""

    def coined(self) -> str:
        return self._of("stems") + self._of("tails" if self.rng.random() < 0.7 else "stems")

    def company(self) -> str:
        if self.rng.random() < _WORLD_SHARE / 2:
            return " ".join(self.world.organisation())
        return self.coined() + self._of("firm_words")

    def model(self, firm: str = "") -> str:
        name = self._of("models") if self.rng.random() < 0.6 else self.coined()
        if self.rng.random() < _WORLD_SHARE / 2:
            return " ".join(self.world.model())
        return name + self.rng.choice(("", "", "", "2", "3.5", "一号", "大模型", "-7B", "Pro"))

    def person(self) -> str:
        return self._of("surnames") + "".join(self._of("given") for _ in range(self.rng.choice((1, 2, 2, 2))))

    def foreigner(self) -> str:
        """First name and last name by their sound."""
        return "·".join("".join(self._of("sounds") for _ in range(self.rng.randint(2, 4))) for _ in range(2))

    def make(self, kind: str) -> str:
        return self.foreigner() if kind == "F" else super().make(kind)

    def short_of(self, name: str) -> str:
        """A firm's name without its kind, by two signs or four."""
        return name if name.isascii() or self.rng.random() < 0.5 else name[:2]


def make_stories(times: int, seed: int = 75) -> Iterator[Story]:
    """Each story so many times, with other names each time."""
    file = load_yaml(Path(__file__).with_suffix(".yaml"))
    rng = random.Random(seed)
    for language, parts in file.data.items():
        for number, story in enumerate(parts["stories"]):
            for turn in range(times):
                maker = _ChineseMaker(language, parts, rng) if language == "zh" else _Maker(language, parts, rng)
                yield _fill(f"story-{language}-{number}-{turn}", str(story), maker)
        for number, text in enumerate(parts.get("plain", ())):
            for turn in range(times):
                yield _fill(f"plain-{language}-{number}-{turn}", str(text), maker)


def _fill(name: str, story: str, maker: _Maker) -> Story:
    made: dict[str, str] = {}
    out, names = "", {}
    position = 0
    for slot in _SLOT.finditer(story):
        out += story[position : slot.start()]
        position = slot.end()
        kind, number = slot.group(1).upper(), slot.group(2)
        if kind + number not in made:
            panel = kind == "G" and out.endswith("Der ")
            group = kind == "O" and re.search(r"(?:der|die|Verband|Verein|asociación|associação|du) $", out)
            if kind == "M":
                made[kind + number] = maker.model(made.get("C" + number, ""))
            else:
                made[kind + number] = (
                    maker._filled("panels" if panel else "groups") if panel or group else maker.make(kind)
                )
        shown = made[kind + number]
        if slot.group(1).islower():
            key = slot.group(1) + number
            if key not in made:
                short = isinstance(maker, _ChineseMaker) and kind == "C"
                made[key] = maker.short_of(shown) if short else _short_form(kind, shown)
            shown = made[key]
        hissing = shown[-1] in "sxzß"
        if slot.group(3) and not hissing:
            shown += "s"
        if kind == "P" and re.search(r"(?:^|[.!?„“»] ?)$", out):
            shown = shown[0].upper() + shown[1:]
        article = _ARTICLE.match(shown) if kind == "G" else None
        start = len(out) + (article.end() if article else 0)
        if article and not out:
            shown = shown[0].upper() + shown[1:]
        out += shown
        marked = shown[0] in _BOOK_MARKS
        names[start + marked, len(out) - marked] = _TYPES[kind]
        if slot.group(3) and hissing:
            out += "’"
    out += story[position:]
    sentences = make_sentences(out, split_sentences(out))
    return Story(name, TextView(out, maker.language, sentences), names)


def _short_form(kind: str, name: str) -> str:
    """A person's last name, a model without its version, a firm's first word."""
    if kind == "P":
        return name.split()[-1] if len(name.split()) < 3 else name.split(maxsplit=1)[1]
    return _VERSION.sub("", name) if kind == "M" else name.split()[0]
