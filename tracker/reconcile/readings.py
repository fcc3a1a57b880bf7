"""Readings: a value as some documents write it, of one kind, unit and scope."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.reconcile.aspects import aspect_of
from tracker.reconcile.bounds import Bounds, bounds_of, number_of
from tracker.reconcile.scopes import Scope
from tracker.types import ClaimRecord, Figure

_Key = tuple[object, ...]
_Page = tuple[str, str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Reading:
    """One value of one scope, with the figures that give it: indices, the nearest to its original speaker first."""

    figures: tuple[int, ...]
    figure: Figure
    """The nearest of them."""
    records: tuple[ClaimRecord, ...]
    """The claims of the figures, in their order."""
    scope: Scope
    is_part: bool
    """Whether its words alone make it a part of something that was counted before, and not whom it is said of."""
    is_named: bool
    """Whether any of the figures names an accused; else its scope is only what it is compared in."""

    @property
    def record(self) -> ClaimRecord:
        """The claim of the nearest figure."""
        return self.records[0]

    @cached_property
    def documents(self) -> frozenset[str]:
        """The documents that give it."""
        return frozenset(record.document_id for record in self.records)

    @cached_property
    def pages(self) -> frozenset[_Page]:
        """The versions that give it, each with whose word it is there."""
        return frozenset((r.version_id, r.claim.speaker, r.claim.via) for r in self.records)

    @property
    def kind(self) -> tuple[str, str | None]:
        """What can be compared at all: kind and unit."""
        return self.figure.kind, self.figure.unit

    @cached_property
    def bounds(self) -> Bounds | None:
        """The numbers that it allows."""
        return bounds_of(self.figure)

    @cached_property
    def number(self) -> float | None:
        """The number that it writes."""
        return number_of(self.figure)

    @cached_property
    def counted(self) -> str:
        """What is counted, as far as the kind does not tell."""
        return _counted(self.figure, self.record)


def _counted(figure: Figure, record: ClaimRecord) -> str:
    """Whether it is a rate; and for the kind that counts anything the last word of the figure."""
    words = re.findall(r"[^\W\d_]+", figure.text.casefold()) if figure.kind == "other" else []
    rate = "rate" if aspect_of(figure, record) == "rate" else ""
    return " ".join([rate, *words[-1:]]).strip()


def make_readings(
    figures: Sequence[Figure], scopes: Sequence[Scope], records: Mapping[str, ClaimRecord], nearest: Sequence[int]
) -> list[Reading]:
    """The readings of figures, those of most documents first. `nearest` holds the figures' indices in that order."""
    found: dict[_Key, list[int]] = defaultdict(list)
    known = set(scopes)
    for index in nearest:
        figure, record = figures[index], records[figures[index].claim_id]
        is_part = aspect_of(figure, record) == "part" and not any(scopes[index] < scope for scope in known)
        value = (number_of(figure), figure.qualifier, bounds_of(figure), _counted(figure, record))
        found[is_part, figure.kind, figure.unit, scopes[index], *value].append(index)
    rank = {index: place for place, index in enumerate(nearest)}
    readings = [
        Reading(
            tuple(indices),
            figures[indices[0]],
            tuple(records[figures[index].claim_id] for index in indices),
            scopes[indices[0]],
            is_part=key[0] is True,
            is_named=any(figures[index].accused for index in indices),
        )
        for key, indices in found.items()
    ]
    return sorted(readings, key=lambda reading: (-len(reading.documents), rank[reading.figures[0]]))
