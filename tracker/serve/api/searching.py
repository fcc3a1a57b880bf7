"""Full-text search over titles, summaries and quotes: what is looked for as FTS5 reads it, and a page of what is found.

Results come by kind (events, disputes, documents, claims) and the newest first within each, which is the order of their
numbers in the index; so a page is a run along it. By relevance only the first page can be had: every row that matches
has to be weighed for it. Chinese, Japanese and Korean words are found as runs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tracker.query import Limits, Published
from tracker.render.database.building import CJK
from tracker.serve.api.cursors import decode_cursor, encode_cursor, question_digest
from tracker.serve.api.fields import Field, convert_rows, path_of
from tracker.serve.api.filters import CURSOR, DEFAULT_ROWS, FORMAT, LIMIT, words
from tracker.serve.api.pages import MOST_CHARS, Page
from tracker.serve.api.parameters import Parameter, read_parameters
from tracker.serve.api.problems import Wrong, bad_parameters
from tracker.serve.api.resource import Record

Kind = Literal["event", "dispute", "document", "claim"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ORDERS = ("newest", "relevance")
_TABLES = {"event": "_events", "dispute": "_disputes", "document": "_documents", "claim": "_claims"}
_DATED = {"event": "from_on", "dispute": "changed_on", "document": "dated_on", "claim": "dated_on"}
RESOURCES = {"event": "events", "dispute": "disputes", "document": "documents", "claim": "claims"}
_WORD = re.compile(r'"([^"]*)"?|(\S+)')
_CJK = re.compile(f"[{CJK}]")
_MOST_WORDS = 12
_TRIGRAM = 3
FIELDS = (
    Field("kind", "word", "event, dispute, document or claim.", is_nullable=False),
    Field("id", "id", "The id of that kind.", is_nullable=False),
    Field("title", "text", "The title of an event, dispute or document; empty for a claim.", is_nullable=False),
    Field("words", "text", "The summary of an event, the quote of a claim.", is_nullable=False),
    Field("dated_on", "day", "The day of the event or publication; of a dispute, when it last changed."),
    Field("page", "address", "Its page on the site.", is_nullable=False),
)
PARAMETERS = (
    Parameter(
        name="q", kind="text", is_required=True, example="distillation",
        description="Words, all of which must stand there; \"in quotes\" as a phrase, with * at the end as a "
        "beginning. Chinese is found as runs of characters.",
    ),
    words("kind", KINDS, "What is looked for."),
    Parameter(
        name="order", kind="words", choices=ORDERS, example="relevance",
        description="newest (by kind, the newest first; with further pages) or relevance (one page only).",
    ),
    LIMIT,
    CURSOR,
    FORMAT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: `match` for one of the full-text indexes, and runs of characters too short for it."""

    index: str
    match: str
    short: tuple[str, ...]
    kinds: tuple[Kind, ...]
    by_relevance: bool
    limit: int
    after: tuple[str, ...]
    question: str


def read_search(pairs: Sequence[tuple[str, str]]) -> Sought:
    """What is asked of the search.

    Raises:
        Problem: a parameter is wrong, there is no word, or the cursor is not of this question.
    """
    values = read_parameters(pairs, PARAMETERS)
    index, match, short = _read_words(values["q"])
    by_relevance = values.get("order", ("newest",))[0] == "relevance"
    question = question_digest("search", {key: values[key] for key in ("q", "kind", "order") if key in values})
    if by_relevance and ("cursor" in values or short):
        told = "order: by relevance there is one page only, of words of three characters or more; leave it out"
        raise bad_parameters([Wrong("order", told)])
    after = decode_cursor(values["cursor"], question, 3) if "cursor" in values else ()
    if after and after[0] not in KINDS:
        raise bad_parameters([Wrong("cursor", "cursor: it is not as it was given out")])
    kinds = values.get("kind", KINDS)
    return Sought(index, match, short, kinds, by_relevance, values.get("limit", DEFAULT_ROWS), after, question)


def _read_words(text: str) -> tuple[str, str, tuple[str, ...]]:
    """(index, what FTS5 matches, words too short for it)."""
    found = [(phrase or word, not phrase) for phrase, word in _WORD.findall(text)]
    wanted = [(word.rstrip("*"), bare and word.endswith("*")) for word, bare in found]
    wanted = [(word, begins) for word, begins in wanted if any(mark.isalnum() for mark in word)]
    if not wanted or len(wanted) > _MOST_WORDS:
        told = f"q: it has {'no word' if not wanted else f'{len(wanted)} words'}; give 1 to {_MOST_WORDS}"
        raise bad_parameters([Wrong("q", told)])
    index = "search_trigram" if any(_CJK.search(word) for word, _ in wanted) else "search"
    short = tuple(word for word, _ in wanted if index == "search_trigram" and len(word) < _TRIGRAM)
    parts = [f'"{word.replace(chr(34), "")}"{"*" if begins and index == "search" else ""}'
             for word, begins in wanted if word not in short]  # fmt: skip
    return index, " ".join(parts), short


def search(database: Published, sought: Sought, root: str, seconds: float) -> Page:
    """A page of what is found.

    Raises:
        QueryTooSlow: it took longer than `seconds`.
    """
    limits = Limits(seconds, sought.limit + 1, MOST_CHARS)
    values: dict[str, Any] = {"match": sought.match, "take": sought.limit + 1}
    where = ["s.search_id > :after", "s.search_id <= :last"]
    values["after"], values["last"] = _bounds(database, sought)
    if len(sought.kinds) < len(KINDS):
        values |= {f"kind{number}": kind for number, kind in enumerate(sought.kinds)}
        where.append(f"s.kind IN ({', '.join(f':kind{number}' for number in range(len(sought.kinds)))})")
    for number, word in enumerate(sought.short):
        values[f"word{number}"] = word.casefold()
        where.append(f"(instr(lower(s.title), :word{number}) OR instr(lower(s.words), :word{number}))")
    rows = database.ask(_statement(sought, where), values, limits).rows
    shown = rows[: sought.limit]
    records = [_record(database, row, root, limits) for row in shown]
    is_last = len(rows) <= sought.limit or sought.by_relevance
    keys = [str(records[-1][name] or "") for name in ("kind", "dated_on", "id")] if records else []
    return Page(records, None if is_last else encode_cursor(sought.question, tuple(keys)))


def _statement(sought: Sought, where: list[str]) -> str:
    columns = "s.kind, s.id, s.title, s.words"
    if not sought.match:
        source, order = "searchable AS s", "s.search_id"
    else:
        rowid = [one.replace("s.search_id", "s.rowid") for one in where]
        where = [f"{sought.index} MATCH :match", *rowid]
        source, order = f"{sought.index} AS s", "s.rank, s.rowid" if sought.by_relevance else "s.rowid"
    return f"SELECT {columns} FROM {source} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT :take"


def _bounds(database: Published, sought: Sought) -> tuple[int, int]:
    """Between which numbers of the index the page lies: after the row of the cursor, within the kinds asked for."""
    ends = {}
    for kind, table in _TABLES.items():  # each end is one look into the index; both at once would be all rows
        ((low,),), ((high,),) = (database.ask(f"SELECT {end}(search_id) FROM {table}").rows for end in ("min", "max"))
        if low is not None:
            ends[kind] = (low, high)
    asked = [ends[kind] for kind in sought.kinds if kind in ends]
    if not asked:
        return 0, 0
    first, last = min(low for low, _ in asked) - 1, max(high for _, high in asked)
    if not sought.after:
        return first, last
    shown, dated_on, id_ = sought.after
    table, dated = _TABLES[shown], _DATED[shown]
    sql = f"SELECT search_id FROM {table} WHERE ({dated}, id) >= (:dated_on, :id) ORDER BY {dated}, id LIMIT 1"
    found = database.ask(sql, {"dated_on": dated_on, "id": id_}).rows
    before = [ends[kind][1] for kind in KINDS[: list[str](KINDS).index(shown)] if kind in ends]
    return max(first, found[0][0] if found else max(before, default=0)), last


def _record(database: Published, row: Sequence[Any], root: str, limits: Limits) -> Record:
    kind, id_, title, text = row
    sql = f"SELECT {_DATED[kind]}, page FROM {_TABLES[kind]} WHERE id = :id"
    ((dated_on, page),) = database.ask(sql, {"id": id_}, limits).rows
    (record,) = convert_rows(FIELDS, [(kind, id_, title, text, dated_on or None, page)])
    return record | {"self": path_of(root, RESOURCES[kind], id_)}
