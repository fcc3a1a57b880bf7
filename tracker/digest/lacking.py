"""Whether an edition lacks so much of the one before that it is more likely a mishap than news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.digest import factkeys as keys
from tracker.types import Fact

_EVENT = keys.event_key("")
FEW = 10
"""So many events at least have to lack, unless all do."""
PART = 3
"""One of so many events at the most may lack."""


def describe_lack(known: Iterable[str], facts: Mapping[str, Fact]) -> str:
    """What an edition lacks, in words, where that is more than a third of the events that the last one had; else "".

    Events that were joined with others or that people hid are accounted for.

    Args:
        known: keys of the facts of the edition before.
        facts: of the new edition, by key.
    """
    events = [key.removeprefix(_EVENT) for key in known if key.startswith(_EVENT)]
    lacking = [id_ for id_ in events if not _accounts_for(facts, id_)]
    is_much = len(lacking) >= FEW and len(lacking) * PART > len(events)
    if not lacking or not (is_much or len(lacking) == len(events)):
        return ""
    return f"{len(lacking)} of the {len(events)} events that the last edition had are not in it"


def _accounts_for(facts: Mapping[str, Fact], event: str) -> bool:
    accounting = (keys.event_key(event), keys.redirect_key(event), keys.withdrawn_key("event", event))
    return any(key in facts for key in accounting)
