"""The worked questions: queries that people start from, each with what it asks and a value to ask with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tracker.resources import bundled_path

_PARAMETER = re.compile(r"^-- :(?P<name>\w+) = (?P<value>.+)$")


@dataclass(frozen=True, slots=True)
class Question:
    """A query over the published database; its values are named parameters."""

    name: str
    """As in an address: "who-first-said-a-number"."""
    title: str
    told: str
    """How it is answered, and what to bear in mind."""
    parameters: tuple[tuple[str, str], ...]
    """(name, a value that the sample has an answer for)."""
    sql: str

    @property
    def example(self) -> str:
        """The query with its parameters written out, as the sqlite3 program takes it."""
        sql = self.sql
        for name, value in self.parameters:
            sql = re.sub(rf":{name}\b", lambda _, value=value: _literal(value), sql)  # type: ignore[misc]
        return sql


def _literal(value: str) -> str:
    return value if re.fullmatch(r"-?\d+(\.\d+)?", value) else "'" + value.replace("'", "''") + "'"


@cache
def load_questions() -> tuple[Question, ...]:
    """The questions in their order (templates/database/questions)."""
    files = sorted((bundled_path("templates") / "database" / "questions").glob("*.sql"))
    return tuple(_parse(path.stem.partition("-")[2], path.read_text(encoding="utf-8")) for path in files)


def _parse(name: str, text: str) -> Question:
    """The comments on top are the title, then `:name = value` lines, then what is told; the query follows."""
    lines = text.splitlines()
    top = next(index for index, line in enumerate(lines) if not line.startswith("--"))
    head, sql = lines[:top], "\n".join(lines[top:]).strip()
    parameters = tuple((m["name"], m["value"]) for line in head if (m := _PARAMETER.match(line)))
    told = " ".join(line.removeprefix("-- ") for line in head[1:] if not _PARAMETER.match(line))
    return Question(name, head[0].removeprefix("-- "), told, parameters, sql)
