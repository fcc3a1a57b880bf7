"""What a monitor asks of a worker or scheduler: metrics, and whether it lives and is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from tracker.app import App
from tracker.errors import OutputUnusable
from tracker.logs import get_log
from tracker.metrics import Metrics, Snapshot
from tracker.store.faults import as_ours
from tracker.vitals import Vitals

_LOG = get_log(__name__)
_EVERY_S = 15.0


def tell(
    app: App,
    stack: AsyncExitStack,
    port: int | None,
    address: str,
    sum_up: Callable[[], Snapshot],
    look: Callable[[Vitals], None] = lambda vitals: None,
    *,
    writes: bool = False,
) -> list[Coroutine[Any, Any, None]]:
    """Serve metrics and health at a port until the stack ends; what is to run beside for it.

    Args:
        sum_up: what the metrics tell, asked in a thread.
        look: notes how the process does, once a second.
        writes: also put the metrics beside the data, for a textfile collector.

    Raises:
        OutputUnusable: the port is taken.
    """
    metrics, vitals = Metrics(), Vitals()

    if port is not None:
        stack.callback(metrics.serve(port, address, vitals))
        stack.callback(vitals.watch("database", app.find_database_trouble))
        _LOG.info("metrics", address=f"http://{address}:{metrics.port}/metrics")
    elif not writes:
        return []
    return [vitals.beating(lambda: look(vitals)), _keep(app, metrics, sum_up, writes=writes)]


async def _keep(app: App, metrics: Metrics, sum_up: Callable[[], Snapshot], *, writes: bool) -> None:
    while True:
        try:
            metrics.snapshot = await asyncio.to_thread(sum_up)
            if writes:
                await asyncio.to_thread(metrics.write, app.settings.data_dir)
        except Exception as error:  # figures are no reason to stop working
            if isinstance(error, OutputUnusable) or as_ours(error, app.settings.database_url) is None:
                _LOG.error("metrics could not be written", why=str(error))
        await asyncio.sleep(_EVERY_S)
