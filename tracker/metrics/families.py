"""A snapshot as families of metrics. Names and units follow prometheus.io/docs/practices/naming."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily

from tracker.metrics.snapshot import Snapshot, SourceFigures
from tracker.ports import AttemptSum
from tracker.ports.queue import QueueFigures
from tracker.ports.subscriptions import DeliveryFigures
from tracker.types import HEALTH_STATES


def metrics_of(snapshot: Snapshot) -> Iterator[Metric]:
    """All families, in an order of their own."""
    yield from _source_metrics(snapshot.sources)
    yield _missing_metric(snapshot.sources)
    yield from _attempt_metrics(snapshot.sums)
    yield from _run_metrics(snapshot)
    if snapshot.deliveries is not None:
        yield from _delivery_metrics(snapshot.deliveries)
    if snapshot.queue is not None:
        yield from _queue_metrics(snapshot.queue)


def _source_metrics(sources: Sequence[SourceFigures]) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "tracker_source_state", "1 for the state that a source is in, 0 for the others.", labels=["source", "state"]
    )
    for item in sources:
        for name in HEALTH_STATES:
            state.add_metric([item.name, name], float(item.health.state == name))
    yield state
    instants: tuple[tuple[str, str, Callable[[SourceFigures], datetime | None]], ...] = (
        ("state_since", "When the present state began.", lambda item: item.health.since),
        ("last_success", "When the source last told what it points at.", lambda item: item.health.last_success_at),
        ("last_error", "When asking the source last failed.", lambda item: item.health.last_error_at),
        ("last_news", "When the source last pointed at something new.", lambda item: item.health.last_news_at),
        ("next", "From when on the source is due.", lambda item: item.next_at),
    )
    for instant, what, get in instants:
        family = GaugeMetricFamily(f"tracker_source_{instant}_timestamp_seconds", what, labels=["source"])
        for item in sources:
            at = get(item)
            if at is not None:
                family.add_metric([item.name], at.timestamp())
        yield family


def _missing_metric(sources: Sequence[SourceFigures]) -> Metric:
    missing = GaugeMetricFamily(
        "tracker_source_missing_pages", "Pages that it pointed at and that were never had.", labels=["source"]
    )
    for item in sources:
        missing.add_metric([item.name], item.health.missing)
    return missing


def _attempt_metrics(sums: Sequence[AttemptSum]) -> Iterator[Metric]:
    labels = ["source", "outcome", "reason"]
    attempts = CounterMetricFamily("tracker_attempts", "Attempts at addresses of a source.", labels=labels)
    size = CounterMetricFamily("tracker_received_bytes", "Bodies received, decoded.", labels=["source"])
    seconds = SummaryMetricFamily("tracker_attempt_seconds", "How long attempts took.", labels=["source"])
    by_source: dict[str, tuple[int, int, int]] = {}
    for item in sums:
        attempts.add_metric([item.source, item.outcome, item.reason], item.attempts)
        count, received, ms = by_source.get(item.source, (0, 0, 0))
        by_source[item.source] = (count + item.attempts, received + item.bytes, ms + item.elapsed_ms)
    for source, (count, received, ms) in by_source.items():
        size.add_metric([source], received)
        seconds.add_metric([source], count_value=count, sum_value=ms / 1000)
    yield from (attempts, size, seconds)


def _run_metrics(snapshot: Snapshot) -> Iterator[Metric]:
    held = GaugeMetricFamily("tracker_held", "What the store holds.", labels=["what"])
    for what, number in snapshot.totals:
        held.add_metric([what], number)
    stages = GaugeMetricFamily("tracker_stage_seconds", "How long the last run of a stage took.", labels=["stage"])
    for stage, seconds in snapshot.stages:
        stages.add_metric([stage], seconds)
    yield from (held, stages)
    if snapshot.run_at is not None:
        what = "When the last run ended."
        yield GaugeMetricFamily("tracker_last_run_timestamp_seconds", what, value=snapshot.run_at.timestamp())
    if snapshot.backup_at is not None:
        what = "When the last backup was begun that ended well."
        yield GaugeMetricFamily("tracker_last_backup_timestamp_seconds", what, value=snapshot.backup_at.timestamp())


def _delivery_metrics(figures: DeliveryFigures) -> Iterator[Metric]:
    held = GaugeMetricFamily(
        "tracker_deliveries", "Messages to subscribers by what became of them.", labels=["channel", "state"]
    )
    for channel, state, number in figures.deliveries:
        held.add_metric([channel, state], number)
    tries = CounterMetricFamily("tracker_delivery_attempts", "Tries at sending one.", labels=["channel", "outcome"])
    for channel, outcome, number in figures.tries:
        tries.add_metric([channel, outcome], number)
    people = GaugeMetricFamily("tracker_subscribers", "Subscribers by state.", labels=["state"])
    for state, number in figures.subscribers:
        people.add_metric([state], number)
    yield from (held, tries, people)
    if figures.waiting_since is not None:
        what = "When the oldest message was made that still waits."
        at = figures.waiting_since.timestamp()
        yield GaugeMetricFamily("tracker_deliveries_waiting_since_timestamp_seconds", what, value=at)


def _queue_metrics(figures: QueueFigures) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("tracker_jobs", "Jobs of workers that are kept.", labels=["queue", "status"])
    for queue, status, number in figures.jobs:
        jobs.add_metric([queue, status], number)
    yield jobs
    by_queue: tuple[tuple[str, str, str, Sequence[tuple[str, float]]], ...] = (
        ("tracker_jobs_oldest_waiting_seconds", "How long a job waits.", "queue", figures.waiting_s),
        ("tracker_job_failures", "Failed attempts at jobs that are kept.", "queue", figures.retries),
        ("tracker_due", "Pages or texts that are to be worked on.", "stage", figures.due),
        ("tracker_set_aside", "Pages or texts that no worker gets through.", "stage", figures.set_aside),
    )
    for name, what, label, numbers in by_queue:
        family = GaugeMetricFamily(name, what, labels=[label])
        for key, value in numbers:
            family.add_metric([key], value)
        yield family
    yield GaugeMetricFamily("tracker_workers", "Workers that were heard of lately.", value=figures.workers)
