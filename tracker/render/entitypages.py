"""The entities' pages: what each shows, its timeline by month where it is long, its JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from tracker.render import entityindex, machine
from tracker.render.disputes import rows_of
from tracker.render.entityclaims import EntityClaims, accused_of, accuser_of, claim_section, claims_of_entity
from tracker.render.figurelist import reported_figures
from tracker.render.lawpages import law_values
from tracker.render.laws import events_naming_law, stages_of
from tracker.render.linked import entity_linked_data
from tracker.render.page import DataFile, Item, Page, Values, group_each
from tracker.render.paths import entity_data_path, entity_path, feed_path, file_stem, register_path, safe_wikidata
from tracker.render.registers import register_of
from tracker.render.timeline import Sheet, lay_out
from tracker.render.views import DocumentView, Views, newest_document
from tracker.types import Entity, Event

MOST_DOCUMENTS = 50
MOST_UNANSWERED = 50
MOST_DISPUTES = 60
MOST_RELATED = 120
"""Of each list on an entity's page; all of it is in the page's JSON."""


def list_pages(views: Views) -> Iterator[Item]:
    """The list of entities, and of each its page, the months that do not fit on that, and its JSON."""
    yield from entityindex.list_pages(views)
    yield from group_each("entities", views.catalogue.entities.values(), partial(_list_of, views))


def _list_of(views: Views, entity: Entity) -> Iterator[Page | DataFile]:
    sheets = _sheets(views, entity)
    yield Page(entity_path(entity.id), "entity.html", partial(entity_values, views, entity, sheets[0]))
    for sheet in sheets[1:]:
        yield Page(sheet.path, "entity_month.html", partial(_month_values, views, entity, sheet))
    yield DataFile(entity_data_path(entity.id), partial(entity_json, views, entity))


def _sheets(views: Views, entity: Entity) -> tuple[Sheet, ...]:
    events = [views.event(event) for event in events_naming(views, entity)]
    return lay_out(events, entity_path(entity.id), f"entities/months/{file_stem(entity.id)}")


def events_naming(views: Views, entity: Entity) -> Sequence[Event]:
    """The events that name an entity as a party, or a law in the words of a claim, newest first."""
    if entity.type == "law":
        return events_naming_law(views.catalogue, entity.id)
    return views.catalogue.events_of_entity.get(entity.id, ())


def _month_values(views: Views, entity: Entity, sheet: Sheet) -> Values:
    return {"party": views.party(entity.id), "front": entity_path(entity.id), "sheet": sheet}


def entity_values(views: Views, entity: Entity, sheet: Sheet) -> Values:
    """An entity's page, with the front sheet of its timeline."""
    catalogue, key = views.catalogue, entity.id
    claims = claims_of_entity(catalogue, key)
    events = events_naming(views, entity)
    disputes = rows_of(views, catalogue.disputes_of_entity.get(key, ()))
    unanswered = [event for event in events if _is_unanswered(event, key)]
    documents = _documents(views, key)
    figures_of, more_of = reported_figures(views, events, lambda event, group: key in group.scope)
    figures_by, more_by = reported_figures(
        views, events, lambda event, group: event.figures[group.nearest].speaker == key and key not in group.scope
    )
    return {
        "feed": feed_path(entity_path(key)) if catalogue.events_of_entity.get(key) else "",
        "data": f"{file_stem(key)}.json",
        "entity": entity,
        "linked": entity_linked_data(views.catalogue, entity, views.base),
        "party": views.party(key),
        "wikidata": safe_wikidata(entity.wikidata),
        "edits": views.edits.of_entity(key),
        "law": law_values(views, entity) if entity.type == "law" else None,
        "register": register_path(key) if _has_register(views, entity) else "",
        "country": views.party(entity.country) if entity.country else None,
        "parent": views.party(entity.parent) if entity.parent else None,
        "relations": _relations(views, key),
        "disputes": disputes[:MOST_DISPUTES],
        "more_disputes": max(len(disputes) - MOST_DISPUTES, 0),
        "accused_by": claim_section(views, claims.accused_by, accuser_of),
        "accuses": claim_section(views, claims.accuses, accused_of),
        "answers": claim_section(views, claims.answers),
        "copied": claim_section(views, claims.copied, accused_of),
        "acts": claim_section(views, claims.acts),
        "unanswered": [views.event(event) for event in unanswered[:MOST_UNANSWERED]],
        "more_unanswered": max(len(unanswered) - MOST_UNANSWERED, 0),
        "figures_of": figures_of,
        "more_figures_of": more_of,
        "figures_by": figures_by,
        "more_figures_by": more_by,
        "events": len(events),
        "sheet": sheet,
        "documents": documents[:MOST_DOCUMENTS],
        "document_count": len(documents),
        "unknown": _not_known(entity, claims, len(events), bool(unanswered)),
    }


def _has_register(views: Views, entity: Entity) -> bool:
    return entity.type == "company" and register_of(views, entity).has_entries


def _is_unanswered(event: Event, id: str) -> bool:
    return any(answer.party == id and answer.kind == "none_found" for answer in event.answers)


def _relations(views: Views, id: str) -> list[tuple[str, Values]]:
    """(type, its parts of that type: {shown, more}) in the order of names."""
    parts: dict[str, list[Entity]] = {}
    for child in sorted(views.catalogue.children.get(id, ()), key=lambda child: (child.name.casefold(), child.id)):
        parts.setdefault(child.type, []).append(child)
    return [
        (type_, {"shown": views.parties([c.id for c in held[:MOST_RELATED]]), "more": max(len(held) - MOST_RELATED, 0)})
        for type_, held in sorted(parts.items())
    ]


def _documents(views: Views, id: str) -> list[tuple[DocumentView, int]]:
    """(document, how often it names the entity), newest first."""
    named = views.catalogue.documents_of_entity.get(id, ())
    return sorted(((views.document(document), count) for document, count in named), key=lambda r: newest_document(r[0]))


def _not_known(entity: Entity, claims: EntityClaims, events: int, unanswered: bool) -> list[str]:
    """What the documents read here do not say of it, each a sentence."""
    told = []
    if not entity.known:
        told.append("Who or what bears this name: nobody has put it on file, and it may be another entity’s name too.")
    if not events:
        told.append("Any event: no claim that was read out of a document names it as a party.")
    elif entity.type == "law":
        told.append("What the text of it says: the tracker reads what documents say about it.")
    elif not claims.accused_by:
        told.append("Any allegation against it: no document read here accuses it by name.")
    elif not claims.answers:
        told.append("Its answer: no document read here reports one, or says that there was none.")
    elif unanswered:
        told.append("Its answer to some of the events below: none of their documents has one.")
    if entity.type == "company" and not entity.country and not entity.parent:
        told.append("Where it is at home: its country is not on file.")
    return told


def entity_json(views: Views, entity: Entity) -> bytes:
    """All that an entity's page shows or leads to, by ids and paths from the site's top."""
    catalogue = views.catalogue
    stages = stages_of(catalogue, entity.id) if entity.type == "law" else ()
    claims = claims_of_entity(catalogue, entity.id)
    return machine.entity_json(catalogue, entity, claims, events_naming(views, entity), stages)
