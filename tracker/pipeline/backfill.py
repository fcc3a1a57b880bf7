"""Backfill: pages that others have fetched, out of WARC files, screened before they are kept.

A record is screened by its host, then by a coarse look at its words; what is left is copied into our archive with its
provenance, as fetched when the record says. Where a file was left off is remembered, so that a run that was stopped or
killed is gone on with; a page that we have fetched since is left as it is.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tracker.decide import decide_outcome
from tracker.errors import FetchError, NotParsable, UnreadableInput
from tracker.fetch.objectstore import load_object, open_object
from tracker.fetch.warcfiles import ArchivedResponse, iter_responses, read_responses
from tracker.ids import digest_of
from tracker.nlp.gate import body_may_be_relevant
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.tally import Tally
from tracker.pipeline.warcplaces import MAX_LIST_BYTES, is_list, is_remote, is_stored, load_list, places_in
from tracker.ports import Archive, Attempt, Clock, Fetcher, Store, Visit
from tracker.read.urls import canonical_url
from tracker.sourcekinds import BACKFILLED, WarcSource
from tracker.types import Candidate, Outcome, Problem, Response, SourceReport

_DONE = "done"
_NOTE_EVERY = 1_000
"""Records between two notes of where we are: what is looked at again after a kill takes a fraction of a second."""
_BATCH, _BATCH_BYTES = 16, 8_000_000
"""So many pages are kept with one flush to disk, and about so many bytes."""
_TELL_EVERY = 100
"""Records between two words to whoever watches."""
_LISTEN_S = 0.2
"""So often a download is asked whether it is to stop."""
_MAX_PROBLEMS = 100
_MAX_FAILED = 3
"""After so many files of a list that could not be had, the rest is left for a later run."""
_Responses = Iterable[ArchivedResponse]
_READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")

Download = Callable[[str, Path, int], Coroutine[Any, Any, None]]
"""Puts (address, into this file, at most so many bytes)."""


@dataclass
class _Tally(Tally):
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
            await self._read_places(source, await self._list_places(source), tally)
        except FetchError as error:
            tally.error = error
            tally.note_failure(error)
        await asyncio.to_thread(self._store.save_attempt, self._attempt(source, tally))
        return tally.report()

    async def _list_places(self, source: WarcSource) -> list[str]:
        """The places that were not read to their end before."""
        marks = self._store.load_marks()
        return [place for place in await self._name_places(source) if marks.get(_mark(source, place)) != _DONE]

    async def _name_places(self, source: WarcSource) -> list[str]:
        if not is_list(source.url):
            return [source.url]
        if is_remote(source.url):
            body = (await self._fetcher.fetch(source.url)).body
        elif is_stored(source.url):
            body = await asyncio.to_thread(load_object, source.url, MAX_LIST_BYTES)
        else:
            body = await asyncio.to_thread(load_list, Path(source.url))
        return places_in(source.url, body)

    async def _read_places(self, source: WarcSource, places: list[str], tally: _Tally) -> None:
        """Read so many files as the source has for one run. One that cannot be had keeps nobody from the others.

        Raises:
            FetchError: of the only file, or where one after the other cannot be had.
        """
        failed = 0
        for place in places:
            if self._stopped or tally.answered - failed >= source.max_files:
                return
            try:
                await self._read_place(source, place, tally)
            except FetchError as error:
                failed += 1
                if len(places) == 1 or failed == _MAX_FAILED:
                    raise
                tally.note(Problem(place, Outcome(error.outcome), error.detail))

    async def _read_place(self, source: WarcSource, place: str, tally: _Tally) -> None:
        if is_stored(place):
            tally.answered += 1
            await self._reading(self._read_object, source, place, tally)
            return
        path = Path(place)
        if is_remote(place):
            path = self._folder / f"{digest_of(place)}-{Path(urlsplit(place).path).name}"
            if not path.is_file() and not await self._fetch_file(place, path, source.max_file_bytes):
                return
        tally.answered += 1
        if await self._reading(self._read_file, source, place, path, tally) and is_remote(place):
            path.unlink(missing_ok=True)

    async def _reading(self, read: Callable[..., bool], *given: Any) -> bool:
        """Read in a thread of its own; whether that came to its end."""
        try:
            return await asyncio.to_thread(read, *given)
        except UnreadableInput as error:
            missing = any(isinstance(item, Path) and not item.is_file() for item in given)
            raise NotParsable(error.detail, reason="no_file" if missing else "not_parsable") from error

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
        size = path.stat().st_size if path.is_file() else 0
        begin = self._find_begin(source, place)
        return self._read(source, place, path.name, size, begin, partial(iter_responses, path), tally)

    def _read_object(self, source: WarcSource, place: str, tally: _Tally) -> bool:
        begin = self._find_begin(source, place)
        item = open_object(place, begin, source.max_file_bytes, lambda: self._stopped)
        name = place.rpartition("/")[2]
        return self._read(source, place, name, item.size, begin, partial(read_responses, item, place), tally)

    def _find_begin(self, source: WarcSource, place: str) -> int:
        """Where the next record begins that was not looked at before."""
        begin = self._store.load_marks().get(_mark(source, place), "0")
        return int(begin) if begin.isdigit() else 0

    def _read(
        self,
        source: WarcSource,
        place: str,
        name: str,
        size: int,
        begin: int,
        responses: Callable[..., _Responses],
        tally: _Tally,
    ) -> bool:
        """Screen a file on from where it was left; whether it was read to its end."""
        mark = _mark(source, place)
        passed, reached, is_cut = 0, begin, False

        waiting: dict[str, ArchivedResponse] = {}

        def keep() -> None:
            tally.kept += len(waiting)
            tally.outcomes.update(self._keep(source, place, waiting))
            waiting.clear()

        def go_on(offset: int) -> bool:
            nonlocal passed, reached, is_cut
            if passed % _TELL_EVERY == 0:
                self._progress(name, min(offset, size), size)
            passed, reached, is_cut = passed + 1, offset, self._stopped
            if is_cut or passed % _NOTE_EVERY == 0:
                keep()  # what lies before the mark is kept before the mark says so
                self._store.save_mark(mark, str(offset))
            return not is_cut

        screen = _host_screen(source.hosts)

        def wanted(item: ArchivedResponse) -> bool:
            return _is_wanted(item, gated=source.gate) and (bool(source.hosts) or screen(item.url))

        first = screen if source.hosts else _is_of_the_web
        try:
            for item in responses(tally.note, screen=first, wanted=wanted, start=begin, go_on=go_on):
                url = canonical_url(item.url)
                if url in waiting or len(waiting) == _BATCH or sum(map(_size_of, waiting.values())) > _BATCH_BYTES:
                    keep()
                waiting[url] = item
            keep()
        except FetchError:
            keep()
            self._store.save_mark(mark, str(reached))
            raise
        if not is_cut:
            self._store.save_mark(mark, _DONE)
            self._progress(name, size, size)
        return not is_cut

    def _keep(self, source: WarcSource, place: str, items: Mapping[str, ArchivedResponse]) -> Counter[Outcome]:
        """Copy records, each by its page's address, into our archive as what they are: answers of then."""
        found = Counter[Outcome]()
        visits = []
        for url, item in items.items():
            state = self._store.find_page(url)
            response = _answer_of_then(url, item, place)
            if state is not None and state.fetched_at >= response.fetched_at:
                found[Outcome.UNCHANGED] += 1
                continue
            outcome = decide_outcome(state.body_sha256 if state else None, response)
            # The attempt is of then and of others: it must not count against what we may ask of the host today.
            size = len(item.body)
            attempt = Attempt(source.name, url, response.fetched_at, outcome, item.status, None, False, bytes=size)
            visits.append(Visit(attempt, response))
            found[outcome] += 1
        if visits:
            self._save(source, visits)
        return found

    def _save(self, source: WarcSource, visits: Sequence[Visit]) -> None:
        """First in the archive, with one flush to disk, then in the store."""
        answers = [visit.response for visit in visits if visit.response is not None]
        refs = self._archive.append_all([(answer, None) for answer in answers])
        said = [Candidate(answer.url, publisher=urlsplit(answer.final_url).hostname) for answer in answers]
        self._store.save_sightings(source.name, said, self._clock.now())
        self._store.save_visits(
            [
                replace(visit, response=replace(answer, archive=ref))
                for visit, answer, ref in zip(visits, answers, refs, strict=True)
            ]
        )

    def _attempt(self, source: WarcSource, tally: _Tally) -> Attempt:
        now, error = self._clock.now(), tally.error
        if error is not None:
            outcome = Outcome(error.outcome)
            return Attempt(source.name, source.url, now, outcome, error.status, error.detail, True, reason=error.reason)
        outcome = Outcome.NEW if tally.kept else Outcome.UNCHANGED
        return Attempt(source.name, source.url, now, outcome, None, None, True, items=tally.kept)


def _answer_of_then(url: str, item: ArchivedResponse, place: str) -> Response:
    assert item.date is not None
    return Response(
        url=url,
        final_url=item.url,
        status=item.status,
        headers=item.headers,
        body=item.body,
        fetched_at=item.date,
        provenance=(("WARC-Source-URI", place), ("X-Source-Record-ID", item.record_id)),
    )


def _size_of(item: ArchivedResponse) -> int:
    return len(item.body)


def _mark(source: WarcSource, place: str) -> str:
    """The name under which it is kept how far a file was read. What was named by hand is screened anew for other hosts;
    of a configured source the files that were read stay read."""
    mark = f"warc, {source.name}, {place}"
    if source.name != BACKFILLED.name or (source.gate and not source.hosts):
        return mark
    return f"{mark}, {digest_of(*sorted(source.hosts), str(source.gate))}"


def _host_screen(hosts: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether an address is of one of the hosts, or of a host below one."""
    exact = frozenset(host.lower() for host in hosts)
    below = tuple(f".{host}" for host in exact)

    def screen(url: str) -> bool:
        small = url.lower()
        if exact and not any(host in small for host in exact):
            return False  # most addresses are done with here
        try:
            parts = urlsplit(canonical_url(url))
        except ValueError:
            return False
        host = parts.hostname or ""
        if parts.path == "/robots.txt":
            return False
        return not exact or host in exact or host.endswith(below)

    return screen


def _is_of_the_web(url: str) -> bool:
    return url[:4].lower() == "http"


def _is_wanted(item: ArchivedResponse, *, gated: bool) -> bool:
    """Whether a record is a page that can be read, dated by its archive, and may be on the matter."""
    if item.status != 200 or item.date is None or not item.body:
        return False
    content_type = item.header("content-type")
    if content_type.partition(";")[0].strip().lower() not in _READABLE:
        return False
    if not gated or "pdf" in content_type.lower():
        return True  # a PDF shows its words only when it is read
    return body_may_be_relevant(item.body, content_type)
