"""Generated sentences of news about accusations: saying, accusing, denying, asking, quoting; a small treebank.

The relations follow the Universal Dependencies guidelines as EWT applies them: what is said before or after its verb of
saying is `ccomp`, a verb of saying inside what is said is `parataxis`, "accused Y of doing" is `advcl`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from clauses import Clauses, agree
from lexicon import Lexicon
from noun_phrases import WORDS
from spacy.tokens import Doc
from trees import Node, comma, write_doc


class Reporting(Clauses):
    """Draws whole sentences."""

    def sentence(self) -> Node:
        """One sentence with its full stop."""
        kinds, weights = zip(*_KINDS, strict=True)
        root = self.rng.choices(kinds, weights)[0](self)
        agree(root)
        ends = root.right and root.right[-1].tag == "''"  # a quotation has its full stop inside
        return root if ends else root.after("punct", Node(".", "."))

    def _saying(self, subject: Node | None = None) -> Node:
        form, tag = self.pick(WORDS["say"])
        verb = Node(form, tag)
        return verb if subject is None else verb.first("nsubj", subject)

    def _that(self, clause: Node, share: float = 1.0) -> Node:
        return clause.first("mark", Node("that", "IN")) if self.chance(share) else clause

    def _paper(self) -> Node:
        return self.thing(WORDS["papers"], modifier=0.4)

    def _charged(self, verb: Node, preposition: str, direct: float = 0.85) -> Node:
        """Adds "of doing it" or "of theft"."""
        if self.chance(direct):
            doing = self.verb("ing", adjuncts=self.chance(0.5)).first("mark", Node(preposition, "IN"))
            return verb.after("advcl", doing)
        charge = self.thing(("theft", "fraud", "espionage", "campaign", "attacks"))
        return verb.after("obl", self.with_case(charge, preposition))

    def _accused_party(self) -> Node:
        return self.one_of(
            self.firm, self.firm, self.party, self.person, lambda: self.several(self.firm, self.pick((2, 3)))
        )

    # what is said, and who says it
    def says(self) -> Node:
        """ "X said on Monday that S"."""
        verb = self._saying(self.agent())
        if self.chance(0.25):
            verb.after(*self.when())
        return verb.after("ccomp", self._that(self.clause(simple=True), 0.5))

    def said_at_the_end(self) -> Node:
        """ "S, X said in a statement", "S, X told Reuters, adding that S"."""
        told = self.chance(0.15)
        verb = Node("told", "VBD") if told else self._saying()
        verb.before("ccomp", self.clause().after("punct", comma())).before("nsubj", self.agent(simple=True))
        if told:
            verb.after("iobj", self.one_of(self.firm, self.party, self.body))
        elif self.chance(0.3):
            verb.after(*self.when())
        if self.chance(0.15):
            medium = self.thing(("post", "statement", "report", "letter", "interview"), modifier=0)
            verb.after("obl", self.with_case(medium, "in"))
        if self.chance(0.15):
            self._add_participle(verb)
        return verb

    def _add_participle(self, verb: Node) -> Node:
        """ ", adding that S", ", citing NP", ", accusing Y of doing"."""
        roll = self.rng.random()
        if roll < 0.5:
            part = Node(self.pick(("adding", "saying", "alleging", "noting", "arguing", "claiming")), "VBG")
            part.after("ccomp", self._that(self.clause(simple=True), 0.8))
        elif roll < 0.75:
            part = Node(self.pick(("citing", "using", "calling", "rejecting", "naming")), "VBG").after(
                "obj", self.object()
            )
        else:
            part = self._charged(Node("accusing", "VBG").after("obj", self._accused_party()), "of")
        return verb.after("advcl", part.first("punct", comma()))

    def said_inside(self) -> Node:
        """ "X, Y said, did it"."""
        clause = self.clause()
        subject = clause.subject()
        verb = self._saying(self.agent(simple=True)).first("punct", comma()).after("punct", comma())
        verb.relation = "parataxis"
        clause.left.insert(clause.left.index(subject) + 1, verb)
        return clause

    def quoted(self) -> Node:
        """A quotation before its speaker: "“S,” X said" or "“S,” said X, the head of Y"."""
        opening, closing = self.pick((('"', '"'), ("“", "”")))
        inside = self.clause(simple=True).first("punct", Node(opening, "``", joined=True))
        inside.after("punct", comma()).after("punct", Node(closing, "''"))
        verb = self._saying().before("ccomp", inside)
        if self.chance(0.4):
            verb.form, verb.tag = "said", "VBD"
            speaker = self.person()
            return verb.after("nsubj", self.apposition(speaker) if self.chance(0.5) else speaker)
        return verb.before("nsubj", self.agent(simple=True))

    def quoted_alone(self) -> Node:
        """A quotation without its speaker, as the second half of a split quotation."""
        opening, closing = self.pick((('"', '"'), ("“", "”")))
        inside = self.clause(simple=True).first("punct", Node(opening, "``", joined=True))
        return inside.after("punct", Node(".", ".")).after("punct", Node(closing, "''"))

    def paper_alleged(self) -> Node:
        """ "In a memo released on Thursday, X alleged that S"."""
        paper = self._paper()
        if self.chance(0.5):
            released = Node(self.pick(("released", "published", "sent", "filed", "seen")), "VBN")
            paper.after("acl", released.after(*self.when()))
        paper = self.with_case(paper, "in").after("punct", comma())
        verb = self._saying(self.agent(simple=True)).first("obl", paper)
        return verb.after("ccomp", self._that(self.clause(simple=True), 0.7))

    def told(self) -> Node:
        """ "X told Y that S", "X warned lawmakers that S"."""
        verb = Node(self.pick(("told", "told", "told", "warned", "informed")), "VBD").first(
            "nsubj", self.agent(simple=True)
        )
        verb.after("iobj", self.one_of(self.firm, self.party, self.body))
        if self.chance(0.2):
            verb.after(*self.when())
        return verb.after("ccomp", self._that(self.clause(simple=True)))

    # according to
    def _according(self, source: Node) -> Node:
        return source.first("case", Node("according", "VBG").after("fixed", Node("to", "IN")))

    def _source(self) -> Node:
        return self.agent(simple=True) if self.chance(0.7) else self._paper()

    def according_first(self) -> Node:
        """ "According to X, S"."""
        return self.clause().first("obl", self._according(self._source()).after("punct", comma()))

    def according_last(self) -> Node:
        """ "S, according to X"."""
        return self.clause().after("obl", self._according(self._source()).first("punct", comma()))

    def according_inside(self) -> Node:
        """ "X, according to Y, did it"."""
        clause = self.clause()
        source = self._according(self.agent(simple=True)).first("punct", comma()).after("punct", comma())
        source.relation = "obl"
        clause.left.insert(clause.left.index(clause.subject()) + 1, source)
        return clause

    # charges and answers
    def accuses(self) -> Node:
        """ "X accused Y of doing it"."""
        form, tag, preposition = self.pick(WORDS["accuse"])
        verb = Node(form, tag).first("nsubj", self.agent()).after("obj", self._accused_party())
        if tag == "VBD" and self.chance(0.14):
            verb.before("aux", Node("has", "VBZ")).tag = "VBN"
        return self._charged(verb, preposition)

    def is_accused(self) -> Node:
        """ "Y was accused by X of doing it"."""
        verb = Node(self.pick(("accused", "accused", "suspected")), "VBN")
        verb.first("aux:pass", Node(self.pick(("was", "were", "is")), "VBD")).first("nsubj:pass", self.agent())
        if self.chance(0.75):
            verb.after("obl:agent", self.with_case(self.agent(simple=True), "by"))
        verb.left[-1].tag = "VBZ" if verb.left[-1].form == "is" else "VBD"
        return self._charged(verb, "of", direct=1.0)

    def denies(self) -> Node:
        """ "Y denied the allegations", "that S", "doing it"."""
        form = self.pick(("denied", "denied", "denies", "disputed", "rejected"))
        verb = Node(form, "VBZ" if form == "denies" else "VBD").first("nsubj", self.agent())
        roll = self.rng.random()
        if roll < 0.45:
            verb.after("obj", self.thing(WORDS["charges"]))
            return verb.after(*self.when()) if self.chance(0.4) else verb
        if roll < 0.75:
            own = self.verb(self.pick(("past", "pastperf", "perf")), self.pronoun())
            return verb.after("ccomp", self._that(own if self.chance(0.6) else self.clause(simple=True)))
        return verb.after("xcomp", self.verb("ing", adjuncts=False))

    def charge_as_noun(self) -> Node:
        """ "X repeated its accusation that S", "There is no evidence that S"."""
        noun = Node(self.pick(("accusation", "claim", "allegation", "suggestion", "finding")), "NN")
        if self.chance(0.35):
            noun = Node(self.pick(("evidence", "proof", "sign", "suggestion")), "NN").before("det", Node("no", "DT"))
            there = Node(self.pick(("is", "was")), "VBZ").first("expl", Node("there", "EX"))
            there.tag = "VBZ" if there.form == "is" else "VBD"
            return there.after("nsubj", noun.after("acl", self._that(self.clause(simple=True))))
        owner = Node("its", "PRP$") if self.chance(0.5) else self.firm().after("case", Node("'s", "POS"))
        noun.before("nmod:poss", owner).after("acl", self._that(self.clause(simple=True)))
        verb = Node(self.pick(("repeated", "rejected", "withdrew", "denied", "reviewed", "disputed")), "VBD")
        return verb.first("nsubj", self.agent(simple=True)).after("obj", noun)

    def calls(self) -> Node:
        """ "X called the accusations groundless"."""
        verb = Node(self.pick(("called", "called", "considers")), "VBD").first("nsubj", self.agent())
        verb.tag = "VBZ" if verb.form == "considers" else "VBD"
        verb.after("obj", self.thing(WORDS["charges"], modifier=0))
        how = ("groundless", "false", "baseless", "unfounded", "serious", "illegal")
        return verb.after("xcomp", Node(self.pick(how), "JJ"))

    def silent(self) -> Node:
        """ "X did not respond to a request for comment", "X has not commented"."""
        silences = (("did", "respond", "VB"), ("did", "comment", "VB"), ("has", "commented", "VBN"),
                    ("has", "responded", "VBN"))  # fmt: skip
        auxiliary, form, tag = self.pick(silences)
        verb = Node(form, tag).before("aux", Node(auxiliary, "VBZ" if auxiliary == "has" else "VBD"))
        verb.before("advmod", Node("not", "RB"))
        if self.chance(0.3):
            verb.before("advmod", Node("immediately", "RB"))
        verb.first("nsubj", self.agent())
        if form.startswith("respond"):
            requests = self.pick((("request", "NN", "a"), ("requests", "NNS", None), ("questions", "NNS", None)))
            noun = Node(requests[0], requests[1])
            if requests[2]:
                noun.before("det", Node(requests[2], "DT"))
            if noun.form != "questions":
                noun.after("nmod", self.with_case(Node("comment", "NN"), "for"))
            verb.after("obl", self.with_case(noun, "to"))
        elif self.chance(0.6):
            verb.after("obl", self.with_case(self.thing(WORDS["charges"], modifier=0), "on"))
        return verb

    # the rest
    def asks(self) -> Node:
        """ "X urged Y to do it"."""
        verb = Node(self.pick(("asked", "urged", "told", "ordered", "allowed", "pressed")), "VBD").first(
            "nsubj", self.agent()
        )
        verb.after(
            "iobj", self.one_of(self.firm, self.body, self.party, self.person, lambda: self.several(self.firm, 2))
        )
        return verb.after("xcomp", self.verb("inf", adjuncts=self.chance(0.4)))

    def joined(self) -> Node:
        """ "S, but S", "S after S", "After S, S"."""
        main, other = self.clause(), self.clause(simple=True)
        if self.chance(0.4):
            other.first("cc", Node(self.pick(("but", "and")), "CC")).first("punct", comma())
            return main.after("conj", other)
        other.first("mark", Node(self.pick(("after", "because", "while", "although", "before", "if", "when")), "IN"))
        if self.chance(0.5):
            return main.first("advcl", other.after("punct", comma()))
        return main.after("advcl", other)

    def with_participle(self) -> Node:
        """ "X did it, adding that S"."""
        return self._add_participle(self.verb("past", self.agent(simple=True), adjuncts=False))

    def plain(self) -> Node:
        """A clause alone."""
        return self.clause()


_KINDS: tuple[tuple[Callable[[Reporting], Node], int], ...] = (
    (Reporting.says, 10), (Reporting.said_at_the_end, 11), (Reporting.said_inside, 8), (Reporting.quoted, 6),
    (Reporting.quoted_alone, 1), (Reporting.paper_alleged, 4), (Reporting.told, 5), (Reporting.according_first, 8),
    (Reporting.according_last, 6), (Reporting.according_inside, 4), (Reporting.accuses, 10), (Reporting.is_accused, 5),
    (Reporting.denies, 7), (Reporting.charge_as_noun, 3), (Reporting.calls, 2), (Reporting.silent, 3),
    (Reporting.asks, 5), (Reporting.joined, 5), (Reporting.with_participle, 3), (Reporting.plain, 4),
)  # fmt: skip


def write_treebank(treebanks: list[Doc], count: int, rng: Random) -> list[Doc]:
    """Generated documents of one to four sentences, with all layers but lemmas.

    Args:
        treebanks: annotated documents, from which parts of speech and morphology are taken.
        count: how many documents.
    """
    lexicon, writer = Lexicon.of(treebanks), Reporting(rng)
    return [lexicon.annotate(write_doc([writer.sentence() for _ in range(rng.randint(1, 4))])) for _ in range(count)]
