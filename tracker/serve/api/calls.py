"""A request as the workers need it: a value that a thread can take along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from tracker.serve.api.parameters import read_pairs
from tracker.serve.api.problems import Problem

_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `root` is where the API stands, `path` what was asked below it."""

    root: str
    path: str
    query: bytes
    accept: str = ""
    none_match: str | None = None
    modified_since: str | None = None
    scheme: str = "http"
    host: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters in their order."""
        return read_pairs(self.query)

    def address(self, cursor: str | None = None) -> str:
        """The path and query of this request, or of the same one from a cursor on."""
        pairs = [pair for pair in self.pairs if cursor is None or pair[0] != "cursor"]
        pairs += [("cursor", cursor)] if cursor else []
        return f"{self.root}{self.path}" + (f"?{urlencode(pairs)}" if pairs else "")

    def base(self) -> str:
        """The API's whole address, for clients that need one.

        Raises:
            Problem: the Host header is no host.
        """
        if not _HOST.fullmatch(self.host):
            raise Problem("bad-request", "the Host header is no host name")
        return f"{self.scheme}://{self.host}{self.root}"


def call_of(request: Request) -> Call:
    """The request as a value."""
    headers, root = request.headers, request.scope.get("root_path", "")
    return Call(
        root=root,
        path=request.scope["path"].removeprefix(root),
        query=request.scope.get("query_string", b""),
        accept=",".join(headers.getlist("accept")),
        none_match=headers.get("if-none-match"),
        modified_since=headers.get("if-modified-since"),
        scheme=request.url.scheme if request.scope.get("scheme") in ("http", "https") else "http",
        host=headers.get("host", ""),
    )
