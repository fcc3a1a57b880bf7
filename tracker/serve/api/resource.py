"""What a resource is: a documented view, the table whose keys its pages run along, its filters and its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tracker.query import Published
from tracker.serve.api.fields import Field, view_fields
from tracker.serve.api.parameters import Parameter

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Parameter):
    """A parameter that chooses rows, in one of three ways.

    `column` of the table `t` is compared with it; or `test` is a condition on `t` (`{dated}` is its day, `:name` the
    value); or `keys` is a SELECT of the ids that it leaves, which are few.
    """

    column: str = ""
    test: str = ""
    keys: str = ""
    of: Literal["", "claim", "dispute", "document", "entity", "event"] = ""
    """What its value is the id of: one that is nobody's is refused, one that was merged is followed."""
    is_name: bool = False
    """Whether its value is one of the names that the column holds, whatever its case; others are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """What the database can tell of a resource as of an instant (`:as_of`).

    test: which rows stood then. left_out: fields that would tell of later. as_now: fields that are as they are read
    today. told: fields that are looked up as of then, as SQL over `v`. adjust: what SQL cannot say. refused: filters
    that ask for what is so today.
    """

    test: str
    left_out: tuple[str, ...]
    as_now: tuple[str, ...]
    told: dict[str, str] = field(default_factory=dict)
    adjust: Callable[[Published, list[Record], str], None] | None = None
    refused: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A list that the detail of a thing holds: `sql` gives its rows for :id, in order.

    `stands` is the condition under which a row is shown as of an instant; where there is none the part is left out.
    `untold` are the columns that are left out then, because they would tell of later. `sql` may use :as_of, which is
    null where nothing as of an instant is asked. `kinds` are the columns that are no plain value, as in `Field.kind`.
    """

    name: str
    description: str
    sql: str
    stands: str = ""
    untold: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    most: int = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """A kind of thing that can be listed and looked up."""

    name: str
    singular: str
    description: str
    table: str
    key: str = "id"
    dated: str = ""
    """The column of the table that lists are ordered by, newest first; without one they are in the keys' order."""
    updated: str = ""
    """The column that `updated_since` is compared with."""
    party_kind: str = ""
    """Its `kind` in the rows by party."""
    filters: tuple[Filter, ...] = ()
    as_of: AsOf | None = None
    parts: tuple[Part, ...] = ()
    has_redirects: bool = False
    example: str = ""
    """An id of the sample."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those of its view."""
        return view_fields(self.name, self.table)

    @property
    def untold_parts(self) -> tuple[str, ...]:
        """The parts that cannot be told as of an instant."""
        return tuple(part.name for part in self.parts if not part.stands)
