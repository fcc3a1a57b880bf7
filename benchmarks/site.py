"""Building the site of 20,000 documents, 5,000 events and 2,000 entities: whole, and after one more document.

Beside it Pelican (getpelican.com) makes as many pages of as many bytes, in the same run. It is given HTML, so that it
has no markup to convert, and makes nothing but the pages: no feeds, no lists. Ours are read from the database, made,
looked through by the gates, and put on the disk with what belongs to them (data files, downloads, feeds). Seconds are
those of the processor; `--quick` is a tenth of the size.

    python benchmarks/site.py [--quick] [--json] [--pelican PYTHON]
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import print_figures
from benchmarks.reconcile_world import entities
from benchmarks.site_world import Prepared, fill, one_more, run
from tracker.config import Settings, Site
from tracker.deliver.site import FolderSiteWriter
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
    arguments = parser.parse_args()
    if arguments.pelican == sys.executable and importlib.util.find_spec("pelican") is None:
        raise SystemExit("Pelican is not installed: pip install '.[bench]', or name a Python that has it: --pelican")
    with tempfile.TemporaryDirectory() as folder:
        figures, ratios = measure(Path(folder), 2_000 if arguments.quick else 20_000, arguments.pelican)
    print_figures(figures, ratios, as_json=arguments.json)


def measure(folder: Path, documents: int, python: str) -> tuple[dict[str, float], dict[str, float]]:
    """(figures, ratios) of a store of so many documents."""
    path, out = folder / "world.db", folder / "site"
    fill(path, documents)
    with open_store(f"sqlite:///{path}") as store:
        full_s = _timed(lambda: _publish(store, out))
        pages = list(out.rglob("*.html"))
        beside = [file.stat().st_size for file in out.rglob("*") if file.is_file() and file.suffix != ".html"]
        sizes = {file.relative_to(out).as_posix(): file.stat().st_size for file in pages}
        document, extraction = one_more(documents)
        store.save_ingested(document, _AT - timedelta(days=1))
        store.save_extractions(Prepared.name, [extraction])
        run(store)
        incremental_s = _timed(lambda: _publish(store, out))
        unchanged_s = _timed(lambda: _publish(store, out))
        totals = store.load_totals()
    pelican_s, made = _pelican(folder / "pelican", len(sizes), sum(sizes.values()) // len(sizes), python)
    rate, other = len(sizes) / full_s, made / pelican_s
    largest = max(sizes, key=lambda name: sizes[name])
    print(f"the largest page is {largest}", file=sys.stderr)
    figures = {
        "documents": totals["documents"],
        "events": totals["events"],
        "pages": len(sizes),
        "megabytes_of_pages": round(sum(sizes.values()) / 1e6, 1),
        "files_beside_pages": len(beside),
        "megabytes_beside_pages": round(sum(beside) / 1e6, 1),
        "full_build_s": round(full_s, 2),
        "one_more_document_s": round(incremental_s, 2),
        "nothing_new_s": round(unchanged_s, 2),
        "pages_per_second": round(rate, 1),
        "pelican_pages_per_second": round(other, 1),
        "home_page_kb": round(sizes["index.html"] / 1000, 1),
        "largest_page_kb": round(sizes[largest] / 1000, 1),
    }
    ratios = {
        "full_build_pages_per_second_vs_pelican": round(rate / other, 2),
        "incremental_vs_full_time": round(incremental_s / full_s, 4),
    }
    return figures, ratios


def _publish(store: SqlStore, out: Path) -> None:
    publish(store, FolderSiteWriter(), _SETTINGS, _AT, out, entities=entities())


def _timed(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _pelican(folder: Path, pages: int, size: int, python: str) -> tuple[float, int]:
    """(seconds of the processor, pages made) of Pelican for so many pages of about so many bytes."""
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
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [python, "-m", "pelican", "content", "-o", "output", "-s", "pelicanconf.py", "--fatal", "errors", "-q"]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, sum(1 for _ in (folder / "output").rglob("*.html"))


if __name__ == "__main__":
    main()
