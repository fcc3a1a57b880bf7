"""An audit as CSV: a row for each change and each digest that told it; what nobody was told has a row that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracker.digest.audit.trail import Audit, AuditRow, Telling
from tracker.digest.telling.wording import plain
from tracker.render.exports import render_records
from tracker.render.wording import machine_instant, shorten

COLUMNS = (
    "seq", "known_at", "edition", "kind", "what_changed", "happened_on", "before", "after", "independent_sources",
    "speaker", "quote", "publisher", "published_on", "link", "page", "corrects", "corrected_by", "told", "told_to",
    "channel", "digest", "digest_number", "digest_cut_at", "digest_edition", "told_as", "delivery", "accepted_at",
    "message_id", "message_sha256", "chain_sha256",
)  # fmt: skip
HIDDEN = "withdrawn here since; its words are kept only in the messages as they were sent"
_MAX = 2_000


def audit_csv(audit: Audit) -> bytes:
    """RFC 4180 in UTF-8, what a spreadsheet would run as a formula made harmless."""
    return render_records(list(_records(audit)), "csv", COLUMNS).encode("utf-8", "replace")


def _records(audit: Audit) -> Iterator[dict[str, Any]]:
    for row in audit.rows:
        for telling in row.tellings or (None,):
            yield _known(row) | _told(telling)


def _known(row: AuditRow) -> dict[str, Any]:
    change = row.change
    proof = None if row.is_hidden or not change.evidence else change.evidence[0]
    return {
        "seq": change.seq,
        "known_at": machine_instant(change.seen_at) if change.seen_at else "",
        "edition": change.edition,
        "kind": change.kind,
        "what_changed": HIDDEN if row.is_hidden else shorten(plain(change.title), _MAX),
        "happened_on": change.happened_on.isoformat() if change.happened_on else "",
        "before": "" if row.is_hidden else shorten(change.before, _MAX),
        "after": "" if row.is_hidden else shorten(change.after, _MAX),
        "independent_sources": change.independent_sources,
        "speaker": shorten(proof.speaker_name) if proof else "",
        "quote": shorten(proof.quote, _MAX) if proof else "",
        "publisher": shorten(proof.publisher) if proof else "",
        "published_on": proof.published_on.isoformat() if proof and proof.published_on else "",
        "link": proof.link if proof else "",
        "page": change.page,
        "corrects": "; ".join(map(str, row.corrects)),
        "corrected_by": "; ".join(map(str, row.corrected_by)),
    }


def _told(telling: Telling | None) -> dict[str, Any]:
    if telling is None:
        return {"told": "to nobody"} | dict.fromkeys(COLUMNS[COLUMNS.index("told_to") :], "")
    return {
        "told": "yes" if telling.state == "sent" else f"not delivered ({telling.state})",
        "told_to": telling.subscriber_name,
        "channel": telling.channel,
        "digest": telling.digest_id,
        "digest_number": telling.number,
        "digest_cut_at": machine_instant(telling.cut_at),
        "digest_edition": telling.edition,
        "told_as": place_words(telling),
        "delivery": telling.state,
        "accepted_at": machine_instant(telling.accepted_at) if telling.accepted_at else "",
        "message_id": telling.message_id,
        "message_sha256": telling.message_sha256,
        "chain_sha256": telling.chain_sha256,
    }


def place_words(telling: Telling) -> str:
    """Where a digest tells it: "message", "correction, with a later change"."""
    return f"{telling.place}{', with a later change' if telling.is_folded else ''}"
