"""Days that sources name for a hearing, a deadline, or a law's taking effect: what goes into the calendar.

A day is taken where the words beside it say which of these it is, or where it lay ahead when the page was published and
the claim is about a law, a suit or a public body. Nothing is made of it but what the page says: its words stand beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args
from uuid import NAMESPACE_URL, uuid5

from tracker.render.views import EventView, Views
from tracker.types import ClaimRecord, ClaimType, DateMention

DayKind = Literal["hearing", "deadline", "effective", "ahead"]
_TYPES: frozenset[ClaimType] = frozenset({"legislation", "government_action", "legal_action"})
_CUES: tuple[tuple[DayKind, re.Pattern[str]], ...] = (
    ("hearing", re.compile(r"\b(?:hearings?|mark-?ups?|oral arguments?|to testify)\b|听证|开庭", re.IGNORECASE)),
    (
        "deadline",
        re.compile(
            r"\b(?:deadlines?|no later than|(?:is|are) due|due (?:by|on)|comments? (?:close|must|may be)|comment period"
            r"|expires?)\b|截止|最迟",
            re.IGNORECASE,
        ),
    ),
    (
        "effective",
        re.compile(
            r"\b(?:takes? effect|effective|(?:enters?|comes?) into (?:force|effect)|appl(?:y|ies) from)\b|生效|施行",
            re.IGNORECASE,
        ),
    ),
)
_OFF = re.compile(r"\b(?:cancel|postpone|adjourn|reschedul|delay)\w*|取消|推迟|延期", re.IGNORECASE)
"""What takes a day back: it is not known then which of two days still holds."""
_BREAK = re.compile(r"(?<=[.!?;])\s|[。！？；\n]")
_BEFORE_CHARS = 90
_AFTER_CHARS = 50


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day of an event, with the claims whose words name it."""

    uid: str
    """Stays as long as the event and the day do, wherever the site lies."""
    on: date
    kinds: tuple[DayKind, ...]
    event: EventView
    claims: tuple[ClaimRecord, ...]


def named_days(views: Views) -> list[NamedDay]:
    """The days, by date; each once for an event, whichever pages name it."""
    held: dict[tuple[date, str], tuple[set[DayKind], dict[str, ClaimRecord]]] = {}
    for event in views.catalogue.events:
        records = (views.catalogue.claims[key] for key in event.claim_ids if key in views.catalogue.claims)
        for record in records:
            for on, kind in _days_of(record):
                kinds, claims = held.setdefault((on, event.id), (set(), {}))
                kinds.add(kind)
                claims[record.id] = record
    return [
        NamedDay(
            uid=str(uuid5(NAMESPACE_URL, f"urn:distillation-tracker:day:{event_id}:{on.isoformat()}")),
            on=on,
            kinds=tuple(kind for kind in get_args(DayKind) if kind in kinds),
            event=views.event(views.catalogue.events_by_id[event_id]),
            claims=tuple(claims.values()),
        )
        for (on, event_id), (kinds, claims) in sorted(held.items())
    ]


def _days_of(record: ClaimRecord) -> Iterator[tuple[date, DayKind]]:
    if record.claim.type not in _TYPES or not record.in_current_version:
        return
    for mention in record.dates:
        if mention.from_on == mention.to_on and mention.basis != "publication":
            words = _beside(record, mention)
            if _OFF.search(words):
                continue
            found: list[DayKind] = [kind for kind, cue in _CUES if cue.search(words)]
            if not found and record.published_on and mention.from_on > record.published_on:
                found = ["ahead"]
            for kind in found:
                yield mention.from_on, kind


def _beside(record: ClaimRecord, mention: DateMention) -> str:
    """The words around a date within its sentence."""
    text, start = record.claim.text, mention.start - record.claim.start
    end = mention.end - record.claim.start
    if not 0 <= start < end <= len(text):
        return ""
    before = _BREAK.split(text[max(0, start - _BEFORE_CHARS) : start])[-1]
    return before + text[start:end] + _BREAK.split(text[end : end + _AFTER_CHARS])[0]
