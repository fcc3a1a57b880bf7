"""A request to these pages as it was made: its link's token and what its form holds, read within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_BYTES = 64_000
"""Of a form."""
MOST_FIELDS = 400
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for."""

    is_post: bool
    client: str
    """The address that asks."""
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    """Of the form, by name; of a GET none."""

    @property
    def token(self) -> str:
        """The link's."""
        return self.query.get("t", "")

    def value(self, name: str, otherwise: str = "") -> str:
        """The first value of a field."""
        return self.fields.get(name, [otherwise])[0]

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a field that are not empty."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())


async def read_asked(request: Request, *, takes_any_body: bool = False) -> Asked:
    """Read a request.

    Args:
        request: as it came.
        takes_any_body: whether its body says nothing: of RFC 8058's one click, which may be of either kind of form.

    Raises:
        HTTPException: the form is too long, has too many fields or is none.
    """
    client = request.client.host if request.client else ""
    query = dict(request.query_params)
    if request.method != "POST":
        return Asked(False, client, query)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"a form here has at most {MOST_BYTES:,} bytes")
    if takes_any_body or not body:
        return Asked(True, client, query)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, f"expected a form ({_FORM})")
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise HTTPException(400, f"the form cannot be read: expected UTF-8 and at most {MOST_FIELDS} fields") from error
    return Asked(True, client, query, fields)
