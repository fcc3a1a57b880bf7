"""Cut: a published edition -> what changed, and for each subscriber who is due the digest and the message of it.

Nothing is sent here. What a cut leaves of one subscriber stands in the database whole or not at all: the cursor (the
last change that was looked at), the hour that was served, the digest, what was told, and the message in the outbox. So
a cut that is broken off anywhere is made up for by the next one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tracker.config import Settings
from tracker.digest.composing import Composed, Occasion
from tracker.digest.due import Due, find_due
from tracker.digest.enrolling import was_never_confirmed
from tracker.digest.window import Window
from tracker.errors import InputError, TrackerError
from tracker.logs import get_log
from tracker.pipeline.digesting import MOST_CHANGES, Composing
from tracker.pipeline.editions import compare_edition, open_edition
from tracker.ports import Cut, Edition, SubscriptionStore
from tracker.query import Published
from tracker.types import Outcome, Problem, StageReport
from tracker.types.digests import Digest, Message
from tracker.types.watching import Subscriber

STAGE = "cut"
BATCH = 100
"""Subscribers whose messages are held at one time."""
_LOG = get_log(__name__)

Render = Callable[[Subscriber, Digest], Message]


def cut(
    store: SubscriptionStore,
    published_path: Path,
    settings: Settings,
    now: datetime,
    render: Render,
    *,
    most_changes: int = MOST_CHANGES,
    accepting: bool = False,
) -> StageReport:
    """Keep what the published edition changed, and make the digests that are due.

    `given` are the subscribers who were due, `done` those who have a digest now, `skipped` those for whom nothing
    changed. One whose message cannot be made is a problem, keeps its cursor, and is tried again by the next cut. With
    `accepting` an edition may lack whatever the last one had.

    Raises:
        UnreadableInput: there is no published database, or one of a newer tracker.
        InputError: it lacks too much of the edition before.
        StoreError: the database of subscribers cannot be used.
    """
    with open_edition(published_path) as (published, sha256):
        edition = compare_edition(store, published, sha256, now, accepting=accepting)
        return _Cutting(store, published, edition, settings, now, render).run(most_changes)


class _Cutting:
    """One cut."""

    def __init__(
        self,
        store: SubscriptionStore,
        published: Published,
        edition: Edition,
        settings: Settings,
        now: datetime,
        render: Render,
    ) -> None:
        self._store, self._published, self._edition = store, published, edition
        self._settings, self._now, self._render = settings, now, render
        self._given = self._done = self._skipped = 0
        self._problems: list[Problem] = []

    def run(self, most_changes: int) -> StageReport:
        """Cut for all who are due; one digest is made of so many changes at the most."""
        due = self._find_due()
        self._given = len(due) + len(self._problems)
        for group, to_seq in _groups(due, self._edition.up_to_seq, most_changes):
            self._cut_group(group, to_seq)
        return StageReport(STAGE, self._given, self._done, self._skipped, tuple(self._problems))

    def _find_due(self) -> list[Due]:
        """Those whose hour has come, the one who has seen least first."""
        due = []
        for subscriber in self._store.load_subscribers():
            if subscriber.state != "active":
                self._forget_unconfirmed(subscriber)
                continue
            try:
                _check_readable(subscriber)
                found = find_due(subscriber, self._now, self._edition.up_to_seq)
            except Exception as error:  # whatever is wrong with one row, the others are told
                self._note(subscriber, error)
                continue
            if found is not None:
                due.append(found)
        return sorted(due, key=lambda item: (item.subscriber.cursor, item.subscriber.id))

    def _forget_unconfirmed(self, subscriber: Subscriber) -> None:
        """Unless the mail that asks for it has not been sent yet."""
        if was_never_confirmed(subscriber, self._now) and not self._store.load_deliveries(
            subscriber_id=subscriber.id, state="pending", limit=1
        ):
            self._store.erase_subscriber(subscriber.id, self._now)

    def _cut_group(self, group: Sequence[Due], to_seq: int) -> None:
        first = group[0].subscriber.cursor
        window = Window(self._store.load_changes(first, to_seq) if first < to_seq else ())
        subscribers = [item.subscriber for item in group]
        occasion = Occasion(self._now, self._edition.sha256, to_seq)
        composing = Composing(
            self._store,
            self._published,
            subscribers,
            window,
            self._edition,
            occasion,
            self._settings.digests.most_items,
        )
        for start in range(0, len(group), BATCH):
            slots = {item.subscriber.id: item.slot_at for item in group[start : start + BATCH]}
            cuts = [
                cut
                for subscriber, make in composing.compose(start, start + BATCH)
                if (cut := self._make_cut(subscriber, make, to_seq, slots[subscriber.id])) is not None
            ]
            self._save(cuts)

    def _make_cut(
        self, subscriber: Subscriber, make: Callable[[], Composed | None], to_seq: int, slot_at: datetime | None
    ) -> Cut | None:
        """What is kept of one; None where its digest or its message cannot be made."""
        try:
            composed = make()
            message = self._render(subscriber, composed.digest) if composed is not None else None
        except Exception as error:  # whatever is wrong with one digest, the others are told
            self._note(subscriber, error)
            return None
        is_whole = to_seq >= self._edition.up_to_seq
        return Cut(
            subscriber_id=subscriber.id,
            from_cursor=subscriber.cursor,
            to_cursor=max(subscriber.cursor, to_seq),
            from_slot=subscriber.slot_at,
            slot_at=slot_at if is_whole else subscriber.slot_at,
            digest=composed.digest if composed else None,
            message=message,
            told=composed.told if composed else (),
        )

    def _save(self, cuts: Sequence[Cut]) -> None:
        kept = self._store.save_cuts(cuts) if cuts else 0
        digests = sum(cut.digest is not None for cut in cuts)
        done = max(0, digests - (len(cuts) - kept))
        self._done += done
        self._skipped += len(cuts) - done

    def _note(self, subscriber: Subscriber, error: Exception) -> None:
        is_ours = not isinstance(error, TrackerError)
        if is_ours:
            _LOG.error("digest failed by a bug of the tracker", subscriber=subscriber.name, exc_info=error)
        why = f"{type(error).__name__}: {error}" if is_ours else str(error)
        self._problems.append(Problem(subscriber.name, Outcome.FAILED, why))


def _check_readable(subscriber: Subscriber) -> None:
    if subscriber.unreadable:
        told = "`tracker subscribers set` gives it other rules, `erase` takes it out"
        raise InputError(f"subscriber {subscriber.name}: its rules cannot be read ({subscriber.unreadable}); {told}")


def _groups(due: Sequence[Due], up_to: int, most: int) -> Iterator[tuple[list[Due], int]]:
    """Subscribers (by cursor) who share a window, each group with the last change of it.

    A window holds so many changes at the most; who begins in its second half is not given a short one.
    """
    start = 0
    while start < len(due):
        first = due[start].subscriber.cursor
        to_seq = min(up_to, first + most)
        stop = len(due)
        if to_seq < up_to:
            stop = bisect_right(due, first + most // 2, start, key=lambda item: item.subscriber.cursor)
        yield list(due[start:stop]), to_seq
        start = stop
