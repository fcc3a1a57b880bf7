"""On whose word: titles and summaries link to their claims, chains are shown, and sources counted, on every page."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace

import pytest

from tests.reconcile.builders import GAZETTEER, Page, Said, about, charge, document, over
from tracker.config import Site
from tracker.reconcile import reconcile
from tracker.render import check_site, render_site
from tracker.render.exports import export_records, render_records
from tracker.types import Dataset, Entity, Event, Reconciled, StoredDocument

ENTITIES = (*GAZETTEER, Entity("harbor-wire", "Harbor <Wire>", "publisher"))
LETTER = charge("Lumen said in a letter that Garnet had distilled Prism.", figures=(over("accounts", 24_000),))
NAMING = charge(
    "Garnet distilled Prism, Lumen said, by Harbor Wire.", via=("harbor-wire",), figures=(about("accounts", 90_000),)
)
SPOKEN = charge("Garnet distilled Prism, she said.", speaker="ada-reyes", speaks_for="lumen")
SILENT = Said("no_response", "Garnet did not respond.", "garnet", ("garnet",))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """One happening: the speaker's page, two that cite its letter, two that cite an outlet, two on their own."""
    made = [
        document("own", Page("2026-03-02", [charge()]), publisher="Lumen Labs"),
        document("letter-1", Page("2026-03-02", [LETTER, SILENT], title="<b>A letter</b>"), publisher="Post & Sons"),
        document("letter-2", Page("2026-03-03", [LETTER]), publisher="Evening Post"),
        document("wire-1", Page("2026-03-02", [NAMING]), publisher="First Gazette"),
        document("wire-2", Page("2026-03-03", [NAMING]), publisher="Second Gazette"),
        document("alone-1", Page("2026-03-02", [SPOKEN]), publisher="Third Gazette"),
    ]
    gone = (Page("2026-03-02", [charge(), Said("statement", "It is old.", "lumen")]), Page("2026-03-02", [charge()]))
    made.append(document("alone-2", *gone, publisher="Fourth Gazette"))
    made = [as_written(item) for item in made]
    return Dataset(tuple(made), reconcile(made, ENTITIES, Reconciled()))


def as_written(item: StoredDocument) -> StoredDocument:
    """The document with figures whose words are those of their place, as the site's gates demand."""
    extractions = tuple(
        replace(found, quantities=tuple(replace(q, text=version.text[q.start : q.end]) for q in found.quantities))
        for version, found in zip(item.versions, item.extractions, strict=True)
    )
    return replace(item, extractions=extractions)


@pytest.fixture(scope="module")
def event(dataset: Dataset) -> Event:
    (event,) = dataset.reconciled.events
    return event


@pytest.fixture(scope="module")
def page(dataset: Dataset, event: Event) -> str:
    pages = render_site(dataset, Site())
    assert check_site(pages, dataset) == []
    row = words_of(pages["index.html"].decode())
    assert "4 independent sources" in row and "7 documents" in row
    return pages[f"events/{event.id}.html"].decode()


def words_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def part_of(page: str, start: str, end: str) -> str:
    return page[page.index(start) : page.index(end, page.index(start))]


def test_each_part_of_the_title_and_summary_leads_to_a_claim_on_the_page(page: str, event: Event) -> None:
    title, summary = part_of(page, "<h1>", "</h1>"), part_of(page, '<p class="summary">', "</p>")
    assert words_of(title) == event.title
    assert words_of(summary) == "".join(part.text for part in event.summary)
    links = re.findall(r'href="([^"]+)"', title + summary)
    assert len(links) == sum(bool(part.claim_ids) for part in (*event.title_parts, *event.summary))
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert all(link.removeprefix("#") in anchors or link.startswith("../documents/") for link in links)
    assert {link[0] for link in links} == {"#", "."}, "the answer is no claim of the event, and leads to its document"


def test_the_sources_are_grouped_with_the_reason(page: str) -> None:
    section = words_of(part_of(page, '<section aria-labelledby="h-sources">', "</section>"))
    assert "Independent sources 4 of 7 documents" in section
    assert (
        "the speaker’s own page: Lumen Labs speaks on its own page. 2 documents take it from what Lumen Labs" in section
    )
    assert "on the word of another: 2 documents name Harbor <Wire> as their source." in section
    assert section.count("Its words name no other outlet") == 2
    assert "Post & Sons" in section and "<b>A letter</b>" in section


def test_what_is_said_alike_stands_with_its_numbers(page: str) -> None:
    table = words_of(part_of(page, '<h3 id="h-assertions">', "</table>").replace("</td>", " ").replace("</th>", " "))
    assert "Allegation Lumen Labs Garnet AI the charge 7 4" in table
    assert "Allegation Lumen Labs Garnet AI over 24,000 accounts 2 1" in table
    assert "Allegation Lumen Labs Garnet AI about 90,000 accounts 2 1" in table


def test_the_chain_of_a_claim_stands_beside_it(page: str) -> None:
    chains = [words_of(item) for item in re.findall(r"<dt>Chain</dt><dd>(.*?)</dd>", page)]
    first = " ←, who has it from "
    assert f"First Gazette{first}citing Harbor <Wire>{first}Lumen Labs" in chains
    assert f"Post & Sons{first}letter{first}Lumen Labs" in chains
    assert f"Third Gazette{first}spoken by Ada Reyes{first}Lumen Labs" in chains
    assert not any("Fourth" in chain for chain in chains), "outlet and speaker alone are shown anyway"


def test_exports_have_parts_chains_and_sources(dataset: Dataset, event: Event) -> None:
    (record,) = export_records(dataset, "events")
    assert (record["document_count"], record["independent_sources"]) == (7, 4)
    assert "".join(part["text"] for part in record["title_parts"]) == record["title"] == event.title
    assert sorted(key for group in record["sources"] for key in group["documents"]) == sorted(event.document_ids)
    claims = {claim["id"]: claim for claim in export_records(dataset, "claims")}
    assert all(bool(claim["chain"]) == bool(claim["events"]) for claim in claims.values())
    naming = next(claim for claim in claims.values() if claim["via"])
    assert [step["role"] for step in naming["chain"]] == ["outlet", "relay", "claimant"]
    assert {(told["document_count"], told["independent_sources"]) for told in naming["assertions"]} == {(7, 4), (2, 1)}
    rows = list(csv.DictReader(io.StringIO(render_records(export_records(dataset, "assertions"), "csv"))))
    assert len(rows) == len(event.assertions) and all(row["event"] == event.id for row in rows)
    assert json.loads(rows[0]["accused"]) == ["garnet"]


def test_the_data_of_an_event_has_them_too(dataset: Dataset, event: Event) -> None:
    pages = render_site(dataset, Site())
    value = json.loads(pages[f"events/{event.id}.json"])
    assert value["independent_sources"] == len(value["sources"]) == 4
    assert len(value["chains"]) == len(value["claims"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sources": ()}, None),
        ({"title": "Somebody else did it"}, "the parts of its title do not make its title"),
        ({"document_ids": ("own",)}, "its sources do not hold each of its documents once"),
    ],
)
def test_a_count_that_does_not_hold_is_caught(
    dataset: Dataset, event: Event, change: dict[str, object], message: str | None
) -> None:
    spoilt = replace(dataset, reconciled=replace(dataset.reconciled, events=(replace(event, **change),)))  # type: ignore[arg-type]
    problems = check_site(render_site(spoilt, Site()), spoilt)
    assert any(message in problem for problem in problems) if message else problems == []


def test_an_overlong_title_and_five_hundred_sources_are_shown(dataset: Dataset, event: Event) -> None:
    long = "Very " * 2000
    group = replace(event.sources[0], documents=("own",), why="Because. " * 500)
    many = replace(event, title=long, title_parts=(replace(event.title_parts[0], text=long),), sources=(group,) * 500)
    spoilt = replace(dataset, reconciled=replace(dataset.reconciled, events=(many,)))
    shown = render_site(spoilt, Site())[f"events/{event.id}.html"].decode()
    assert len(words_of(part_of(shown, "<h1>", "</h1>"))) <= 200
    assert "500 independent sources" in words_of(shown)
