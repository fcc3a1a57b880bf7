"""The named days as iCalendar (RFC 5545): the one door for icalendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from functools import partial

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from tracker.days import day_words
from tracker.render.nameddays import DayKind, NamedDay, named_days
from tracker.render.page import DataFile
from tracker.render.paths import full_address
from tracker.render.views import Views
from tracker.render.wording import clean, shorten

CALENDAR_PATH = "calendar.ics"
_WORDS: dict[DayKind, str] = {
    "hearing": "Hearing",
    "deadline": "Deadline",
    "effective": "Taking effect",
    "ahead": "Day named",
}
_ASK_AGAIN = timedelta(hours=12)
_QUOTE_CHARS = 400


def list_pages(views: Views) -> Iterator[DataFile]:
    """The calendar; a calendar without a day is not allowed, so there is none then."""
    if days := named_days(views):
        yield DataFile(CALENDAR_PATH, partial(calendar_ics, views, days))


def calendar_ics(views: Views, days: list[NamedDay]) -> bytes:
    """The days as all-day entries that block nobody's time; stamped with when the tracker last learned something."""
    calendar = Calendar()
    calendar.add("prodid", "-//distillation-tracker//site//EN")
    calendar.add("version", "2.0")
    calendar.add("name", clean(views.site.title))
    calendar.add("x-wr-calname", clean(views.site.title))
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    if views.base:
        calendar.add("source", full_address(views.base, CALENDAR_PATH), parameters={"VALUE": "URI"})
    for day in days:
        calendar.add_component(_entry(views, day))
    body: bytes = calendar.to_ical()
    return body


def _entry(views: Views, day: NamedDay) -> CalendarEvent:
    entry = CalendarEvent()
    first = day.claims[0]
    stamp = max(views.catalogue.versions[record.first_version_id].fetched_at for record in day.claims).astimezone(UTC)
    kinds = " and ".join(_WORDS[kind] for kind in day.kinds)
    document = views.catalogue.documents[first.document_id]
    published = f", {day_words(first.published_on)}" if first.published_on else ""
    quote = f"“{shorten(first.claim.text, _QUOTE_CHARS)}” ({clean(document.publisher)}{published})"
    entry.add("uid", day.uid)
    entry.add("dtstamp", stamp)
    entry.add("last-modified", stamp)
    entry.add("dtstart", day.on)
    entry.add("summary", f"{kinds}, as reported: {day.event.title}")
    entry.add("description", f"{quote}\nThe page names this day; nothing here says that it was kept.")
    entry.add("categories", [_WORDS[kind] for kind in day.kinds])
    entry.add("transp", "TRANSPARENT")
    if views.base:
        entry.add("url", full_address(views.base, day.event.path))
    return entry
