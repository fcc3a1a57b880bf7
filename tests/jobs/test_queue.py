"""The queue itself: no wake-up is lost, ends of jobs are their own worker's, dead jobs are seen and tried again."""

from __future__ import annotations

import asyncio
import json

import pytest
from procrastinate.jobs import Job, Status
from sqlalchemy import Connection, NullPool, create_engine, text

from tests.jobs.fleet import Fleet, documents
from tests.postgres import PostgresServer
from tracker.errors import StoreLocked
from tracker.jobs.broker import Endings, OurJobs, make_queue
from tracker.jobs.retrying import decide_retry
from tracker.ports.work import STAGES, Failure, Wanted
from tracker.reconcile.change import Change
from tracker.stopping import Stopping
from tracker.store.work.deferring import note_due


def fetch(connection: Connection, queue: str = "extract") -> tuple[int, int] | None:
    """(job, worker) of the next job of a queue, taken as Procrastinate's workers do."""
    worker = connection.execute(text("SELECT worker_id FROM procrastinate_register_worker_v1()")).scalar_one()
    taken = text("SELECT id FROM procrastinate_fetch_job_v2(CAST(ARRAY[:queue] AS varchar[]), :worker)")
    job = connection.execute(taken, {"queue": queue, "worker": worker}).scalar()
    return None if job is None else (job, worker)


def waiting(connection: Connection) -> list[str]:
    found = connection.execute(text("SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo'"))
    return sorted(found.scalars())


def test_a_job_is_not_taken_before_what_it_is_for_can_be_seen(fleet: Fleet) -> None:
    with fleet.app() as app, create_engine(fleet.url, poolclass=NullPool).connect() as worker:
        app.store.work.defer([Wanted("extract", str(bucket), {"bucket": bucket}) for bucket in range(64)])
        with app.store.work._writing() as session:
            note_due(session, "extract", [f"doc-{number}" for number in range(2000)])  # of every bucket
            assert fetch(worker) is None, "each job is locked until its rows can be seen"
            worker.rollback()
        assert fetch(worker) is not None


def test_what_becomes_due_while_its_job_is_at_work_gets_another(fleet: Fleet) -> None:
    with (
        fleet.app() as app,
        create_engine(fleet.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as worker,
    ):
        fleet.ingest(documents(1))
        item = worker.execute(text("SELECT item FROM work_due WHERE stage = 'extract'")).scalar_one()
        (name,) = [name for name in waiting(worker) if name.startswith("extract")]
        taken = fetch(worker)
        assert taken is not None and name not in waiting(worker)
        with app.store.work._writing() as session:
            note_due(session, "extract", [item])
        assert name in waiting(worker)
        assert fetch(worker) is None, "it waits for the first to end"
        assert app.store.work.finish(*taken)
        assert fetch(worker) is not None


def test_the_end_of_a_job_waits_for_a_database_that_is_away(fleet: Fleet, postgres: PostgresServer) -> None:
    name = fleet.url.partition("@/")[2].partition("?")[0]
    away = f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"

    async def end(ours: OurJobs, job: Job) -> None:
        postgres.run(away, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        ending = asyncio.create_task(ours.finish_job(job, Status.SUCCEEDED, delete_job=False))
        await asyncio.sleep(1.0)
        assert not ending.done()
        postgres.run(away.replace("false", "true"))
        await asyncio.wait_for(ending, 30)

    with fleet.app() as app:
        fleet.ingest(documents(1))
        with create_engine(fleet.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as worker:
            taken, own = fetch(worker) or (0, 0)
        queue = make_queue(fleet.url, app.store.work, Endings(), Stopping())
        assert isinstance(queue.job_manager, OurJobs)
        job = Job(id=taken, queue="extract", lock=None, queueing_lock=None, task_name="extract", worker_id=own)
        asyncio.run(end(queue.job_manager, job))
        with create_engine(fleet.url, poolclass=NullPool).connect() as reader:
            wanted = text("SELECT status::text FROM procrastinate_jobs WHERE id = :job")
            assert reader.execute(wanted, {"job": taken}).scalar_one() == "succeeded"


def test_the_end_of_an_attempt_is_not_taken_for_that_of_another(fleet: Fleet) -> None:
    with (
        fleet.app() as app,
        create_engine(fleet.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as worker,
    ):
        work = app.store.work
        fleet.ingest(documents(1))
        job, first = fetch(worker) or (0, 0)
        worker.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))
        assert work.find_stalled(60) == [(job, "extract")]
        work.revive(job, 60, 0.0, "anybody")
        assert not work.finish(job, first), "the one that was taken for lost comes late"
        assert len(waiting(worker)) == 1, "and ends nobody's wake-up"
        again, second = fetch(worker) or (0, 0)
        assert again == job and not work.retry(job, first, 0.0)
        assert work.finish(job, second)


def test_a_job_that_is_put_back_takes_the_place_of_one_that_came_since(fleet: Fleet) -> None:
    with (
        fleet.app() as app,
        create_engine(fleet.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as worker,
    ):
        fleet.ingest(documents(1))
        job, own = fetch(worker) or (0, 0)
        with app.store.work._writing() as session:
            note_due(session, "extract", ["doc-0000"])
        assert app.store.work.retry(job, own, 0.0, Failure("OSError", "the disk is gone"))
        assert len(waiting(worker)) == 1
        assert (fetch(worker) or (0, 0))[0] == job


def test_who_began_to_reconcile_earlier_may_not_write(fleet: Fleet) -> None:
    with fleet.app() as app:
        early, late = app.store.begin_reconciling(), app.store.begin_reconciling()
        with pytest.raises(StoreLocked, match="another process has begun to reconcile"):
            app.store.save_change("k", Change(), {}, token=early)
        app.store.save_change("k", Change(), {}, token=late)
        assert app.store.work.load_unpublished() == {"site": 1}


def test_a_sweep_finds_what_no_job_leads_to(fleet: Fleet) -> None:
    with (
        fleet.app() as app,
        create_engine(fleet.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as other,
    ):
        fleet.ingest(documents(3))
        other.execute(text("DELETE FROM work_due"))  # a copy of a store has none
        other.execute(text("DELETE FROM procrastinate_jobs"))
        found = app.store.work.sweep("read/x", "an extractor", [])
        assert found["unextracted"] == 3 and found["deferred"] == len(waiting(other))
        assert not any(app.store.work.sweep("read/x", "an extractor", []).values()), "nothing is done twice"


@pytest.mark.parametrize("stage", STAGES)
def test_tries_become_rarer_and_end(stage: str) -> None:
    assert stage in STAGES
    pauses = [decide_retry(stage, failed, 0, 6) for failed in range(1, 7)]  # type: ignore[arg-type]
    assert pauses[0] == 10 and pauses[-1] is None
    counted = [pause for pause in pauses if pause is not None]
    assert counted == sorted(counted) and counted[-1] <= 3600
    ended = [decide_retry(stage, 0, times, 6, has_ended=True) for times in range(1, 40)]  # type: ignore[arg-type]
    assert ended[0] == 0, "the first end is most likely nothing of the job's own"
    assert (None in ended) == (stage not in ("read", "extract")), "of these the items are set aside instead"


def test_dead_jobs_are_listed_shown_and_tried_again(fleet: Fleet) -> None:
    with fleet.app() as app:
        app.store.work.defer([Wanted("collect", "gone", {"source": "gone"})])
    fleet.config.write_text(fleet.config.read_text().replace("stalled_after: 2s", "stalled_after: 2s, attempts: 1"))
    told = fleet.drain("--only", "collect")
    assert "failed" in told and "'gone' is not switched on" in told
    listed = json.loads(fleet.run("jobs", "list", "--status", "failed", "--format", "json").stdout)
    (job,) = listed["jobs"]
    assert job["failure"]["error"] == "UnknownSource" and job["queue"] == "collect"
    shown = fleet.run("jobs", "show", str(job["id"]))
    assert shown.returncode == 0 and "UnknownSource" in shown.stdout and "collect gone" in shown.stdout
    assert "1 dead job is waiting again" in fleet.run("jobs", "retry", str(job["id"])).stdout
    assert "not dead" in fleet.run("jobs", "retry", str(job["id"])).stderr
    assert "0 dead jobs are waiting again" in fleet.run("jobs", "retry", "--all").stdout
    assert (
        json.loads(fleet.run("jobs", "list", "--queue", "collect", "--format", "json").stdout)["jobs"][0]["status"]
        == "todo"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "77"), "there is no job 77"),
        (("retry", "77"), "there is no job 77"),
        (("retry",), "name the jobs"),
        (("retry", "7", "--all"), "either the numbers"),
        (("list", "--status", "dead"), "expected one of todo, doing, failed"),
        (("list", "--queue", "extrakt"), "expected one of collect"),
        (("list", "--format", "yaml"), "expected one of table, json"),
    ],
)
def test_wrong_names_and_numbers_are_told(fleet: Fleet, arguments: tuple[str, ...], said: str) -> None:
    ended = fleet.run("jobs", *arguments)
    assert ended.returncode == 2 and said in ended.stderr
