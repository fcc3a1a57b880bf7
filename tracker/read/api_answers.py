"""Answers of APIs in JSON: checked against the shape that the API documents, errors told in the API's own words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.errors import NotParsable
from tracker.types import Candidate

_LOG = logging.getLogger(__name__)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_MAX_TITLE = 500


class ApiModel(BaseModel):
    """A part of an answer; what we have no use for is passed over."""

    model_config = ConfigDict(extra="ignore")


Model = TypeVar("Model", bound=ApiModel)


@dataclass(frozen=True, slots=True)
class ApiList:
    """One answer of a list."""

    candidates: tuple[Candidate, ...] = ()
    total: int | None = None
    """How many the whole list holds, where the API says."""
    following: str | None = None
    """The address of the next page, where the API gives it."""
    last_at: datetime | None = None
    """The instant by which the list is ordered, of the last entry that has one (aware UTC)."""
    entries: int = 0
    """How many entries the answer held, those that gave no candidate among them."""
    is_cut: bool = False
    """Of several answers taken together: whether there are more, which a limit of ours left out."""


def load_answer(body: bytes, model: type[Model], api: str) -> Model:
    """The answer as the model; `api` is the API's name for messages.

    Raises:
        NotParsable: of reason `api_error` for an error in plain text or JSON under status 200, else another shape than
            the API documents.
    """
    text = body.lstrip(_BLANK)
    if not text.startswith(b"{"):
        words = first_words(body)
        raise NotParsable(f"{api} answered with text instead of JSON: {words!r}", reason="api_error")
    try:
        return model.model_validate_json(text)
    except ValidationError as exc:
        if told := find_told_error(text):
            raise NotParsable(f"{api} answered with an error: {told}", reason="api_error") from exc
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise NotParsable(f"{api}'s answer has another shape ({where}: {first['msg']}): {first_words(body)!r}") from exc


class _ErrorAnswer(ApiModel):
    error: Any = None
    errors: Any = None
    message: Any = None
    detail: Any = None


def find_told_error(body: bytes) -> str | None:
    """What an answer that is no list says under the names that APIs give to errors."""
    try:
        answer = _ErrorAnswer.model_validate_json(body)
    except ValidationError:
        return None
    told = answer.error or answer.errors or answer.message or answer.detail
    if isinstance(told, dict):
        told = told.get("message") or told.get("code") or told
    return " ".join(str(told).split())[:160] if told else None


def load_entries(raw: Iterable[Any], model: type[Model], api: str) -> Iterator[Model]:
    """Each entry of a list as the model; one that has another shape is told and skipped."""
    for number, entry in enumerate(raw):
        try:
            yield model.model_validate(entry)
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            _LOG.warning("%s: entry %d is skipped: %s: %s", api, number, where, first["msg"])


def one_line(title: str | None) -> str | None:
    """A title on one line, at most 500 characters; None for none."""
    return " ".join((title or "").split())[:_MAX_TITLE] or None


def parse_instant(text: str | None) -> datetime | None:
    """An ISO 8601 day or instant as aware UTC (a day is its midnight); None if it is none."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def first_words(body: bytes) -> str:
    """The beginning of an answer, for a message."""
    return " ".join(body[:400].decode("utf-8", "replace").split())[:80]
