"""Generated clauses: who did what to whom, when; active and passive, with objects, adverbials and relative clauses."""

from __future__ import annotations

from noun_phrases import WORDS, NounPhrases
from trees import Node, comma

_TRANSITIVE = [line.split() for line in WORDS["transitive"]]
_PARTICLE = [line.split() for line in WORDS["particle"]]
_TENSES = ("past", "past", "past", "pastperf", "perf", "mod", "prog", "neg")
_AGREEING = {"have": ("has", "VBZ"), "are": ("is", "VBZ"), "were": ("was", "VBD"), "has": ("have", "VBP"),
             "is": ("are", "VBP"), "was": ("were", "VBD")}  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
_DONE_TO_FIRMS = frozenset(
    ("ban", "buy", "investigate", "block", "suspend", "criticize", "name", "face", "sue", "support", "target", "punish")
)

_BASES = {words[2]: words[0] for words in _TRANSITIVE} | WORDS["plural_forms"]


def agree(root: Node) -> None:
    """Make auxiliaries and present verbs agree with their subjects in number."""
    for verb in list(root.in_order()):
        subject = verb.subject()
        if subject is None or subject.form in ("which", "that", "who"):
            continue
        joined = any(child.relation == "conj" for child in subject.right)
        plural = subject.tag in ("NNS", "NNPS") or joined or subject.form == "they"
        for child in verb.left:
            is_helper = child.relation.startswith("aux") and child.form in _AGREEING
            if is_helper and (child.form in ("have", "are", "were")) != plural:
                child.form, child.tag = _AGREEING[child.form]
        if plural and verb.tag == "VBZ" and verb.form in _BASES:
            verb.form, verb.tag = _BASES[verb.form], "VBP"


class Clauses(NounPhrases):
    """Draws clauses; their heads are the verbs."""

    def agent(self, simple: bool = False) -> Node:
        """Who may act or speak: a firm, body, person, group, several of them, or a spokesperson."""
        roll = self.rng.random()
        if roll < 0.42:
            head = self.firm()
        elif roll < 0.55:
            head = self.body()
        elif roll < 0.67:
            head = self.person()
        elif roll < 0.87:
            head = self.party()
        elif roll < 0.95:
            head = self.several(self.pick((self.firm, self.firm, self.person)), self.pick((2, 2, 3)))
        else:
            head = self.spokesperson()
        if not simple and roll < 0.67 and self.chance(0.18):
            self.apposition(head)
        elif not simple and roll < 0.87 and self.chance(0.12):
            self.relative(head, "which" if roll < 0.55 or roll >= 0.67 else "who")
        return head

    def relative(self, head: Node, word: str) -> Node:
        """Adds a relative clause; after "that" without commas."""
        verb = self.verb("past" if head.tag == "NNS" or self.chance(0.6) else "pres")
        verb.first("nsubj", Node(word, "WP" if word == "who" else "WDT"))
        if word != "that":
            verb.first("punct", comma()).after("punct", comma())
        return head.after("acl:relcl", verb)

    def object(self, verb: str = "") -> Node:
        """What is done something to; whether a name is a firm's or a model's goes by the verb's base form."""
        roll = self.rng.random()
        if roll < 0.6:
            return self.thing()
        if roll < 0.8:
            return self.firm() if verb in _DONE_TO_FIRMS else self.model()
        if roll < 0.87:
            return self.several(lambda: self.thing(modifier=0), 2)
        if roll < 0.9:
            return self.bill()
        if roll < 0.95:
            head = self.party()
            return self.relative(head, "that") if head.tag == "NNS" else head
        head = self.thing(modifier=0, adjective=False)
        by = self.with_case(self.one_of(self.firm, self.party), "by")
        return head.after("acl", Node(self.pick(_TRANSITIVE)[4], "VBN").after("obl:agent", by))

    def when(self) -> tuple[str, Node]:
        """A time, and its relation to the verb."""
        roll = self.rng.random()
        if roll < 0.35:
            return "obl", self.with_case(Node(self.pick(_DAYS), "NNP"), "on")
        if roll < 0.5:
            return "obl:unmarked", Node(self.pick(_DAYS), "NNP")
        if roll < 0.75:
            month = self.with_case(Node(self.pick(_MONTHS), "NNP"), "in")
            if self.chance(0.3):
                month.after("nmod:unmarked", Node(str(self.rng.randint(2015, 2031)), "CD"))
            return "obl", month
        if roll < 0.9:
            noun = Node(self.pick(("week", "month", "year")), "NN")
            return "obl:unmarked", noun.before("amod", Node(self.pick(("last", "last", "next")), "JJ"))
        return "advmod", Node(self.pick(("recently", "later", "again", "repeatedly")), "RB")

    def _add_adjuncts(self, verb: Node, share: float) -> None:
        if self.chance(share):
            verb.after(*self.when())
        if self.chance(0.2):
            inner = self.one_of(lambda: self.thing(modifier=0), self.place, self.model)
            preposition = self.pick(("in", "with", "through", "from", "without", "for", "against"))
            verb.after("obl", self.with_case(inner, preposition))
        if self.chance(0.13):
            purpose = Node(self.pick(_TRANSITIVE)[0], "VB").before("mark", Node("to", "TO"))
            verb.after("advcl", purpose.after("obj", self.object(purpose.form)))

    def verb(self, form: str = "past", subject: Node | None = None, adjuncts: bool = True) -> Node:
        """A transitive clause in a form: past, pres, perf, pastperf, mod, neg, prog, ing or inf."""
        words = self.pick(_PARTICLE if self.chance(0.07) else _TRANSITIVE)
        place, tag, helpers = _FORMS[form]
        verb = Node(words[place], tag)
        for relation, choices, helper_tag in helpers:
            word = self.pick(choices)
            verb.before(
                relation, Node(word, "VBZ" if word in ("has", "is") else "VBP" if word == "are" else helper_tag)
            )
        if subject is not None:
            verb.first("nsubj", subject)
        if form == "past" and self.chance(0.06):
            adverbs = ("also", "allegedly", "reportedly", "secretly", "illegally", "then")
            verb.before("advmod", Node(self.pick(adverbs), "RB"))
        if len(words) > 5:
            verb.after("compound:prt", Node(words[5], "RP"))
        verb.after("obj", self.object(words[0]))
        if adjuncts:
            self._add_adjuncts(verb, 0.3)
        return verb

    def passive(self, subject: Node) -> Node:
        """A passive clause, mostly with its agent."""
        verb = Node(self.pick(_TRANSITIVE)[4], "VBN").first("aux:pass", Node(self.pick(("was", "were")), "VBD"))
        verb.first("nsubj:pass", self.thing() if self.chance(0.5) else subject)
        if self.chance(0.7):
            verb.after("obl:agent", self.with_case(self.agent(simple=True), "by"))
        self._add_adjuncts(verb, 0.3)
        return verb

    def clause(self, simple: bool = False) -> Node:
        """A finite clause; a simple one is active and without long subjects."""
        subject = self.pronoun() if self.chance(0.1) else self.agent(simple)
        roll = self.rng.random()
        if roll < 0.68 or simple:
            return self.verb(self.pick(_TENSES), subject)
        if roll < 0.81:
            return self.passive(subject)
        if roll < 0.87:
            return self._harm()
        if roll < 0.93:
            more = [self.verb("past", adjuncts=False) for _ in range(self.pick((1, 1, 2)))]
            return self._chain(self.verb("past", subject, adjuncts=False), more)
        verb = Node(self.pick(("declined", "refused", "agreed", "failed", "plans", "wants", "hopes")), "VBD")
        verb.tag = "VBZ" if verb.form.endswith("s") else "VBD"
        comment = self.chance(0.4)
        what = Node("comment", "VB").before("mark", Node("to", "TO")) if comment else self.verb("inf", adjuncts=False)
        return verb.first("nsubj", subject).after("xcomp", what)

    def _chain(self, verb: Node, more: list[Node]) -> Node:
        """ "X traced it, named Y and banned Z"."""
        for i, other in enumerate(more):
            is_last = i == len(more) - 1
            other.first("cc" if is_last else "punct", Node("and", "CC") if is_last else comma())
            verb.after("conj", other)
        return verb

    def _harm(self) -> Node:
        form, tag = self.pick(
            (("poses", "VBZ"), ("posed", "VBD"), ("drew", "VBD"), ("raised", "VBD"), ("caused", "VBD"))
        )
        harm = self.thing(WORDS["harms"], modifier=0)
        if self.chance(0.5):
            whom = self.thing(("security", "industry", "rules", "companies", "users", "order"), modifier=0)
            harm.after("nmod", self.with_case(whom, self.pick(("to", "for", "from"))))
        return Node(form, tag).first("nsubj", self.thing()).after("obj", harm)


_FORMS: dict[str, tuple[int, str, tuple[tuple[str, tuple[str, ...], str], ...]]] = {
    # which of the verb's forms, its tag, its helpers
    "past": (1, "VBD", ()),
    "pres": (2, "VBZ", ()),
    "perf": (4, "VBN", (("aux", ("has", "have"), "VBP"),)),
    "pastperf": (4, "VBN", (("aux", ("had",), "VBD"),)),
    "mod": (0, "VB", (("aux", ("would", "will", "could", "may", "can"), "MD"),)),
    "neg": (0, "VB", (("aux", ("did",), "VBD"), ("advmod", ("not",), "RB"))),
    "prog": (3, "VBG", (("aux", ("is", "are", "was", "were"), "VBD"),)),
    "ing": (3, "VBG", ()),
    "inf": (0, "VB", (("mark", ("to",), "TO"),)),
}
