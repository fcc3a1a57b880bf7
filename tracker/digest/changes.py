"""What changed from one published edition to the next."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.query import Published
from tracker.types import Change, Fact


def find_changes(before: Mapping[str, Fact], now: Mapping[str, Fact], published: Published) -> tuple[Change, ...]:
    """What subscribers are told of, the most important kinds first, then by day and key.

    Args:
        before: all facts of the edition before (`facts_before`).
        now: all facts of the edition (`load_facts`).
        published: the edition of `now`: the words of what changed are read from it. Its links to our site are whole
            where the site had an address when it was published (about.site_url).
    """
    raise NotImplementedError
