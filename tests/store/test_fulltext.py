"""What the full-text index finds: the same on every database, whatever comes, changes and goes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from tracker.errors import InputError
from tracker.fulltext.found import Findings, Scope
from tracker.fulltext.passages import answers
from tracker.fulltext.questions import parse_question
from tracker.store import SqlStore, check_store, copy_store, drop_store_index, index_store, open_store
from tracker.store.fulltext import filling, finding
from tracker.types import Document, Extraction

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def put(store: SqlStore, id: str, text: str, title: str = "", on: date | None = None, **more: str) -> None:
    given = {"url": f"https://{id}.example/", "publisher": "Wire", "language": "en", **more}
    store.save_ingested(Document(id, text, title=title, published=on, **given), NOW)  # type: ignore[arg-type]


def find(store: SqlStore, typed: str, **scope: object) -> Findings:
    assert store.index_words() == 0
    return store.find_words(parse_question(typed), Scope(**scope))  # type: ignore[arg-type]


def keys(store: SqlStore, typed: str, **scope: object) -> list[str]:
    return [item.version_id for item in find(store, typed, **scope).found]


def test_words_phrases_and_what_is_left_out(store: SqlStore) -> None:
    put(store, "a", "The model was distilled by Orchid.", "Orchid's open-weight model")
    put(store, "b", "Orchid distilled. Weights are open.", "A café")
    put(store, "c", "阿里巴巴的模型蒸馏行为", "蒸馏")
    for typed, wanted in {
        "orchid": "ab", "orchid -model": "b", "ORCHID -“open weight”": "b", '"open weight"': "a", "open-weight": "a",
        "weight*": "ab", "cafe OR model": "ab", "café": "b", "蒸馏": "c", "馏行为": "c", "模": "c", "模 为 -orchid": "c",
        "蒸馏模型": "", "*still*": "ab", "*till": "", "*stilled": "ab", "~orhcid": "ab", "~orhcid -cafe": "a",
        "distill": "", '"model was" OR "weights are"': "ab", '"a cafe orchid"': "", "orchid ~zzzz": "",
        "orchid -~zzzz": "ab", "~zzzz OR cafe": "b",
    }.items():  # fmt: skip
        assert sorted(keys(store, typed)) == list(wanted), typed
    assert find(store, "orhcid model").similar == {"orhcid": ("orchid",)}
    assert find(store, "orchid").similar == {} == find(store, "zzzzz").similar


def test_what_is_shown_of_a_document(store: SqlStore) -> None:
    put(store, "a", "About 300 accounts.", "Orchid", date(2026, 3, 1), language="en-GB")
    store.save_extractions("prepared/1", [Extraction("a", "irrelevant")])
    put(store, "a.2", "Nearly 400 accounts.", "Orchid", date(2026, 3, 1), url="https://a.example/")
    (one,) = find(store, "accounts").found
    assert (one.document_id, one.version_id, one.version, one.versions) == ("a", "a.2", 2, 2)
    assert (one.relevance, one.published, one.publisher, one.url) == (
        None,
        date(2026, 3, 1),
        "Wire",
        "https://a.example/",
    )
    (old,) = find(store, "about").found
    assert (old.version_id, old.version, old.versions, old.relevance) == ("a", 1, 2, "irrelevant")
    assert old.text == "About 300 accounts." and old.fetched_at == NOW
    assert sorted(keys(store, "accounts", all_versions=True)) == ["a", "a.2"]
    counted = find(store, "accounts")
    assert (counted.documents, counted.versions) == (1, 2)


def test_a_scope_leaves_out(store: SqlStore) -> None:
    put(store, "a", "orchid", on=date(2026, 3, 1), language="zh-CN")
    put(store, "b", "orchid", on=date(2026, 3, 2), language="zha")
    put(store, "c", "orchid", language="zh")
    for scope, wanted in (
        ({}, "abc"), ({"since": date(2026, 3, 2)}, "b"), ({"until": date(2026, 3, 1)}, "a"), ({"language": "zh"}, "ac"),
        ({"since": date(2026, 3, 1), "until": date(2026, 3, 2)}, "ab"), ({"source": "elsewhere"}, ""),
        ({"language": "zh-cn"}, "a"),
    ):  # fmt: skip
        assert sorted(keys(store, "orchid", **scope)) == list(wanted), scope


def test_the_best_come_first_and_of_equals_the_newest(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    filler = " ".join(f"word{number}" for number in range(60))
    put(store, "far", f"{filler} orchid", "Other", date(2026, 3, 3))
    put(store, "near", f"orchid {filler} orchid", "Orchid", date(2026, 3, 1))
    put(store, "twin", f"orchid {filler} orchid", "Orchid", date(2026, 3, 2))
    for number in range(5):  # of three documents of three a word is worth nothing
        put(store, f"other{number}", f"nothing {filler}", "Other", date(2026, 3, 4))
    assert keys(store, "orchid") == ["twin", "near", "far"]
    assert keys(store, "orchid", order="newest") == ["far", "twin", "near"]
    assert keys(store, "orchid", limit=1) == ["twin"] and find(store, "orchid", limit=1).documents == 3
    monkeypatch.setattr(finding, "MOST_RANKED", 2)
    assert set(keys(store, "orchid", limit=2)) <= {"far", "twin", "near"}
    assert find(store, "orchid").ranked in (2, 3)


def test_the_index_is_kept_up(store: SqlStore, database: str) -> None:
    put(store, "a", "first words")
    assert keys(store, "first") == ["a"]
    put(store, "b", "first and second")
    put(store, "a.2", "third words", url="https://a.example/")
    assert sorted(keys(store, "words", all_versions=True)) == ["a", "a.2"] and sorted(keys(store, "first")) == [
        "a",
        "b",
    ]
    with create_engine(database).begin() as connection:
        connection.exec_driver_sql("UPDATE version SET text = 'fourth', text_sha256 = 'x' WHERE id = 'b'")
        connection.exec_driver_sql("UPDATE version SET title = 'Fifth', language = 'de' WHERE id = 'a'")
        connection.exec_driver_sql("DELETE FROM version WHERE id = 'a.2'")
    assert keys(store, "first") == keys(store, "fifth", language="de") == ["a"]
    assert keys(store, "fourth") == ["b"] and keys(store, "third OR second") == []
    assert drop_store_index(database) and not drop_store_index(database)
    assert keys(store, "fourth") == ["b"]


def test_who_never_looks_for_anything_has_no_index(store: SqlStore, database: str) -> None:
    put(store, "a", "first words")
    assert check_store(database).index is None
    store.index_words()
    state = check_store(database).index
    assert state is not None and (state.versions, state.due) == (1, 0)


def test_an_index_that_lost_its_triggers_or_is_of_another_shape_is_made_anew(store: SqlStore, database: str) -> None:
    put(store, "a", "first words")
    store.index_words()
    kind = database.partition(":")[0].partition("+")[0]
    lost = {"sqlite": "DROP TRIGGER fulltext_due_new", "postgresql": "DROP TRIGGER fulltext_due ON version"}[kind]
    for number, statement in enumerate((lost, "UPDATE fulltext_shape SET number = 0", "DROP TABLE fulltext_shape")):
        with create_engine(database).begin() as connection:
            connection.exec_driver_sql(statement)
        put(store, f"b{number}", "later words")
        assert f"b{number}" in keys(store, "later")


def test_a_version_that_changes_while_it_is_taken_apart_stays_due(store: SqlStore, database: str) -> None:
    put(store, "a", "first words")
    store.index_words()
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE version SET text = 'second', text_sha256 = 'x' WHERE id = 'a'")
    with engine.connect() as connection:
        taken = filling._take_some(connection)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE version SET text = 'third', text_sha256 = 'y' WHERE id = 'a'")
    with engine.begin() as connection:
        assert taken and filling._unchanged(connection, taken) == []
    assert keys(store, "third") == ["a"] and keys(store, "first OR second") == []


def test_what_the_index_files_otherwise_than_it_is_there_is_a_fault(store: SqlStore, database: str) -> None:
    for key in "abc":
        put(store, key, f"words of {key}")
    index_store(database)
    assert check_store(database).faults == ()
    with create_engine(database).begin() as connection:
        connection.exec_driver_sql("DELETE FROM fulltext_version WHERE version_id = 'a'")
        connection.exec_driver_sql("UPDATE fulltext_version SET digest = 'x' WHERE version_id = 'b'")
        connection.exec_driver_sql("UPDATE fulltext_version SET version_id = 'd' WHERE version_id = 'c'")
    faults = check_store(database).faults
    assert [fault.split(";")[0] for fault in faults if "full-text" in fault] == [
        "full-text index: files d, which is not there", "full-text index: lacks version a",
        "full-text index: files version b as it was before", "full-text index: lacks version c",
    ]  # fmt: skip
    state, size = index_store(database, anew=True)
    assert (state.versions, state.due) == (3, 0) and (size is None or size > 0)
    assert check_store(database).faults == ()


def test_a_copy_has_an_index_of_its_own(
    store: SqlStore, database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    put(store, "a", "first words")
    store.index_words()
    target = f"sqlite:///{tmp_path_factory.mktemp('copy')}/t.db"
    with open_store(target) as other:
        other.index_words()
        copy_store(database, target)
        assert keys(other, "first") == ["a"]


def test_a_long_text_is_found_whole(store: SqlStore) -> None:
    """PostgreSQL keeps 255 places of a word and none behind the 16,383rd, and no more than a mebibyte of a text."""
    filler = " ".join(f"w{number}" for number in range(17_000))
    put(store, "long", f"{filler} behind all of it")
    put(store, "often", f"{'the same ' * 300} end of the line")
    put(store, "short", "of all behind; the end")
    for typed, wanted in {
        '"behind all of it"': ["long"], "behind": ["long", "short"], '"same end"': ["often"],
        '"the end"': ["short"], '"end of the line"': ["often"], 'same -"the line"': [], '"all behind"': ["short"],
        'behind -"all behind"': ["long"],
    }.items():  # fmt: skip
        assert sorted(keys(store, typed)) == wanted, typed


def test_a_text_of_more_words_than_an_index_takes_is_looked_through(store: SqlStore) -> None:
    put(store, "huge", " ".join(f"{number}unlike{number}" for number in range(70_000)) + " almost done")
    assert keys(store, '"almost done" 69999unlike69999') == ["huge"] and keys(store, "almost -done") == []


_numbers = count()
_held: dict[SqlStore, dict[str, str]] = {}
_TEXTS = st.lists(
    st.text(alphabet="abAé c-\"*.模型蒸ｶﾞ", max_size=12) | st.sampled_from(["a b", "ab abc", "b a", "模型", "型蒸馏", "é"]),
    min_size=1, max_size=3,
)  # fmt: skip
_TYPED = st.text(alphabet='abéc "-*OR模型蒸~.ｶﾞ', max_size=14) | st.text(max_size=20) | st.sampled_from(
    ["a", '"a b"', "ab*", "-a b", "a OR b", "*abc", "~abc", "模", "模型蒸", "\0", "a\0b", "\ud800", "'", "b -\"a b\""]
)  # fmt: skip


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=_TEXTS, typed=_TYPED)
def test_the_texts_found_are_those_that_hold_the_words(store: SqlStore, texts: list[str], typed: str) -> None:
    held = _held.setdefault(store, {})  # what the examples before this one have put there stays
    for text in texts:
        held[key := f"h{next(_numbers)}"] = text
        put(store, key, text, text[:3])
    try:
        findings = find(store, typed, limit=1000)
    except InputError:
        return
    holding = {key for key, text in held.items() if answers(findings.question, (text[:3], text))}
    assert {item.version_id for item in findings.found} == holding


def test_a_part_of_too_many_words_is_refused(store: SqlStore) -> None:
    put(store, "a", " ".join(f"x{number}distil" for number in range(520)))
    with pytest.raises(InputError, match="more than 500 words"):
        find(store, "*distil*")
    assert keys(store, "*519distil") == ["a"]
    put(store, "b", " ".join(f"x{number}still" for number in range(490)))
    assert keys(store, "*still") == ["b"], "many forms are one question"


def test_where_nothing_can_be_written_the_index_is_asked_as_it_is(postgres_url: str) -> None:
    reading = f"{postgres_url}&options=-c%20default_transaction_read_only%3Don"
    with open_store(postgres_url) as store:
        put(store, "a", "first words")
        with open_store(reading) as standby, pytest.raises(Exception, match="read-only"):
            standby.index_words()
        store.index_words()
        put(store, "b", "first of all")
        with open_store(reading) as standby:
            assert standby.index_words() == 1
            assert [item.version_id for item in standby.find_words(parse_question("first"), Scope()).found] == ["a"]
