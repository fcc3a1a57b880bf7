"""The figures of an event as records: each with its group, its conflicts, and the sums and doubts of the whole."""

from __future__ import annotations

from math import isfinite
from typing import Any

from tracker.render.asrecord import as_record
from tracker.types import Event, FigureConflict

Record = dict[str, Any]


def whole(value: float | None) -> float | int | None:
    """A number without a decimal point where it needs none."""
    return int(value) if value is not None and isfinite(value) and value == int(value) else value


def group_ids(event: Event) -> list[str]:
    """A name for each group of figures within its event: its kind and its number among those ("accounts-1")."""
    counts: dict[str, int] = {}
    names = []
    for group in event.figure_groups:
        counts[group.kind] = counts.get(group.kind, 0) + 1
        names.append(f"{group.kind}-{counts[group.kind]}")
    return names


def relations_of_figure(event: Event, index: int) -> Record:
    """What a figure's record says beside its value: `group`, `nearest`, `conflicts` (with the other's claim)."""
    names = group_ids(event)
    own = [n for n, group in enumerate(event.figure_groups) if index in group.figures]
    group = event.figure_groups[own[0]] if own else None
    return {
        "group": names[own[0]] if own else None,
        "group_scope": list(group.scope) if group else [],
        "group_low": whole(group.low) if group else None,
        "group_high": whole(group.high) if group else None,
        "nearest": event.figures[index].is_nearest,
        "conflicts": [
            {
                "reason": conflict.reason,
                "with_claim": event.figures[other].claim_id,
                "with_text": event.figures[other].text,
                "why": conflict.why,
            }
            for conflict in event.figure_conflicts
            if (other := _other(conflict, index)) is not None
        ],
    }


def _other(conflict: FigureConflict, index: int) -> int | None:
    """The figure that one is in conflict with; None where the conflict is not its own."""
    if index in (conflict.one, *conflict.ones):
        return conflict.other
    return conflict.one if index in (conflict.other, *conflict.others) else None


def figures_of_event(event: Event) -> Record:
    """What an event's record says of its figures together; numbers of figures count its `figures` from 0."""
    names = group_ids(event)
    return {
        "figure_groups": [
            {
                "id": name,
                "kind": group.kind,
                "unit": group.unit,
                "scope": list(group.scope),
                "low": whole(group.low),
                "high": whole(group.high),
                "figures": list(group.figures),
                "nearest": group.nearest,
            }
            for name, group in zip(names, event.figure_groups, strict=True)
        ],
        "figure_conflicts": [
            {
                "reason": conflict.reason,
                "one": conflict.one,
                "other": conflict.other,
                "ones": list(conflict.ones),
                "others": list(conflict.others),
                "why": conflict.why,
            }
            for conflict in event.figure_conflicts
        ],
        "figure_sums": [
            {
                "total": item.total,
                "parts": list(item.parts),
                "low": whole(item.low),
                "high": whole(item.high),
                "agrees": item.agrees,
            }
            for item in event.figure_sums
        ],
        "flags": [as_record(flag) for flag in event.flags],
    }
