"""The order of a digest: what its changes stand under, and which comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import cast

from tracker.digest.names import Named, Names
from tracker.render.wording import CLAIM_TYPE_WORDS, clean
from tracker.types.changes import Change, ChangeKind
from tracker.types.digests import DigestGroup, DigestItem
from tracker.types.watching import Subscriber, WatchRule
from tracker.types.words import CLAIM_TYPES, ClaimType

WEIGHTIEST_FIRST: tuple[ChangeKind, ...] = (
    "event", "status", "answer", "corrected", "withdrawn", "vanished", "conflict", "stage", "figure", "claim",
    "sources",
)  # fmt: skip
_Heading = tuple[str, str]
"""("entity" or "dispute", its id), or ("type", a claim type or "")."""
_PLACES = {kind: place for place, kind in enumerate(WEIGHTIEST_FIRST)}


def rank(change: Change) -> tuple[int, int, int]:
    """By this the weightiest kinds come first, in each the latest day, and what was seen first."""
    return _PLACES[change.kind], -(change.happened_on or date.min).toordinal(), change.seq


def group_items(
    subscriber: Subscriber, items: Iterable[tuple[DigestItem, Mapping[int, Change]]], names: Names
) -> tuple[DigestGroup, ...]:
    """Items under what is watched, in the order in which the rules name it.

    Each stands once: under the first party or dispute that a rule which it fits names; where none does, by its type,
    behind all others. With each item come the places of the rules that it fits, and the change that fitted each.
    """
    order = {heading: place for place, heading in enumerate(_headings(subscriber.rules))}
    groups: dict[_Heading, list[DigestItem]] = {}
    for item, fitted in items:
        found = [heading for number, change in fitted.items() for heading in _met(subscriber.rules[number], change)]
        groups.setdefault(min(found, key=order.__getitem__, default=_type_of(item.change)), []).append(item)
    return tuple(
        _group(heading, groups[heading], names)
        for heading in sorted(groups, key=lambda heading: (order.get(heading, len(order)), _place_of_type(heading)))
    )


def _headings(rules: Iterable[WatchRule]) -> Iterable[_Heading]:
    return dict.fromkeys(
        heading
        for rule in rules
        for heading in (*(("entity", one) for one in rule.entities), *(("dispute", one) for one in rule.disputes))
    )


def _met(rule: WatchRule, change: Change) -> Iterable[_Heading]:
    """What a rule names that a change is about."""
    for one in rule.entities:
        if one in change.entities or (rule.with_children and one in change.families):
            yield "entity", one
    for one in rule.disputes:
        if one in change.dispute_ids:
            yield "dispute", one


def _type_of(change: Change) -> _Heading:
    return "type", change.event_type or ""


def _place_of_type(heading: _Heading) -> int:
    kind, name = heading
    return [*CLAIM_TYPES, ""].index(cast(ClaimType, name)) if kind == "type" else 0


def _group(heading: _Heading, items: Sequence[DigestItem], names: Names) -> DigestGroup:
    kind, one = heading
    if kind == "type":
        named = Named(CLAIM_TYPE_WORDS[cast(ClaimType, one)] if one else "Other changes")
    else:
        named = names.entity(one) if kind == "entity" else names.dispute(one)
    return DigestGroup(clean(named.name), named.page, tuple(sorted(items, key=lambda item: rank(item.change))))
