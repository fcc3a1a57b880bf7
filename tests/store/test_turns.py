"""Whose turn it is, as the database decides it: in any order of askings and at any pace of the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from tests.postgres import PostgresServer
from tracker.errors import StoreUnusable
from tracker.ports import Asking, KeptRobots, TurnAnswer
from tracker.ports.turns import REST, STRIKES
from tracker.store import SqlHostTurns, open_turns

LEASE_S = 8.0
START = datetime(2026, 6, 10, 23, 59, tzinfo=UTC)
_names = count(1)


class Hosts:
    """Turns at hosts of which each test has new ones, by a clock that it moves."""

    def __init__(self, address: str) -> None:
        self.now = START
        self.engine = create_engine(address, isolation_level="AUTOCOMMIT")
        self.turns = SqlHostTurns(self.engine, "x", lease_s=LEASE_S, now=lambda: self.now)

    def asking(self, **changes: object) -> Asking:
        number = next(_names)
        asking = Asking(f"h{number}.example", f"k{number}", delay_s=1, concurrency=2, daily_requests=100)
        return replace(asking, **changes)  # type: ignore[arg-type]

    def take(self, asking: Asking) -> TurnAnswer:
        return self.turns.take(replace(asking, key=f"k{next(_names)}"))

    def go(self, asking: Asking, **how: object) -> None:
        """A request that begins and ends."""
        key = f"k{next(_names)}"
        assert self.turns.take(replace(asking, key=key)).verdict == "go"
        self.turns.end(asking.host, key, **({"answered": True, "silence": None} | how))  # type: ignore[arg-type]

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def hosts_of_all(postgres: PostgresServer, migrated: str) -> Iterator[Hosts]:
    with postgres.database(migrated) as address:
        hosts = Hosts(address)
        yield hosts
        hosts.engine.dispose()


@pytest.fixture
def hosts(hosts_of_all: Hosts) -> Hosts:
    hosts_of_all.now = START
    return hosts_of_all


@dataclass
class Process:
    """What one of several processes does at a host, and what it is told."""

    asking: Asking | None = None
    """The request that waits for its turn."""
    flying: list[str] = field(default_factory=list)


@dataclass
class World:
    hosts: Hosts
    like: Asking
    processes: list[Process]
    starts: list[datetime] = field(default_factory=list)
    ends_at: dict[str, datetime] = field(default_factory=dict)

    def ask(self, process: Process) -> None:
        asking = process.asking or replace(self.like, key=f"k{next(_names)}")
        answer = self.hosts.turns.take(asking)
        process.asking = replace(asking, place_at=answer.place_at)
        if answer.verdict == "go":
            under_way = [key for key, at in self.ends_at.items() if at > self.hosts.now]
            assert len(under_way) < self.like.concurrency
            self.starts.append(self.hosts.now)
            self.ends_at[asking.key] = self.hosts.now + timedelta(seconds=LEASE_S)
            process.flying.append(asking.key)
            process.asking = None
        elif answer.verdict == "queued":
            assert 0 < answer.wait_s <= len(self.processes) * self.like.delay_s + 0.001

    def end(self, process: Process) -> None:
        if process.flying:
            key = process.flying.pop(0)
            self.hosts.turns.end(self.like.host, key, answered=True, silence=None)
            del self.ends_at[key]

    def keep(self, process: Process) -> None:
        self.hosts.turns.keep(dict.fromkeys(process.flying, self.like.host))
        for key in process.flying:
            self.ends_at[key] = self.hosts.now + timedelta(seconds=LEASE_S)

    def die(self, process: Process) -> None:
        process.asking, process.flying = None, []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([World.ask, World.ask, World.ask, World.end, World.keep, World.die]), st.integers(0, 3)),
        st.floats(0, 12).map(lambda seconds: round(seconds, 3)),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=60)
@given(
    steps=STEPS, delay_s=st.sampled_from([0.0, 0.5, 1.0, 7.0]), concurrency=st.integers(1, 3), daily=st.integers(1, 9)
)
def test_no_two_starts_are_closer_than_the_pause_nor_more_than_are_allowed(
    hosts_of_all: Hosts, steps: list[object], delay_s: float, concurrency: int, daily: int
) -> None:
    hosts_of_all.now = START
    like = hosts_of_all.asking(delay_s=delay_s, concurrency=concurrency, daily_requests=daily)
    world = World(hosts_of_all, like, [Process() for _ in range(4)])
    for step in steps:
        if isinstance(step, float):
            hosts_of_all.later(step)
        elif isinstance(step, tuple):
            does, number = step
            does(world, world.processes[number])
    assert all((later - earlier).total_seconds() >= delay_s for earlier, later in pairwise(world.starts))
    for day in {at.date() for at in world.starts}:
        assert sum(at.date() == day for at in world.starts) <= daily


def test_who_asks_first_starts_first_and_a_place_that_was_left_costs_one_pause(hosts: Hosts) -> None:
    asking = hosts.asking()
    hosts.go(asking)
    second, third, fourth = (replace(asking, key=f"k{next(_names)}") for _ in range(3))
    places = [hosts.turns.take(each) for each in (second, third, fourth)]
    assert [answer.verdict for answer in places] == ["queued"] * 3
    assert [answer.wait_s for answer in places] == [1, 2, 3]
    hosts.later(2)  # the second has been killed
    assert hosts.turns.take(replace(fourth, place_at=places[2].place_at)).wait_s == 1
    assert hosts.turns.take(replace(third, place_at=places[1].place_at)).verdict == "go"
    hosts.later(1.5)
    assert hosts.turns.take(replace(fourth, place_at=places[2].place_at)).verdict == "go", "late, and not lost"
    assert hosts.take(asking).wait_s == 1


def test_a_queue_without_end_is_not_joined(hosts: Hosts) -> None:
    asking = hosts.asking(delay_s=120)
    hosts.go(asking)
    assert [hosts.take(asking).verdict for _ in range(7)] == ["queued"] * 5 + ["crowded"] * 2
    hosts.later(120)
    assert hosts.take(asking).verdict == "queued", "who was sent away has left no trace"


def test_places_at_the_same_host_are_for_what_is_under_way_too(hosts: Hosts) -> None:
    asking = hosts.asking(delay_s=0)
    assert [hosts.take(asking).verdict for _ in range(3)] == ["go", "go", "full"]
    hosts.later(LEASE_S + 0.1)
    assert hosts.take(asking).verdict == "go", "what nobody keeps is over"


def test_a_request_that_is_asked_for_again_is_the_same(hosts: Hosts) -> None:
    asking = hosts.asking(delay_s=0, concurrency=1)
    assert [hosts.turns.take(asking).verdict for _ in range(2)] == ["go", "go"], "the answer to the first was lost"


def test_a_budget_begins_anew_at_midnight_and_counts_what_was_known_before(hosts: Hosts) -> None:
    asking = hosts.asking(delay_s=0, daily_requests=5, known=(START.date(), 3))
    hosts.go(asking)
    hosts.go(asking)
    assert hosts.take(asking).verdict == "spent"
    hosts.later(60)
    hosts.go(asking)
    hosts.go(hosts.asking(daily_requests=1, known=(START.date(), 1)))


def test_a_hold_refuses_and_a_pause_puts_off_until_it_ends(hosts: Hosts) -> None:
    asking = hosts.asking()
    hosts.go(asking)
    hosts.turns.pause(asking.host, 30)
    hosts.turns.pause(asking.host, 5)
    waiting = hosts.take(asking)
    assert (waiting.verdict, waiting.wait_s) == ("queued", 30)
    hosts.turns.hold(asking.host, 3600)
    hosts.turns.hold(asking.host, 60)
    hosts.later(30)
    held = hosts.turns.take(replace(asking, place_at=waiting.place_at))
    assert (held.verdict, held.wait_s) == ("held", 3570)
    hosts.later(3570)
    assert hosts.turns.take(replace(asking, place_at=waiting.place_at)).verdict == "go"


def test_silences_in_a_row_make_a_host_rest_whoever_met_them(hosts: Hosts) -> None:
    asking = hosts.asking(delay_s=0)
    silent = {"answered": False, "silence": "timeout"}
    for how in (*[silent] * (STRIKES - 1), {}, *[silent] * STRIKES):
        hosts.go(asking, **how)
    resting = hosts.take(asking)
    assert (resting.verdict, resting.wait_s, resting.reason) == ("resting", REST.total_seconds(), "timeout")
    hosts.later(REST.total_seconds())
    hosts.go(asking, answered=False, silence=None)
    hosts.go(asking, **silent)
    hosts.go(asking)


def test_what_robots_txt_asks_for_holds_for_those_who_have_not_seen_it_and_not_for_ever(hosts: Hosts) -> None:
    asking = hosts.asking()
    hosts.go(asking)
    hosts.turns.slow_down(asking.host, 20)
    assert hosts.take(asking).wait_s == 20
    hosts.later(60)
    hosts.go(asking)
    hosts.turns.slow_down(asking.host, 10)
    assert hosts.take(asking).wait_s == 20, "the longer of two origins of the host"
    hosts.later(86_400)
    hosts.go(asking)
    assert hosts.take(asking).wait_s == 1


def test_a_robots_txt_is_left_to_others_with_its_age_and_its_one_visit(hosts: Hosts) -> None:
    origin = f"https://{hosts.asking().host}"
    assert hosts.turns.find_robots(origin) is None
    hosts.turns.keep_robots(origin, KeptRobots("User-agent: *\n"))
    assert [hosts.turns.visit(origin) for _ in range(2)] == [True, False]
    hosts.later(60)
    assert hosts.turns.find_robots(origin) == KeptRobots("User-agent: *\n", age_s=60)
    hosts.turns.keep_robots(origin, KeptRobots(unreachable="it answered 503", reason="status"))
    assert hosts.turns.find_robots(origin) == KeptRobots(None, "it answered 503", "status")
    assert not hosts.turns.visit(origin), "two had fetched it at the same time"
    hosts.later(6 * 3600)
    hosts.turns.keep_robots(origin, KeptRobots())
    assert hosts.turns.visit(origin)
    hosts.later(9 * 86_400)
    hosts.turns.forget()
    assert hosts.turns.find_robots(origin) is None


def test_hosts_are_forgotten_when_nothing_of_them_binds_any_more(hosts: Hosts) -> None:
    old, young = hosts.asking(), hosts.asking()
    hosts.go(old)
    hosts.later(86_400 * 4)
    hosts.go(young)
    hosts.later(86_400 * 5)
    hosts.turns.forget()
    with hosts.engine.connect() as connection:
        kept = set(connection.execute(text("SELECT host FROM host_turn")).scalars())
    assert young.host in kept and old.host not in kept


def test_of_many_that_ask_at_once_none_goes_too_early_and_none_is_lost(postgres_url: str) -> None:
    like = Asking("a.example", "", delay_s=0.002, concurrency=1000, daily_requests=150)
    said: list[TurnAnswer] = []

    def ask(turns: SqlHostTurns, name: str, wait: Callable[[float], object]) -> None:
        for number in range(40):
            asking = replace(like, key=f"{name}-{number}")
            while (answer := turns.take(asking)).verdict == "queued":
                asking = replace(asking, place_at=answer.place_at)
                wait(answer.wait_s)
            said.append(answer)

    with open_turns(postgres_url) as turns, open_turns(postgres_url) as others:
        assert turns is not None and others is not None
        wait = threading.Event().wait
        asking = [threading.Thread(target=ask, args=((turns, others)[n % 2], str(n), wait)) for n in range(6)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert [sum(answer.verdict == kind for answer in said) for kind in ("go", "spent")] == [150, 90]
    with create_engine(postgres_url).connect() as connection:
        (asked,) = connection.execute(text("SELECT asked FROM host_turn")).scalars()
    assert asked == 150


def test_a_file_has_no_others_and_a_server_that_is_away_says_so(tmp_path: object, empty_postgres_url: str) -> None:
    with open_turns(f"sqlite:///{tmp_path}/t.db") as none:
        assert none is None
    with pytest.raises(StoreUnusable, match="host_turn"), open_turns(empty_postgres_url):
        pass
