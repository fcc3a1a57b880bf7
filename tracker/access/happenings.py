"""What happened, and how accusations stand: events and disputes, as rows of the documented views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about an event that a reader should doubt."""

    code: str
    why: str
    claim_id: str | None = None
    """The claim that it stands in."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened once in the world, on a date, as one or more documents report it.

    One row an event.
    """

    id: str
    """The event's permanent id. One that was merged into another is found in redirects."""
    type: str
    """allegation, admission, denial, no_response, legislation, government_action, legal_action, company_action or
    statement."""
    title: str
    """A title made of the claims: whose word it is stays in it."""
    summary: str
    """What happened, in sentences made of the claims."""
    from_on: date
    """The first of the days within which it happened."""
    to_on: date
    """The last of these days; the same as from_on where the day is known."""
    date_precision: str
    """How precisely the sources tell it: day, month, year or range."""
    date_basis: str
    """stated: a source names the date; relative: "on Wednesday"; publication: only the day of publication is known."""
    actors: tuple[str, ...]
    """Ids of who takes part: speakers first, then the accused, then others."""
    claim_count: int
    """Claims that report it (event_claims, part "told")."""
    document_count: int
    """Documents that report it."""
    independent_sources: int
    """Of these, how many count as sources independent of each other (event_sources)."""
    figure_count: int
    """Values in figures."""
    conflict_count: int
    """Contradictions among its values, each between two of them, however many pages repeat either: they cannot both be
    right, or one has lost what the other says. Of a total and parts that do not add up it is one, with the largest part
    (figures.conflicts)."""
    flags: tuple[Flag, ...]
    """What a reader should doubt: a `Flag` each."""
    edits: tuple[str, ...]
    """Ids of the decisions of people that were applied to it."""
    first_seen_at: datetime | None
    """When the tracker first had a page that reports it."""
    changed_at: datetime | None
    """When the tracker last learned something of it (a claim, an answer, a page that changed its words), or a person
    decided something about it or a claim of its documents. It does not tell when a row came into a file: what was
    fetched or decided earlier may be published later, so ask again for the last day each time, and look at
    withdrawn."""
    page: str
    """Its page: from the site's top, or whole where the site has an address (about.site_url)."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Who accuses whom about what, and how the allegation stands."""

    id: str
    """The dispute's permanent id."""
    title: str
    """Its title."""
    status: str | None
    """alleged, repeated_by_government, under_investigation, in_bill, sanctioned, in_court, withdrawn, settled, admitted
    or closed."""
    since_on: date | None
    """Since when it stands so."""
    changed_on: date
    """The last day of an event, a step or an answer of it."""
    updated_at: datetime | None
    """When the tracker last learned something of it (a step, or anything of one of its events), or a person decided
    something about these. It does not tell when a row came into a file: what was fetched or decided earlier may be
    published later, so ask again for the last day each time, and look at withdrawn."""
    accuser_side: str
    """What the accusers are gathered by: a family ("anthropic"), a state ("state:united-states")."""
    accused_side: str
    """Likewise of the accused; "in:china" for the firms of a country that a state accuses."""
    accusers: tuple[str, ...]
    """Ids of who accuses, as the claims name them."""
    accused: tuple[str, ...]
    """Ids of who is accused; read accused_as beside it."""
    accused_as: tuple[str, ...]
    """The documents' own words for the accused, where they say less than the ids."""
    target: tuple[str, ...]
    """Ids of whose model or service it is about."""
    event_count: int
    """Its events (dispute_events)."""
    allegation_count: int
    """Claims that allege it."""
    page: str
    """Its page."""
