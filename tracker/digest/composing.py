"""What one digest holds: a pure function of a subscriber, the changes that concern it, and what it was told before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.days import day_words
from tracker.digest.gathering import Entry, gather
from tracker.digest.grouping import group_items, rank
from tracker.digest.matching import Match
from tracker.digest.names import Names
from tracker.digest.rulewords import describe_rule
from tracker.digest.telling.wording import local_day
from tracker.digest.window import Window, is_event_gain, is_gone
from tracker.ids import digest_of
from tracker.types.changes import Change
from tracker.types.digests import Digest, DigestItem, Told
from tracker.types.watching import Subscriber

_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a digest is made, and of what."""

    cut_at: datetime
    edition: str
    """SHA-256 of the published database."""
    to_seq: int
    """The last change that is looked at."""
    number: int = 1
    """Of the digest, for this subscriber."""
    since: datetime | None = None
    """When its last digest was cut."""
    most_items: int = 40
    wants_all_clear: bool = False
    """Whether this is one of the subscriber's hours, so that a line may come when nothing changed."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A digest, and what its subscriber knows by it."""

    digest: Digest
    told: tuple[Told, ...] = ()


def compose(
    subscriber: Subscriber,
    matches: Sequence[Match],
    window: Window,
    told: Mapping[str, Told],
    names: Names,
    occasion: Occasion,
) -> Composed | None:
    """The digest of one subscriber; None where nothing is to be said.

    Corrections of what it was told come first, whatever it watches now, and are not counted against the cap. What else
    changed stands once, under the first thing that it watches; over the cap, the weightiest are told and the others
    counted. All changes of one fact since the last digest are one.

    Args:
        subscriber: for whom.
        matches: what its rules ask for (`RuleIndex.find_matches`).
        window: all changes of the cut; those up to the subscriber's cursor are passed over.
        told: what it was told of facts that the window corrects, and of events that gained sources, by key.
        names: of what it watches.
        occasion: when.
    """
    entries = _each_gain_once(gather(matches, window, told, subscriber.cursor), subscriber, told)
    digest = _digest(subscriber, entries, names, occasion)
    if digest.is_empty:
        if not (occasion.wants_all_clear and subscriber.wants_all_clear):
            return None
        return Composed(replace(digest, kind="all_clear"))
    return Composed(digest, tuple(_told_by(digest, entries)))


def _each_gain_once(entries: Sequence[Entry], subscriber: Subscriber, told: Mapping[str, Told]) -> list[Entry]:
    """Without gains of sources that tell nothing more.

    That of an event is told neither beside that of something in it nor, but to who asks for gains, where the event was
    told. Beside the event itself none of its gains is, but to who asks.
    """
    kept: list[Entry] = []
    events = {entry.change.event_id: entry for entry in entries if entry.change.kind == "event"}
    parts = {e.change.event_id: e for e in entries if e.change.kind == "sources" and not is_event_gain(e.change)}
    for entry in entries:
        change = entry.change
        instead: Entry | None = None
        if change.kind == "sources" and change.event_id and not entry.told:
            asks = any("sources" in subscriber.rules[number].kinds for number in entry.fitted)
            if not asks and is_event_gain(change) and change.key in told:
                continue
            instead = None if asks else events.get(change.event_id)
            instead = instead or (parts.get(change.event_id) if is_event_gain(change) else None)
        if instead is None:
            kept.append(entry)
        else:
            instead.fitted = entry.fitted | instead.fitted
    return kept


def _digest(subscriber: Subscriber, entries: Sequence[Entry], names: Names, occasion: Occasion) -> Digest:
    corrections = [_item(entry, subscriber, names) for entry in entries if entry.told]
    others = sorted((entry for entry in entries if not entry.told), key=lambda entry: rank(entry.change))
    shown, rest = others[: occasion.most_items], others[occasion.most_items :]
    number = str(occasion.number)
    covered = (str(subscriber.cursor), str(occasion.to_seq))
    return Digest(
        id=digest_of(subscriber.id, number, *covered, length=_ID_LENGTH),
        subscriber_id=subscriber.id,
        kind="digest",
        number=occasion.number,
        from_seq=subscriber.cursor,
        to_seq=occasion.to_seq,
        since=occasion.since,
        cut_at=occasion.cut_at,
        edition=occasion.edition,
        corrections=tuple(corrections),
        groups=group_items(subscriber, [(_item(entry, subscriber, names), entry.fitted) for entry in shown], names),
        left_out=len(rest),
        rest=tuple(_item(entry, subscriber, names) for entry in rest),
    )


def _item(entry: Entry, subscriber: Subscriber, names: Names) -> DigestItem:
    fitted = sorted(entry.fitted.items(), key=lambda pair: pair[0])
    why = list(dict.fromkeys(describe_rule(subscriber.rules[number], change, names) for number, change in fitted))
    told = _nearest_told(entry.change, entry.told)
    if told is not None:
        why.insert(0, f"you were told of it on {day_words(local_day(told.told_at, subscriber.timezone))}")
    return DigestItem(entry.change, tuple(why), told)


def _nearest_told(change: Change, told: Sequence[Told]) -> Told | None:
    """Of all that a change corrects of what was told, that which had its words; else the narrowest, told last.

    Where a whole event goes, it is the event itself, if it was told.
    """
    claims = {item.claim_id for item in change.evidence_before}
    is_whole = change.key.startswith("event:")
    return max(
        told,
        key=lambda row: (
            is_whole and row.key == change.key,
            is_whole and row.key.startswith("event:"),
            bool(change.before) and row.words == change.before,
            not claims.isdisjoint(row.claim_ids),
            not row.key.startswith("event:"),
            row.told_at,
            row.key,
        ),
        default=None,
    )


def _told_by(digest: Digest, entries: Iterable[Entry]) -> Iterable[Told]:
    """What a subscriber knows by a digest, also by what is behind its link."""
    told: dict[str, Told] = {}
    for entry in entries:
        change = entry.change
        keys = [change.key, *(row.key for row in entry.told if _tells(change, row))]
        claims = tuple(item.claim_id for item in change.evidence)
        for key in keys:
            told[key] = Told(key, digest.id, digest.cut_at, change.after, claims)
    return told.values()


def _tells(change: Change, row: Told) -> bool:
    """Whether a correction is now what was last told of a fact; of an event it is so only of its own words."""
    return not row.key.startswith("event:") or row.words == change.before or is_gone(change)
