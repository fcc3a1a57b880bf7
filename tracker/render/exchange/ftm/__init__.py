"""The dataset in the terms of FollowTheMoney: parties, pages, claims, relations, events and mentions.

What its schemata can say is chosen so that nothing reads as more than it is. An accusation is an `UnknownLink` between
two parties with the role "accuses", its status, its words and its page; no schema that would make the accused a target
of anything is used, and no `topics`. Who belongs to whom is such a link too: the register of names tells a part from
its whole, not who owns it, so `Ownership` would say too much.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from tracker.render.views import Views

__all__ = [
    "ENTITY_COLUMNS",
    "MOST_CLAIMS",
    "STATEMENT_COLUMNS",
    "FtmEntity",
    "Statement",
    "dataset_name",
    "list_entities",
    "render_ftm",
    "render_rows",
]

_DATASET = "distillation_disputes"
MOST_CLAIMS = 5_000
"""A site has no statements of more: they take 16 kB a claim."""


def dataset_name(views: Views) -> str:
    """The dataset that each statement names; a look back is another one, so that it never mixes with the present."""
    at = views.catalogue.as_of
    return f"{_DATASET}_as_of_{at:%Y%m%d}_{at:%H%M%S}" if at else _DATASET


def list_entities(views: Views) -> Iterator[FtmEntity]:
    """Every entity, parties first: what others refer to comes before them."""
    yield from party_entities(views)
    yield from page_entities(views)
    yield from event_entities(views)
    yield from claim_entities(views)
    yield from mention_entities(views)


def render_ftm(views: Views) -> bytes:
    """The entities, a JSON object a line."""
    if len(views.catalogue.claims) > MOST_CLAIMS:  # the statements are some hundred megabytes, and nobody asks for them
        return render_entities(list_entities(views), dataset_name(views))
    return _both(views)[0]


def render_rows(views: Views) -> bytes:
    """The statements, a JSON object a line."""
    return _both(views)[1]


def _both(views: Views) -> tuple[bytes, bytes]:
    """Made at once: each of the two asks for every statement and its id."""
    return views.remember("ftm", "", lambda: render_both(list_entities(views), dataset_name(views)))
