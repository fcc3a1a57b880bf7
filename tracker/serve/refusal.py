"""Answers that say what is wrong with a request: problem details (RFC 9457), with nothing of the machine in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def problem_body(status: int, detail: str) -> bytes:
    """The members of RFC 9457 that every problem here has; `type` is about:blank, so the title is the status's own."""
    value = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def refuse(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as an answer; `detail` says what, where and what to do."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(problem_body(status, detail), status, headers=kept, media_type=MEDIA_TYPE)
