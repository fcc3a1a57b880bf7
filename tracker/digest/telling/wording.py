"""How a digest reads in one line: its subject, what kinds of change it holds, what was told before."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.days import day_words
from tracker.render.isolation import isolate, split_isolates
from tracker.render.wording import clean, shorten
from tracker.types.changes import Change, ChangeKind, Evidence
from tracker.types.digests import Digest, DigestItem, Told
from tracker.types.words import ClaimType

MAX_SUBJECT = 160
_IN_SUBJECT = 3
_NAMED = 2
_MAX_WORDS = 240
_BARE_WORDS = 60
_MAX_EVENT = 120
_COUNT = re.compile(r"[\d,]+ independent sources?")

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
_HERE, _HERE_COUNTED = "Corrected here", ("a correction here", "{} corrections here")
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
    order = {phrases: rank for rank, phrases in enumerate([*_EVENTS.values(), *_COUNTED.values(), _HERE_COUNTED])}
    return [
        phrases[0] if count == 1 else phrases[1].format(count)
        for phrases, count in sorted(counted.items(), key=lambda item: order[item[0]])
    ]


def _phrases(change: Change) -> tuple[str, str]:
    if change.kind == "event" and change.event_type is not None:
        return _EVENTS[change.event_type]
    return _HERE_COUNTED if is_reread(change) else _COUNTED[change.kind]


def label_of(change: Change) -> str:
    """What kind of change it is; where we had misread a page, that is no correction by its source."""
    return _HERE if is_reread(change) else KIND_WORDS[change.kind]


def subject_of(digest: Digest, site_title: str) -> str:
    """The subject, made of the data, in one line: "Alibaba: a denial, 2 figures in conflict"."""
    if digest.is_empty:
        return shorten(f"Nothing changed: {site_title}", MAX_SUBJECT)
    items = [item.change for group in digest.groups for item in group.items]
    if not items:
        told = "a correction" if len(digest.corrections) == 1 else f"{len(digest.corrections)} corrections"
        title = plain(_event_told(digest.corrections[0].change)) if digest.corrections else site_title
        return shorten(f"{told.capitalize()} to what we reported{f': {title}' if title else ''}", MAX_SUBJECT)
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


def shorten_told(sentence: str, limit: int) -> str:
    """One line of at most `limit` characters; names in it stay isolated."""
    line = " ".join(sentence.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1].rstrip()
    return cut + "…" + "\u2069" * (cut.count("\u2068") - cut.count("\u2069"))


def told_sentence(item: DigestItem, timezone: str) -> str:
    """What this subscriber was told, and what stands against it now: the sentence that a correction begins with.

    We say that we reported what stood before only where it was told in these words. Hidden words are not repeated: of
    what people withdrew it says only that it was.
    """
    change, told = item.change, item.told
    when = f"On {day_words(local_day(told.told_at, timezone))} we" if told else "We"
    if change.kind == "withdrawn":
        return f"{when} reported something that was withdrawn here since; its words are not repeated."
    title = _event_told(change)
    event = f"“{plain(shorten_told(title, _MAX_EVENT))}”" if title else "this"
    if is_whole_event(change):
        of = "" if told is None or told.key.startswith("event:") else "a part of "
        return f"{when} told you of {of}{event}; {_since(change)}."
    if told and _stand_alone(told) and (not told.key.startswith("event:") or not change.before):
        return f"{when} reported {_in_words(told.words)}; {_since(change)}."
    if told and change.before and change.before in told.words:
        return f"{when} reported {_in_words(change.before)}; {_since(change)}."
    said = f"{_stood_before(change)}; " if change.before else ""
    return f"{when} told you of {event}; {said}{_since(change)}."


def is_whole_event(change: Change) -> bool:
    """Whether an event with all that it said is gone: it stood before by its title, which is ours and no source's."""
    return change.kind == "vanished" and change.key.startswith("event:")


def _event_told(change: Change) -> str:
    """An event's title: of one that is gone that which it had."""
    return change.event_title or (change.before if is_whole_event(change) else "")


def _stand_alone(told: Told) -> bool:
    """Whether the words that were told say something by themselves: "issued" without its law and a count do not."""
    return bool(told.words) and not told.key.startswith("stage:") and not _COUNT.fullmatch(told.words)


def _stood_before(change: Change) -> str:
    words = _in_words(change.before)
    if is_reread(change):
        return f"the tracker read it as {words}"
    return f"{_publisher(change.evidence_before)} then said {words}" if change.evidence_before else f"it said {words}"


def is_reread(change: Change) -> bool:
    """Whether it corrects how we read a page, which is as it was."""
    now, then = change.evidence[:1], change.evidence_before[:1]
    return change.kind == "corrected" and bool(now and then) and now[0].version_sha256 == then[0].version_sha256


def _in_words(words: str) -> str:
    """A source's words in a sentence of ours: in quotation marks where they are long or a list."""
    line = shorten(words, _MAX_WORDS).rstrip(".")
    return line if len(line) <= _BARE_WORDS and ";" not in line else f"“{line}”"


def _since(change: Change) -> str:
    now, then = change.evidence[:1], change.evidence_before[:1]
    if change.kind == "vanished":
        if not then or is_whole_event(change):
            return "the tracker reads it in none of its sources any more"
        return f"{_publisher(then)} says so no more"
    after = _in_words(change.after) if change.after else ""
    if is_reread(change):
        return f"that was corrected here{f': {after}' if after else ''}"
    return f"{_publisher(now or then)} now says {after or 'otherwise'}"


def _publisher(evidence: Sequence[Evidence]) -> str:
    return plain_name(shorten(evidence[0].publisher, 80)) if evidence else "its source"


def _zone(name: str) -> ZoneInfo:
    """The time zone; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_day(instant: datetime, timezone: str) -> date:
    """The day of an instant where the reader is."""
    return instant.astimezone(_zone(timezone)).date()


def local_words(instant: datetime, timezone: str) -> str:
    """An instant to the minute where the reader is: "24 June 2026, 08:00 (Europe/Berlin)"."""
    at = instant.astimezone(_zone(timezone))
    name = "UTC" if at.tzinfo in (UTC, ZoneInfo("UTC")) else timezone
    return f"{day_words(at.date())}, {at:%H:%M} {name if name == 'UTC' else f'({name})'}"
