"""Ids: derived from what a thing is, so that every re-run, on any machine, gives the same ones."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def sha256_hex(data: bytes | str) -> str:
    """The SHA-256 of bytes, or of a text's UTF-8 form (lone surrogates kept), in hexadecimal."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def digest_of(*parts: str | None, length: int = 12) -> str:
    """A short id of several texts; None and the empty text differ, and so do ("ab", "c") and ("a", "bc")."""
    joined = "".join("-;" if part is None else f"{len(part)}:{part};" for part in parts)
    return sha256_hex(joined)[:length]


def slugify(text: str, max_length: int = 60) -> str:
    """A text as a lower-case ASCII slug: "Sydney Kamlager-Dove" -> "sydney-kamlager-dove".

    A text without any ASCII letter or digit (a Chinese name) gives "x-" and a digest.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    if not slug:
        return f"x-{digest_of(text, length=8)}"
    return slug[:max_length].rstrip("-")


def document_id_of(url: str) -> str:
    """The id of a crawled document: a digest of its canonical address."""
    return f"doc-{digest_of(url)}"


def int_digest(*parts: bytes | str) -> int:
    """A digest of 63 bits of one text or several, for telling whether something is what it was."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return int.from_bytes(digest.digest(), "big") >> 1
