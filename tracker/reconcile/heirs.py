"""Ids that outlive re-runs: each old id goes to the heir that shares most with what had it, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


@dataclass(frozen=True)
class Heirs(Generic[T]):
    """How ids of one kind are handed on."""

    members: Callable[[T], Iterable[object]]
    """What a thing consists of: only what has one in common is compared."""
    shared: Callable[[T, T], tuple[int, ...]]
    """What a new thing has in common with an old one, the weightiest count first."""
    tie: Callable[[T], Any]
    """What orders new things that are alike otherwise."""

    def assign(
        self, new: Sequence[T], slugs: Sequence[str], old: Sequence[T], is_used: Callable[[str], bool]
    ) -> tuple[list[str], dict[str, str]]:
        """The id of each new thing, and where those old ids went that none of them has.

        A new thing takes the id of the old one with which it shares most, each old id going once: so a split leaves
        the id with the larger part. An old thing that is now part of one with another id leads there. Further ids
        are the slugs, numbered where one is in use: `is_used` says so of ids beside the old.
        """
        ids: dict[int, str] = {}
        heirs: dict[str, int] = {}
        taken: set[str] = set()
        for old_id, number in self._pairs(new, old):
            heirs.setdefault(old_id, number)
            if number not in ids and old_id not in taken:
                ids[number] = old_id
                taken.add(old_id)
        used = {item.id for item in old}
        for number in sorted(range(len(new)), key=lambda n: (slugs[n], self.tie(new[n]))):
            if number not in ids:
                ids[number] = _free(slugs[number], lambda slug: slug in used or is_used(slug))
                used.add(ids[number])
        return [ids[number] for number in range(len(new))], {
            old_id: ids[number] for old_id, number in heirs.items() if old_id not in taken
        }

    def _pairs(self, new: Sequence[T], old: Sequence[T]) -> list[tuple[str, int]]:
        """(old id, index of a new thing that shares something), the largest share first."""
        by_member: dict[object, set[int]] = defaultdict(set)
        for index, item in enumerate(old):
            for member in self.members(item):
                by_member[member].add(index)
        pairs = []
        for number, item in enumerate(new):
            for index in set().union(*(by_member.get(member, set()) for member in self.members(item))):
                shared = self.shared(item, old[index])
                if any(shared):
                    pairs.append(([-count for count in shared], old[index].id, self.tie(item), number))
        return [(old_id, number) for _, old_id, _, number in sorted(pairs)]


def _free(slug: str, is_used: Callable[[str], bool]) -> str:
    number, free = 2, slug
    while is_used(free):
        free, number = f"{slug}-{number}", number + 1
    return free


def follow_redirects(
    redirects: Iterable[tuple[str, str]], moved: Mapping[str, str], live: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Redirects of earlier runs and of this one, each to where it leads now: to an id that is `live`. One whose end
    is gone waits with its old end; an id that leads to itself is that of what no longer stands."""
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
