"""The pages, exports and gates of disputes, over the small world with two of them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import html5lib
import pytest

from tests.render.conftest import SEEN, build_world
from tests.render.test_pages import text_of
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.exports import export_records, render_records
from tracker.render.stepplot import step_plot
from tracker.types import Dataset, Dispute, FigureConflict, FigureGroup, LedgerEntry, StatusStep

LETTER = "northwind-letter-2026-02"
ACCUSED = Dispute(
    id="northwind-v-kestrel",
    title="Northwind Labs v. Kestrel AI/Umbra",
    sides=("northwind", "kestrel"),
    accusers=("northwind",),
    accused=("kestrel", "umbra"),
    accused_as=("operators affiliated with Kestrel AI",),
    target=("borealis",),
    event_ids=("oma-memo-2025", LETTER),
    allegation_ids=("c-letter-1", "c-letter-2", "c-zh-1"),
    steps=(
        StatusStep(
            "alleged", date(2026, 2, 23), date(2026, 2, 23), "stated", LETTER, ("c-letter-1", "c-letter-2"), SEEN
        ),
        StatusStep(
            "repeated_by_government", date(2026, 3, 1), date(2026, 3, 31), "relative", "oma-memo-2025", ("c-memo-1",)
        ),
    ),
    ledger=(
        LedgerEntry(
            "kestrel", "no_reply", date(2025, 12, 1), date(2025, 12, 31), "stated", "c-memo-2", "oma-memo-2025"
        ),
        LedgerEntry("kestrel", "denied", date(2026, 2, 24), date(2026, 2, 24), "stated", "c-letter-3", LETTER),
        LedgerEntry("umbra", "none_found", None, None, None, None, None),
        LedgerEntry(
            "oma", "declined", date(2026, 2, 25), date(2026, 2, 25), "publication", "c-letter-4", LETTER, False
        ),
    ),
    changed_on=date(2026, 3, 31),
)
PERSONAL = replace(
    ACCUSED, id="mara-lindqvist-v-northwind", title="Mara Lindqvist v. <b>Northwind</b>", sides=("mara-lindqvist", "northwind"),
    accusers=("mara-lindqvist",), accused=("northwind",), accused_as=(), steps=ACCUSED.steps[:1],
    ledger=(LedgerEntry("northwind", "none_found", None, None, None, None, None),), changed_on=date(2026, 1, 5),
)  # fmt: skip
PAGE = "disputes/northwind-v-kestrel.html"


def with_disputes(*disputes: Dispute, redirects: tuple[tuple[str, str], ...] = ()) -> Dataset:
    world = build_world()
    return replace(world, reconciled=replace(world.reconciled, disputes=disputes, redirects=redirects))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return with_disputes(
        ACCUSED, PERSONAL, redirects=(("northwind-v-umbra", "northwind-v-kestrel"), ("a-v-b", "c-v-d"))
    )


@pytest.fixture(scope="module")
def built(dataset: Dataset) -> dict[str, bytes]:
    return render_site(dataset, Site())


def test_the_pages_are_sound(built: dict[str, bytes], dataset: Dataset) -> None:
    assert {PAGE, "disputes/index.html", "disputes/mara-lindqvist-v-northwind.html"} <= set(built)
    for path in built:
        if path.startswith("disputes/") and path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(built[path])
    only_dangling = [problem for problem in check_site(built, dataset) if "a-v-b" not in problem]
    assert only_dangling == []


def test_a_dispute_shows_its_steps_with_their_words_and_each_partys_answers_in_order(built: dict[str, bytes]) -> None:
    text = text_of(built[PAGE])
    for words in (
        "alleged by a public body too since March 2026",
        "alleged 23 February 2026 first seen here on 1 March 2026",
        "operators affiliated with Kestrel AI",
        "Kestrel AI source reports no answer by December 2025",
        "denied 24 February 2026",
        "Umbra (name not on file) no answer found in the sources",
        "Office of Model Affairs not accused itself declined to comment published 25 February 2026",
    ):
        assert words in text, words
    assert text.index("by December 2025") < text.index("denied 24 February")
    assert built[PAGE].count(b'data-claim="c-letter-1"') == 1  # two readings of one quote stand once


def test_a_dispute_that_moved_is_drawn_with_each_mark_at_its_words(built: dict[str, bytes]) -> None:
    page = built[PAGE].decode()
    marks = re.findall(r'<a class="mark (\S+)" href="#(\S+)"><title>([^<]*)</title>', page)
    assert marks == [
        ("status-alleged", "step-1", "alleged, 23 February 2026"),
        ("status-repeated-by-government", "step-2", "alleged by a public body too, March 2026"),
        ("answer-no-reply", "answer-1-1", "Kestrel AI: source reports no answer, December 2025"),
        ("answer-denied", "answer-1-2", "Kestrel AI: denied, 24 February 2026"),
    ]
    assert all(f'<li id="{anchor}">' in page for _, anchor, _ in marks)
    assert "<svg" not in built["disputes/mara-lindqvist-v-northwind.html"].decode()  # one step: its words say it all


def test_a_step_that_changed_nothing_stands_beside_the_line() -> None:
    again = replace(ACCUSED.steps[0], from_on=date(2026, 5, 1), to_on=date(2026, 5, 1))
    closed = replace(again, status="closed", from_on=date(2026, 6, 1), to_on=date(2026, 6, 1))
    dispute = replace(ACCUSED, steps=(*ACCUSED.steps, again, closed), changed_on=date(2026, 6, 1))
    plot = step_plot(dispute, ["a", "b", "c", "d"], [])
    assert plot is not None
    course = [(s.y1, s.y2) for s in plot.strokes if s.kind.startswith("course")]
    by_public_body, alleged, ended = (lane.y for lane in plot.lanes)
    assert course == [
        (alleged, alleged), (alleged, by_public_body), (by_public_body, by_public_body), (by_public_body, ended), (ended, ended), (ended, ended),
    ]  # fmt: skip
    assert [mark.link for mark in plot.marks] == ["#a", "#b", "#c", "#d"]


def test_a_dispute_names_the_figures_of_its_events_with_their_conflicts(world: Dataset) -> None:
    figures, claims = world.reconciled.events[1].figures, ("c-memo-1",)
    groups = (FigureGroup("accounts", None, ("kestrel",), (0, 1), 20000, 25000, 1),)
    event = replace(
        world.reconciled.events[1], claim_ids=claims, figures=figures, figure_groups=groups,
        figure_conflicts=(FigureConflict(0, 1, "different_number", "They differ."),),
    )  # fmt: skip
    events = tuple(event if item.id == event.id else item for item in world.reconciled.events)
    dataset = replace(world, reconciled=replace(world.reconciled, events=events, disputes=(ACCUSED,)))
    text = text_of(render_site(dataset, Site())[PAGE])
    assert "nearly 25,000 2 values in 1 document, which leave room for 20,000 to 25,000 under 1 conflict" in text


def test_very_many_disputes_are_listed_in_parts() -> None:
    many = tuple(replace(ACCUSED, id=f"firm-{n}-v-kestrel", title=f"Firm {n} v. Kestrel AI") for n in range(400))
    dataset = with_disputes(*many, replace(PERSONAL, changed_on=date(2026, 9, 1)))
    pages = render_site(dataset, Site())
    assert check_site(pages, dataset) == []
    lists = [pages[path] for path in ("disputes/index.html", "disputes/list/2.html", "disputes/list/3.html")]
    assert max(map(len, lists)) < 300_000
    assert all(any(f'firm-{n}-v-kestrel.html"'.encode() in body for body in lists) for n in range(400))
    assert "Charges that single persons make 1" in text_of(lists[2])  # last, however lately it changed


def test_the_list_has_the_last_to_change_first_and_single_persons_apart(built: dict[str, bytes]) -> None:
    text = text_of(built["disputes/index.html"])
    assert text.index("Northwind Labs v. Kestrel AI/Umbra") < text.index("Charges that single persons make")
    assert text.index("Charges that single persons make") < text.index("Mara Lindqvist v.")
    assert b"<b>Northwind" not in built["disputes/index.html"]
    assert "No dispute on record" in text_of(render_site(with_disputes(), Site())["disputes/index.html"])


@pytest.mark.parametrize(
    "path", [f"events/{LETTER}.html", "events/oma-memo-2025.html", "entities/kestrel.html", "entities/oma.html"]
)
def test_events_and_parties_lead_to_their_disputes(built: dict[str, bytes], path: str) -> None:
    assert b'href="../disputes/northwind-v-kestrel.html"' in built[path]


def test_every_page_leads_to_the_disputes(built: dict[str, bytes]) -> None:
    assert b'href="disputes/index.html"' in built["index.html"]


def test_a_dispute_that_was_merged_leads_on_and_one_that_is_gone_to_the_list(built: dict[str, bytes]) -> None:
    assert b"url=../disputes/northwind-v-kestrel.html" in built["disputes/northwind-v-umbra.html"]
    assert "This dispute has moved" in text_of(built["disputes/northwind-v-umbra.html"])
    assert b"url=../disputes/index.html" in built["disputes/a-v-b.html"]


def test_a_dispute_is_there_as_data(built: dict[str, bytes]) -> None:
    value = json.loads(built["disputes/northwind-v-kestrel.json"])
    assert (value["status"], value["since"]) == ("repeated_by_government", "2026-03-01")
    assert value["event_paths"][LETTER] == f"events/{LETTER}.html"


def test_exports_hold_disputes_and_every_answer_once(dataset: Dataset) -> None:
    disputes = export_records(dataset, "disputes")
    assert [record["id"] for record in disputes] == ["northwind-v-kestrel", "mara-lindqvist-v-northwind"]
    assert disputes[0]["steps"][0]["claims"] == ["c-letter-1", "c-letter-2"]
    answers = export_records(dataset, "answers")
    keys = [(row["party"], row["kind"], row["event"]) for row in answers if row["claim"]]
    assert keys.count(("kestrel", "denied", LETTER)) == 1
    assert ("oma", "declined", LETTER) in keys
    denial = next(row for row in answers if row["claim"] == "c-letter-3")
    assert denial["disputes"] == ["northwind-v-kestrel"]
    assert denial["quote"].startswith("Kestrel AI rejected")
    for records in (disputes, answers):
        rows = list(csv.DictReader(io.StringIO(render_records(records, "csv"))))
        assert len(rows) == len(records)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"allegation_ids": ("c-gone",)}, "there is no claim c-gone"),
        ({"event_ids": ("gone",)}, "there is no event gone"),
        ({"steps": ()}, "nobody alleges anything in it"),
        ({"steps": (replace(ACCUSED.steps[0], claim_ids=()),)}, "nothing shows that it is alleged"),
        ({"steps": tuple(reversed(ACCUSED.steps))}, "not in the order of their days"),
        ({"ledger": ACCUSED.ledger[:2]}, "its ledger leaves out umbra"),
        ({"ledger": (*ACCUSED.ledger, LedgerEntry("kestrel", "none_found", None, None, None, None, None))}, "both an answer and none"),
        ({"ledger": (replace(ACCUSED.ledger[0], claim_id=None), *ACCUSED.ledger[2:])}, "does not fit the claim"),
    ],
)  # fmt: skip
def test_a_dispute_that_rests_on_nothing_is_caught(changes: dict[str, object], message: str) -> None:
    broken = with_disputes(replace(ACCUSED, **changes))  # type: ignore[arg-type]
    assert any(message in problem for problem in check_site(render_site(broken, Site()), broken))


def test_a_missing_page_of_a_dispute_is_caught(built: dict[str, bytes], dataset: Dataset) -> None:
    left = {path: body for path, body in built.items() if path != PAGE}
    assert any("dispute northwind-v-kestrel has no page" in problem for problem in check_site(left, dataset))


def test_exported_steps_and_answers_tell_when_their_words_were_last_seen_and_the_site_does_not(
    dataset: Dataset,
) -> None:
    at = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (8, 9)]
    seen = {"c-letter-1": at[0], "c-letter-2": at[1], "c-letter-3": at[0]}
    claims = tuple(replace(record, last_seen_at=seen.get(record.id)) for record in dataset.reconciled.claims)
    later = replace(dataset, reconciled=replace(dataset.reconciled, claims=claims))
    assert export_records(later, "disputes")[0]["steps"][0]["last_seen_at"] == "2026-03-02T09:00:00+00:00"
    rows = {row["claim"]: row["last_seen_at"] for row in export_records(later, "answers")}
    assert rows["c-letter-3"] == "2026-03-02T08:00:00+00:00" and rows[None] is None
    site = Site(title="Tracker")
    path = "disputes/northwind-v-kestrel.json"
    assert render_site(later, site)[path] == render_site(dataset, site)[path]


def test_of_several_accusers_nobody_is_said_to_accuse_everybody() -> None:
    joint = replace(ACCUSED, accusers=("northwind", "oma"))
    index = render_site(with_disputes(joint), Site())["disputes/index.html"].decode()
    assert "accuse (each of these by at least one of them)" in index
    assert "at least one of them" not in render_site(with_disputes(ACCUSED), Site())["disputes/index.html"].decode()
