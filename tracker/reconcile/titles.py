"""Event titles by template: actor, act, object, figure, each part only as far as the claims beside it have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.reconcile import figurewords, wording
from tracker.reconcile.accused import accused_phrase, shared
from tracker.reconcile.cues import takes_other_goods
from tracker.reconcile.entities import Parties
from tracker.reconcile.phrases import Phrase, capitalise, fuse, join_phrases, plain, said
from tracker.reconcile.wording import Found, agree, find_words
from tracker.types import ClaimRecord, ClaimType, Figure

_MOST_QUOTED_CHARS = 90


@dataclass(frozen=True)
class Subject:
    """What a title is made from. `records` are the main actors' claims, nearest to the original speaker first."""

    records: Sequence[ClaimRecord]
    actors: Sequence[str]
    laws: Sequence[str]
    parties: Parties
    models: Mapping[str, Sequence[str]]
    """For each claim the models that its words name."""
    laws_named: Mapping[str, Sequence[str]]
    """For each claim the bills and memos that its words name."""

    @property
    def who(self) -> Phrase:
        """The actors, each beside what they say or do."""
        return join_phrases([said(self.parties.name(key), self._of(key)) for key in self.actors])

    def _of(self, actor: str) -> list[ClaimRecord]:
        return [r for r in self.records if actor in (r.claim.speaker, r.claim.on_behalf_of)]

    def of_type(self, type_: ClaimType) -> Sequence[ClaimRecord]:
        """The claims of that type; all where there is none."""
        return [r for r in self.records if r.claim.type == type_] or self.records

    def does(self, phrase: str, records: Sequence[ClaimRecord]) -> Phrase:
        """The actors with a verb phrase that agrees with them and that these claims bear out."""
        return (*self.who, *plain(" "), *said(agree(phrase, len(self.actors)), records))


@dataclass(frozen=True)
class Title:
    """A title in parts, with its figure apart."""

    head: Phrase
    figure: Phrase = ()

    @property
    def parts(self) -> Phrase:
        """All of it."""
        return fuse(self.head, plain(": "), self.figure) if self.figure else self.head


def make_title(
    type_: ClaimType,
    records: Sequence[ClaimRecord],
    actors: Sequence[str],
    figures: Sequence[Figure],
    parties: Parties,
    laws: Sequence[str] = (),
    models: Mapping[str, Sequence[str]] | None = None,
    laws_named: Mapping[str, Sequence[str]] | None = None,
) -> Title:
    """The title of an event from its claims, which come nearest to the original speaker first.

    `actors` are those whose act it is, `laws` the bills and memos that its claims name, the commonest first, `models`
    and `laws_named` for each claim the ids of the models and laws that its words name. What the claims do not say is
    left out; where no template fits, the title says of what kind the event is and quotes a claim.
    """
    own = [r for r in records if {r.claim.speaker, r.claim.on_behalf_of} & set(actors)] if actors else []
    subject = Subject(own or list(records), actors, laws, parties, models or {}, laws_named or {})
    head = capitalise(fuse(_TEMPLATES.get(type_, _state)(subject)))
    return Title(head, figurewords.figure_phrase(subject.records, figures) if type_ == "allegation" else ())


# --- what -------------------------------------------------------------------------------------------------------


def _target(
    subject: Subject, records: Sequence[ClaimRecord], named: bool = False, nobody_between: bool = True
) -> Phrase:
    """The models, or whose models, that at least half of the documents name; nothing where they name none.

    With `named`, models that the claims' words only mention count where the claims have no target. "Its own models"
    are the actor's only with `nobody_between` whose they could be instead.
    """
    parties = subject.parties
    ids_of = {r.id: r.claim.target for r in records}
    ids = shared(records, lambda r: ids_of[r.id], among_naming=False)
    if named and not ids:
        ids_of = {r.id: tuple(subject.models.get(r.id, ())) for r in records}
        ids = shared(records, lambda r: ids_of[r.id], among_naming=False)
        # "told to turn to its own product": what others made is what it acts against, where both are named
        others = [entity_id for entity_id in ids if parties.parent(entity_id) not in subject.actors]
        ids = others or ids
    models = [entity_id for entity_id in ids if parties.type(entity_id) == "model"]
    owners = [
        entity_id
        for entity_id in ids
        if entity_id not in models and not any(parties.parent(model) == entity_id for model in models)
    ]
    words = {key: parties.name(key) for key in models}
    own = list(subject.actors) if nobody_between else []
    words |= {key: "its own models" if own == [key] else f"the models of {parties.name(key)}" for key in owners}
    return join_phrases([said(text, [r for r in records if key in ids_of[r.id]]) for key, text in words.items()])


def _noun(deed: Found, target: Phrase) -> Phrase:
    """A deed as a noun, of its target or of nothing: "distillation of Prism", "distillation"."""
    noun = wording.DEED_NOUNS[deed.words]
    if target:
        return (*said(noun, deed.records), *plain(" "), *target)
    return said(re.sub(r" (of|from)$", "", noun), deed.records)


def _quoted(records: Sequence[ClaimRecord]) -> Phrase:
    """The words of one claim, where there is no template for what they say: what begins a document, English first."""
    standing = [r for r in records if r.in_current_version] or list(records)
    readable = [r for r in standing if re.sub(r"[“”‘’–—]", "", r.claim.text).isascii()] or standing
    if not readable:
        return ()
    chosen = min(readable, key=lambda r: r.claim.start)
    words = re.sub(r"[\"“”]", "'", " ".join(chosen.claim.text.split()))
    if len(words) > _MOST_QUOTED_CHARS:
        cut = words[:_MOST_QUOTED_CHARS]
        words = (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + " …"
    return (*plain(": “"), *said(words, [chosen]), *plain("”"))


def _kind(word: str, subject: Subject, records: Sequence[ClaimRecord]) -> Phrase:
    """Only of what kind it is and whose: "Government action by the ministry"."""
    kind = said(word, records)
    return (*kind, *plain(" by "), *subject.who) if subject.actors else kind


# --- one template for each kind of event -----------------------------------------------------------------------


def _accuse(subject: Subject) -> Phrase:
    charges = subject.of_type("allegation")
    accused = accused_phrase(charges, subject.parties)
    target = _target(subject, charges, nobody_between=not accused)
    copying = [record for record in charges if not takes_other_goods(record.claim.text)]
    deed = find_words(copying, wording.DEEDS) or find_words(copying, wording.MEANS)
    if accused:
        act = subject.does("accuses", charges) if subject.actors else ()
        head = (*act, *plain(" "), *accused) if act else (*accused, *said(" accused", charges))
        if deed is None:
            return head if copying else (*head, *_quoted(charges))
        of = (*deed.phrase, *plain(" "), *target) if target else _noun(deed, ())
        return (*head, *plain(" of "), *of)
    if deed is None:
        word = _kind("Allegation", subject, charges)
        return (*word, *plain(" about "), *target) if target else word
    what = _noun(deed, target)
    if subject.actors:
        return (*subject.does("alleges", charges), *plain(" "), *what)
    return (*what, *said(" alleged", charges))


def _act(type_: ClaimType, words: wording.Words, kind: str) -> Callable[[Subject], Phrase]:
    def make(subject: Subject) -> Phrase:
        acts = subject.of_type(type_)
        if type_ == "legal_action" and _is_of_a_court(subject, acts):
            return (*said(kind, acts), *_quoted(acts))
        act = _phrase_of_act(subject, acts, words)
        return act or (*_kind(kind, subject, acts), *_quoted(acts))

    return make


def _is_of_a_court(subject: Subject, acts: Sequence[ClaimRecord]) -> bool:
    """Whether a court has acted, and only companies are named: "Lumen rules" would be wrong of who sued."""
    types = {subject.parties.type(actor) for actor in subject.actors}
    return types <= {"company"} and bool(acts) and all(wording.COURT_ACT.search(r.claim.text) for r in acts)


def _phrase_of_act(subject: Subject, acts: Sequence[ClaimRecord], words: wording.Words) -> Phrase:
    """What the actors do, in words that the claims have; nothing where they lack the act or its object."""
    found = find_words(acts, words, done=True)
    if found is None or not subject.actors:
        return ()
    if "{" not in found.words:
        return subject.does(found.words, found.records)
    verb = re.sub(r" \{\w*\}$", "", found.words)
    if found.words.endswith("{deed}"):
        deed = find_words(acts, wording.DEEDS)
        what = _noun(deed, _target(subject, acts)) if deed else ()
    else:
        what = _target(subject, acts, named=verb.endswith(("use of", "access to")))
    return (*subject.does(verb, found.records), *plain(" "), *what) if what else ()


def _govern(subject: Subject) -> Phrase:
    """A public body's act: on what, or naming whom its own words name; else in a claim's own words."""
    acts = subject.of_type("government_action")
    act = _phrase_of_act(subject, acts, wording.GOVERNMENT_ACTS)
    if not act:
        return (*_kind("Government action", subject, acts), *_quoted(acts))
    title = act
    named = shared(acts, lambda r: r.claim.accused, among_naming=False)
    deed = find_words(acts, wording.DEEDS)
    if deed:
        title = (*title, *plain(" on "), *_noun(deed, _target(subject, acts)))
    if named:
        names = [said(subject.parties.name(key), [r for r in acts if key in r.claim.accused]) for key in named]
        title = (*title, *plain(", naming "), *join_phrases(names))
    return title


def _legislate(subject: Subject) -> Phrase:
    steps = subject.of_type("legislation")
    law = subject.laws[0] if subject.laws else None
    naming = [r for r in subject.records if law in subject.laws_named.get(r.id, ())] or steps
    bill = said(_short_name(law, subject.parties) if law else "a bill", naming)
    found = find_words(steps, wording.BILL_ACTS, done=True)
    if subject.actors and found:
        return (*subject.does(found.words.removesuffix(" {}"), found.records), *plain(" "), *bill)
    step = said("step", steps)
    by = (*plain(" by "), *subject.who) if subject.actors else plain(" in the legislature")
    return (*bill, *plain(": "), *step, *by)


def _short_name(law: str, parties: Parties) -> str:
    """A bill's number where it has one, else its name."""
    entity = parties.find(law)
    names = (entity.name, *entity.aliases) if entity else (law,)
    number = next((name for name in names if re.fullmatch(r"(H\.\s?R|S)\.\s?\d+", name)), None)
    return number or (f"the {names[0]}" if re.search(r"\b(Act|Regulation)\b", names[0]) else names[0])


def _deny(subject: Subject) -> Phrase:
    denials = subject.of_type("denial")
    if not any(wording.REBUFF.search(record.claim.text) for record in denials):
        return (*_kind("Denial", subject, denials), *_quoted(denials))  # its words name no allegation
    return subject.does("denies the allegations", denials) if subject.actors else said("Allegations denied", denials)


def _admit(subject: Subject) -> Phrase:
    admissions = subject.of_type("admission")
    deed, target = find_words(admissions, wording.DEEDS), _target(subject, admissions)
    if not deed and not target:
        return _kind("Admission", subject, admissions)
    named = shared(admissions, lambda r: r.claim.accused, among_naming=True)
    who = join_phrases(
        [
            said(subject.parties.name(key), [r for r in admissions if key in r.claim.accused])
            for key in named
            if key not in subject.actors
        ]
    )
    partly = all(re.search(r"\bpartly\b|\bin part\b", r.claim.text, re.I) for r in admissions)
    act = (*(deed.phrase if deed else said("use of", admissions)), *plain(" "), *target) if target else ()
    what = (
        *((*who, *plain(" ")) if who else ()),
        *(said("partly ", admissions) if partly else ()),
        *(act or (_noun(deed, ()) if deed else ())),
    )
    if subject.actors:
        return (*subject.does("acknowledges", admissions), *plain(" "), *what)
    return (*said("Acknowledged", admissions), *plain(": "), *what)


def _state(subject: Subject) -> Phrase:
    statements = subject.of_type("statement")
    return (*_kind("Statement", subject, statements), *_quoted(statements))


_TEMPLATES: Mapping[ClaimType, Callable[[Subject], Phrase]] = {
    "allegation": _accuse,
    "government_action": _govern,
    "legislation": _legislate,
    "denial": _deny,
    "admission": _admit,
    "company_action": _act("company_action", wording.COMPANY_ACTS, "Company action"),
    "legal_action": _act("legal_action", wording.LEGAL_ACTS, "Legal action"),
    "statement": _state,
}
