"""The rows of claims: who says that who did what, in which words of which version, and what became of these."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from tracker.render.database.values import Row, SearchIds, day, instant, last_look, listed, number
from tracker.render.editstamps import last_of, list_withdrawals
from tracker.render.passages import page_of
from tracker.render.paths import document_path, file_stem, text_fragment_url
from tracker.render.revision_records import Places
from tracker.render.views import Views
from tracker.types import ChainStep, ClaimRecord


def claim_rows(views: Views, search_ids: SearchIds) -> Iterator[Row]:
    """A row a claim."""
    events = views.catalogue.events
    places = Places(events)
    chains = {chain.claim_id: chain.steps for event in events for chain in event.chains}
    for record in views.catalogue.claims.values():
        row = _claim(views, record)
        row["chain"] = listed(map(_step, chains.get(record.id, ())))
        row["is_vanished"] = int(places.is_vanished(record))
        yield row | {"search_id": search_ids["claim", record.id]}


def _step(step: ChainStep) -> dict[str, str | None]:
    return {"role": step.role, "entity_id": step.entity_id, "name": step.name}


def _claim(views: Views, record: ClaimRecord) -> Row:
    claim, document = record.claim, views.catalogue.documents[record.document_id]
    version = views.catalogue.versions[record.version_id]
    link = text_fragment_url(document.url, claim.text, page_of(version, claim.start))
    return {
        "id": record.id,
        "type": claim.type,
        "status": claim.status,
        "speaker": claim.speaker,
        "on_behalf_of": claim.on_behalf_of,
        "accused": listed(claim.accused),
        "accused_as": claim.accused_as,
        "target": listed(claim.target),
        "via": listed(claim.via),
        "quote": claim.text,
        "start_offset": claim.start,
        "end_offset": claim.end,
        "document_id": record.document_id,
        "version_id": record.version_id,
        "first_version_id": record.first_version_id,
        "published_on": claim_day(views, record),
        "is_current": int(record.in_current_version),
        "first_seen_at": instant(record.first_seen_at),
        "last_seen_on": day(last_look(record.last_seen_at)),
        "gone_at": instant(_gone_at(views, record)),
        "confidence": claim.confidence,
        "edits": listed(record.edits),
        "link": link if record.in_current_version else None,
        "updated_at": instant(updated_at(views, record)),
        "page": f"{views.base}{document_path(document.id)}#{file_stem(record.id)}",
        "dated_on": claim_day(views, record) or "",
    }


def claim_day(views: Views, record: ClaimRecord) -> str | None:
    """The day on which a claim's words were published, YYYY-MM-DD."""
    return day(record.published_on or views.catalogue.versions[record.version_id].published)


def updated_at(views: Views, record: ClaimRecord) -> datetime | None:
    """When the last was learned of a claim: that its page had the words or lost them, or what a person decided."""
    return last_of(_gone_at(views, record) or record.first_seen_at, views.stamps.claims.get(record.id))


def _gone_at(views: Views, record: ClaimRecord) -> datetime | None:
    """When the version came that no longer has the words."""
    if record.in_current_version:
        return None
    versions = views.catalogue.documents[record.document_id].versions
    after = [version.id for version in versions].index(record.version_id) + 1
    return versions[after].fetched_at if after < len(versions) else None


def claim_party_rows(views: Views) -> Iterator[Row]:
    """A row for each party of a claim, by its role."""
    for record in views.catalogue.claims.values():
        claim = record.claim
        singles = (("speaker", claim.speaker), ("on_behalf_of", claim.on_behalf_of))
        roles = [(role, (party,)) for role, party in singles if party]
        lists = (("accused", claim.accused), ("target", claim.target), ("via", claim.via))
        for role, parties in [*roles, *lists]:
            for position, party in enumerate(parties):
                yield {"claim_id": record.id, "role": role, "position": position, "entity_id": party}


def quantity_rows(views: Views) -> Iterator[Row]:
    """A row for each number in a claim."""
    for record in views.catalogue.claims.values():
        for position, item in enumerate(record.quantities):
            yield {
                "claim_id": record.id,
                "position": position,
                "kind": item.kind,
                "low": number(item.low),
                "high": number(item.high),
                "qualifier": item.qualifier,
                "unit": item.unit,
                "text": item.text,
                "start_offset": item.start,
                "end_offset": item.end,
            }


def revision_rows(views: Views) -> Iterator[Row]:
    """A row for each claim that changed with its page."""
    for number_, item in enumerate(chain.from_iterable(views.catalogue.revisions_of_document.values()), 1):
        changed = zip(item.what, item.was, item.now, strict=False)
        yield {
            "id": number_,
            "document_id": item.document_id,
            "kind": item.kind,
            "seen_at": instant(item.seen_at),
            "from_version": item.from_version,
            "to_version": item.to_version,
            "before_claim": item.before,
            "after_claim": item.after,
            "changes": listed({"field": what, "was": was, "now": now} for what, was, now in changed),
        }


def withdrawn_rows(views: Views) -> Iterator[Row]:
    """A row for each claim or event that people hid."""
    for item in list_withdrawals(views.catalogue):
        yield {"kind": item.kind, "id": item.id, "at": instant(item.at), "edit_id": item.edit_id}
