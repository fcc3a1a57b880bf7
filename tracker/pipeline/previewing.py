"""Preview: what a subscriber's next digest would say now. Nothing is kept, and nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.config import Settings
from tracker.digest.changes import find_changes
from tracker.digest.composing import Occasion
from tracker.digest.facts import facts_before, load_facts
from tracker.digest.window import Window
from tracker.errors import InputError
from tracker.pipeline.digesting import MOST_CHANGES, Composing
from tracker.ports import Edition, SubscriptionStore
from tracker.query import Published
from tracker.types.changes import Change
from tracker.types.digests import Digest
from tracker.types.watching import Subscriber


def preview(
    store: SubscriptionStore,
    published: tuple[Published, str],
    subscriber: Subscriber,
    settings: Settings,
    now: datetime,
    since: datetime | None = None,
) -> Digest | None:
    """The digest that would be cut now, whether it is due or not; None where nothing is to be said.

    Args:
        store: of subscribers and changes.
        published: the published database and its SHA-256; one that no cut has compared yet is compared here.
        subscriber: for whom.
        settings: for the cap.
        now: when it would be cut.
        since: an instant from which on all changes are told, also those that a digest told already.

    Raises:
        InputError: no edition has been compared yet, so that nothing can have changed.
    """
    edition = store.load_edition()
    if edition is None:
        raise InputError(
            "no edition has been looked at yet; `tracker digest run` takes the present one as what later ones are "
            "compared with, and digests tell what changes from then on"
        )
    database, sha256 = published
    pending = _compare(store, database, edition, sha256, now) if edition.sha256 != sha256 else ()
    if since is not None:
        subscriber = replace(subscriber, cursor=_last_before(store, since, edition.up_to_seq))
    to_seq = min(edition.up_to_seq + len(pending), subscriber.cursor + MOST_CHANGES)
    kept = store.load_changes(subscriber.cursor, to_seq) if subscriber.cursor < edition.up_to_seq else ()
    window = Window((*kept, *(change for change in pending if subscriber.cursor < change.seq <= to_seq)))
    latest = Edition(sha256, now, edition.up_to_seq + len(pending))
    occasion = Occasion(now, sha256, to_seq)
    composing = Composing(store, database, [subscriber], window, latest, occasion, settings.digests.most_items)
    ((_, make),) = composing.compose(0, 1)
    composed = make()
    if composed is None or since is None:
        return composed.digest if composed else None
    return replace(composed.digest, since=since)


def _compare(
    store: SubscriptionStore, database: Published, edition: Edition, sha256: str, now: datetime
) -> tuple[Change, ...]:
    """What the next cut will keep, with the places in the log that it will have."""
    facts = load_facts(database)
    before = facts_before(store.load_fact_digests(), facts, store.load_facts)
    changes = find_changes(before, facts, database)
    return tuple(
        replace(change, seq=seq, edition=sha256, seen_at=now)
        for seq, change in enumerate(changes, edition.up_to_seq + 1)
    )


def _last_before(store: SubscriptionStore, since: datetime, up_to: int) -> int:
    """The last change that was known before an instant."""
    known = (change.seq for change in store.load_changes(0, up_to) if change.seen_at and change.seen_at < since)
    return max(known, default=0)
