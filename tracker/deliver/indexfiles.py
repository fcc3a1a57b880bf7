"""Pagefind's files in one fixed form: it writes filters and their values in another order each time.

Each file is gzip of `pagefind_dcd` and CBOR (RFC 8949): a filter is [name, [[value, pages]]], the list of everything is
[version, pages, words, filters, sorts, metas], and pagefind-entry.json names the list of each language.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import cbor2

from tracker.ids import sha256_hex

_HEAD = b"pagefind_dcd"
_ENTRY = "pagefind-entry.json"
_HASH_CHARS = 10


def settle(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of an index by their path, with filters in order and named by what they hold.

    Raises:
        KeyError, TypeError, ValueError: a file is missing or of another form.
    """
    settled = {path: body for path, body in files.items() if not path.startswith("filter/")}
    names: dict[str, str] = {}
    for path in (path for path in files if path.startswith("filter/")):
        title, values = _decode(files[path])
        body = _encode([title, sorted(values)])
        old = path.removeprefix("filter/").removesuffix(".pf_filter")
        names[old] = f"{old.partition('_')[0]}_{sha256_hex(body)[:_HASH_CHARS]}"
        settled[f"filter/{names[old]}.pf_filter"] = body
    entry = json.loads(files[_ENTRY])
    for language, held in entry["languages"].items():
        version, pages, words, filters, *rest = _decode(settled.pop(f"pagefind.{held['hash']}.pf_meta"))
        body = _encode([version, pages, words, sorted([title, names[old]] for title, old in filters), *rest])
        held["hash"] = f"{language}_{sha256_hex(body)[:_HASH_CHARS]}"
        settled[f"pagefind.{held['hash']}.pf_meta"] = body
    settled[_ENTRY] = json.dumps(entry, ensure_ascii=True, sort_keys=True).encode()
    return dict(sorted(settled.items()))


def _decode(body: bytes) -> list[Any]:
    try:
        raw = gzip.decompress(body)
        if not raw.startswith(_HEAD):
            raise ValueError("no file of Pagefind's index")
        held: list[Any] = cbor2.loads(raw[len(_HEAD) :])
    except (OSError, EOFError, zlib.error, cbor2.CBORDecodeError) as error:
        raise ValueError(f"a file of the index cannot be read: {error}") from error
    return held


def _encode(value: list[Any]) -> bytes:
    return gzip.compress(_HEAD + cbor2.dumps(value), mtime=0)
