"""How fast whole collection is beside Scrapy, on a loopback web of 50 hosts with 20 ms latency, in one run.

Both crawl the same web with the same limits on requests in flight, obey robots.txt, read each host's feed and fetch
the pages that it points at. The pause between two requests to one host is set to 0 for both: with it, both would
measure the pause. Scrapy keeps one line a page (address, length, digest); the tracker archives each page in WARC,
synced to disk, with every attempt in its database. Each side runs in a process of its own, in turns.

usage: collect.py [--quick] [--json]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from figures import print_figures
from loopback_web import served_by

HERE = Path(__file__).parent
CONCURRENCY, PER_HOST = 16, 8
"""Scrapy's own defaults."""


def loopback_web(pages_per_host: int) -> AbstractContextManager[int]:
    return served_by([sys.executable, str(HERE / "loopback_web.py"), str(pages_per_host)])


def crawl(name: str, port: int, pages_per_host: int) -> dict[str, Any]:
    """One crawl in a process of its own; its figures."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / f"collect_{name}.py"), str(port), folder, str(CONCURRENCY), str(PER_HOST)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-3000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    expected = pages_per_host * 50
    if figures["pages"] != expected:
        sys.exit(f"{name} saved {figures['pages']} of {expected} pages:\n{done.stderr[-3000:]}")
    return figures


def main() -> None:
    quick = "--quick" in sys.argv
    pages_per_host, rounds = (20, 1) if quick else (100, 3)
    runs: dict[str, list[dict[str, Any]]] = {"tracker": [], "scrapy": []}
    with loopback_web(10) as port:
        small = crawl("tracker", port, 10)
    with loopback_web(pages_per_host) as port:
        for _ in range(rounds):
            for name, done in runs.items():
                done.append(crawl(name, port, pages_per_host))
    figures: dict[str, Any] = {"pages": pages_per_host * 50, "requests_in_flight": CONCURRENCY, "per_host": PER_HOST}
    for name, done in runs.items():
        figures[f"{name}_pages_per_second"] = round(statistics.median(run["pages"] / run["seconds"] for run in done))
        figures[f"{name}_cpu_ms_per_page"] = round(
            statistics.median(1000 * run["cpu_seconds"] / run["pages"] for run in done), 2
        )
        figures[f"{name}_peak_memory_mb"] = round(statistics.median(run["peak_mb"] for run in done), 1)
    figures["tracker_peak_memory_mb_of_500_pages"] = round(small["peak_mb"], 1)
    ratios = {
        "pages_per_second_vs_scrapy": round(
            figures["tracker_pages_per_second"] / figures["scrapy_pages_per_second"], 2
        ),
        "cpu_per_page_vs_scrapy": round(figures["tracker_cpu_ms_per_page"] / figures["scrapy_cpu_ms_per_page"], 2),
        "peak_memory_vs_500_pages": round(
            figures["tracker_peak_memory_mb"] / figures["tracker_peak_memory_mb_of_500_pages"], 3
        ),
    }
    print_figures(figures, ratios, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
