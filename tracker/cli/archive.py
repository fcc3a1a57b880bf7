"""`tracker archive`: what was fetched, as it was fetched, and whether it is all still there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    checked_choice,
    err,
    out,
    print_problems,
    write_bytes,
    write_result,
)
from tracker.cli.data import DataOption, open_data
from tracker.errors import InputError, UnreadableInput
from tracker.fetch.inspection import ArchivedRecord
from tracker.read.charsets import decode_text
from tracker.render.wording import count_words
from tracker.store import SqlStore
from tracker.types import StoredDocument, Version

_FORMATS = ("table", "json")
_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/xhtml+xml", "application/vnd.api+json")
_SHOWN = {ord("\n"): "\n", ord("\t"): "\t"}


def printable(text: str) -> str:
    """A text that is safe for a terminal: what could move its cursor, colour it or turn the direction of its writing
    is written out as an escape (U+001B as \\x1b); line ends and tabs stay."""
    return "".join(char if _is_harmless(char) else _escaped(char) for char in text.replace("\r\n", "\n"))


def _is_harmless(char: str) -> bool:
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return code in _SHOWN
    directions = 0x200E <= code <= 0x200F or 0x2028 <= code <= 0x202E or 0x2060 <= code <= 0x2069
    return not (directions or code in (0x61C, 0xFEFF) or 0xD800 <= code <= 0xDFFF or 0xE0000 <= code <= 0xE007F)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def show(
    document: Annotated[
        str, typer.Argument(metavar="DOC", help="A document's id, the beginning of one, or an address.")
    ],
    number: Annotated[int | None, typer.Option("--version", min=1, help="Which version; otherwise the newest.")] = None,
    headers: Annotated[
        bool, typer.Option("--headers", help="Only the headers of the record and of the answer.")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Only the body, byte for byte.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Only the text that was read out of it.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Only what changed since the version before.")] = False,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Print a page as it was fetched: the archive record's headers, the answer's, and its body.

    Control characters are written out as escapes; `--raw` gives the bytes as they are.

    Example: `tracker archive show doc-1a2b3c4d5e6f --version 1`
    """
    if sum((headers, raw, text, diff)) > 1:
        raise InputError("--headers, --raw, --text and --diff: one of them at a time")
    with open_data(config, folder) as app:
        found = find_document(app.store, document)
        version = _choose_version(found, number, document.strip())
        if text or diff:
            _write_kept(version, diff=diff)
            return
        if version.archive is None:
            raise InputError(f"{version.id} was handed in, not fetched: it has no archive record; --text prints it")
        record = app.archived(version.archive)
    if raw:
        if sys.stdout.isatty() and not _is_text(record):
            raise InputError(f"{_type_of(record)} would spoil the terminal; send it to a file: --raw > page")
        write_bytes(record.body)
        return
    write_result(_headers_of(found, version, record), None)
    if not headers:
        write_result("\n" + _body_of(version, record), None)


def find_document(store: SqlStore, name: str) -> StoredDocument:
    """The one document that a name means.

    Raises:
        UnreadableInput: none, or several; names those that begin alike.
    """
    found = store.find_documents(name.strip())
    if len(found) == 1:
        return found[0]
    if found:
        near = ", ".join(item.id for item in found[:5])
        raise UnreadableInput(f"{name!r} is the beginning of several documents: {near}{' ...' if found[5:] else ''}")
    raise UnreadableInput(f"no document {name!r}; `tracker archive list` names them, with their addresses")


def _choose_version(document: StoredDocument, number: int | None, name: str) -> Version:
    if number is None:
        return next((version for version in document.versions if version.id == name), document.current)
    if number > len(document.versions):
        has = count_words(len(document.versions), "version", "versions")
        raise InputError(f"--version {number}: {document.id} has {has}")
    return document.versions[number - 1]


def _write_kept(version: Version, *, diff: bool) -> None:
    if not diff:
        write_result(printable(version.text) + "\n", None)
    elif version.diff is None:
        err.print(f"{version.id} is a first version: there is nothing before it", soft_wrap=True, markup=False)
    else:
        write_result(printable(version.diff) + "\n", None)


def _headers_of(document: StoredDocument, version: Version, record: ArchivedRecord) -> str:
    archive = version.archive
    head = [
        f"{version.id}  (version {version.number} of {len(document.versions)})  {document.url}",
        f"{archive.file if archive else ''} at {archive.offset if archive else 0}",
        "",
        f"WARC record: {record.kind}",
        *(f"{key}: {value}" for key, value in record.record_headers),
        "",
        record.status_line,
        *(f"{key}: {value}" for key, value in record.headers),
    ]
    return printable("\n".join(head)) + "\n"


def _type_of(record: ArchivedRecord) -> str:
    return (record.header("content-type") or "").partition(";")[0].strip().lower() or "a body of unknown type"


def _is_text(record: ArchivedRecord) -> bool:
    if record.body.startswith(b"%PDF-"):
        return False
    named = _type_of(record).startswith(_TEXT_TYPES) and b"\x00" not in record.body[:4096]
    return named or record.body.isascii()


def _body_of(version: Version, record: ArchivedRecord) -> str:
    if _is_text(record):
        return printable(decode_text(record.body, record.header("content-type"))) + "\n"
    size = f"{len(record.body):,} bytes"
    return f"({_type_of(record)}, {size}: --raw gives them; the text that was read)\n\n{printable(version.text)}\n"


def list_(
    source: Annotated[str | None, typer.Option("--source", help="Only what this source gave.")] = None,
    format: Annotated[str, typer.Option("--format", help=" | ".join(_FORMATS))] = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """List the documents with their versions and where in the archive each lies.

    Example: `tracker archive list --source whitehouse-actions`
    """
    checked_choice(format, _FORMATS, "--format")
    with open_data(config, folder) as app:
        documents = list(app.store.load_shelf(source))
        known = {item.name for item in app.settings.sources}
    if not documents and source is not None and source not in known:
        raise UnreadableInput(f"no source {source!r}; `tracker sources` names them")
    if format == "json":
        write_result(json.dumps([_record(item) for item in documents], ensure_ascii=False, indent=1) + "\n", None)
        return
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("document", no_wrap=True)
    for name in ("versions", "fetched"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("address", overflow="fold")
    for item in documents:
        fetched = f"{item.current.fetched_at:%Y-%m-%d %H:%M}"
        table.add_row(item.id, str(len(item.versions)), fetched, escape(printable(item.url)))
    if documents:
        out.print(table)
    total = sum(len(item.versions) for item in documents)
    told = f"{count_words(len(documents), 'document', 'documents')}, {count_words(total, 'version', 'versions')}"
    out.print(f"{told}. Times are UTC.")


def _record(document: StoredDocument) -> dict[str, object]:
    return {
        "id": document.id,
        "url": document.url,
        "source": document.source,
        "publisher": document.publisher,
        "versions": [
            {
                "id": version.id,
                "number": version.number,
                "fetched_at": version.fetched_at.isoformat(),
                "file": version.archive.file if version.archive else None,
                "offset": version.archive.offset if version.archive else None,
                "record_id": version.archive.record_id if version.archive else None,
                "text_sha256": version.text_sha256,
            }
            for version in document.versions
        ],
    }


def verify(folder: DataOption = None, config: ConfigOption = None) -> None:
    """Read the whole archive: check each record's digests, and that every page and version has its record.

    Exit code 3 where something is damaged or missing, with a line for each.

    Example: `tracker archive verify`
    """
    with open_data(config, folder) as app:
        report = app.check_archive()
    print_problems(report.problems, most=200)
    records = count_words(report.records, "record", "records")
    files = count_words(report.files, "file", "files")
    size = f"{report.bytes / 1e6:,.1f} MB"
    out.print(f"{records} in {files}, {size}; {report.wanted} pages and versions point at them")
    if report.problems:
        raise typer.Exit(SOME_FAILED)
    out.print("all sound")


COMMANDS: dict[str, Callable[..., None]] = {"show": show, "list": list_, "verify": verify}
"""By the name after `tracker archive`."""
