"""The resource of what people hid: which ids are not told any more, and since when; never a word of what they said."""

from __future__ import annotations

from tracker.query import Limits, Published
from tracker.serve.api.filters import words
from tracker.serve.api.resource import Filter, Resource

_KINDS = ("claim", "event")

WITHDRAWN = Resource(
    name="withdrawn",
    singular="Withdrawal",
    description="Claims and events that people hid and that no other list has any more: by the id that each had, when "
    "that was decided, and by which decision. Who keeps a copy drops them. What they said is not told.",
    table="_withdrawn",
    dated="at",
    updated="at",
    filters=(
        words("kind", _KINDS, "What it was."),
        Filter(name="from", kind="day", test="{dated} >= :from", example="2026-01-01",
               description="Decided then or later (UTC)."),
        Filter(name="to", kind="day", test="substr({dated}, 1, 10) <= :to", example="2026-12-31",
               description="Decided then or before (UTC)."),
    ),
)  # fmt: skip


def withdrawn_at(database: Published, kind: str, id: str, limits: Limits) -> str | None:
    """When people decided to hide a claim or an event that had this id; None if they did not."""
    sql = "SELECT at FROM _withdrawn WHERE kind = :kind AND id = :id"
    rows = database.ask(sql, {"kind": kind, "id": id}, limits).rows
    return str(rows[0][0]) if rows else None
