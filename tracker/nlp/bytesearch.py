"""Expressions over bytes, searched in one pass whatever their number of alternatives: RE2's (github.com/google/re2)."""

from __future__ import annotations

from typing import Protocol

import re2

_MAX_MEMORY_BYTES = 64 << 20
"""For the states of one expression; RE2 begins them anew where they grow beyond."""


class Found(Protocol):
    """Where an expression matched."""

    def start(self) -> int: ...
    def end(self) -> int: ...
    def __getitem__(self, group: int) -> bytes: ...


class ByteSearch(Protocol):
    """An expression to search for; threads may share it."""

    def search(self, data: bytes, pos: int = 0) -> Found | None: ...


def byte_search(expression: str) -> ByteSearch:
    """An expression (RE2's syntax, `\\xff` for a byte) caseless, in which "." is any byte and words are of ASCII."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    options.dot_nl = True
    options.max_mem = _MAX_MEMORY_BYTES
    found: ByteSearch = re2.compile(expression.encode("ascii"), options)
    return found
