"""The schedule of a fleet: it defers what is due and runs nothing itself. Any number may run beside each other."""

from __future__ import annotations

import asyncio
import heapq
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

from tracker.app import App, has_digests_to_deliver, open_app
from tracker.config import Settings, Source
from tracker.errors import StoreLocked, TrackerError
from tracker.jobs.telling import tell
from tracker.jobs.upkeep import keep_up, sweep
from tracker.logs import bound, get_log
from tracker.ports.work import Wanted
from tracker.stopping import Stopping
from tracker.store.faults import as_ours
from tracker.store.lock import hold_turns

_LOG = get_log(__name__)
_LONGEST_S = 5.0
"""So often is looked for what is due, at the least."""
_LOOK_AGAIN = timedelta(seconds=30)
"""A source whose job is not done yet, or was just deferred, is looked at again after so long."""
_PAUSE = timedelta(minutes=1)
"""So long a source is left alone whose job is dead, and longer where it is asked more seldom."""
_DELIVER_EVERY_S = 60.0
_AGAIN_S = 5.0


def schedule_until_stopped(
    settings: Settings, *, metrics_port: int | None = None, metrics_address: str = "127.0.0.1"
) -> None:
    """Defer a job for each enabled source when it is due, and for deliveries, until SIGTERM or Ctrl-C.

    What else becomes due is deferred where it does: collecting defers reading, and so on. Several schedulers defer
    each turn once.

    Raises:
        StoreError: the database cannot be used at the start. Later it may be away: it is asked again.
        OutputUnusable: the metrics' port is taken.
    """
    with open_app(settings, shared=True) as app, bound(run=secrets.token_hex(4)):
        sweep(app)
        asyncio.run(_Service(app).run(metrics_port, metrics_address))


class _Service:
    def __init__(self, app: App) -> None:
        self._app, self._settings = app, app.settings
        self._stopping = Stopping()
        self._seen: object = None
        """What was published when it was last looked for deliveries."""
        now = app.clock.now()
        self._turns = [(now, source.name) for source in self._settings.select_sources(None)]
        """When each source is to be looked at next, as a heap."""
        self._sources = {source.name: source for source in self._settings.select_sources(None)}

    async def run(self, metrics_port: int | None, metrics_address: str) -> None:
        """Serve until the first signal."""
        self._stopping.listen()  # before anybody is told that it is up
        async with AsyncExitStack() as stack:
            side = tell(self._app, stack, metrics_port, metrics_address, self._app.snapshot, writes=True)
            beside = [asyncio.create_task(item) for item in (*side, keep_up(self._app), self._look_for_deliveries())]
            turning = asyncio.create_task(self._turn())
            _LOG.info("scheduled", sources=len(self._sources))
            await asyncio.wait([turning, *beside], return_when=asyncio.FIRST_COMPLETED)
            ended = next((task for task in beside if task.done()), turning)
            for task in (turning, *beside):
                task.cancel()
            await asyncio.gather(turning, *beside, return_exceptions=True)
            _LOG.info("stopped")
            if not ended.cancelled():
                ended.result()

    async def _turn(self) -> None:
        while not self._stopping.is_asked:
            pause_s = _LONGEST_S
            try:
                pause_s = await asyncio.to_thread(self._defer_due)
            except Exception as error:
                if (ours := as_ours(error, self._settings.database_url)) is None:
                    raise
                if not isinstance(ours, StoreLocked):
                    _LOG.error("the database is away", why=str(ours), again_s=_AGAIN_S)
                pause_s = _AGAIN_S
            await self._stopping.wait(pause_s)

    def _defer_due(self) -> float:
        """Defer what is due now; in how many seconds to look again."""
        now = self._app.clock.now()
        names = []
        while self._turns and self._turns[0][0] <= now:
            names.append(heapq.heappop(self._turns)[1])
        try:
            if names:
                with hold_turns(self._settings.database_url):
                    planned = self._plan([self._sources[name] for name in names], now)
            else:
                planned = {}
        except BaseException:
            planned = dict.fromkeys(names, now)  # nothing was deferred
            raise
        finally:
            for name, at in planned.items():
                heapq.heappush(self._turns, (at, name))
        if not self._turns:
            return _LONGEST_S
        return min(_LONGEST_S, max(0.2, (self._turns[0][0] - now).total_seconds()))

    def _plan(self, sources: Sequence[Source], now: datetime) -> dict[str, datetime]:
        """Defer the jobs of those of the sources that are due; when to look at each again.

        Which jobs there are is looked at before the log: what a job that ends in between leaves there is seen.
        """
        app, ledger = self._app, self._app.store.work
        live, dead = ledger.load_collecting()
        planned, due = {}, []
        for source in sources:
            next_at = app.standing(source).next_at or now
            if source.name in dead:
                next_at = max(next_at, dead[source.name] + max(source.every, _PAUSE))
            if source.name in live:
                planned[source.name] = now + _LOOK_AGAIN
            elif next_at > now:
                planned[source.name] = next_at
            else:
                due.append(Wanted("collect", source.name, {"source": source.name}))
                planned[source.name] = now + _LOOK_AGAIN
        if due:
            ledger.defer(due)
            _LOG.info("deferred", stage="collect", sources=len(due), first=due[0].key)
        return planned

    async def _look_for_deliveries(self) -> None:
        while True:
            try:
                waits, seen = await asyncio.to_thread(has_digests_to_deliver, self._settings, self._seen)
                if waits:
                    await asyncio.to_thread(self._app.store.work.defer, [Wanted("deliver")])
                self._seen = seen
            except Exception as error:
                known = error if isinstance(error, TrackerError) else as_ours(error, self._settings.database_url)
                if known is None:
                    raise
                _LOG.error("deliveries could not be looked for", why=str(known))
            await asyncio.sleep(_DELIVER_EVERY_S)
