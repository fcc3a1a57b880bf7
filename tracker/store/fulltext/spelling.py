"""Words of the vocabulary by a part of them or by how near they are to another: with pg_trgm by its index, and else by
looking through them all, of which there are far fewer than texts."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, text

from tracker.errors import InputError
from tracker.fulltext.questions import Form, Question, Term
from tracker.fulltext.spelling import edits_of, nearest
from tracker.store.fulltext.tables import VOCABULARY, find_shape

MOST_WITH_PART = 500
MOST_SIMILAR = 12
_LIKENESS = 0.2
"""Of pg_trgm, from 0 to 1: two wrong letters of eight leave as much."""


def look_up(connection: Connection, question: Question) -> Question:
    """The question with the words that its parts and misspelt words stand for.

    Raises:
        InputError: a part is in too many words.
    """

    def forms_of(term: Term) -> tuple[Form, ...]:
        words = words_like(connection, term) if term.kind == "part" else similar_words(connection, term.word)
        return tuple(Form((word,)) for word in words)

    return question.put(forms_of)


def words_like(connection: Connection, term: Term) -> tuple[str, ...]:
    """All words that a part is in.

    Raises:
        InputError: more than `MOST_WITH_PART`.
    """
    wanted = select(VOCABULARY.c.word).where(VOCABULARY.c.word.like(term.word)).order_by(VOCABULARY.c.word)
    found = connection.execute(wanted.limit(MOST_WITH_PART + 1)).scalars().all()
    if len(found) > MOST_WITH_PART:
        raise InputError(f"{term.typed} stands for more than {MOST_WITH_PART} words; give more letters of it")
    return tuple(found)


def similar_words(connection: Connection, word: str) -> tuple[str, ...]:
    """The word itself, where there is one, and those that are it but for a letter or two, the nearest first."""
    shape = find_shape(connection)
    near, edits = func.length(VOCABULARY.c.word), edits_of(word)
    wanted = select(VOCABULARY.c.word).where(near.between(len(word) - edits, len(word) + edits))
    if shape is not None and shape.has_trigrams and edits > 1:  # of a short word a mistake leaves no trigram
        connection.execute(text(f"SET pg_trgm.similarity_threshold = {_LIKENESS}"))
        wanted = wanted.where(VOCABULARY.c.word.op("%")(word))
    return nearest(word, connection.execute(wanted).scalars().all(), MOST_SIMILAR)


def has_word(connection: Connection, word: str) -> bool:
    """Whether any text has this word."""
    return connection.execute(select(VOCABULARY.c.word).where(VOCABULARY.c.word == word)).first() is not None
