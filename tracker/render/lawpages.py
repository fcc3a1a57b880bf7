"""Laws, bills and orders: the list of them, and what a law's page shows besides an entity's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tracker.render.entityclaims import ClaimSection, claim_section
from tracker.render.laws import STAGE_WORDS, LawStage, claims_naming, events_naming_law, stages_of
from tracker.render.page import Page, Values
from tracker.render.views import ClaimView, EventView, Party, Views
from tracker.types import Claim, Entity

MOST_STAGES = 40
_QUOTED = 2


@dataclass(frozen=True, slots=True)
class StageRow:
    """A public act on a law; `words` is "" where its words show no stage."""

    words: str
    event: EventView
    quotes: tuple[ClaimView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class LawRow:
    """A law in the list; `last` is the newest act whose words show a stage."""

    party: Party
    last: StageRow | None
    events: int
    claims: int
    documents: int


def list_pages(views: Views) -> Iterator[Page]:
    """The list of laws; each has its page among the entities."""
    yield Page("laws/index.html", "laws.html", partial(_index_values, views))


def law_values(views: Views, law: Entity) -> Values:
    """The stages of a law and what is said about it."""
    stages = stages_of(views.catalogue, law.id)
    return {
        "stages": [_row(views, stage) for stage in stages[-MOST_STAGES:]],
        "more_stages": max(len(stages) - MOST_STAGES, 0),
        "about": _about(views, law),
    }


def _about(views: Views, law: Entity) -> ClaimSection:
    return claim_section(views, claims_naming(views.catalogue, law.id), _speaker_of)


def _speaker_of(claim: Claim) -> tuple[str | None]:
    return (claim.on_behalf_of or claim.speaker,)


def _row(views: Views, stage: LawStage) -> StageRow:
    groups = views.by_words(views.claim(record) for record in stage.evidence[: _QUOTED * 4])
    quotes = tuple(group[0] for group in groups[:_QUOTED])
    words = STAGE_WORDS[stage.stage] if stage.stage else ""
    return StageRow(words, views.event(stage.event), quotes, len(stage.evidence) - len(quotes))


def _index_values(views: Views) -> Values:
    laws = [entity for entity in views.catalogue.entities.values() if entity.type == "law"]
    rows = [_law_row(views, law) for law in laws]
    return {"rows": sorted(rows, key=lambda row: (-row.events, -row.claims, row.party.name.casefold(), row.party.id))}


def _law_row(views: Views, law: Entity) -> LawRow:
    catalogue = views.catalogue
    reached = [stage for stage in stages_of(catalogue, law.id) if stage.stage]
    return LawRow(
        party=views.party(law.id),
        last=_row(views, reached[-1]) if reached else None,
        events=len(events_naming_law(catalogue, law.id)),
        claims=len(claims_naming(catalogue, law.id)),
        documents=len(catalogue.documents_of_entity.get(law.id, ())),
    )
