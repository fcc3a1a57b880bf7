"""An event with more claims, sources, answers and figures than one page holds: small pages, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import LETTER, build_world, document, quantity, record, version
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.eventparts import build_parts, claim_pages
from tracker.types import (
    Answer,
    Dataset,
    Entity,
    Event,
    Figure,
    Reconciled,
    SourceGroup,
)

COUNT = 500
PADDING = " It was a long day in the harbour." * 12
DENIAL = "Kestrel AI rejected the charge."
ACCUSING = LETTER[LETTER.index("In a letter dated") : LETTER.index(" The letter went")]
EVENT = "events/big.html"


def build_big(count: int = COUNT) -> Dataset:
    held, claims, figures = [], [], []
    for number in range(count):
        page = version(f"d-{number}", 1, LETTER + PADDING, f"Story {number} of what was said about the letter")
        held.append(document(f"d-{number}", f"Outlet {number}", "wire", page))
        accounts = quantity(page.text, "over 24,000 fraudulent accounts", "accounts", 24000 + number, None, "over")
        claims.append(record(f"c-{number}", page, ACCUSING, "allegation", "kestrel", quantities=(accounts,)))
        claims.append(record(f"n-{number}", page, DENIAL, "denial", "kestrel"))
        claims.append(record(f"b-{number}", page, "Analysts have long expected such a letter.", "statement", None))
        figures.append(
            Figure(
                "accounts",
                24000 + number,
                None,
                "over",
                None,
                accounts.text,
                f"c-{number}",
                "kestrel",
                (),
                page.document_id,
            )
        )
    event = Event(
        "big", "allegation", "Many report it", date(2026, 2, 24), date(2026, 2, 24), "stated", ("kestrel",),
        tuple(f"c-{n}" for n in range(count)), (), tuple(item.id for item in held), tuple(figures),
        tuple(Answer("kestrel", "denial", f"n-{n}") for n in range(count)),
        sources=tuple(SourceGroup((item.id,), item.id, "alone", "It cites nobody.") for item in held),
    )  # fmt: skip
    entities = (Entity("kestrel", "Kestrel AI", "company"),)
    return Dataset(tuple(held), Reconciled((event,), tuple(claims), entities))


@pytest.fixture(scope="module")
def big() -> tuple[Dataset, dict[str, bytes]]:
    dataset = build_big()
    return dataset, render_site(dataset, Site())


def test_each_page_of_an_event_of_500_sources_is_small_and_whole(big: tuple[Dataset, dict[str, bytes]]) -> None:
    dataset, pages = big
    own = {path: body for path, body in pages.items() if path.startswith(("events/big.", "events/big/"))}
    html = {path: len(body) for path, body in own.items() if path.endswith(".html")}
    assert max(html.values()) < 300_000, html
    assert check_site(pages, dataset) == []


@pytest.mark.parametrize(
    ("kind", "select"),
    [("claims", ".claims blockquote"), ("answers", ".ledger blockquote"), ("beside", ".claims blockquote"),
     ("documents", ".grouped li"), ("figures", ".figure-table tbody tr")],
)  # fmt: skip
def test_what_is_not_on_the_events_page_is_on_its_further_pages_once(
    big: tuple[Dataset, dict[str, bytes]], kind: str, select: str
) -> None:
    _, pages = big
    front = BeautifulSoup(pages[EVENT], "html.parser")
    place = {"claims": "h-claims", "answers": "h-answers", "beside": "h-beside", "documents": "h-sources"}.get(kind)
    first = front.select(f"section[aria-labelledby={place}] {select}") if place else []
    further = [path for path in pages if path.startswith(f"events/big/{kind}-")]
    rest = [item for path in further for item in BeautifulSoup(pages[path], "html.parser").select(select)]
    assert further and len(first) + len(rest) == COUNT
    assert front.select_one(f"a[href='../events/big/{kind}-2.html']")


def test_a_document_leads_to_its_claim_wherever_that_stands(big: tuple[Dataset, dict[str, bytes]]) -> None:
    _, pages = big
    last = BeautifulSoup(pages[f"documents/d-{COUNT - 1}.html"], "html.parser")
    links = [str(link["href"]) for link in last.select(".readings a.claim-event")]
    assert any(link.startswith("../events/big/claims-") and link.endswith(f"#c-{COUNT - 1}") for link in links)


def test_an_event_that_fits_has_no_further_pages(pages: dict[str, bytes]) -> None:
    assert not [path for path in pages if path.startswith("events/") and path.count("/") > 1]


@given(st.lists(st.integers(1, 40_000), max_size=40))
def test_parts_hold_each_claim_once_and_in_order(lengths: list[int]) -> None:
    world = build_world()
    letter = world.documents[0].versions[0]
    text = "x" * max(lengths, default=1)
    held = replace(letter, text=text)
    records = tuple(
        replace(record(f"p-{n}", held, text[:length], "statement", None), id=f"p-{n}")
        for n, length in enumerate(lengths)
    )
    event = replace(world.reconciled.events[0], claim_ids=tuple(item.id for item in records))
    documents = (replace(world.documents[0], versions=(held,)), *world.documents[1:])
    dataset = Dataset(documents, Reconciled((event,), records, world.reconciled.entities))
    parts = build_parts(build_catalogue(dataset), event)
    shown = [item.id for groups in (parts.claims.first, *parts.claims.rest) for group in groups for item in group]
    assert shown == list(event.claim_ids)
    assert claim_pages(event, parts).keys() == set(event.claim_ids)
    for groups in (parts.claims.first, *parts.claims.rest):
        assert sum(len(group[0].claim.text) for group in groups) < 200_000
