"""Backfill: pages that others have fetched, out of WARC files, screened before they are kept.

A record is screened by its host, then by a coarse look at its words; what is left is copied into our archive with its
provenance, as fetched when the record says. Where a file was left off is remembered, so that a run that was stopped or
killed is gone on with; a page that we have fetched since is left as it is.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tracker.decide import decide_outcome
from tracker.errors import FetchError, NotParsable, UnreadableInput
from tracker.fetch.warcfiles import ArchivedResponse, iter_responses
from tracker.ids import digest_of
from tracker.nlp.gate import page_may_be_relevant
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.tally import Tally
from tracker.ports import Archive, Attempt, Clock, Fetcher, Store
from tracker.read.charsets import decode_text
from tracker.read.urls import canonical_url
from tracker.sourcekinds import BACKFILLED, WarcSource
from tracker.types import Candidate, Outcome, Problem, Response, SourceReport

_DONE = "done"
_NOTE_EVERY = 50
"""Records looked at between two notes of where we are ..."""
_NOTE_PASSED_EVERY = 2000
"""... and records of any kind: those of other hosts are only passed over."""
_TELL_EVERY = 100
"""Records between two words to whoever watches."""
_LISTEN_S = 0.2
"""So often a download is asked whether it is to stop."""
_MAX_LIST_BYTES = 20_000_000
_MAX_PROBLEMS = 100
_READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")

Download = Callable[[str, Path, int], Coroutine[Any, Any, None]]
"""Puts (address, into this file, at most so many bytes)."""


@dataclass
class _Tally(Tally):
    looked_at: int = 0
    kept: int = 0
    error: FetchError | None = None

    def note(self, problem: Problem) -> None:
        self.outcomes[problem.outcome] += 1
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(problem)


class Backfill:
    """Reads the files of WARC sources, one after the other. `stop` may be called from anywhere."""

    def __init__(
        self,
        fetcher: Fetcher,
        download: Download,
        archive: Archive,
        store: Store,
        clock: Clock,
        folder: Path,
        progress: Progress = silent,
    ) -> None:
        self._fetcher, self._download = fetcher, download
        self._archive, self._store, self._clock = archive, store, clock
        self._folder = folder
        """Where files lie while they are read."""
        self._progress = progress
        """Told of each file in bytes, as it lies on disk."""
        self._stopped = False

    def stop(self) -> None:
        """Go no further than the record at hand."""
        self._stopped = True

    async def collect(self, source: WarcSource) -> SourceReport:
        """Read on in the files of a source, `max_files` of them at the most."""
        tally = _Tally(source)
        try:
            for place in self._choose(source, await self._list_files(source)):
                if self._stopped:
                    break
                await self._read_place(source, place, tally)
        except FetchError as error:
            tally.error = error
            tally.note_failure(error)
        await asyncio.to_thread(self._store.save_attempt, self._attempt(source, tally))
        return tally.report()

    def _choose(self, source: WarcSource, places: list[str]) -> list[str]:
        marks = self._store.load_marks()
        return [place for place in places if marks.get(_mark(source, place)) != _DONE][: source.max_files]

    async def _list_files(self, source: WarcSource) -> list[str]:
        if not source.url.lower().endswith((".paths", ".paths.gz")):
            return [source.url]
        if _is_remote(source.url):
            body = (await self._fetcher.fetch(source.url)).body
            base = urljoin(source.url, "/")
        else:
            body = await asyncio.to_thread(_load_file, Path(source.url))
            base = ""
        lines = [line.strip() for line in _unpacked(source.url, body).decode("utf-8", "replace").splitlines()]
        found = [urljoin(base, line) if base else str(Path(source.url).parent / line) for line in lines if line]
        if not found or not all(urlsplit(item).path.endswith((".warc", ".warc.gz")) for item in found):
            raise NotParsable(f"{source.url} is no list of WARC files, a path a line", reason="not_parsable")
        return found

    async def _read_place(self, source: WarcSource, place: str, tally: _Tally) -> None:
        path = Path(place)
        if _is_remote(place):
            path = self._folder / f"{digest_of(place)}-{Path(urlsplit(place).path).name}"
            if not path.is_file() and not await self._fetch_file(place, path, source.max_file_bytes):
                return
        tally.answered += 1
        try:
            is_done = await asyncio.to_thread(self._read_file, source, place, path, tally)
        except UnreadableInput as error:
            raise NotParsable(error.detail, reason="not_parsable" if path.is_file() else "no_file") from error
        if is_done and _is_remote(place):
            path.unlink(missing_ok=True)

    async def _fetch_file(self, place: str, path: Path, max_bytes: int) -> bool:
        """Whether the file is there. What has come of it when we are stopped lies beside, for the next run."""
        task = asyncio.create_task(self._download(place, path, max_bytes))
        try:
            while not task.done() and not self._stopped:
                await asyncio.wait({task}, timeout=_LISTEN_S)
        finally:
            if not task.done():
                task.cancel()
        await asyncio.wait({task})
        if task.cancelled():
            return False
        task.result()  # raises what ended it
        return True

    def _read_file(self, source: WarcSource, place: str, path: Path, tally: _Tally) -> bool:
        """Whether it was read to its end."""
        mark = _mark(source, place)
        begin = self._store.load_marks().get(mark, "0")
        passed, is_cut = 0, False
        name, size = path.name, path.stat().st_size if path.is_file() else 0

        def go_on(offset: int) -> bool:
            nonlocal passed, is_cut
            if passed % _TELL_EVERY == 0:
                self._progress(name, min(offset, size), size)
            passed, is_cut = passed + 1, self._stopped
            if is_cut or passed % _NOTE_PASSED_EVERY == 0:
                self._store.save_mark(mark, str(offset))
            return not is_cut

        screen, start = _host_screen(source.hosts), int(begin) if begin.isdigit() else 0
        for item in iter_responses(path, tally.note, screen=screen, start=start, go_on=go_on):
            tally.looked_at += 1
            if tally.looked_at % _NOTE_EVERY == 0:
                self._store.save_mark(mark, str(item.offset))
            if _is_wanted(item, gated=source.gate):
                tally.outcomes[self._keep(source, place, item)] += 1
                tally.kept += 1
        if not is_cut:
            self._store.save_mark(mark, _DONE)
            self._progress(name, size, size)
        return not is_cut

    def _keep(self, source: WarcSource, place: str, item: ArchivedResponse) -> Outcome:
        """Copy a record into our archive as what it is: an answer of then."""
        assert item.date is not None
        url = canonical_url(item.url)
        state = self._store.find_page(url)
        if state is not None and state.fetched_at >= item.date:
            return Outcome.UNCHANGED
        response = Response(
            url=url,
            final_url=item.url,
            status=item.status,
            headers=item.headers,
            body=item.body,
            fetched_at=item.date,
            provenance=(("WARC-Source-URI", place), ("X-Source-Record-ID", item.record_id)),
        )
        outcome = decide_outcome(state.body_sha256 if state else None, response)
        response = replace(response, archive=self._archive.append(response))
        host = urlsplit(item.url).hostname
        self._store.save_sightings(source.name, [Candidate(url, publisher=host)], self._clock.now())
        size = len(item.body)
        # The attempt is of then and of others: it must not count against what we may ask of the host today.
        attempt = Attempt(source.name, url, item.date, outcome, item.status, None, False, bytes=size)
        self._store.save_page(source.name, response, attempt)
        return outcome

    def _attempt(self, source: WarcSource, tally: _Tally) -> Attempt:
        now, error = self._clock.now(), tally.error
        if error is not None:
            outcome = Outcome(error.outcome)
            return Attempt(source.name, source.url, now, outcome, error.status, error.detail, True, reason=error.reason)
        outcome = Outcome.NEW if tally.kept else Outcome.UNCHANGED
        return Attempt(source.name, source.url, now, outcome, None, None, True, items=tally.kept)


def _mark(source: WarcSource, place: str) -> str:
    """The name under which it is kept how far a file was read. What was named by hand is screened anew for other hosts;
    of a configured source the files that were read stay read."""
    mark = f"warc, {source.name}, {place}"
    if source.name != BACKFILLED.name or (source.gate and not source.hosts):
        return mark
    return f"{mark}, {digest_of(*sorted(source.hosts), str(source.gate))}"


def _is_remote(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def _load_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_LIST_BYTES + 1)
    except OSError as error:
        raise NotParsable(f"{path}: {error.strerror or error}", reason="no_file") from error


def _unpacked(url: str, body: bytes) -> bytes:
    """A list as text; the hosts send it as the gzip file that it is."""
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _MAX_LIST_BYTES + 1)
        except zlib.error as error:
            raise NotParsable(f"{url}: damaged ({error})", reason="damaged") from error
    if len(body) > _MAX_LIST_BYTES:
        raise NotParsable(f"{url}: a list of more than {_MAX_LIST_BYTES:,} bytes", reason="too_large")
    return body


def _host_screen(hosts: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether an address is of one of the hosts, or of a host below one."""
    exact = frozenset(host.lower() for host in hosts)
    below = tuple(f".{host}" for host in exact)

    def screen(url: str) -> bool:
        try:
            parts = urlsplit(canonical_url(url))
        except ValueError:
            return False
        host = parts.hostname or ""
        if parts.path == "/robots.txt":
            return False
        return not exact or host in exact or host.endswith(below)

    return screen


def _is_wanted(item: ArchivedResponse, *, gated: bool) -> bool:
    """Whether a record is a page that can be read, dated by its archive, and may be on the matter."""
    if item.status != 200 or item.date is None or not item.body:
        return False
    content_type = next((value for name, value in item.headers if name.lower() == "content-type"), "")
    if content_type.partition(";")[0].strip().lower() not in _READABLE:
        return False
    if not gated or "pdf" in content_type.lower():
        return True  # a PDF shows its words only when it is read
    return page_may_be_relevant(decode_text(item.body, content_type))
