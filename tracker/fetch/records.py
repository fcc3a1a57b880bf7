"""WARC records as bytes (WARC 1.1, ISO 28500:2017), each a gzip member of its own; warcio lays them out."""

from __future__ import annotations

import base64
import hashlib
import io
import uuid
import zlib
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tracker.fetch.exchange import named
from tracker.ports import Original
from tracker.types import Response

_CODING_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
_GZIP = zlib.MAX_WBITS | 16
_LEVEL = 4
"""Half the time of zlib's own balance (6) for two hundredths more of size, measured on pages of the sample."""


def make_warcinfo(name: str, run_id: str) -> bytes:
    """The record that opens a file and says who wrote it (section 6.2)."""
    from tracker import __version__

    info = {
        "software": f"tracker/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": run_id,
        "description": "bodies are stored without content and transfer encoding; see X-Archive-Orig headers",
    }
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    return _member(writer, writer.create_warcinfo_record(name, info), out)


def make_records(response: Response, original: Original | None) -> tuple[str, bytes]:
    """A response's record, and the request's after it where its headers are known: (id of the first, bytes).

    With `original`, whose body this is, it becomes a revisit record without the body (section 6.7): of the profile
    server-not-modified for a 304, else identical-payload-digest.
    """
    record_id = _derive_id(response, "")
    data = _revisit(response, original, record_id) if original or response.not_modified else _whole(response, record_id)
    return record_id, data + (_request(response, record_id) if response.sent is not None else b"")


def _derive_id(response: Response, part: str) -> str:
    """The id of a response's record, derived from what was asked when and what came (RFC 9562, version 5).

    The same answer at the same second gets the same id, so that what cites a record is the same on every machine.
    """
    digest = hashlib.sha256(response.body).hexdigest()
    name = f"{response.url} {response.fetched_at.isoformat()} {response.status} {digest}{part}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _warc_headers(response: Response, record_id: str) -> dict[str, str]:
    headers = {"WARC-Record-ID": record_id, "WARC-Date": f"{response.fetched_at:%Y-%m-%dT%H:%M:%SZ}"}
    if response.url != response.final_url:
        headers["X-Requested-URI"] = response.url
    if response.truncated:
        headers["WARC-Truncated"] = "length"
    return headers | dict(response.provenance)


def _whole(response: Response, record_id: str) -> bytes:
    return _record(response, "response", _warc_headers(response, record_id), response.body)


def _revisit(response: Response, original: Original | None, record_id: str) -> bytes:
    headers = _warc_headers(response, record_id)
    headers["WARC-Profile"] = _PROFILES + (
        "server-not-modified" if response.not_modified else "identical-payload-digest"
    )
    if not response.not_modified:
        # As warcio writes it into the original's record, so that readers find one by the other.
        digest = hashlib.sha1(response.body, usedforsecurity=False).digest()
        headers["WARC-Payload-Digest"] = f"sha1:{base64.b32encode(digest).decode()}"
    if original is not None:
        headers["WARC-Refers-To"] = original.archive.record_id
        headers["WARC-Refers-To-Target-URI"] = original.url
        headers["WARC-Refers-To-Date"] = f"{original.fetched_at:%Y-%m-%dT%H:%M:%SZ}"
    return _record(response, "revisit", headers, b"")


def _record(response: Response, kind: str, warc_headers: dict[str, str], body: bytes) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    http_headers = StatusAndHeaders(named(response.status), _stored_headers(response), protocol="HTTP/1.1")
    record = writer.create_warc_record(
        response.final_url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        warc_headers_dict=warc_headers,
        http_headers=http_headers,
    )
    return _member(writer, record, out)


def _stored_headers(response: Response) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for name, value in response.headers:
        coding = name.lower() in _CODING_HEADERS
        kept.append((f"X-Archive-Orig-{name}" if coding else name, value))
    return [*kept, ("Content-Length", str(len(response.body)))]


def _request(response: Response, response_id: str) -> bytes:
    """The request that was answered (section 6.4). Never called for one that carried a key."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    parts = urlsplit(response.final_url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    sent = StatusAndHeaders(f"GET {target} HTTP/1.1", list(response.sent or ()), is_http_request=True)
    headers = _warc_headers(response, _derive_id(response, " request")) | {"WARC-Concurrent-To": response_id}
    record = writer.create_warc_record(response.final_url, "request", warc_headers_dict=headers, http_headers=sent)
    return _member(writer, record, out)


def _member(writer: Any, record: Any, out: io.BytesIO) -> bytes:
    writer.write_record(record)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(out.getbuffer()) + packer.flush()
