"""What was told once and is withdrawn: the same ids with `revoked`, and nothing of what they said.

Who keeps an older bundle would show a charge for good that people withdrew, if it only went missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tracker.render.exchange.network import accusations
from tracker.render.exchange.stix.making import Maker, Object, Times, claim_times, joined, stix_instant
from tracker.render.exchange.stix.parties import identity_id
from tracker.render.exchange.stix.reports import event_times
from tracker.render.exchange.telling import NO_FINDING
from tracker.types import ClaimRecord

_WITHDRAWN = f"Withdrawn: a person decided that this is not published. {NO_FINDING}"
_MERGED = f"Withdrawn: told by another report, with which it was joined. {NO_FINDING}"
_LEAST = timedelta(milliseconds=1)


def revocations(maker: Maker) -> Iterator[Object]:
    """Notes of hidden claims, charges that no claim makes any more, reports of hidden and of joined events."""
    touched = maker.touched
    for key, record in sorted(touched.withheld.items()):
        values = {"content": _WITHDRAWN, "object_refs": [maker.us]}
        yield _revoked(maker, "note", (key,), claim_times(maker, record), values)
    yield from _charges(maker)
    for key, records in sorted(touched.hidden.items()):
        yield _report(maker, key, _known(maker, records, touched.events.get(key)), _WITHDRAWN)
    for old, new in sorted(maker.views.catalogue.redirects):
        event = maker.views.catalogue.events_by_id.get(new)
        if event is not None and old not in maker.views.catalogue.events_by_id and old not in touched.hidden:
            yield _report(maker, old, event_times(maker, event), _MERGED)


def _charges(maker: Maker) -> Iterator[Object]:
    told = {(item.accuser, item.accused) for item in accusations(maker.views)}
    held = maker.views.catalogue.entities
    for pair, records in sorted(maker.touched.charges.items()):
        if pair not in told:
            source, target = (identity_id(maker, key) if key in held else maker.us for key in pair)
            values = {
                "relationship_type": "accuses",
                "description": _WITHDRAWN,
                "source_ref": source,
                "target_ref": target,
            }
            times = _known(maker, records, maker.touched.pairs.get(pair))
            yield _revoked(maker, "relationship", ("accuses", *pair), times, values)


def _known(maker: Maker, records: list[ClaimRecord] | tuple[ClaimRecord, ...], at: datetime | None) -> Times:
    return joined([*(claim_times(maker, record) for record in records), *([Times(at, at)] if at else [])])


def _report(maker: Maker, id: str, times: Times, why: str) -> Object:
    published = stix_instant(times.created) if times.created else None
    values = {"name": "Withdrawn", "description": why, "published": published, "object_refs": [maker.us]}
    return _revoked(maker, "report", (id,), times, values)


def _revoked(maker: Maker, type: str, keys: tuple[str, ...], times: Times, values: Object) -> Object:
    """The object, a moment after it was last told."""
    later = Times(times.created, times.modified + _LEAST if times.modified else None)
    return maker.make(type, keys, later, {**values, "revoked": True})
