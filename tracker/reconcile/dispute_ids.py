"""Dispute ids that outlive re-runs: handed on by what a dispute consists of, like those of events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from tracker.types import Dispute, Reconciled, is_dispute_id

_Shared = tuple[int, int, int]


def _shared(new: Dispute, old: Dispute) -> _Shared:
    """(allegations, parties, events) in common; parties and events count where both sides have a party in common.

    So an id survives a better extractor, which gives every claim another id.
    """
    allegations = len(set(new.allegation_ids) & set(old.allegation_ids))
    accusers = set(new.accusers) & set(old.accusers)
    accused = set(new.accused) & set(old.accused)
    events = len(set(new.event_ids) & set(old.event_ids))
    if new.sides != old.sides and not (accusers and accused and events):
        return (allegations, 0, 0)
    return (allegations, len(accusers) + len(accused) + (new.sides == old.sides), events)


def assign_dispute_ids(
    disputes: Sequence[Dispute],
    slugs: Sequence[str],
    previous: Reconciled,
    is_used: Callable[[str], bool] = lambda _: False,
) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """The id of each dispute, and all redirects of disputes, the earlier ones followed to where they lead now.

    A dispute takes the id of the previous one with which it shares most, each old id going once: a split leaves the
    id with the larger part. An old dispute that is now part of another redirects there. `is_used` tells of ids that
    are not in `previous` whether there was ever a dispute with them.
    """
    ids: dict[int, str] = {}
    heirs: dict[str, int] = {}
    taken: set[str] = set()
    for _, old, number in _pairs(disputes, previous.disputes):
        heirs.setdefault(old.id, number)
        if number not in ids and old.id not in taken:
            ids[number] = old.id
            taken.add(old.id)
    earlier = {old: new for old, new in previous.redirects if is_dispute_id(old)}
    used = taken | {old.id for old in previous.disputes} | {old for old, new in earlier.items() if old != new}
    for number in sorted(range(len(disputes)), key=lambda n: (slugs[n], disputes[n].sides)):
        if number not in ids:
            ids[number] = _free(slugs[number], lambda slug: slug in used or is_used(slug))
            used.add(ids[number])
    moved = {old: ids[number] for old, number in heirs.items() if old not in taken}
    return [ids[number] for number in range(len(disputes))], _follow({**earlier, **moved}, set(ids.values()))


def _pairs(disputes: Sequence[Dispute], previous: Sequence[Dispute]) -> list[tuple[_Shared, Dispute, int]]:
    by_member: dict[object, set[int]] = defaultdict(set)
    for index, old in enumerate(previous):
        for member in (old.sides, *old.allegation_ids, *old.event_ids):
            by_member[member].add(index)
    pairs = []
    for number, dispute in enumerate(disputes):
        members = (dispute.sides, *dispute.allegation_ids, *dispute.event_ids)
        for index in set().union(*(by_member.get(member, set()) for member in members)):
            shared = _shared(dispute, previous[index])
            if any(shared):
                pairs.append((shared, previous[index], number))
    return sorted(pairs, key=lambda p: (*(-count for count in p[0]), p[1].id, disputes[p[2]].sides))


def _free(slug: str, is_used: Callable[[str], bool]) -> str:
    number, free = 2, slug
    while is_used(free):
        free, number = f"{slug}-{number}", number + 1
    return free


def _follow(leads_to: Mapping[str, str], live: set[str]) -> tuple[tuple[str, str], ...]:
    redirects = []
    for old in leads_to:
        end, seen = leads_to[old], {old}
        while end not in live and end in leads_to and end not in seen:
            seen.add(end)
            end = leads_to[end]
        if old not in live:
            redirects.append((old, end))
    return tuple(sorted(redirects))
