"""Collect: sources -> candidates -> pages, fetched politely, archived, and every attempt on record."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.config import Network, Revisit, Source
from tracker.decide import decide_outcome, decide_visit
from tracker.errors import FetchError, StoreUnusable
from tracker.pipeline.claims import Claims
from tracker.pipeline.hosts import save_holds
from tracker.pipeline.lanes import Lanes
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.recorder import Recorder
from tracker.pipeline.tally import Tally
from tracker.ports import Archive, Attempt, Clock, Fetcher, Original, PageState, Store, Visit
from tracker.read.urls import keeps_to_origin
from tracker.sources import PartlyListed, auth_headers, list_candidates
from tracker.types import Candidate, Outcome, Problem, Response, SourceReport

STAGE = "collect"


class Collector:
    """One run over some sources; a page that several sources point at is fetched once.

    `stop` may be called from anywhere: no further page is begun, and what is in flight is finished and kept.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        archive: Archive,
        store: Store,
        clock: Clock,
        revisit: Revisit,
        network: Network | None = None,
        environ: Mapping[str, str] = os.environ,
        claims: Claims | None = None,
    ) -> None:
        self._fetcher, self._archive, self._store, self._clock = fetcher, archive, store, clock
        self._revisit, self._network = revisit, network or Network()
        self._environ = environ
        self._claims = claims or Claims()
        self._visited: set[str] = set()
        self._stopped = False

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopped = True

    async def collect(self, sources: Sequence[Source], progress: Progress = silent) -> list[SourceReport]:
        """Ask every source what it points at, then fetch what is new or due; reports in the order of the sources.

        A source or page that fails is told in its report. Anything else that goes wrong raises; what was fetched
        before that is kept.
        """
        tallies = [Tally(source) for source in sources]
        done = 0

        async def run(tally: Tally) -> None:
            nonlocal done
            await self._collect_source(tally, recorder)
            done += 1
            progress(STAGE, done, len(tallies))

        progress(STAGE, 0, len(tallies))
        async with Recorder(self._archive, self._store) as recorder:
            try:
                async with asyncio.TaskGroup() as group:
                    for tally in tallies:
                        group.create_task(run(tally))
            except BaseExceptionGroup as errors:
                raise _first_of(errors) from None
        return [tally.report() for tally in tallies]

    async def _collect_source(self, tally: Tally, recorder: Recorder) -> None:
        if self._stopped:
            return
        candidates = await self._list(tally, recorder)
        with self._claims.look() as look:
            due = await self._select(tally, candidates, recorder)

            async def visit(candidate: Candidate) -> None:
                if self._may_visit(candidate.url, look):
                    await recorder.room()
                    await self._visit(tally, candidate, due[candidate], recorder)

            lanes = Lanes(due, lambda host: self._network.limits_of(host).concurrency or 1)
            await lanes.drain(visit)
            await recorder.flush()

    def _may_visit(self, url: str, look: int) -> bool:
        if self._stopped or url in self._visited or not self._claims.take(url, look):
            return False
        self._visited.add(url)
        return True

    # --- the listing ---

    async def _list(self, tally: Tally, recorder: Recorder) -> tuple[Candidate, ...]:
        """What the source points at now; empty where it cannot be asked. One row of the log stands for the whole."""
        source, at = tally.source, self._clock.now()
        since = await recorder.call(self._store.find_listed_at, source.name, source.url)

        async def ask(url: str, *, headers: Mapping[str, str] | None = None) -> Response:
            return await self._ask(tally, url, headers, recorder)

        try:
            candidates = await list_candidates(source, ask, since, environ=self._environ)
        except FetchError as error:
            tally.note_failure(error)
            had = error.candidates if isinstance(error, PartlyListed) else None
            # The last failed request is what the source failed by: it is told once, by the row for the whole.
            await self._record_failures(tally, tally.failed_asks[: -1 if had is None else None], recorder)
            # Without a row that counts items, the next run goes back as far as this one.
            await recorder.call(self._store.save_sightings, source.name, had or (), at)
            self._put_failure(source, source.url, error, recorder, is_listing=True)
            return had or ()
        await self._record_failures(tally, tally.failed_asks, recorder)
        await recorder.call(self._store.save_sightings, source.name, candidates, at)
        whole = Attempt(source.name, source.url, at, tally.listing_outcome, None, None, True, items=len(candidates))
        recorder.put(Visit(whole))
        return candidates

    async def _ask(self, tally: Tally, url: str, headers: Mapping[str, str] | None, recorder: Recorder) -> Response:
        """Get a feed, listing or answer of an API; what has not changed comes out of the archive."""
        await recorder.room()
        state = (await recorder.call(self._store.load_pages, [url])).get(url)
        try:
            response, outcome = await self._fetch(tally, url, state, headers, recorder, is_listing=True)
        except FetchError as error:
            tally.failed_asks.append((url, error))
            raise
        tally.note_listed(url, outcome)
        if state is not None and response.not_modified:
            try:
                body = await recorder.call(self._archive.load_body, state.archive)
            except StoreUnusable:  # the record is damaged: a whole answer takes its place
                return (await self._fetch(tally, url, None, headers, recorder, is_listing=True))[0]
            return replace(response, body=body, headers=_with_type(response, state))
        return response

    # --- the pages ---

    async def _select(
        self, tally: Tally, candidates: Sequence[Candidate], recorder: Recorder
    ) -> dict[Candidate, PageState | None]:
        """The candidates that are to be visited now, and with them the young pages that the list no longer reaches:
        those that an earlier run could not get, and those that may yet be corrected."""
        now, source = self._clock.now(), tally.source
        young = await recorder.call(self._store.load_pointed_at, source.name, now - self._revisit.for_)
        # What the source says now stands before what it said once.
        wanted = list({item.url: item for item in (*candidates, *young)[::-1]}.values())[::-1]
        wanted = [item for item in wanted if item.url not in tally.asked]
        urls = [item.url for item in wanted]
        pages = await recorder.call(self._store.load_pages, urls)
        failures = await recorder.call(self._store.load_failures, source.name, urls)
        return {
            item: pages.get(item.url)
            for item in wanted
            if item.is_watched or decide_visit(pages.get(item.url), now, self._revisit, failures.get(item.url))
        }

    async def _visit(self, tally: Tally, candidate: Candidate, state: PageState | None, recorder: Recorder) -> None:
        url = candidate.url
        try:
            headers = self._own_headers(tally.source, url)
            _, outcome = await self._fetch(tally, url, state, headers, recorder, is_listing=False)
        except FetchError as error:
            outcome = Outcome(error.outcome)
            tally.problems.append(Problem(url, outcome, error.detail))
            self._put_failure(tally.source, url, error, recorder, is_listing=False)
            await self._save_holds(recorder)
        tally.outcomes[outcome] += 1

    def _own_headers(self, source: Source, url: str) -> Mapping[str, str] | None:
        """Pages on an API's own origin want the API's key too; no other may see it. Raises: KeyMissing."""
        if not keeps_to_origin(url, source.url):
            return None
        return auth_headers(source, self._environ) or None

    async def _fetch(
        self,
        tally: Tally,
        url: str,
        state: PageState | None,
        headers: Mapping[str, str] | None,
        recorder: Recorder,
        *,
        is_listing: bool,
    ) -> tuple[Response, Outcome]:
        usable = state is not None and self._archive.holds(state.archive)
        response = await self._fetcher.fetch(url, state.validators if state and usable else None, headers)
        tally.answered += 1
        outcome = decide_outcome(state.body_sha256 if state else None, response)
        attempt = Attempt(
            source=tally.source.name,
            url=url,
            at=response.fetched_at,
            outcome=outcome,
            status=response.status,
            why=None,
            is_listing=is_listing,
            bytes=len(response.body),
            elapsed_ms=response.elapsed_ms,
        )
        original = None
        if state is not None and usable and outcome is Outcome.UNCHANGED:
            original = Original(state.archive, state.final_url, state.fetched_at)
        recorder.put(Visit(attempt, response, original, response.before))
        return response, outcome

    # --- the record of failures ---

    async def _record_failures(
        self, tally: Tally, failed: Sequence[tuple[str, FetchError]], recorder: Recorder
    ) -> None:
        for url, error in failed:
            self._put_failure(tally.source, url, error, recorder, is_listing=True)
        await self._save_holds(recorder)

    async def _save_holds(self, recorder: Recorder) -> None:
        holds = self._fetcher.holds()
        if holds:
            await recorder.call(save_holds, self._store, holds)

    def _put_failure(
        self, source: Source, url: str, error: FetchError, recorder: Recorder, *, is_listing: bool
    ) -> None:
        attempt = Attempt(
            source=source.name,
            url=url,
            at=self._clock.now(),
            outcome=Outcome(error.outcome),
            status=error.status,
            why=error.detail,
            is_listing=is_listing,
            elapsed_ms=error.elapsed_ms,
            reason=error.reason,
        )
        recorder.put(Visit(attempt, error.answer, before=error.before))


def _first_of(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """What ended the run: the tasks that it took along say nothing more."""
    first = errors.exceptions[0]
    return _first_of(first) if isinstance(first, BaseExceptionGroup) else first


def _with_type(response: Response, state: PageState) -> tuple[tuple[str, str], ...]:
    """A 304 need not repeat the content type (RFC 9110, section 15.4.5); the reader wants it."""
    if state.content_type is None or response.header("content-type"):
        return response.headers
    return (*response.headers, ("content-type", state.content_type))
