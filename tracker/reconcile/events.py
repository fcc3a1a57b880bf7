"""Events from clusters: type, date, chain of claims, actors, title, figures and answers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.reconcile.agreement import relate_figures
from tracker.reconcile.answers import Ledger, list_answers
from tracker.reconcile.attribution import attribute
from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import collect_figures
from tracker.reconcile.flags import find_flags
from tracker.reconcile.phrases import text_of
from tracker.reconcile.reports import Report, Sourced
from tracker.reconcile.sides import Sides
from tracker.reconcile.stacks import PublicationDays, Stacks
from tracker.reconcile.stories import Story, is_theirs
from tracker.reconcile.summaries import Told, summarise
from tracker.reconcile.titles import make_title
from tracker.reconcile.vanished import find_vanished, mark_standing
from tracker.types import Answer, ClaimRecord, ClaimType, Event

_PUBLIC_ACTS: tuple[ClaimType, ...] = ("government_action", "legal_action", "legislation")
_MOST_ACTORS_NAMED = 4
_MOST_RECALLING = 100
"""Of the documents that only recall an event, so many are searched for answers, and for words that are gone elsewhere;
all are listed."""
_BESIDE_CHARS = 60
_SAID = re.compile(
    r"\b(warn\w*|accus\w*|alleg\w*|announc\w*|disclos\w*|letter|memo\w*|statement|issued|sent|dated|wrote|published|released)\b",
    re.IGNORECASE,
)
"""Words that make a day beside them that of the word or deed, and not of the article."""


@dataclass(frozen=True)
class Drafted:
    """An event that has no id yet, and what its id is made from."""

    event: Event
    actor: str | None
    accused: str | None


class Drafter:
    """Makes events from clusters, looking up what lies beside their claims."""

    def __init__(self, stacks: Stacks, parties: Parties) -> None:
        self._documents = stacks
        self._parties = parties
        self._sides = Sides(parties)
        self._publishers: dict[str, str | None] = {}

    def draft(self, cluster: Story, ledger: Ledger) -> Drafted | None:
        """The event of one cluster; None where no document gives it a day."""
        when = cluster.when
        if when is None:
            return None
        self._look_up(cluster)
        type_ = event_type(cluster.reports)
        actors = self._main_actors(cluster.reports, type_)
        told = [m for report in cluster.reports for m in report.members]
        own = [m for m in told if not self._sides.is_act_of_another_state(m.record.claim, actors)] or told
        chain = self._chain([*own, *(m for report in cluster.remarks for m in report.members)])
        records = [m.record for m in chain]
        recalled = self._chain([m for report in cluster.recalled for m in report.members])
        again = [m for m in recalled if is_theirs(m.record, cluster, self._parties)]
        telling = [*records, *(m.record for m in again)]
        related = relate_figures(collect_figures(telling), telling, self._parties)
        main = [m.record for m in self._chain(own)]
        standing = {m.record.id for m in chain if m.record.in_current_version}
        title = make_title(
            type_,
            main,
            actors,
            [f for f in related.figures if f.claim_id in standing and not f.is_doubtful],
            self._parties,
            _laws(cluster.reports),
            {m.record.id: sorted(m.models) for m in own},
            {m.record.id: sorted(m.laws) for m in own},
        )
        event = Event(
            id="",
            type=type_,
            title=text_of(title.parts),
            title_parts=title.parts,
            from_on=when.from_on,
            to_on=when.to_on,
            date_basis="stated" if self._is_stated(when, cluster) else when.basis,
            actors=_deniers(actors, main, self._parties) if type_ == "denial" else _everybody(actors, records),
            claim_ids=tuple(record.id for record in records),
            recalled_in=tuple(m.record.id for m in again),
            document_ids=tuple(sorted(cluster.document_ids)),
            figures=mark_standing(related.figures, telling),
            figure_groups=related.groups,
            figure_conflicts=related.conflicts,
            figure_sums=related.sums,
            flags=find_flags(telling, when.from_on, when.to_on, self._documents),
        )
        answers = self._answers(event, records, recalled, ledger)
        first = _first_accused([record for record in main if record.claim.type == type_])
        event = attribute(replace(event, answers=answers), records, self._documents, self._parties)
        beside = self._beside(event, recalled)
        event = replace(event, vanished=self._vanished(event, beside))
        by_id = {
            record.id: record for record in (*telling, *(r for key in beside for r in self._documents.records(key)))
        }
        event = replace(event, summary=summarise(Told(event, title.head, by_id, self._documents, self._parties)))
        return Drafted(event, actors[0] if actors else None, first)

    def _look_up(self, cluster: Story) -> None:
        """Have at hand what the event is drafted from, with one look for all of its documents."""
        recalling = {report.document_id for report in cluster.recalled}
        self._documents.load(cluster.document_ids)
        publishers = self._documents.publishers(recalling.union(cluster.document_ids).difference(self._publishers))
        self._publishers.update((key, self._parties.publisher_entity(name)) for key, name in publishers.items())

    def _is_stated(self, when: Interval, cluster: Story) -> bool:
        """Whether a document that was published on the event's day writes that day out beside what was said.

        "The warning, issued on May 4, 2026," need not stand within a claim for the event to be dated by it.
        """
        if when.basis != "publication":
            return False
        for document_id in sorted(cluster.document_ids):
            document = self._documents[document_id]
            for version, extraction in zip(document.versions, document.extractions, strict=True):
                for mention in extraction.dates:
                    same_day = mention.from_on == mention.to_on == when.from_on and mention.basis == "stated"
                    beside = version.text[max(mention.start - _BESIDE_CHARS, 0) : mention.end + _BESIDE_CHARS]
                    if same_day and _SAID.search(beside):
                        return True
        return False

    def _beside(self, event: Event, recalled: Sequence[Sourced]) -> list[str]:
        """The documents in which an event's answers are looked for: its own, and of those that recall it the first."""
        recalling = list(dict.fromkeys(m.record.document_id for m in recalled))[:_MOST_RECALLING]
        self._documents.load((), recalling)
        return sorted({*event.document_ids, *recalling})

    def _vanished(self, event: Event, document_ids: Sequence[str]) -> tuple[str, ...]:
        """Those of its claims, recollections and answers that none of its documents has any more."""
        named = {*event.claim_ids, *event.recalled_in, *(answer.claim_id for answer in event.answers)}
        records = [record for key in document_ids for record in self._documents.records(key) if record.id in named]
        return find_vanished(records, self._documents.only(document_ids))

    def _chain(self, members: Sequence[Sourced]) -> list[Sourced]:
        """Charges first, nearest to the original speaker first: own documents, then at first hand, then via others."""

        def order(s: Sourced) -> tuple[object, ...]:
            claim = s.record.claim
            own = self._publishers.get(s.record.document_id) in s.parties
            distance = 0 if own else 2 if claim.via else 1
            said = s.dates[0].from_on if s.dates else s.published or date.max
            return (
                claim.type != "allegation",
                distance,
                said,
                s.record.document_id,
                claim.start,
                claim.end,
                s.record.id,
            )

        return sorted({m.record.id: m for m in members}.values(), key=order)

    def _main_actors(self, reports: Sequence[Report], type_: ClaimType) -> list[str]:
        """Whose act it is: who speaks in the claims of the event's type, by the number of documents.

        What a document leads with counts before what it adds. In formal acts of public bodies the body stands
        before the members who act for it; in words and admissions it is the person who said them.
        """
        documents: dict[str, set[str]] = defaultdict(set)
        spoken_for: set[str] = set()
        for report in reports:
            acts = [m for m in report.members if m.record.claim.type == type_ and m.record.claim.speaker]
            for m in [m for m in acts if m.lead] or acts:
                claim = m.record.claim
                formal = type_ in _PUBLIC_ACTS and claim.on_behalf_of
                speaker = claim.on_behalf_of if formal else claim.speaker
                documents[speaker or ""].add(report.document_id)
                if not formal and claim.on_behalf_of:
                    spoken_for.add(claim.on_behalf_of)
        most = max((len(named) for named in documents.values()), default=0)
        foremost = [who for who, named in documents.items() if len(named) == most]
        chosen: list[str] = []
        for who in sorted(foremost, key=lambda who: (who in spoken_for, who)):
            part = any(self._parties.related(who, other, depth=4) for other in chosen)
            if not part and not (chosen and who in spoken_for):
                chosen.append(who)
        return chosen[:_MOST_ACTORS_NAMED]

    def _answers(
        self, event: Event, records: Sequence[ClaimRecord], recalled: Sequence[Sourced], ledger: Ledger
    ) -> tuple[Answer, ...]:
        candidates = [
            record
            for document_id in self._beside(event, recalled)
            for record in self._documents.records(document_id)
            if ledger.may_answer(record, event.from_on, document_id in event.document_ids, self._parties)
        ]
        return list_answers(records, candidates, PublicationDays(self._documents, candidates), self._parties)


def event_type(reports: Sequence[Report]) -> ClaimType:
    """What kind of act an event is: a public body's formal act, else what most documents begin with.

    A memo that accuses is both an allegation and a government action; the formal act names the event.
    """
    votes: Counter[ClaimType] = Counter()
    for report in reports:
        formal = next((t for t in _PUBLIC_ACTS if t in report.types), None)
        votes[formal or _weightiest(report)] += 1
    if len(votes) > 1:
        del votes["statement"]  # it names an event only where there is nothing else
    formal_votes = [t for t in _PUBLIC_ACTS if t in votes]
    if formal_votes:
        return max(formal_votes, key=lambda t: (votes[t], -_PUBLIC_ACTS.index(t)))
    return min(votes, key=lambda t: (-votes[t], t))


def _weightiest(report: Report) -> ClaimType:
    charges = [m for m in report.members if m.record.claim.type == "allegation" and m.record.claim.accused]
    if charges and "admission" not in report.types:
        first = report.members[0].record.claim
        return first.type if first.type == "company_action" and not _leads_to_charge(report) else "allegation"
    return next((m.record.claim.type for m in report.members if m.record.claim.type != "statement"), "statement")


def _leads_to_charge(report: Report) -> bool:
    """Whether the document that begins with a company's measure charges somebody by name as its main matter."""
    charges = sum(1 for m in report.members if m.record.claim.type == "allegation" and m.record.claim.accused)
    return 2 * charges >= len(report.members)


def _first_accused(records: Sequence[ClaimRecord]) -> str | None:
    """Whom at least half of the documents accuse: an id is read as a statement too."""
    documents: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for party in record.claim.accused:
            documents[party].add(record.document_id)
    every = {record.document_id for record in records}
    return next((party for party, naming in documents.items() if 2 * len(naming) >= len(every)), None)


def _laws(reports: Sequence[Report]) -> list[str]:
    counts = Counter(law for report in reports for law in report.laws)
    return sorted(counts, key=lambda law: (-counts[law], law))


def _deniers(main: Sequence[str], records: Sequence[ClaimRecord], parties: Parties) -> tuple[str, ...]:
    """Who denies, and for whom: those who are accused of what is denied are not its actors.

    A shorter name of a body that is there under its full one ("embassy in Washington") is no further actor.
    """
    claims = [record.claim for record in records if record.claim.type == "denial"]
    ids = dict.fromkeys([*main, *(c.speaker for c in claims), *(c.on_behalf_of for c in claims)])
    named = [entity_id for entity_id in ids if entity_id]
    return tuple(entity_id for entity_id in named if not set(named).intersection(parties.longer_forms(entity_id)))


def _everybody(main: Sequence[str], records: Sequence[ClaimRecord]) -> tuple[str, ...]:
    """Main actors, other speakers, the accused, then those spoken for and those whose models it is about."""
    claims = [record.claim for record in records]
    ids: dict[str, None] = dict.fromkeys(main)
    ids.update(dict.fromkeys(c.speaker for c in claims if c.speaker))
    ids.update(dict.fromkeys(entity_id for c in claims for entity_id in c.accused))
    ids.update(dict.fromkeys(c.on_behalf_of for c in claims if c.on_behalf_of))
    ids.update(dict.fromkeys(entity_id for c in claims for entity_id in c.target))
    return tuple(ids)
