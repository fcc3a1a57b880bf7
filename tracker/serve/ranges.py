"""The Range header (RFC 9110, 14): one part of a file. Several parts at once are answered with the whole."""

from __future__ import annotations

import re

UNSATISFIABLE = (0, 0)
_ONE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})")


def parse_range(asked: str | None, size: int) -> tuple[int, int] | None:
    """(first byte, byte after the last) of a file of `size` bytes; None for the whole, UNSATISFIABLE for none of it."""
    match = _ONE.fullmatch(asked.strip()) if asked else None
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["first"]:  # so many from the end
        start, end = max(0, size - int(match["last"])), size
    else:
        start, end = int(match["first"]), min(size, int(match["last"]) + 1 if match["last"] else size)
        if match["last"] and int(match["last"]) < start:
            return None  # not well formed, so it does not count
    return (start, end) if start < end else UNSATISFIABLE
