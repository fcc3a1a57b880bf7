"""Reports as they are kept: as JSON that names claims by id, since the claims have a table of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from tracker.reconcile.bearings import Bearing
from tracker.reconcile.blocks import Placed, Reach
from tracker.reconcile.clusters import Cuts, Decision
from tracker.reconcile.gists import Brief, Gist, brief_of
from tracker.reconcile.names import DocumentNames
from tracker.reconcile.reports import Report
from tracker.reconcile.tellings import NOTHING
from tracker.store.convert import claim

_BRIEF: TypeAdapter[Brief] = TypeAdapter(Brief)
_GIST: TypeAdapter[Gist] = TypeAdapter(Gist)
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)
_REACH: TypeAdapter[Reach] = TypeAdapter(Reach)
_BEARING: TypeAdapter[Bearing] = TypeAdapter(Bearing)
_NAMES: TypeAdapter[DocumentNames] = TypeAdapter(DocumentNames)
_Values = dict[str, Any]


def placed(rank: str, decision: Decision, gist: str, reach_text: str, uses: str) -> Placed:
    """The columns of a report as the report in its place, by its gist."""
    return Placed(rank, _GIST.validate_json(gist), reach(reach_text), tuple(json.loads(uses)), decision)


def brief(text: str) -> Brief:
    """What `brief_text` made as a value again."""
    return _BRIEF.validate_json(text)


def brief_text(item: Placed) -> str:
    """What a cluster needs of a report in any case, as JSON, the same on every machine."""
    return _dump(_BRIEF.dump_python(brief_of(item.gist), mode="python"))


def gist_text(item: Placed) -> str:
    """The gist of a report as JSON, the same on every machine."""
    values = _GIST.dump_python(item.gist, mode="python")
    if item.gist.telling == NOTHING:
        del values["telling"]
    return _dump(values)


def claim_ids(values: _Values) -> list[str]:
    """The claims that a report is made of, from its payload."""
    return [member["record"] for member in values["members"]]


def report(values: _Values, claims: Mapping[str, str]) -> Report:
    """A report whole, but for what its document as a whole tells; `claims` holds the payload of each claim by id."""
    members = [{**member, "record": claim(claims[member["record"]])} for member in values["members"]]
    return _REPORT.validate_python({**values, "members": members})


def payload(item: Report) -> str:
    """A report as JSON, each claim by its id, the same on every machine."""
    values = _REPORT.dump_python(item, mode="python")
    for member in values["members"]:
        member["record"] = member["record"]["id"]
    del values["telling"]
    return _dump(values)


def _dump(values: _Values) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def reach_text(item: Reach) -> str:
    """A reach as JSON."""
    return _REACH.dump_json(item).decode()


def reach(text: str) -> Reach:
    """What `reach_text` made as a value again."""
    return _REACH.validate_json(text)


def cuts(text: str) -> Cuts:
    """The cuts of a decision, from JSON."""
    nearest, latest = (tuple(cut) if cut else None for cut in json.loads(text))
    return nearest, latest


def bearing(text: str) -> Bearing:
    """What `bearing_text` made as a value again."""
    return _BEARING.validate_json(text)


def bearing_text(item: Bearing) -> str:
    """What an event bears on disputes as JSON, the same on every machine."""
    return _dump(_BEARING.dump_python(item, mode="python", exclude_defaults=True))


def document_names(text: str) -> DocumentNames:
    """What a document adds to the sums, from JSON."""
    return _NAMES.validate_json(text)


def names_text(names: DocumentNames) -> str:
    """What a document adds to the sums as JSON."""
    return _NAMES.dump_json(names).decode()
