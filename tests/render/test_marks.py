"""What a row of the timeline marks an event with, and the lists by how a dispute stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bs4 import BeautifulSoup

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.types import (
    Dataset,
    Dispute,
    Event,
    FigureConflict,
    FigureGroup,
    Flag,
    LedgerEntry,
    SourceGroup,
    StatusStep,
)

LETTER = "northwind-letter-2026-02"


def with_letter(dataset: Dataset, **changes: object) -> Dataset:
    def changed(event: Event) -> Event:
        return replace(event, **changes) if event.id == LETTER else event  # type: ignore[arg-type]

    return replace(
        dataset, reconciled=replace(dataset.reconciled, events=tuple(map(changed, dataset.reconciled.events)))
    )


def badges(page: bytes) -> dict[str, str]:
    """Words of each badge of the letter's row -> where it leads."""
    row = BeautifulSoup(page, "html.parser").select_one(f".row:has(a[href$='{LETTER}.html'])")
    assert row is not None
    return {link.get_text(): str(link["href"]) for link in row.select(".badge a")}


def test_a_row_tells_conflicts_doubts_and_on_how_many_sources_it_rests() -> None:
    world = with_letter(
        build_world(),
        sources=(
            SourceGroup(("doc-letter",), "doc-letter", "alone", "."),
            SourceGroup(("doc-zh",), "doc-zh", "alone", "."),
        ),
        figure_groups=(FigureGroup("accounts", None, (), (0, 1), None, None, 0),),
        figure_conflicts=(FigureConflict(0, 1, "different_number", "One is not the other."),),
        flags=(Flag("implausible_figure", "It is far too many."),),
    )
    pages = render_site(world, Site())
    assert badges(pages["index.html"]) == {
        "2 independent sources": f"events/{LETTER}.html#h-sources",
        "1 conflict of figures": f"events/{LETTER}.html#h-figures",
        "1 thing to be doubted": f"events/{LETTER}.html#h-flags",
    }
    assert check_site(pages, world) == []


def test_a_row_tells_that_no_source_says_it_any_more() -> None:
    world = build_world()
    claims = next(event.claim_ids for event in world.reconciled.events if event.id == LETTER)
    pages = render_site(with_letter(world, vanished=claims), Site())
    assert list(badges(pages["index.html"])) == ["no source says it any more"]


def in_dispute(world: Dataset) -> Dataset:
    step = StatusStep("in_court", date(2026, 2, 23), date(2026, 2, 23), "stated", LETTER, ("c-letter-1",))
    dispute = Dispute(
        id="northwind-v-kestrel",
        title="Northwind Labs v. Kestrel AI",
        sides=("northwind", "kestrel"),
        accusers=("northwind",),
        accused=("kestrel",),
        accused_as=(),
        target=(),
        event_ids=(LETTER,),
        allegation_ids=("c-letter-1",),
        steps=(step,),
        ledger=(LedgerEntry("kestrel", "none_found", None, None, None, None, None),),
        changed_on=date(2026, 2, 23),
    )
    return replace(world, reconciled=replace(world.reconciled, disputes=(dispute,)))


def test_how_a_dispute_stands_is_said_of_the_dispute_and_listed() -> None:
    world = in_dispute(build_world())
    pages = render_site(world, Site())
    row = BeautifulSoup(pages["status/in-court.html"], "html.parser").select_one(".rows .row")
    assert row is not None
    assert "Northwind Labs v. Kestrel AI: in court" in " ".join(row.get_text().split())
    assert [path for path in pages if path.startswith("status/")] == ["status/in-court.html"]
    assert b"status/in-court.html" in pages["index.html"]
    assert check_site(pages, world) == []
