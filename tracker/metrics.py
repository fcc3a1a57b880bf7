"""What a monitor asks: Prometheus metrics over what the store holds. The one door for prometheus_client.

Everything is read from the store, so that figures outlive restarts and are the same from a textfile (for the node
exporter's textfile collector) and over HTTP. Names and units follow prometheus.io/docs/practices/naming.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
    write_to_textfile,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from tracker.errors import OutputUnusable
from tracker.ports import AttemptSum
from tracker.types import HEALTH_STATES, Health

TEXTFILE = "metrics.prom"


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source that is switched on, as a monitor sees it."""

    name: str
    health: Health
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known at one moment."""

    sources: tuple[SourceFigures, ...] = ()
    sums: tuple[AttemptSum, ...] = ()
    totals: tuple[tuple[str, int], ...] = ()
    """(what, how many) rows of the store: documents, versions, events, claims."""
    stages: tuple[tuple[str, float], ...] = ()
    """(stage, seconds that its last run took)."""
    run_at: datetime | None = None
    """When the last run ended."""


@dataclass(eq=False)
class Metrics(Collector):
    """The metrics of the newest snapshot."""

    snapshot: Snapshot = field(default_factory=Snapshot)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    port: int | None = None
    """Where it is served, once it is."""

    def __post_init__(self) -> None:
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """See prometheus.github.io/client_python/collector/custom."""
        yield from _source_metrics(self.snapshot.sources)
        yield _missing_metric(self.snapshot.sources)
        yield from _attempt_metrics(self.snapshot.sums)
        yield from _run_metrics(self.snapshot)

    def describe(self) -> list[Metric]:
        """Nothing is known of the names before the first snapshot; there is no other collector to clash with."""
        return []

    def write(self, folder: Path) -> None:
        """Write the textfile, whole or not at all.

        Raises:
            OutputUnusable: the folder is not writable or the disk is full.
        """
        path = folder / TEXTFILE
        try:
            write_to_textfile(str(path), self.registry)
        except OSError as error:
            raise OutputUnusable(f"{path}: {error.strerror or error}") from error

    def serve(self, port: int, address: str = "127.0.0.1") -> Callable[[], None]:
        """Answer at /metrics until the returned function is called.

        Raises:
            OutputUnusable: the port is taken or not allowed.
        """
        try:
            server, thread = start_http_server(port, address, self.registry)
        except OSError as error:
            raise OutputUnusable(f"metrics at {address}:{port}: {error.strerror or error}") from error
        self.port = server.server_port
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


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
