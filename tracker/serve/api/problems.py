"""What is wrong with a request, as problem details (RFC 9457): what, where, and what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MEDIA_TYPE = "application/problem+json"
DOCS = "/docs"
"""The page that says what each type means, below the API's root."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: `name` is the end of its `type`, `meaning` stands on the documentation page."""

    name: str
    status: int
    title: str
    meaning: str


_ALL = (
    ProblemType("bad-parameters", 400, "The query cannot be understood",
                "A parameter is unknown, stands twice, or has a value that it cannot have; `errors` lists each."),
    ProblemType("bad-cursor", 400, "The cursor cannot be used",
                "A cursor is only good as it was given, with the same filters; begin anew without it."),
    ProblemType("bad-request", 400, "The request cannot be understood", "Its address, headers or body are malformed."),
    ProblemType("not-found", 404, "There is no such thing",
                "Nothing in the data has that id, or nothing is at that address."),
    ProblemType("method-not-allowed", 405, "The method is not allowed here", "`Allow` lists those that are."),
    ProblemType("not-acceptable", 406, "No such format", "Ask for application/json, application/x-ndjson or text/csv."),
    ProblemType("body-too-large", 413, "The body is too long", "Send fewer queries at once."),
    ProblemType("address-too-long", 414, "The address is too long", "Ask for less at once."),
    ProblemType("unsupported-media-type", 415, "No such body", "Send a form or JSON, as the description says."),
    ProblemType("rate-limited", 429, "Too many requests",
                "Wait as long as `Retry-After` says; `RateLimit` counts down."),
    ProblemType("internal", 500, "The server made a mistake", "It is not your fault, and the server's log has it."),
    ProblemType("too-slow", 503, "The answer took too long", "Ask for less: more filters, a smaller `limit`."),
    ProblemType("unavailable", 503, "There are no data now", "No database is published, or all are busy; try again."),
)  # fmt: skip
PROBLEM_TYPES: Mapping[str, ProblemType] = {item.name: item for item in _ALL}
_BY_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One parameter that is wrong."""

    parameter: str
    detail: str
    did_you_mean: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """It as JSON, without what is empty."""
        told: dict[str, Any] = {"parameter": self.parameter, "detail": self.detail}
        lists = {"did_you_mean": list(self.did_you_mean), "allowed": list(self.allowed)}
        return told | {key: value for key, value in lists.items() if value}


@dataclass(slots=True)
class Problem(Exception):
    """A request that is answered with a problem; `name` is one of PROBLEM_TYPES."""

    name: str
    detail: str
    errors: tuple[Wrong, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status of the answer."""
        return PROBLEM_TYPES[self.name].status

    def body(self, root: str, instance: str) -> bytes:
        """The problem as JSON; `root` is where the API stands, `instance` the path that was asked."""
        kind = PROBLEM_TYPES[self.name]
        told: dict[str, Any] = {
            "type": f"{root}{DOCS}#problem-{kind.name}",
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            told["errors"] = [item.record() for item in self.errors]
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def bad_parameters(errors: Sequence[Wrong]) -> Problem:
    """The problem of one wrong parameter or several."""
    return Problem("bad-parameters", "; ".join(item.detail for item in errors[:5]), tuple(errors[:20]))


def problem_of_status(status: int) -> str:
    """The type of a problem that only has a status."""
    return _BY_STATUS.get(status, "internal" if status >= 500 else "bad-request")


def near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the known words that may have been meant."""
    lowered = {item.casefold(): item for item in known}
    found = difflib.get_close_matches(word.casefold()[:100], lowered, n=3, cutoff=0.6)
    return tuple(lowered[item] for item in found)


def shown(text: str, most: int = 60) -> str:
    """A word of the request as a problem repeats it: in quotes, short, without control characters."""
    clean = "".join(mark if mark.isprintable() else "\ufffd" for mark in text)
    return f'"{clean if len(clean) <= most else clean[:most] + "…"}"'
