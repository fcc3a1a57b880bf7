"""The vendor registers: pages, rows, and what must not be said in them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import html5lib
import pytest

from tests.render.test_disputes import ACCUSED, with_disputes
from tests.render.test_pages import text_of
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.registers import build_register
from tracker.types import Dataset, Dispute, Entity, StatusStep

KESTREL = "registers/kestrel.html"


def build(*disputes: Dispute) -> dict[str, bytes]:
    return render_site(with_disputes(*disputes, redirects=()), Site())


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return build(ACCUSED)


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def test_a_register_shows_how_each_allegation_stands_with_words_answers_and_last_change(
    built: dict[str, bytes],
) -> None:
    text = text_of(built[KESTREL])
    for words in (
        "Open allegations 2 Ended 0",
        "The dispute stands as alleged by a public body too since March 2026",
        "Against Kestrel AI , Umbra (name not on file)",
        "Last change 31 March 2026",
        "tens of thousands of accounts",
        "denied 24 February 2026 Kestrel AI rejected the charge.",
        "Umbra (name not on file) : no answer found in the sources",
        "Steps of public bodies, legislatures and courts 1",
    ):
        assert words in text, words
    assert b'href="../documents/doc-letter.html#c-letter-3"' in built[KESTREL]
    html5lib.HTMLParser(strict=True).parse(built[KESTREL])


def test_the_site_with_registers_is_sound(built: dict[str, bytes]) -> None:
    assert check_site(built, with_disputes(ACCUSED, redirects=())) == []


def test_only_companies_with_an_entry_have_a_register(built: dict[str, bytes]) -> None:
    found = [path for path in built if path.startswith("registers/") and path.endswith(".html")]
    assert found == ["registers/index.html", KESTREL, "registers/umbra.html"]
    assert b'href="../registers/kestrel.html"' in built["entities/kestrel.html"]
    assert b"../registers/northwind.html" not in built["entities/northwind.html"]
    assert "A company that is missing has no entry, which is no finding" in text_of(built["registers/index.html"])


def test_what_is_said_of_an_owner_stands_in_no_register_of_its_lab(built: dict[str, bytes]) -> None:
    umbra = rows(built["registers/umbra.csv"])
    assert {row["whom"] for row in umbra if row["entry"] == "answer"} == {"umbra"}
    assert {row["whom"] for row in umbra if row["entry"] == "open_allegation"} == {"umbra"}
    assert "and 1 other: the words say whom a step names" in text_of(built["registers/umbra.html"])


def test_the_first_words_of_an_allegation_name_the_party_of_the_register() -> None:
    simple = replace(ACCUSED, steps=(replace(ACCUSED.steps[0], claim_ids=("c-zh-1",)),))
    catalogue = build_catalogue(with_disputes(simple, redirects=()))
    (first, *_) = build_register(catalogue, catalogue.entities["umbra"]).allegations[0].evidence[1:]
    assert first.id == "c-letter-2"


def test_the_csv_has_a_row_for_each_words_with_their_place(built: dict[str, bytes]) -> None:
    found = rows(built["registers/kestrel.csv"])
    assert built["registers/kestrel.csv"].count(b"\r\n") >= len(found) + 1
    denial = next(row for row in found if row["claim"] == "c-letter-3")
    assert (denial["entry"], denial["status"], denial["from"], denial["id"]) == (
        "answer",
        "denied",
        "2026-02-24",
        ACCUSED.id,
    )
    assert (
        denial["quote"].startswith("Kestrel AI rejected")
        and denial["words_page"] == "documents/doc-letter.html#c-letter-3"
    )
    silent = next(row for row in found if row["status"] == "none_found")
    assert (silent["whom"], silent["quote"], silent["claim"]) == ("umbra", "", "")
    assert {row["entry"] for row in found} == {"open_allegation", "answer", "public_step"}


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    formula = replace(ACCUSED, title="=HYPERLINK(0)")
    found = rows(build(formula)["registers/kestrel.csv"])
    assert {row["title"] for row in found if row["of"] == "dispute"} == {"'=HYPERLINK(0)"}


@pytest.mark.parametrize("status", ["withdrawn", "settled", "closed"])
def test_what_was_ended_is_not_open(status: str) -> None:
    end = StatusStep(status, date(2026, 5, 1), date(2026, 5, 1), "stated", ACCUSED.event_ids[0], ("c-memo-1",))  # type: ignore[arg-type]
    text = text_of(build(replace(ACCUSED, steps=(*ACCUSED.steps, end)))[KESTREL])
    assert "Open allegations 1 Ended 1" in text  # Umbra is charged by itself besides
    assert "Withdrawn, settled or closed 1" in text


def test_a_charge_in_no_dispute_stands_by_its_event() -> None:
    text = text_of(build()[KESTREL])
    assert "an event in no dispute, no step on record" in text
    assert "Northwind Labs accuses Kestrel AI and Umbra in a letter" in text


def test_a_charge_that_makes_no_event_is_not_lost() -> None:
    world = with_disputes(redirects=())
    bare = replace(world, reconciled=replace(world.reconciled, events=()))
    pages = render_site(bare, Site())
    assert "Charges told in passing" in text_of(pages[KESTREL])
    assert {row["entry"] for row in rows(pages["registers/kestrel.csv"])} == {"allegation_in_passing"}
    assert check_site(pages, bare) == []


def test_owners_in_a_circle_do_not_hang_the_build() -> None:
    world: Dataset = with_disputes(ACCUSED, redirects=())
    entities = tuple(replace(e, parent="umbra") if e.id == "kestrel" else e for e in world.reconciled.entities)
    catalogue = build_catalogue(replace(world, reconciled=replace(world.reconciled, entities=entities)))
    assert set(build_register(catalogue, catalogue.entities["kestrel"]).family) == {"kestrel", "umbra"}


def test_a_company_without_entries_has_an_empty_register() -> None:
    catalogue = build_catalogue(with_disputes(ACCUSED, redirects=()))
    assert not build_register(catalogue, Entity("calm-firm", "Calm Firm", "company")).has_entries
