"""The schema as it is written down: the SQL of the published database, and what its comments say of each column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tracker.resources import bundled_path

SCHEMA_VERSION = 1
"""Of the documented views: 2 once a view or column is gone or means something else; more columns change nothing."""

_RELATION = re.compile(r"^CREATE (?P<what>TABLE|VIEW|VIRTUAL TABLE) (?P<name>\w+)")
_VIEW_COLUMN = re.compile(r"^\s+.*?(?P<name>\w+),? -- \[(?P<kind>\w+)\] (?P<description>.+)$")
_TABLE_COLUMN = re.compile(r"^  (?P<name>[a-z]\w*) [A-Z]+\b[^-]*(?:-- \[(?P<kind>\w+)\] (?P<description>.+))?$")
_NAMED_COLUMN = re.compile(r"^-- (?P<name>\w+): \[(?P<kind>\w+)\] (?P<description>.+)$")
_COMMENT = re.compile(r"^-- (?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `kind` is what its values are, as the view `columns` lists it."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A view that is promised, or a table beneath."""

    name: str
    description: str
    columns: tuple[Column, ...]

    @property
    def is_public(self) -> bool:
        """Whether it is promised to stay."""
        return not self.name.startswith("_")


@dataclass(frozen=True, slots=True)
class Schema:
    """The statements that make the file, and what it holds."""

    tables_sql: str
    views_sql: str
    indexes_sql: str
    relations: tuple[Relation, ...]
    """The views in the order in which they are described, the search tables, then the tables beneath."""

    def table_columns(self, table: str) -> tuple[str, ...]:
        """The names of the columns of a table or view."""
        return next(tuple(c.name for c in item.columns) for item in self.relations if item.name == table)


@cache
def load_schema() -> Schema:
    """The schema of the published database (templates/database)."""
    folder = bundled_path("templates") / "database"
    tables, views, indexes = (
        (folder / f"{name}.sql").read_text(encoding="utf-8") for name in ("tables", "views", "indexes")
    )
    public = tuple(_read_view(statement) for statement in _statements(views))
    described = {(item.name, column.name): column for item in public for column in item.columns}
    searches = tuple(_read_search(name, comment, public) for name, comment in _searches(indexes))
    beneath = tuple(_read_table(statement, described) for statement in _statements(tables))
    return Schema(tables, views, indexes, (*public, *searches, *beneath))


def _statements(sql: str) -> Iterator[list[str]]:
    """The lines of each CREATE statement, with the comments that follow it."""
    lines: list[str] = []
    for line in sql.splitlines():
        if _RELATION.match(line) and lines:
            yield lines
            lines = []
        if lines or _RELATION.match(line):
            lines.append(line)
    yield lines


def _name_of(lines: list[str]) -> str:
    match = _RELATION.match(lines[0])
    assert match is not None
    return match["name"]


def _read_view(lines: list[str]) -> Relation:
    comment = _COMMENT.match(lines[1])
    found = [match for line in lines[2:] if (match := _VIEW_COLUMN.match(line) or _NAMED_COLUMN.match(line))]
    columns = tuple(Column(match["name"], match["kind"], match["description"]) for match in found)
    return Relation(_name_of(lines), comment["text"] if comment else "", columns)


def _read_table(lines: list[str], described: dict[tuple[str, str], Column]) -> Relation:
    """A table beneath the view of the same name; what the view says of a column holds for the table's."""
    name = _name_of(lines)
    columns = []
    for match in filter(None, map(_TABLE_COLUMN.match, lines)):
        known = described.get((name.removeprefix("_"), match["name"]))
        own = Column(match["name"], match["kind"] or "", match["description"] or "")
        columns.append(own if own.description or known is None else known)
    view = name.removeprefix("_")
    return Relation(name, f"The rows beneath {view}; may change with any version.", tuple(columns))


def _searches(indexes: str) -> Iterator[tuple[str, str]]:
    """(name, what its comment says) of each full-text index."""
    lines = indexes.splitlines()
    for before, line in pairwise(lines):
        match, comment = _RELATION.match(line), _COMMENT.match(before)
        if match and comment:
            yield match["name"], comment["text"]


def _read_search(name: str, comment: str, public: tuple[Relation, ...]) -> Relation:
    searchable = next(item for item in public if item.name == "searchable")
    columns = tuple(column for column in searchable.columns if column.name != "search_id")
    told = "Full-text index (SQLite FTS5) over titles, summaries and quotes; its rowid is search_id."
    return Relation(name, f"{told} {comment}", columns)
