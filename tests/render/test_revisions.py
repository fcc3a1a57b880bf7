"""What changed in the pages behind an event: both versions' words, told on the pages and in the exports."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.render.conftest import SEEN
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.eventpages import MOST_REVISIONS
from tracker.render.exports import export_records, render_records
from tracker.types import Dataset, Revision

EVENT = "events/umbra-claim-2026-02.html"
CHANGED = Revision(
    "doc-fix", "changed", "doc-fix.1", "doc-fix.2", datetime(2026, 3, 5, 8, tzinfo=UTC), "c-fix-1", "c-fix-2",
    ("type", "accused", "figure"), ("allegation", "umbra", "about 24,000 <accounts>"), ("statement", "", "25,000"),
)  # fmt: skip
VANISHED = replace(CHANGED, kind="vanished", after=None, what=(), was=(), now=())
ADDED = replace(VANISHED, kind="added", before=None, after="c-fix-2")


def with_revisions(
    world: Dataset, *revisions: Revision, vanished: tuple[str, ...] = (), diff: str | None = None
) -> Dataset:
    events = tuple(
        replace(event, vanished=vanished) if "c-fix-1" in event.claim_ids else event
        for event in world.reconciled.events
    )
    documents = tuple(
        replace(item, versions=(item.versions[0], replace(item.versions[1], diff=diff)))
        if item.id == "doc-fix"
        else item
        for item in world.documents
    )
    return replace(world, documents=documents, reconciled=replace(world.reconciled, events=events, revisions=revisions))


def words_of(page: bytes) -> str:
    text = page.decode()
    start = text.index('<section aria-labelledby="h-revisions"')
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text[start : text.index("</section>", start)])).split())


def test_a_changed_claim_shows_both_versions_their_day_and_the_way_to_the_diff(world: Dataset, site: Site) -> None:
    dataset = with_revisions(world, CHANGED, diff="@@ -1 +1 @@\n-Umbra copied\n+Northwind looks")
    pages = render_site(dataset, site)
    assert check_site(pages, dataset) == []
    for path in (EVENT, "documents/doc-fix.html", "events/campaign-2025.html"):
        shown = words_of(pages[path])
        assert "seen on 5 March 2026: from version 1 to version 2" in shown
        assert "Umbra copied Borealis outright, Northwind Labs said. As it was" in shown
        assert "Northwind Labs said that it is still looking at Umbra. As it is" in shown
        assert "Accused Umbra → none given" in shown and "about 24,000 <accounts> → 25,000" in shown
    assert b'href="../documents/doc-fix.html#changes-2"' in pages[EVENT]
    assert b'id="changes-2"' in pages["documents/doc-fix.html"]


def test_without_a_kept_diff_the_link_leads_to_the_versions(world: Dataset, site: Site) -> None:
    dataset = with_revisions(world, CHANGED)
    pages = render_site(dataset, site)
    assert check_site(pages, dataset) == []
    assert b'href="../documents/doc-fix.html#h-versions"' in pages[EVENT]


@pytest.mark.parametrize(
    ("vanished", "shown", "marked"),
    [((), "another source still has these words", "no longer in the page"), (("c-fix-1",), "No longer there", "no longer in any source")],
)  # fmt: skip
def test_vanished_words_say_whether_another_source_has_them(
    world: Dataset, site: Site, vanished: tuple[str, ...], shown: str, marked: str
) -> None:
    dataset = with_revisions(world, VANISHED, vanished=vanished)
    page = render_site(dataset, site)[EVENT]
    told = words_of(page)
    assert "Taken out" in told and shown in told
    assert ("another source" in told) == (not vanished)
    assert marked in page.decode()


def test_events_without_changes_have_no_such_section(world: Dataset, site: Site) -> None:
    pages = render_site(with_revisions(world, CHANGED), site)
    assert b"h-revisions" not in pages["events/oma-memo-2025.html"]
    assert b"h-revisions" not in pages["documents/memo-1.html"]


def test_what_an_event_recalls_has_its_changes_too(world: Dataset, site: Site) -> None:
    page = render_site(with_revisions(world, ADDED), site)["events/northwind-letter-2026-02.html"]
    assert "Added Harbour Courier" in words_of(page)


def test_hundreds_of_changes_are_cut_and_counted(world: Dataset, site: Site) -> None:
    many = [replace(CHANGED, seen_at=SEEN.replace(hour=n // 60, minute=n % 60)) for n in range(150)]
    dataset = with_revisions(world, *many)
    pages = render_site(dataset, site)
    assert check_site(pages, dataset) == []
    shown = words_of(pages[EVENT])
    assert shown.count("Changed Harbour Courier") == MOST_REVISIONS
    assert f"and {150 - MOST_REVISIONS} earlier changes" in shown


def test_a_change_of_a_claim_that_is_not_shown_is_not_shown(world: Dataset, site: Site) -> None:
    dataset = with_revisions(world, replace(CHANGED, after="c-hidden"))
    assert not [path for path, body in render_site(dataset, site).items() if b"h-revisions" in body]


def test_exports_tell_changes_and_valid_times(world: Dataset) -> None:
    seen = {"first_seen_at": SEEN, "last_seen_at": SEEN.replace(hour=20)}
    claims = tuple(replace(record, **seen) for record in world.reconciled.claims)
    dataset = with_revisions(world, CHANGED, VANISHED, vanished=("c-fix-1",))
    dataset = replace(dataset, reconciled=replace(dataset.reconciled, claims=claims))
    changed, gone = export_records(dataset, "revisions")
    assert (changed["before_quote"], changed["after"]) == (
        "Umbra copied Borealis outright, Northwind Labs said.",
        "c-fix-2",
    )
    assert (gone["after"], gone["after_quote"], gone["events"]) == (None, None, ["umbra-claim-2026-02"])
    rows = {row["id"]: row for row in export_records(dataset, "claims")}
    assert [rows[key]["vanished"] for key in ("c-fix-1", "c-fix-2")] == [True, False]
    assert rows["c-fix-1"]["last_seen_at"] == "2026-03-01T20:30:00+00:00"
    figures = export_records(dataset, "figures")
    assert {(row["first_seen_at"], row["vanished"]) for row in figures} == {("2026-03-01T09:30:00+00:00", False)}
    event = next(row for row in export_records(dataset, "events") if row["id"] == "umbra-claim-2026-02")
    assert event["vanished"] == ["c-fix-1"]
    lines = list(csv.DictReader(io.StringIO(render_records([changed, gone], "csv"))))
    assert json.loads(lines[0]["was"]) == list(CHANGED.was) and lines[1]["after"] == ""


def test_the_events_data_names_changes_but_no_instant_that_moves_without_news(world: Dataset, site: Site) -> None:
    def data(hour: int) -> bytes:
        claims = tuple(replace(r, first_seen_at=SEEN, last_seen_at=SEEN.replace(hour=hour)) for r in world.reconciled.claims
                       if r.in_current_version)  # fmt: skip
        dataset = with_revisions(world, ADDED)
        return render_site(replace(dataset, reconciled=replace(dataset.reconciled, claims=claims)), site)[
            "events/campaign-2025.json"
        ]

    assert data(10) == data(20)
    value = json.loads(data(10))
    assert (
        value["revisions"][0]["kind"] == "added" and value["claims"][0]["first_seen_at"] == "2026-03-01T09:30:00+00:00"
    )


def test_the_gates_refuse_a_change_of_what_is_not_there(world: Dataset, site: Site) -> None:
    for wrong in (replace(CHANGED, after="c-hidden"), replace(CHANGED, from_version="doc-letter.1")):
        dataset = with_revisions(world, wrong, vanished=("c-nowhere",))
        found = [
            line
            for line in check_site(render_site(dataset, site), dataset)
            if "revision of doc-fix" in line or "c-nowhere" in line
        ]
        assert len(found) == 2
