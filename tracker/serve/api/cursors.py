"""Cursors: where a page ended, as a word that is only good for the same question.

A cursor holds the keys of the last row, not a count of rows: rows that come or go meanwhile move nothing. It is checked
and not secret: somebody who makes one chooses where to begin, and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from tracker.ids import sha256_hex
from tracker.serve.api.parameters import CONTROL
from tracker.serve.api.problems import Problem

_MOST_CHARS = 600
_CHECK_CHARS = 10
_ANEW = "begin anew without a cursor"


def question_digest(resource: str, values: Mapping[str, Any]) -> str:
    """What a cursor is good for: a resource and the filters that were set."""
    return sha256_hex(json.dumps([resource, sorted(values.items())]))[:_CHECK_CHARS]


def encode_cursor(question: str, keys: tuple[str, ...]) -> str:
    """The cursor after the row with these keys, URL-safe."""
    payload = json.dumps([question, *keys], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.urlsafe_b64encode(_check(payload) + payload).decode().rstrip("=")


def decode_cursor(text: str, question: str, number: int) -> tuple[str, ...]:
    """The keys of the last row that was shown; `number` is how many there are.

    Raises:
        Problem: it is damaged, or belongs to another question.
    """
    if len(text) > _MOST_CHARS:
        raise Problem("bad-cursor", f"cursor: it is longer than any that is given out; {_ANEW}")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        check, payload = raw[:_CHECK_CHARS], raw[_CHECK_CHARS:]
        held = json.loads(payload) if check == _check(payload) else None
    except (binascii.Error, ValueError):
        held = None
    if not isinstance(held, list) or not all(isinstance(item, str) for item in held) or len(held) != number + 1:
        raise Problem("bad-cursor", f"cursor: it is not as it was given out; copy it whole, or {_ANEW}")
    if any(CONTROL.search(item) for item in held):
        raise Problem("bad-cursor", f"cursor: it has characters that no row's keys have; {_ANEW}")
    if held[0] != question:
        raise Problem("bad-cursor", f"cursor: it belongs to a question with other filters; keep these, or {_ANEW}")
    return tuple(held[1:])


def _check(payload: bytes) -> bytes:
    return sha256_hex(b"cursor " + payload)[:_CHECK_CHARS].encode()
