"""Published editions of a small invented world, made by the real reconciler and read as a reader of the file does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from tests.reconcile.builders import GAZETTEER, Page, Said, document
from tracker.config import Site
from tracker.digest.changes import find_changes
from tracker.digest.facts import load_facts
from tracker.pipeline.publish import shown
from tracker.query import open_published
from tracker.reconcile import Curator, find_copies, hold_back, judge_edits, reconcile
from tracker.render.database import make_database
from tracker.types import Act, Change, Curation, Dataset, Edit, Entity, Fact, Reconciled, StoredDocument

DECIDED = datetime(2026, 9, 2, tzinfo=UTC)
HOMES = {"garnet": "lemuria-land", "basalt": "lemuria-land", "lumen": "atlantis-land"}
ENTITIES = (
    *(replace(entity, country=HOMES.get(entity.id)) for entity in GAZETTEER),
    Entity("lemuria-land", "Lemuria", "place"),
    Entity("atlantis-land", "Atlantis", "place"),
)


@dataclass(frozen=True)
class Published:
    """An edition: the file, and the result that it was made of."""

    body: bytes
    result: Reconciled

    @cached_property
    def facts(self) -> dict[str, Fact]:
        with open_published(self.body) as published:
            return load_facts(published)


def edition(
    *documents: StoredDocument,
    acts: Sequence[Act] = (),
    after: Published | None = None,
    base_url: str | None = None,
    entities: tuple[Entity, ...] = ENTITIES,
) -> Published:
    """What is published of these documents with these edits, an hour apart; ids as of the edition `after`."""
    edits = (
        Edit(f"e{n}", act, "Ana Lyst", DECIDED + timedelta(hours=n), "it says so") for n, act in enumerate(acts, 1)
    )
    curator = Curator(entities, Curation(tuple(edits)), documents)
    held, _ = hold_back(list(map(curator.document, documents)), 0.0, curator.vouched)
    result = reconcile(held, entities, after.result if after else Reconciled(), curator)
    named = {item.id for item in entities} | {m.entity_id for d in documents for e in d.extractions for m in e.mentions}
    judged = tuple(judge_edits(curator, {item.id: item for item in documents}, named, result))
    dataset = Dataset(held, shown(curator.conceal(result), held), edits=judged, copies=find_copies(held))
    return Published(make_database(dataset, Site(base_url=base_url) if base_url else Site()), result)


def changes(before: Published, now: Published) -> tuple[Change, ...]:
    """What changed from the one to the other, and nothing from either to itself."""
    with open_published(now.body) as published:
        assert find_changes(now.facts, now.facts, published) == ()
        return find_changes(before.facts, now.facts, published)


def story(name: str, *said: Said, on: str = "2026-03-02", publisher: str | None = None) -> StoredDocument:
    """A page of its own house, with words that no other page has."""
    return longer(document(name, Page(on, list(said)), publisher=publisher or f"Paper {name.upper()}"), name)


def longer(page: StoredDocument, name: str) -> StoredDocument:
    """The document with sixty words behind its claims, so that no other page is a copy of it."""
    more = " ".join(f"word{name}x{at}" for at in range(60))
    return replace(page, versions=tuple(replace(item, text=item.text + more) for item in page.versions))
