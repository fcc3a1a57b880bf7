"""Deliveries: what is due, what became of each try, and what is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import Session, col, select

from tracker.ports.subscriptions import LONGEST_WAIT, DeliveryFigures
from tracker.store.subscriptions import convert
from tracker.store.subscriptions.rows import DeliveryRow, SubscriberRow, TryRow
from tracker.types.digests import Delivery, DeliveryAttempt, DeliveryState, Message
from tracker.types.watching import Channel

_UNASKED = ("confirmation", "notice")
"""Messages that do not wait for their subscriber to be active."""


def save_message(session: Session, subscriber_id: str, message: Message, at: datetime) -> None:
    """Put a message that is no digest into the outbox."""
    session.add(convert.delivery_row(subscriber_id, None, message, at))


def _may_go() -> ColumnElement[bool]:
    return or_(col(SubscriberRow.state) == "active", col(DeliveryRow.kind).in_(_UNASKED))


def delivery_figures(session: Session) -> DeliveryFigures:
    """How many messages, tries and subscribers there are of each kind, and how long what may go has waited."""
    many = func.count()
    states = select(DeliveryRow.channel, DeliveryRow.state, many).group_by(DeliveryRow.channel, DeliveryRow.state)
    tries = (
        select(DeliveryRow.channel, TryRow.outcome, many)
        .join(DeliveryRow, col(DeliveryRow.id) == TryRow.delivery_id)
        .group_by(DeliveryRow.channel, TryRow.outcome)
    )
    people = select(SubscriberRow.state, many).group_by(SubscriberRow.state)
    waiting = (
        select(func.min(col(DeliveryRow.created_at)))
        .join(SubscriberRow, col(SubscriberRow.id) == DeliveryRow.subscriber_id)
        .where(DeliveryRow.state == "pending", _may_go())
    )
    return DeliveryFigures(
        tuple(sorted(session.exec(states).all())),
        tuple(sorted(session.exec(tries).all())),
        tuple(sorted(session.exec(people).all())),
        session.exec(waiting).one(),
    )


def load_due(session: Session, now: datetime, limit: int, channel: Channel | None) -> tuple[Delivery, ...]:
    """What is to be tried, what waits longest first; of one subscriber only the oldest that may go."""
    first = (
        select(func.min(col(DeliveryRow.id)))
        .join(SubscriberRow, col(SubscriberRow.id) == DeliveryRow.subscriber_id)
        .where(DeliveryRow.state == "pending", _may_go())
        .group_by(col(DeliveryRow.subscriber_id))
    )
    is_due = or_(col(DeliveryRow.next_at) <= now, col(DeliveryRow.next_at) > now + LONGEST_WAIT)
    wanted = (
        select(DeliveryRow, SubscriberRow.name)
        .join(SubscriberRow, col(SubscriberRow.id) == DeliveryRow.subscriber_id)
        .where(col(DeliveryRow.id).in_(first), is_due)
        .order_by(col(DeliveryRow.next_at), col(DeliveryRow.id))
        .limit(limit)
    )
    if channel is not None:
        wanted = wanted.where(DeliveryRow.channel == channel)
    return tuple(convert.delivery(row, name) for row, name in session.exec(wanted))


def save_attempt(
    session: Session,
    attempt: DeliveryAttempt,
    state: DeliveryState,
    next_at: datetime | None,
    disabled_because: str,
) -> bool:
    """Record a try of a delivery that is pending, and what it left."""
    row = session.get(DeliveryRow, attempt.delivery_id, with_for_update=True)
    if row is None or row.state != "pending":
        return False
    session.add(TryRow(
        delivery_id=attempt.delivery_id, at=attempt.at, outcome=attempt.outcome, code=attempt.code, why=attempt.why,
        elapsed_ms=attempt.elapsed_ms,
    ))  # fmt: skip
    row.state, row.why, row.attempts = state, attempt.why, row.attempts + 1
    row.tried_since = row.tried_since or attempt.at
    row.next_at = next_at or attempt.at
    if state == "sent":
        row.sent_at = attempt.at
    if disabled_because and (whose := session.get(SubscriberRow, row.subscriber_id)) is not None:
        whose.state, whose.state_why = "disabled", disabled_because
    return True


def put_back(session: Session, delivery_ids: Sequence[int], at: datetime) -> None:
    """Ask others first, the next time: those that are pending wait from `at`. It is no try of theirs."""
    pending = update(DeliveryRow).where(col(DeliveryRow.id).in_(delivery_ids), col(DeliveryRow.state) == "pending")
    session.connection().execute(pending.values(next_at=at))


def count_failing(session: Session, channel: Channel, since: datetime) -> int:
    """How many subscribers have something pending that failed, if the channel took nothing since then; else 0."""
    taken = select(DeliveryRow.id).where(
        DeliveryRow.channel == channel, DeliveryRow.state == "sent", col(DeliveryRow.sent_at) >= since
    )
    if session.exec(taken.limit(1)).first() is not None:
        return 0
    failing = select(func.count(func.distinct(col(DeliveryRow.subscriber_id)))).where(
        DeliveryRow.channel == channel, DeliveryRow.state == "pending", col(DeliveryRow.attempts) > 0
    )
    return session.exec(failing).one()


def find_delivery(session: Session, id: int) -> Delivery | None:
    """By its number."""
    row = session.get(DeliveryRow, id)
    if row is None:
        return None
    whose = session.get(SubscriberRow, row.subscriber_id)
    return convert.delivery(row, whose.name if whose else "")


def load_deliveries(
    session: Session,
    *,
    subscriber_id: str | None,
    state: DeliveryState | None,
    since: datetime | None,
    limit: int,
) -> tuple[Delivery, ...]:
    """The newest first."""
    wanted = (
        select(DeliveryRow, SubscriberRow.name)
        .join(SubscriberRow, col(SubscriberRow.id) == DeliveryRow.subscriber_id, isouter=True)
        .order_by(col(DeliveryRow.id).desc())
        .limit(limit)
    )
    if subscriber_id is not None:
        wanted = wanted.where(DeliveryRow.subscriber_id == subscriber_id)
    if state is not None:
        wanted = wanted.where(DeliveryRow.state == state)
    if since is not None:
        wanted = wanted.where(col(DeliveryRow.created_at) >= since)
    return tuple(convert.delivery(row, name or "") for row, name in session.exec(wanted))


def load_attempts(session: Session, delivery_id: int) -> tuple[DeliveryAttempt, ...]:
    """The tries of one delivery, in their order."""
    wanted = select(TryRow).where(TryRow.delivery_id == delivery_id).order_by(col(TryRow.id))
    return tuple(map(convert.attempt, session.exec(wanted)))


def retry(session: Session, delivery_id: int, now: datetime) -> bool:
    """Make one that is dead or refused pending again; when to give up is counted anew."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None or row.state not in ("dead", "refused"):
        return False
    row.state, row.next_at, row.tried_since = "pending", now, None
    return True
