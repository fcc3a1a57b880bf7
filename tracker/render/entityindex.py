"""The lists of entities: the first page with those of most events, and all of a type by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.render.page import Page, Values
from tracker.render.views import Party, Views
from tracker.types import ENTITY_TYPES, Entity, EntityType

FRONT_ROWS = 60
"""Rows of a type on the first page; a type with more has pages of its own."""
PAGE_ROWS = 400


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity in the index."""

    party: Party
    events: int
    accused_in: int
    documents: int


@dataclass(frozen=True, slots=True)
class TypeRows:
    """The entities of a type on a page: all of them by name, or (of `total`) those of most events."""

    type: EntityType
    rows: tuple[EntityRow, ...]
    total: int
    paths: tuple[str, ...] = ()
    """The pages that list all of them, where this one does not."""


def list_pages(views: Views) -> Iterator[Page]:
    """The first page, and the pages of each type that does not fit on it."""
    yield Page("entities/index.html", "entities.html", partial(_index_values, views))
    for type_, entities in _by_type(views).items():
        paths = _paths(type_, len(entities))
        for number, path in enumerate(paths):
            part = entities[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
            yield Page(path, "entity_list.html", partial(_list_values, views, type_, part, paths, path, len(entities)))


def _by_type(views: Views) -> dict[EntityType, list[Entity]]:
    """The entities by type, by name."""
    groups: dict[EntityType, list[Entity]] = {type_: [] for type_ in ENTITY_TYPES}
    for entity in views.catalogue.entities.values():
        groups[entity.type].append(entity)
    return {
        type_: sorted(held, key=lambda entity: (entity.name.casefold(), entity.id))
        for type_, held in groups.items()
        if held
    }


def _paths(type_: EntityType, count: int) -> tuple[str, ...]:
    if count <= FRONT_ROWS:
        return ()
    parts = range(1, -(-count // PAGE_ROWS) + 1)
    return tuple(f"entities/types/{type_}{f'-{part}' if part > 1 else ''}.html" for part in parts)


def _index_values(views: Views) -> Values:
    groups = []
    for type_, entities in _by_type(views).items():
        shown = entities
        if len(entities) > FRONT_ROWS:
            shown = sorted(entities, key=lambda entity: -_events(views, entity))[:FRONT_ROWS]
        rows = tuple(_row(views, entity) for entity in shown)
        groups.append(TypeRows(type_, rows, len(entities), _paths(type_, len(entities))))
    return {"groups": groups, "entity_count": sum(group.total for group in groups)}


def _list_values(
    views: Views, type_: EntityType, part: Sequence[Entity], paths: tuple[str, ...], path: str, total: int
) -> Values:
    return {
        "group": TypeRows(type_, tuple(_row(views, entity) for entity in part), total, paths),
        "number": paths.index(path) + 1,
    }


def _events(views: Views, entity: Entity) -> int:
    return len(views.catalogue.events_of_entity.get(entity.id, ()))


def _row(views: Views, entity: Entity) -> EntityRow:
    catalogue = views.catalogue
    records = catalogue.claims_of_entity.get(entity.id, ())
    return EntityRow(
        party=views.party(entity.id),
        events=_events(views, entity),
        accused_in=sum(record.claim.type == "allegation" and entity.id in record.claim.accused for record in records),
        documents=len(catalogue.documents_of_entity.get(entity.id, ())),
    )
