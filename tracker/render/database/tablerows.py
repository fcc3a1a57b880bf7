"""Which rows each table of the published database has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache

from tracker.render.database import claimrows, documentrows, eventrows, partyrows
from tracker.render.database.values import Row, SearchIds
from tracker.render.views import Views


def table_rows(
    views: Views,
    numbers: SearchIds,
    listed: Collection[str] = partyrows.KINDS,
    mentions: Mapping[str, int] | None = None,
) -> Iterator[tuple[str, Iterable[Row]]]:
    """(table, its rows) for each table beneath the views, but those that describe the file itself.

    `listed` are the kinds of things that `_party_rows` is to have; `mentions` as for `entity_rows`.
    """
    catalogue = views.catalogue
    documents, entities = catalogue.documents.values(), catalogue.entities
    answers = cache(lambda: tuple(eventrows.answer_rows(views)))
    yield "_entities", documentrows.entity_rows(views, mentions)
    yield "_aliases", documentrows.alias_rows(entities.values())
    yield "_families", documentrows.family_rows(entities)
    yield "_relations", documentrows.relation_rows(views)
    yield "_sources", documentrows.source_rows(views)
    yield "_documents", documentrows.document_rows(views, numbers)
    yield "_versions", documentrows.version_rows(documents)
    yield "_mentions", documentrows.mention_rows(documents, entities)
    yield "_claims", claimrows.claim_rows(views, numbers)
    yield "_claim_parties", claimrows.claim_party_rows(views)
    yield "_quantities", claimrows.quantity_rows(views)
    yield "_events", eventrows.event_rows(views, numbers)
    yield "_event_claims", eventrows.event_claim_rows(views)
    yield "_event_sources", eventrows.event_source_rows(views)
    yield "_figures", eventrows.figure_rows(views)
    yield "_assertions", eventrows.assertion_rows(views)
    yield "_assertion_claims", eventrows.assertion_claim_rows(views)
    yield "_answers", _later(answers)
    yield "_dispute_answers", eventrows.dispute_answer_rows(_later(answers))
    yield "_disputes", eventrows.dispute_rows(views, numbers)
    yield "_dispute_events", eventrows.dispute_event_rows(views)
    yield "_dispute_steps", eventrows.dispute_step_rows(views)
    yield "_law_stages", documentrows.law_stage_rows(views)
    yield "_revisions", claimrows.revision_rows(views)
    yield "_party_rows", partyrows.party_rows(views, answers, listed)
    yield "_withdrawn", claimrows.withdrawn_rows(views)
    yield "_redirects", ({"old_id": old, "new_id": new} for old, new in catalogue.redirects)


def _later(rows: Callable[[], Iterable[Row]]) -> Iterator[Row]:
    """The rows, made when the first is asked for: who wants other tables alone asks for none."""
    yield from rows()
