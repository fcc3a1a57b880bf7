"""Ingest: documents that somebody hands in, as JSON Lines, as files in a folder, or as a WARC archive.

A line or file that cannot be used is told by name and line; the good ones still go in.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tracker.errors import FetchError, UnreadableInput
from tracker.fetch.warcfiles import iter_responses
from tracker.ids import document_id_of, slugify
from tracker.nlp.language import detect_language
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Clock, Store
from tracker.read.canonical import plain_form
from tracker.read.kinds import classify_kind
from tracker.read.languages import choose_language
from tracker.read.pages import read_page
from tracker.records import document_from_record
from tracker.types import Document, Outcome, PageContent, Problem, StageReport

STAGE = "ingest"
MAX_FILE_BYTES = 50_000_000
"""A text, HTML or PDF file larger than this is refused."""
_PAGE_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".pdf": "application/pdf",
}
_LINES = (".jsonl", ".ndjson")
_WARCS = (".warc", ".warc.gz")
_STANDARD_INPUT = ("-", "/dev/stdin")


def ingest(paths: Sequence[Path], store: Store, clock: Clock, progress: Progress = silent) -> StageReport:
    """Take in everything under the paths.

    Raises:
        UnreadableInput: a path does not exist, is of no kind that we read, or holds nothing at all.
    """
    files = find_files(paths)
    outcomes: Counter[Outcome] = Counter()
    problems: list[Problem] = []
    for done, (path, root) in enumerate(files):
        progress(STAGE, done, len(files))
        for item in read_documents(path, root):
            if isinstance(item, Problem):
                problems.append(item)
                continue
            where, document = item
            try:
                outcomes[store.save_ingested(document, clock.now())] += 1
            except UnreadableInput as error:
                problems.append(Problem(where, Outcome.FAILED, error.detail))
    progress(STAGE, len(files), len(files))
    return StageReport(
        STAGE,
        given=sum(outcomes.values()) + len(problems),
        done=outcomes[Outcome.NEW] + outcomes[Outcome.CHANGED],
        skipped=outcomes[Outcome.UNCHANGED],
        problems=tuple(problems),
    )


def find_files(paths: Sequence[Path]) -> list[tuple[Path, Path]]:
    """(file, the folder that it was found under) for each file, and for everything readable in a folder, by name.

    "-" and pipes are JSON Lines.

    Raises:
        UnreadableInput: a path does not exist, is of no kind that we read, or holds nothing at all.
    """
    return [file for path in paths for file in _files_of(path)]


def _files_of(path: Path) -> list[tuple[Path, Path]]:
    if _is_stream(path):
        return [(path, path.parent)]
    if path.is_dir():
        found = [item for item in sorted(path.rglob("*")) if item.is_file() and _is_known(item)]
        if not found:
            raise UnreadableInput(f"{path} holds no file that ends in {', '.join((*_LINES, *_WARCS, *_PAGE_TYPES))}")
        return [(item, path) for item in found]
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file or folder")
    if not _is_known(path):
        raise UnreadableInput(f"{path}: expected a name that ends in {', '.join((*_LINES, *_WARCS, *_PAGE_TYPES))}")
    if path.stat().st_size == 0:
        raise UnreadableInput(f"{path} is empty")
    return [(path, path.parent)]


def _is_stream(path: Path) -> bool:
    return str(path) in _STANDARD_INPUT or path.is_fifo()


def _is_known(path: Path) -> bool:
    name = path.name.lower()
    return name.endswith((*_LINES, *_WARCS)) or path.suffix.lower() in _PAGE_TYPES


def read_documents(path: Path, root: Path | None = None) -> Iterator[tuple[str, Document] | Problem]:
    """The documents of one file, each with the name of its place, or what is wrong there."""
    name = path.name.lower()
    try:
        if str(path) in _STANDARD_INPUT:
            yield from _read_lines("standard input", sys.stdin.buffer)
        elif name.endswith(_LINES) or path.is_fifo():
            with path.open("rb") as lines:
                yield from _read_lines(str(path), lines)
        elif name.endswith(_WARCS):
            yield from _read_warc(path)
        else:
            yield from _read_file(path, root or path.parent)
    except OSError as error:
        yield Problem(str(path), Outcome.FAILED, error.strerror or str(error))
    except UnreadableInput as error:
        yield Problem(str(path), Outcome.FAILED, error.detail)


def _read_lines(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, Document] | Problem]:
    for number, raw in enumerate(lines, 1):
        where = f"{name}, line {number}"
        if not raw.strip():
            continue
        try:
            record = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
            if not isinstance(record, dict):
                raise UnreadableInput(f"expected an object, got {type(record).__name__}")
            yield where, document_from_record(record)
        except json.JSONDecodeError as error:
            yield Problem(where, Outcome.FAILED, f"not JSON: {error.msg} (column {error.colno})")
        except UnicodeDecodeError as error:
            yield Problem(where, Outcome.FAILED, f"not UTF-8 (byte {error.start} of the line)")
        except (RecursionError, ValueError):
            yield Problem(where, Outcome.FAILED, "not JSON that can be read: nested too deep or a number too long")
        except UnreadableInput as error:
            yield Problem(where, Outcome.FAILED, error.detail)


def _read_file(path: Path, root: Path) -> Iterator[tuple[str, Document] | Problem]:
    if path.stat().st_size == 0:
        yield Problem(str(path), Outcome.FAILED, "is empty")
        return
    if path.stat().st_size > MAX_FILE_BYTES:
        yield Problem(str(path), Outcome.FAILED, f"larger than {MAX_FILE_BYTES:,} bytes")
        return
    try:
        content = read_page(path.read_bytes(), _PAGE_TYPES[path.suffix.lower()], "")
    except FetchError as error:
        why = error.detail.lstrip(": ")  # the reader names the address first, and a file has none
        if path.suffix.lower() == ".pdf" and why.startswith("is not a"):
            why = "is damaged or not a PDF"
        yield Problem(str(path), Outcome.FAILED, why)
        return
    relative = path.relative_to(root)
    document = _document_of(content, content.canonical_url or "", str(relative.with_suffix("")))
    yield str(path), document


def _read_warc(path: Path) -> Iterator[tuple[str, Document] | Problem]:
    damaged: list[Problem] = []
    for item in iter_responses(path, damaged.append):
        yield from damaged
        damaged.clear()
        where = f"{path}, {item.url}"
        if item.status != 200 or item.url.endswith("/robots.txt"):
            continue
        content_type = next((value for key, value in item.headers if key.lower() == "content-type"), None)
        try:
            content = read_page(item.body, content_type, item.url)
        except FetchError as error:
            yield Problem(where, Outcome.FAILED, error.detail)
            continue
        yield where, _document_of(content, content.canonical_url or plain_form(item.url), "")
    yield from damaged


def _document_of(content: PageContent, url: str, name: str) -> Document:
    """A page without a source: the publisher is its host, or nobody; what the page does not say stays empty."""
    title = content.title or name
    return document_from_record(
        {
            "id": document_id_of(url) if url else f"file-{slugify(name)}",
            "text": content.text,
            "url": url,
            "publisher": (urlsplit(url).hostname or "") if url else "",
            "published": content.published,
            "language": choose_language(content.text, [content.language], detect_language, "en"),
            "title": title,
            "kind": content.kind if content.kind != "article" else classify_kind(title, url, "news"),
        }
    )
