"""Giving the metrics to whoever asks: as a textfile, and over HTTP beside the process's health."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    make_wsgi_app,
    start_http_server,
    write_to_textfile,
)
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from tracker.errors import OutputUnusable
from tracker.metrics.families import metrics_of
from tracker.metrics.snapshot import Snapshot
from tracker.vitals import Vitals, answering

TEXTFILE = "metrics.prom"


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
        yield from metrics_of(self.snapshot)

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

    def serve(self, port: int, address: str = "127.0.0.1", vitals: Vitals | None = None) -> Callable[[], None]:
        """Answer at /metrics, and with `vitals` at /healthz and /readyz, until the returned function is called.

        Raises:
            OutputUnusable: the port is taken or not allowed.
        """
        try:
            server, thread = start_http_server(port, address, self.registry)
        except OSError as error:
            raise OutputUnusable(f"metrics at {address}:{port}: {error.strerror or error}") from error
        if vitals is not None:
            server.set_app(answering(vitals, make_wsgi_app(self.registry)))
        self.port = server.server_port
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop
