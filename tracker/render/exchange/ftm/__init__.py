"""The dataset in the terms of FollowTheMoney: parties, pages, claims, relations, events and mentions.

What its schemata can say is chosen so that nothing reads as more than it is. An accusation is an `UnknownLink` between
two parties with the role "accuses" (or, where its quote does not accuse by name, that it concerns the other), its
status, its words and its page; no schema that would make the accused a target of anything is used, and no `topics`. Who
belongs to whom is such a link too: the register of names tells a part from its whole, not who owns it, so `Ownership`
would say too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from tracker.render.exchange.ftm.claims import claim_entities
from tracker.render.exchange.ftm.happenings import event_entities
from tracker.render.exchange.ftm.pages import mention_entities, page_entities
from tracker.render.exchange.ftm.parties import party_entities
from tracker.render.exchange.ftm.statements import (
    ENTITY_COLUMNS,
    STATEMENT_COLUMNS,
    FtmEntity,
    Statement,
    render_both,
    render_entities,
)
from tracker.render.splicing import Chunk, splice
from tracker.render.views import Views

__all__ = [
    "ENTITIES_PATH",
    "ENTITY_COLUMNS",
    "MOST_CLAIMS",
    "STATEMENTS_PATH",
    "STATEMENT_COLUMNS",
    "FtmEntity",
    "Statement",
    "dataset_name",
    "list_entities",
    "render_ftm",
    "render_rows",
]

ENTITIES_PATH, STATEMENTS_PATH = "downloads/entities.ftm.json", "downloads/statements.ftm.json"
_DATASET = "distillation_disputes"
MOST_CLAIMS = 5_000
"""A site has no statements of more: they take 16 kB a claim."""


def dataset_name(views: Views) -> str:
    """The dataset that each statement names; a look back is another one, so that it never mixes with the present."""
    at = views.catalogue.as_of
    return f"{_DATASET}_as_of_{at:%Y%m%d}_{at:%H%M%S}" if at else _DATASET


def list_entities(views: Views) -> Iterator[FtmEntity]:
    """Every entity, parties first: what others refer to comes before them."""
    return (entity for chunk in list_chunks(views) for entity in chunk.make())


def list_chunks(views: Views) -> Iterator[Chunk]:
    """The same in chunks, each with what it rests on."""
    yield from party_entities(views)
    yield from page_entities(views)
    yield from event_entities(views)
    yield from claim_entities(views)
    yield from mention_entities(views)


def render_ftm(views: Views) -> bytes:
    """The entities, a JSON object a line."""
    if len(views.catalogue.claims) > MOST_CLAIMS:  # the statements are some hundred megabytes, and nobody asks for them
        old, chunks = (views.tables.read(ENTITIES_PATH), b""), list(list_chunks(views))
        return splice(views.tables, "ftm entities", old, chunks, partial(_alone, dataset_name(views)))[0]
    return _both(views)[0]


def _alone(dataset: str, entities: Iterable[FtmEntity]) -> tuple[bytes, bytes]:
    return render_entities(entities, dataset), b""


def render_rows(views: Views) -> bytes:
    """The statements, a JSON object a line."""
    return _both(views)[1]


def _both(views: Views) -> tuple[bytes, bytes]:
    """Made at once: each of the two asks for every statement and its id."""
    return views.remember("ftm", "", partial(_make_both, views))


def _make_both(views: Views) -> tuple[bytes, bytes]:
    old = (views.tables.read(ENTITIES_PATH), views.tables.read(STATEMENTS_PATH))
    render = partial(render_both, dataset=dataset_name(views))
    return splice(views.tables, "ftm", old, list(list_chunks(views)), render)
