"""The downloads: everything that the site shows as tables in CSV, JSON Lines and Parquet, with sizes and checksums.

Beside them stands the same in the formats of others (`tracker.render.exchange`). The rows are those of `tracker export`
(`tracker.render.exports`) without what awaits review, what moves with every look at a page, and what page texts were
before (diffs). `downloads/manifest.json` describes the files as a Data Package
(specs.frictionlessdata.io); `downloads/SHA256SUMS` is read by `sha256sum --check`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup

from tracker.ids import sha256_hex
from tracker.render import database, parquet
from tracker.render.catalogue import Catalogue
from tracker.render.columns import AS_OF, TABLES, Column, Table
from tracker.render.exchange import Exchange, offered, schema_files
from tracker.render.exports import Record
from tracker.render.linked import linked_script
from tracker.render.nameddays import named_days
from tracker.render.page import DataFile, Page, Values
from tracker.render.paths import full_address
from tracker.render.tablefiles import Tables
from tracker.render.views import Views
from tracker.types import Dataset, Event, Reconciled

_FORMATS = {"csv": ("CSV", "text/csv"), "jsonl": ("JSON Lines", "application/jsonl")}
_PARQUET = ("Parquet", "application/vnd.apache.parquet")
_DATABASE = {"db": ("SQLite", "application/vnd.sqlite3"), "json": ("Datasette metadata", "application/json")}
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
    body: bytes
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


def list_pages(views: Views) -> Iterator[Page | DataFile]:
    """The downloads page, the files, and what describes them to programs."""
    held = _Downloads(views)
    yield Page("downloads.html", "downloads.html", held.values, shows_all=True)
    for name in held.paths():
        yield DataFile(name, partial(held.body, name), shows_all=True)
    yield DataFile("downloads/manifest.json", held.manifest, shows_all=True)
    yield DataFile("downloads/SHA256SUMS", held.checksums, shows_all=True)


class _Downloads:
    """The files of one dataset, each made once, when one of them is first asked for."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def paths(self) -> list[str]:
        """Where the files lie."""
        ends = [*_FORMATS, *(["parquet"] if parquet.is_installed() else [])]
        tables = [f"downloads/{table.what}.{end}" for table in TABLES for end in ends]
        others = offered(self._views)[0]
        schemas = (item.schema for item in others if item.schema)
        return [*tables, *(item.path for item in self._database), *(item.path for item in others), *schemas]

    @cached_property
    def _database(self) -> tuple[DataFile, ...]:
        return tuple(database.list_pages(self._views))

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Everything that is offered."""
        dataset = as_dataset(self._views.catalogue)
        files = tuple(_database_file(item) for item in self._database)
        whole = Offer("Database", database.DESCRIPTION, files)
        tables = (make_offer(dataset, table, self._views.tables) for table in TABLES)
        others = (_exchange_offer(item, self._views) for item in offered(self._views)[0])
        return (whole, *tables, *others)

    @cached_property
    def _files(self) -> dict[str, Download]:
        return {file.path: file for offer in self.offers for file in offer.files}

    def body(self, path: str) -> bytes:
        """One file."""
        return self._files[path].body

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
                    "contentSize": f"{len(file.body)} B",
                    "sha256": file.sha256,
                }
                for file in self._files.values()
            ],
        }
        return linked_script([value])

    def checksums(self) -> bytes:
        """A line for each file as `sha256sum` writes it, with paths from the folder of this file."""
        rows = sorted((_from_here(file.path), file.sha256) for file in self._files.values())
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
        "bytes": len(file.body),
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


def make_offer(dataset: Dataset, table: Table, tables: Tables) -> Offer:
    """A table in all formats that can be written here."""
    made = tables.make(dataset, table, _settled)
    columns = (*table.columns, AS_OF) if dataset.as_of else table.columns
    bodies = [(end, *_FORMATS[end], body) for end, body in (("csv", made.csv), ("jsonl", made.jsonl))]
    if made.parquet is not None:
        bodies.append(("parquet", *_PARQUET, made.parquet))
    files = tuple(
        Download(f"downloads/{table.what}.{end}", name, media_type, body, made.rows, sha256_hex(body), columns)
        for end, name, media_type, body in bodies
    )
    return Offer(table.title, table.meaning, files)


def _exchange_offer(item: Exchange, views: Views) -> Offer:
    """A file in the format of others, with the schema that tells what it holds."""
    body = item.render(views)
    rows = body.count(b"\n") if item.is_lines else None
    file = Download(
        item.path, item.format_name, item.media_type, body, rows, sha256_hex(body), item.columns, item.schema
    )
    beside = [(path, text) for path, text in schema_files().items() if path == item.schema]
    schemas = (
        Download(path, "JSON Schema", "application/schema+json", text, None, sha256_hex(text)) for path, text in beside
    )
    return Offer(item.title, item.meaning, (file, *schemas))


def _database_file(item: DataFile) -> Download:
    name, media_type = _DATABASE[item.path.rpartition(".")[2]]
    body = item.body()
    return Download(item.path, name, media_type, body, None, sha256_hex(body))


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
