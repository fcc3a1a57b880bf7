"""The dataset as a STIX 2.1 bundle: identities, who accuses whom, a note for each claim, a report for each event.

There is no `attack-pattern`, `threat-actor` or `campaign` in it: each would make of a charge a fact about the accused.
Objects are written as they stand; a test reads every one with the OASIS library, which checks them far more slowly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tracker.ids import sha256_hex
from tracker.render.exchange.stix.making import MADE, Maker, Object
from tracker.render.exchange.stix.notes import notes
from tracker.render.exchange.stix.parties import identities, relationships
from tracker.render.exchange.stix.reports import reports
from tracker.render.exchange.stix.revoked import revocations
from tracker.render.views import Views
from tracker.resources import bundled_path

__all__ = ["list_objects", "load_extension_schema", "render_stix"]

_VERSION = "1.0.0"


def load_extension_schema() -> str:
    """The JSON Schema of what notes, relationships and reports say beyond the standard."""
    return (bundled_path("templates/exchange") / "stix-claims.schema.json").read_text(encoding="utf-8")


def list_objects(views: Views) -> Iterator[Object]:
    """Every object: first what others refer to, last what is withdrawn."""
    maker = Maker(views)
    yield from maker.standing()
    yield _extension(maker)
    yield from identities(maker)
    yield from relationships(maker)
    yield from notes(maker)
    yield from reports(maker)
    yield from revocations(maker)


def _extension(maker: Maker) -> Object:
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": maker.extension,
        "created_by_ref": maker.us,
        "created": MADE,
        "modified": MADE,
        "name": "Claims, accusations and events",
        "description": "Whose word a claim is, of whom in whose words, its place in the page, and its figures.",
        "schema": json.dumps(json.loads(load_extension_schema()), separators=(",", ":")),
        "version": _VERSION,
        "extension_types": ["property-extension"],
        "object_marking_refs": maker.markings,
    }


def render_stix(views: Views) -> bytes:
    """The bundle, an object a line; equal datasets give equal bytes."""
    objects = [_encode(item) for item in list_objects(views)]
    bundle_id = Maker(views).id("bundle", sha256_hex("\n".join(objects)))
    head = f'{{"type": "bundle", "id": "{bundle_id}", "objects": [\n'
    return (head + ",\n".join(objects) + "\n]}\n").encode()


_encode = json.JSONEncoder(ensure_ascii=True).encode
