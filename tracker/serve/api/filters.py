"""Filters and parameters that more than one resource has."""

from __future__ import annotations

from typing import Literal

from tracker.render.jurisdictions import load_register
from tracker.serve.api.parameters import Parameter
from tracker.serve.api.resource import Filter

OfKind = Literal["claim", "dispute", "document", "event"]
DEFAULT_ROWS = 50
MOST_ROWS = 500
FORMATS = ("json", "jsonl", "csv")

ACTOR = Filter(
    name="actor",
    kind="party",
    most_values=5,
    example="alibaba",
    description="A party, by id or by any of its names, together with all that belongs to it (labs, models, offices). "
    "May stand more than once: each must take part.",
)
JURISDICTION = Filter(
    name="jurisdiction",
    kind="jurisdiction",
    most_values=3,
    example="CN",
    choices=tuple(load_register().names),
    description="ISO 3166-1 code of a country where a party is at home. May stand more than once: each must be.",
)
LIMIT = Parameter(
    name="limit", kind="count", least=1, most=MOST_ROWS, example="20",
    description=f"Rows at most; {DEFAULT_ROWS} where it is not given.",
)  # fmt: skip
CURSOR = Parameter(
    name="cursor", kind="text",
    description="Where the page before ended: `links.next` has it. It is only good with the same filters.",
)  # fmt: skip
FORMAT = Parameter(
    name="format", kind="words", choices=FORMATS, example="csv",
    description="What to answer with, instead of the Accept header.",
)  # fmt: skip
AS_OF = Parameter(
    name="as_of", kind="instant", example="2026-12-31",
    description="What stood at an instant, or at the end (UTC) of a day. Fields that would tell of later are left out; "
    "`meta.as_of` says which, and which are as they are read today.",
)  # fmt: skip
UPDATED_SINCE = Parameter(
    name="updated_since", kind="instant", example="2026-01-01",
    description="What the tracker learned of at that instant or later, the oldest news first, so that a client that "
    "keeps a copy can go on where it stopped.",
)  # fmt: skip


def words(name: str, choices: tuple[str, ...], description: str) -> Filter:
    """A filter by words of a column, several by commas."""
    return Filter(
        name=name, kind="words", column=name, choices=choices, most_values=len(choices), description=description,
        example=choices[0],
    )  # fmt: skip


def flag(name: str, column: str, description: str) -> Filter:
    """A filter by a column of 0 and 1."""
    return Filter(name=name, kind="flag", test=f"t.{column} = :{name}", example="true", description=description)


def named(name: str, description: str, example: str = "") -> Filter:
    """A filter by the names that a column of documents holds, whatever their case."""
    told = f"{description} Its case does not matter."
    return Filter(name=name, kind="id", column=name, is_name=True, description=told, example=example)


def belongs(name: OfKind, description: str, keys: str) -> Filter:
    """A filter by what a thing belongs to; `keys` selects the ids of those that do."""
    merged = " One that was merged stands for what it was merged into." if name in ("event", "dispute") else ""
    return Filter(name=name, kind="id", keys=keys, of=name, description=f"{description} By its id.{merged}")


def days(what: str) -> tuple[Filter, Filter]:
    """`from` and `to`, which include their days; what has no day is in neither."""
    return (
        Filter(
            name="from", kind="day", test="{dated} >= :from", example="2026-01-01",
            description=f"{what} then or later.",
        ),
        Filter(
            name="to", kind="day", test="{dated} <= :to AND {dated} > ''", example="2026-12-31",
            description=f"{what} then or before.",
        ),
    )  # fmt: skip
