"""The demo: serve the bundled sample web on loopback, crawl it through the real fetcher, and build the site.

The sample web has two editions: a story is corrected between them. The first demo crawls both, one after the other;
a later one crawls the second again, and finds nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracker.app import open_app
from tracker.config import Settings, load_settings
from tracker.pipeline.progress import Progress, silent
from tracker.resources import bundled_path
from tracker.sampleweb import SampleWeb
from tracker.types import SourceReport, StageReport

_EDITION = "sample_edition"
EDITIONS = (1, 2)


@dataclass(frozen=True)
class DemoReport:
    """What the demo did: the crawls that it made, then the stages after them."""

    crawls: tuple[tuple[int, tuple[SourceReport, ...]], ...]
    """(edition, reports)."""
    stages: tuple[StageReport, ...]
    site: Path
    database: Path


def demo_settings(folder: Path, address: str) -> Settings:
    """The sample's configuration, with its names resolved to where the sample web is served."""
    settings = load_settings(bundled_path("data/sample") / "config.yaml")
    network = settings.network.model_copy(update={"resolve": {"*.example": address}, "allow_networks": ["127.0.0.0/8"]})
    return settings.model_copy(
        update={
            "data_dir": folder,
            "database": None,
            "network": network,
            "site": settings.site.model_copy(update={"out": folder / "site"}),
        }
    )


def run_demo(folder: Path, progress: Progress = silent, on_crawl: Callable[[int], None] = lambda _: None) -> DemoReport:
    """Crawl the sample web into a folder and build its site there; run again, it changes nothing.

    Raises:
        StoreError, BuildRefused: as from the stages.
    """
    folder = folder.resolve()
    with SampleWeb(bundled_path("data/sample")) as web:
        settings = demo_settings(folder, web.address)
        with open_app(settings, progress) as app:
            seen = int(app.store.load_marks().get(_EDITION, "0"))
            crawls, reads = [], []
            for edition in EDITIONS:
                if edition <= seen and edition != EDITIONS[-1]:
                    continue
                web.edition = edition
                on_crawl(edition)
                crawls.append((edition, app.collect(settings.select_sources(None))))
                reads.append(app.read())
                app.store.save_mark(_EDITION, str(max(edition, seen)))
            stages = (*reads, app.extract(), app.reconcile(), app.publish())
    return DemoReport(tuple(crawls), stages, settings.site.out, folder / "tracker.db")
