"""What a monitor asks: Prometheus metrics over what the stores hold. The one door for prometheus_client.

Everything is read from the stores, so that figures outlive restarts and are the same from a textfile (for the node
exporter's textfile collector) and over HTTP.
"""

from tracker.metrics.serving import TEXTFILE, Metrics
from tracker.metrics.snapshot import Snapshot, SourceFigures

__all__ = ["TEXTFILE", "Metrics", "Snapshot", "SourceFigures"]
