"""Generated noun phrases of the subject: firms, bodies, people, places, models, things, with their trees and names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import srsly
from invented_names import NameMaker
from trees import Node, comma

WORDS: dict[str, Any] = srsly.read_yaml(Path(__file__).with_name("grammar_words.yaml"))
Make = Callable[[], Node]


def _named(words: Sequence[str], entity: str, adjectives: Sequence[str] = ()) -> Node:
    head = Node(words[-1], "NNP", entity)
    for word in words[:-1]:
        head.before("amod" if word in adjectives else "compound", Node(word, "NNP", entity))
    return head


def _fix_article(head: Node) -> None:
    """a or an, by the word that follows."""
    if head.left and head.left[0].form in ("a", "an"):
        following = head.left[1].leftmost().form if len(head.left) > 1 else head.form
        head.left[0].form = "an" if following[0].lower() in "aeiou" else "a"


class NounPhrases:
    """Draws noun phrases from one random source."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.names = rng, NameMaker(rng)

    def chance(self, share: float) -> bool:
        """True in a share of the draws."""
        return self.rng.random() < share

    def pick(self, items: Sequence[Any]) -> Any:
        """One of the items."""
        return self.rng.choice(items)

    def one_of(self, *makers: Make) -> Node:
        """What one of the makers gives."""
        return self.rng.choice(makers)()

    # names
    def firm(self) -> Node:
        """A made-up firm."""
        words = self.names.organisation()
        while words[-1].endswith("."):  # "Inc." before a full stop would make the sentence's end unclear
            words = self.names.organisation()
        return _named(words, "ORG")

    def body(self) -> Node:
        """A body of government, with its article."""
        return _named(self.pick(WORDS["bodies"]), "ORG", WORDS["body_adjectives"]).first("det", Node("the", "DT"))

    def person(self) -> Node:
        """A made-up person, sometimes with a title."""
        if self.chance(0.3):
            head = Node(self.names.surname(), "NNP", "PER")
        else:
            first, *rest = self.names.person()
            head = Node(first, "NNP", "PER")
            for word in rest:
                head.after("flat", Node(word, "NNP", "PER"))
        if self.chance(0.35):
            head.first("nmod:desc", Node(self.pick(WORDS["titles"]), "NNP"))
        return head

    def place(self) -> Node:
        """A real place."""
        return _named(self.pick(WORDS["places"]), "LOC", WORDS["place_adjectives"])

    def model(self) -> Node:
        """A made-up AI model."""
        name, *version = self.names.model()
        head = Node(name, "NNP", "MISC")
        for word in version:
            digit = word[0].isdigit()
            head.after("nummod" if digit else "flat", Node(word, "CD" if digit else "NNP", "MISC"))
        return head

    def bill(self) -> Node:
        """A bill's number."""
        return Node("H.R.", "NNP", "MISC").after("nummod", Node(str(self.rng.randint(100, 9999)), "CD", "MISC"))

    # common nouns
    def number(self) -> Node | None:
        """A cardinal, sometimes of two words or with "about" or "more than"; None now and then."""
        number = Node(self.pick(WORDS["numbers"]), "CD")
        if number.form in ("dozens", "hundreds"):
            return None
        if self.chance(0.3):
            number.form = self.pick(("two", "16", "3.5", "40", "12"))
            number = Node(self.pick(("million", "billion")), "CD").before("compound", number)
        if self.chance(0.35):
            word, tag = self.pick((("more", "JJR"), ("fewer", "JJR"), ("less", "JJR")))
            number.first("advmod", Node(word, tag).after("fixed", Node("than", "IN")))
        elif self.chance(0.25):
            number.first("advmod", Node(self.pick(("about", "over", "nearly", "some", "roughly")), "RB"))
        return number

    def thing(self, nouns: Sequence[str] | None = None, *, adjective: bool = True, modifier: float = 0.2) -> Node:
        """A common noun with its determiner, adjective and, in a share `modifier`, a prepositional phrase."""
        word = self.pick(nouns or WORDS["things"])
        plural = word.endswith("s")
        head = Node(word, "NNS" if plural else "NN")
        counted = self.number() if plural and self.chance(0.25) else None
        if counted is not None:
            head.before("nummod", counted)
        elif self.chance(0.55 if plural else 1):
            self._determine(head, plural)
        if adjective and self.chance(0.45):
            head.before("amod", Node(self.pick(WORDS["thing_adjectives"]), "JJ"))
        if adjective and self.chance(0.15):
            head.before("compound", Node(self.pick(WORDS["thing_compounds"]), "NN"))
        _fix_article(head)
        if self.chance(modifier):
            inner = self.one_of(self.firm, self.place, self.model, lambda: self.thing(modifier=0), self.body)
            head.after("nmod", self.with_case(inner, self.pick(("of", "from", "in", "with", "at", "about", "on"))))
        return head

    def _determine(self, head: Node, plural: bool) -> None:
        choices = ("the", "its", "their", "these", "several", "some") if plural else (
            "the", "the", "a", "its", "their", "this", "an")  # fmt: skip
        word = self.pick(choices)
        if head.form in WORDS["mass"] and word in ("a", "an", "this"):
            word = "the"
        if word in ("its", "their"):
            head.before("nmod:poss", Node(word, "PRP$"))
        elif word == "several":
            head.before("amod", Node(word, "JJ"))
        else:
            head.before("det", Node(word, "DT"))

    @staticmethod
    def with_case(phrase: Node, preposition: str) -> Node:
        """The phrase after a preposition."""
        return phrase.first("case", Node(preposition, "IN"))

    def party(self) -> Node:
        """People or firms by a common noun: "three Chinese labs", "the company", "officials"."""
        plural = self.chance(0.6)
        head = Node(self.pick(WORDS["party_plural" if plural else "party_singular"]), "NNS" if plural else "NN")
        if not plural:
            head.before("det", Node(self.pick(("the", "the", "a")), "DT"))
        elif self.chance(0.3):
            head.before("nummod", Node(self.pick(("two", "three", "five", "12")), "CD"))
        elif self.chance(0.35):
            head.before("det", Node("the", "DT"))
        if self.chance(0.35):
            word = self.pick([*WORDS["nationalities"], "foreign", "rival", "senior", "independent", "large"])
            head.before("amod", Node(word, "JJ", "MISC" if word[0].isupper() else None))
        _fix_article(head)
        return head

    def several(self, make: Make, count: int) -> Node:
        """A coordination: "X and Y", "neither X nor Y", "X, Y, and Z"."""
        first, *others = (make() for _ in range(count))
        for i, other in enumerate(others):
            if i < len(others) - 1:
                other.first("punct", comma())
            else:
                neither = count == 2 and self.chance(0.12)
                other.first("cc", Node("nor" if neither else self.pick(("and", "and", "and", "or")), "CC"))
                if neither:
                    first.first("cc:preconj", Node("neither", "CC"))
                if count > 2 and self.chance(0.3):
                    other.first("punct", comma())
            first.after("conj", other)
        return first

    def apposition(self, head: Node) -> Node:
        """Adds ", the maker of X," to a name."""
        office = Node(self.pick(WORDS["offices"]), "NN")
        if self.chance(0.7):
            office.before("det", Node(self.pick(("the", "a")), "DT"))
            _fix_article(office)
        of = self.one_of(self.firm, self.model, self.body, lambda: self.thing(modifier=0))
        office.after("nmod", self.with_case(of, "of")).first("punct", comma()).after("punct", comma())
        return head.after("appos", office)

    def spokesperson(self) -> Node:
        """ "A spokeswoman for X"."""
        head = self.thing(WORDS["spokespeople"], adjective=False, modifier=0)
        return head.after("nmod", self.with_case(self.one_of(self.firm, self.firm, self.body), "for"))

    def pronoun(self) -> Node:
        """A pronoun that can be a subject."""
        return Node(self.pick(("it", "it", "he", "she", "they")), "PRP")
