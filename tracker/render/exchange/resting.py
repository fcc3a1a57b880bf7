"""What lines on a party and on its charges rest on, by the names under which it is read (`tracker.render.reads`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracker.render.catalogue import Catalogue
from tracker.types import ClaimRecord


def names_of_party(catalogue: Catalogue, id: str) -> tuple[str, ...]:
    """What is told of a party: its entry and those of its owners, the pages that name it, and claims of any role."""
    owners = (f"entities:{key}" for key in _with_owners(catalogue, id))
    return (*owners, f"documents_of_entity:{id}", *names_of_claims(catalogue.claims_of_entity.get(id, ())))


def names_of_claims(records: Iterable[ClaimRecord]) -> Iterator[str]:
    """Claims, and their pages with all versions."""
    documents: dict[str, None] = {}
    for record in records:
        documents[record.document_id] = None
        yield f"claims:{record.id}"
    yield from (f"documents:{key}" for key in documents)


def _with_owners(catalogue: Catalogue, id: str) -> dict[str, None]:
    found: dict[str, None] = {}
    key: str | None = id
    while key and key not in found:
        found[key] = None
        entity = catalogue.entities.get(key)
        key = entity.parent if entity else None
    return found
