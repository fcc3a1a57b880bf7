"""Claims after people's edits: corrected, hidden or confirmed, each found by its anchor among what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.reconcile.anchors import find_claim, fold_quote
from tracker.types import (
    Claim,
    ClaimRecord,
    Confirmation,
    Correction,
    Edit,
    EditChange,
    FigureFix,
    Hiding,
    Quantity,
)

IsNamed = Callable[[str], bool]
"""Whether there is an entity of this id, for the document at hand."""
_FIELDS: Mapping[str, str] = {
    "type": "type",
    "speaker": "speaker",
    "for": "on_behalf_of",
    "accused": "accused",
    "status": "status",
}


@dataclass
class ClaimEdits:
    """What the edits of one document come to."""

    hidden: set[str] = field(default_factory=set)
    """Ids of claims that are not published."""
    vouched: set[str] = field(default_factory=set)
    """Ids of claims that somebody has compared with their words: confirmed or corrected."""
    corrected: dict[str, ClaimRecord] = field(default_factory=dict)
    """By id: the claim as a person reads it, with the edits that made it so."""
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each edit the claims that it means."""
    changes: dict[str, tuple[EditChange, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """For each edit that cannot stand beside those before it, why."""
    lost: dict[str, str] = field(default_factory=dict)
    """For each edit whose claim or figure is not found, what is not."""


def judge_claim_edits(edits: Sequence[Edit], records: Sequence[ClaimRecord], is_named: IsNamed) -> ClaimEdits:
    """What the edits of one document's claims do to them, as they were read. One that cannot be done is left out."""
    result = ClaimEdits()
    by_id = {record.id: record for record in records}
    for edit in edits:
        act = edit.act
        if isinstance(act, Hiding) and act.what == "claim":
            for anchor in act.claims:
                record = find_claim(anchor, records)
                _note(result, edit, record)
                if record and not _is_refused(result, edit, record.id in result.vouched, "confirmed or corrected"):
                    result.hidden.add(record.id)
        elif isinstance(act, Confirmation | Correction):
            record = find_claim(act.claim, records)
            _note(result, edit, record)
            if record is None or _is_refused(result, edit, record.id in result.hidden, "hidden"):
                continue
            if isinstance(act, Correction):
                _correct(result, edit, act, by_id[record.id], is_named)
            else:
                result.vouched.add(record.id)
                _mark(result, edit, result.corrected.get(record.id, record))
    return result


def _note(result: ClaimEdits, edit: Edit, record: ClaimRecord | None) -> None:
    if record is None:
        result.lost[edit.id] = "no claim of this kind is read out of these words any more"
    else:
        result.found[edit.id] = (*result.found.get(edit.id, ()), record.id)


def _is_refused(result: ClaimEdits, edit: Edit, contradicts: bool, how: str) -> bool:
    if contradicts:
        result.refused[edit.id] = f"the claim was {how} by an edit before; undo that one first"
    return contradicts


def _mark(result: ClaimEdits, edit: Edit, record: ClaimRecord) -> None:
    result.corrected[record.id] = replace(record, edits=(*record.edits, edit.id))


def _correct(result: ClaimEdits, edit: Edit, act: Correction, read: ClaimRecord, is_named: IsNamed) -> None:
    now = result.corrected.get(read.id, read)
    if why := _flaw(act, read, now, is_named):
        result.refused[edit.id] = why
        return
    values = {_FIELDS[name]: getattr(act, _FIELDS[name]) for name in act.sets}
    quantities = now.quantities
    for fix in act.figures:
        quantities = tuple(_fixed(item, fix) for item in quantities)
        if not any(_is_meant(item, fix) for item in quantities):
            known = ", ".join(repr(item.text) for item in read.quantities) or "none"
            result.lost[edit.id] = f"the claim has no figure in the words {fix.words!r}; it has {known}"
    record = replace(now, claim=replace(now.claim, **values), quantities=quantities)
    result.changes[edit.id] = _changes(read, record, act)
    result.vouched.add(read.id)
    _mark(result, edit, record)


def _flaw(act: Correction, read: ClaimRecord, now: ClaimRecord, is_named: IsNamed) -> str:
    named = (act.speaker, act.on_behalf_of, *act.accused)
    for party in named:
        if party and not is_named(party):
            return f"no entity has the id {party!r}, in the gazetteer or in the document"
    for name in act.sets:
        key = _FIELDS[name]
        before = getattr(now.claim, key)
        if getattr(read.claim, key) != before != getattr(act, key):
            return f"{name} was corrected to {_words(before)} by an edit before; undo that one first"
    for fix in act.figures:
        for old, new in zip(read.quantities, now.quantities, strict=True):
            if _is_meant(old, fix) and old != new != _fixed(old, fix):
                return f"the figure {fix.words!r} was corrected by an edit before; undo that one first"
    return ""


def _is_meant(quantity: Quantity, fix: FigureFix) -> bool:
    return fold_quote(quantity.text) == fold_quote(fix.words)


def _fixed(quantity: Quantity, fix: FigureFix) -> Quantity:
    if not _is_meant(quantity, fix):
        return quantity
    kind = fix.kind or quantity.kind
    return replace(quantity, low=fix.low, high=fix.high, qualifier=fix.qualifier, kind=kind)


def _changes(read: ClaimRecord, now: ClaimRecord, act: Correction) -> tuple[EditChange, ...]:
    pairs = [(name, _of(read.claim, name), _of(now.claim, name)) for name in act.sets]
    pairs += [
        ("figure", _figure(old), _figure(new))
        for old, new in zip(read.quantities, now.quantities, strict=True)
        if any(_is_meant(old, fix) for fix in act.figures)
    ]
    return tuple(EditChange(read.id, name, before, after) for name, before, after in pairs)


def _of(claim: Claim, name: str) -> str:
    return _words(getattr(claim, _FIELDS[name]))


def _words(value: str | tuple[str, ...] | None) -> str:
    return (value if isinstance(value, str) else ", ".join(value)) if value else "nobody"


def _figure(quantity: Quantity) -> str:
    """A figure's reading as "over 24000 accounts"; a range as "16 to 20 percent"."""
    ends = dict.fromkeys(f"{end:.12g}" for end in (quantity.low, quantity.high) if end is not None)
    number = " to ".join(ends) or "no number"
    qualifier = "" if quantity.qualifier in ("exact", "range") else f"{quantity.qualifier} "
    return f"{qualifier}{number} {quantity.unit or quantity.kind}"
