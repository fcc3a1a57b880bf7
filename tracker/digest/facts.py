"""What a published edition says, as facts that can be compared with the next edition's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tracker.query import Published
from tracker.types import Fact


def load_facts(published: Published) -> dict[str, Fact]:
    """All that the edition says that a change may be told of, by key.

    Raises:
        QueryRefused: the database has not the views of docs/database.md.
    """
    raise NotImplementedError


def facts_before(
    digests: Mapping[str, int], now: Mapping[str, Fact], load: Callable[[Iterable[str]], Mapping[str, Fact]]
) -> dict[str, Fact]:
    """The facts of the edition before without loading those that are the same now.

    Args:
        digests: `SubscriptionStore.load_fact_digests()`.
        now: of the new edition, by key.
        load: `SubscriptionStore.load_facts`: called once, with the keys of what is otherwise now, or gone.
    """
    same = {key: fact for key, fact in now.items() if digests.get(key) == fact.digest}
    return same | dict(load([key for key in digests if key not in same]))
