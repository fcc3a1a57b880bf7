"""Subscribers: found, kept and erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from tracker.errors import InputError
from tracker.store.subscriptions import chain, convert
from tracker.store.subscriptions.editions import last_seq
from tracker.store.subscriptions.rows import DeliveryRow, DigestRow, SubscriberRow, ToldRow, TryRow
from tracker.types.watching import Channel, Subscriber


def load_subscribers(session: Session) -> tuple[Subscriber, ...]:
    """All, by name."""
    return tuple(map(convert.subscriber, session.exec(select(SubscriberRow).order_by(col(SubscriberRow.name)))))


def find_subscriber(session: Session, key: str) -> Subscriber | None:
    """By id or by name; an id goes before another's name."""
    either = or_(col(SubscriberRow.id) == key, col(SubscriberRow.name) == key)
    rows = session.exec(select(SubscriberRow).where(either)).all()
    row = min(rows, key=lambda item: item.id != key, default=None)
    return convert.subscriber(row) if row else None


def find_subscribers_at(session: Session, channel: Channel, address: str) -> tuple[Subscriber, ...]:
    """Those with this address: the active one first, then the newest."""
    wanted = select(SubscriberRow).where(
        SubscriberRow.channel == channel, SubscriberRow.address_key == convert.address_key(channel, address)
    )
    rows = session.exec(wanted.order_by(col(SubscriberRow.created_at).desc(), col(SubscriberRow.id))).all()
    return tuple(map(convert.subscriber, sorted(rows, key=lambda row: row.state != "active")))


def save_subscriber(session: Session, subscriber: Subscriber) -> None:
    """Keep a new one, who is told of what comes from now on, or what was changed of one that is there.

    Raises:
        InputError: the name is taken, or an active one has this address.
    """
    _check_free(session, subscriber)
    row = session.get(SubscriberRow, subscriber.id)
    columns = convert.subscriber_columns(subscriber)
    if row is None:
        session.add(SubscriberRow(**columns, cursor=last_seq(session), slot_at=subscriber.slot_at))
        return
    if subscriber.unreadable and not subscriber.rules:
        del columns["rules"]  # a pause or a new name takes away nothing that we cannot read
    for name, value in columns.items():
        setattr(row, name, value)


def _check_free(session: Session, subscriber: Subscriber) -> None:
    others = select(SubscriberRow.name).where(SubscriberRow.id != subscriber.id)
    if session.exec(others.where(SubscriberRow.name == subscriber.name)).first() is not None:
        raise InputError(f"there is a subscriber called {subscriber.name!r} already; choose another name")
    if subscriber.state != "active" or not subscriber.address:
        return
    same = others.where(
        SubscriberRow.channel == subscriber.channel,
        SubscriberRow.address_key == convert.address_key(subscriber.channel, subscriber.address),
        SubscriberRow.state == "active",
    )
    if (name := session.exec(same).first()) is not None:
        raise InputError(
            f"{subscriber.address} is told already, as subscriber {name!r}; add the rules there, or remove it first"
        )


def erase_subscriber(session: Session, id: str, at: datetime) -> None:
    """Take out somebody's data. Of the digests only their place in the chain is left, of deliveries that they were."""
    connection = session.connection()
    connection.execute(delete(SubscriberRow).where(col(SubscriberRow.id) == id))
    connection.execute(delete(ToldRow).where(col(ToldRow.subscriber_id) == id))
    his_digests = select(DigestRow.position).where(DigestRow.subscriber_id == id, col(DigestRow.payload).is_not(None))
    emptied = session.exec(his_digests).all()
    chain.record_erasure(session, sorted(emptied), at)
    connection.execute(update(DigestRow).where(col(DigestRow.subscriber_id) == id).values(payload=None))
    ours = select(DeliveryRow.id).where(DeliveryRow.subscriber_id == id)
    # A server's answer tells the address again.
    connection.execute(update(TryRow).where(col(TryRow.delivery_id).in_(ours)).values(why=""))
    his = update(DeliveryRow).where(col(DeliveryRow.subscriber_id) == id)
    connection.execute(his.where(col(DeliveryRow.state) == "pending").values(state="cancelled", next_at=at))
    connection.execute(his.values(address="", subject="", body=b"", why="erased"))
