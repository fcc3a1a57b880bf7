"""Where the files of a WARC source lie: one place, or a list of places as Common Crawl publishes them."""

from __future__ import annotations

import zlib
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tracker.errors import NotParsable
from tracker.fetch.objectstore import SCHEME, split_address

MAX_LIST_BYTES = 20_000_000
_LISTS = (".paths", ".paths.gz")
_FILES = (".warc", ".warc.gz")


def is_remote(place: str) -> bool:
    """Whether a place is asked for over HTTP."""
    return place.startswith(("http://", "https://"))


def is_stored(place: str) -> bool:
    """Whether a place is an object in a store, which is read where it is."""
    return place.startswith(SCHEME)


def is_list(place: str) -> bool:
    """Whether a place names others, one a line."""
    return place.lower().endswith(_LISTS)


def load_list(path: Path) -> bytes:
    """A list that lies on disk, as it is.

    Raises:
        NotParsable: it is not there or may not be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise NotParsable(f"{path}: {error.strerror or error}", reason="no_file") from error


def places_in(listed_at: str, body: bytes) -> list[str]:
    """The places of a list, packed or not. What is no address itself belongs to the list's host, bucket or folder.

    Raises:
        NotParsable: it is damaged, too large, or names something else than WARC files.
    """
    lines = [line.strip() for line in _unpacked(listed_at, body).decode("utf-8", "replace").splitlines()]
    found = [_place(listed_at, line) for line in lines if line]
    if not found or not all(urlsplit(item).path.endswith(_FILES) for item in found):
        raise NotParsable(f"{listed_at} is no list of WARC files, a path a line", reason="not_parsable")
    return found


def _place(listed_at: str, line: str) -> str:
    if is_remote(line) or is_stored(line):
        return line
    if is_remote(listed_at):
        return urljoin(urljoin(listed_at, "/"), line)
    if is_stored(listed_at):
        return f"{SCHEME}{split_address(listed_at)[0]}/{line.lstrip('/')}"
    return str(Path(listed_at).parent / line)


def _unpacked(listed_at: str, body: bytes) -> bytes:
    """A list as text; the hosts send it as the gzip file that it is."""
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_LIST_BYTES + 1)
        except zlib.error as error:
            raise NotParsable(f"{listed_at}: damaged ({error})", reason="damaged") from error
    if len(body) > MAX_LIST_BYTES:
        raise NotParsable(f"{listed_at}: a list of more than {MAX_LIST_BYTES:,} bytes", reason="too_large")
    return body
