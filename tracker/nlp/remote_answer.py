"""The answer of a larger language model as proposed claims. Nothing in it is believed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.errors import NotParsable
from tracker.types import ClaimStatus, ClaimType

MAX_CLAIMS = 300
"""A document has some tens; more is a model that goes round in circles."""

_Words = Annotated[str, Field(max_length=4000)]
_Names = Annotated[tuple[_Words, ...], Field(max_length=50)]


class ProposedClaim(BaseModel):
    """A claim as the model gives it: every value is words of the document, or should be."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    quote: Annotated[str, Field(min_length=1, max_length=4000)]
    type: ClaimType
    speaker: _Words | None
    speaker_for: _Words | None = None
    accused: _Names = ()
    accused_as: _Words | None = None
    target: _Names = ()
    figures: _Names = ()
    dates: _Names = ()
    via: _Names = ()
    status: ClaimStatus


class _Answer(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    claims: list[dict[str, Any]] = Field(max_length=MAX_CLAIMS)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that the model gave and that was not taken."""

    what: Literal["claim", "name", "figure", "date"]
    why: str
    words: str
    """What the model said, as it said it."""


def parse_answer(answer: str) -> tuple[list[ProposedClaim], list[Dropped]]:
    """The claims that have the schema's shape, and those that have not.

    Raises:
        NotParsable: not JSON, or not an object with a list of claims.
    """
    try:
        items = _Answer.model_validate_json(answer).claims
    except ValidationError as exc:
        raise NotParsable(f"the model's answer is not what the schema asks for: {_first(exc)}") from exc
    claims: list[ProposedClaim] = []
    dropped: list[Dropped] = []
    for item in items:
        try:
            claims.append(ProposedClaim.model_validate(item))
        except ValidationError as exc:
            dropped.append(Dropped("claim", f"not of the schema's shape: {_first(exc)}", str(item.get("quote", ""))))
    return claims, dropped


def _first(error: ValidationError) -> str:
    item = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in item["loc"])
    return f"{where}: {item['msg'].lower()}" if where else item["msg"].lower()
