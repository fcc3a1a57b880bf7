"""The dataset as a STIX 2.1 bundle: identities, who accuses whom, a note for each claim, a report for each event.

There is no `attack-pattern`, `threat-actor` or `campaign` in it: each would make of a charge a fact about the accused.
Objects are written as they stand; a test reads every one with the OASIS library, which checks them far more slowly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial

from tracker.ids import sha256_hex
from tracker.render.exchange.stix.making import MADE, Maker, Object
from tracker.render.exchange.stix.notes import note_chunks
from tracker.render.exchange.stix.parties import identity_chunks, relationship_chunks
from tracker.render.exchange.stix.reports import report_chunks
from tracker.render.exchange.stix.revoked import revocations
from tracker.render.splicing import Chunk, splice
from tracker.render.views import Views
from tracker.resources import bundled_path

__all__ = ["BUNDLE_PATH", "list_objects", "load_extension_schema", "render_stix"]

BUNDLE_PATH = "downloads/bundle.stix.json"
_VERSION = "1.0.0"


def load_extension_schema() -> str:
    """The JSON Schema of what notes, relationships and reports say beyond the standard."""
    return (bundled_path("templates/exchange") / "stix-claims.schema.json").read_text(encoding="utf-8")


def list_objects(views: Views) -> Iterator[Object]:
    """Every object: first what others refer to, last what is withdrawn."""
    return (item for chunk in list_chunks(Maker(views)) for item in chunk.make())


def list_chunks(maker: Maker) -> Iterator[Chunk]:
    """The same in chunks, each with what it rests on."""
    yield Chunk("standing", (), maker.standing)
    yield Chunk("extension", (), lambda: [_extension(maker)])
    yield from identity_chunks(maker)
    yield from relationship_chunks(maker)
    yield from note_chunks(maker)
    yield from report_chunks(maker)
    yield Chunk("revocations", (), partial(revocations, maker))


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
    maker = Maker(views)
    old = _lines_of(views.tables.read(BUNDLE_PATH))
    lines, _ = splice(views.tables, "stix", (old, b""), list(list_chunks(maker)), _render)
    bundle_id = maker.id("bundle", sha256_hex(lines.removesuffix(_END).replace(_END, b"\n")))
    return _HEAD.format(id=bundle_id).encode() + lines.removesuffix(_END) + _TAIL


_HEAD = '{{"type": "bundle", "id": "{id}", "objects": [\n'
_END, _TAIL = b",\n", b"\n]}\n"


def _lines_of(bundle: bytes | None) -> bytes | None:
    """The objects of a bundle as they are put together: each with what ends its line."""
    return None if bundle is None else bundle[bundle.find(b"\n") + 1 :].removesuffix(_TAIL) + _END


def _render(objects: Iterable[Object]) -> tuple[bytes, bytes]:
    return b"".join(_encode(item).encode() + _END for item in objects), b""


_encode = json.JSONEncoder(ensure_ascii=True).encode
