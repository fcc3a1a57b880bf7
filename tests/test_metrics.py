"""Metrics: what a monitor reads from the textfile and over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tracker.errors import OutputUnusable
from tracker.metrics import Metrics, Snapshot, SourceFigures
from tracker.ports import AttemptSum
from tracker.ports.queue import QueueFigures
from tracker.ports.subscriptions import DeliveryFigures
from tracker.types import Health

NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
SNAPSHOT = Snapshot(
    sources=(
        SourceFigures("wire", Health("fine", NOW, last_success_at=NOW, last_news_at=NOW), NOW),
        SourceFigures('a"b\\', Health("unreachable", NOW, "no answer"), None),
    ),
    sums=(
        AttemptSum("wire", "unchanged", "", 4, 4000, 90),
        AttemptSum("wire", "refused", "robots", 1, 0, 10),
    ),
    totals=(("documents", 7),),
    stages=(("extract", 1.5),),
    run_at=NOW,
    backup_at=NOW,
    deliveries=DeliveryFigures((("mail", "sent", 3),), (("mail", "temporary", 1),), (("active", 2),), NOW),
    queue=QueueFigures((("read", "todo", 2),), (("read", 3.5),), (("read", 1),), 4, (("extract", 9),), (("read", 1),)),
)


def samples_of(text: str) -> dict[tuple[str, str], float]:
    """(name, labels) -> value, read by the library's own parser."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_textfile_says_how_sources_do_and_what_was_asked(tmp_path: Path) -> None:
    metrics = Metrics(SNAPSHOT)
    metrics.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.prom"]
    samples = samples_of((tmp_path / "metrics.prom").read_text())
    assert samples["tracker_source_state", "wire fine"] == 1
    assert samples["tracker_source_state", "wire silent"] == 0
    assert samples["tracker_source_state", 'a"b\\ unreachable'] == 1
    assert samples["tracker_source_last_success_timestamp_seconds", "wire"] == NOW.timestamp()
    assert ("tracker_source_last_success_timestamp_seconds", 'a"b\\') not in samples
    assert samples["tracker_attempts_total", "refused robots wire"] == 1
    assert samples["tracker_received_bytes_total", "wire"] == 4000
    assert samples["tracker_attempt_seconds_sum", "wire"] == pytest.approx(0.1)
    assert samples["tracker_attempt_seconds_count", "wire"] == 5
    assert samples["tracker_held", "documents"] == 7
    assert samples["tracker_stage_seconds", "extract"] == 1.5
    for name in ("last_run", "last_backup", "deliveries_waiting_since"):
        assert samples[f"tracker_{name}_timestamp_seconds", ""] == NOW.timestamp()
    assert samples["tracker_deliveries", "mail sent"] == 3
    assert samples["tracker_delivery_attempts_total", "mail temporary"] == 1
    assert samples["tracker_subscribers", "active"] == 2
    assert samples["tracker_jobs", "read todo"] == 2
    assert samples["tracker_jobs_oldest_waiting_seconds", "read"] == 3.5
    assert samples["tracker_job_failures", "read"] == 1
    assert (samples["tracker_workers", ""], samples["tracker_due", "extract"]) == (4, 9)
    assert samples["tracker_set_aside", "read"] == 1


def test_where_there_are_no_workers_and_no_subscribers_nothing_is_said_of_them() -> None:
    names = {family.name for family in Metrics(Snapshot()).collect()}
    assert "tracker_held" in names
    assert not {name for name in names if "job" in name or "deliver" in name or "backup" in name or "workers" in name}


def test_the_same_over_http_until_stopped() -> None:
    metrics = Metrics()
    stop = metrics.serve(0)
    port = metrics.port
    try:
        metrics.snapshot = SNAPSHOT
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            samples = samples_of(answer.read().decode())
        assert samples["tracker_source_state", "wire fine"] == 1
        with pytest.raises(OutputUnusable, match=str(port)):
            Metrics().serve(port)
    finally:
        stop()
    with pytest.raises(OSError), urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnusable, match="file"):
        Metrics(SNAPSHOT).write(tmp_path / "file")
