"""Asking the index: which versions answer a question, in what order, and what is shown of the first of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased
from sqlmodel import col

from tracker.fulltext.found import Findings, Found, Scope
from tracker.fulltext.passages import answers
from tracker.fulltext.questions import Choice, Question
from tracker.store.batches import batches
from tracker.store.fulltext.filed import PLACES_LACKING, WHOLE, WORDS_LACKING
from tracker.store.fulltext.matching import as_fts5, as_tsquery, has_phrases
from tracker.store.fulltext.spelling import has_word, look_up, similar_words
from tracker.store.fulltext.tables import VERSIONS, WORDS
from tracker.store.rows import DocumentRow, ExtractionRow, VersionRow

MOST_RANKED = 5_000
"""On PostgreSQL, where the words of each row have to be read for it: of more, the newest."""
_TITLE_WEIGHS = 5.0
_BY_LENGTH = 1
"""Longer texts weigh less (postgresql.org/docs/current/textsearch-controls.html, 12.3.3)."""
_STREAMED = 20
_DOCUMENT = VERSIONS.c.document_id
_SUGGESTED = 5


def find(connection: Connection, question: Question, scope: Scope) -> Findings:
    """What answers a question in a scope. The index has to be there and up to date.

    Raises:
        InputError: a part of a word is in too many words.
    """
    question = look_up(connection, question)
    sure = _answerable(question)
    if sure is None:
        return Findings(question, similar=_similar(connection, question))
    held = _hold(connection, sure)
    rows = connection.execute(_first(held, sure, scope)).all()
    if not rows:
        return Findings(question, similar=_similar(connection, question))
    ids, (versions, documents) = [row[0] for row in rows], rows[0][1:]
    ranked = versions if held.scores or scope.order == "newest" else min(versions, MOST_RANKED)
    shown = {item.version_id: item for part in batches(ids) for item in _load(connection, part)}
    return Findings(question, documents, versions, ranked, tuple(shown[key] for key in ids))


@dataclass(frozen=True)
class _Held:
    """The rows of the index that answer: where to look, for what, and on SQLite how well each does."""

    among: Any
    holds: ColumnElement[bool]
    scores: tuple[ColumnElement[float], ...] = ()


def _hold(connection: Connection, question: Question) -> _Held:
    if connection.dialect.name == "postgresql":
        return _Held(VERSIONS, _on_postgres(connection, question))
    index: ColumnElement[Any] = literal_column("fulltext_words")
    rowid: ColumnElement[int] = literal_column("+fulltext_words.rowid")  # by the plus the index is looked through first
    score = -func.bm25(index, _TITLE_WEIGHS, 1.0)
    return _Held(
        WORDS.join(VERSIONS, VERSIONS.c.id == rowid), index.op("MATCH")(as_fts5(question)), (score.label("score"),)
    )


def _on_postgres(connection: Connection, question: Question) -> ColumnElement[bool]:
    """Rows that the index has whole answer by themselves; of the few others the text is asked."""
    words, wholeness, phrased = VERSIONS.c.words, VERSIONS.c.wholeness, has_phrases(question)
    loosely = words.bool_op("@@")(cast(as_tsquery(question, loosely=True), TSQUERY))
    unsure = wholeness == WORDS_LACKING
    if phrased:
        unsure = or_(unsure, and_(loosely, wholeness == PLACES_LACKING))
    texts: list[Any] = [VERSIONS.c.id, VersionRow.title, VersionRow.text]
    wanted = select(*texts).join(VersionRow, col(VersionRow.id) == VERSIONS.c.version_id).where(unsure)
    streamed = connection.execution_options(stream_results=True, yield_per=_STREAMED).execute(wanted)
    sure = [key for key, title, text in streamed if answers(question, (title, text))]
    by_index = and_(words.bool_op("@@")(_asked(question)), wholeness >= (WHOLE if phrased else PLACES_LACKING))
    return or_(by_index, VERSIONS.c.id.in_(sure)) if sure else by_index


def _asked(question: Question) -> ColumnElement[Any]:
    return cast(as_tsquery(question), TSQUERY)


def _narrowed(held: _Held, scope: Scope, *columns: Any) -> Select[Any]:
    """Columns of the rows of a scope that answer."""
    wanted: Select[Any] = select(*columns).select_from(held.among).where(held.holds)
    if scope.source is not None:
        wanted = wanted.where(VERSIONS.c.source == scope.source)
    if scope.since is not None:
        wanted = wanted.where(VERSIONS.c.published >= scope.since)
    if scope.until is not None:
        wanted = wanted.where(VERSIONS.c.published <= scope.until)
    if scope.language is not None:
        kept, kind = func.lower(VERSIONS.c.language), f"{scope.language}-"
        wanted = wanted.where(or_(kept == scope.language, func.substr(kept, 1, len(kind)) == kind))
    return wanted


def _first(held: _Held, question: Question, scope: Scope) -> Select[Any]:
    """(id, how many versions answer, of how many documents) of the versions to show, the first first."""
    columns = (VERSIONS.c.version_id, _DOCUMENT, VERSIONS.c.number, VERSIONS.c.day, *held.scores)
    rows = _narrowed(held, scope, *columns).cte("answering").prefix_with("MATERIALIZED")  # bm25 is known in there alone
    newest_first = func.row_number().over(partition_by=rows.c.document_id, order_by=rows.c.number.desc())
    found = select(rows, newest_first.label("place")).cte("placed").prefix_with("MATERIALIZED")
    versions = select(func.count()).select_from(found).scalar_subquery()
    documents = select(func.count()).select_from(found).where(found.c.place == 1).scalar_subquery()
    by_day = (found.c.day.desc(), found.c.document_id, found.c.number.desc())
    chosen = select(found.c.version_id, versions.label("versions"), documents.label("documents"))
    if not scope.all_versions:
        chosen = chosen.where(found.c.place == 1)
    if scope.order == "newest":
        return chosen.order_by(*by_day).limit(scope.limit)
    if held.scores:
        return chosen.order_by(found.c.score.desc(), *by_day).limit(scope.limit)
    newest = chosen.order_by(*by_day).limit(MOST_RANKED).subquery()
    best = select(newest).join(VERSIONS, VERSIONS.c.version_id == newest.c.version_id)
    score = func.ts_rank(VERSIONS.c.words, _asked(question), _BY_LENGTH)
    return best.order_by(score.desc(), VERSIONS.c.day.desc(), _DOCUMENT, VERSIONS.c.number.desc()).limit(scope.limit)


def _load(connection: Connection, keys: Sequence[str]) -> Iterator[Found]:
    """What is shown of some versions."""
    of_it = aliased(VersionRow)
    counted = select(func.count(col(of_it.id))).where(col(of_it.document_id) == col(DocumentRow.id)).scalar_subquery()
    columns: list[Any] = [
        DocumentRow.id, VersionRow.id, VersionRow.number, counted, VersionRow.title, VersionRow.text,
        DocumentRow.publisher, DocumentRow.source, DocumentRow.url, VersionRow.language, VersionRow.published,
        VersionRow.fetched_at, ExtractionRow.relevance,
    ]  # fmt: skip
    wanted = (
        select(*columns)
        .select_from(VersionRow)
        .join(DocumentRow, col(DocumentRow.id) == col(VersionRow.document_id))
        .join(ExtractionRow, col(ExtractionRow.version_id) == col(VersionRow.id), isouter=True)
        .where(col(VersionRow.id).in_(keys))
    )
    return (Found(*row) for row in connection.execute(wanted))


def _answerable(question: Question) -> Question | None:
    """The choices that can be answered: not those for a part or misspelling of a word that no text has."""
    choices = tuple(
        Choice(choice.wanted, tuple(term for term in choice.unwanted if term.forms))
        for choice in question.choices
        if all(term.forms for term in choice.wanted)
    )
    return Question(choices) if choices else None


def _similar(connection: Connection, question: Question) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for term in (term for choice in question.choices for term in choice.wanted):
        for token in (token for form in term.forms for token in form.tokens):
            if not has_word(connection, token) and (words := similar_words(connection, token)):
                found[token] = words[:_SUGGESTED]
    return found
