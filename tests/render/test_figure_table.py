"""The figures of an event on its page and in the exports: groups, conflicts in words, sums, doubts."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tracker.config import Site
from tracker.reconcile.agreement import relate_figures
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import collect_figures
from tracker.render import check_site, render_site
from tracker.render.exports import export_records, render_records
from tracker.render.figuretable import MOST_ROWS
from tracker.types import Dataset, Event, Figure, FigureGroup, Flag

from .test_pages import text_of

ID = "oma-memo-2025"
EVENT = f"events/{ID}.html"


def with_event(world: Dataset, event: Event) -> Dataset:
    events = tuple(event if other.id == ID else other for other in world.reconciled.events)
    return replace(world, reconciled=replace(world.reconciled, events=events))


@pytest.fixture(scope="module")
def related(world: Dataset) -> Dataset:
    """The memo's event with its figures and the letter's beside them, related by the reconciler."""
    event = next(event for event in world.reconciled.events if event.id == ID)
    records = [record for record in world.reconciled.claims if record.quantities]
    found = relate_figures(collect_figures(records), records, Parties(world.reconciled.entities))
    flags = (Flag("implausible_figure", "“<b>16 trillion</b>” is more than there is.", "c-memo-1"),)
    changed = replace(
        event,
        claim_ids=tuple(record.id for record in records),
        document_ids=("doc-letter", "memo-1"),
        figures=found.figures,
        figure_groups=found.groups,
        figure_conflicts=found.conflicts,
        figure_sums=found.sums,
        flags=flags,
    )
    return with_event(world, changed)


@pytest.fixture(scope="module")
def page(related: Dataset, site: Site) -> bytes:
    return render_site(related, site)[EVENT]


def test_groups_stand_under_whom_they_are_said_of(page: bytes) -> None:
    text = text_of(page)
    assert "Accounts said of Kestrel AI" in text
    assert re.search(r"\d values in 2 documents; they leave room for 24,", text)
    assert "nearest to the speaker" in text


def test_each_figure_links_to_its_words_in_place(page: bytes) -> None:
    assert b'<a href="../documents/memo-1.html#c-memo-1"><bdi lang="en">nearly 25,000</bdi></a>' in page


def test_a_doubt_is_told_above_the_claims_and_escaped(page: bytes) -> None:
    assert page.index(b'id="h-flags"') < page.index(b'id="h-claims"') < page.index(b'id="h-figures"')
    assert "“<b>16 trillion</b>” is more than there is." in text_of(page)
    assert b"<b>16" not in page


def test_a_conflict_is_told_in_the_values_own_words_and_marked_at_each(
    related: Dataset, site: Site, world: Dataset
) -> None:
    event = next(event for event in related.reconciled.events if event.id == ID)
    records = list(related.reconciled.claims)
    figures = [replace(f, low=25_000.0, qualifier="exact") if f.qualifier == "under" else f for f in event.figures]
    found = relate_figures(figures, records, Parties(world.reconciled.entities))
    changed = replace(
        event, figures=found.figures, figure_groups=found.groups, figure_conflicts=found.conflicts, figure_sums=()
    )
    body = render_site(with_event(related, changed), site)[EVENT]
    assert found.conflicts
    assert "Where they conflict" in text_of(body)
    assert found.conflicts[0].why in text_of(body)
    assert body.count(b'id="conflict-1"') == 1
    assert body.count(b'href="#conflict-1"') >= 2


def test_many_values_are_all_on_the_page_the_further_ones_folded(world: Dataset, site: Site) -> None:
    event = next(event for event in world.reconciled.events if event.id == ID)
    figure = event.figures[0]
    many = tuple(replace(figure, text=f"tens of thousands, {n}") for n in range(MOST_ROWS + 15))
    group = FigureGroup("accounts", None, ("kestrel",), tuple(range(len(many))), 20000.0, 100000.0, 3)
    dataset = with_event(world, replace(event, figures=many, figure_groups=(group,)))
    text = text_of(render_site(dataset, site)[EVENT])
    assert "15 further values" in text
    assert all(f"tens of thousands, {n} " in text for n in range(len(many)))


def test_exported_figures_name_their_group_and_conflicts(related: Dataset) -> None:
    rows = [row for row in export_records(related, "figures") if row["event"] == ID]
    assert all(row["group"] for row in rows)
    assert sum(row["nearest"] for row in rows) == len({row["group"] for row in rows})
    assert "version_id" not in rows[0]
    assert render_records(rows, "csv").count("\r\n") == len(rows) + 1


def test_exported_events_hold_groups_by_the_places_of_their_figures(related: Dataset) -> None:
    (row,) = (row for row in export_records(related, "events") if row["id"] == ID)
    assert json.loads(json.dumps(row)) == row
    assert sorted(i for group in row["figure_groups"] for i in group["figures"]) == list(range(len(row["figures"])))
    assert row["flags"] == [
        {"code": "implausible_figure", "why": "“<b>16 trillion</b>” is more than there is.", "claim_id": "c-memo-1"}
    ]


def _with_figure(world: Dataset, **changes: object) -> Dataset:
    event = next(event for event in world.reconciled.events if event.id == ID)
    figure: Figure = replace(event.figures[0], **changes)  # type: ignore[arg-type]
    return with_event(world, replace(event, figures=(figure, *event.figures[1:])))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version_id": "memo-1.1", "start": 3, "end": 9}, "is not in memo-1.1 at 3..9"),
        ({"version_id": "memo-1.9"}, "is of a version that is not there: memo-1.9"),
    ],
)
def test_a_figure_that_is_not_in_its_version_stops_the_site(
    world: Dataset, site: Site, changes: dict[str, object], message: str
) -> None:
    dataset = _with_figure(world, **changes)
    assert any(message in problem for problem in check_site(render_site(dataset, site), dataset))


def test_relations_of_figures_that_are_not_there_stop_the_site(world: Dataset, site: Site) -> None:
    event = next(event for event in world.reconciled.events if event.id == ID)
    group = FigureGroup("accounts", None, (), (0, 7), None, None, 0)
    dataset = with_event(world, replace(event, figure_groups=(group,)))
    problems = check_site(render_site(world, site), dataset)
    assert any("names one that is not there" in problem for problem in problems)


def test_a_doubtful_figure_is_marked_and_is_in_no_row_of_the_timeline(world: Dataset, site: Site) -> None:
    pages = render_site(_with_figure(world, is_doubtful=True), site)
    assert "tens of thousands of accounts doubtful" in text_of(pages[EVENT])
    assert "tens of thousands of accounts" in text_of(render_site(world, site)["index.html"])
    assert "tens of thousands of accounts" not in text_of(pages["index.html"])
