"""Events after people's edits: clusters joined and parted by the claims that the edits name, titles, and hiding."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.reconcile.reports import Report
from tracker.reconcile.stories import Story
from tracker.types import Edit, Event, EventMerge, EventSplit, Hiding, Reconciled, TextPart, TitleEdit

PARTED = "parted:"
"""What the name of a cluster begins with that people have parted from another; the id of their edit follows."""

Found = Mapping[str, tuple[str, ...]]
"""For each edit the ids of the claims that it names and that there are; of a merge first those of the source."""


def regroup(clusters: Sequence[Story], edits: Iterable[Edit], source: Found, into: Found) -> list[Story]:
    """The clusters with the merges and splits of the edits, in their order; each input is left as it is.

    `source` holds the claims that are to move (of a merge: any of the event that is joined to the other), `into`
    those of the event that takes them. Where a merge finds no claim of one side, nothing happens.
    """
    groups = list(clusters)
    for edit in edits:
        if isinstance(edit.act, EventMerge):
            one, other = _holding(groups, source.get(edit.id, ())), _holding(groups, into.get(edit.id, ()))
            if one is not None and other is not None and one is not other:
                first, second = (c for c in groups if c is one or c is other)
                groups[groups.index(first)] = _joined(first, second)
                groups = [c for c in groups if c is not second]
        elif isinstance(edit.act, EventSplit):
            groups = _parted(groups, frozenset(source.get(edit.id, ())), f"{PARTED}{edit.id}")
    return groups


def _holding(clusters: Iterable[Story], claim_ids: Sequence[str]) -> Story | None:
    """The cluster that reports most of these claims; of several, the first."""
    wanted = frozenset(claim_ids)
    best, most = None, 0
    for cluster in clusters if wanted else ():
        held = sum(m.record.id in wanted for r in (*cluster.reports, *cluster.remarks) for m in r.members)
        if held > most:
            best, most = cluster, held
    return best


def _rebuilt(name: str, reports: Sequence[Report], recalled: Iterable[Report], remarks: Iterable[Report]) -> Story:
    cluster = Story(name, tuple(reports))
    reporting = {report.document_id for report in reports}
    for report in recalled:
        # a document that reports a happening does not also recall it
        (cluster.remarks if report.document_id in reporting else cluster.recalled).append(report)
    cluster.remarks.extend(remarks)
    return cluster


def _joined(first: Story, second: Story) -> Story:
    recalled, remarks = (*first.recalled, *second.recalled), (*first.remarks, *second.remarks)
    return _rebuilt(first.name, (*first.reports, *second.reports), recalled, remarks)


def _parted(clusters: Sequence[Story], claim_ids: frozenset[str], name: str) -> list[Story]:
    """All reports of these claims as one cluster of their own; nothing where a cluster would be left empty."""
    kept: list[Story] = []
    moved: list[Report] = []
    for cluster in clusters:
        parts = [_part(report, claim_ids) for report in cluster.reports]
        staying = [stay for stay, _ in parts if stay]
        going = [go for _, go in parts if go]
        if not going:
            kept.append(cluster)
        elif staying:
            kept.append(_rebuilt(cluster.name, staying, cluster.recalled, cluster.remarks))
            moved.extend(going)
        else:
            return list(clusters)
    return [*kept, _rebuilt(name, moved, (), ())] if moved else kept


def _part(report: Report, claim_ids: frozenset[str]) -> tuple[Report | None, Report | None]:
    """(what stays, what goes) of a report."""
    going = tuple(m for m in report.members if m.record.id in claim_ids)
    if not going:
        return report, None
    if len(going) == len(report.members):
        return None, report
    staying = tuple(m for m in report.members if m.record.id not in claim_ids)

    def of(members: tuple[object, ...]) -> Report:
        chosen = tuple(m for m in report.members if m in members)
        return replace(report, members=chosen, parties=report.parties & frozenset(p for m in chosen for p in m.parties))

    return of(staying), of(going)


class EventIndex:
    """Events by the claims that they report."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)
        self._of: dict[str, list[int]] = defaultdict(list)
        for place, event in enumerate(self._events):
            for claim_id in event.claim_ids:
                self._of[claim_id].append(place)

    def find(self, claim_ids: Iterable[str]) -> Event | None:
        """The event that most of these claims report; of several, the first by id."""
        counts = Counter(place for claim_id in claim_ids for place in self._of.get(claim_id, ()))
        best = min(counts, key=lambda place: (-counts[place], self._events[place].id), default=None)
        return None if best is None else self._events[best]


def retitle(event: Event, edits: Iterable[Edit], found: Found) -> Event:
    """The event with the title that a person gave it, if most claims that the edit names are its own."""
    own = frozenset(event.claim_ids)
    for edit in edits:
        act, named = edit.act, found.get(edit.id, ())
        if isinstance(act, TitleEdit) and named and 2 * sum(claim_id in own for claim_id in named) > len(named):
            parts = (TextPart(act.title, tuple(claim_id for claim_id in named if claim_id in own)),)
            return replace(event, title=act.title, title_parts=parts, edits=(*event.edits, edit.id))
    return event


def hidden_events(events: Sequence[Event], edits: Iterable[Edit], found: Found) -> frozenset[str]:
    """The ids of the events that people hid."""
    hidings = [edit for edit in edits if isinstance(edit.act, Hiding) and edit.act.what == "event"]
    if not hidings:
        return frozenset()
    index = EventIndex(events)
    hidden = (index.find(found.get(edit.id, ())) for edit in hidings)
    return frozenset(event.id for event in hidden if event)


def conceal(reconciled: Reconciled, hidden: frozenset[str]) -> Reconciled:
    """The result without these events, their claims that no other event shows, and whatever points at them."""
    if not hidden:
        return reconciled
    events = tuple(event for event in reconciled.events if event.id not in hidden)
    shown = {claim_id for event in events for claim_id in claims_on(event)}
    gone = {c for event in reconciled.events if event.id in hidden for c in claims_on(event)} - shown
    disputes = []
    for dispute in reconciled.disputes:
        steps = tuple(s for s in dispute.steps if s.event_id not in hidden and not gone.intersection(s.claim_ids))
        ledger = tuple(e for e in dispute.ledger if e.event_id not in hidden and e.claim_id not in gone)
        left = tuple(event_id for event_id in dispute.event_ids if event_id not in hidden)
        allegations = tuple(claim_id for claim_id in dispute.allegation_ids if claim_id not in gone)
        if left:
            disputes.append(replace(dispute, event_ids=left, allegation_ids=allegations, steps=steps, ledger=ledger))
    return replace(
        reconciled,
        events=events,
        claims=tuple(record for record in reconciled.claims if record.id not in gone),
        redirects=tuple((old, new) for old, new in reconciled.redirects if new not in hidden),
        disputes=tuple(disputes),
        revisions=tuple(r for r in reconciled.revisions if not gone & {r.before, r.after}),
    )


def claims_on(event: Event) -> Iterable[str]:
    """The claims that an event shows in any way, by id; one may stand twice."""
    return (*event.claim_ids, *event.recalled_in, *(a.claim_id for a in event.answers if a.claim_id))
