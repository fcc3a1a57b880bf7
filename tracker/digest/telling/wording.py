"""How a digest reads in one line: its subject, what kinds of change it holds, what was told before."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.days import day_words
from tracker.render.isolation import isolate, split_isolates
from tracker.render.wording import clean, shorten
from tracker.types.changes import Change, ChangeKind
from tracker.types.digests import Digest, DigestItem
from tracker.types.words import ClaimType

MAX_SUBJECT = 160
_IN_SUBJECT = 3
_NAMED = 2

KIND_WORDS: dict[ChangeKind, str] = {
    "event": "New event",
    "claim": "New claim",
    "sources": "More sources",
    "figure": "Figure",
    "conflict": "Figures in conflict",
    "status": "Dispute moved",
    "answer": "Answer",
    "corrected": "Source corrected",
    "vanished": "Words gone",
    "stage": "Stage of a law",
    "withdrawn": "Withdrawn here",
}
_COUNTED: dict[ChangeKind, tuple[str, str]] = {
    "event": ("a new event", "{} new events"),
    "claim": ("a new claim", "{} new claims"),
    "sources": ("more sources for a claim", "more sources for {} claims"),
    "figure": ("a figure", "{} figures"),
    "conflict": ("figures in conflict", "figures in conflict {} times"),
    "status": ("a dispute moved", "{} disputes moved"),
    "answer": ("an answer", "{} answers"),
    "corrected": ("a source corrected", "{} corrections by sources"),
    "vanished": ("words gone from a source", "words gone from sources {} times"),
    "stage": ("a stage of a law", "{} stages of laws"),
    "withdrawn": ("a withdrawal here", "{} withdrawals here"),
}
_EVENTS: dict[ClaimType, tuple[str, str]] = {
    "allegation": ("a new allegation", "{} new allegations"),
    "admission": ("an admission", "{} admissions"),
    "denial": ("a denial", "{} denials"),
    "no_response": ("a report of no answer", "{} reports of no answer"),
    "legislation": ("a step in legislation", "{} steps in legislation"),
    "government_action": ("a government action", "{} government actions"),
    "legal_action": ("a legal action", "{} legal actions"),
    "company_action": ("a company’s action", "{} company actions"),
    "statement": ("a statement", "{} statements"),
}


def plain(text: str) -> str:
    """A sentence of ours for plain text: names in it stay isolated only where one runs from right to left."""
    parts = split_isolates(text)
    return "".join(
        isolate(part) if number % 2 and _runs_left(part) else clean(part) for number, part in enumerate(parts)
    )


def plain_name(name: str) -> str:
    """A name from outside in a line of plain text, isolated where it runs from right to left."""
    return isolate(name) if _runs_left(name) else clean(name)


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def count_kinds(changes: Iterable[Change]) -> list[str]:
    """What there is, the weightiest first: ["a denial", "2 figures"]."""
    counted = Counter(_phrases(change) for change in changes)
    order = {phrases: rank for rank, phrases in enumerate([*_EVENTS.values(), *_COUNTED.values()])}
    return [
        phrases[0] if count == 1 else phrases[1].format(count)
        for phrases, count in sorted(counted.items(), key=lambda item: order[item[0]])
    ]


def _phrases(change: Change) -> tuple[str, str]:
    if change.kind == "event" and change.event_type is not None:
        return _EVENTS[change.event_type]
    return _COUNTED[change.kind]


def subject_of(digest: Digest, site_title: str) -> str:
    """The subject, made of the data, in one line: "Alibaba: a denial, 2 figures in conflict"."""
    if digest.is_empty:
        return shorten(f"Nothing changed: {site_title}", MAX_SUBJECT)
    items = [item.change for group in digest.groups for item in group.items]
    if not items:
        told = "a correction" if len(digest.corrections) == 1 else f"{len(digest.corrections)} corrections"
        titles = plain(digest.corrections[0].change.event_title) if digest.corrections else site_title
        return shorten(f"{told.capitalize()} to what we reported: {titles}", MAX_SUBJECT)
    names = ", ".join(plain_name(shorten(group.heading, 40)) for group in digest.groups[:_NAMED])
    others = len(digest.groups) - _NAMED
    names += f" and {others} more" if others > 0 else ""
    return shorten(f"{_corrections(digest)}{names}: {_few(count_kinds(items))}", MAX_SUBJECT)


def _corrections(digest: Digest) -> str:
    count = len(digest.corrections)
    return "" if not count else "Correction; " if count == 1 else f"{count} corrections; "


def _few(phrases: Sequence[str]) -> str:
    if len(phrases) <= _IN_SUBJECT:
        return ", ".join(phrases)
    return f"{', '.join(phrases[:_IN_SUBJECT])} and more"


def told_sentence(item: DigestItem, timezone: str) -> str:
    """What this subscriber was told, and what stands against it now: the sentence that a correction begins with.

    Hidden words are not repeated: of what people withdrew it says only that it was.
    """
    change, told = item.change, item.told
    when = f"On {day_words(local_day(told.told_at, timezone))} we reported" if told else "We reported"
    if change.kind == "withdrawn":
        return f"{when} something that was withdrawn here since; its words are not repeated."
    words = f" {clean(told.words)}" if told and told.words else " what follows"
    return f"{when}{words}; {_since(change)}."


def _since(change: Change) -> str:
    now, then = change.evidence[:1], change.evidence_before[:1]
    publisher = plain_name((now or then)[0].publisher) if now or then else "its source"
    if change.kind == "vanished":
        gone = plain_name(then[0].publisher) if then else publisher
        return f"{gone} says so no more"
    if now and then and now[0].version_sha256 == then[0].version_sha256:  # the page is as it was: we had misread it
        return f"that was corrected here{': ' + clean(change.after) if change.after else ''}"
    return f"{publisher} now says {clean(change.after)}" if change.after else f"{publisher} now says otherwise"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local_day(instant: datetime, timezone: str) -> date:
    """The day of an instant where the reader is."""
    return instant.astimezone(_zone(timezone)).date()


def local_words(instant: datetime, timezone: str) -> str:
    """An instant to the minute where the reader is: "24 June 2026, 08:00 (Europe/Berlin)"."""
    at = instant.astimezone(_zone(timezone))
    name = "UTC" if at.tzinfo in (UTC, ZoneInfo("UTC")) else timezone
    return f"{day_words(at.date())}, {at:%H:%M} {name if name == 'UTC' else f'({name})'}"
