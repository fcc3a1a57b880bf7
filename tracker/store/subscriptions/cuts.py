"""Cuts: a subscriber's cursor, digest, what was told and the message on its way, kept together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.ports.subscriptions import Cut, KeptDigest
from tracker.store.batches import batches
from tracker.store.dialects import keep_or_replace
from tracker.store.subscriptions import chain, convert
from tracker.store.subscriptions.editions import load_some_changes
from tracker.store.subscriptions.rows import METADATA, DeliveryRow, DigestRow, SubscriberRow, ToldRow
from tracker.types.changes import Change
from tracker.types.digests import Told

_TOLD = METADATA.tables["told"]
_AT_ONCE = 400


def load_told(session: Session, subscriber_ids: Sequence[str], keys: Iterable[str]) -> dict[tuple[str, str], Told]:
    """What these subscribers were last told of these facts."""
    key_batches = list(batches(keys, _AT_ONCE))
    found: dict[tuple[str, str], Told] = {}
    for subscribers in batches(subscriber_ids, _AT_ONCE):
        for some in key_batches:
            wanted = select(ToldRow).where(col(ToldRow.subscriber_id).in_(subscribers), col(ToldRow.key).in_(some))
            found.update(((row.subscriber_id, row.key), convert.told(row)) for row in session.exec(wanted))
    return found


def load_last_digests(session: Session, subscriber_ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """(number, cut_at) of the last digest of each."""
    found: dict[str, tuple[int, datetime]] = {}
    for batch in batches(subscriber_ids, _AT_ONCE):
        last = (
            select(col(DigestRow.subscriber_id).label("whose"), func.max(DigestRow.number).label("number"))
            .where(col(DigestRow.subscriber_id).in_(batch))
            .group_by(col(DigestRow.subscriber_id))
            .subquery()
        )
        his = (col(DigestRow.subscriber_id) == last.c.whose) & (col(DigestRow.number) == last.c.number)
        rows = session.exec(select(DigestRow.subscriber_id, DigestRow.number, DigestRow.cut_at).join(last, his))
        found.update((whose, (number, cut_at)) for whose, number, cut_at in rows)
    return found


def save_cuts(session: Session, cuts: Sequence[Cut]) -> int:
    """Keep those whose subscriber is active and has the cursor and slot that the cut was made from; how many."""
    rows = _load_active(session, [cut.subscriber_id for cut in cuts])
    link = _Links(session, cuts)
    kept = 0
    told: list[dict[str, object]] = []
    for cut in cuts:
        row = rows.get(cut.subscriber_id)
        if row is None or (row.cursor, row.slot_at) != (cut.from_cursor, cut.from_slot):
            continue
        row.cursor, row.slot_at = cut.to_cursor, cut.slot_at
        link.add(cut)
        told.extend(convert.told_columns(cut.subscriber_id, item) for item in cut.told)
        kept += 1
    session.flush()
    keep_or_replace(session.connection(), _TOLD, told)
    return kept


def _load_active(session: Session, ids: Iterable[str]) -> dict[str, SubscriberRow]:
    found: dict[str, SubscriberRow] = {}
    for batch in batches(ids, _AT_ONCE):
        wanted = select(SubscriberRow).where(col(SubscriberRow.id).in_(batch), SubscriberRow.state == "active")
        found.update((row.id, row) for row in session.exec(wanted))
    return found


class _Links:
    """Adds digests to the end of the chain, and their messages to the outbox."""

    def __init__(self, session: Session, cuts: Sequence[Cut]) -> None:
        self._session = session
        self._references = chain.ChangeReferences(session, [cut.digest for cut in cuts if cut.digest is not None])
        last = session.exec(select(DigestRow).order_by(col(DigestRow.position).desc()).limit(1)).first()
        self._position, self._sha256 = (last.position, last.sha256) if last else (0, chain.START)

    def add(self, cut: Cut) -> None:
        """What a cut leaves; nothing where nothing is told."""
        digest, message = cut.digest, cut.message
        if digest is not None:
            payload = chain.dump_digest(digest, self._references)
            content = chain.content_hash(payload, message.body if message else b"")
            previous, self._position = self._sha256, self._position + 1
            self._sha256 = chain.link_hash(self._position, digest.id, content, previous)
            self._session.add(DigestRow(
                position=self._position, id=digest.id, subscriber_id=cut.subscriber_id, number=digest.number,
                cut_at=digest.cut_at, payload=payload, content_sha256=content, sha256=self._sha256,
                previous_sha256=previous,
            ))  # fmt: skip
            if message is not None:
                self._session.add(convert.delivery_row(cut.subscriber_id, digest.id, message, digest.cut_at))


def load_digests(
    session: Session,
    *,
    id: str | None = None,
    subscriber_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[KeptDigest, ...]:
    """Digests as they were sent, by their place in the chain; `since` is within, `until` is not."""
    conditions = [
        *([col(DigestRow.id) == id] if id is not None else []),
        *([col(DigestRow.subscriber_id) == subscriber_id] if subscriber_id is not None else []),
        *([col(DigestRow.cut_at) >= since] if since is not None else []),
        *([col(DigestRow.cut_at) < until] if until is not None else []),
    ]
    wanted = (
        select(DigestRow, DeliveryRow, SubscriberRow.name)
        .join(DeliveryRow, col(DeliveryRow.digest_id) == DigestRow.id, isouter=True)
        .join(SubscriberRow, col(SubscriberRow.id) == DigestRow.subscriber_id, isouter=True)
        .order_by(col(DigestRow.position))
    )
    rows = session.exec(wanted.where(*conditions)).all()
    seqs = {seq for row, _, _ in rows if row.payload for seq, _ in chain.seqs_in(row.payload)}
    changes = load_some_changes(session, seqs)
    return tuple(_kept(row, delivery, name or "", changes) for row, delivery, name in rows)


def _kept(row: DigestRow, delivery: DeliveryRow | None, name: str, changes: Mapping[int, Change]) -> KeptDigest:
    digest = chain.parse_digest(row.payload, changes) if row.payload else None
    sent = convert.delivery(delivery, name) if delivery else None
    return KeptDigest(digest, name, row.sha256, row.previous_sha256, sent)
