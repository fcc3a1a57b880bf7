"""Which figures of a sentence belong to which of its parties."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from tracker.types import Mention, Quantity

_OWNED_AFTER = re.compile(
    r"^(?:[^.;:]{0,14}?(?:of (?:those|them|it|these) )?(?:from|by|for|to|with|at) "
    r"|\s*(?:came|come|originated) from )(?:the )?$"
)
_BETWEEN_NAMES = re.compile(
    r"^\s*(?:,|、|和|及|与|以及|,? ?(?:and|or|et|und|e|y|ou|oder)(?: de| its| the| his| their)?"
    r"|, de|['’]s (?:AI )?(?:lab|laboratory|unit|arm|team|subsidiary)[^,.]{0,12},?)\s*$"
)
FIGURE_KINDS = frozenset({"accounts", "exchanges", "tokens", "users", "percent", "duration", "other", "money"})


def owners_of_figures(
    text: str, start: int, end: int, parties: Sequence[Mention], quantities: Sequence[tuple[int, Quantity]]
) -> dict[int, str | None]:
    """Index of a quantity -> the id of the one party that it is said of, or None where it is said of all.

    A figure belongs to the party that stands right after it behind a preposition ("13 million of those from MiniMax"),
    else to the last party before it that is not one of a list ("Moonshot AI accounted for over 3.4 million").
    """
    ordered = sorted(parties, key=lambda mention: mention.start)
    listed = _listed(text, ordered)
    owners: dict[int, str | None] = {}
    for index, quantity in quantities:
        if not start <= quantity.start < end:
            continue
        following = next((m for m in ordered if m.start >= quantity.end), None)
        if (
            following is not None
            and following not in listed
            and _OWNED_AFTER.match(text[quantity.end : following.start])
        ):
            owners[index] = following.entity_id
            continue
        before = [m for m in ordered if m.end <= quantity.start]
        last = before[-1] if before else None
        owners[index] = last.entity_id if last is not None and last not in listed else None
    return owners


def _listed(text: str, ordered: Sequence[Mention]) -> set[Mention]:
    """Parties that stand in a list of several, without a figure between them."""
    listed: set[Mention] = set()
    for left, right in itertools.pairwise(ordered):
        if left.entity_id != right.entity_id and _BETWEEN_NAMES.match(text[left.end : right.start]):
            listed |= {left, right}
    return listed
