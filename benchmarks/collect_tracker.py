"""The tracker's side of benchmarks/collect.py: PORT FOLDER CONCURRENCY PER_HOST."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from loopback_web import HOSTS, host

# The parts that are loaded on first use; Scrapy's clock starts after its imports too.
from tracker.app import open_app
from tracker.config import Settings


def main() -> None:
    port, folder, concurrency, per_host = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    network = {
        "allow_networks": ["127.0.0.0/8"],
        "concurrency": concurrency,
        "per_host_concurrency": per_host,
        "per_host_delay_s": 0,
    }
    sources = [
        {
            "name": f"host-{number}",
            "kind": "feed",
            "url": f"http://{host(number)}:{port}/feed",
            "publisher": f"Host {number}",
            "publisher_type": "news",
        }
        for number in range(HOSTS)
    ]
    settings = Settings.model_validate({"data_dir": folder, "network": network, "sources": sources})
    with open_app(settings) as app:
        started, used = time.perf_counter(), time.process_time()
        reports = app.collect(settings.sources)
        figures = {
            "pages": sum(report.new for report in reports),
            "seconds": time.perf_counter() - started,
            "cpu_seconds": time.process_time() - used,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
