"""Cutting over real databases: whoever is due is told everything once, in whatever order things happen."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.digest.telling_world import CORRECTED, LINKS, SETTINGS, SUBSCRIBER, change
from tests.digest.test_matching import changes, is_wanted, rules
from tests.render.conftest import build_world
from tracker.config import Site
from tracker.digest.telling import render_confirmation, render_message
from tracker.errors import ConfigError, UnreadableInput
from tracker.pipeline.cutting import cut
from tracker.render.database import make_database
from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions
from tracker.types import StageReport
from tracker.types.changes import Change
from tracker.types.digests import Digest, Message
from tracker.types.watching import CADENCES, Subscriber, WatchRule

BEGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "tracker.db"
    path.write_bytes(make_database(build_world(), Site()))
    return path


def render(subscriber: Subscriber, digest: Digest) -> Message:
    return render_message(subscriber, digest, SETTINGS, LINKS)


class World:
    """A site's database that is published again and again, subscribers, and a clock."""

    def __init__(self, folder: Path, published: Path) -> None:
        self.folder, self.file = folder, folder / "tracker.db"
        shutil.copyfile(published, self.file)
        self.now = BEGIN
        self.editions = 0
        self.seq = 0
        self._stack = ExitStack()
        self.restart()
        self.publish()

    def restart(self) -> None:
        self.close()
        address = f"sqlite:///{self.folder / 'subscribers.db'}"
        self.store: SqlSubscriptions = self._stack.enter_context(open_subscriptions(address))

    def close(self) -> None:
        self._stack.close()

    def publish(self, *news: Change) -> None:
        """Another edition, in which this is new."""
        self.editions += 1
        draft = self.folder / "draft.db"
        shutil.copyfile(self.file, draft)
        with sqlite3.connect(draft) as connection:
            connection.execute("UPDATE _about SET value = ? WHERE name = 'title'", (f"Edition {self.editions}",))
        connection.close()
        draft.replace(self.file)
        last = self.store.load_edition()
        self.seq = self.store.save_edition(
            self.sha256(), self.now, (), (), news, compared_with=last.sha256 if last else None
        )

    def sha256(self) -> str:
        return sha256(self.file.read_bytes()).hexdigest()

    def subscribe(self, number: int, *watched: WatchRule, **more: object) -> Subscriber:
        made = replace(
            SUBSCRIBER, id=f"s{number}", name=f"desk-{number}", channel="feed", address="", rules=watched,
            cadence="at_once", timezone="UTC", created_at=self.now,
        )  # fmt: skip
        self.store.save_subscriber(replace(made, **more))  # type: ignore[arg-type]
        found = self.store.find_subscriber(made.id)
        assert found is not None
        return found

    def cut(self, **more: object) -> StageReport:
        return cut(self.store, self.file, SETTINGS, self.now, more.pop("render", render), **more)  # type: ignore[arg-type]

    def digests(self, subscriber_id: str) -> list[Digest]:
        assert self.store.verify_digests() == ()
        return [kept.digest for kept in self.store.load_digests(subscriber_id=subscriber_id) if kept.digest]

    def told(self, subscriber_id: str) -> list[int]:
        """The seq of each change that was told, in order."""
        return [
            item.change.seq
            for digest in self.digests(subscriber_id)
            for item in sorted((*digest.corrections, *(i for group in digest.groups for i in group.items), *digest.rest), key=lambda item: item.change.seq)
        ]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, published: Path) -> Iterator[World]:
    made = World(tmp_path, published)
    yield made
    made.close()


def news(number: int, **more: object) -> Change:
    return change("event", f"News {number}", key=f"event:n{number}", event_id=f"n{number}", **more)


def test_who_is_due_is_told_what_is_new_and_nobody_what_was_before(world: World) -> None:
    world.publish(news(0))
    world.subscribe(1, WatchRule(entities=("alibaba",)))
    world.subscribe(2, WatchRule(entities=("deepseek",)))
    world.subscribe(3, WatchRule(), cadence="daily", at_hour=8)
    assert world.cut() == StageReport("cut")
    world.publish(news(1), news(2))
    assert world.cut() == StageReport("cut", given=2, done=1, skipped=1)
    assert world.cut() == StageReport("cut")  # nothing is told again
    assert (world.told("s1"), world.told("s2"), world.told("s3")) == ([2, 3], [], [])
    world.now += DAY
    assert world.cut() == StageReport("cut", given=1, done=1)
    assert world.told("s3") == [2, 3]
    (digest,) = world.digests("s1")
    assert (digest.number, digest.edition, digest.since) == (1, world.sha256(), None)
    world.publish(news(3))
    world.cut()
    assert (world.digests("s1")[1].number, world.digests("s1")[1].since) == (2, BEGIN)


def test_an_address_that_nobody_confirmed_is_forgotten_when_its_link_holds_no_more(world: World) -> None:
    world.publish(news(0))
    world.subscribe(9, WatchRule())
    made = [
        world.subscribe(number, WatchRule(), channel="mail", address=f"{number}@desk.example", state=state, **more)
        for number, state, more in (
            (1, "pending", {}), (2, "pending", {"confirmed_at": world.now}), (3, "paused", {}), (4, "pending", {}),
        )
    ]  # fmt: skip
    mail = render_confirmation(made[3], SETTINGS, LINKS, world.now)
    world.store.save_message(made[3].id, mail, world.now)  # its confirmation has not been sent yet
    world.now += timedelta(days=7)
    world.cut()
    assert len(world.store.load_subscribers()) == 5
    world.now += timedelta(days=1)
    world.cut()
    assert {one.id for one in world.store.load_subscribers()} == {"s2", "s3", "s4", "s9"}


def test_the_message_stands_in_the_outbox_with_the_digest(world: World) -> None:
    world.subscribe(1, WatchRule(entities=("alibaba",)), channel="mail", address="desk@bank.example")
    world.publish(news(1))
    world.cut()
    (delivery,) = world.store.load_due(world.now)
    (digest,) = world.digests("s1")
    assert (delivery.digest_id, delivery.subscriber_name) == (digest.id, "desk-1")
    assert delivery.message == render(replace(SUBSCRIBER, id="s1", name="desk-1", rules=(WatchRule(entities=("alibaba",)),), cadence="at_once",
                                              timezone="UTC"), digest)  # fmt: skip
    assert b"News 1" in delivery.message.body


def test_a_subscriber_whose_message_cannot_be_made_keeps_its_place_and_stops_nobody(world: World) -> None:
    for number in (1, 2, 3):
        world.subscribe(number, WatchRule(entities=("alibaba",)))
    world.publish(news(1))

    def half(subscriber: Subscriber, digest: Digest) -> Message:
        if subscriber.id == "s1":
            raise ConfigError("digests.mail is not set")
        if subscriber.id == "s2":
            raise ZeroDivisionError("our bug")
        return render(subscriber, digest)

    report = world.cut(render=half)
    assert (report.given, report.done) == (3, 1)
    assert [(problem.where, problem.why) for problem in report.problems] == [
        ("desk-1", "The configuration is wrong: digests.mail is not set"),
        ("desk-2", "ZeroDivisionError: our bug"),
    ]
    world.publish(news(2))
    assert world.cut().done == 3
    assert (world.told("s1"), world.told("s3")) == ([1, 2], [1, 2])


def test_a_zone_that_is_gone_is_a_problem_of_one(world: World) -> None:
    world.subscribe(1, WatchRule(), cadence="daily", timezone="Mars/Olympus")
    world.subscribe(2, WatchRule())
    world.publish(news(1))
    report = world.cut()
    assert (report.given, report.done, [problem.where for problem in report.problems]) == (2, 1, ["desk-1"])


def test_a_zone_that_is_gone_stops_nobody_who_is_told_at_once(world: World) -> None:
    for number in (1, 2):
        world.subscribe(number, WatchRule(), timezone="Mars/Olympus" if number == 1 else "UTC")
    world.publish(news(1))
    assert world.cut().done == 2
    world.publish(change("corrected", "News 1", key="event:n1", event_id="n1", corrects=("event:n1",)))
    assert world.cut() == StageReport("cut", given=2, done=2)
    (item,) = world.digests("s1")[1].corrections
    assert "you were told of it on 1 June 2026" in item.why


def break_rules(world: World, id: str, rules: str) -> None:
    with closing(sqlite3.connect(world.folder / "subscribers.db")) as connection, connection:
        connection.execute("UPDATE subscriber SET rules = ? WHERE id = ?", (rules, id))


@pytest.mark.parametrize("rules", ['[{"kinds": ["of a newer tracker"]}]', "[", "7", '[{"entities": 1}]'])
def test_rules_that_cannot_be_read_are_a_problem_of_one(world: World, rules: str) -> None:
    first, _ = world.subscribe(1, WatchRule()), world.subscribe(2, WatchRule())
    break_rules(world, "s1", rules)
    world.publish(news(1))
    report = world.cut()
    assert (report.given, report.done, [problem.where for problem in report.problems]) == (2, 1, ["desk-1"])
    assert "cannot be read" in report.problems[0].why and "tracker subscribers set" in report.problems[0].why
    found = world.store.find_subscriber("s1")
    assert found is not None and found.unreadable and found.cursor == first.cursor
    world.store.save_subscriber(replace(found, name="desk-one"))
    kept = world.store.find_subscriber("s1")
    assert kept is not None and kept.unreadable, "another name leaves the rules as they are"
    world.store.save_subscriber(replace(found, rules=(WatchRule(),)))
    assert (world.cut().done, world.told("s1"), world.told("s2")) == (1, [1], [1])


def test_an_hour_that_is_none_is_a_problem_of_one(world: World) -> None:
    world.subscribe(1, WatchRule(), cadence="daily", at_hour=99)
    world.subscribe(2, WatchRule())
    world.publish(news(1))
    report = world.cut()
    assert (report.done, [problem.where for problem in report.problems]) == (1, ["desk-1"])


def test_corrections_reach_who_was_told_whatever_it_watches_now(world: World) -> None:
    told = change("figure", "A figure", key="figure:fig-1", after="about 24,000 accounts")
    reader = world.subscribe(1, WatchRule(kinds=("figure",)))
    world.subscribe(2, WatchRule(entities=("deepseek",)))
    world.publish(told)
    world.cut()
    world.store.save_subscriber(replace(reader, rules=(WatchRule(entities=("deepseek",)),)))
    world.publish(CORRECTED)
    assert world.cut() == StageReport("cut", given=2, done=1, skipped=1)
    (item,) = world.digests("s1")[1].corrections
    assert item.told is not None
    assert (item.told.words, item.change.after) == ("about 24,000 accounts", "nearly 25,000 accounts")
    assert item.told.digest_id == world.digests("s1")[0].id
    again = replace(CORRECTED, key="revision:2", before=CORRECTED.after, after="26,100", corrects=("figure:fig-1",))
    world.publish(again)
    world.cut()
    (item,) = world.digests("s1")[2].corrections
    assert item.told is not None
    assert item.told.words == "nearly 25,000 accounts"  # as it was last told


def test_an_all_clear_comes_once_an_hour_of_its_and_only_where_it_is_asked_for(world: World) -> None:
    world.subscribe(1, WatchRule(), cadence="daily", at_hour=8, wants_all_clear=True)
    world.subscribe(2, WatchRule(), cadence="daily", at_hour=8)
    world.subscribe(3, WatchRule(), wants_all_clear=True)
    for _ in range(3):
        world.now += timedelta(hours=10)
        world.cut()
        world.cut()
    assert [digest.kind for digest in world.digests("s1")] == ["all_clear"]
    assert world.digests("s2") == world.digests("s3") == []
    world.now += 400 * DAY  # the clock jumps ahead, and is set right again
    world.cut()
    world.now -= 400 * DAY
    world.cut()
    assert len(world.digests("s1")) == 2
    world.publish(news(1))
    world.now += DAY
    world.cut()
    assert [digest.kind for digest in world.digests("s1")] == ["all_clear", "all_clear", "digest"]


def test_who_has_more_before_it_than_one_digest_is_made_of_gets_the_next_at_once(world: World) -> None:
    world.subscribe(1, WatchRule(), cadence="monthly")
    world.subscribe(2, WatchRule())
    world.publish(*(news(number) for number in range(1, 8)))
    world.cut(most_changes=5)
    world.now += 30 * DAY
    for _ in range(3):
        world.cut(most_changes=5)
    assert [digest.to_seq for digest in world.digests("s1")] == [5, 7]
    assert world.told("s1") == world.told("s2") == list(range(1, 8))


def test_two_who_cut_at_once_tell_everything_once(world: World) -> None:
    for number in range(10):
        world.subscribe(number, WatchRule(), cadence="daily", wants_all_clear=True)
    world.publish(*(news(number) for number in range(5)))
    world.now += DAY
    barrier = threading.Barrier(2)

    def slow(subscriber: Subscriber, digest: Digest) -> Message:
        if subscriber.id == "s0":
            barrier.wait(timeout=30)  # both have looked before either has kept anything
        return render(subscriber, digest)

    threads = [threading.Thread(target=world.cut, kwargs={"render": slow}) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(10):
        assert world.told(f"s{number}") == [1, 2, 3, 4, 5]
    world.now += DAY
    barrier.reset()
    threads = [threading.Thread(target=world.cut, kwargs={"render": slow}) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(world.digests(f"s{number}")) == 2 for number in range(10))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "there is no published database to tell subscribers of; `tracker publish` makes it"),
        (b"no database", "is no SQLite database"),
        ("newer", "was made by a newer tracker"),
    ],
)
def test_a_published_database_of_no_use_is_named(world: World, body: bytes | str | None, why: str) -> None:
    if body is None:
        world.file.unlink()
    elif isinstance(body, bytes):
        world.file.write_bytes(body)
    else:
        with sqlite3.connect(world.file) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    with pytest.raises(UnreadableInput, match=why):
        world.cut()


STEPS = st.one_of(
    st.tuples(st.just("publish"), st.lists(changes(), min_size=1, max_size=3)),
    st.tuples(st.just("wait"), st.integers(1, 24 * 40)),
    st.tuples(st.just("cut"), st.integers(2, 6)),
    st.tuples(st.sampled_from(("pause", "resume", "set clock back", "restart")), st.integers(0, 2)),
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    steps=st.lists(STEPS, max_size=14),
    watched=st.lists(st.lists(rules, min_size=1, max_size=3), min_size=3, max_size=3),
    cadences=st.lists(st.sampled_from(CADENCES), min_size=3, max_size=3),
    zones=st.lists(
        st.sampled_from(("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia")), min_size=3, max_size=3
    ),
)
def test_everything_that_fits_is_told_once_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, published: Path, steps: list[tuple[str, object]],
    watched: list[list[WatchRule]], cadences: list[str], zones: list[str],
) -> None:  # fmt: skip
    world = World(tmp_path_factory.mktemp("world"), published)
    people = [
        world.subscribe(
            number, *watched[number], cadence=cadences[number], timezone=zones[number], wants_all_clear=number == 1
        )
        for number in range(3)
    ]
    known: list[Change] = []
    for number, (step, what) in enumerate([*steps, ("wait", 24 * 40), ("cut", 6), ("cut", 6)]):
        if step == "publish":
            fresh = [replace(one, key=f"{one.key}{number}-{place}", corrects=()) for place, one in enumerate(what)]  # type: ignore[call-overload,arg-type,var-annotated]
            world.publish(*fresh)
            known += [replace(one, seq=world.seq - len(fresh) + place) for place, one in enumerate(fresh, 1)]
        elif step == "wait":
            world.now += timedelta(hours=what)  # type: ignore[arg-type]
        elif step == "set clock back":
            world.now -= timedelta(days=200)
        elif step == "restart":
            world.restart()
        elif step == "cut":
            world.cut(most_changes=what)
        else:
            set_state(world, people[what], "paused" if step == "pause" else "active")  # type: ignore[call-overload]
    for person in people:
        set_state(world, person, "active")
    for _ in range(len(known) + 1):
        world.cut(most_changes=4)
    for person in people:
        fitting = [one.seq for one in known if any(is_wanted(rule, one) for rule in person.rules)]
        assert world.told(person.id) == fitting
        digests = world.digests(person.id)
        assert [digest.number for digest in digests] == list(range(1, len(digests) + 1))
        covered = [(digest.from_seq, digest.to_seq) for digest in digests]
        assert covered == sorted(covered)
    world.close()


def set_state(world: World, person: Subscriber, state: str) -> None:
    world.store.save_subscriber(replace(person, state=state))  # type: ignore[arg-type]
