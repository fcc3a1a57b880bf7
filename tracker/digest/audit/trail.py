"""The trail of an audit: each change about a party, when it was known, and every digest that told it.

Known is what stood in a published edition that was compared with the one before; told is what stands in a kept digest.
Both come from the database of subscribers alone, so that the answer is the same whatever the site says today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from tracker.ids import sha256_hex
from tracker.ports.subscriptions import KeptDigest
from tracker.types.changes import Change
from tracker.types.digests import Delivery, Digest, DigestItem

Place = Literal["message", "correction", "behind the link"]
"""Where a digest tells something: among its changes, among its corrections, or over its cap."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive, in UTC."""

    from_on: date
    to_on: date

    @property
    def from_at(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.from_on, time.min, UTC)

    @property
    def until_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.to_on, time.min, UTC) + timedelta(days=1)

    def holds(self, instant: datetime | None) -> bool:
        """Whether an instant lies in it."""
        return instant is not None and self.from_at <= instant < self.until_at


@dataclass(frozen=True, slots=True)
class Telling:
    """One digest that told one change."""

    digest_id: str
    number: int
    subscriber_name: str
    channel: str
    cut_at: datetime
    edition: str
    place: Place
    is_folded: bool
    """Told together with a later change of the same fact, in that one's words."""
    state: str
    """Of its delivery; "not kept" where there is none."""
    accepted_at: datetime | None
    message_id: str
    message_sha256: str
    chain_sha256: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change, and what became of it."""

    change: Change
    tellings: tuple[Telling, ...]
    corrects: tuple[int, ...]
    """Changes (`seq`) that it says otherwise than."""
    corrected_by: tuple[int, ...]
    is_hidden: bool
    """Whether people withdrew it since: its words are not repeated."""

    @property
    def is_delivered(self) -> bool:
        """Whether a digest that tells it was accepted by anybody's server, or stands in a feed."""
        return any(telling.state == "sent" for telling in self.tellings)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was known and told of one party in a period."""

    party: str
    party_name: str
    members: tuple[str, ...]
    """Names of what belongs to the party and is counted with it."""
    period: Period
    made_at: datetime
    rows: tuple[AuditRow, ...]
    """By when they were known."""
    editions: Mapping[str, datetime]
    """The published databases that the rows come from or were told from, with when each was first seen."""
    erased: int
    """Digests, of any time, whose subscriber was erased since: what they said is gone."""
    breaks: tuple[str, ...]
    """What does not fit in the chain of all digests; empty where it is whole."""

    @property
    def untold(self) -> tuple[AuditRow, ...]:
        """Those that no digest told anybody."""
        return tuple(row for row in self.rows if not row.tellings)


def make_audit(
    party: tuple[str, str],
    members: Sequence[str],
    period: Period,
    changes: Sequence[Change],
    digests: Iterable[KeptDigest],
    breaks: Sequence[str],
    made_at: datetime,
) -> Audit:
    """The trail of what was known or told of a party in a period; what was known then may have been told later.

    Args:
        party: (id, name).
        members: names of what belongs to it.
        period: its days.
        changes: all that were ever kept, by seq.
        digests: all that were ever cut; taken one by one.
        breaks: `SubscriptionStore.verify_digests`.
        made_at: now.
    """
    about = [change for change in changes if party[0] in change.families or party[0] in change.entities]
    told, erased = _tellings(about, digests)
    rows = tuple(
        row
        for row in _rows(about, told)
        if period.holds(row.change.seen_at) or any(period.holds(telling.cut_at) for telling in row.tellings)
    )
    return Audit(party[0], party[1], tuple(members), period, made_at, rows, _editions(rows), erased, tuple(breaks))


def _rows(about: Sequence[Change], told: Mapping[int, Sequence[Telling]]) -> Iterator[AuditRow]:
    by_key: dict[str, list[Change]] = defaultdict(list)
    corrected: dict[int, list[Change]] = defaultdict(list)
    corrects: dict[int, list[int]] = defaultdict(list)
    for change in about:
        for key in change.corrects:
            for earlier in by_key[key]:
                corrected[earlier.seq].append(change)
                corrects[change.seq].append(earlier.seq)
        by_key[change.key].append(change)
    for change in about:
        by = corrected[change.seq]
        yield AuditRow(
            change=change,
            tellings=tuple(sorted(told.get(change.seq, ()), key=lambda item: (item.cut_at, item.subscriber_name))),
            corrects=tuple(dict.fromkeys(corrects[change.seq])),
            corrected_by=tuple(dict.fromkeys(later.seq for later in by)),
            is_hidden=change.kind == "withdrawn" or any(later.kind == "withdrawn" for later in by),
        )


def _tellings(about: Sequence[Change], digests: Iterable[KeptDigest]) -> tuple[dict[int, list[Telling]], int]:
    """(the digests that told each change, by its seq; how many digests were erased)."""
    by_key: dict[str, list[Change]] = defaultdict(list)
    for change in about:
        by_key[change.key].append(change)
    told: dict[int, list[Telling]] = defaultdict(list)
    erased = 0
    for kept in digests:
        if kept.digest is None:
            erased += 1
            continue
        for place, item in _items(kept.digest):
            for change in by_key.get(item.change.key, ()):
                if kept.digest.from_seq < change.seq <= item.change.seq:
                    told[change.seq].append(_telling(kept, kept.digest, place, change.seq != item.change.seq))
    return {seq: _once_each(tellings) for seq, tellings in told.items()}, erased


def _once_each(tellings: Sequence[Telling]) -> list[Telling]:
    """One a digest: where it tells a change by itself and with a later one too, by itself."""
    once: dict[str, Telling] = {}
    for telling in sorted(tellings, key=lambda item: item.is_folded):
        once.setdefault(telling.digest_id, telling)
    return list(once.values())


def _items(digest: Digest) -> Iterator[tuple[Place, DigestItem]]:
    for item in digest.corrections:
        yield "correction", item
    for group in digest.groups:
        for item in group.items:
            yield "message", item
    for item in digest.rest:
        yield "behind the link", item


def _telling(kept: KeptDigest, digest: Digest, place: Place, is_folded: bool) -> Telling:
    sent: Delivery | None = kept.delivery
    return Telling(
        digest_id=digest.id,
        number=digest.number,
        subscriber_name=kept.subscriber_name,
        channel=sent.message.channel if sent else "",
        cut_at=digest.cut_at,
        edition=digest.edition,
        place=place,
        is_folded=is_folded,
        state=sent.state if sent else "not kept",
        accepted_at=sent.sent_at if sent else None,
        message_id=sent.message.message_id if sent else "",
        message_sha256=sha256_hex(sent.message.body) if sent else "",
        chain_sha256=kept.sha256,
    )


def _editions(rows: Iterable[AuditRow]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for row in rows:
        if row.change.seen_at is not None:
            first.setdefault(row.change.edition, row.change.seen_at)
    for row in rows:
        for telling in row.tellings:
            first.setdefault(telling.edition, telling.cut_at)
    return dict(sorted(first.items(), key=lambda item: (item[1], item[0])))
