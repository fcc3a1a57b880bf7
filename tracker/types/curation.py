"""Curation: what people decided about entities, events and claims, each edit with who, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from tracker.types.reports import Problem
from tracker.types.words import ClaimStatus, ClaimType, EntityType, Qualifier, QuantityKind

if TYPE_CHECKING:
    from tracker.types.events import ClaimRecord


@dataclass(frozen=True, slots=True)
class Anchor:
    """A claim as an edit names it: by its document and words, so that it is found again after another extraction.

    What else is known of the claim tells several claims on one quote apart; `claim_id` and `version_id` are those of
    the day of the edit.
    """

    document_id: str
    quote: str
    type: ClaimType | None = None
    speaker: str | None = None
    accused: tuple[str, ...] = ()
    claim_id: str | None = None
    version_id: str | None = None
    """The newest version of the document when the edit was made: with a newer one the edit is open for review."""


@dataclass(frozen=True, slots=True)
class EntityEdit:
    """What an entity is called and is; None leaves a field. An entity that no gazetteer has becomes known by it."""

    entity: str
    name: str | None = None
    type: EntityType | None = None
    parent: str | None = None
    """The id of whom it belongs to; the empty text says: to nobody."""
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class AliasEdit:
    """Another name of an entity: an unknown name that is written so is this entity."""

    entity: str
    alias: str


@dataclass(frozen=True, slots=True)
class EntityMerge:
    """Two ids are one entity: mentions and claims of `source` are those of `into`."""

    source: str
    into: str


@dataclass(frozen=True, slots=True)
class EventMerge:
    """Two events are one. Each is named by claims of it; `was` are the ids of the day of the edit."""

    source: tuple[Anchor, ...]
    into: tuple[Anchor, ...]
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventSplit:
    """Claims that are not of their event, but of another one, all of them of one."""

    claims: tuple[Anchor, ...]
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleEdit:
    """How an event is called, in words of a person."""

    claims: tuple[Anchor, ...]
    title: str
    before: str = ""
    """The title that was made from the claims when the edit was made."""
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hiding:
    """A claim, or an event with its claims, that is not published. The store keeps it."""

    what: Literal["claim", "event"]
    claims: tuple[Anchor, ...]
    was: tuple[str, ...] = ()
    """The event's id on the day of the edit; of a claim those that it stood in, of which none need be left."""


@dataclass(frozen=True, slots=True)
class FigureFix:
    """Another reading of a figure of a claim, which is named by its words."""

    words: str
    low: float | None
    high: float | None
    qualifier: Qualifier
    kind: QuantityKind | None = None
    """None leaves the kind."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Another reading of a claim. `sets` names the fields that it sets; the others keep what was read."""

    claim: Anchor
    sets: tuple[str, ...]
    """Of "type", "speaker", "for", "accused", "status", in this order."""
    type: ClaimType | None = None
    speaker: str | None = None
    on_behalf_of: str | None = None
    accused: tuple[str, ...] = ()
    status: ClaimStatus | None = None
    figures: tuple[FigureFix, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A claim that somebody has compared with its words: it is published however unsure the reading was."""

    claim: Anchor


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An edit that stands although its source was changed since: somebody has looked at it again."""

    edit: str
    versions: tuple[str, ...]
    """The newest versions of the edit's documents that were looked at."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """An edit that does not hold any more."""

    edit: str


Act: TypeAlias = (
    EntityEdit
    | AliasEdit
    | EntityMerge
    | EventMerge
    | EventSplit
    | TitleEdit
    | Hiding
    | Correction
    | Confirmation
    | Acceptance
    | Undoing
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision of one person."""

    id: str
    act: Act
    who: str
    at: datetime
    why: str
    file: str = ""
    """Where it is written down, as a path and a line from 1."""
    line: int = 0

    @property
    def where(self) -> str:
        """The place, as a problem names it."""
        return f"{self.file}, line {self.line}" if self.file else f"edit {self.id}"

    @property
    def key(self) -> str:
        """What it says, without where it is written down."""
        return f"{self.id} {self.act!r}"

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The claims that it names."""
        act = self.act
        if isinstance(act, EventMerge):
            return (*act.source, *act.into)
        if isinstance(act, EventSplit | TitleEdit | Hiding):
            return act.claims
        return (act.claim,) if isinstance(act, Correction | Confirmation) else ()


@dataclass(frozen=True, slots=True)
class Curation:
    """All edits, and what in their files could not be understood."""

    edits: tuple[Edit, ...] = ()
    """By time, those of one instant by their place."""
    problems: tuple[Problem, ...] = ()

    def until(self, at: datetime) -> Curation:
        """What people had decided at an instant (aware UTC)."""
        return replace(self, edits=tuple(edit for edit in self.edits if edit.at <= at))

    @property
    def key(self) -> tuple[str, ...]:
        """What a result that was made with it depends on: every edit that stands."""
        return tuple(edit.key for edit in self.standing())

    def undone(self) -> frozenset[str]:
        """The edits that a later one takes back; taking that back too lets them stand again."""
        gone: set[str] = set()
        for edit in reversed(self.edits):
            if isinstance(edit.act, Undoing) and edit.id not in gone:
                gone.add(edit.act.edit)
        return frozenset(gone)

    def standing(self) -> Iterator[Edit]:
        """The edits that say something of entities, events or claims and are not undone, in their order."""
        gone = self.undone()
        return (e for e in self.edits if e.id not in gone and not isinstance(e.act, Undoing | Acceptance))

    def accepted(self) -> dict[str, frozenset[str]]:
        """For each edit that was looked at again, the versions that were looked at."""
        gone = self.undone()
        seen: dict[str, frozenset[str]] = {}
        for edit in self.edits:
            if isinstance(edit.act, Acceptance) and edit.id not in gone:
                seen[edit.act.edit] = seen.get(edit.act.edit, frozenset()) | frozenset(edit.act.versions)
        return seen


EditState = Literal["applied", "pending", "open", "refused", "undone"]
"""pending: written since events were last made; open: applied as far as it can be, and to be looked at again, since
its source was changed or its claim is not found; refused: left out, since it cannot be understood beside the others."""


@dataclass(frozen=True, slots=True)
class EditChange:
    """What an edit made of one field of a claim: the machine's reading and the person's, as words."""

    claim_id: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Judged:
    """An edit and what became of it."""

    edit: Edit
    state: EditState
    why: str = ""
    """Why it is open or refused; empty otherwise."""
    claim_ids: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()
    """The events that it shows on; of one that hides an event, that event."""
    changes: tuple[EditChange, ...] = field(default=())
    withheld: tuple[ClaimRecord, ...] = ()
    """The claims that it keeps from being published, for those who told of them: their words are shown nowhere."""


ProposalReason = Literal["unknown", "spelling", "acronym", "longer_form", "alias"]
"""unknown: a name that nothing known is like; spelling: written nearly so; acronym: made of its initials;
longer_form: the same words and more; alias: a name that it has, written otherwise."""


@dataclass(frozen=True, slots=True)
class NameContext:
    """Words of a document with a name in them."""

    document_id: str
    version_id: str
    start: int
    end: int
    """Where the name stands in the version's text; `end` is exclusive."""
    quote: str
    """The words around it."""


@dataclass(frozen=True, slots=True)
class EntityProposal:
    """A name that only documents gave, for a person to decide on: a new entity, or another name of one."""

    entity_id: str
    name: str
    type: EntityType
    reason: ProposalReason
    into: str | None
    """The entity that it may be another name of."""
    into_name: str | None
    similarity: float | None
    """From 0 to 1, for `spelling`."""
    mentions: int
    document_ids: tuple[str, ...]
    first_seen_at: datetime
    contexts: tuple[NameContext, ...]
