"""Event titles by template: actor, act, object, figure, each only as far as the claims have it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.reconcile import wording
from tracker.reconcile.entities import Parties
from tracker.reconcile.wording import agree, find_words, join
from tracker.types import ClaimRecord, ClaimType, Figure


@dataclass(frozen=True)
class Subject:
    """What a title is made from. `records` are the main actors' claims, nearest to the original speaker first."""

    records: Sequence[ClaimRecord]
    actors: Sequence[str]
    laws: Sequence[str]
    parties: Parties
    models: Mapping[str, Sequence[str]]
    """For each claim the models that its words name."""

    @property
    def who(self) -> str:
        return join(self.parties.name(entity_id) for entity_id in self.actors)

    def of_type(self, type_: ClaimType) -> Sequence[ClaimRecord]:
        """The claims of that type; all where there is none."""
        return [r for r in self.records if r.claim.type == type_] or self.records

    def does(self, phrase: str) -> str:
        """The actors with a verb phrase that agrees with them."""
        return f"{self.who} {agree(phrase, len(self.actors))}"


def make_title(
    type_: ClaimType,
    records: Sequence[ClaimRecord],
    actors: Sequence[str],
    figures: Sequence[Figure],
    parties: Parties,
    laws: Sequence[str] = (),
    models: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The title of an event from its claims, which come nearest to the original speaker first.

    `actors` are those whose act it is, `laws` the bills and memos that its claims name, the commonest first, `models`
    for each claim the ids of the models that its words name. What the claims do not say is left out; where no
    template fits, the title says only of what kind the event is.
    """
    own = [r for r in records if {r.claim.speaker, r.claim.on_behalf_of} & set(actors)] if actors else []
    subject = Subject(own or list(records), actors, laws, parties, models or {})
    title = _TEMPLATES.get(type_, _state)(subject)
    if type_ == "allegation" and (figure := wording.figure_phrase(subject.records, figures)):
        title = f"{title}: {figure}"
    return title[:1].upper() + title[1:]


# --- who and what ----------------------------------------------------------------------------------------------


def _shared(
    records: Sequence[ClaimRecord], ids_of: Callable[[ClaimRecord], Iterable[str]], among_naming: bool
) -> list[str]:
    """Ids that at least half of the documents name (of all, or of those that name any), in the claims' order."""
    documents: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for entity_id in ids_of(record):
            documents[entity_id].add(record.document_id)
    every = {d for named in documents.values() for d in named} if among_naming else {r.document_id for r in records}
    return [entity_id for entity_id in documents if 2 * len(documents[entity_id]) >= len(every)]


def _mainly_accused(charges: Sequence[ClaimRecord]) -> list[str]:
    """Whom at least half of the documents that name anybody accuse in their first such charge, or in half of them."""
    by_document: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in charges:
        if record.claim.accused:
            by_document[record.document_id].append(record)
    documents: dict[str, int] = Counter()
    for naming in by_document.values():
        first = min(naming, key=lambda r: (r.claim.start, r.claim.end, r.id))
        counts = Counter(party for record in naming for party in record.claim.accused)
        documents.update({p: 1 for p in counts if p in first.claim.accused or 2 * counts[p] >= len(naming)})
    order = dict.fromkeys(party for record in charges for party in record.claim.accused)
    return [party for party in order if documents[party] and 2 * documents[party] >= len(by_document)]


def _first_charges(records: Sequence[ClaimRecord]) -> list[ClaimRecord]:
    """For each document the first claim that says who is accused, a named one before an unnamed."""
    firsts: dict[str, ClaimRecord] = {}
    for record in sorted(records, key=lambda r: (not r.claim.accused, r.claim.start, r.claim.end, r.id)):
        if record.claim.type == "allegation" and (record.claim.accused or record.claim.accused_as):
            firsts.setdefault(record.document_id, record)
    return [record for record in records if firsts.get(record.document_id) is record]


def accused_phrase(records: Sequence[ClaimRecord], parties: Parties) -> str:
    """Who is accused, in words no stronger than the documents'; "" where they name nobody in words that can be cited.

    Where at least half of the documents keep a distance ("operators affiliated with ..."), so does the phrase, in
    their own words. Where most documents name nobody, names that a few add do not enter.
    """
    firsts = _first_charges(records)
    named = [r for r in firsts if r.claim.accused]
    if 2 * len(named) < len(firsts):
        return _cite_unnamed([r for r in firsts if not r.claim.accused], parties)
    accused = _mainly_accused([r for r in records if r.claim.type == "allegation"])
    names = join(parties.name(entity_id) for entity_id in accused)
    careful = [r for r in named if r.claim.accused_as and wording.AFFILIATION.search(r.claim.accused_as)]
    if not careful or 2 * len(careful) < len(named):
        return names
    return _cite(careful, accused, parties) or f"people said to be linked to {names}"


def _cite_unnamed(records: Sequence[ClaimRecord], parties: Parties) -> str:
    """Words for accused who are not named, where two documents have them and they say more than a class."""
    phrase = _cite(records, (), parties)
    carriers = {r.document_id for r in records if phrase and phrase.casefold() in (r.claim.accused_as or "").casefold()}
    return "" if len(carriers) < 2 or wording.CLASS.fullmatch(phrase) else phrase


def _cite(records: Iterable[ClaimRecord], names: Sequence[str], parties: Parties) -> str:
    """The words for the accused that most documents use, in English and without quotation marks.

    Words that name all the accused go before others; among equals those nearest to the original speaker.
    """
    phrases: list[str] = []
    for record in records:
        plain = re.sub(r"[\"“”]|^(that|the) ", "", record.claim.accused_as or "", flags=re.IGNORECASE).replace("’", "'")
        if plain.isascii() and plain and not re.search(r"\bfrom\b|,", plain):
            phrases.append(plain)
    counts = Counter(phrases)

    def order(phrase: str) -> tuple[int, int, int]:
        return (
            -sum(parties.named_in(entity_id, phrase) for entity_id in names),
            -counts[phrase],
            phrases.index(phrase),
        )

    return min(counts, key=order, default="")


def _target(subject: Subject, records: Sequence[ClaimRecord], named: bool = False) -> str:
    """The models, or whose models, that at least half of the documents name; "" where they name none.

    With `named`, models that the claims' words only mention count where the claims have no target.
    """
    parties = subject.parties
    ids = _shared(records, lambda r: r.claim.target, among_naming=False)
    if named and not ids:
        ids = _shared(records, lambda r: subject.models.get(r.id, ()), among_naming=False)
        # "told to turn to its own product": what others made is what it acts against, where both are named
        others = [entity_id for entity_id in ids if parties.parent(entity_id) not in subject.actors]
        ids = others or ids
    models = [entity_id for entity_id in ids if parties.type(entity_id) == "model"]
    owners = [
        entity_id
        for entity_id in ids
        if entity_id not in models and not any(parties.parent(model) == entity_id for model in models)
    ]
    names = [parties.name(entity_id) for entity_id in models]
    own = list(subject.actors)
    names += ["its own models" if own == [owner] else f"the models of {parties.name(owner)}" for owner in owners]
    return join(names)


def _noun(deed: str, target: str) -> str:
    """A deed as a noun, of its target or of nothing: "distillation of Prism", "distillation"."""
    noun = wording.DEED_NOUNS[deed]
    return f"{noun} {target}" if target else re.sub(r" (of|from)$", "", noun)


# --- one template for each kind of event -----------------------------------------------------------------------


def _accuse(subject: Subject) -> str:
    charges = subject.of_type("allegation")
    accused, target = accused_phrase(charges, subject.parties), _target(subject, charges)
    deed = find_words(charges, wording.DEEDS) or find_words(charges, wording.MEANS)
    if accused:
        what = (f" of {deed} {target}" if target else f" of {_noun(deed, target)}") if deed else ""
        return f"{subject.does('accuses')} {accused}{what}" if subject.actors else f"{accused} accused{what}"
    if not deed:
        word = f"Allegation by {subject.who}" if subject.actors else "Allegation"
        return f"{word} about {target}" if target else word
    what = _noun(deed, target)
    return f"{subject.does('alleges')} {what}" if subject.actors else f"{what} alleged"


def _act(type_: ClaimType, words: wording.Words, kind: str) -> Callable[[Subject], str]:
    def make(subject: Subject) -> str:
        acts = subject.of_type(type_)
        phrase = find_words(acts, words)
        if not subject.actors:
            return kind
        deed = find_words(acts, wording.DEEDS)
        if phrase and "{deed}" in phrase:
            phrase = phrase.format(deed=_noun(deed, _target(subject, acts))) if deed else None
        elif phrase and "{}" in phrase:
            target = _target(subject, acts, named=phrase.endswith(("use of {}", "access to {}")))
            phrase = phrase.format(target) if target else None
        return subject.does(phrase) if phrase else f"{kind} by {subject.who}"

    return make


def _govern(subject: Subject) -> str:
    """A public body's act: on what, or naming whom its own words name."""
    title = _act("government_action", wording.GOVERNMENT_ACTS, "Government action")(subject)
    acts = subject.of_type("government_action")
    named = join(
        subject.parties.name(entity_id) for entity_id in _shared(acts, lambda r: r.claim.accused, among_naming=False)
    )
    deed = find_words(acts, wording.DEEDS)
    on = f" on {_noun(deed, _target(subject, acts))}" if deed else ""
    return f"{title}{on}, naming {named}" if named else f"{title}{on}"


def _legislate(subject: Subject) -> str:
    bill = _short_name(subject.laws[0], subject.parties) if subject.laws else "a bill"
    phrase = find_words(subject.of_type("legislation"), wording.BILL_ACTS)
    if subject.actors and phrase:
        return subject.does(phrase.format(bill))
    return f"{bill}: step by {subject.who}" if subject.actors else f"{bill}: step in the legislature"


def _short_name(law: str, parties: Parties) -> str:
    """A bill's number where it has one, else its name."""
    entity = parties.by_id.get(law)
    names = (entity.name, *entity.aliases) if entity else (law,)
    number = next((name for name in names if re.fullmatch(r"(H\.\s?R|S)\.\s?\d+", name)), None)
    return number or (f"the {names[0]}" if re.search(r"\b(Act|Regulation)\b", names[0]) else names[0])


def _deny(subject: Subject) -> str:
    return subject.does("denies the allegations") if subject.actors else "Allegations denied"


def _admit(subject: Subject) -> str:
    admissions = subject.of_type("admission")
    deed, target = find_words(admissions, wording.DEEDS), _target(subject, admissions)
    if not deed and not target:
        return f"Admission by {subject.who}" if subject.actors else "Admission"
    who = join(
        subject.parties.name(entity_id)
        for entity_id in _shared(admissions, lambda r: r.claim.accused, among_naming=True)
        if entity_id not in subject.actors
    )
    partly = "partly " if all(re.search(r"\bpartly\b|\bin part\b", r.claim.text, re.I) for r in admissions) else ""
    act = f"{deed or 'use of'} {target}" if target else _noun(deed or "", target)
    what = f"{who + ' ' if who else ''}{partly}{act}"
    return f"{subject.does('acknowledges')} {what}" if subject.actors else f"Acknowledged: {what}"


def _state(subject: Subject) -> str:
    return f"Statement by {subject.who}" if subject.actors else "Statement"


_TEMPLATES: Mapping[ClaimType, Callable[[Subject], str]] = {
    "allegation": _accuse,
    "government_action": _govern,
    "legislation": _legislate,
    "denial": _deny,
    "admission": _admit,
    "company_action": _act("company_action", wording.COMPANY_ACTS, "Company action"),
    "legal_action": _act("legal_action", wording.LEGAL_ACTS, "Legal action"),
    "statement": _state,
}
