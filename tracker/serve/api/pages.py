"""Reading a page or one thing out of an open database, as records and what is told about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.access.finding import follow_redirects
from tracker.query import Answer, Limits, Published
from tracker.serve.api.asked import Asked
from tracker.serve.api.cursors import encode_cursor
from tracker.serve.api.fields import Field, convert_rows, path_of
from tracker.serve.api.problems import Problem, shown
from tracker.serve.api.references import first_standing, nearest_ids
from tracker.serve.api.resource import Part, Record, Resource
from tracker.serve.api.statements import detail_statement, page_statement
from tracker.serve.api.withdrawals import withdrawn_at

MOST_CHARS = 8_000_000
"""Of the values of one answer: a page that has more ends before its limit."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records in order; `after` is the cursor of the next page, None at the end."""

    records: list[Record]
    after: str | None = None


class Moved(Exception):
    """The thing was merged into another; `id` is where it is now."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


def read_page(database: Published, resource: Resource, asked: Asked, root: str, seconds: float) -> Page:
    """A page of a resource; `root` is where the API stands.

    Raises:
        QueryTooSlow: it took longer than `seconds`.
    """
    sql, values = page_statement(resource, asked)
    answer = database.ask(sql, values, Limits(seconds, asked.limit + 1, MOST_CHARS))
    rows = answer.rows[: asked.limit]
    number = len(asked.fields)
    records = _records(resource, asked.fields, rows, root)
    if asked.as_of and resource.as_of and resource.as_of.adjust:
        resource.as_of.adjust(database, records, asked.as_of)
    has_more = len(answer.rows) > len(rows) or answer.is_cut
    if has_more and not rows:
        raise Problem("too-slow", "a single row is longer than an answer may be; ask for less with `fields`")
    return Page(records, encode_cursor(asked.question, tuple(rows[-1][number:])) if has_more else None)


def read_one(database: Published, resource: Resource, asked: Asked, id: str, root: str, seconds: float) -> Record:
    """One thing with its parts.

    Raises:
        Moved: it was merged into another.
        Problem: there is none, or it did not stand as of the instant.
    """
    sql, values = detail_statement(resource, asked, id)
    limits = Limits(seconds, 2, MOST_CHARS)
    rows = database.ask(sql, values, limits).rows
    if not rows:
        raise _missing(database, resource, asked, id, limits)
    (record,) = _records(resource, asked.fields, rows[:1], root)
    if asked.as_of and resource.as_of and resource.as_of.adjust:
        resource.as_of.adjust(database, [record], asked.as_of)
    cut = []
    for part in asked.parts:
        answer = _read_part(database, part, asked, id, seconds)
        record[part.name] = _part_records(part, answer, part.untold if asked.as_of else ())
        cut += [part.name] if answer.is_cut else []
    if cut:
        record["cut"] = cut
    return record


def _records(resource: Resource, fields: Sequence[Field], rows: Iterable[Sequence[Any]], root: str) -> list[Record]:
    records = convert_rows(fields, rows)
    for record in records:
        record["self"] = path_of(root, resource.name, str(record[resource.key]))
    return records


def _read_part(database: Published, part: Part, asked: Asked, id: str, seconds: float) -> Answer:
    stands = part.stands if asked.as_of else "1"
    values = {"id": id, "as_of": asked.as_of}
    return database.ask(part.sql.replace("{stands}", stands), values, Limits(seconds, part.most, MOST_CHARS))


def _part_records(part: Part, answer: Answer, untold: tuple[str, ...]) -> list[Any]:
    if len(answer.columns) == 1:
        return [row[0] for row in answer.rows]
    records = convert_rows([Field(name, part.kinds.get(name, "text"), "") for name in answer.columns], answer.rows)
    return [{name: value for name, value in record.items() if name not in untold} for record in records]


def _missing(database: Published, resource: Resource, asked: Asked, id: str, limits: Limits) -> Exception:
    """Why there is no such thing: it was merged, people hid it, it did not stand then, or never was."""
    kind = resource.singular.lower()
    led = follow_redirects(database, id) if resource.has_redirects else []
    if heir := first_standing(database, resource.table, resource.key, led):
        return Moved(heir)
    if at := withdrawn_at(database, kind, id, limits):
        return Problem("not-found", f"the {kind} {shown(id)} is not published any more: people decided so at {at}")
    if led:
        return Problem("not-found", f"the {kind} {shown(id)} no longer stands, and no present {kind} took its place")
    known = f"SELECT {resource.key} FROM {resource.table} "
    if asked.as_of and database.ask(f"{known}WHERE {resource.key} = :id", {"id": id}).rows:
        return Problem("not-found", f"{kind} {shown(id)} did not stand as of {asked.as_of}")
    told = f"there is no {kind} {shown(id)}"
    likely = nearest_ids(database, resource.table, resource.key, id, limits.seconds)
    return Problem("not-found", told + (f"; did you mean {' or '.join(likely)}?" if likely else ""))


def as_of_record(resource: Resource, asked: Asked, is_detail: bool = False) -> Record | None:
    """What is told of an answer as of an instant: what is left out, and what is as it is read today.

    A detail leaves out parts too, and columns of those that it has ("claims.version_id").
    """
    if not asked.as_of or not resource.as_of:
        return None
    names = {item.name for item in asked.fields}
    columns = (f"{part.name}.{name}" for part in asked.parts for name in part.untold)
    parts = (*resource.untold_parts, *columns) if is_detail else ()
    return {
        "at": asked.as_of,
        "left_out": [*resource.as_of.left_out, *parts],
        "as_now": [name for name in resource.as_of.as_now if name in names],
        "note": resource.as_of.note,
    }
