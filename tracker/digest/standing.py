"""How disputes and laws stand: statuses that moved, answers to a dispute as a whole, and stages of bills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.digest import factkeys as keys
from tracker.digest.drafts import Draft
from tracker.digest.known import Comparison
from tracker.types import Fact


def find_dispute_news(comparison: Comparison) -> Iterator[Draft]:
    """Disputes that stand otherwise, and what was answered to no single event of them.

    A dispute that was not known is told by the event that opens it.
    """
    for _, fact in comparison.facts("dispute"):
        before = _dispute_before(comparison, fact) if fact else None
        if fact is None or before is None:
            continue
        id_ = fact.key.removeprefix("dispute:")
        yield from _status(id_, fact.value, before)
        yield from _answers(id_, fact.value, before)


def _dispute_before(comparison: Comparison, fact: Fact) -> Mapping[str, Any] | None:
    """The dispute as it was, also under an id that was merged into this one."""
    ids = comparison.ids_of(fact.key.removeprefix("dispute:"))
    found = (comparison.before.get(keys.dispute_key(id_)) for id_ in ids)
    return next((known.value for known in found if known is not None), None)


def _status(id_: str, value: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Draft]:
    if value["status"] and before["status"] and value["status"] != before["status"]:
        yield Draft(
            "status", keys.dispute_key(id_), value["event"], claims=tuple(value["claims"]), about=value["status"],
            was=before["status"], disputes=(id_,),
        )  # fmt: skip


def _answers(id_: str, value: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Draft]:
    known = {(party, kind) for party, kind, *_ in before["answers"]}
    groups: dict[tuple[str, str], list[list[Any]]] = {}
    for row in value["answers"]:
        if (row[0], row[1]) not in known and row[3]:
            groups.setdefault((row[0], row[1]), []).append(row)
    for (party, kind), rows in groups.items():
        yield Draft(
            "answer", keys.answer_key(id_, party, kind), None, claims=tuple(dict.fromkeys(row[3] for row in rows)),
            about=kind, who=party, disputes=(id_,), sources=1, is_accused=bool(rows[0][2]),
        )  # fmt: skip


def find_stage_news(comparison: Comparison) -> Iterator[Draft]:
    """Laws, bills and orders of which an act shows a stage that was not known."""
    for was, fact in comparison.facts("stage"):
        if fact is None:
            continue
        law, event, stage = (fact.value[name] for name in ("law", "event", "stage"))
        old = [comparison.before.get(keys.stage_key(law, id_)) for id_ in comparison.ids_of(event)]
        known = [item.value["stage"] for item in (was, *old) if item is not None]
        moved = _moved(comparison, law, stage, fact.value["claims"])
        if stage not in known and not moved:
            yield Draft(
                "stage", fact.key, event, claims=tuple(fact.value["claims"]), about=stage,
                was=known[0] if known else "", law=law, parties=(law,),
            )  # fmt: skip


def _moved(comparison: Comparison, law: str, stage: str, claims: list[str]) -> bool:
    """Whether claims of it showed the same stage in an event that they have left."""
    own = set(claims)
    return any(
        item.value["law"] == law and item.value["stage"] == stage and own & set(item.value["claims"])
        for item in comparison.stages
    )
