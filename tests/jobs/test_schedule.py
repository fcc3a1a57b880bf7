"""The schedule of a fleet defers what is due, once, however many of it there are."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.jobs.fleet import WITHIN_S, Fleet, wait_for
from tests.postgres import PASSWORD, PostgresServer
from tests.schedule.conftest import Web
from tracker.ports.work import Wanted


def collected(fleet: Fleet) -> list[str]:
    """The sources of all jobs that were ever deferred to collect one."""
    with create_engine(fleet.url, poolclass=NullPool).connect() as connection:
        found = connection.execute(
            text("SELECT args ->> 'source' FROM procrastinate_jobs WHERE queue_name = 'collect'")
        )
        return sorted(found.scalars())


def pages(fleet: Fleet) -> int:
    with create_engine(fleet.url, poolclass=NullPool).connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM page WHERE NOT is_listing")).scalar_one())


def test_two_schedulers_fire_each_source_once(collecting: Fleet, web: Web) -> None:
    with collecting.process("schedule") as one, collecting.process("schedule") as other:
        with collecting.process("worker"):
            wait_for(lambda: pages(collecting) == 9)
            wait_for(lambda: (collecting.folder / "site/sources.html").is_file())
        assert collected(collecting) == ["ash", "birch", "cedar"]
        assert one.poll() is None and other.poll() is None
        one.terminate()
        assert one.wait(30) == 0
    assert sorted(item for item in web.asked if item.count("/") == 1 and item != "/robots.txt") == [
        "/ash", "/birch", "/cedar"
    ]  # fmt: skip
    with collecting.process("schedule"):
        time.sleep(2)
    assert collected(collecting) == ["ash", "birch", "cedar"], "none is due again yet"


def test_a_job_that_came_twice_collects_once(collecting: Fleet, web: Web) -> None:
    with collecting.app() as app:
        app.store.work.defer([Wanted("collect", "ash", {"source": "ash"})])
    collecting.drain("--only", "collect")
    with collecting.app() as app:
        app.store.work.defer([Wanted("collect", "ash", {"source": "ash"})])
    told = collecting.drain("--only", "collect")
    assert "ash: collect " in told, "the second job was taken"
    assert web.asked.count("/ash") == 1


def test_a_command_waits_for_what_workers_have_in_flight_and_they_for_it(collecting: Fleet, web: Web) -> None:
    gate = web.hold("/ash/1")
    with collecting.app() as app:
        app.store.work.defer([Wanted("collect", "ash", {"source": "ash"})])
    with collecting.process("worker", "--only", "collect") as worker:
        wait_for(lambda: web.was_asked("/ash/1"))
        with collecting.process("run", "birch") as command:
            wait_for(lambda: "waiting for what workers have in flight" in collecting.last_told("run"))
            assert not web.was_asked("/birch")
            gate.set()
            assert command.wait(WITHIN_S) == 0
        wait_for(lambda: pages(collecting) == 6)
        worker.terminate()
        assert worker.wait(30) == 0

    held = web.hold("/cedar")
    with collecting.process("run", "cedar") as command:
        wait_for(lambda: web.was_asked("/cedar"))
        with collecting.app() as app:
            app.store.work.defer([Wanted("collect", "ash", {"source": "ash"})])
        with collecting.process("worker", "--until-idle", "--only", "collect") as worker:
            wait_for(lambda: "waiting for another run" in collecting.last_told("worker"))
            held.set()
            assert command.wait(WITHIN_S) == 0
            assert worker.wait(WITHIN_S) == 0
    assert pages(collecting) == 9


@pytest.mark.parametrize("stalled_after", ["2s", "10m"])
def test_worker_and_scheduler_outlive_a_database_that_goes_away(
    collecting: Fleet, postgres: PostgresServer, web: Web, stalled_after: str
) -> None:
    """Whether others take the worker for lost meanwhile, or it is heard of again in time and ends its jobs itself."""
    config = collecting.config.read_text()
    collecting.config.write_text(config.replace("stalled_after: 2s", f"stalled_after: {stalled_after}"))
    name = collecting.url.partition("@/")[2].partition("?")[0]
    away = f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"
    gates = [web.hold(path) for path in ("/ash", "/birch", "/cedar")]
    with collecting.process("schedule") as scheduler, collecting.process("worker") as worker:
        wait_for(lambda: gates == [web.gates[path] for path in web.gates if web.was_asked(path)])
        refused = collecting.run("jobs", "list", "--status", "doing")
        assert "collect ash" in refused.stdout
        postgres.run(away, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        for gate in gates:
            gate.set()
        time.sleep(3)
        postgres.run(away.replace("false", "true"))
        wait_for(lambda: pages(collecting) == 9)
        wait_for(lambda: (collecting.folder / "site/sources.html").is_file())
        assert scheduler.poll() is None and worker.poll() is None
        worker.terminate()
        assert worker.wait(30) == 0
    assert PASSWORD not in collecting.told
