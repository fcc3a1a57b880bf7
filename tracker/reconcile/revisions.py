"""Revisions: what a change of its page did to a document's claims, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.read.changes import one_form
from tracker.reconcile.claims import Spot, id_of, threads_of
from tracker.reconcile.figures import FIGURE_KINDS, value_of
from tracker.reconcile.found import Found
from tracker.reconcile.succession import Side, Succession, trace
from tracker.types import Quantity, Revision, RevisionKind, StoredDocument

_Change = tuple[str, str, str]
"""(field, value before, value after)."""


def list_revisions(documents: Iterable[StoredDocument]) -> tuple[Revision, ...]:
    """What became of all claims whose pages changed, by document and time."""
    return tuple(sorted((found for document in documents for found in revisions_of(document)), key=revision_order))


def revision_order(item: Revision) -> tuple[object, ...]:
    """By document, time and claim."""
    return (item.document_id, item.seen_at, item.from_version, item.to_version, item.before or "", item.after or "")


def revisions_of(document: StoredDocument) -> tuple[Revision, ...]:
    """What became of one document's claims from each version to the next.

    It depends on the document alone. Both versions are read by one extractor, so that a better one makes no revision;
    a claim of which no word changed is none either, wherever it stands in the text.
    """
    if len(document.versions) < 2:
        return ()
    sides, steps = trace(document)
    account = _Account(document, sides, threads_of(sides, steps))
    found = [item for number, step in enumerate(steps) for item in account.of_step(number, step)]
    return tuple(sorted(found, key=revision_order))


@dataclass(frozen=True)
class _Account:
    document: StoredDocument
    sides: Sequence[Side]
    threads: dict[Spot, tuple[Spot, ...]]

    def of_step(self, number: int, step: Succession) -> Iterator[Revision]:
        """What happened from the version of that number to the next."""
        for i, j in step.changed:
            changes = list(_changes(self.sides[number].found[i], self.sides[number + 1].found[j]))
            if changes:
                yield self._revision("changed", number, (number, i), (number + 1, j), changes)
        yield from (self._revision("vanished", number, (number, i), None) for i in step.vanished)
        yield from (self._revision("added", number, None, (number + 1, j)) for j in step.added)

    def _revision(
        self, kind: RevisionKind, number: int, before: Spot | None, after: Spot | None, changes: Sequence[_Change] = ()
    ) -> Revision:
        from_, to = self.document.versions[number : number + 2]
        return Revision(
            document_id=self.document.id,
            kind=kind,
            from_version=from_.id,
            to_version=to.id,
            seen_at=to.fetched_at,
            before=id_of(self.sides, self.threads[before]) if before else None,
            after=id_of(self.sides, self.threads[after]) if after else None,
            what=tuple(what for what, _, _ in changes),
            was=tuple(was for _, was, _ in changes),
            now=tuple(now for _, _, now in changes),
        )


def _changes(a: Found, b: Found) -> Iterator[_Change]:
    """The fields in which a claim changed, the most telling first."""
    one, other = a.claim, b.claim
    before, after = _figures(a, b), _figures(b, a)
    told = "; ".join(item.text for item in before), "; ".join(item.text for item in after)
    if [value_of(item) for item in before] != [value_of(item) for item in after]:
        yield "figure", *told
    if [(item.kind, item.qualifier) for item in before] != [(item.kind, item.qualifier) for item in after]:
        yield "qualifier", ", ".join(item.qualifier for item in before), ", ".join(item.qualifier for item in after)
    fields = (
        ("speaker", (one.speaker, one.on_behalf_of), (other.speaker, other.on_behalf_of)),
        ("accused", (*sorted(one.accused), one.accused_as), (*sorted(other.accused), other.accused_as)),
        ("target", sorted(one.target), sorted(other.target)),
        ("date", _days(a), _days(b)),
        ("status", (one.status,), (other.status,)),
        ("type", (one.type,), (other.type,)),
    )
    for what, was, now in fields:
        if was != now:
            yield what, _told(was), _told(now)
    if one_form(one.text) != one_form(other.text):
        yield "words", one.text, other.text


def _figures(found: Found, other: Found) -> list[Quantity]:
    """The figures that measure a deed and that the other lacks, so ordered that the two can be compared."""
    same = [(*_value(item), item.qualifier) for item in other.quantities]
    telling = (q for q in found.quantities if q.kind in FIGURE_KINDS and (*_value(q), q.qualifier) not in same)
    return sorted(telling, key=lambda item: (FIGURE_KINDS.index(item.kind), value_of(item) or 0.0, item.start))


def _value(item: Quantity) -> tuple[object, ...]:
    return item.kind, item.unit, item.low, item.high


def _days(found: Found) -> list[str]:
    days = {(item.from_on.isoformat(), item.to_on.isoformat()) for item in found.dates}
    return [first if first == last else f"{first}/{last}" for first, last in sorted(days)]


def _told(values: Iterable[str | None]) -> str:
    return ", ".join(value for value in values if value)
