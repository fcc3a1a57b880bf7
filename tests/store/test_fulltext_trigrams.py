"""With pg_trgm the same is found as without it. The wheel's PostgreSQL lacks it: this runs where the machine's own has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from tests.postgres import OWNER, PostgresServer, programs_with, running_server
from tests.store.test_fulltext import keys, put
from tracker.fulltext.questions import parse_question
from tracker.store import SqlStore, index_store, open_store
from tracker.store.fulltext.spelling import similar_words, words_like

NAMES = "anthropic anthropologie alibaba deepseek deepseeker moonshot moonlight minimax distillation distilling qwen"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_server(programs=programs_with("pg_trgm")) as running:
        yield running


@pytest.fixture
def address(server: PostgresServer) -> Iterator[str]:
    with server.database() as url:
        yield url


def fill(store: SqlStore) -> None:
    put(store, "a", NAMES)
    put(store, "b", "阿里巴巴的模型蒸馏")
    store.index_words()


def test_misspelt_words_and_parts_are_looked_up_by_its_index(address: str) -> None:
    with open_store(address) as store:
        fill(store)
        assert index_store(address)[0].has_trigrams
        for typed, found in {
            "~antrhopic": ["a"], "~deepseak": ["a"], "~moonshoot": ["a"], "~destilation": ["a"], "~qwan": ["a"],
            "*seek*": ["a"], "*tion": ["a"], "模型": ["b"], "~zzzzzzzz": [],
        }.items():  # fmt: skip
            assert keys(store, typed) == found, typed
    with create_engine(address).connect() as connection:
        assert similar_words(connection, "antrhopic") == ("anthropic",)
        connection.exec_driver_sql("SET enable_seqscan = off")
        plan = connection.exec_driver_sql("EXPLAIN SELECT word FROM fulltext_vocabulary WHERE word LIKE '%%seek%%'")
        assert "fulltext_vocabulary_trigrams" in "\n".join(plan.scalars())


def test_it_finds_what_is_found_without_it(address: str) -> None:
    words = [
        "antrhopic",
        "anthropik",
        "alibba",
        "deepseak",
        "moonshoot",
        "minimaks",
        "distilation",
        "qwan",
        "distiling",
    ]
    with open_store(address) as store, open_store("sqlite://") as other:
        fill(store)
        put(other, "a", NAMES)
        other.index_words()
        with create_engine(address).connect() as with_it, other._engine.connect() as without:
            for word in words:
                assert similar_words(with_it, word) == similar_words(without, word) != (), word
            for typed in ("*seek*", "*tion", "*moon*"):
                (term,) = parse_question(typed).terms
                assert words_like(with_it, term) == words_like(without, term) != ()


def test_who_may_not_make_it_goes_on_without(server: PostgresServer, address: str) -> None:
    """A user who may make tables in the database, but owns neither it nor the extension."""
    name = address.partition("@/")[2].partition("?")[0]
    server.run("CREATE ROLE guest LOGIN PASSWORD 'of-tests'", f"ALTER DATABASE {name} OWNER TO postgres",
               f"REVOKE CREATE ON DATABASE {name} FROM PUBLIC, {OWNER}")  # fmt: skip
    server.run("GRANT ALL ON SCHEMA public TO guest", database=name)
    try:
        with open_store(server.url(name, "guest", "of-tests")) as store:
            fill(store)
            assert not index_store(server.url(name, "guest", "of-tests"))[0].has_trigrams
            assert keys(store, "~antrhopic") == ["a"]
    finally:
        server.run(f"ALTER DATABASE {name} OWNER TO {OWNER}")
