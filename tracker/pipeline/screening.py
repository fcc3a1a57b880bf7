"""Archives that somebody names by hand are screened one after the other; see `tracker.pipeline.backfill`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from tracker.errors import InputError
from tracker.fetch.client import PoliteFetcher
from tracker.fetch.downloads import download
from tracker.fetch.objectstore import check_installed
from tracker.pipeline.backfill import Backfill
from tracker.pipeline.collecting import INCOMING
from tracker.pipeline.hosts import save_host_records
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Archive, Clock, Store
from tracker.sourcekinds import BACKFILLED, WarcSource
from tracker.types import SourceReport

_ENDINGS = (".warc", ".warc.gz", ".paths", ".paths.gz")


def name_archives(places: Sequence[str], hosts: Sequence[str] = (), *, gate: bool = True) -> tuple[WarcSource, ...]:
    """What to screen, of paths and addresses as somebody typed them; each once, in their order.

    Raises:
        InputError: a path where there is nothing, a folder, a file of another kind, an address that is none of http.
    """
    found = dict.fromkeys(_checked_place(place) for place in places)
    lowered = tuple(_checked_host(host) for host in hosts)
    try:
        return tuple(
            WarcSource.model_validate({**BACKFILLED.model_dump(), "url": place, "hosts": lowered, "gate": gate})
            for place in found
        )
    except ValidationError as error:
        raise InputError("; ".join(f"{item['input']}: {item['msg']}" for item in error.errors())) from error


def _checked_place(place: str) -> str:
    if "://" in place:
        scheme = place.partition("://")[0].lower()
        if scheme not in ("http", "https", "s3"):
            raise InputError(
                f"{place}: {scheme}:// is not read; name its https:// or s3:// address, or a copy of it here"
            )
        if scheme == "s3":
            check_installed(place)
        return place
    path = Path(place).expanduser().absolute()
    if path.is_dir():
        raise InputError(f"{place} is a folder: name the files in it, such as {place.rstrip('/')}/*.warc.gz")
    if not path.is_file():
        raise InputError(f"{place}: there is no such file")
    if not path.name.lower().endswith(_ENDINGS):
        raise InputError(f"{place}: expected a file that ends in {', '.join(_ENDINGS)}")
    return str(path)


def _checked_host(host: str) -> str:
    name = host.strip().lower().rstrip(".")
    if not name or "/" in name or ":" in name or " " in name:
        raise InputError(f"--host {host}: expected the name of a host, such as wire.example")
    return name


async def screen_archives(
    sources: Sequence[WarcSource],
    fetcher: PoliteFetcher,
    archive: Archive,
    store: Store,
    clock: Clock,
    folder: Path,
    progress: Progress = silent,
) -> list[SourceReport]:
    """Screen each; a report for each under the name of its file. `folder` is the data folder."""
    fetch = partial(download, fetcher)
    backfill = Backfill(fetcher, fetch, archive, store, clock, folder / INCOMING, progress)
    reports = []
    try:
        for source in sources:
            report = await backfill.collect(source)
            reports.append(replace(report, source=Path(urlsplit(source.url).path).name))
    finally:
        # Where we are interrupted, the thread that reads would otherwise go on to the end of its file.
        backfill.stop()
        save_host_records(store, fetcher.holds(), fetcher.take_requests())
    return reports
