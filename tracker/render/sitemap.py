"""The sitemap (sitemaps.org 0.9): every page with when what it shows last changed, in files of at most 50,000."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from tracker.render.editstamps import last_of
from tracker.render.paths import dispute_path, document_path, entity_path, event_path, full_address
from tracker.render.views import Views

MOST_ADDRESSES = 50_000
"""In one file, by the protocol; more are split and an index names the files."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_files(views: Views, paths: Iterable[str], most: int = MOST_ADDRESSES) -> dict[str, bytes]:
    """`sitemap.xml`, and with more than `most` pages the files that it names; nothing without the site's address."""
    if not views.base:
        return {}
    changed = _changed_at(views)
    rows = [_row("url", full_address(views.base, path), changed.get(path)) for path in sorted(paths)]
    if len(rows) <= most:
        return {"sitemap.xml": _file("urlset", rows)}
    parts = [rows[at : at + most] for at in range(0, len(rows), most)]
    files = {f"sitemap-{number}.xml": _file("urlset", part) for number, part in enumerate(parts, 1)}
    index = [_row("sitemap", full_address(views.base, name), None) for name in files]
    return {"sitemap.xml": _file("sitemapindex", index)} | files


def _changed_at(views: Views) -> dict[str, datetime]:
    """For each page of one thing when the tracker last learned something of it, or people decided something about it.

    Lists have no such instant.
    """
    catalogue, stamps = views.catalogue, views.stamps
    events = {event.id: at for event in catalogue.events if (at := views.changed_at(event))}
    documents = {
        key: last_of(document.current.fetched_at, stamps.documents.get(key))
        for key, document in catalogue.documents.items()
    }
    changed = {event_path(key): at for key, at in events.items()}
    changed |= {document_path(key): at for key, at in documents.items() if at}
    for dispute in catalogue.disputes:
        if at := last_of(stamps.disputes.get(dispute.id), *map(events.get, dispute.event_ids)):
            changed[dispute_path(dispute.id)] = at
    for entity_id in catalogue.entities:
        of_events = (events.get(event.id) for event in catalogue.events_of_entity.get(entity_id, ()))
        of_documents = (documents[document.id] for document, _ in catalogue.documents_of_entity.get(entity_id, ()))
        if at := last_of(*of_events, *of_documents):
            changed[entity_path(entity_id)] = at
    return changed


def _row(name: str, address: str, changed_at: datetime | None) -> str:
    when = f"<lastmod>{changed_at.isoformat()}</lastmod>" if changed_at else ""
    return f"<{name}><loc>{escape(address)}</loc>{when}</{name}>\n"


def _file(name: str, rows: Iterable[str]) -> bytes:
    return f'{_HEAD}<{name} xmlns="{_SPACE}">\n{"".join(rows)}</{name}>\n'.encode()
