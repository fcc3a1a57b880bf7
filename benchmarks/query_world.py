"""A published database of any size for the benchmark of queries: invented news, a few parties in most of it.

It is written with the program's own schema, indexes and full-text search; only its rows are made here and beside it,
all out of one run of draws (`query_draws`), so that the same size gives the same file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks import query_claims, query_events, query_pages
from benchmarks.query_draws import LAST_DAY, Draws
from tracker.render.database.building import fill_database
from tracker.render.database.values import Row

_FACTS = (
    ("title", "A benchmark", "Whose data this is."),
    ("schema_version", "1", "Of the documented views."),
    ("built_on", LAST_DAY, "The day of the data."),
    ("newest_words_at", f"{LAST_DAY}T00:00:00Z", "When the newest words in the data were fetched."),
    ("as_of", "", "Empty for the present."),
    ("site_url", "", "Where the site stands."),
    ("made_by", "benchmarks/query.py", "The program that made it."),
)


def write_world(documents: int, path: Path) -> None:
    """Make the file: rows for so many documents, twice as many claims, ten times as many mentions."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        fill_database(connection, _tables(Draws(documents)), _FACTS)


def _tables(draws: Draws) -> Iterator[tuple[str, Iterable[Row]]]:
    """(table, its rows) for each table; the order is that of the draws."""
    claims = list(query_claims.claim_rows(draws))
    figures, answers = list(query_claims.figure_rows(draws, claims)), list(query_claims.answer_rows(draws, claims))
    parties = {str(claim["id"]): query_claims.parties_of(draws, claim) for claim in claims}
    yield from _pages(draws, claims)
    yield "_claims", claims
    yield "_claim_parties", query_claims.party_rows(parties)
    yield "_quantities", map(query_claims.quantity_row, figures)
    yield "_events", (query_events.event_row(draws, number) for number in range(draws.events))
    yield "_event_claims", query_events.event_claim_rows(draws, claims)
    yield "_event_sources", query_events.event_source_rows(draws)
    yield "_figures", figures
    assertions = list(query_claims.assertion_rows(draws, claims))
    yield "_assertions", assertions
    yield "_assertion_claims", query_claims.assertion_claim_rows(assertions)
    yield "_answers", answers
    yield (
        "_dispute_answers",
        ({"dispute_id": json.loads(str(row["disputes"]))[0], "answer_id": row["id"]} for row in answers),
    )
    yield "_disputes", (query_events.dispute_row(draws, number) for number in range(draws.disputes))
    yield "_dispute_events", query_events.dispute_event_rows(draws)
    yield "_dispute_steps", query_events.dispute_step_rows(draws, claims)
    yield "_revisions", query_claims.revision_rows(draws, claims)
    yield "_party_rows", query_events.party_rows(draws, claims, parties, figures, answers)


def _pages(draws: Draws, claims: list[Row]) -> Iterator[tuple[str, Iterable[Row]]]:
    numbers = range(draws.documents)
    yield "_entities", query_pages.entity_rows(draws)
    yield "_aliases", query_pages.alias_rows(draws)
    yield "_families", query_pages.family_rows(draws)
    yield "_relations", query_pages.relation_rows(draws, claims)
    yield "_sources", map(query_pages.source_row, range(100))
    yield "_documents", (query_pages.document_row(draws, number) for number in numbers)
    yield "_versions", (row for number in numbers for row in query_pages.version_rows(draws, number))
    yield "_mentions", query_pages.mention_rows(draws)
