"""The run lock of the database, held by workers together: while a job is in flight no run begins, and the other way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from tracker.errors import StoreLocked
from tracker.store.advisory import RUNNING, WORKER, find_holder, this_process

_ASK_AGAIN_S = 1.0
_GIVE_UP_S = 900.0
_TRY = text("SELECT set_config('application_name', :name, false), pg_try_advisory_lock_shared(:key)")


@contextmanager
def share_run_lock(engine: Engine, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock with other workers, over a connection of this job's own; wait for a run that has it by itself.

    A run that waits for workers to end is let in first: the server asks for the lock in the order of asking.

    Args:
        waiting: told once of who is waited for.

    Raises:
        StoreLocked: a run has held it for a quarter of an hour.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        values = {"key": RUNNING, "name": f"{WORKER}{this_process()}"[:63]}
        waited_s = 0.0
        while not connection.execute(_TRY, values).one()[1]:
            holder = find_holder(connection, RUNNING)
            if waited_s >= _GIVE_UP_S:
                raise StoreLocked(f"{holder}; this job waits for it to end")
            if waited_s == 0:
                waiting(holder)
            time.sleep(_ASK_AGAIN_S)
            waited_s += _ASK_AGAIN_S
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock_shared(:key)"), {"key": RUNNING})
