"""Building the site of 20,000 documents, 5,000 events and 2,000 entities: whole, and after one more document.

Beside it Pelican (getpelican.com) makes as many pages of as many bytes, in the same run. It is given HTML, so that it
has no markup to convert, and makes nothing but the pages: no feeds, no lists. Ours are read from the database, made,
looked through by the gates, and put on the disk with what belongs to them (data files, downloads, feeds). A build runs
in as many processes as there are processors and Pelican in one, so the ratios are of seconds by the clock: they hold on
a machine that does nothing else. Seconds of the processor, of all processes together, stand beside them. `--quick` is a
tenth of the size, `--alone` leaves Pelican out.

    python benchmarks/site.py [--quick] [--json] [--pelican PYTHON | --alone]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import print_figures
from benchmarks.reconcile_world import entities
from benchmarks.site_world import Prepared, fill, one_more, run
from tracker.config import Settings, Site
from tracker.deliver.site import FolderSiteWriter
from tracker.forking import count_workers
from tracker.pipeline.publish import publish
from tracker.store import SqlStore, open_store

_AT = datetime(2027, 1, 1, tzinfo=UTC)
_SETTINGS = Settings(site=Site(base_url="https://tracker.example/", search=False), sources=())  # type: ignore[arg-type]
_THEME = "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{{ article.title }}</title></head><body>"
_PELICAN = """
AUTHOR = "x"
SITENAME = "x"
TIMEZONE = "UTC"
THEME = "theme"
DIRECT_TEMPLATES = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
LOAD_CONTENT_CACHE = CACHE_CONTENT = False
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--json", action="store_true", help="one object, {figures, ratios}")
    parser.add_argument("--pelican", default=sys.executable, help="a Python that has Pelican (extra bench)")
    parser.add_argument("--alone", action="store_true", help="without Pelican")
    arguments = parser.parse_args()
    if not arguments.alone and arguments.pelican == sys.executable and importlib.util.find_spec("pelican") is None:
        raise SystemExit("Pelican is not installed: pip install '.[bench]', name a Python that has it, or say --alone")
    with tempfile.TemporaryDirectory() as folder:
        python = None if arguments.alone else arguments.pelican
        figures, ratios = measure(Path(folder), 2_000 if arguments.quick else 20_000, python)
    print_figures(figures, ratios, as_json=arguments.json)


def measure(folder: Path, documents: int, python: str | None) -> tuple[dict[str, float], dict[str, float]]:
    """(figures, ratios) of a store of so many documents; `python` is one that has Pelican, None leaves that out."""
    path, out = folder / "world.db", folder / "site"
    fill(path, documents)
    with open_store(f"sqlite:///{path}") as store:
        full = _timed(lambda: _publish(store, out))
        pages = list(out.rglob("*.html"))
        beside = [file.stat().st_size for file in out.rglob("*") if file.is_file() and file.suffix != ".html"]
        sizes = {file.relative_to(out).as_posix(): file.stat().st_size for file in pages}
        document, extraction = one_more(documents)
        store.save_ingested(document, _AT - timedelta(days=1))
        store.save_extractions(Prepared.name, [extraction])
        run(store)
        incremental = _timed(lambda: _publish(store, out))
        unchanged = _timed(lambda: _publish(store, out))
        totals = store.load_totals()
    rate = len(sizes) / full.clock_s
    largest = max(sizes, key=lambda name: sizes[name])
    print(f"the largest page is {largest}", file=sys.stderr)
    figures = {
        "documents": totals["documents"],
        "events": totals["events"],
        "pages": len(sizes),
        "megabytes_of_pages": round(sum(sizes.values()) / 1e6, 1),
        "files_beside_pages": len(beside),
        "megabytes_beside_pages": round(sum(beside) / 1e6, 1),
        "processes": count_workers(),
        "full_build_s": round(full.clock_s, 2),
        "full_build_processor_s": round(full.processor_s, 2),
        "one_more_document_s": round(incremental.clock_s, 2),
        "one_more_document_processor_s": round(incremental.processor_s, 2),
        "nothing_new_s": round(unchanged.clock_s, 2),
        "nothing_new_processor_s": round(unchanged.processor_s, 2),
        "pages_per_second": round(rate, 1),
        "home_page_kb": round(sizes["index.html"] / 1000, 1),
        "largest_page_kb": round(sizes[largest] / 1000, 1),
    }
    ratios = {
        "incremental_vs_full_time": round(incremental.clock_s / full.clock_s, 4),
        "incremental_vs_full_processor_time": round(incremental.processor_s / full.processor_s, 4),
    }
    if python is not None:
        other, made = _pelican(folder / "pelican", len(sizes), sum(sizes.values()) // len(sizes), python)
        other_rate = made / other.clock_s
        figures |= {
            "pelican_s": round(other.clock_s, 2),
            "pelican_processor_s": round(other.processor_s, 2),
            "pelican_pages_per_second": round(other_rate, 1),
        }
        ratios = {"full_build_pages_per_second_vs_pelican": round(rate / other_rate, 2), **ratios}
    return figures, ratios


def _publish(store: SqlStore, out: Path) -> None:
    publish(store, FolderSiteWriter(), _SETTINGS, _AT, out, entities=entities())


@dataclass(frozen=True)
class Took:
    """How long something took: by the clock, and of the processors, that of ended child processes included."""

    clock_s: float
    processor_s: float


def _timed(work: Callable[[], object]) -> Took:
    clock, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return Took(time.perf_counter() - clock, sum(after[:4]) - sum(before[:4]))


def _pelican(folder: Path, pages: int, size: int, python: str) -> tuple[Took, int]:
    """(how long it took, pages made) of Pelican for so many pages of about so many bytes."""
    content, theme = folder / "content", folder / "theme" / "templates"
    content.mkdir(parents=True)
    theme.mkdir(parents=True)
    (folder / "pelicanconf.py").write_text(_PELICAN)
    (theme / "article.html").write_text(
        f"{_THEME}<h1>{{{{ article.title }}}}</h1>{{{{ article.content }}}}</body></html>"
    )
    row = '<p>Firm said of Other that <a href="https://paper.example/x">over 24,000 accounts</a> were used.</p>\n'
    body = row * (size // len(row))
    for number in range(pages):
        head = f'<title>Page {number}</title><meta name="date" content="2026-01-{number % 28 + 1:02d}">'
        text = f"<html><head>{head}</head><body>{body}</body></html>"
        (content / f"page-{number}.html").write_text(text)
    command = [python, "-m", "pelican", "content", "-o", "output", "-s", "pelicanconf.py", "--fatal", "errors", "-q"]
    took = _timed(lambda: subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr))
    return took, sum(1 for _ in (folder / "output").rglob("*.html"))


if __name__ == "__main__":
    main()
