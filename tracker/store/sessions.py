"""Sessions of a store: looks that see one state, and transactions that are alone in writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.store.dialects import for_reading, write_alone

SETTLE_S = 10.0


class Sessions:
    """What every store over an engine opens."""

    def __init__(self, engine: Engine, settle_s: float = SETTLE_S) -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._settle_s = settle_s
        """How long the jobs of workers wait for more before all is reconciled or published."""

    def _session(self) -> Session:
        return Session(self._reading, expire_on_commit=False)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction that is alone in writing from its first look on."""
        info = {"settle_s": self._settle_s}
        with Session(self._engine, expire_on_commit=False, info=info) as session, session.begin():
            write_alone(session.connection())
            yield session
