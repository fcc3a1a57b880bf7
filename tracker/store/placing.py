"""Reports as they are kept: as JSON that names claims by id, since the claims have a table of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from tracker.reconcile.blocks import Placed, Reach
from tracker.reconcile.clusters import Decision
from tracker.reconcile.names import DocumentNames
from tracker.reconcile.reports import Report
from tracker.reconcile.tellings import NOTHING
from tracker.store.convert import claim

_REPORT: TypeAdapter[Report] = TypeAdapter(Report)
_NAMES: TypeAdapter[DocumentNames] = TypeAdapter(DocumentNames)


class Kept:
    """A row of the table of reports."""

    def __init__(self, rank: str, role: str, cluster: str | None, score: float, among: str, reach: str, payload: str):
        self.rank, self.reach, self.payload = rank, reach, payload
        self.decision = Decision(role, cluster, score, among)  # type: ignore[arg-type]

    @cached_property
    def values(self) -> dict[str, Any]:
        """The report, each claim by its id."""
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def claim_ids(self) -> list[str]:
        """The claims that it is made of."""
        return [member["record"] for member in self.values["report"]["members"]]


def placed(row: Kept, claims: Mapping[str, str]) -> Placed:
    """A row as the report that it was made from; `claims` holds the payload of each claim by its id."""
    report = row.values["report"]
    members = [{**member, "record": claim(claims[member["record"]])} for member in report["members"]]
    read = _REPORT.validate_python({"telling": NOTHING, **report, "members": members})
    return Placed(row.rank, read, reach(row.reach), tuple(row.values["uses"]), row.decision)


def payload(item: Placed) -> str:
    """The report and the names that it depends on as JSON, the same on every machine."""
    values = _REPORT.dump_python(item.report, mode="python")
    for member in values["members"]:
        member["record"] = member["record"]["id"]
    if item.report.telling == NOTHING:
        del values["telling"]
    kept = {"report": values, "uses": item.uses}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def reach_text(item: Reach) -> str:
    """A reach as JSON."""
    return json.dumps([item.names, item.months, item.seeks, item.first, item.last], ensure_ascii=False)


def reach(text: str) -> Reach:
    """What `reach_text` made as a value again."""
    names, months, seeks, first, last = json.loads(text)
    return Reach(tuple(names), tuple(months), tuple(seeks), first, last)


def document_names(text: str) -> DocumentNames:
    """What a document adds to the sums, from JSON."""
    return _NAMES.validate_json(text)


def names_text(names: DocumentNames) -> str:
    """What a document adds to the sums as JSON."""
    return _NAMES.dump_json(names).decode()
