"""The made-up world as views, with ids and instants for what is seen when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.render.conftest import SEEN, build_world
from tests.render.test_disputes import ACCUSED, with_disputes
from tracker.config import Site
from tracker.render.catalogue import build_catalogue
from tracker.render.views import Views
from tracker.types import Dataset

HERE = Site(base_url="https://tracker.example/site")


def views_of(dataset: Dataset, site: Site = HERE) -> Views:
    return Views(build_catalogue(dataset), site)


def seen_world() -> Dataset:
    """The world with when each claim was first and last seen."""
    world = with_disputes(ACCUSED, redirects=(("northwind-letter-old", "northwind-letter-2026-02"),))
    days = {version.id: version.published for item in world.documents for version in item.versions}
    seen = {"first_seen_at": SEEN, "last_seen_at": SEEN}
    claims = tuple(replace(item, published_on=days[item.version_id], **seen) for item in world.reconciled.claims)
    return replace(world, reconciled=replace(world.reconciled, claims=claims))


def called(world: Dataset, words: str, document_id: str) -> Dataset:
    """The world with words that somebody else chose: names, titles, publishers and the id of a document."""
    ids = {world.documents[0].id: document_id}
    entities = tuple(replace(item, name=words, aliases=(words, "x" + words)) for item in world.reconciled.entities)
    documents = tuple(
        replace(
            item,
            id=ids.get(item.id, item.id),
            url=words,
            publisher=words,
            versions=tuple(
                replace(version, title=words, byline=words, language=words[:8], document_id=ids.get(item.id, item.id))
                for version in item.versions
            ),
        )
        for item in world.documents
    )
    claims = tuple(
        replace(
            item,
            document_id=ids.get(item.document_id, item.document_id),
            claim=replace(item.claim, text=f"{words}.", accused_as=words if item.claim.accused else None),
        )
        for item in world.reconciled.claims
    )
    events = tuple(
        replace(event, title=words, document_ids=tuple(ids.get(key, key) for key in event.document_ids))
        for event in world.reconciled.events
    )
    reconciled = replace(world.reconciled, entities=entities, claims=claims, events=events)
    return replace(world, documents=documents, reconciled=reconciled)


@pytest.fixture(scope="package")
def views() -> Views:
    return views_of(seen_world())


@pytest.fixture(scope="package")
def nothing() -> Views:
    return views_of(Dataset())


__all__ = ["HERE", "build_world", "called", "seen_world", "views_of"]
