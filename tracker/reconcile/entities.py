"""Who is who: the gazetteer's entities beside the names that only documents gave, and who belongs to whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tracker.ids import slugify
from tracker.types import Entity


def fold_name(name: str) -> str:
    """A name as names are compared: without case, hyphens as spaces, one space between words."""
    return " ".join(name.casefold().replace("-", " ").replace("’", "'").split())


def _whole(name: str) -> str:
    """A pattern of a name as whole words; a Chinese character beside it belongs to another word."""
    return rf"(?<![^\W\u4e00-\u9fff]){re.escape(name)}(?![^\W\u4e00-\u9fff])"


def _bill_number(name: str) -> str | None:
    """The number of a bill of the United States Congress in a name: "hr8283", "s12"; None where there is none."""
    found = re.search(r"(?<!\.)\b(H\.?\s?R|S)\.?\s?(\d+)\b", name)
    return re.sub(r"[.\s]", "", found[1]).lower() + found[2] if found else None


def _numbered_bill(entity_id: str) -> Entity | None:
    parts = re.fullmatch(r"(h-r|s)-(\d+)", entity_id)
    name = f"{'S.' if parts[1] == 's' else 'H.R.'} {parts[2]}" if parts else ""
    return Entity(entity_id, name, "law", known=False) if parts else None


_GENERIC = frozenset(
    ["ai", "co", "company", "corp", "corporation", "group", "groupe", "grupo", "gruppe", "holding", "holdings", "inc",
     "intelligence", "konzern", "lab", "labs", "limited", "ltd", "llc", "gmbh", "ag", "plc", "software", "systems",
     "technologies", "technology"]
)  # fmt: skip
"""Words of a company's name that a text may leave out: "Larkmoor AI" and "Larkmoor" are one."""


class Parties:
    """Looks up entities by id and name, and tells whether two of them are one party."""

    def __init__(self, gazetteer: Iterable[Entity], unknown: Callable[[str], Entity | None] = lambda _: None) -> None:
        """`gazetteer` holds the canonical entities; `unknown` gives the reading of a name that only documents gave."""
        self.by_id = {entity.id: entity for entity in gazetteer}
        """The canonical entities alone; `find` knows the others too."""
        self._unknown = unknown
        self._by_name: dict[str, str] = {}
        self._by_number: dict[str, str] = {}
        for entity in sorted(self.by_id.values(), key=lambda e: (not e.known, e.id)):
            for name in (entity.name, *entity.aliases):
                self._by_name.setdefault(fold_name(name), entity.id)
                number = _bill_number(name) if entity.type == "law" else None
                if number:
                    self._by_number.setdefault(number, entity.id)
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._longer_forms: dict[str, tuple[str, ...]] = {}
        self._bare: dict[str, str] = {}

    def find(self, entity_id: str) -> Entity | None:
        """The entity, canonical or not; None where nobody gave a name. A bill's number is a name."""
        return self.by_id.get(entity_id) or self._unknown(entity_id) or _numbered_bill(entity_id)

    def is_known(self, entity_id: str) -> bool:
        """Whether it is one of the canonical entities."""
        return entity_id in self.by_id

    def name(self, entity_id: str) -> str:
        """The entity's canonical name; its id where nobody gave a name."""
        entity = self.find(entity_id)
        return entity.name if entity else entity_id

    def type(self, entity_id: str | None) -> str | None:
        """The entity's type, if it is known."""
        entity = self.find(entity_id) if entity_id else None
        return entity.type if entity else None

    def law(self, entity_id: str) -> str:
        """The bill that an entity is: two names with one number ("loi H.R. 8283") are one bill.

        A number that no canonical bill has gives the id that a bill named by its number alone would have.
        """
        number = _bill_number(self.name(entity_id))
        if number is None or number in self._by_number:
            return self._by_number.get(number or "", entity_id)
        parts = re.fullmatch(r"(hr|s)(\d+)", number)
        if parts is None or self.is_known(entity_id):
            return entity_id
        return slugify(f"{'H.R.' if parts[1] == 'hr' else 'S.'} {parts[2]}")

    def bare(self, entity_id: str) -> str:
        """What two documents that name an unknown company more or less fully both have: its id without such words as
        "Group" and "AI". A canonical entity is known under each of its names, and is itself."""
        if entity_id not in self._bare:
            words = [entity_id] if self.is_known(entity_id) else entity_id.split("-")
            first = int(len(words) > 1 and words[0] in _GENERIC)
            last = len(words)
            while last - first > 1 and words[last - 1] in _GENERIC:
                last -= 1
            found = "-".join(words[first:last])
            self._bare[entity_id] = entity_id if self.is_known(found) else found
        return self._bare[entity_id]

    def last_word(self, entity_id: str) -> str | None:
        """The word by which a text may name somebody with an unknown name of two words for short: "Brathwaite"."""
        words = self.bare(entity_id).split("-")
        if len(words) != 2 or self.is_known(entity_id) or self.is_known(words[1]):
            return None
        return words[1]

    def parent(self, entity_id: str) -> str | None:
        """Whom the entity belongs to."""
        entity = self.find(entity_id)
        return entity.parent if entity else None

    def ancestors(self, entity_id: str) -> tuple[str, ...]:
        """Whom it belongs to, nearest first. A circle in the data ends where it closes."""
        if entity_id not in self._ancestors:
            chain: list[str] = []
            above = self.parent(entity_id)
            while above is not None and above not in chain and above != entity_id:
                chain.append(above)
                above = self.parent(above)
            self._ancestors[entity_id] = tuple(chain)
        return self._ancestors[entity_id]

    def related(self, one: str, other: str, depth: int = 1) -> bool:
        """Whether they are the same, or one belongs to the other by at most `depth` steps."""
        if one == other or one in self.ancestors(other)[:depth] or other in self.ancestors(one)[:depth]:
            return True
        ours, theirs = self.bare(one), self.bare(other)
        return ours == theirs or ours == self.last_word(other) or theirs == self.last_word(one)

    def overlap(self, ones: Iterable[str], others: Iterable[str], depth: int = 1) -> bool:
        """Whether any of the ones is related to any of the others."""
        others = tuple(others)
        return any(self.related(one, other, depth) for one in ones for other in others)

    def contradict(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Whether both name somebody, and nobody of the ones can be one of the others.

        Of two unknown names, one in Chinese characters and one in letters, nobody can tell.
        """
        ones, others = tuple(ones), tuple(others)
        if not ones or not others or self.overlap(ones, others):
            return False
        return not any(self._is_in_other_script(one, other) for one in ones for other in others)

    def _is_in_other_script(self, one: str, other: str) -> bool:
        unknown = not self.is_known(one) and not self.is_known(other)
        return unknown and one.startswith("x-") != other.startswith("x-")

    def one_government(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Whether some of both are organs of one government (a ministry and an embassy)."""
        above = self._owners(ones) & self._owners(others)
        return any(self.type(body) == "government" for body in above - {None})

    def _owners(self, ids: Iterable[str]) -> set[str | None]:
        return {self.parent(full) for one in ids for full in (one, *self.longer_forms(one))}

    def longer_forms(self, entity_id: str) -> tuple[str, ...]:
        """Known bodies of which an unknown name may be a shorter form ("embassy in Washington"), by id.

        A name of one word is too short to tell anything. There may be several: the name alone does not decide.
        """
        entity = self.find(entity_id)
        words = set(fold_name(entity.name).split()) if entity and not entity.known else set[str]()
        if len(words) < 2 or entity is None:
            return ()
        if entity_id not in self._longer_forms:
            self._longer_forms[entity_id] = tuple(
                other.id
                for other in sorted(self.by_id.values(), key=lambda e: e.id)
                if other.known
                and other.type == entity.type
                and any(words < set(fold_name(name).split()) for name in (other.name, *other.aliases))
            )
        return self._longer_forms[entity_id]

    def find_name(self, name: str) -> str | None:
        """The entity that has this name or alias in full."""
        return self._by_name.get(fold_name(name))

    def publisher_entity(self, publisher: str) -> str | None:
        """The entity that publishes under this name; a remark in brackets behind the name does not count.

        A name that no canonical entity has is that of an unknown one where documents speak of it.
        """
        bare = re.sub(r"\s*\([^()]*\)\s*$", "", publisher)
        known = self._by_name.get(fold_name(publisher)) or self._by_name.get(fold_name(bare))
        unknown = unknown_publisher(publisher)
        return known or (unknown if self.find(unknown) else None)

    def named_in(self, entity_id: str, text: str) -> bool:
        """Whether a text has the entity's name or one of its aliases as whole words."""
        entity = self.find(entity_id)
        if entity is None:
            return False
        folded = fold_name(text)
        names = (fold_name(name) for name in (entity.name, *entity.aliases))
        return any(re.search(_whole(name) if name.isascii() else re.escape(name), folded) for name in names)


def unknown_publisher(publisher: str) -> str:
    """The id that a publisher has as a name that only documents gave."""
    return slugify(re.sub(r"\s*\([^()]*\)\s*$", "", publisher))
