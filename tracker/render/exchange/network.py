"""The accusation network: parties, and who accuses whom by which claims. An edge says that somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tracker.render.catalogue import Catalogue
from tracker.render.database.documentrows import Edge, claim_edges
from tracker.render.exchange.telling import published_day
from tracker.render.views import Views
from tracker.types import ClaimRecord, Entity


@dataclass(frozen=True)
class Accusation:
    """All allegations of one party against another."""

    accuser: str
    """Id of whose word it is: the organisation where a person speaks for one."""
    accused: str
    claims: tuple[ClaimRecord, ...]
    """By day of publication."""
    said_as: tuple[str, ...]
    """The documents' own words for the accused, where they say less than its name."""
    by_name: int
    """How many of the claims accuse by name in their quote; the others do not, or that is not known."""
    days: tuple[str, str] | None
    """The first and the last day on which such words were published."""
    independent_sources: int
    event_ids: tuple[str, ...]


def accusations(views: Views) -> list[Accusation]:
    """Who accuses whom, by accuser and accused."""
    return views.remember("accusations", "", partial(_find_accusations, views))


def _find_accusations(views: Views) -> list[Accusation]:
    edges = claim_edges(views)
    return [
        _accusation(views, accuser, accused, edge)
        for (accuser, relation, accused), edge in sorted(edges.items())
        if relation == "accuses"
    ]


def _accusation(views: Views, accuser: str, accused: str, edge: Edge) -> Accusation:
    claims = sorted(edge.claims, key=lambda item: (published_day(views, item) or "9999", item.id))
    days = [on for item in claims if (on := published_day(views, item))]
    events = {event.id: event for item in claims for event in views.catalogue.events_of_claim.get(item.id, ())}
    documents = {item.document_id for item in claims}
    return Accusation(
        accuser=accuser,
        accused=accused,
        claims=tuple(claims),
        said_as=tuple(sorted(set(edge.lesser))),
        by_name=edge.by_name,
        days=(min(days), max(days)) if days else None,
        independent_sources=count_independent(views.catalogue, documents),
        event_ids=tuple(sorted(events)),
    )


def count_independent(catalogue: Catalogue, documents: Iterable[str]) -> int:
    """How many sources some documents are: those that any event of theirs counts as one source, or that are copies of
    one text, count once."""
    root: dict[str, str] = {key: key for key in documents}
    for key in sorted(root):
        group = catalogue.copies_of.get(key)
        together = [{group.original, *(copy.document_id for copy in group.copies)}] if group else []
        for event in catalogue.events_of_document.get(key, ()):
            together += [set(source.documents) for source in event.sources if key in source.documents]
        for other in sorted(set().union(*together) & root.keys()):
            root[_find(root, other)] = _find(root, key)
    return len({_find(root, key) for key in root})


def _find(root: Mapping[str, str], key: str) -> str:
    while root[key] != key:
        key = root[key]
    return key


def parties_of(views: Views, items: Iterable[Accusation]) -> list[Entity]:
    """Those who accuse or are accused, by id."""
    ids = {key for item in items for key in (item.accuser, item.accused)}
    return [views.catalogue.entities[key] for key in sorted(ids) if key in views.catalogue.entities]
