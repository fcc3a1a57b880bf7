"""The quotes of a document as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), in JSON-LD 1.0.

A target is the original page at its address, in the state that we fetched; a quote is found there by its words with a
little around them (`TextQuoteSelector`), or in the text that we read out of that state by its place
(`TextPositionSelector`: code points, end exclusive). Which text that is, its SHA-256 says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.render.jsontext import json_bytes
from tracker.render.passages import page_of
from tracker.render.paths import document_path, file_stem, full_address, safe_url
from tracker.render.views import ClaimView, Party, Views
from tracker.render.wording import CLAIM_TYPE_WORDS, clean, machine_instant, shorten
from tracker.types import StoredDocument

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
"""Brings the prefixes `dcterms` and `schema` with it."""
_AROUND_CHARS = 32
_TITLE_CHARS = 300
_NAME_CHARS = 120
_PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"


def annotations_path(document_id: str) -> str:
    """The path of a document's annotations."""
    return f"documents/{file_stem(document_id)}.json"


def annotation_page(views: Views, document: StoredDocument) -> bytes:
    """All claims of a document, also those of words that its newest version no longer has, in the order of the text."""
    base, records = views.base, views.catalogue.claims_of_document.get(document.id, [])
    page = full_address(base, annotations_path(document.id)) if base else f"{file_stem(document.id)}.json"
    here = full_address(base, document_path(document.id)) if base else f"{file_stem(document.id)}.html"
    value = {
        "@context": CONTEXT,
        "id": page,
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{here}#h-passages",
            "type": "AnnotationCollection",
            "label": shorten(document.current.title, _TITLE_CHARS) or "Untitled document",
            "total": len(records),
        },
        "startIndex": 0,
        "items": [_annotation(views, document, views.claim(record), here) for record in records],
    }
    return json_bytes(value)


def _annotation(views: Views, document: StoredDocument, view: ClaimView, here: str) -> dict[str, Any]:
    first = views.catalogue.versions.get(view.record.first_version_id, view.version)
    links = [views.place_in(event.event, view.record.id) for event in view.events]
    return {
        "id": f"{here}#{view.anchor}",
        "type": "Annotation",
        "motivation": "describing",
        "created": machine_instant(first.fetched_at),
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "format": "text/plain", "value": view.claim.type},
            _words("describing", _told(view)),
            *({"type": "SpecificResource", "purpose": "linking", "source": _link(views, path)} for path in links),
        ],
        "target": {
            "type": "SpecificResource",
            "source": safe_url(document.url) or here,
            "state": _state(view),
            "selector": _selectors(view),
        },
    }


def _link(views: Views, path: str) -> str:
    return full_address(views.base, path) if views.base else f"../{path}"


def _words(purpose: str, words: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "language": "en", "value": words}


def _told(view: ClaimView) -> str:
    """What the claim is read as, in one line: who says it, of whom, on whose behalf, according to whom."""
    rows: list[tuple[str, Iterable[Party]]] = [
        ("speaker", (view.speaker,) if view.speaker else ()),
        ("on behalf of", (view.on_behalf_of,) if view.on_behalf_of else ()),
        ("accused", view.accused),
        ("target", view.target),
        ("according to", view.via),
    ]
    named = [(role, ", ".join(shorten(party.name, _NAME_CHARS) for party in parties)) for role, parties in rows]
    facts = [f"{role}: {names}" for role, names in named if names]
    return "; ".join([CLAIM_TYPE_WORDS[view.claim.type], *facts, f"status: {view.status}"])


def _state(view: ClaimView) -> dict[str, Any]:
    """The state of the page that has the words: when it was fetched, where that is archived, and the text's digest."""
    version = view.version
    state: dict[str, Any] = {
        "type": "TimeState",
        "sourceDate": machine_instant(version.fetched_at),
        "dcterms:identifier": version.id,
        "schema:version": version.number,
        "schema:sha256": version.text_sha256,
    }
    if version.archive:
        state["cached"] = version.archive.record_id.strip("<>")
    return state


def _selectors(view: ClaimView) -> list[dict[str, Any]]:
    claim, text = view.claim, view.version.text
    quote: dict[str, Any] = {
        "type": "TextQuoteSelector",
        "exact": clean(claim.text),
        "prefix": clean(text[max(claim.start - _AROUND_CHARS, 0) : claim.start]),
        "suffix": clean(text[claim.end : claim.end + _AROUND_CHARS]),
    }
    selectors = [quote, {"type": "TextPositionSelector", "start": claim.start, "end": claim.end}]
    if page := page_of(view.version, claim.start):
        selectors.append(
            {"type": "FragmentSelector", "conformsTo": _PDF_FRAGMENTS, "value": f"page={page}", "refinedBy": quote}
        )
    return selectors
