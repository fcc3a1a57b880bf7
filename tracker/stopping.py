"""The first SIGTERM or Ctrl-C lets what is in flight finish; a second one ends the process at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NoReturn

from tracker.logs import get_log

_LOG = get_log(__name__)
STOPPED_AT_ONCE = 130
"""The exit code after a second signal; the same as that of Ctrl-C in any other command."""
_ONE_WISH_S = 1.0
"""Signals so close together are one: timeout(1) sends its own to the process and again to its group."""


class Stopping:
    """Whether a process is to end; used in its event loop."""

    def __init__(self, grace_s: float = 0.0) -> None:
        self._grace_s = grace_s
        self._asked = asyncio.Event()
        self._asked_at = 0.0
        self.then: Callable[[], None] = lambda: None
        """Called once when it is to end."""
        self.kill: Callable[[], None] = lambda: None
        """Called before it ends at once: nothing that it has begun may outlive it."""
        self.tell: Callable[[], Mapping[str, int]] = dict
        """What else the line says by which it tells that it is to end."""

    @property
    def is_asked(self) -> bool:
        """Whether it is to end."""
        return self._asked.is_set()

    def listen(self) -> None:
        """Take the signals."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, self._on_signal)

    def ask(self) -> None:
        """It is to end."""
        if not self.is_asked:
            self._asked.set()
            self.then()

    async def wait(self, seconds: float | None = None) -> None:
        """Until it is to end, or so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), seconds)

    def _on_signal(self) -> None:
        now = time.monotonic()
        if self.is_asked:
            if now - self._asked_at >= _ONE_WISH_S:
                self.kill()
                end_at_once(STOPPED_AT_ONCE)  # as after a crash: what was in flight is taken up by others, or next time
            return
        self._asked_at = now
        _LOG.info("stopping; a second signal ends at once", **self.tell(), grace_s=self._grace_s)
        self.ask()


def end_at_once(code: int) -> NoReturn:
    """End the process, whatever its threads are at."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
