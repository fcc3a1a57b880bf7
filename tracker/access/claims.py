"""Who says what: claims, the figures in them, and what was answered, as rows of the documented views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Speaker:
    """One link between the reader and who said it first."""

    role: str
    """outlet, relay, document, spokesperson or claimant."""
    name: str
    entity_id: str | None = None
    """None where only the words name it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says that who did what to whom, as one document words it.

    One row a claim; an allegation is somebody's word, never a finding. Claims that are too unsure to be published are
    not in the file.
    """

    id: str
    """The claim's permanent id."""
    type: str
    """As in events."""
    status: str
    """alleged, asserted or denied."""
    speaker: str | None
    """Whose word it is, or, for no_response, who was silent; None where the document names nobody."""
    speaker_name: str | None
    """The speaker's name."""
    on_behalf_of: str | None
    """The organisation that a person speaks for."""
    on_behalf_of_name: str | None
    """Its name."""
    accused: tuple[str, ...]
    """Ids of who is accused; read accused_as beside it."""
    accused_as: str | None
    """The document's own words for the accused, where these were read to say less than the ids: "operators affiliated
    with Alibaba". The quote has the last word."""
    target: tuple[str, ...]
    """Ids of whose model or service it is about."""
    via: tuple[str, ...]
    """Ids of those through whom the words came: outlets, memos, officials that are cited."""
    quote: str
    """The exact words: the version's text from start_offset to end_offset."""
    start_offset: int
    """Where the quote begins in the version's text."""
    end_offset: int
    """Where it ends, exclusive."""
    document_id: str
    """The document."""
    version_id: str
    """The newest version that holds these words."""
    version_sha256: str
    """SHA-256 of that version's text (UTF-8), so that who has the text can check the quote."""
    first_version_id: str
    """The oldest version that holds these words."""
    published_on: date | None
    """When these words were published: the page's day, or that of the update that put them in."""
    publisher: str
    """Whose page it is."""
    publisher_type: str
    """news, government, company, blog, think_tank or court."""
    document_title: str
    """The page's title."""
    language: str
    """The language of the words (BCP 47)."""
    url: str
    """The page."""
    link: str | None
    """The page at these words (a text fragment, or the page of a PDF); None for what has no address."""
    is_current: bool
    """Whether the newest version of the page still says it."""
    is_vanished: bool
    """Whether no source of its events says it any more."""
    first_seen_at: datetime | None
    """When the tracker first had these words."""
    last_seen_on: date | None
    """When it last saw them."""
    gone_at: datetime | None
    """When it first saw the page without them; None as long as they stand. As of an instant T a claim stood if
    first_seen_at <= T and (gone_at is None or gone_at > T)."""
    confidence: float | None
    """How sure the reading is, from 0 to 1; None for what a person entered or confirmed."""
    chain: tuple[Speaker, ...]
    """The speakers from the outlet to who said it first: a `Speaker` each; empty outside of events."""
    edits: tuple[str, ...]
    """Ids of the decisions of people that were applied to it."""
    updated_at: datetime | None
    """When the tracker last learned something of it (the words, or that the page lost them), or a person corrected or
    confirmed it. It does not tell when a row came into a file: what was fetched or decided earlier may be published
    later, so ask again for the last day each time, and look at withdrawn."""
    page: str
    """Where the site shows the words in place."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that another cannot stand beside."""

    reason: str
    """different_number, qualifier_lost, parts_do_not_sum or scope_differs."""
    with_claim: str
    """The claim that gives the other value."""
    with_text: str
    """That value in its source's words."""
    why: str
    """A sentence made of both."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Every reported value of an event beside whose word it is; conflicting values stand side by side."""

    id: str
    """The figure's id: derived from its event, claim and words."""
    event_id: str
    """The event."""
    kind: str
    """As in quantities."""
    low: float | None
    """As in quantities."""
    high: float | None
    """As in quantities."""
    qualifier: str
    """As in quantities."""
    unit: str | None
    """As in quantities."""
    text: str
    """The value in the source's words."""
    speaker: str | None
    """Whose word it is."""
    speaker_name: str | None
    """The speaker's name."""
    on_behalf_of: str | None
    """As in claims."""
    accused: tuple[str, ...]
    """Ids of who is accused with it; read accused_as beside it."""
    accused_as: str | None
    """As in claims."""
    target: tuple[str, ...]
    """As in claims."""
    via: tuple[str, ...]
    """As in claims."""
    status: str
    """As in claims."""
    figure_group: str | None
    """Values of the event with the same group may all stand for one number; None where none was made."""
    group_low: float | None
    """What all values of the group allow, at the least."""
    group_high: float | None
    """What all values of the group allow, at the most."""
    is_nearest: bool
    """Whether no value of its group stands nearer to its original speaker."""
    is_doubtful: bool
    """Whether it can hardly be right: events.flags says why."""
    conflicts: tuple[Conflict, ...]
    """The values that it cannot stand beside: a `Conflict` each."""
    quote: str
    """The claim's words."""
    claim_id: str
    """The claim."""
    document_id: str
    """The document."""
    version_id: str
    """The version in which its words stand."""
    version_sha256: str
    """SHA-256 of that version's text."""
    start_offset: int | None
    """Where the value's own words begin in that text; None for one that was read before places were kept."""
    end_offset: int | None
    """Where they end, exclusive."""
    published_on: date | None
    """When the words were published."""
    publisher: str
    """Whose page it is."""
    link: str | None
    """The page at the claim's words."""
    is_current: bool
    """Whether the newest version of the page still gives the value."""
    is_vanished: bool
    """Whether no page of the event gives it any more."""
    first_seen_at: datetime | None
    """When the tracker first had a page that gives it."""
    last_seen_on: date | None
    """When it last saw the page give it."""
    updated_at: datetime | None
    """As in claims; also a decision about its event counts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What accused parties answered, also that no answer was found.

    One row for each charge that was answered: one answer may stand at several events.
    """

    id: str
    """The answer's id: derived from its party, kind, event and claim."""
    party: str
    """Who answers, or does not."""
    party_name: str | None
    """Its name."""
    is_accused: bool
    """False for others who answered (an owner, an embassy): what they say is nobody else's answer."""
    kind: str
    """denied, declined, no_reply (a source reports silence), counter_claim, admitted, or none_found: no source has an
    answer."""
    from_on: date | None
    """The first of the days within which it was given; of silence, the day by which there was none."""
    to_on: date | None
    """The last of these days."""
    date_basis: str | None
    """As in events."""
    event_id: str | None
    """The event whose charges it answers; None for one that only a dispute as a whole has."""
    disputes: tuple[str, ...]
    """Ids of the disputes in whose ledgers it stands; of none_found, the disputes of its event in which the party is
    accused and has no answer to any event."""
    claim_id: str | None
    """The claim that shows it; None for none_found."""
    quote: str | None
    """Its words."""
    speaker: str | None
    """Whose words these are, or, for no_reply, who was silent."""
    document_id: str | None
    """The document."""
    version_id: str | None
    """The version."""
    start_offset: int | None
    """As in claims."""
    end_offset: int | None
    """As in claims."""
    is_current: bool | None
    """As in claims."""
    link: str | None
    """The page at these words."""
    first_seen_at: datetime | None
    """When the tracker first had it."""
    last_seen_on: date | None
    """When it last saw the words."""
    updated_at: datetime | None
    """When the tracker last learned something of it: of its claim, or of the event that it is about; or a person
    decided something about these. It does not tell when a row came into a file: what was fetched or decided earlier may
    be published later, so ask again for the last day each time, and look at withdrawn."""
