"""The calendar: which days sources name, in their words, and as a file that a calendar program reads back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from tests.render.conftest import SEEN, record, version
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.types import Dataset, DateMention, Entity, Event, Extraction, Reconciled, StoredDocument

HERE = Site(base_url="https://tracker.example/site")
TEXT = (
    "The committee will hold a hearing on the bill on May 12, 2026. Comments are due by June 1, 2026, the office said. "
    "The rule takes effect on July 15, 2026. The hearing that was set for May 20, 2026 was postponed. "
    "The bill was introduced on April 2, 2026. The committee votes on May 30, 2026; a hearing is to follow. "
    "Northwind Labs opens a laboratory on May 25, 2026."
)
DAYS = {
    "May 12, 2026": date(2026, 5, 12), "June 1, 2026": date(2026, 6, 1), "July 15, 2026": date(2026, 7, 15),
    "May 20, 2026": date(2026, 5, 20), "April 2, 2026": date(2026, 4, 2), "May 30, 2026": date(2026, 5, 30),
    "May 25, 2026": date(2026, 5, 25),
}  # fmt: skip


def build(types: str = "legislation") -> Dataset:
    held = version("doc-bill", 1, TEXT, "The bill", published=date(2026, 5, 1))
    claims = []
    for number, (words, on) in enumerate(DAYS.items()):
        at = TEXT.index(words)
        start = max(TEXT.rfind(". ", 0, at) + 2, 0) if ". " in TEXT[:at] else 0
        end = TEXT.index(". ", at) + 1 if ". " in TEXT[at:] else len(TEXT)
        mention = DateMention(at, at + len(words), words, on, on)
        kind = "company_action" if "laboratory" in TEXT[start:end] else types
        claims.append(
            replace(
                record(f"c-{number}", held, TEXT[start:end], kind, "house", dates=(mention,)),
                published_on=held.published,
            )
        )
    events = (Event("2026-05-01-bill", "legislation", "The House takes up the bill", date(2026, 5, 1), date(2026, 5, 1), "stated",
                    ("house",), tuple(claim.id for claim in claims), (), ("doc-bill",)),)  # fmt: skip
    document = StoredDocument("doc-bill", "https://gazette.example/bill", "Gazette; of, the House", "news", "handed-in", SEEN, SEEN, (held,),
                              (Extraction(held.id, "relevant"),))  # fmt: skip
    return Dataset((document,), Reconciled(events, tuple(claims), (Entity("house", "House", "government"),)))


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    dataset = build()
    files = render_site(dataset, HERE)
    assert check_site(files, dataset) == []
    assert b'href="calendar.ics"' in files["downloads.html"]
    return Calendar.from_ical(files["calendar.ics"])


def test_days_are_told_by_the_words_beside_them(calendar: Calendar) -> None:
    told = {entry.decoded("dtstart"): str(entry["summary"]).partition(",")[0] for entry in calendar.walk("VEVENT")}
    assert told == {
        date(2026, 5, 12): "Hearing",
        date(2026, 6, 1): "Deadline",
        date(2026, 7, 15): "Taking effect",
        date(2026, 5, 30): "Day named",  # ahead, and the hearing is in another clause
    }, "no day that was taken back, lies behind without a word for it, or is a company's own"


def test_an_entry_has_the_words_their_source_and_nothing_of_the_clock(calendar: Calendar) -> None:
    entry = next(item for item in calendar.walk("VEVENT") if item.decoded("dtstart") == date(2026, 7, 15))
    assert "“The rule takes effect on July 15, 2026.” (Gazette; of, the House, 1 May 2026)" in str(entry["description"])
    assert str(entry["url"]) == "https://tracker.example/site/events/2026-05-01-bill.html"
    assert entry.decoded("dtstamp") == SEEN.astimezone(UTC) == entry.decoded("last-modified")
    assert entry["transp"] == "TRANSPARENT" and isinstance(entry.decoded("dtstart"), date)
    assert not isinstance(entry.decoded("dtstart"), datetime)


def test_the_file_keeps_to_the_form_of_rfc_5545() -> None:
    body = render_site(build(), HERE)["calendar.ics"]
    assert body.startswith(b"BEGIN:VCALENDAR\r\n") and body.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n")) and b"\n" not in body.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(body)
    uids = [str(entry["uid"]) for entry in calendar.walk("VEVENT")]
    assert calendar["version"] == "2.0" and calendar["prodid"] and len(set(uids)) == len(uids) == 4
    assert not calendar.errors and not [entry for entry in calendar.walk("VEVENT") if entry.errors]


def test_uids_outlive_the_sites_address() -> None:
    def uids(site: Site) -> list[str]:
        return [
            str(entry["uid"]) for entry in Calendar.from_ical(render_site(build(), site)["calendar.ics"]).walk("VEVENT")
        ]

    assert uids(HERE) == uids(Site())


def test_without_a_day_there_is_no_calendar_and_no_link_to_one() -> None:
    files = render_site(build("statement"), HERE)
    assert "calendar.ics" not in files and b"calendar.ics" not in files["downloads.html"]
