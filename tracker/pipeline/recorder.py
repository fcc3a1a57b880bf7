"""Keeping what was fetched: many pages with one flush to disk and one transaction, while the next are on their way.

A page counts as saved only when its record is on disk and its row in the database, in that order; a crash before that
leaves it to be fetched again. All work on disk is done by one thread, so that the network never waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from tracker.ports import Archive, Store, Visit

_P = ParamSpec("_P")
_T = TypeVar("_T")
_BATCH = 64
"""Visits that are kept together at most."""
_LINGER_S = 0.02
"""How long a batch that is not full waits for more."""
MAX_WAITING_BYTES = 8_000_000
"""Bodies that wait to be kept, in all; beyond it nothing new is fetched."""


class Recorder:
    """Use it as an async context manager: what was put is kept before the block ends, also when it ends in an error.

    Raises:
        StoreError: from `put`, `flush` and the end of the block, once the archive or the database cannot be written.
    """

    def __init__(self, archive: Archive, store: Store) -> None:
        self._archive, self._store = archive, store
        self._waiting: list[Visit] = []
        self._waiting_bytes = 0
        self._wake, self._room, self._idle = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._room.set()
        self._idle.set()
        self._failure: BaseException | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")

    async def __aenter__(self) -> Self:
        self._writing = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._idle.wait()
        finally:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
            self._thread.shutdown()
        if error is None and self._failure is not None:
            raise self._failure

    async def call(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Do something with the store or the archive in the thread that they belong to."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(work, *args, **kwargs))

    async def room(self) -> None:
        """Wait until what was fetched has been kept so far that more may come."""
        await self._room.wait()
        self._check()

    def put(self, visit: Visit) -> None:
        """Keep a visit soon."""
        self._check()
        self._waiting.append(visit)
        self._waiting_bytes += len(visit.response.body) if visit.response else 0
        if self._waiting_bytes > MAX_WAITING_BYTES:
            self._room.clear()
        self._idle.clear()
        self._wake.set()

    async def flush(self) -> None:
        """Wait until everything that was put is kept."""
        await self._idle.wait()
        self._check()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    async def _run(self) -> None:
        try:
            while True:
                await self._wake.wait()
                if len(self._waiting) < _BATCH:
                    await asyncio.sleep(_LINGER_S)
                await self._write_next()
        except Exception as exc:  # whatever it is, those who put must learn of it
            self._failure = exc
            self._room.set()
            self._idle.set()

    async def _write_next(self) -> None:
        batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
        await self.call(self._write, batch)
        self._waiting_bytes -= sum(len(visit.response.body) for visit in batch if visit.response)
        if self._waiting_bytes <= MAX_WAITING_BYTES:
            self._room.set()
        if not self._waiting:
            self._wake.clear()
            self._idle.set()

    def _write(self, batch: Sequence[Visit]) -> None:
        answers = [(visit.response, visit.original) for visit in batch if visit.response is not None]
        others = [(other, None) for visit in batch for other in visit.before]
        refs = iter(self._archive.append_all([*answers, *others]))
        kept = []
        for visit in batch:
            if visit.response is not None:
                ref = next(refs)
                if visit.original is None and not visit.response.not_modified:
                    visit = replace(visit, response=replace(visit.response, archive=ref))
            kept.append(visit)
        self._store.save_visits(kept)
