"""The forms that an edit may have in a file, one for each kind, checked key by key."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from tracker.configfields import Strict
from tracker.types import (
    Acceptance,
    Act,
    AliasEdit,
    Anchor,
    ClaimStatus,
    ClaimType,
    Confirmation,
    Correction,
    EntityEdit,
    EntityMerge,
    EntityType,
    EventMerge,
    EventSplit,
    FigureFix,
    Hiding,
    Qualifier,
    QuantityKind,
    TitleEdit,
    Undoing,
)

MAX_QUOTE = 20_000
FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
"""Nobody edited anything before there was a matter to track."""


def _instant(value: Any) -> datetime:
    """A day or an instant, in UTC where it names no offset."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"{value!r} is no date; expected one such as 2026-06-24 or 2026-06-24T18:40:00Z") from None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 the zone follows
    if not isinstance(value, datetime):
        raise ValueError("expected a date such as 2026-06-24 or 2026-06-24T18:40:00Z")  # noqa: TRY004 for pydantic
    aware: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{aware} is no date that can be meant") from None


Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")]
Words = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"\S")]
Instant = Annotated[datetime, BeforeValidator(_instant)]


class AnchorForm(Strict):
    """A claim, by its document and words."""

    document: Id
    quote: Annotated[str, Field(min_length=1, max_length=MAX_QUOTE, pattern=r"\S")]
    type: ClaimType | None = None
    speaker: Id | None = None
    accused: tuple[Id, ...] = ()
    claim: Id | None = None
    version: Id | None = None

    def value(self) -> Anchor:
        """The anchor."""
        return Anchor(self.document, self.quote, self.type, self.speaker, self.accused, self.claim, self.version)


Anchors = Annotated[tuple[AnchorForm, ...], Field(min_length=1, max_length=200)]


def _values(forms: tuple[AnchorForm, ...]) -> tuple[Anchor, ...]:
    return tuple(form.value() for form in forms)


class _Signed(Strict):
    id: Id
    who: Words
    when: Instant
    why: Words


class EntityForm(_Signed):
    """What an entity is called and is."""

    edit: Literal["entity"]
    entity: Id
    name: Words | None = None
    type: EntityType | None = None
    parent: str | None = Field(None, max_length=200)
    wikidata: str | None = Field(None, pattern=r"^Q[1-9]\d{0,11}$")

    def act(self) -> Act:
        """The decision."""
        return EntityEdit(self.entity, self.name, self.type, self.parent, self.wikidata)


class AliasForm(_Signed):
    """Another name of an entity."""

    edit: Literal["alias"]
    entity: Id
    alias: Words

    def act(self) -> Act:
        """The decision."""
        return AliasEdit(self.entity, self.alias)


class EntityMergeForm(_Signed):
    """Two ids that are one entity."""

    edit: Literal["merge_entities"]
    from_: Id = Field(alias="from")
    into: Id

    def act(self) -> Act:
        """The decision."""
        return EntityMerge(self.from_, self.into)


class EventMergeForm(_Signed):
    """Two events that are one."""

    edit: Literal["merge_events"]
    from_: Anchors = Field(alias="from")
    into: Anchors
    was: tuple[Id, ...] = ()

    def act(self) -> Act:
        """The decision."""
        return EventMerge(_values(self.from_), _values(self.into), self.was)


class EventSplitForm(_Signed):
    """Claims that are of another event than the rest of theirs."""

    edit: Literal["split_event"]
    claims: Anchors
    was: tuple[Id, ...] = ()

    def act(self) -> Act:
        """The decision."""
        return EventSplit(_values(self.claims), self.was)


class TitleForm(_Signed):
    """How an event is called."""

    edit: Literal["title"]
    claims: Anchors
    title: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\r\n]*\S[^\r\n]*$")]
    before: str = ""
    was: tuple[Id, ...] = ()

    def act(self) -> Act:
        """The decision."""
        return TitleEdit(_values(self.claims), " ".join(self.title.split()), self.before, self.was)


class HideClaimForm(_Signed):
    """A claim that is not published."""

    edit: Literal["hide_claim"]
    claim: AnchorForm
    was: tuple[Id, ...] = ()

    def act(self) -> Act:
        """The decision."""
        return Hiding("claim", (self.claim.value(),), self.was)


class HideEventForm(_Signed):
    """An event that is not published."""

    edit: Literal["hide_event"]
    claims: Anchors
    was: tuple[Id, ...] = ()

    def act(self) -> Act:
        """The decision."""
        return Hiding("event", _values(self.claims), self.was)


class FigureForm(Strict):
    """Another reading of a figure."""

    words: Words
    low: float | None = Field(None, ge=0, allow_inf_nan=False)
    high: float | None = Field(None, ge=0, allow_inf_nan=False)
    qualifier: Qualifier
    kind: QuantityKind | None = None

    @model_validator(mode="after")
    def _has_order(self) -> FigureForm:
        low, high = self.low, self.high
        if low is None and high is None:
            raise ValueError("expected low, high or both")
        if low is not None and high is not None and not (math.isfinite(low + high) and low <= high):
            raise ValueError(f"low {low:g} is more than high {high:g}")
        return self


class SetForm(Strict):
    """The fields of a claim that a person reads otherwise; a key that is absent leaves what was read."""

    type: ClaimType | None = None
    speaker: Id | None = None
    for_: Id | None = Field(None, alias="for")
    accused: tuple[Id, ...] = ()
    status: ClaimStatus | None = None
    figures: tuple[FigureForm, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def _sets_something(self) -> SetForm:
        if not self.model_fields_set:
            raise ValueError("expected at least one of type, speaker, for, accused, status, figures")
        for name in ("type", "status"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name}: expected a word, not nothing")
        return self


class CorrectionForm(_Signed):
    """Another reading of a claim."""

    edit: Literal["correct"]
    claim: AnchorForm
    set: SetForm

    def act(self) -> Act:
        """The decision."""
        given = {"for" if name == "for_" else name for name in self.set.model_fields_set}
        return Correction(
            claim=self.claim.value(),
            sets=tuple(name for name in ("type", "speaker", "for", "accused", "status") if name in given),
            type=self.set.type,
            speaker=self.set.speaker,
            on_behalf_of=self.set.for_,
            accused=self.set.accused,
            status=self.set.status,
            figures=tuple(FigureFix(f.words, f.low, f.high, f.qualifier, f.kind) for f in self.set.figures),
        )


class ConfirmationForm(_Signed):
    """A claim that was compared with its words."""

    edit: Literal["confirm"]
    claim: AnchorForm

    def act(self) -> Act:
        """The decision."""
        return Confirmation(self.claim.value())


class AcceptanceForm(_Signed):
    """An edit that stands although its source was changed."""

    edit: Literal["accept"]
    of: Id
    versions: tuple[Id, ...] = ()

    def act(self) -> Act:
        """The decision."""
        return Acceptance(self.of, self.versions)


class UndoingForm(_Signed):
    """An edit that does not hold any more."""

    edit: Literal["undo"]
    of: Id

    def act(self) -> Act:
        """The decision."""
        return Undoing(self.of)


Form: TypeAlias = (
    EntityForm
    | AliasForm
    | EntityMergeForm
    | EventMergeForm
    | EventSplitForm
    | TitleForm
    | HideClaimForm
    | HideEventForm
    | CorrectionForm
    | ConfirmationForm
    | AcceptanceForm
    | UndoingForm
)
FORM: TypeAdapter[Form] = TypeAdapter(Annotated[Form, Field(discriminator="edit")])
KINDS: Mapping[str, str] = {
    "entity": "entities",
    "alias": "entities",
    "merge_entities": "entities",
    "merge_events": "events",
    "split_event": "events",
    "title": "events",
    "hide_event": "events",
    "hide_claim": "claims",
    "correct": "claims",
    "confirm": "claims",
    "accept": "edits",
    "undo": "edits",
}
"""The kinds of edit, and the file that the program writes each to."""
