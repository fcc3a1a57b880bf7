"""Which events stand beside another, and why; and how an event is cited."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.render.conftest import build_world
from tests.render.test_marks import LETTER, in_dispute
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.citation import cite
from tracker.render.isolation import isolate
from tracker.render.related import MOST_RELATED, NEAR_DAYS, Kinship
from tracker.types import Answer, Dataset, Event

UMBRA = "umbra-claim-2026-02"


def reasons(dataset: Dataset, event_id: str) -> dict[str, list[str]]:
    catalogue = build_catalogue(dataset)
    return {
        kin.event.id: [reason.words for reason in kin.reasons]
        for kin in Kinship(catalogue).of(catalogue.events_by_id[event_id])
    }


def with_event(dataset: Dataset, event_id: str, **changes: object) -> Dataset:
    events = tuple(
        replace(event, **changes) if event.id == event_id else event  # type: ignore[arg-type]
        for event in dataset.reconciled.events
    )
    return replace(dataset, reconciled=replace(dataset.reconciled, events=events))


def test_events_of_the_same_parties_near_in_time_stand_beside_each_other() -> None:
    world = build_world()
    assert f"names {isolate('Northwind Labs')} and {isolate('Umbra')} too, 1 day later" in reasons(world, LETTER)[UMBRA]
    assert (
        f"names {isolate('Northwind Labs')} and {isolate('Umbra')} too, 1 day earlier" in reasons(world, UMBRA)[LETTER]
    )
    far = date.fromordinal(date(2026, 2, 23).toordinal() + NEAR_DAYS + 1)
    moved = with_event(world, UMBRA, from_on=far, to_on=far)
    assert not [words for words in reasons(moved, LETTER).get(UMBRA, []) if words.startswith("names")]


def test_what_recalls_an_event_stands_beside_it_both_ways() -> None:
    found = reasons(build_world(), LETTER)
    assert "a source of it recalls this event" in found["campaign-2025"]
    assert "a source of this event recalls it" in reasons(build_world(), "campaign-2025")[LETTER]


def test_what_answers_an_event_stands_beside_it_both_ways() -> None:
    answered = with_event(build_world(), UMBRA, answers=(Answer("kestrel", "denial", "c-letter-3"),))
    assert reasons(answered, UMBRA)[LETTER][0] == "holds an answer to this event"
    assert reasons(answered, LETTER)[UMBRA][0] == "words of this event are an answer to it"


def test_the_neighbours_in_a_dispute_stand_beside_an_event() -> None:
    world = in_dispute(build_world())
    (dispute,) = world.reconciled.disputes
    both = replace(dispute, event_ids=("oma-memo-2025", LETTER))
    told = replace(world, reconciled=replace(world.reconciled, disputes=(both,)))
    assert f"of the dispute {isolate('Northwind Labs v. Kestrel AI')}" in reasons(told, LETTER)["oma-memo-2025"]


def test_an_event_is_never_its_own_relative_and_they_are_few() -> None:
    world = build_world()
    model = world.reconciled.events[0]
    events = tuple(replace(model, id=f"made-{number}", answers=(), recalled_in=()) for number in range(40))
    crowd = replace(world, reconciled=replace(world.reconciled, events=events, redirects=()))
    found = reasons(crowd, "made-0")
    assert len(found) == MOST_RELATED and "made-0" not in found


def test_related_events_stand_on_the_page_and_in_its_json(pages: dict[str, bytes]) -> None:
    assert b"Related events" in pages[f"events/{LETTER}.html"]
    told = json.loads(pages[f"events/{LETTER}.json"])
    assert {item["id"] for item in told["related"]} >= {UMBRA, "campaign-2025"}
    assert all(item["why"] and item["path"] in pages for item in told["related"])
    recalling = next(item for item in told["related"] if item["id"] == "campaign-2025")
    assert recalling["why"][0]["path"] == "documents/doc-fix.html#c-fix-2"
    assert b"documents/doc-fix.html#c-fix-2" in pages[f"events/{LETTER}.html"]


def test_the_json_of_an_event_has_all_that_its_page_shows(pages: dict[str, bytes]) -> None:
    told = json.loads(pages[f"events/{LETTER}.json"])
    assert told["citation"]["link"] == f"events/{LETTER}.html"
    assert told["first_known_at"] and told["changed_at"] and told["also_said"] == []
    assert check_site(pages, build_world()) == []


def test_an_event_is_cited_in_the_formats_of_reference_managers() -> None:
    event: Event = replace(build_world().reconciled.events[0], title='A "quoted" \n title, 100%')
    citation = cite(event, "Site & more", "https://tracker.example/", datetime(2026, 3, 1, tzinfo=UTC))
    lines = citation.ris.split("\n")
    assert lines[0] == "TY  - ELEC" and lines[-1] == "ER  - " and all(line[2:6] == "  - " for line in lines)
    assert 'TI  - A "quoted" title, 100%' in lines and "DA  - 2026/03/01" in lines
    (item,) = json.loads(citation.csl)
    assert item["URL"] == f"https://tracker.example/events/{LETTER}.html"
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert r"100\%" in citation.bibtex


def test_a_citation_without_a_day_says_none() -> None:
    citation = cite(build_world().reconciled.events[0], "Site", "", None)
    assert "PY  -" not in citation.ris and "issued" not in citation.csl


def test_every_quote_leads_to_its_passage_and_to_the_original(pages: dict[str, bytes]) -> None:
    from bs4 import BeautifulSoup

    quotes = 0
    for path, body in pages.items():
        if not path.endswith(".html") or path.startswith("documents/"):
            continue
        for quote in BeautifulSoup(body, "html.parser").select("blockquote[data-claim]"):
            quotes += 1
            foot = quote.find_next_sibling("p")
            assert foot is not None, path
            links = [str(link["href"]) for link in foot.select("a")]
            assert any("documents/" in link and link.endswith(f"#{quote['data-claim']}") for link in links), path
            # the memo was handed in as a file, and the first text of the corrected story is gone from its page
            if quote["data-claim"] not in ("c-memo-1", "c-memo-2", "c-fix-1"):
                assert any("#:~:text=" in link for link in links), (path, quote["data-claim"])
    assert quotes > 10


def test_the_site_of_a_world_with_disputes_links_every_quote() -> None:
    world = in_dispute(build_world())
    test_every_quote_leads_to_its_passage_and_to_the_original(render_site(world, Site()))
