"""Whether a process lives, and whether it is ready for its work: what supervisors and load balancers ask.

It lives while its event loop turns: a task of the loop calls `beat`, and whoever asks looks at how long ago that was.
It is ready while nothing that is looked after (`note`) is in trouble or was last heard of too long ago: a look that
hangs is itself a trouble. Asking costs no look of its own, however often it is done.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BEAT_S = 1.0
STILL_S = 30.0
"""A loop that has not turned for so long stands still; no step of ours in it takes near as long."""
LOOK_S = 5.0
UNHEARD_S = 45.0
"""A look that is not over after so long is one that hangs."""


class Vitals:
    """What a process knows of itself; any thread may tell and ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._beaten_at = clock()
        self._noted: dict[str, tuple[float, str | None]] = {}
        self._turn = threading.Lock()

    def beat(self) -> None:
        """The event loop has turned."""
        self._beaten_at = self._clock()

    @property
    def still_s(self) -> float:
        """How long ago the event loop last turned."""
        return self._clock() - self._beaten_at

    @property
    def is_alive(self) -> bool:
        """Whether the event loop turns."""
        return self.still_s < STILL_S

    def note(self, what: str, trouble: str | None) -> None:
        """How something that the process needs does now: None where it does well, else what is wrong, in words."""
        with self._turn:
            self._noted[what] = (self._clock(), trouble)

    def troubles(self) -> dict[str, str]:
        """What keeps the process from its work, by what it needs; empty where it is ready."""
        now = self._clock()
        with self._turn:
            noted = dict(self._noted)
        found = {} if self.is_alive else {"event loop": f"stands still for {self.still_s:.0f} s"}
        for what, (at, trouble) in noted.items():
            if trouble is not None:
                found[what] = trouble
            elif now - at > UNHEARD_S:
                found[what] = f"nothing was heard of it for {now - at:.0f} s"
        return found

    async def beating(self, look: Callable[[], None] = lambda: None) -> None:
        """Beat until cancelled; `look` is called at each beat, in the loop."""
        while True:
            self.beat()
            look()
            await asyncio.sleep(BEAT_S)

    def watch(self, what: str, look: Callable[[], str | None], every_s: float = LOOK_S) -> Callable[[], None]:
        """Look after something in a thread of its own, where a look may take long or hang; ends with the returned call.

        `look` tells the trouble as `note` takes it; what it raises is a trouble too.
        """
        over = threading.Event()

        def looking() -> None:
            while not over.is_set():
                try:
                    self.note(what, look())
                except Exception as error:
                    self.note(what, str(error) or type(error).__name__)
                over.wait(every_s)

        self.note(what, "it was not looked at yet")
        threading.Thread(target=looking, name=f"look at the {what}", daemon=True).start()
        return over.set


def answering(vitals: Vitals, otherwise: WSGIApplication) -> WSGIApplication:
    """/healthz and /readyz in front of another application (PEP 3333): 200, or 503 with what is wrong, as JSON."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path not in ("/healthz", "/readyz"):
            return otherwise(environ, start_response)
        troubles = vitals.troubles() if path == "/readyz" else {}
        if path == "/healthz" and not vitals.is_alive:
            troubles = {"event loop": f"stands still for {vitals.still_s:.0f} s"}
        good = "ready" if path == "/readyz" else "ok"
        told = {"status": f"not {good}", "why": troubles} if troubles else {"status": good}
        body = json.dumps(told).encode() + b"\n"
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("503 Service Unavailable" if troubles else "200 OK", [*headers, ("Cache-Control", "no-store")])
        return [body]

    return application
