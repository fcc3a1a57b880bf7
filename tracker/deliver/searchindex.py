"""The search index of a site: the one door for Pagefind (pagefind.app), which is a program beside Python.

Each part of the index is made of the records of its pages (`tracker.render.searchable`) and of nothing else, so equal
records give equal files; a part whose records are those of the site before is taken over from there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from html import escape
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracker.errors import OutputUnusable
from tracker.ids import sha256_hex
from tracker.ports import SiteFiles, SiteWriter
from tracker.render import RECORDS

TIMEOUT_S = 600.0
"""For one part: two seconds is what 4,000 pages take."""
_FORM = "1"
"""Of the pages that the program is given; another one makes every index anew."""
_STAMP = "records.sha256"
_PROGRAM_FILES = ("pagefind.js", "pagefind-worker.js")
"""Of the first part: what the search page loads. The ready-made forms of Pagefind are left out."""
_TOLD = (
    ("filter", "kind"),
    ("filter", "type"),
    ("meta", "title"),
    ("meta", "when"),
    ("meta", "kind"),
    ("meta", "type"),
)
_HAN = re.compile("([\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af])")


def find_program() -> Path | None:
    """Pagefind's program, as its Python package finds it; None where it is not installed (extra `search`)."""
    if find_spec("pagefind") is None or find_spec("cbor2") is None:
        return None
    from pagefind.service import get_executable

    return get_executable()


def is_installed() -> bool:
    """Whether a search index can be made here."""
    return find_program() is not None


class SearchableSiteWriter:
    """A writer of sites that makes the search index before (`ports.SiteWriter`)."""

    def __init__(self, writer: SiteWriter) -> None:
        self._writer = writer

    def begin(self, out: Path) -> AbstractContextManager[SiteFiles]:
        """As the writer within."""
        return self._writer.begin(out)

    def look(self, out: Path, paths: Collection[str] | None = None) -> Mapping[str, tuple[int, int]]:
        """As the writer within."""
        return self._writer.look(out, paths)

    def read(self, out: Path, path: str) -> bytes | None:
        """As the writer within."""
        return self._writer.read(out, path)

    def load_record(self, out: Path) -> bytes | None:
        """As the writer within."""
        return self._writer.load_record(out)

    def save_record(self, out: Path, record: bytes) -> None:
        """As the writer within."""
        self._writer.save_record(out, record)

    def write(self, pages: Mapping[str, bytes], out: Path, kept: frozenset[str] = frozenset()) -> tuple[int, int, int]:
        """As the writer within does it, with the index of the records among the pages.

        Raises:
            OutputUnusable: as from the writer and from `with_index`; the old site is as it was.
        """
        if not isinstance(pages, SiteFiles):
            return self._writer.write(with_index(pages, out), out, kept)
        records = {path: pages[path] for path in pages if RECORDS.fullmatch(path)}
        for path in records:
            pages.drop(path)
        pages.add({path: pages.put(path, body) for path, body in with_index(records, out).items()})
        return self._writer.write(pages, out, kept)


def with_index(files: Mapping[str, bytes], site_before: Path) -> dict[str, bytes]:
    """A site's files with the index of its records in place of them; `site_before` may have it already.

    Raises:
        OutputUnusable: the program failed or took too long; says what it said.
    """
    records = {path: body for path, body in files.items() if RECORDS.fullmatch(path)}
    made = {path: body for path, body in files.items() if path not in records}
    program = find_program() if records else None
    if program is None:
        return made
    for number, body in enumerate(records[path] for path in sorted(records, key=_number_of)):
        folder = f"pagefind/part-{number}" if number else "pagefind"
        stamp = sha256_hex(f"{_FORM} {program.stat().st_size} ".encode() + body)
        held = _take_over(site_before, folder, stamp) or _make(program, body, is_first=number == 0)
        made |= {f"{folder}/{name}": content for name, content in held.items()}
        made[f"{folder}/{_STAMP}"] = f"{stamp}\n".encode()
    return dict(sorted(made.items()))


def _number_of(path: str) -> int:
    return int(re.sub(r"\D", "", path))


def _take_over(site: Path, folder: str, stamp: str) -> dict[str, bytes] | None:
    """The files of a part of the site before, if it was made of the same records."""
    top = site / folder
    try:
        if (top / _STAMP).read_text(encoding="ascii").strip() != stamp:
            return None
        return _read(top)
    except (OSError, UnicodeDecodeError):
        return None


def _read(top: Path) -> dict[str, bytes]:
    """The files of one part, without those of other parts below it."""
    held = {path.name: path.read_bytes() for path in sorted(top.iterdir()) if path.is_file() and path.name != _STAMP}
    for name in ("fragment", "index", "filter"):
        if (top / name).is_dir():
            held |= {f"{name}/{path.name}": path.read_bytes() for path in sorted((top / name).iterdir())}
    return held


def _make(program: Path, records: bytes, *, is_first: bool) -> dict[str, bytes]:
    with TemporaryDirectory(prefix="tracker-search-") as folder:
        pages, out = Path(folder) / "pages", Path(folder) / "out"
        pages.mkdir()
        for line in records.splitlines():
            record = json.loads(line)
            page = pages / record["path"]
            page.parent.mkdir(exist_ok=True)
            page.write_text(_page(record), encoding="utf-8", errors="replace")
        _run(program, pages, out)
        held = _read(out)
    drop = {name for name in held if name.startswith("pagefind-") and not name.endswith((".json", *_PROGRAM_FILES))}
    if not is_first:
        drop |= set(_PROGRAM_FILES)
    return _settle({name: body for name, body in held.items() if name not in drop})


def _settle(files: dict[str, bytes]) -> dict[str, bytes]:
    from tracker.deliver.indexfiles import settle

    try:
        return settle(files)
    except (KeyError, TypeError, ValueError) as error:
        raise OutputUnusable(
            f"the search index is of a form that is not known: {error}; install pagefind 1.5"
        ) from error


def _run(program: Path, pages: Path, out: Path) -> None:
    # Settings of whoever publishes (PAGEFIND_*, a pagefind.yml in the folder) would make another index of it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    command = [str(program), "--site", str(pages), "--output-path", str(out), "--silent"]
    try:
        subprocess.run(  # noqa: S603
            command, check=True, capture_output=True, timeout=TIMEOUT_S, cwd=pages.parent, env=environment
        )
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).decode(errors="replace").strip()[:500]
        raise OutputUnusable(f"the search index could not be made: {said or error}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutputUnusable(f"the search index could not be made: {error}") from error


def _page(record: Mapping[str, Any]) -> str:
    """A record as the page that is indexed; every Chinese character is a word, as the search page asks for them."""
    shown = {name: escape(str(record[name])) for name in ("title", "kind", "type", "when", "text")}
    named = [(of, name) for of, name in _TOLD if record[name]]
    told = "".join(f'<i data-pagefind-{of}="{name}">{shown[name]}</i>' for of, name in named)
    return (
        f'<html lang="en"><head><title>{shown["title"]}</title></head><body data-pagefind-body>'
        f"<h1>{_split_han(shown['title'])}</h1><p>{_split_han(shown['text'])}</p>"
        f"<div data-pagefind-ignore>{told}</div></body></html>"
    )


def _split_han(text: str) -> str:
    return " ".join(_HAN.sub(r" \1 ", text).split())
