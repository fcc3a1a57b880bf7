"""What a monitor asks of the server: requests by part and status, how long they took, how old the published data are.

One of the doors of prometheus_client; names and units follow prometheus.io/docs/practices/naming. Which versions run
here is nobody's business, so the client's platform figures stay out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.errors import UnreadableInput
from tracker.serve.edition import Editions

_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _EditionFigures(Collector):
    """What is published, as it stands when it is asked."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions

    def collect(self) -> Iterator[Metric]:
        """See prometheus.github.io/client_python/collector/custom."""
        trouble = self._editions.trouble is not None
        yield GaugeMetricFamily(
            "tracker_serve_newer_unreadable", "1 if the file that is there now cannot be served.", float(trouble)
        )
        try:
            with self._editions.use() as edition:
                made_at, built_on = edition.identity[3] / 1e9, edition.about.facts.get("built_on", "")
                claims = edition.about.counts.get("claims", 0)
        except UnreadableInput:
            return
        what = "When the database that is served was written."
        yield GaugeMetricFamily("tracker_serve_build_timestamp_seconds", what, made_at)
        yield GaugeMetricFamily("tracker_serve_build_age_seconds", "How long ago that was.", time.time() - made_at)
        yield GaugeMetricFamily("tracker_serve_claims", "Claims in it.", claims)
        if built_on:
            day = datetime.combine(date.fromisoformat(built_on), datetime.min.time(), UTC)
            what = "The last day on which the tracker looked at a page."
            yield GaugeMetricFamily("tracker_serve_data_timestamp_seconds", what, day.timestamp())


class Figures:
    """The figures of one server."""

    def __init__(self, editions: Editions) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "tracker_serve_requests", "Requests that were answered.", ["part", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "tracker_serve_request_seconds",
            "How long they took, to the last byte.",
            ["part"],
            registry=self.registry,
            buckets=_BUCKETS_S,
        )
        self._in_flight = Gauge("tracker_serve_requests_in_flight", "Requests being answered.", registry=self.registry)
        self.registry.register(_EditionFigures(editions))
        ProcessCollector(registry=self.registry)

    def route(self) -> Route:
        """/metrics, in the text format that every monitor reads."""

        def tell(_: Request) -> Response:
            headers = {"Cache-Control": "no-store"}
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=headers)

        return Route("/metrics", tell)

    def counting(self, app: ASGIApp) -> ASGIApp:
        """The application, with every request counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            status, started = 0, time.perf_counter()

            async def noting(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            with self._in_flight.track_inprogress():
                try:
                    await app(scope, receive, noting)
                finally:
                    part = part_of(scope)
                    self._requests.labels(part, str(status)).inc()
                    self._seconds.labels(part).observe(time.perf_counter() - started)

        return counted


def part_of(scope: Scope) -> str:
    """Which part of the server answered: one of few words, whatever was asked.

    Of the API it is the address's pattern ("/api/v1/claims/{id}"), which routing leaves in the scope.
    """
    path = scope["path"]
    first = path.split("/", 2)[1]
    if first == "api":
        pattern = str(getattr(scope.get("route"), "path", "")).replace(":path}", "}")
        return f"/api/v1{pattern.removeprefix('/api/v1')}"
    return {
        "data": "/data",
        "healthz": "/healthz",
        "readyz": "/readyz",
        "metrics": "/metrics",
        "subscriptions": "/subscriptions",
    }.get(first, "site")
