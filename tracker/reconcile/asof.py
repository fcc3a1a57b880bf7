"""As of a day: what the tracker knew then, as today's reader and extractor understand it.

Known are the versions that had been fetched by then, and the edits that people had made. Events have the ids that they
have today, so that a look back can be compared with the present and cited beside it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from tracker.errors import InputError
from tracker.ids import slugify
from tracker.reconcile.curator import Curator
from tracker.reconcile.reconciler import reconcile
from tracker.types import Entity, Event, Reconciled, StoredDocument

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_FORMS = "expected a day such as 2026-06-24, or an instant such as 2026-06-24T12:00Z"


def read_as_of(text: str, now: datetime) -> datetime:
    """The instant (aware UTC) up to which something was known: of a day its end, of an instant without a zone UTC.

    Raises:
        InputError: it is no day or instant, or one that has not been yet; says which form is expected.
    """
    given = text.strip()
    if not (_DAY.fullmatch(given) or _INSTANT.fullmatch(given)):
        raise InputError(f"as of {text!r}: {_FORMS}")
    try:
        instant = datetime.fromisoformat(given)
        if _DAY.fullmatch(given):
            instant = datetime.combine(instant, time.max)
        at = instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(f"as of {given}: there is no such day or time; {_FORMS}") from error
    begins = at.replace(hour=0, minute=0, second=0, microsecond=0) if _DAY.fullmatch(given) else at
    if begins > now:
        raise InputError(f"as of {given}: that has not been yet; now it is {now.astimezone(UTC):%Y-%m-%dT%H:%MZ}")
    return at


def check_known(at: datetime, documents: Iterable[StoredDocument]) -> None:
    """See to it that something was known at an instant.

    Raises:
        InputError: names the day of the first document.
    """
    first = min((document.versions[0].fetched_at for document in documents), default=None)
    if first is None:
        raise InputError("nothing is known yet: `tracker ingest` or `tracker run` first")
    if at < first:
        raise InputError(
            f"as of {at:%Y-%m-%d}: nothing was known then; the first document was fetched on {first:%Y-%m-%d} (UTC)"
        )


def documents_as_of(documents: Iterable[StoredDocument], at: datetime) -> tuple[StoredDocument, ...]:
    """The documents with the versions that had been fetched by then, in their order; none of a later one is left."""
    known = []
    for document in documents:
        number = sum(version.fetched_at <= at for version in document.versions)
        if number:
            versions = tuple(
                replace(version, last_seen_at=min(version.last_seen_at, at)) for version in document.versions[:number]
            )
            known.append(
                replace(
                    document,
                    versions=versions,
                    extractions=document.extractions[:number],
                    last_seen_at=min(document.last_seen_at, at),
                )
            )
    return tuple(known)


def reconcile_as_of(
    documents: Sequence[StoredDocument], entities: Sequence[Entity], present: Reconciled, curator: Curator | None = None
) -> Reconciled:
    """What was known, made of the documents as they were, with the ids of the present result.

    An event that has been merged since has the id that it had then, which leads to the merged one today; an id of
    today whose event was not told apart then leads to the event that held its claims.
    """
    result = reconcile(documents, entities, present, curator)
    if names := _names_of_then(result, present):
        events = tuple(replace(event, id=names.get(event.id, event.id)) for event in result.events)
        kept = tuple(pair for pair in present.redirects if pair[0] not in names.values())
        named = reconcile(documents, entities, replace(present, events=events, redirects=kept), curator)
        moved = tuple(
            pair if pair in present.redirects else (pair[0], names.get(pair[1], pair[1])) for pair in result.redirects
        )
        result = replace(named, redirects=moved)
    live = {*(event.id for event in result.events), *(dispute.id for dispute in result.disputes)}
    redirects = tuple((old, new) for old, new in result.redirects if new in live and old not in live)
    return replace(result, redirects=redirects)


def _names_of_then(result: Reconciled, present: Reconciled) -> Mapping[str, str]:
    """New id -> the one of then, for the parts of events of today that were events of their own.

    They share today's id and those that lead to it: each takes the one that was made from its day and actor.
    """
    today = {event.id for event in present.events}
    holder = {claim_id: event.id for event in present.events for claim_id in (*event.claim_ids, *event.recalled_in)}
    parts: dict[str, list[Event]] = defaultdict(list)
    for event in result.events:
        heir = _heir(event, holder)
        if heir and (event.id == heir or event.id not in today):
            parts[heir].append(event)
    names: dict[str, str] = {}
    for heir, events in parts.items():
        if len(events) > 1:
            names.update(_share_out(events, [heir, *(old for old, new in present.redirects if new == heir)]))
    return {new: old for new, old in names.items() if new != old}


def _heir(event: Event, holder: Mapping[str, str]) -> str:
    """Today's event that has most of an event's claims; "" if none has any."""
    held = [holder[key] for key in event.claim_ids if key in holder]
    return max(sorted(set(held)), key=held.count, default="")


def _share_out(events: Sequence[Event], ids: Sequence[str]) -> dict[str, str]:
    """For each of these events one of the ids, the best fits first; an event for which none is left keeps its own."""
    order = sorted(
        ((event, number) for event in events for number in range(len(ids))),
        key=lambda pair: (-_fit(pair[0], ids[pair[1]]), -len(pair[0].claim_ids), pair[1], pair[0].claim_ids),
    )
    names: dict[str, str] = {}
    for event, number in order:
        if event.id not in names and ids[number] not in names.values():
            names[event.id] = ids[number]
    return names


def _fit(event: Event, key: str) -> int:
    """How well an id says what an event is: an id is made of day, actor, act and accused."""
    actor = slugify(event.actors[0], 40) if event.actors else "unattributed"
    return 2 * key.startswith(event.from_on.isoformat()) + (f"-{actor}-" in key)
