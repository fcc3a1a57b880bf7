"""Groups of values that may all stand for one number of one scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.reconcile.bounds import Bounds, digits_of, loses_qualifier
from tracker.reconcile.comparison import Relation
from tracker.reconcile.readings import Reading
from tracker.reconcile.scopes import Scope
from tracker.types import FigureGroup

Relations = Mapping[tuple[int, int], Relation]
"""What holds between two readings, by their places (the smaller first); what is apart is left out."""
_ONE_NUMBER: tuple[Relation, ...] = ("agree", "qualifier_lost")


@dataclass(frozen=True)
class ValueGroup:
    """Readings that may all stand for one number, the best attested first."""

    readings: tuple[Reading, ...]

    @property
    def scope(self) -> Scope:
        """The accused whom the values are about."""
        return self.readings[0].scope

    @property
    def kind(self) -> tuple[str, str | None]:
        """Kind and unit of the values."""
        return self.readings[0].kind

    @property
    def documents(self) -> frozenset[str]:
        """The documents that give any of the values."""
        return frozenset[str]().union(*(reading.documents for reading in self.readings))

    def nearest(self, rank: Mapping[int, int]) -> Reading:
        """The reading with the figure that stands nearest to its original speaker."""
        return min(self.readings, key=lambda reading: rank[reading.figures[0]])

    def finish(self, rank: Mapping[int, int]) -> FigureGroup:
        """The group as a value of the domain; `rank` gives each figure's nearness."""
        nearest, shared = self.nearest(rank), self._shared()
        return FigureGroup(
            kind=nearest.figure.kind,
            unit=nearest.figure.unit,
            scope=tuple(sorted(self.scope)) if any(reading.is_named for reading in self.readings) else (),
            figures=tuple(sorted(index for reading in self.readings for index in reading.figures)),
            low=shared.low if shared else None,
            high=shared.high if shared and shared.high < float("inf") else None,
            nearest=nearest.figures[0],
        )

    def _shared(self) -> Bounds | None:
        """What all values allow but those that lost a qualifier; beside a rounding, what the finest do."""
        known = [reading for reading in self.readings if reading.bounds and not self._has_lost(reading)]
        finest = max((digits_of(r.number) for r in known if r.number is not None), default=0)
        for chosen in (known, [r for r in known if r.number is not None and digits_of(r.number) == finest], known[:1]):
            bounds = [reading.bounds for reading in chosen if reading.bounds]
            low, high = max((b.low for b in bounds), default=1.0), min((b.high for b in bounds), default=0.0)
            if low <= high:
                return Bounds(low, high)
        return None

    def _has_lost(self, reading: Reading) -> bool:
        bare = reading.figure.qualifier == "exact"
        return bare and any(loses_qualifier(reading.figure, other.figure) for other in self.readings)


def group_readings(readings: Sequence[Reading], relations: Relations) -> list[ValueGroup]:
    """The readings in groups: values that write one number, then those that agree with every value of a group.

    `readings` come best attested first, those that were not compared with others last. A value that fits several
    groups joins the best attested of them; what writes a number goes before what is vague.
    """
    related: dict[int, dict[int, Relation]] = {}
    for (i, j), relation in relations.items():
        related.setdefault(i, {})[j] = related.setdefault(j, {})[i] = relation
    groups: list[list[int]] = []
    for node in sorted(_by_number(readings), key=lambda node: readings[node[0]].number is None):
        for group in groups:
            if all(related.get(i, {}).get(j) in _ONE_NUMBER for i in node for j in group):
                group.extend(node)
                break
        else:
            groups.append(list(node))
    return [ValueGroup(tuple(readings[i] for i in sorted(group))) for group in groups]


def _by_number(readings: Sequence[Reading]) -> list[list[int]]:
    """Places of readings that write one number of one scope, or that are vague; in the readings' order."""
    nodes: dict[tuple[object, ...], list[int]] = {}
    for place, reading in enumerate(readings):
        own = place if reading.number is None else reading.number
        nodes.setdefault((*reading.kind, reading.scope, reading.counted, reading.number is None, own), []).append(place)
    return list(nodes.values())
