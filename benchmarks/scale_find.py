"""What looking for words costs: the full-text index against a scan by LIKE, over the same invented texts in one run.

Texts draw their words from a vocabulary as uneven as that of a language (Zipf). Counted is the time of the processor,
the server's too. Questions are rare, middling and common words, a phrase, a beginning and a misspelt word.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from tracker.fulltext.found import Scope
from tracker.fulltext.questions import parse_question
from tracker.ids import digest_of, sha256_hex
from tracker.store import SqlStore, open_store
from tracker.store.dialects import write_alone
from tracker.store.engine import connected
from tracker.store.rows import DocumentRow, VersionRow

WORDS_A_TEXT = 400
_VOCABULARY = 60_000
_START = date(2020, 1, 1)
_AT = datetime(2026, 3, 1, tzinfo=UTC)
_SIZE = {
    "sqlite": "SELECT sum(length(block)) FROM fulltext_words_data",
    "postgresql": "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                  " WHERE relname LIKE 'fulltext_%' AND relkind = 'r'",
}  # fmt: skip


class Texts:
    """Invented texts, the same for the same seed."""

    def __init__(self, seed: int = 9) -> None:
        self._random = Random(seed)
        drawn = ("".join(self._syllables()) for _ in range(_VOCABULARY))
        self.words = list(dict.fromkeys(drawn))
        self._sums = list(accumulate(1 / (rank + 2) for rank in range(len(self.words))))

    def _syllables(self) -> Iterator[str]:
        for _ in range(self._random.randint(2, 4)):
            yield self._random.choice("bcdfghjklmnprstvwz") + self._random.choice("aeiou")

    def text(self, words: int) -> str:
        """So many words with a full stop now and then."""
        drawn = [self.words[bisect(self._sums, self._random.random() * self._sums[-1])] for _ in range(words)]
        return " ".join(word + "." * (place % 15 == 14) for place, word in enumerate(drawn))

    def questions(self) -> dict[str, str]:
        """What is looked for, by the kind of question."""
        common, other, middling, near, rare = (self.words[rank] for rank in (0, 1, 300, 310, 20_000))
        misspelt = next(word for word in self.words[2_000:] if len(word) == 8)
        return {
            "rare": rare,
            "middling": middling,
            "common": common,
            "phrase": f'"{common} {other}"',
            "beginning": f"{rare[:5]}*",
            "without": f"{middling} -{near}",
            "misspelt": f"~{misspelt[:3]}x{misspelt[4:]}",
        }


def put_texts(address: str, texts: Texts, size: int) -> int:
    """Fill an empty store with so many documents; the code points of all their texts."""
    chars = 0
    with open_store(address):
        pass
    with connected(address) as (engine, _):
        for first in range(0, size, 1000):
            documents, versions = [], []
            for number in range(first, min(first + 1000, size)):
                body = texts.text(WORDS_A_TEXT)
                chars += len(body)
                documents.append(_document(number))
                versions.append(_version(number, texts.text(8), body))
            with engine.begin() as connection:
                write_alone(connection)
                connection.execute(insert(DocumentRow), documents)
                connection.execute(insert(VersionRow), versions)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    return chars


def _document(number: int) -> dict[str, Any]:
    key = f"doc-{digest_of(str(number))}"
    return {
        "id": key, "url": f"https://{key}.example/", "publisher": "Wire", "publisher_type": "news",
        "source": f"wire-{number % 10}", "first_seen_at": _AT, "last_seen_at": _AT,
    }  # fmt: skip


def _version(number: int, title: str, body: str) -> dict[str, Any]:
    key = f"doc-{digest_of(str(number))}"
    return {
        "id": key, "document_id": key, "number": 1, "title": title, "text": body, "text_sha256": sha256_hex(body),
        "published": _START + timedelta(number % 2_000), "language": "en", "kind": "html", "fetched_at": _AT,
        "last_seen_at": _AT, "page_starts": [],
    }  # fmt: skip


def measure_find(
    kind: str, address: str, size: int, used_s: Callable[[], float]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(figures, ratios) over so many documents; `used_s` gives the seconds of the processor so far."""
    texts = Texts()
    chars = put_texts(address, texts, size)
    with open_store(address) as store:
        before = used_s()
        assert store.index_words() == 0
        figures: dict[str, Any] = {
            f"{kind}_find_filed_per_cpu_s": round(size / (used_s() - before)),
            f"{kind}_find_bytes_per_document": round(_bytes(kind, address) / size),
            "find_text_chars_per_document": round(chars / size),
        }
        taken = {}
        for name, typed in texts.questions().items():
            taken[name], found = _timed(lambda typed=typed: _find(store, typed), used_s)
            figures[f"{kind}_find_ms_{name}"] = round(taken[name] * 1000, 1)
            figures[f"{kind}_find_documents_{name}"] = found
    ratios = {}
    with connected(address) as (engine, _), engine.connect() as connection:  # the server's time for it ends with it
        for name in ("rare", "middling"):
            scan, _ = _timed(lambda name=name: _scan(connection, texts.questions()[name]), used_s)
            figures[f"{kind}_scan_ms_{name}"] = round(scan * 1000, 1)
            ratios[f"find_vs_like_{name}_{kind}"] = round(scan / max(taken[name], 0.001), 1)
    return figures, ratios


def _timed(call: Callable[[], int], used_s: Callable[[], float]) -> tuple[float, int]:
    """(the median of the seconds of five calls, what they gave): a process of the server that ends takes its time away
    from one of them."""
    taken = []
    for _ in range(5):
        before = used_s()
        found = call()
        taken.append(used_s() - before)
    return median(taken), found


def _find(store: SqlStore, typed: str) -> int:
    store.index_words()
    return store.find_words(parse_question(typed), Scope()).documents


def _scan(connection: Connection, word: str) -> int:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET max_parallel_workers_per_gather = 0")  # else its time is not to be seen
    holds = VersionRow.text.ilike(f"%{word}%")
    return int(connection.execute(select(func.count()).select_from(VersionRow).where(holds)).scalar_one())


def _bytes(kind: str, address: str) -> int:
    with connected(address) as (engine, _), engine.connect() as connection:
        return int(connection.execute(text(_SIZE[kind])).scalar_one())
