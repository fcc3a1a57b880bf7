"""The downloads: everything that the site shows as tables in CSV, JSON Lines and Parquet, with sizes and checksums.

Beside them stands the same in the formats of others (`tracker.render.exchange`). The rows are those of `tracker export`
(`tracker.render.exports`) without what awaits review, what moves with every look at a page, and what page texts were
before (diffs). `downloads/manifest.json` describes the files as a Data Package
(specs.frictionlessdata.io); `downloads/SHA256SUMS` is read by `sha256sum --check`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from markupsafe import Markup

from tracker.ids import sha256_hex
from tracker.render import database, parquet
from tracker.render.catalogue import Catalogue
from tracker.render.columns import AS_OF, TABLES, Column, Table
from tracker.render.exchange import Exchange, offered, schema_files
from tracker.render.exports import Record
from tracker.render.linked import linked_script
from tracker.render.nameddays import named_days
from tracker.render.page import DataFile, FileSet, Page, Values
from tracker.render.paths import full_address
from tracker.render.tablefiles import Tables
from tracker.render.views import Views
from tracker.types import Dataset, Event, Reconciled

_FORMATS = {"csv": ("CSV", "text/csv"), "jsonl": ("JSON Lines", "application/jsonl")}
_PARQUET = ("Parquet", "application/vnd.apache.parquet")
_DATABASE = {"db": ("SQLite", "application/vnd.sqlite3"), "json": ("Datasette metadata", "application/json")}
_SCHEMA = ("JSON Schema", "application/schema+json")
_TYPES = {
    "text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "day": "date",
    "instant": "datetime", "list": "array", "record": "object", "records": "array",
}  # fmt: skip
_DESCRIPTION = "Who says that who did what to whom, in which words of which version of which page."


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is offered. `columns` is empty for one that describes itself."""

    path: str
    format: str
    media_type: str
    size: int
    """Bytes."""
    rows: int | None
    """None for one that holds several tables."""
    sha256: str
    columns: tuple[Column, ...] = ()
    schema: str | None = None
    """Where its JSON Schema lies."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of record with its files."""

    title: str
    meaning: str
    files: tuple[Download, ...]


Made = tuple[dict[str, bytes], tuple[Offer, ...]]
"""Files by their paths, and what is told of them."""


def list_pages(views: Views) -> Iterator[Page | DataFile | FileSet]:
    """The downloads page, the files, and what describes them to programs."""
    held = _Downloads(views)
    yield Page("downloads.html", "downloads.html", held.values, shows_all=True, is_last=True)
    yield from held.sets()
    yield DataFile("downloads/manifest.json", held.manifest, shows_all=True, is_last=True)
    yield DataFile("downloads/SHA256SUMS", held.checksums, shows_all=True, is_last=True)


class _Downloads:
    """The files of one dataset, and what is told of them: each kind is made once, wherever that is done."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._told: dict[str, tuple[Offer, ...]] = {}

    def sets(self) -> Iterator[FileSet]:
        """The files, as they are made together; what takes longest comes first."""
        for name, (paths, make) in self._kinds.items():
            yield FileSet(f"downloads {name}", paths, make, partial(self._told.__setitem__, name))

    @cached_property
    def _kinds(self) -> dict[str, tuple[tuple[str, ...], Callable[[], Made]]]:
        """Of each kind the paths of its files, and what makes them."""
        others: dict[str, list[Exchange]] = {}
        for item in offered(self._views)[0]:
            others.setdefault(item.made_with or item.path, []).append(item)
        files = tuple(database.list_pages(self._views))
        ends = [*_FORMATS, *(["parquet"] if parquet.is_installed() else [])]
        kinds: dict[str, tuple[tuple[str, ...], Callable[[], Made]]] = {
            "database": (tuple(item.path for item in files), partial(_make_database, files))
        }
        for name, items in others.items():
            paths = tuple(path for item in items for path in (item.path, item.schema) if path)
            kinds[name] = (paths, partial(_make_exchanges, items, self._views))
        for table in TABLES:
            paths = tuple(f"downloads/{table.what}.{end}" for end in ends)
            kinds[table.what] = (paths, partial(self._make_table, table))
        return kinds

    def _make_table(self, table: Table) -> Made:
        return make_offer(self._dataset, table, self._views.tables)

    @cached_property
    def _dataset(self) -> Dataset:
        return as_dataset(self._views.catalogue)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Everything that is offered: the database, the tables, and the formats of others."""
        others = [name for name in self._kinds if name != "database" and name not in {table.what for table in TABLES}]
        order = ["database", *(table.what for table in TABLES), *others]
        return tuple(offer for name in order for offer in self._offers_of(name))

    def _offers_of(self, name: str) -> tuple[Offer, ...]:
        if name not in self._told:  # its files are kept as they are
            self._told[name] = self._kinds[name][1]()[1]
        return self._told[name]

    @property
    def _files(self) -> list[Download]:
        return [file for offer in self.offers for file in offer.files]

    def values(self) -> Values:
        """The page."""
        return {
            "offers": self.offers,
            "linked": self._linked(),
            "has_parquet": parquet.is_installed(),
            **offered(self._views)[1],
            "as_of": self._views.newest_words_at,
            "calendar": bool(named_days(self._views)),
            "feeds": [path for path in ("feeds/index.xml", "feeds/index.json") if self._views.base],
        }

    def _linked(self) -> Markup:
        """The files as a Dataset of schema.org."""
        site, base = self._views.site, self._views.base
        value = {
            "@type": "Dataset",
            "name": site.title,
            "description": _DESCRIPTION,
            "license": site.licence_url,
            "url": full_address(base, "downloads.html"),
            "isAccessibleForFree": True,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": file.name,
                    "contentUrl": full_address(base, file.path),
                    "encodingFormat": file.media_type,
                    "contentSize": f"{file.size} B",
                    "sha256": file.sha256,
                }
                for file in self._files
            ],
        }
        return linked_script([value])

    def checksums(self) -> bytes:
        """A line for each file as `sha256sum` writes it, with paths from the folder of this file."""
        rows = sorted((_from_here(file.path), file.sha256) for file in self._files)
        return "".join(f"{digest}  {path}\n" for path, digest in rows).encode()

    def manifest(self) -> bytes:
        """The files as a Data Package; no day of making, which would move without news."""
        site = self._views.site
        resources = [_resource(offer, file) for offer in self.offers for file in offer.files]
        value: dict[str, Any] = {
            "name": "distillation-disputes",
            "title": site.title,
            "description": _DESCRIPTION,
            "licenses": [{"title": site.licence, "path": site.licence_url}],
            "resources": resources,
        }
        if self._views.base:
            value["homepage"] = self._views.base
        return (json.dumps(value, ensure_ascii=True, indent=1) + "\n").encode()


def _from_here(path: str) -> str:
    return path.removeprefix("downloads/") if path.startswith("downloads/") else f"../{path}"


def _resource(offer: Offer, file: Download) -> Record:
    resource: Record = {
        "name": file.name.lower().replace(".", "-"),
        "title": offer.title,
        "description": offer.meaning,
        "path": file.path,
        "format": file.format,
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.rows is not None:
        resource["rows"] = file.rows
    if file.columns:
        fields = [
            {"name": column.name, "type": _TYPES[column.type], "description": column.meaning} for column in file.columns
        ]
        resource["schema"] = {"fields": fields}
    if file.schema:
        resource["jsonSchema"] = file.schema
    return resource


def make_offer(dataset: Dataset, table: Table, tables: Tables) -> Made:
    """A table in all formats that can be written here."""
    made = tables.make(dataset, table, _settled)
    columns = (*table.columns, AS_OF) if dataset.as_of else table.columns
    bodies = [(end, *_FORMATS[end], body) for end, body in (("csv", made.csv), ("jsonl", made.jsonl))]
    if made.parquet is not None:
        bodies.append(("parquet", *_PARQUET, made.parquet))
    files = tuple(
        _download(f"downloads/{table.what}.{end}", (name, media_type), body, made.rows, columns)
        for end, name, media_type, body in bodies
    )
    of_path = {f"downloads/{table.what}.{end}": body for end, _, _, body in bodies}
    return of_path, (Offer(table.title, table.meaning, files),)


def _make_exchanges(items: Iterable[Exchange], views: Views) -> Made:
    """Files in the formats of others, each with the schema that tells what it holds."""
    bodies: dict[str, bytes] = {}
    offers = []
    for item in items:
        body = bodies[item.path] = item.render(views)
        rows = _count_lines(body) if item.is_lines else None
        file = _download(item.path, (item.format_name, item.media_type), body, rows, item.columns, item.schema)
        beside = {path: text for path, text in schema_files().items() if path == item.schema}
        schemas = (_download(path, _SCHEMA, text) for path, text in beside.items())
        offers.append(Offer(item.title, item.meaning, (file, *schemas)))
        bodies |= beside
    return bodies, tuple(offers)


_AT_ONCE = 1 << 22


def _count_lines(body: bytes) -> int:
    """How many lines there are, in a quarter of the time that `bytes.count` takes."""
    signs = np.frombuffer(body, np.uint8)
    return sum(int(np.count_nonzero(signs[at : at + _AT_ONCE] == 10)) for at in range(0, len(signs), _AT_ONCE))


def _make_database(items: Iterable[DataFile]) -> Made:
    bodies = {item.path: item.body() for item in items}
    files = tuple(_download(path, _DATABASE[path.rpartition(".")[2]], body) for path, body in bodies.items())
    return bodies, (Offer("Database", database.DESCRIPTION, files),)


def _download(
    path: str,
    form: tuple[str, str],
    body: bytes,
    rows: int | None = None,
    columns: tuple[Column, ...] = (),
    schema: str | None = None,
) -> Download:
    """What is told of a file; `form` is the format's name and its media type."""
    return Download(path, *form, len(body), rows, sha256_hex(body), columns, schema)


def _settled(record: Record) -> Record:
    """A record without what moves when a page is only looked at again, and without what its text was before.

    Of the archive it keeps the record's id: in which file that lies, and where, tells of the runs and not of the page.
    """
    kept = dict(record)
    if "versions" in kept:
        kept.pop("last_seen_at")
        kept["versions"] = [
            {key: value for key, value in version.items() if key not in ("diff", "last_seen_at")}
            | {"archive": {"record_id": version["archive"]["record_id"]} if version["archive"] else None}
            for version in kept["versions"]
        ]
    if kept.get("in_current_version"):
        kept["last_seen_at"] = None
    if "steps" in kept:
        kept["steps"] = [
            step | {"last_seen_at": None} if step["in_current_version"] else step for step in kept["steps"]
        ]
    if "figures" in kept:
        kept["figures"] = [_settled(item) if isinstance(item, dict) else item for item in kept["figures"]]
    return kept


def as_dataset(catalogue: Catalogue) -> Dataset:
    """What the site shows as a dataset again, without what awaits review."""
    groups = {group.original: group for group in catalogue.copies_of.values()}
    revisions = (item for rows in catalogue.revisions_of_document.values() for item in rows)
    return Dataset(
        documents=tuple(catalogue.documents.values()),
        reconciled=Reconciled(
            events=tuple(_with_what_is_there(event, catalogue) for event in catalogue.events[::-1]),
            claims=tuple(sorted(catalogue.claims.values(), key=lambda record: record.id)),
            entities=tuple(catalogue.entities.values()),
            redirects=catalogue.redirects,
            disputes=catalogue.disputes,
            revisions=tuple(dict.fromkeys(revisions)),
        ),
        sources=catalogue.sources,
        copies=tuple(groups[key] for key in sorted(groups)),
        edits=catalogue.edits,
        as_of=catalogue.as_of,
    )


def _with_what_is_there(event: Event, catalogue: Catalogue) -> Event:
    """An event without references to nothing, as the pages show it; the gates report them."""
    named = [*event.claim_ids, *event.recalled_in, *(figure.claim_id for figure in event.figures)]
    if all(key in catalogue.claims for key in named):
        return event
    return replace(
        event,
        claim_ids=tuple(key for key in event.claim_ids if key in catalogue.claims),
        recalled_in=tuple(key for key in event.recalled_in if key in catalogue.claims),
        figures=(),
        figure_groups=(),
        figure_conflicts=(),
        figure_sums=(),
        assertions=(),
    )
