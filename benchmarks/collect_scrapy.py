"""Scrapy's side of benchmarks/collect.py: PORT FOLDER CONCURRENCY PER_HOST."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from loopback_web import HOSTS, host
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class Reports(scrapy.Spider):
    name = "reports"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for number in range(HOSTS):
            yield scrapy.Request(f"http://{host(number)}:{self.port}/feed")

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        for link in response.xpath("//item/link/text()").getall():
            yield scrapy.Request(link, callback=self.parse_page)

    def parse_page(self, response: Response) -> Iterator[dict[str, Any]]:
        yield {
            "url": response.url,
            "bytes": len(response.body),
            "sha256": hashlib.sha256(response.body).hexdigest(),
        }


def main() -> None:
    port, folder, concurrency, per_host = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    found = folder / "pages.jsonl"
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": per_host,
            "DOWNLOAD_DELAY": 0,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
            "FEEDS": {str(found): {"format": "jsonlines"}},
        }
    )
    process.crawl(Reports, port=port)
    started, used = time.perf_counter(), time.process_time()
    process.start()
    figures = {
        "pages": len(found.read_text().splitlines()),
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
