"""What publishing costs, by what is there: part of benchmarks/costs.py, which runs it in processes of their own.

usage: costs_publish.py RELEVANT OTHER [SOURCES] [without]     documents on the matter, and on other things; a line of
                                                               JSON; `without` as site.other_documents: false
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.costs_stages import used_s
from benchmarks.reconcile_growth import put
from benchmarks.reconcile_world import entities
from benchmarks.site_world import fill, one_more, run
from tracker.config import Settings, Site
from tracker.deliver.site import FolderSiteWriter
from tracker.pipeline.publish import publish
from tracker.store import SqlStore, open_store
from tracker.types import Document, Extraction

_AT = datetime(2027, 1, 1, tzinfo=UTC)
_WORDS = "The council of the harbour town opened a new hall on Saturday after months of repairs. " * 30
_SITE = Site(base_url="https://tracker.example/", search=False, workers=1, other_documents="without" not in sys.argv)  # type: ignore[arg-type]
_SOURCES = next((int(word) for word in sys.argv[3:] if word.isdigit()), 0)
_SETTINGS = Settings.model_validate(
    {
        "site": _SITE,
        "sources": [
            {"name": f"paper-{n}", "kind": "feed", "url": f"https://paper{n}.example/feed", "publisher": f"Paper {n}",
             "publisher_type": "news"} for n in range(_SOURCES)
        ],
    }
)  # fmt: skip


def peak_mb() -> float:
    """The most that this program came to hold; what getrusage says begins with what the one held that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measured(relevant: int, other: int, *how: str) -> dict[str, float]:
    """The figures of a site of so many documents, made by a process of its own."""
    command = [sys.executable, __file__, str(relevant), str(other), *how]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    relevant, other = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if relevant:
            fill(folder / "world.db", relevant)
        with open_store(f"sqlite:///{folder}/world.db") as store:
            for start in range(0, other, 500):
                put(store, [_other(number) for number in range(start, min(start + 500, other))])
            run(store)
            started, before = peak_mb(), used_s()
            _publish(store, folder / "site")
            whole = used_s() - before
            document, extraction = one_more(relevant or 500)
            store.save_ingested(document, _AT - timedelta(days=1))
            store.save_extractions("prepared", [extraction])
            run(store)
            before = used_s()
            _publish(store, folder / "site")
            figures = {
                "whole_s": whole,
                "one_more_s": used_s() - before,
                "pages": sum(1 for _ in (folder / "site").rglob("*.html")),
                "bytes": sum(path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file()),
                "peak_mb": peak_mb(),
                "before_mb": started,
            }
    print(json.dumps(figures))


def _other(number: int) -> tuple[Document, Extraction]:
    key = f"o{number:06d}"
    return Document(key, f"{number}: {_WORDS}", f"https://o.example/{number}", title="A hall"), Extraction(
        key, "irrelevant"
    )


def _publish(store: SqlStore, out: Path) -> None:
    publish(store, FolderSiteWriter(), _SETTINGS, _AT, out, entities=entities())


if __name__ == "__main__":
    main()
