"""What is in the edition no more: what people hid, events that nothing reports, and what is read nowhere any more."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.digest import factkeys as keys
from tracker.digest.drafts import Draft
from tracker.digest.held import HeldAssertion, HeldEvent
from tracker.digest.known import Comparison


def find_withdrawn(comparison: Comparison) -> Iterator[Draft]:
    """What people hid since the edition before, as far as that had it: each claim, or a whole event, without words."""
    groups: dict[str, set[str]] = {}
    for was, fact in comparison.facts("withdrawn"):
        if was is None and fact is not None:
            id_ = fact.value["id"]
            whole = comparison.old.events.get(id_)
            for event in [whole] if whole else comparison.old.by_claim.get(id_, []):
                groups.setdefault(event.id, set()).add(id_)
    for event_id, hidden in sorted(groups.items()):
        event = comparison.old.events[event_id]
        current = comparison.current(event_id)
        if event_id in hidden or keys.event_key(current) not in comparison.now:
            yield _withdrawn_event(comparison, event)
        else:
            yield from (_withdrawn_claim(comparison, event, current, key) for key in sorted(hidden))


def _withdrawn_event(comparison: Comparison, event: HeldEvent) -> Draft:
    """It is spoken of by its day alone: its title repeats what it said."""
    return Draft(
        "withdrawn",
        keys.withdrawn_key("event", event.id),
        None,
        about="event",
        parties=event.parties,
        happened_on=event.from_on,
        sources=0,
        corrects=_all_keys(comparison, event),
    )


def _withdrawn_claim(comparison: Comparison, event: HeldEvent, current: str, hidden: str) -> Draft:
    own = [claim for claim in event.claims if claim.id == hidden]
    named = (party for claim in own for party in (*sorted(claim.voices), *claim.accused))
    return Draft(
        "withdrawn",
        keys.withdrawn_key("claim", hidden),
        current,
        about="claim",
        parties=tuple(dict.fromkeys(named)) or event.parties,
        corrects=comparison.keys_resting_on([hidden]),
    )


def _all_keys(comparison: Comparison, event: HeldEvent) -> tuple[str, ...]:
    """Of an event, and of all that rested on its claims."""
    own = [keys.event_key(id_) for id_ in comparison.ids_of(event.id)]
    return tuple(dict.fromkeys((*own, *comparison.keys_resting_on(event.claim_ids))))


def find_gone(comparison: Comparison, corrected: frozenset[str]) -> Iterator[Draft]:
    """Events that are in the edition no more, and what an event says no more.

    What was merged is not gone, nor is what people hid; nor what pages still say, which is looked up afterwards.
    `corrected` are keys that another change corrects already.
    """
    for event in comparison.old.events.values():
        current = comparison.current(event.id)
        if keys.event_key(current) in comparison.now:
            for draft in _unsaid_of(comparison, event, current):
                if not set(draft.corrects) & corrected:
                    yield draft
        elif not {event.id, *event.claim_ids} & comparison.withdrawn:
            yield _gone(comparison, event)


def _unsaid_of(comparison: Comparison, event: HeldEvent, current: str) -> Iterator[Draft]:
    """What an event says no more; a value only where its charge or act is said still."""
    new = comparison.new.events.get(current)
    if new is None:
        return
    values = {value for item in new.said for value in item.values}
    told: set[str] = set()
    for item in sorted(event.said, key=lambda item: bool(item.values)):
        draft = None if values & set(item.values) else _unsaid(comparison, current, item)
        if draft is not None and not set(draft.claims_before) <= told:
            told |= set(draft.claims_before)
            yield draft


def _gone(comparison: Comparison, event: HeldEvent) -> Draft:
    return Draft(
        "vanished",
        keys.event_key(event.id),
        None,
        claims_before=tuple(claim.id for claim in event.claims),
        about="event",
        was=event.title,
        parties=event.parties,
        happened_on=event.from_on,
        sources=0,
        corrects=_all_keys(comparison, event),
    )


def _unsaid(comparison: Comparison, current: str, item: HeldAssertion) -> Draft | None:
    """What claims said of which no words are read any more."""
    if any(claim.id in comparison.withdrawn or comparison.new.readings(claim) for claim in item.claims):
        return None  # where the words are there, what is otherwise of them is told as a correction
    ids = tuple(claim.id for claim in item.claims)
    return Draft(
        "vanished",
        item.keys(current)[0],
        current,
        claims_before=ids,
        about="claim",
        was=item.type,
        who=item.who,
        accused=item.accused,
        values=item.values,
        sources=0,
        parties=tuple(dict.fromkeys((*([item.who] if item.who else []), *item.accused))),
        corrects=comparison.keys_resting_on(ids),
    )
