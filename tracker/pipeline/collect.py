"""Collect: sources -> candidates -> pages, fetched politely, archived, and every attempt on record."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.config import Revisit, Source
from tracker.decide import decide_outcome, decide_visit
from tracker.errors import FetchError, KeyMissing
from tracker.pipeline.hosts import save_holds
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Archive, Attempt, Clock, Fetcher, PageState, Store
from tracker.sources import list_candidates
from tracker.types import Candidate, Outcome, Problem, Response, SourceReport

STAGE = "collect"


@dataclass
class _Tally:
    """What has come of one source so far."""

    source: Source
    answered: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    failure: str | None = None
    skipped: str | None = None
    candidates: tuple[Candidate, ...] = ()

    def report(self) -> SourceReport:
        return SourceReport(
            source=self.source.name,
            fetched=self.answered,
            new=self.outcomes[Outcome.NEW],
            changed=self.outcomes[Outcome.CHANGED],
            unchanged=self.outcomes[Outcome.UNCHANGED],
            refused=self.outcomes[Outcome.REFUSED],
            failed=self.outcomes[Outcome.FAILED],
            problems=tuple(self.problems),
            failure=self.failure,
            skipped=self.skipped,
        )


class Collector:
    """One run over some sources; a page that several sources point at is fetched once."""

    def __init__(self, fetcher: Fetcher, archive: Archive, store: Store, clock: Clock, revisit: Revisit) -> None:
        self._fetcher, self._archive, self._store, self._clock = fetcher, archive, store, clock
        self._revisit = revisit
        self._visited: set[str] = set()

    async def collect(self, sources: Sequence[Source], progress: Progress = silent) -> list[SourceReport]:
        """Ask every source what it points at, then fetch what is new or due; reports in the order of the sources.

        A source or page that fails is told in its report. Anything else that goes wrong raises.
        """
        tallies = [_Tally(source) for source in sources]
        done = 0

        async def run(tally: _Tally) -> None:
            nonlocal done
            await self._list(tally)
            await asyncio.gather(*(self._visit(tally, item) for item in tally.candidates))
            done += 1
            progress(STAGE, done, len(tallies))

        progress(STAGE, 0, len(tallies))
        async with asyncio.TaskGroup() as group:
            for tally in tallies:
                group.create_task(run(tally))
        return [tally.report() for tally in tallies]

    async def _list(self, tally: _Tally) -> None:
        async def ask(url: str, *, headers: Mapping[str, str] | None = None) -> Response:
            return await self._ask(tally, url, headers)

        try:
            tally.candidates = await list_candidates(tally.source, ask)
        except KeyMissing as error:
            tally.skipped = error.detail
            self._record_failure(tally, tally.source.url, error, is_listing=True)
            return
        except FetchError as error:
            tally.failure = error.detail
            tally.outcomes[Outcome(error.outcome)] += 1
            tally.problems.append(Problem(tally.source.url, Outcome(error.outcome), error.detail))
            self._record_failure(tally, tally.source.url, error, is_listing=True)
            return
        self._store.save_sightings(tally.source.name, tally.candidates, self._clock.now())

    async def _ask(self, tally: _Tally, url: str, headers: Mapping[str, str] | None) -> Response:
        """Get a feed, listing or answer of an API; what has not changed comes out of the archive."""
        state = self._store.find_page(url)
        response, _ = await self._fetch(tally, url, state, headers, is_listing=True)
        if state is not None and response.not_modified:
            return replace(response, body=self._archive.load_body(state.archive), headers=_with_type(response, state))
        return response

    async def _visit(self, tally: _Tally, candidate: Candidate) -> None:
        url = candidate.url
        state = self._store.find_page(url)
        if url in self._visited or not decide_visit(state, self._clock.now(), self._revisit):
            return
        self._visited.add(url)
        try:
            _, outcome = await self._fetch(tally, url, state, None, is_listing=False)
        except FetchError as error:
            outcome = Outcome(error.outcome)
            tally.problems.append(Problem(url, outcome, error.detail))
            self._record_failure(tally, url, error, is_listing=False)
        tally.outcomes[outcome] += 1

    async def _fetch(
        self,
        tally: _Tally,
        url: str,
        state: PageState | None,
        headers: Mapping[str, str] | None,
        *,
        is_listing: bool,
    ) -> tuple[Response, Outcome]:
        usable = state is not None and self._archive.holds(state.archive)
        response = await self._fetcher.fetch(url, state.validators if state and usable else None, headers)
        tally.answered += 1
        outcome = decide_outcome(state.body_sha256 if state else None, response)
        if not response.not_modified and (outcome is not Outcome.UNCHANGED or not usable):
            response = replace(response, archive=self._archive.append(response))
        self._store.save_page(
            tally.source.name,
            response,
            Attempt(
                source=tally.source.name,
                url=url,
                at=response.fetched_at,
                outcome=outcome,
                status=response.status,
                why=None,
                is_listing=is_listing,
                bytes=len(response.body),
                elapsed_ms=response.elapsed_ms,
            ),
        )
        return response, outcome

    def _record_failure(self, tally: _Tally, url: str, error: FetchError, *, is_listing: bool) -> None:
        attempt = Attempt(
            source=tally.source.name,
            url=url,
            at=self._clock.now(),
            outcome=Outcome(error.outcome),
            status=error.status,
            why=error.detail,
            is_listing=is_listing,
            elapsed_ms=error.elapsed_ms,
            reason=error.reason,
        )
        self._store.save_attempt(attempt)
        save_holds(self._store, self._fetcher.holds())


def _with_type(response: Response, state: PageState) -> tuple[tuple[str, str], ...]:
    """A 304 need not repeat the content type (RFC 9110, section 15.4.5); the reader wants it."""
    if state.content_type is None or response.header("content-type"):
        return response.headers
    return (*response.headers, ("content-type", state.content_type))
