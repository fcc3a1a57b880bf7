"""A digest as JSON, version 1: templates/digest/payload.schema.json says what each key holds."""

from __future__ import annotations

import json
from typing import Any

from tracker.config import Settings
from tracker.digest.links import Links
from tracker.digest.telling.shown import MAX_QUOTE, summary_of
from tracker.digest.telling.wording import subject_of
from tracker.render.paths import full_address, safe_url
from tracker.render.wording import machine_instant, shorten
from tracker.types.changes import Change, Evidence
from tracker.types.digests import Digest, DigestItem
from tracker.types.watching import Subscriber

VERSION = 1
MAX_EVIDENCE = 10
"""Of one change; `evidence_left_out` counts the others."""
_MAX_TITLE = 500
_MAX_LIST = 200

Record = dict[str, Any]


def payload_of(subscriber: Subscriber, digest: Digest, settings: Settings, links: Links | None) -> Record:
    """The digest as values of JSON: instants as RFC 3339 has them, days as ISO 8601, addresses whole or None."""
    site = settings.site
    base = site.base_url or ""
    return {
        "version": VERSION,
        "type": digest.kind,
        "id": digest.id,
        "number": digest.number,
        "subscription": subscriber.name,
        "text": f"{subject_of(digest, site.title)}. {summary_of(digest, subscriber.timezone)}",
        "since": machine_instant(digest.since) if digest.since else None,
        "cut_at": machine_instant(digest.cut_at),
        "edition": digest.edition,
        "site": {"title": site.title, "url": base or None, "licence": site.licence, "licence_url": site.licence_url},
        "url": links.digest_url(subscriber, digest.id, digest.cut_at) if links else None,
        "corrections": [_item(item, base) for item in digest.corrections],
        "groups": [
            {
                "heading": shorten(group.heading),
                "page": _address(group.page, base),
                "items": [_item(item, base) for item in group.items],
            }
            for group in digest.groups
        ],
        "left_out": digest.left_out,
    }


def json_body(value: Record) -> bytes:
    """As it is sent: ASCII, so that a lone surrogate of a page makes no payload unreadable."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _item(item: DigestItem, base: str) -> Record:
    hidden = item.change.kind == "withdrawn"  # what people hid is not repeated
    told = item.told
    return change_record(item.change, base) | {
        "why": [shorten(why, 300) for why in item.why],
        "told": {
            "digest_id": told.digest_id,
            "told_at": machine_instant(told.told_at),
            "words": None if hidden else shorten(told.words, _MAX_TITLE),
        }
        if told
        else None,
    }


def change_record(change: Change, base: str) -> Record:
    """A change as values of JSON."""
    hidden = change.kind == "withdrawn"
    now, before = (() if hidden else change.evidence), (() if hidden else change.evidence_before)
    return {
        "kind": change.kind,
        "key": change.key,
        "seq": change.seq,
        "title": " ".join(change.title.split())[:_MAX_TITLE],
        "page": _address(change.page, base),
        "event": {"id": change.event_id, "title": shorten(change.event_title, _MAX_TITLE), "type": change.event_type}
        if change.event_id
        else None,
        "disputes": list(change.dispute_ids[:_MAX_LIST]),
        "entities": list(change.entities[:_MAX_LIST]),
        "jurisdictions": list(change.jurisdictions[:_MAX_LIST]),
        "happened_on": change.happened_on.isoformat() if change.happened_on else None,
        "independent_sources": change.independent_sources,
        "sources_before": change.sources_before,
        "before": "" if hidden else shorten(change.before, _MAX_TITLE),
        "after": "" if hidden else shorten(change.after, _MAX_TITLE),
        "evidence": [_evidence(one, base) for one in now[:MAX_EVIDENCE]],
        "evidence_before": [_evidence(one, base) for one in before[:MAX_EVIDENCE]],
        "evidence_left_out": max(0, len(now) - MAX_EVIDENCE) + max(0, len(before) - MAX_EVIDENCE),
        "corrects": list(change.corrects[:_MAX_LIST]),
    }


def _evidence(one: Evidence, base: str) -> Record:
    return {
        "claim_id": one.claim_id,
        "quote": shorten(one.quote, MAX_QUOTE),
        "language": one.language,
        "speaker": shorten(one.speaker_name),
        "on_behalf_of": shorten(one.on_behalf_of_name),
        "accused_as": shorten(one.accused_as),
        "publisher": shorten(one.publisher),
        "document_title": shorten(one.document_title),
        "published_on": one.published_on.isoformat() if one.published_on else None,
        "link": safe_url(one.link),
        "page": _address(one.page, base),
        "version_sha256": one.version_sha256,
    }


def _address(page: str, base: str) -> str | None:
    """A page's whole address, or None where the site has none."""
    return safe_url(page if "://" in page else full_address(base, page) if base and page else "")
