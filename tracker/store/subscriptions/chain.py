"""Digests as they were sent, each with a hash over itself and the one before: what is altered or taken out shows.

A digest keeps its changes by their place in the log, with the hash of what the log says there: ten thousand subscribers
are told the same change, and it is kept once. A change that was told otherwise than the log has it is kept whole.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.ids import sha256_hex
from tracker.store.batches import batches
from tracker.store.subscriptions import convert
from tracker.store.subscriptions.rows import ChangeRow, DeliveryRow, DigestRow, EditionRow, ErasureRow
from tracker.types.changes import Change
from tracker.types.digests import Digest, DigestGroup, DigestItem, Told

START = convert.START
_TOLD = TypeAdapter(Told | None)
_AT_ONCE = 500
_PLAIN = ("id", "subscriber_id", "kind", "number", "from_seq", "to_seq", "edition", "left_out")
_DIGEST = TypeAdapter(Digest)


class ChangeReferences:
    """Changes as a digest's JSON has them: by their place in the log, or whole."""

    def __init__(self, session: Session, digests: Iterable[Digest]) -> None:
        """Look up the changes of some digests, all at once: they tell much the same ones."""
        self._logged = _load_hashes(session, {change.seq for digest in digests for change in _changes_of(digest)})
        self._known: dict[int, tuple[Change, Any]] = {}

    def of(self, change: Change) -> Any:
        """The reference to one; each is made once."""
        known = self._known.get(id(change))
        if known is None or known[0] is not change:
            known = self._known[id(change)] = (change, self._make(change))
        return known[1]

    def _make(self, change: Change) -> Any:
        sha256, previous = self._logged.get(change.seq, ("", ""))
        if sha256 == convert.change_hash(change, previous):
            return {"seq": change.seq, "sha256": sha256}
        return {"whole": convert.CHANGE.dump_python(change, mode="json")}


def _changes_of(digest: Digest) -> Iterator[Change]:
    for items in (digest.corrections, *(group.items for group in digest.groups), digest.rest):
        yield from (item.change for item in items)


def _load_hashes(session: Session, seqs: Iterable[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    hashes = select(ChangeRow.seq, ChangeRow.sha256, ChangeRow.previous_sha256)
    for batch in batches(seqs, _AT_ONCE):
        rows = session.exec(hashes.where(col(ChangeRow.seq).in_(batch)))
        found.update((seq, (sha256, previous)) for seq, sha256, previous in rows)
    return found


def dump_digest(digest: Digest, references: ChangeReferences) -> str:
    """A digest as it is kept."""

    def items(of: Iterable[DigestItem]) -> list[dict[str, Any]]:
        return [
            {"change": references.of(item.change), "why": item.why, "told": _TOLD.dump_python(item.told, mode="json")}
            for item in of
        ]

    kept: dict[str, Any] = {name: getattr(digest, name) for name in _PLAIN}
    kept["since"] = digest.since.isoformat() if digest.since else None
    kept["cut_at"] = digest.cut_at.isoformat()
    kept["corrections"] = items(digest.corrections)
    kept["groups"] = [
        {"heading": group.heading, "page": group.page, "items": items(group.items)} for group in digest.groups
    ]
    kept["rest"] = items(digest.rest)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def seqs_in(payload: str) -> Iterator[tuple[int, str]]:
    """The changes that a kept digest refers to: place in the log, and hash."""
    kept = json.loads(payload)
    for items in (kept["corrections"], *(group["items"] for group in kept["groups"]), kept["rest"]):
        yield from ((item["change"]["seq"], item["change"]["sha256"]) for item in items if "sha256" in item["change"])


def parse_digest(payload: str, changes: Mapping[int, Change]) -> Digest:
    """A kept digest as a value, its changes taken from the log."""
    kept = json.loads(payload)

    def items(of: Iterable[Mapping[str, Any]]) -> tuple[DigestItem, ...]:
        return tuple(
            DigestItem(_change_of(item["change"], changes), tuple(item["why"]), _TOLD.validate_python(item["told"]))
            for item in of
        )

    groups = tuple(DigestGroup(group["heading"], group["page"], items(group["items"])) for group in kept["groups"])
    parts = {"corrections": items(kept["corrections"]), "groups": groups, "rest": items(kept["rest"])}
    return _DIGEST.validate_python({**kept, **parts})


def _change_of(reference: Mapping[str, Any], changes: Mapping[int, Change]) -> Change:
    if "whole" in reference:
        return convert.CHANGE.validate_python(reference["whole"])
    return changes[reference["seq"]]


def content_hash(payload: str, body: bytes) -> str:
    """Of everything that a digest is: what it was made of, and what went out."""
    return sha256_hex(f"{sha256_hex(payload)}:{sha256_hex(body)}")


def link_hash(position: int, digest_id: str, content_sha256: str, previous: str) -> str:
    """Of a digest and all before it."""
    return sha256_hex(f"{previous}:{position}:{digest_id}:{content_sha256}")


def record_erasure(session: Session, positions: Sequence[int], at: datetime) -> None:
    """Keep which digests are emptied, and when."""
    if not positions:
        return
    last = session.exec(select(ErasureRow).order_by(col(ErasureRow.position).desc()).limit(1)).first()
    place, previous = (last.position + 1, last.sha256) if last else (1, START)
    row = ErasureRow(position=place, at=at, digests=json.dumps(list(positions)), sha256="", previous_sha256=previous)
    row.sha256 = _erasure_hash(row, previous)
    session.add(row)


def _erasure_hash(row: ErasureRow, previous: str) -> str:
    return sha256_hex(f"{previous}:{row.position}:{row.at.astimezone(UTC).isoformat()}:{row.digests}")


def find_breaks(session: Session) -> Iterator[str]:
    """What does not fit in the log of changes, the erasures and the chain of digests, in words."""
    log: dict[int, str] = {}
    yield from _find_breaks_of_log(session, log)
    erased: set[int] = set()
    yield from _find_breaks_of_erasures(session, erased)
    yield from _find_breaks_of_digests(session, log, erased)


def _find_breaks_of_log(session: Session, log: dict[int, str]) -> Iterator[str]:
    """Fills `log` with the hash of each change that is as it was kept."""
    previous, place = START, 0
    for row in session.exec(select(ChangeRow).order_by(col(ChangeRow.seq))).yield_per(200):
        place += 1
        if row.seq != place or row.previous_sha256 != previous:
            yield f"change {place} of the log is not there, or not the one that was"
            place = row.seq
        content = sha256_hex(row.payload)
        at = row.seen_at.astimezone(UTC).isoformat()
        if row.sha256 == sha256_hex(f"{row.previous_sha256}:{row.seq}:{row.edition}:{at}:{content}"):
            log[row.seq] = row.sha256
        else:
            yield f"change {row.seq}: the log of changes says something else than it did then"
        previous = row.sha256
    newest = session.exec(select(func.max(EditionRow.up_to_seq))).one() or 0
    if newest != place:
        yield f"the log of changes ends with {place}, and the last edition with {newest}"


def _find_breaks_of_erasures(session: Session, erased: set[int]) -> Iterator[str]:
    """Fills `erased` with the positions of digests whose erasure is on record."""
    previous, place = START, 0
    for row in session.exec(select(ErasureRow).order_by(col(ErasureRow.position))).yield_per(200):
        place += 1
        if (row.position, row.previous_sha256) != (place, previous) or row.sha256 != _erasure_hash(row, previous):
            yield f"erasure {row.position}: it is not what was recorded, or one before it is not there"
            place = row.position
        else:
            erased.update(json.loads(row.digests))
        previous = row.sha256


def _find_breaks_of_digests(session: Session, log: Mapping[int, str], erased: Container[int]) -> Iterator[str]:
    bodies = select(DigestRow, DeliveryRow.body).join(
        DeliveryRow, col(DeliveryRow.digest_id) == DigestRow.id, isouter=True
    )
    previous, place = START, 0
    for row, body in session.exec(bodies.order_by(col(DigestRow.position))).yield_per(200):
        place += 1
        if row.position != place:
            yield f"number {place} of the chain is not there"
            place = row.position
        if row.previous_sha256 != previous or row.sha256 != link_hash(place, row.id, row.content_sha256, previous):
            yield f"digest {row.id}: its hash is not that of itself and of the one before"
        previous = row.sha256
        if row.payload is None:
            if row.position not in erased:
                yield f"digest {row.id}: what it said is not there, and no erasure is on record"
            continue
        if row.content_sha256 != content_hash(row.payload, body or b""):
            yield f"digest {row.id}: it is not what was sent"
        elif any(log.get(seq) != sha256 for seq, sha256 in seqs_in(row.payload)):
            yield f"digest {row.id}: the log of changes says something else than it did then"
