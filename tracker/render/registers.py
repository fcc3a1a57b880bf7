"""The register of a vendor: what stands against a company, what it answered, what public bodies did, since when.

A register is of a company with its labs and models, since these are what a buyer uses; each entry names whom exactly
it concerns, as the documents do. It lists what was said, and finds nobody guilty or clear of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from tracker.render.catalogue import Catalogue, parties_of
from tracker.render.views import Views
from tracker.types import (
    Answer,
    ClaimRecord,
    ClaimType,
    DateBasis,
    Dispute,
    DisputeStatus,
    Entity,
    Event,
    LedgerKind,
)

_Thing = TypeVar("_Thing", Dispute, Event, ClaimRecord)

ENDED: frozenset[DisputeStatus] = frozenset({"withdrawn", "settled", "closed"})
PUBLIC_STEPS: frozenset[DisputeStatus] = frozenset(
    {"repeated_by_government", "under_investigation", "in_bill", "sanctioned", "in_court", "closed"}
)
_PUBLIC_ACTS: frozenset[ClaimType] = frozenset({"government_action", "legislation", "legal_action"})
_KINDS: dict[str, LedgerKind] = {
    "denial": "denied", "admission": "admitted", "no_response": "no_reply", "declined": "declined",
    "counter_claim": "counter_claim", "none_found": "none_found",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """What a party of the family answered, to a dispute or to an event that is in none."""

    party: str
    kind: LedgerKind
    from_on: date | None
    to_on: date | None
    date_basis: DateBasis | None
    claim: ClaimRecord | None
    """None where no source has an answer."""


@dataclass(frozen=True, slots=True)
class Allegation:
    """A dispute in which the family is accused, or an event with a charge against it that is in no dispute."""

    about: Dispute | Event
    accused: tuple[str, ...]
    """Those of the family whom it names."""
    accusers: tuple[str, ...]
    status: DisputeStatus | None
    """None where no dispute says how it stands."""
    from_on: date
    to_on: date
    date_basis: DateBasis
    """Since when it stands so."""
    changed_on: date
    evidence: tuple[ClaimRecord, ...]
    """The words that show how it stands; behind them the allegation's own, those that name the family first."""
    replies: tuple[Reply, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended it: no withdrawal, no settlement, no closure."""
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class PublicStep:
    """An act of a public body, a legislature or a court that names the family."""

    event: Event
    status: DisputeStatus | None
    """The step of a dispute that it is, None where it is none."""
    named: tuple[str, ...]
    evidence: tuple[ClaimRecord, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Everything on one company, newest first."""

    company: Entity
    family: tuple[str, ...]
    """The company, then its labs and models, whose entries stand here too."""
    allegations: tuple[Allegation, ...]
    steps: tuple[PublicStep, ...]
    passing: tuple[ClaimRecord, ...]
    """Charges that a document tells besides what it reports: they make no event and no dispute."""

    @property
    def has_entries(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.allegations or self.steps or self.passing)

    @property
    def open(self) -> tuple[Allegation, ...]:
        """The allegations that nothing has ended."""
        return tuple(item for item in self.allegations if item.is_open)

    @property
    def ended(self) -> tuple[Allegation, ...]:
        """The allegations that were withdrawn, settled or closed."""
        return tuple(item for item in self.allegations if not item.is_open)

    @property
    def changed_on(self) -> date | None:
        """The last day of anything in it that has a day."""
        days = [*(item.changed_on for item in self.allegations), *(step.event.to_on for step in self.steps)]
        return max(days, default=None)


def list_registers(views: Views) -> list[Register]:
    """The registers of all companies that have an entry, by name."""
    companies = (entity for entity in views.catalogue.entities.values() if entity.type == "company")
    found = [register for company in companies if (register := register_of(views, company)).has_entries]
    return sorted(found, key=lambda register: (register.company.name.casefold(), register.company.id))


def register_of(views: Views, company: Entity) -> Register:
    """The register of one company as all pages have it."""
    return views.remember("register", company.id, partial(_read_register, views.catalogue, company))


def _read_register(catalogue: Catalogue, company: Entity) -> Register:
    catalogue.entities.get(company.id)  # read here, wherever it was had from
    return build_register(catalogue, company)


def build_register(catalogue: Catalogue, company: Entity) -> Register:
    """The register of one company; one without allegations and steps has no entry."""
    family = _family(catalogue, company)
    members = frozenset(family)
    disputes = _each(d for key in family for d in catalogue.disputes_of_entity.get(key, ()) if members & {*d.accused})
    held = {claim_id for dispute in disputes for claim_id in dispute.allegation_ids}
    charges = _each(r for key in family for r in catalogue.claims_of_entity.get(key, ()) if _charges(r, members))
    loose = [record for record in charges if record.id not in held]
    events = _each(event for record in loose for event in catalogue.events_of_claim.get(record.id, ()))
    known = {event_id for dispute in disputes for event_id in dispute.event_ids}
    allegations = [_of_dispute(catalogue, dispute, family) for dispute in disputes]
    allegations += [_of_event(catalogue, event, family, loose) for event in events if event.id not in known]
    allegations.sort(key=lambda item: (-item.changed_on.toordinal(), item.about.id))
    passing = tuple(r for r in loose if not catalogue.events_of_claim.get(r.id) and not _recalls(catalogue, r))
    return Register(company, family, tuple(allegations), _steps(catalogue, family, disputes), passing)


def _recalls(catalogue: Catalogue, record: ClaimRecord) -> bool:
    return bool(catalogue.events_recalled_by.get(record.id))


def _family(catalogue: Catalogue, company: Entity) -> tuple[str, ...]:
    """The company and all that belongs to it, each once, even where owners go in a circle."""
    found = [company.id]
    for key in found:
        found += [child.id for child in catalogue.children.get(key, ()) if child.id not in found]
    return tuple(found)


def _each(items: Iterable[_Thing]) -> list[_Thing]:
    return list({item.id: item for item in items}.values())


def _charges(record: ClaimRecord, members: frozenset[str]) -> bool:
    return record.claim.type == "allegation" and bool(members & {*record.claim.accused})


def _of_dispute(catalogue: Catalogue, dispute: Dispute, family: Sequence[str]) -> Allegation:
    standing = dispute.standing
    charges = _claims(catalogue, dispute.allegation_ids)
    nearest = sorted(charges, key=lambda record: not {*family} & {*record.claim.accused})
    return Allegation(
        about=dispute,
        accused=tuple(key for key in family if key in dispute.accused),
        accusers=dispute.accusers,
        status=standing.status if standing else None,
        from_on=standing.from_on if standing else dispute.changed_on,
        to_on=standing.to_on if standing else dispute.changed_on,
        date_basis=standing.date_basis if standing else "publication",
        changed_on=dispute.changed_on,
        evidence=tuple(dict.fromkeys((*_claims(catalogue, standing.claim_ids if standing else ()), *nearest))),
        replies=tuple(
            Reply(
                entry.party,
                entry.kind,
                entry.from_on,
                entry.to_on,
                entry.date_basis,
                catalogue.claims.get(entry.claim_id or ""),
            )
            for entry in dispute.ledger
            if entry.party in family
        ),
    )


def _of_event(catalogue: Catalogue, event: Event, family: Sequence[str], loose: Sequence[ClaimRecord]) -> Allegation:
    own = [record for record in loose if record.id in event.claim_ids]
    named = {key for record in own for key in record.claim.accused}
    speakers = [record.claim.on_behalf_of or record.claim.speaker for record in own]
    return Allegation(
        about=event,
        accused=tuple(key for key in family if key in named),
        accusers=tuple(dict.fromkeys(key for key in speakers if key)),
        status=None,
        from_on=event.from_on,
        to_on=event.to_on,
        date_basis=event.date_basis,
        changed_on=event.to_on,
        evidence=tuple(own),
        replies=tuple(_reply(catalogue, answer) for answer in event.answers if answer.party in family),
    )


def _reply(catalogue: Catalogue, answer: Answer) -> Reply:
    record = catalogue.claims.get(answer.claim_id or "")
    return Reply(answer.party, _KINDS[answer.kind], answer.from_on, answer.to_on, answer.date_basis, record)


def _claims(catalogue: Catalogue, ids: Iterable[str]) -> tuple[ClaimRecord, ...]:
    return tuple(catalogue.claims[key] for key in dict.fromkeys(ids) if key in catalogue.claims)


def _steps(catalogue: Catalogue, family: Sequence[str], disputes: Sequence[Dispute]) -> tuple[PublicStep, ...]:
    """The acts that a claim tells with the family in it, and the steps of public bodies in its disputes."""
    found: dict[str, tuple[DisputeStatus | None, list[str]]] = {}
    for dispute in disputes:
        for step in dispute.steps:
            if step.status in PUBLIC_STEPS and step.event_id in catalogue.events_by_id:
                known = found.get(step.event_id, (None, []))
                found[step.event_id] = (step.status, [*known[1], *step.claim_ids])
    for key in family:
        for record in catalogue.claims_of_entity.get(key, ()):
            claim = record.claim
            if claim.type in _PUBLIC_ACTS and key not in (claim.speaker, claim.on_behalf_of):
                for event in catalogue.events_of_claim.get(record.id, ()):
                    found.setdefault(event.id, (None, []))[1].append(record.id)
    steps = []
    for event_id, (status, ids) in found.items():
        evidence = _claims(catalogue, ids)
        named = {party for record in evidence for party in parties_of(record)}
        steps.append(
            PublicStep(catalogue.events_by_id[event_id], status, tuple(k for k in family if k in named), evidence)
        )
    return tuple(sorted(steps, key=lambda step: (step.event.to_on, step.event.from_on, step.event.id), reverse=True))
