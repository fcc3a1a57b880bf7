"""Send: what lies in the outbox goes out, and what became of each try is kept.

A message was rendered and stored when it was cut, and is sent byte for byte at every try under the same id. It is
recorded in a transaction of its own as soon as it was answered: the one moment in which a server may get it twice is
between that answer and our record, if we die there. Who may be in that moment is one message for each connection.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from tracker.digest.retrying import decide_next_try
from tracker.errors import StoreLocked, TrackerError
from tracker.logs import get_log
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Clock, SubscriptionStore
from tracker.ports.channels import Answer, Door, Way
from tracker.types import Outcome, Problem, StageReport
from tracker.types.digests import Delivery, DeliveryAttempt
from tracker.types.watching import Channel

STAGE = "send"
_AT_ONCE = 250
"""Deliveries that are held in memory."""
_TROUBLES = 3
"""After so many messages in a row for which the server was to blame, it is left alone until the next turn."""
_BEHIND = timedelta(milliseconds=1)
"""What the server was to blame for waits from so long after its turn: it is due again at once, and behind the rest."""
_MANY = 3
"""Where mail to so many fails and none was taken since, the server is to blame, and nobody is given up."""
_ASK_AGAIN = timedelta(hours=4)
_RECORD_TRIES = 6
"""What was accepted has to be recorded, also where another program writes for long."""
_MOST_PROBLEMS = 20
"""Named in the report; the others are counted, and each is in the log of deliveries."""
_LOG = get_log(__name__)


async def send_due(
    store: SubscriptionStore,
    ways: Mapping[Channel, Way | TrackerError],
    clock: Clock,
    give_up_after: timedelta,
    *,
    progress: Progress = silent,
    chance: Callable[[], float] = random.random,
) -> StageReport:
    """Try what is due once, each subscriber's oldest first. Who calls this holds the lock of senders.

    `given` are the tries, `done` what was accepted.

    Args:
        ways: how each channel leaves; an error where it cannot, which is told if something waits for it.

    Raises:
        StoreError: the database cannot be used.
    """
    turns = [_Turn(store, channel, way, clock, give_up_after, progress, chance) for channel, way in ways.items()]
    await _together(turn.run() for turn in turns)
    problems = [problem for turn in turns for problem in turn.problems]
    if (more := len(problems) - _MOST_PROBLEMS) > 0:
        told = Problem(f"{more} more", Outcome.FAILED, "see tracker digest log")
        problems = [*problems[:_MOST_PROBLEMS], told]
    return StageReport(
        STAGE, sum(turn.tried for turn in turns), sum(turn.sent for turn in turns), problems=tuple(problems)
    )


async def _together(jobs: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Wait for all; the first error ends the others, and is raised as it is and in no group."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Turn:
    """One channel's turn."""

    def __init__(
        self,
        store: SubscriptionStore,
        channel: Channel,
        way: Way | TrackerError,
        clock: Clock,
        give_up_after: timedelta,
        progress: Progress,
        chance: Callable[[], float],
    ) -> None:
        self._store, self._channel, self._way, self._clock = store, channel, way, clock
        self._give_up_after, self._progress, self._chance = give_up_after, progress, chance
        self._queue: deque[Delivery] = deque()
        self._seen: set[int] = set()
        self._troubled: list[tuple[Delivery, Answer, int]] = []
        """Those for which the server was to blame since it last took one."""
        self.tried = self.sent = 0
        self.problems: list[Problem] = []

    async def run(self) -> None:
        """Until nothing is due, or the server is left alone."""
        if not self._fill():
            return
        if isinstance(self._way, TrackerError):
            self._note(f"{self._channel}: {len(self._queue)} wait", str(self._way))
            return
        way = self._way
        await _together(self._work(way) for _ in range(min(way.at_once, len(self._queue))))
        if self._troubled:
            _, answer, _ = self._troubled[-1]
            # One that no server takes must not come first in every turn: who waits behind it is asked before it.
            behind, ids = self._clock.now() + _BEHIND, [delivery.id for delivery, _, _ in self._troubled]
            await self._record(lambda: self._store.put_back(ids, behind))
            _LOG.error("the mail server is left alone until the next turn", why=answer.why)
            self._note(f"{self._channel} server", f"{answer.why}; what is to be sent waits")

    def _fill(self) -> bool:
        """Take up what is due and was not tried in this turn; False where that is nothing."""
        if not self._queue:
            due = self._store.load_due(self._clock.now(), _AT_ONCE, self._channel)
            self._queue.extend(item for item in due if item.id not in self._seen)
            self._seen.update(item.id for item in due)
        return bool(self._queue)

    async def _work(self, way: Way) -> None:
        async with AsyncExitStack() as stack:
            door = way.open()
            stack.push_async_callback(door.close)
            while len(self._troubled) < _TROUBLES and self._fill():
                await self._try(self._queue.popleft(), door)

    async def _try(self, delivery: Delivery, door: Door) -> None:
        secret = ""
        if delivery.message.channel == "webhook":
            subscriber = self._store.find_subscriber(delivery.subscriber_id)
            secret = subscriber.secret if subscriber else ""
        began = time.monotonic()
        answer = await door.send(delivery.message, secret)
        elapsed_ms = round((time.monotonic() - began) * 1000)
        if answer.blames == "server":
            self._troubled.append((delivery, answer, elapsed_ms))
            return
        # It takes others, so what it did not take was to blame itself.
        troubled, self._troubled = self._troubled, []
        for item in ((delivery, answer, elapsed_ms), *troubled):
            await self._settle(*item)

    async def _settle(self, delivery: Delivery, answer: Answer, elapsed_ms: int) -> None:
        """Keep what became of a try."""
        now = self._clock.now()
        attempt = DeliveryAttempt(delivery.id, now, answer.outcome, answer.code, answer.why, elapsed_ms)
        self.tried += 1
        self._progress(STAGE, self.tried, None)
        if answer.outcome == "sent":
            self.sent += 1
            await self._record(lambda: self._store.save_attempt(attempt, "sent"))
        elif answer.outcome == "refused":
            disabled = answer.why if answer.blames == "address" else ""
            await self._record(lambda: self._store.save_attempt(attempt, "refused", disabled_because=disabled))
            self._tell(delivery, "refused", answer.why, disabled=bool(disabled))
        else:
            await self._put_off(delivery, answer, attempt)

    async def _put_off(self, delivery: Delivery, answer: Answer, attempt: DeliveryAttempt) -> None:
        next_at = decide_next_try(delivery, attempt.at, self._give_up_after, self._chance(), answer.after_s)
        if next_at is not None:
            await self._record(lambda: self._store.save_attempt(attempt, "pending", next_at))
            self._note(delivery.subscriber_name, f"{answer.why}; tried again from {next_at:%Y-%m-%d %H:%M} UTC")
            return
        since = (delivery.tried_since or attempt.at).date()
        if self._channel == "mail" and self._store.count_failing("mail", delivery.tried_since or attempt.at) >= _MANY:
            await self._record(lambda: self._store.save_attempt(attempt, "pending", attempt.at + _ASK_AGAIN))
            why = f"{answer.why}; the server has taken no mail of anybody's since {since}, so that nobody is given up"
            self._note(delivery.subscriber_name, why)
            return
        why = f"given up after {delivery.attempts + 1} tries since {since}: {answer.why}"
        await self._record(lambda: self._store.save_attempt(attempt, "dead", disabled_because=why))
        self._tell(delivery, "dead", why, disabled=True)

    async def _record(self, save: Callable[[], object]) -> None:
        for left in reversed(range(_RECORD_TRIES)):
            try:
                save()
            except StoreLocked:
                if not left:
                    raise
                await asyncio.sleep(0.2)
            else:
                return

    def _tell(self, delivery: Delivery, state: str, why: str, *, disabled: bool) -> None:
        """What is for good: it is told to who runs this."""
        _LOG.error(f"delivery {state}", delivery=delivery.id, subscriber=delivery.subscriber_name, why=why)
        then = "; the subscriber is disabled" if disabled else ""
        self._note(delivery.subscriber_name, f"{state}: {why}{then} (tracker digest show {delivery.id})")

    def _note(self, where: str, why: str) -> None:
        self.problems.append(Problem(where, Outcome.FAILED, why))
