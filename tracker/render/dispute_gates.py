"""What must be true of the disputes of a site: each step and answer rests on something that is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tracker.render.paths import dispute_path
from tracker.types import Dataset, Dispute


def check_disputes(files: Collection[str], dataset: Dataset) -> Iterator[str]:
    """What is wrong with the disputes of a dataset and their pages, one line each.

    Checked: what they name is there; a step has evidence, and lies in the order of days; a party without an answer
    has none, and every accused party has an entry; every dispute has its page.
    """
    claims = {record.id for record in dataset.reconciled.claims}
    events = {event.id for event in dataset.reconciled.events}
    for dispute in dataset.reconciled.disputes:
        where = f"dispute {dispute.id}"
        named = [*dispute.allegation_ids, *(key for step in dispute.steps for key in step.claim_ids)]
        named += [entry.claim_id for entry in dispute.ledger if entry.claim_id]
        yield from (f"{where}: there is no claim {key}" for key in dict.fromkeys(named) if key not in claims)
        told_in = [*dispute.event_ids, *(step.event_id for step in dispute.steps)]
        told_in += [entry.event_id for entry in dispute.ledger if entry.event_id]
        yield from (f"{where}: there is no event {key}" for key in dict.fromkeys(told_in) if key not in events)
        yield from (f"{where}: {why}" for why in (*_check_steps(dispute), *_check_ledger(dispute)))
        if dispute_path(dispute.id) not in files:
            yield f"{where} has no page"


def _check_steps(dispute: Dispute) -> Iterator[str]:
    if not dispute.steps or not dispute.allegation_ids:
        yield "nobody alleges anything in it"
    yield from (f"nothing shows that it is {step.status}" for step in dispute.steps if not step.claim_ids)
    days = [(step.from_on, step.to_on) for step in dispute.steps]
    if days != sorted(days) or any(first > last for first, last in days):
        yield "its steps are not in the order of their days"


def _check_ledger(dispute: Dispute) -> Iterator[str]:
    answered = {entry.party for entry in dispute.ledger if entry.claim_id}
    for entry in dispute.ledger:
        if (entry.claim_id is None) != (entry.kind == "none_found"):
            yield f"what {entry.party} answered ({entry.kind}) does not fit the claim that it rests on"
        elif entry.kind == "none_found" and entry.party in answered:
            yield f"{entry.party} has both an answer and none"
    listed = {entry.party for entry in dispute.ledger}
    yield from (f"its ledger leaves out {party}" for party in dispute.accused if party not in listed)
