"""Notes: a claim each, with its words, whose word it is, and the page.

A note is ours and says what a page reports. It is no `opinion`, which would be ours on somebody's truth, and has no
`confidence`, which would read as how true the charge is; how surely the words were read stands in the extension.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tracker.render.catalogue import parties_of
from tracker.render.database.values import number
from tracker.render.exchange.stix.making import Maker, Object, claim_times, references
from tracker.render.exchange.stix.parties import identity_id, identity_ids, publisher_identity
from tracker.render.exchange.telling import NO_FINDING, claim_head, claim_page, link_of, published_day, quote_of
from tracker.render.splicing import Chunk
from tracker.render.wording import clean, shorten
from tracker.types import ClaimRecord, Figure, Quantity


def note_id(maker: Maker, claim_id: str) -> str:
    """The id of a claim's note."""
    return maker.id("note", claim_id)


def note_chunks(maker: Maker) -> Iterator[Chunk]:
    """A note for each claim; before the first of a publisher that stands for nobody named, the publisher's identity."""
    told: set[str] = set()
    catalogue = maker.views.catalogue
    for record in catalogue.claims.values():
        named = [key for key in dict.fromkeys(parties_of(record)) if key in catalogue.entities]
        publisher = None if named else catalogue.documents[record.document_id].publisher
        if publisher is not None and publisher not in told:
            told.add(publisher)
            told_of = (f"documents:{record.document_id}",)
            yield Chunk(f"publisher {publisher}", told_of, partial(_publisher, maker, record))
        names = (f"claims:{record.id}", f"documents:{record.document_id}")
        parties = (f"entities:{key}" for key in dict.fromkeys(parties_of(record)))
        yield Chunk("note", (*names, *parties), partial(_note, maker, record))


def _publisher(maker: Maker, record: ClaimRecord) -> Iterator[Object]:
    yield publisher_identity(maker, maker.views.catalogue.documents[record.document_id])


def _note(maker: Maker, record: ClaimRecord) -> Iterator[Object]:
    views = maker.views
    document = views.catalogue.documents[record.document_id]
    about = identity_ids(maker, *parties_of(record)) or [publisher_identity(maker, document)["id"]]
    head, link = claim_head(views, record), link_of(views, record)
    where = "; ".join(filter(None, (clean(document.publisher), shorten(document.current.title))))
    place = link or ("" if record.in_current_version else "The page no longer says this.")
    page = claim_page(views, record) if views.base else None
    values = {
        "abstract": head,
        "content": "\n\n".join(filter(None, (f"{head}.", f"“{quote_of(record)}”", where, place, NO_FINDING))),
        "object_refs": about,
        "external_references": references([(document.publisher, link, None), (views.site.title, page, record.id)]),
    }
    yield maker.make("note", (record.id,), claim_times(maker, record), values, _claim(maker, record))


def _claim(maker: Maker, record: ClaimRecord) -> Object:
    claim, catalogue = record.claim, maker.views.catalogue
    version = catalogue.versions[record.version_id]

    def one(id: str | None) -> str | None:
        return identity_id(maker, id) if id in catalogue.entities else None

    return {
        "kind": "claim",
        "claim_id": record.id,
        "claim_type": claim.type,
        "claim_status": claim.status,
        "speaker_ref": one(claim.speaker),
        "on_behalf_of_ref": one(claim.on_behalf_of),
        "accused_refs": identity_ids(maker, *claim.accused),
        "accused_as": claim.accused_as,
        "concerned_refs": identity_ids(maker, *claim.target),
        "via_refs": identity_ids(maker, *claim.via),
        "quote": quote_of(record),
        "quote_language": version.language,
        "quote_start": claim.start,
        "quote_end": claim.end,
        "version_sha256": version.text_sha256,
        "published_on": published_day(maker.views, record),
        "is_current": record.in_current_version,
        "reading_confidence": claim.confidence,
        "quantities": [quantity(item) for item in record.quantities],
    }


def quantity(item: Quantity | Figure) -> dict[str, Any]:
    """A number in a claim or of an event; ends that are open are left out."""
    value = {
        "text": item.text,
        "quantity_kind": item.kind,
        "low": number(item.low),
        "high": number(item.high),
        "qualifier": item.qualifier,
        "unit": item.unit,
    }
    return {key: held for key, held in value.items() if held is not None}
