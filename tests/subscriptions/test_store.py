"""The contract of the database of subscribers."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from tests.subscriptions.made import NOW, change, cut, fact, message, subscriber
from tracker.errors import InputError, StoreNewer, StoreUnusable
from tracker.ports.subscriptions import Cut, DeliveryFigures, SubscriptionStore
from tracker.store import open_store
from tracker.store.subscriptions import SqlSubscriptions, has_subscriptions, open_subscriptions
from tracker.store.subscriptions.rows import METADATA, VERSIONS
from tracker.types.digests import DeliveryAttempt
from tracker.types.watching import Subscriber


def with_changes(store: SqlSubscriptions, *people: Subscriber, changes: int = 3) -> tuple[Subscriber, ...]:
    """Subscribers, and then an edition with changes that they have not been told."""
    store.save_edition("e0", NOW - timedelta(days=1), [fact(0)], [], [], compared_with=None)
    for person in people:
        store.save_subscriber(person)
    store.save_edition("e1", NOW, [], [], [change(number) for number in range(1, changes + 1)], compared_with="e0")
    return people


def tried(store: SqlSubscriptions, delivery_id: int, outcome: str = "sent", at=NOW) -> DeliveryAttempt:  # type: ignore[no-untyped-def]
    return DeliveryAttempt(delivery_id, at, outcome, 250, f"250 ok {outcome}", 7)  # type: ignore[arg-type]


def test_the_tables_are_those_of_the_migrations(address: str, store: SqlSubscriptions) -> None:
    with create_engine(address).connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"version_table": VERSIONS}), METADATA)
    assert found == []


def test_it_is_what_the_port_promises(store: SqlSubscriptions) -> None:
    promised: SubscriptionStore = store
    assert promised.load_edition() is None
    assert {name for name in vars(SubscriptionStore) if name[:1] != "_"} <= set(dir(store))


def test_facts_are_kept_replaced_and_gone(store: SqlSubscriptions) -> None:
    many = [fact(number) for number in range(12_000)]
    store.save_edition("e0", NOW, many, [], [], compared_with=None)
    seq = store.save_edition(
        "e1", NOW, [fact(3, digest=2**62 + 9), fact(12_001)], ["event:e-1"], [change(3)], compared_with="e0"
    )
    assert seq == 1
    digests = store.load_fact_digests()
    assert (len(digests), digests["event:e-3"], "event:e-1" in digests) == (12_000, 2**62 + 9, False)
    assert dict(store.load_facts(["event:e-3", "event:e-1"])) == {"event:e-3": fact(3, digest=2**62 + 9)}
    assert store.load_facts()["event:e-7"] == fact(7)
    edition = store.load_edition()
    assert edition is not None and (edition.sha256, edition.up_to_seq, edition.seen_at) == ("e1", 1, NOW)


def test_an_edition_that_was_compared_with_another_than_the_last_changes_nothing(store: SqlSubscriptions) -> None:
    store.save_edition("e0", NOW, [fact(0)], [], [], compared_with=None)
    store.save_edition("e1", NOW, [], [], [change(1)], compared_with="e0")
    for edition, compared_with in (("e1", "e1"), ("e2", "e0"), ("e2", None), ("e2", "e2")):
        assert store.save_edition(edition, NOW, [fact(9)], ["event:e-0"], [change(2)], compared_with=compared_with) == 1
    assert [item.key for item in store.load_changes(0)] == ["event:e-1"]
    assert set(store.load_fact_digests()) == {"event:e-0"}


def test_changes_come_back_as_they_were_with_their_place(store: SqlSubscriptions) -> None:
    with_changes(store)
    expected = tuple(replace(change(n), seq=n, edition="e1", seen_at=NOW) for n in (1, 2, 3))
    assert store.load_changes(0) == expected
    assert store.load_changes(1, 2) == expected[1:2]


def test_a_subscriber_comes_back_and_is_told_of_what_comes(store: SqlSubscriptions) -> None:
    with_changes(store)
    store.save_subscriber(subscriber(1, cursor=99))
    expected = subscriber(1, cursor=3)
    assert store.find_subscriber("s-1") == store.find_subscriber("reader 1") == expected
    store.save_subscriber(replace(expected, state="paused", cursor=0, slot_at=NOW))
    assert store.load_subscribers() == (replace(expected, state="paused"),)
    assert store.find_subscriber("nobody") is None


def test_one_name_and_one_active_address(store: SqlSubscriptions) -> None:
    store.save_subscriber(subscriber(1))
    with pytest.raises(InputError, match="called 'reader 1' already"):
        store.save_subscriber(replace(subscriber(2), name="reader 1"))
    again = replace(subscriber(2), address="Reader-1@Desk.example")
    with pytest.raises(InputError, match=r"Reader-1@Desk.example is told already, as subscriber 'reader 1'"):
        store.save_subscriber(again)
    store.save_subscriber(replace(again, state="pending"))
    with pytest.raises(InputError):
        store.save_subscriber(again)
    assert [item.id for item in store.find_subscribers_at("mail", "READER-1@desk.example")] == ["s-1", "s-2"]
    assert store.find_subscribers_at("webhook", "reader-1@desk.example") == ()
    store.save_subscriber(subscriber(3, "feed"))
    store.save_subscriber(subscriber(4, "feed"))  # a feed has no address
    assert len(store.load_subscribers()) == 4


def test_a_cut_leaves_cursor_digest_told_and_delivery(store: SqlSubscriptions) -> None:
    (ann,) = with_changes(store, subscriber(1))
    made = cut(ann, store.load_changes(0))
    assert store.save_cuts([made]) == 1
    after = store.find_subscriber("s-1")
    assert after is not None and (after.cursor, after.slot_at) == (3, NOW)
    (kept,) = store.load_digests()
    assert kept.digest == made.digest and kept.subscriber_name == "reader 1"
    assert kept.delivery is not None and kept.delivery.message == made.message and kept.delivery.state == "pending"
    assert store.find_digest(kept.digest.id) == kept
    told = store.load_told(["s-1", "s-2"], [f"event:e-{n}" for n in range(2000)])
    assert told == {("s-1", item.key): item for item in made.told}
    assert store.load_last_digests(["s-1", "s-2"]) == {"s-1": (1, NOW)}


def test_what_is_told_anew_takes_the_place_of_what_was(store: SqlSubscriptions) -> None:
    (ann,) = with_changes(store, subscriber(1))
    first, second, third = store.load_changes(0)
    store.save_cuts([cut(ann, (first, second))])
    later = cut(
        replace(ann, slot_at=NOW, cursor=2), (replace(third, key=second.key, after="301"),), NOW + timedelta(days=1), 2
    )
    store.save_cuts([later])
    told = store.load_told(["s-1"], [first.key, second.key])
    assert (told["s-1", first.key].words, told["s-1", second.key].words) == ("nearly 300 accounts", "301")
    assert store.load_last_digests(["s-1"])["s-1"][0] == 2
    # It was told otherwise than the log has it, and stays so.
    assert store.load_digests()[1].digest == later.digest
    assert store.verify_digests() == ()


def test_a_cut_that_came_too_late_leaves_nothing(store: SqlSubscriptions) -> None:
    ann, ben, _ = with_changes(store, subscriber(1), subscriber(2), subscriber(3, state="paused"))
    changes = store.load_changes(0)
    assert store.save_cuts([cut(ann, changes[:1])]) == 1
    late = [cut(ann, changes, number=2), cut(subscriber(3), changes), cut(subscriber(9), changes), cut(ben, changes)]
    assert store.save_cuts(late) == 1
    assert [item.subscriber_name for item in store.load_digests()] == ["reader 1", "reader 2"]
    assert len(store.load_deliveries()) == 2 and len(store.load_told(["s-3", "s-9"], ["event:e-1"])) == 0


def test_a_cut_without_news_moves_the_cursor(store: SqlSubscriptions) -> None:
    with_changes(store, subscriber(1))
    assert store.save_cuts([Cut("s-1", 0, 3, None, NOW, None, None)]) == 1
    assert store.save_cuts([Cut("s-1", 3, 3, None, NOW, None, None)]) == 0  # this hour has been cut
    after = store.find_subscriber("s-1")
    assert after is not None and after.cursor == 3
    assert store.load_digests() == () and store.load_deliveries() == ()


def test_a_failing_cut_leaves_nothing_of_all_in_its_transaction(store: SqlSubscriptions) -> None:
    ann, ben = with_changes(store, subscriber(1), subscriber(2))
    made = cut(ann, store.load_changes(0))
    same_id = replace(cut(ben, store.load_changes(0)), digest=made.digest)
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.save_cuts([made, same_id])
    after = store.find_subscriber("s-1")
    assert after is not None and after.cursor == 0
    assert store.load_told(["s-1"], ["event:e-1"]) == {} and store.load_due(NOW) == ()


def test_two_cutters_at_once_tell_everybody_once(address: str, store: SqlSubscriptions) -> None:
    people = with_changes(store, *(subscriber(number) for number in range(40)))
    changes, kept = store.load_changes(0), []
    start = threading.Barrier(2)

    def run() -> None:
        with open_subscriptions(address) as own:
            start.wait()
            kept.extend(own.save_cuts([cut(person, changes)]) for person in people)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept), sum(kept)) == (80, 40)
    assert len(store.load_deliveries(limit=100)) == 40 and store.verify_digests() == ()


def test_due_is_the_oldest_of_each_subscriber_that_may_be_told(store: SqlSubscriptions) -> None:
    ann, ben, feed = with_changes(store, subscriber(1), subscriber(2), subscriber(3, "feed"))
    first, second, third = store.load_changes(0)
    store.save_cuts([cut(ann, (first,)), cut(ben, (first,)), cut(feed, (first,))])
    store.save_cuts([cut(replace(ann, slot_at=NOW, cursor=1), (second, third), number=2)])
    assert [item.subscriber_id for item in store.load_due(NOW)] == ["s-1", "s-2"]
    assert store.load_due(NOW - timedelta(seconds=1)) == ()
    (stands,) = store.load_deliveries(subscriber_id="s-3")
    assert (stands.state, stands.sent_at) == ("sent", NOW)
    one, two = store.load_due(NOW)
    store.save_attempt(tried(store, one.id, "temporary"), "pending", NOW + timedelta(hours=1))
    assert [item.id for item in store.load_due(NOW)] == [two.id]  # his second waits for his first
    store.save_subscriber(replace(ben, state="paused"))
    assert store.load_due(NOW) == ()
    store.save_message("s-2", message(ben, "Your settings"), NOW)
    assert store.load_due(NOW) == ()  # a digest is no notice
    store.save_message("s-2", replace(message(ben, "Your settings"), kind="notice"), NOW)
    assert [item.message.kind for item in store.load_due(NOW)] == ["notice"]
    assert len(store.load_due(NOW + timedelta(hours=1), limit=1)) == 1


def test_a_try_is_recorded_once(store: SqlSubscriptions) -> None:
    (ann,) = with_changes(store, subscriber(1))
    store.save_cuts([cut(ann, store.load_changes(0))])
    (due,) = store.load_due(NOW)
    later = NOW + timedelta(minutes=5)
    assert store.save_attempt(tried(store, due.id, "unknown"), "pending", later)
    assert store.save_attempt(tried(store, due.id, at=later), "sent")
    assert not store.save_attempt(tried(store, due.id, at=later), "sent")
    assert not store.save_attempt(tried(store, 999), "sent")
    assert [item.outcome for item in store.load_attempts(due.id)] == ["unknown", "sent"]
    sent = store.find_delivery(due.id)
    assert sent is not None and (sent.state, sent.attempts, sent.sent_at, sent.tried_since) == ("sent", 2, later, NOW)
    assert store.load_deliveries(state="sent", since=NOW) == (sent,)
    assert store.load_deliveries(state="dead") == store.load_deliveries(since=later) == ()


def test_a_dead_one_is_tried_again_and_its_subscriber_was_disabled(store: SqlSubscriptions) -> None:
    (ann,) = with_changes(store, subscriber(1))
    store.save_cuts([cut(ann, store.load_changes(0))])
    (due,) = store.load_due(NOW)
    store.save_attempt(tried(store, due.id, "refused"), "refused", disabled_because="550 no such user")
    after = store.find_subscriber("s-1")
    assert after is not None and (after.state, after.state_why) == ("disabled", "550 no such user")
    assert store.retry(due.id, NOW) and not store.retry(due.id, NOW) and not store.retry(999, NOW)
    again = store.find_delivery(due.id)
    assert again is not None and (again.state, again.tried_since, again.attempts) == ("pending", None, 1)
    assert store.load_due(NOW) == ()
    store.save_subscriber(replace(ann, state="active"))
    assert len(store.load_due(NOW)) == 1


def test_erasure_takes_the_data_and_leaves_the_chain(address: str, store: SqlSubscriptions) -> None:
    ann, ben = with_changes(store, subscriber(1, name="Ann Reader"), subscriber(2))
    changes = store.load_changes(0)
    store.save_cuts([cut(ann, changes[:1]), cut(ben, changes)])
    store.save_cuts([cut(replace(ann, slot_at=NOW, cursor=1), changes[1:], number=2)])
    first, _ = store.load_due(NOW)
    refused = replace(tried(store, first.id, "refused"), why="550 <reader-1@desk.example> unknown")
    store.save_attempt(refused, "refused")
    store.erase_subscriber("s-1", NOW)
    assert store.find_subscriber("s-1") is None and store.load_told(["s-1"], [item.key for item in changes]) == {}
    assert [item.digest is None for item in store.load_digests()] == [True, False, True]
    assert [item.state for item in store.load_deliveries()] == ["cancelled", "pending", "refused"]
    assert [item.subscriber_id for item in store.load_due(NOW)] == ["s-2"]
    assert store.verify_digests() == ()
    if address.startswith("sqlite"):
        path = Path(address.removeprefix("sqlite:///"))
        left = b"".join(file.read_bytes() for file in path.parent.iterdir())
        assert b"reader-2@desk" in left
        for trace in (b"reader-1@desk", b"Ann Reader", b'you watch Fern AI"],"told":null}],"groups":[]'):
            assert trace not in left
    store.save_subscriber(subscriber(1, name="Ann Reader"))  # and may come back


def break_it(address: str, statement: str) -> None:
    with create_engine(address).begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE digest SET payload = replace(payload, 'watch', 'watched') WHERE position = 2", "not what was sent"),
        ("UPDATE delivery SET body = subject::bytea WHERE id = 2", "not what was sent"),
        ("UPDATE digest SET content_sha256 = sha256 WHERE position = 1", "its hash is not that of itself"),
        ("DELETE FROM digest WHERE position = 2", "number 2 of the chain is not there"),
        ("UPDATE digest SET payload = NULL WHERE position = 2", "no erasure is on record"),
        ("UPDATE change SET edition = 'f00' WHERE seq = 1", "change 1: the log of changes says something else"),
        ("UPDATE change SET seen_at = '2026-01-02 00:00:00.000000' WHERE seq = 2", "change 2: the log"),
        ("DELETE FROM change WHERE seq = 1", "change 1 of the log is not there"),
        ("DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)", "the log of changes ends with"),
        ("UPDATE change SET payload = replace(payload, 'nearly', 'about') WHERE seq = 1", "says something else"),
    ],
)
def test_what_is_altered_or_taken_out_shows(address: str, store: SqlSubscriptions, statement: str, told: str) -> None:
    people = with_changes(store, *(subscriber(number) for number in range(3)))
    store.save_cuts([cut(person, store.load_changes(0)) for person in people])
    assert store.verify_digests() == ()
    if address.startswith("sqlite"):
        statement = statement.replace("subject::bytea", "CAST(subject AS BLOB)")
    break_it(address, statement)
    assert told in store.verify_digests()[0]


def test_the_file_is_for_its_owner_alone_and_each_commit_is_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "var" / "subscribers.db"
    address = f"sqlite:///{path}"
    assert not has_subscriptions(address)
    with open_subscriptions(address) as store:
        store.save_subscriber(subscriber(1))
        assert {f"{item.stat().st_mode & 0o777:o}" for item in path.parent.iterdir()} == {"600"}
        assert len(list(path.parent.iterdir())) == 3  # the file, its log and the log's index
        with store._engine.connect() as connection:
            asked = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")]
        assert asked == [2, "wal"]
    assert has_subscriptions(address)


def test_databases_of_other_kinds_are_told_apart(tmp_path: Path) -> None:
    working, own = f"sqlite:///{tmp_path / 'tracker.db'}", f"sqlite:///{tmp_path / 'subscribers.db'}"
    with open_store(working), open_subscriptions(own):
        pass
    with pytest.raises(StoreUnusable, match="not a database of the tracker's subscribers"), open_subscriptions(working):
        pass
    with pytest.raises(StoreUnusable, match="not a database of the tracker;"), open_store(own):
        pass
    (tmp_path / "words.db").write_text("these are words, and no database of anybody, over many many pages " * 99)
    with pytest.raises(StoreUnusable, match="not a database"), open_subscriptions(f"sqlite:///{tmp_path / 'words.db'}"):
        pass
    with closing(sqlite3.connect(tmp_path / "subscribers.db")) as connection:
        connection.execute(f"UPDATE {VERSIONS} SET version_num = '0999'")
        connection.commit()
    with pytest.raises(StoreNewer), open_subscriptions(own):
        pass


def test_a_monitor_is_told_how_many_there_are_of_each_and_since_when_one_waits(store: SqlSubscriptions) -> None:
    assert store.load_delivery_figures() == DeliveryFigures()
    one, other, off = with_changes(store, subscriber(1), subscriber(2, "webhook"), subscriber(3))
    for number, whose in enumerate((one, other, off)):
        store.save_message(whose.id, message(whose, "hello"), NOW + timedelta(minutes=number))
    store.save_subscriber(replace(off, state="disabled"))
    first, *_ = store.load_due(NOW + timedelta(hours=1))
    store.save_attempt(tried(store, first.id, "temporary"), "pending", NOW)
    store.save_attempt(tried(store, first.id), "sent")
    assert store.load_delivery_figures() == DeliveryFigures(
        (("mail", "pending", 1), ("mail", "sent", 1), ("webhook", "pending", 1)),
        (("mail", "sent", 1), ("mail", "temporary", 1)),
        (("active", 2), ("disabled", 1)),
        NOW + timedelta(minutes=1),
    ), "what waits for somebody who is switched off is nobody's delay"
