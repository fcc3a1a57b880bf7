"""What a worker tells a supervisor and a monitor, and what its log says of whom."""

from __future__ import annotations

import json
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.jobs.fleet import Fleet, documents, wait_for
from tests.postgres import PostgresServer
from tracker.ports.queue import QueueFigures
from tracker.probe import probe


def figures(fleet: Fleet) -> QueueFigures:
    with fleet.app() as app:
        found = app.queue_figures()
    assert found is not None
    return found


def test_the_queue_is_told_in_sums(fleet: Fleet, postgres: PostgresServer) -> None:
    with fleet.app():
        pass
    assert figures(fleet) == QueueFigures()
    fleet.ingest(documents(3))
    told = figures(fleet)
    jobs = {(queue, status): number for queue, status, number in told.jobs}
    assert dict(told.due)["extract"] == 3 and jobs["extract", "todo"] >= 1 and told.workers == 0
    assert 0 <= dict(told.waiting_s)["extract"] < 60
    name = fleet.url.partition("@/")[2].partition("?")[0]
    postgres.run(
        "UPDATE procrastinate_events SET at = at - interval '2 hours'",
        "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE queue_name = 'extract'",
        "INSERT INTO work_failure (job_id, attempt, worker, ended, error, message) "
        "SELECT min(id), 1, 'w', false, 'E', 'm' FROM procrastinate_jobs WHERE queue_name = 'extract'",
        "UPDATE work_due SET aside_at = now() WHERE item = (SELECT min(item) FROM work_due WHERE stage = 'extract')",
        database=name,
    )
    told = figures(fleet)
    assert 7190 < dict(told.waiting_s)["extract"] < 7300
    assert dict(told.retries) == {"extract": 1}
    assert (dict(told.due)["extract"], dict(told.set_aside)["extract"]) == (2, 1)


def test_a_worker_tells_its_health_the_queue_and_in_each_line_a_run(fleet: Fleet, postgres: PostgresServer) -> None:
    fleet.ingest(documents(2))
    with fleet.process("worker", "--log-format", "json", "--metrics-port", "0") as worker:

        def events() -> list[dict[str, str]]:
            lines = [line for path in fleet.folder.glob("worker-*.log") for line in path.read_text().splitlines()]
            return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

        def metrics() -> dict[str, float]:
            with urlopen(address, timeout=10) as answer:
                families = text_string_to_metric_families(answer.read().decode())
                return {sample.name: sample.value for family in families for sample in family.samples}

        wait_for(lambda: any(event["event"] == "metrics" for event in events()))
        address = next(event["address"] for event in events() if event["event"] == "metrics")
        health, ready = (address.replace("/metrics", path) for path in ("/healthz", "/readyz"))
        wait_for(lambda: probe(ready) is None)
        assert probe(health) is None
        wait_for(lambda: metrics().get("tracker_workers", 0) >= 1, 60)
        assert metrics()["process_resident_memory_bytes"] > 0
        name = fleet.url.partition("@/")[2].partition("?")[0]
        away = f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"
        postgres.run(away, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        wait_for(lambda: "database" in (probe(ready) or ""))
        assert probe(health) is None, "to start it anew would not help"
        postgres.run(away.replace("false", "true"))
        wait_for(lambda: probe(ready) is None)
        wait_for(lambda: any(event["event"] == "extract" for event in events()))
        worker.terminate()
        assert worker.wait(60) == 0
    told = [json.loads(line) for line in fleet.told.splitlines()]
    assert [event for event in told if "run" not in event] == [], "each line says of which run it is"
    by_job = {event["job"]: event["run"] for event in told if "job" in event}
    assert len(set(by_job.values())) == len(by_job) >= 1, "a job is a run of its own"
