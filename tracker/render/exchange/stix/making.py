"""What every object of a bundle has: its id, its instants, whose object it is, and how it may be passed on.

STIX 2.1 (docs.oasis-open.org/cti/stix/v2.1). Ids are UUIDs of version 5 in a namespace of the site's own, as the
standard asks of who makes ids by rule: the same thing has the same id in every bundle of one site, and no other site's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from tracker.render.exchange.stix.decisions import Touched, list_touched
from tracker.render.exchange.telling import NO_FINDING
from tracker.render.views import Views
from tracker.render.wording import as_of_words, clean
from tracker.types import ClaimRecord

Object = dict[str, Any]

TLP_CLEAR = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
"""Predefined by the standard as TLP:WHITE, which TLP 2.0 calls CLEAR: it may go anywhere."""
_NAMESPACE = UUID("2c1f6a52-9d5b-4c0e-8a37-5f0e6f1f7a10")
MADE = "2026-11-01T00:00:00.000Z"
"""Of what does not come from the data: who we are, and version 1 of the extension."""


def stix_instant(at: datetime) -> str:
    """YYYY-MM-DDTHH:MM:SS.mmmZ."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


@dataclass(frozen=True)
class Maker:
    """Makes the objects of one site."""

    views: Views
    times: dict[str, Times] = field(default_factory=dict)
    """Of claims, by id: each is asked for by its note, its events, its parties and their charges."""
    _ids: dict[tuple[str, ...], str] = field(default_factory=dict)

    @cached_property
    def _namespace(self) -> UUID:
        return uuid5(_NAMESPACE, self.views.base or self.views.site.title)

    def id(self, type: str, *keys: str) -> str:
        """The id of a thing, by its type and our own ids."""
        held = self._ids.get((type, *keys))
        if held is None:
            held = self._ids[type, *keys] = f"{type}--{uuid5(self._namespace, '|'.join((type, *keys)))}"
        return held

    @cached_property
    def touched(self) -> Touched:
        """What people's decisions touched, and when."""
        return list_touched(self.views.catalogue)

    @cached_property
    def us(self) -> str:
        """The id of the identity that made the objects."""
        return self.id("identity", "tracker", "us")

    @cached_property
    def extension(self) -> str:
        """The key of what we tell beyond the standard."""
        return self.id("extension-definition", "claims")

    @cached_property
    def markings(self) -> list[str]:
        """What each object is marked with."""
        return [TLP_CLEAR, *(item["id"] for item in self.statements)]

    @cached_property
    def statements(self) -> tuple[Object, ...]:
        """The markings of our own: the licence, and of a look back as of when."""
        site, at = self.views.site, self.views.catalogue.as_of
        licence = f"{site.licence} ({site.licence_url}); quoted words remain their publishers'. {NO_FINDING}"
        texts = [licence, *([f"As it was known on {as_of_words(at)}."] if at else [])]
        return tuple(
            {
                "type": "marking-definition",
                "spec_version": "2.1",
                "id": self.id("marking-definition", text),
                "created_by_ref": self.us,
                "created": MADE,
                "definition_type": "statement",
                "definition": {"statement": text},
            }
            for text in texts
        )

    def make(self, type: str, keys: Iterable[str], times: Times, values: Object, told: Object | None = None) -> Object:
        """An object; `told` is what the extension says of it. Values that are not known are left out."""
        head = {
            "type": type,
            "spec_version": "2.1",
            "id": self.id(type, *keys),
            "created_by_ref": self.us,
            "created": stix_instant(times.created) if times.created else MADE,
            "modified": stix_instant(times.modified) if times.modified else MADE,
        }
        tail: Object = {"lang": "en", "object_marking_refs": self.markings}
        if told is not None:
            tail["extensions"] = {self.extension: {"extension_type": "property-extension", **_known(told)}}
        return {**head, **_known(values), **tail}

    def standing(self) -> list[Object]:
        """What does not come from the data: who we are, how objects are marked, and what the extension holds."""
        site = self.views.site
        us = self.make(
            "identity",
            ("tracker", "us"),
            Times(),
            {
                "name": clean(site.title),
                "description": f"Collects what pages say of disputes about AI model distillation. {NO_FINDING}",
                "identity_class": "system",
                "external_references": references([(site.title, self.views.base or None, None)]),
            },
        )
        tlp = {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": TLP_CLEAR,
            "created": "2017-01-20T00:00:00.000Z",
            "definition_type": "tlp",
            "name": "TLP:WHITE",
            "definition": {"tlp": "white"},
        }
        return [us, tlp, *self.statements]


@dataclass(frozen=True, slots=True)
class Times:
    """When an object was made and last changed, by what the tracker had when; None where no page tells."""

    created: datetime | None = None
    modified: datetime | None = None


def claim_times(maker: Maker, record: ClaimRecord) -> Times:
    """From when the tracker first had the words to when it last saw them in another version, or missing.

    What people decided of them since counts, also what was taken back.
    """
    held = maker.times.get(record.id)
    if held is None:
        held = maker.times[record.id] = _claim_times(maker, record)
    return held


def _claim_times(maker: Maker, record: ClaimRecord) -> Times:
    catalogue = maker.views.catalogue
    created = record.first_seen_at or catalogue.versions[record.first_version_id].fetched_at
    seen = [created, catalogue.versions[record.version_id].fetched_at]
    if not record.in_current_version:
        versions = catalogue.documents[record.document_id].versions
        seen += [version.fetched_at for version in versions if version.fetched_at > seen[1]][:1]
    return touched_at(Times(created, max(seen)), maker.touched.claims.get(record.id))


def touched_at(times: Times, at: datetime | None) -> Times:
    """The times with that of a decision, which is no beginning."""
    return Times(times.created, max(filter(None, (times.modified, at)), default=None))


def joined(times: Iterable[Times]) -> Times:
    """The first and the last of several."""
    held = [item for item in times if item.created and item.modified]
    return Times(
        min((item.created for item in held if item.created), default=None),
        max((item.modified for item in held if item.modified), default=None),
    )


def references(items: Iterable[tuple[str, str | None, str | None]]) -> list[Object]:
    """External references of (whose, address, id), each once; those without either are left out."""
    made = []
    for name, url, key in items:
        reference = _known({"source_name": clean(name) or "unnamed", "url": url, "external_id": key})
        if len(reference) > 1 and reference not in made:
            made.append(reference)
    return made


def _known(values: Object) -> Object:
    return {key: value for key, value in values.items() if value is not None and value != [] and value != ""}
