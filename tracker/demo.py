"""The demo: serve the bundled sample web on loopback, crawl it through the real fetcher, and build the site.

The sample web has two editions: a story is corrected between them. The first demo crawls both, one after the other;
a later one crawls the second again, and finds nothing new.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tracker.app import open_app
from tracker.config import Settings, load_settings
from tracker.deliver.site import FolderSiteWriter
from tracker.errors import OutputUnusable
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Store
from tracker.resources import bundled_path
from tracker.sampleweb import SampleWeb
from tracker.store import place_of
from tracker.types import SourceReport, StageReport

_EDITION = "sample_edition"
EDITIONS = (1, 2)


@dataclass(frozen=True)
class DemoReport:
    """What the demo did: the crawls that it made, then the stages after them."""

    editions: tuple[int, ...]
    """The editions of the sample web that were crawled."""
    sources: tuple[SourceReport, ...]
    """Over all the crawls."""
    stages: tuple[StageReport, ...]
    site: Path
    database: str
    """Where the working database is (`tracker.store.place_of`)."""


def demo_settings(folder: Path, address: str, database: str | None = None) -> Settings:
    """The sample's configuration, with its names resolved to where the sample web is served."""
    settings = load_settings(bundled_path("data/sample") / "config.yaml")
    network = settings.network.model_copy(update={"resolve": {"*.example": address}, "allow_networks": ["127.0.0.0/8"]})
    return settings.model_copy(
        update={
            "data_dir": folder,
            "database": database,
            "curation": folder / "curation",
            "network": network,
            "site": settings.site.model_copy(update={"out": folder / "site"}),
        }
    )


def join_reports(first: tuple[SourceReport, ...], second: tuple[SourceReport, ...]) -> tuple[SourceReport, ...]:
    """Two crawls of the same sources as one report each: counts added, a problem that both had told once."""
    if not first:
        return second
    return tuple(
        SourceReport(
            source=a.source,
            fetched=a.fetched + b.fetched,
            new=a.new + b.new,
            changed=a.changed + b.changed,
            unchanged=a.unchanged + b.unchanged,
            refused=a.refused + b.refused,
            failed=a.failed + b.failed,
            problems=tuple(dict.fromkeys((*a.problems, *b.problems))),
            failure=b.failure,
        )
        for a, b in zip(first, second, strict=True)
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputUnusable(f"{folder}: {error.strerror or error}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputUnusable(f"{folder}: no permission to write there")


def is_demo(store: Store) -> bool:
    """Whether a database was made by the demo."""
    return _EDITION in store.load_marks()


def run_demo(folder: Path, progress: Progress = silent, database: str | None = None) -> DemoReport:
    """Crawl the sample web into a folder and build its site there; run again, it changes nothing.

    `database` is a SQLAlchemy address; without one the database is a file in the folder.

    Raises:
        OutputUnusable: the folder cannot be made, or its site is not ours to replace; nothing was crawled then.
        StoreError, BuildRefused: as from the stages.
    """
    folder = folder.resolve()
    _make_folder(folder)
    FolderSiteWriter().check(folder / "site")
    with SampleWeb(bundled_path("data/sample")) as web:
        settings = demo_settings(folder, web.address, database)
        with open_app(settings, progress) as app:
            seen = int(app.store.load_marks().get(_EDITION, "0"))
            editions: list[int] = []
            sources: tuple[SourceReport, ...] = ()
            reads = []
            for edition in EDITIONS:
                if edition <= seen and edition != EDITIONS[-1]:
                    continue
                web.edition = edition
                editions.append(edition)
                sources = join_reports(sources, app.collect(settings.select_sources(None)))
                reads.append(app.read())
                app.store.save_mark(_EDITION, str(max(edition, seen)))
            stages = (*reads, app.extract(), app.reconcile(), app.publish())
    return DemoReport(tuple(editions), sources, stages, settings.site.out, place_of(settings.database_url))
