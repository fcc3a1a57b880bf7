"""Event ids that outlive re-runs: made once from what the event is, then handed on by what it consists of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from tracker.ids import slugify
from tracker.types import ClaimType, Event

_TYPE_WORDS: Mapping[ClaimType, str] = {
    "allegation": "allegation",
    "admission": "admission",
    "denial": "denial",
    "no_response": "silence",
    "legislation": "bill",
    "government_action": "action",
    "legal_action": "case",
    "company_action": "measure",
    "statement": "statement",
}


def slug_of(event: Event, actor: str | None, accused: str | None) -> str:
    """The id of a new event: day, actor, type and the first accused."""
    parts = [event.from_on.isoformat(), slugify(actor, 40) if actor else "unattributed", _TYPE_WORDS[event.type]]
    if accused and accused != actor:
        parts.append(slugify(accused, 30))
    return "-".join(parts)


def _shared(event: Event, old: Event) -> tuple[int, int]:
    """(claims, documents) in common. Documents count for the same kind of event by the same party on these days."""
    claims = len(set(event.claim_ids) & set(old.claim_ids))
    alike = event.type == old.type and event.from_on <= old.to_on and old.from_on <= event.to_on
    alike = alike and bool(set(event.actors[:1]) & set(old.actors[:1]))
    documents = len(set(event.document_ids) & set(old.document_ids)) if claims or alike else 0
    return claims, documents


def _pairs(events: Sequence[Event], previous: Sequence[Event]) -> list[tuple[tuple[int, int], Event, int]]:
    """(what is shared, old event, index of the new one), the largest share first."""
    by_member: dict[str, list[int]] = defaultdict(list)
    for index, old in enumerate(previous):
        for member in (*old.claim_ids, *old.document_ids):
            by_member[member].append(index)
    pairs = []
    for number, event in enumerate(events):
        near = {index for member in (*event.claim_ids, *event.document_ids) for index in by_member.get(member, ())}
        for index in near:
            shared = _shared(event, previous[index])
            if any(shared):
                pairs.append((shared, previous[index], number))
    return sorted(pairs, key=lambda p: (-p[0][0], -p[0][1], p[1].id, events[p[2]].claim_ids))


def assign_ids(
    events: Sequence[Event], slugs: Sequence[str], previous: Sequence[Event], is_used: Callable[[str], bool]
) -> tuple[list[str], dict[str, str]]:
    """The id of each event, and where those of the previous events went that none of them has.

    An event takes the id of the previous event with which it shares most claims, each old id going once: so a split
    leaves the id with the larger part. An old event whose claims are now in an event with another id redirects
    there. New ids are the slugs, numbered where one was ever in use: `is_used` says so of ids beside the previous.
    """
    ids: dict[int, str] = {}
    heirs: dict[str, int] = {}
    taken: set[str] = set()
    for _, old, number in _pairs(events, previous):
        heirs.setdefault(old.id, number)
        if number not in ids and old.id not in taken:
            ids[number] = old.id
            taken.add(old.id)
    used = taken | {event.id for event in previous}
    for number in sorted(range(len(events)), key=lambda n: (slugs[n], events[n].claim_ids)):
        if number not in ids:
            ids[number] = _free(slugs[number], lambda slug: slug in used or is_used(slug))
            used.add(ids[number])
    moved = {old: ids[number] for old, number in heirs.items() if old not in taken}
    return [ids[number] for number in range(len(events))], moved


def _free(slug: str, is_used: Callable[[str], bool]) -> str:
    if not is_used(slug):
        return slug
    number = 2
    while is_used(f"{slug}-{number}"):
        number += 1
    return f"{slug}-{number}"


def follow_redirects(
    redirects: Iterable[tuple[str, str]], moved: Mapping[str, str], live: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Redirects of earlier runs and of this one, each to where it leads now: to an event that is `live`. One whose
    end is gone waits with its old end; an id that leads to itself is that of an event that no longer stands."""
    leads_to = {**dict(redirects), **moved}
    followed = []
    for old in leads_to:
        end, seen = leads_to[old], {old}
        while end not in live and end in leads_to and end not in seen:
            seen.add(end)
            end = leads_to[end]
        if old not in live:
            followed.append((old, end))
    return tuple(sorted(followed))
