"""Summaries by template: one to four sentences made of an event's claims, each part beside those that it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.days import day_words, interval_words
from tracker.reconcile import figurewords
from tracker.reconcile.entities import Parties
from tracker.reconcile.phrases import Phrase, capitalise, fuse, join_phrases, plain, said
from tracker.types import (
    Answer,
    AnswerKind,
    ClaimRecord,
    ConflictReason,
    Event,
    Figure,
    FigureConflict,
    QuantityKind,
    SourceGroup,
    StoredDocument,
)

_MOST_OUTLETS = 3
_MOST_CONFLICTS = 2
_ANSWERS: Mapping[AnswerKind, tuple[str, str]] = {
    "denial": ("", " denied the allegations"),
    "admission": ("there is an admission by ", ""),
    "declined": ("", " declined to answer"),
    "no_response": ("the sources report no answer by ", ""),
    "counter_claim": ("", " answered with a charge of its own"),
    "none_found": ("no answer by ", " was found in the sources"),
}
"""What stands before and behind the names of those who answered."""
_DIFFERENCES: Mapping[ConflictReason, tuple[str, str, str]] = {
    "different_number": ("", " and ", " are not one number"),
    "parts_do_not_sum": ("the parts of ", ", the largest being ", ", do not add up to it"),
    "qualifier_lost": ("", " leaves out what ", " says of how exact it is"),
    "scope_differs": ("", " and ", " are not of the same parties or period"),
}
"""What stands before, between and behind two figures."""
_GRAVEST: Sequence[ConflictReason] = ("different_number", "parts_do_not_sum", "qualifier_lost", "scope_differs")


class Told(NamedTuple):
    """What a summary is made from."""

    event: Event
    head: Phrase
    """The event's title without its figure."""
    records: Mapping[str, ClaimRecord]
    """Claims of the event and of its answers, by id; those of the event in its order."""
    documents: Mapping[str, StoredDocument]
    parties: Parties

    @property
    def standing(self) -> list[ClaimRecord]:
        """The event's claims that their pages still hold; all where none does."""
        own = [self.records[key] for key in self.event.claim_ids]
        return [record for record in own if record.in_current_version] or own


def summarise(told: Told) -> Phrase:
    """Who said or did what when, and who reports it; the figures; the answers; in what the sources differ.

    The first sentence is always there, each other only where claims make it. Joined, the parts are the summary.
    """
    sentences = [_happening(told), _figures(told), _answers(told), _conflicts(told)]
    phrase: Phrase = ()
    for sentence in sentences:
        if sentence:
            phrase = (*phrase, *(plain(" ") if phrase else ()), *capitalise(sentence))
    return fuse(phrase)


# --- what happened, and on whose word ---------------------------------------------------------------------------


def _happening(told: Told) -> Phrase:
    event = told.event
    day = interval_words(event.from_on, event.to_on)
    if event.date_basis == "publication":
        when = plain(f"Published {day}")
    else:
        when = said(day, [r for r in told.standing if _gives_day(r, event)])
    reported = _reported(told)
    return (*when, *plain(": "), *told.head, *(plain(" – ") if reported else ()), *reported, *plain("."))


def _gives_day(record: ClaimRecord, event: Event) -> bool:
    return any(mention.from_on <= event.to_on and event.from_on <= mention.to_on for mention in record.dates)


def _reported(told: Told) -> Phrase:
    """On whose own page, and by which other outlets: the first of each independent source before its others."""
    by_document: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in told.standing:
        by_document[record.document_id].append(record)
    own = [key for key in _own_pages(told) if key in by_document]
    phrase: Phrase = ()
    if own:
        pages = join_phrases([said(_owner(key, told), by_document[key]) for key in own])
        phrase = (*plain("told on a page of "), *pages)
    named: dict[str, list[ClaimRecord]] = defaultdict(list)
    citing: dict[str, set[str | None]] = defaultdict(set)
    cited = _cited_outlets(told)
    for key, source in _each_source_first(told.event.sources):
        if key in by_document and key not in own:
            name = _publisher(key, told)
            named[name] += by_document[key]
            citing[name].add(cited[key].get(source.origin))
    outlets = [said(name + _citing(citing[name]), records) for name, records in named.items()]
    left = len(outlets) - _MOST_OUTLETS
    if left > 0:
        rest = [record for name in list(named)[_MOST_OUTLETS:] for record in named[name]]
        others = said(f"{left} other{'s' if left > 1 else ''}", rest)
        outlets = [*outlets[:_MOST_OUTLETS], others]
    if outlets:
        phrase = (*phrase, *plain(", reported by " if own else "reported by "), *join_phrases(outlets))
    return phrase


def _citing(outlets: set[str | None]) -> str:
    """Whom all pages of one outlet cite; nothing where one of them has it from elsewhere."""
    (one, *others) = outlets
    return f" (citing {one})" if one and not others else ""


def _own_pages(told: Told) -> list[str]:
    """The pages of those whose word it is."""
    pages: list[str] = []
    for group in told.event.sources:
        if group.basis == "original":
            owner = _owner(group.documents[0], told)
            pages += [key for key in group.documents if _owner(key, told) == owner]
    return pages


def _each_source_first(sources: Iterable[SourceGroup]) -> list[tuple[str, SourceGroup]]:
    groups = list(sources)
    firsts = [(group.documents[0], group) for group in groups]
    return [*firsts, *((key, group) for group in groups for key in group.documents[1:])]


def _cited_outlets(told: Told) -> Mapping[str, Mapping[str, str]]:
    """For each document the outlets that its claims cite, names by id."""
    cited: dict[str, dict[str, str]] = defaultdict(dict)
    for chain in told.event.chains:
        steps = (step for step in chain.steps if step.role == "relay" and step.entity_id)
        cited[told.records[chain.claim_id].document_id].update((step.entity_id or "", step.name) for step in steps)
    return cited


def _publisher(document_id: str, told: Told) -> str:
    return told.documents[document_id].publisher or document_id


def _owner(document_id: str, told: Told) -> str:
    """Who publishes a page of its own; a remark behind the publisher's name does not count."""
    entity_id = told.parties.publisher_entity(told.documents[document_id].publisher)
    return told.parties.name(entity_id) if entity_id else _publisher(document_id, told)


# --- figures, answers, conflicts --------------------------------------------------------------------------------


def _figures(told: Told) -> Phrase:
    """For each telling kind the value that most documents give for all the accused, by whose word it is."""
    main = [r for r in told.standing if r.claim.type == told.event.type] or told.standing
    by_id = {record.id: record for record in told.standing}
    values: dict[str | None, list[Phrase]] = defaultdict(list)
    for kind in figurewords.KINDS_TOLD:
        alike = figurewords.title_figures(main, told.event.figures, kind)
        if alike and (words := figurewords.figure_words(alike[0])):
            records = [by_id[figure.claim_id] for figure in alike]
            claim = records[0].claim
            values[claim.on_behalf_of or claim.speaker].append(said(words, records))
    sentence: Phrase = ()
    for who, phrases in values.items():
        word = f"by the word of {told.parties.name(who)}" if who else "without a named speaker"
        sentence = (*sentence, *plain("; " if sentence else ""), *plain(f"{word}, "), *join_phrases(phrases))
    return (*sentence, *plain(".")) if sentence else ()


def _answers(told: Told) -> Phrase:
    """Each kind of answer with those who gave it and its day, in the order in which they were given."""
    by_kind: dict[AnswerKind, dict[str, list[Answer]]] = {}
    own = set(told.event.actors) if told.event.type in ("denial", "admission") else set()
    told_already = [a for a in told.event.answers if not (a.kind == told.event.type and a.party in own)]
    for answer in sorted(told_already, key=lambda a: a.from_on or date.max):
        by_kind.setdefault(answer.kind, {}).setdefault(answer.party, []).append(answer)
    sentence: Phrase = ()
    for kind, parties in by_kind.items():
        before, behind = _ANSWERS[kind]
        days = {_day(answers) for answers in parties.values()}
        each = "" if len(days) == 1 else None  # one day for all stands behind all
        names = join_phrases([_answering(party, answers, told, each) for party, answers in parties.items()])
        day = days.pop() if each is not None else ""
        sentence = (*sentence, *plain("; " if sentence else ""), *plain(before), *names, *plain(day + behind))
    return (*sentence, *plain(".")) if sentence else ()


def _answering(party: str, answers: Sequence[Answer], told: Told, day: str | None) -> Phrase:
    records = [told.records[a.claim_id] for a in answers if a.claim_id and a.claim_id in told.records]
    return said(told.parties.name(party) + (_day(answers) if day is None else day), records)


def _day(answers: Sequence[Answer]) -> str:
    """The day of the first answer where there is one, as words in brackets; of silence the last."""
    answer = answers[-1] if answers[0].kind == "no_response" else answers[0]
    if answer.from_on is None or answer.from_on != answer.to_on:
        return ""
    return f" ({'by ' if answer.kind == 'no_response' else ''}{day_words(answer.from_on)})"


def _conflicts(told: Told) -> Phrase:
    """The gravest conflict of each kind of figure, in the figures' own words; of what pages still say, if possible."""
    figures = told.event.figures

    def order(conflict: FigureConflict) -> tuple[bool, int]:
        both = (figures[conflict.one], figures[conflict.other])
        return (not all(_stands(figure, told) for figure in both), _GRAVEST.index(conflict.reason))

    graver = sorted(told.event.figure_conflicts, key=order)
    of_kind: dict[QuantityKind, FigureConflict] = {}
    for conflict in graver:
        of_kind.setdefault(figures[conflict.one].kind, conflict)
    sentence: Phrase = ()
    for conflict in list(of_kind.values())[:_MOST_CONFLICTS]:
        one, other = figures[conflict.one], figures[conflict.other]
        if conflict.reason == "qualifier_lost" and other.qualifier == "exact":
            one, other = other, one
        before, between, behind = _DIFFERENCES[conflict.reason]
        sentence = (
            *sentence, *plain("; " if sentence else "The figures differ: "), *plain(before),
            *_cited(one, told), *plain(between), *_cited(other, told), *plain(behind),
        )  # fmt: skip
    return (*sentence, *plain(".")) if sentence else ()


def _stands(figure: Figure, told: Told) -> bool:
    record = told.records.get(figure.claim_id)
    return record is not None and record.in_current_version


def _cited(figure: Figure, told: Told) -> Phrase:
    record = told.records.get(figure.claim_id)
    gone = ", no longer on its page" if record and not record.in_current_version else ""
    words = f"“{' '.join(figure.text.split())}” ({_publisher(figure.document_id, told)}{gone})"
    return said(words, [record] if record else [])
