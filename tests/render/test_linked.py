"""What an event's page says to others: its citation, and its linked data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from tests.render.conftest import build_world
from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.citation import cite
from tracker.types import Dataset, Event

HERE = Site(base_url="https://tracker.example/site")


def graph_of(page: bytes) -> list[dict[str, object]]:
    tag = BeautifulSoup(page, "html.parser").find("script", type="application/ld+json")
    assert tag is not None
    return json.loads(tag.get_text())["@graph"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def world() -> Dataset:
    return build_world()


def the_letter(world: Dataset) -> Event:
    return next(event for event in world.reconciled.events if "c-letter-1" in event.claim_ids)


def test_linked_data_has_the_claims_words_and_speakers(world: Dataset) -> None:
    event = the_letter(world)
    graph = graph_of(render_site(world, HERE)[f"events/{event.id}.html"])
    claims = {item["text"]: item for item in graph if item["@type"] == "Claim"}
    records = {record.id: record for record in world.reconciled.claims}
    assert {records[key].claim.text for key in event.claim_ids} == set(claims)
    said = claims[records["c-letter-1"].claim.text]
    assert said["author"] == {
        "@type": "Organization",
        "name": "Northwind Labs",
        "url": "https://tracker.example/site/entities/northwind.html",
        "sameAs": "http://www.wikidata.org/entity/Q1",
    }
    assert not [item for item in graph if item["@type"] == "ClaimReview"]


def test_no_word_of_a_page_ends_the_script(world: Dataset) -> None:
    event = replace(the_letter(world), title="</script><script>alert(1)</script> & <!-- more")
    dataset = replace(world, reconciled=replace(world.reconciled, events=(event,)))
    pages = render_site(dataset, HERE)
    page = pages[f"events/{event.id}.html"]
    assert page.count(b"<script") == 1 and b"alert(1)" in page
    assert graph_of(page)[0]["name"] == event.title
    assert check_site(pages, dataset) == []


def test_a_citation_names_the_day_of_what_was_known(world: Dataset) -> None:
    event = replace(the_letter(world), title="100% of A_B & {C}")
    made = cite(event, "The tracker", "https://tracker.example/", datetime(2026, 3, 9, tzinfo=UTC))
    assert made.link == f"https://tracker.example/events/{event.id}.html"
    assert made.text.startswith("“100% of A_B & {C}” (") and "as known on 9 March 2026" in made.text
    assert r"title = {{100\% of A\_B \& \{C\}}}," in made.bibtex
    assert "year = {2026}," in made.bibtex and made.bibtex.endswith("}\n}")
    assert made.bibtex.count("{") - made.bibtex.count("\\{") == made.bibtex.count("}") - made.bibtex.count("\\}")


def test_without_an_address_the_path_is_cited(world: Dataset) -> None:
    event = the_letter(world)
    assert cite(event, "The tracker", "", None).link == f"events/{event.id}.html"


def test_the_page_shows_its_citation(world: Dataset) -> None:
    event = the_letter(world)
    page = BeautifulSoup(render_site(world, HERE)[f"events/{event.id}.html"], "html.parser")
    section = page.select_one(".cite-this")
    assert section is not None and f"https://tracker.example/site/events/{event.id}.html" in section.get_text()
    assert page.find("meta", property="og:url")["content"] == f"https://tracker.example/site/events/{event.id}.html"  # type: ignore[index]


def test_a_documents_page_cites_the_article_and_holds_its_claims(world: Dataset) -> None:
    pages = render_site(world, HERE)
    page, article, *claims = graph_of(pages["documents/doc-letter.html"])
    assert page["citation"] == {"@id": article["@id"]} and article["@type"] == "NewsArticle"
    assert article["url"] == "https://courier.example/doc-letter" and article["author"] == {
        "@type": "Person",
        "name": "Jo Example",
    }
    assert {item["text"] for item in claims} == {
        record.claim.text for record in world.reconciled.claims if record.document_id == "doc-letter"
    }
    assert page["about"] == [{"@id": "https://tracker.example/site/events/northwind-letter-2026-02.html#event"}]


def test_a_government_document_is_no_news_and_one_without_an_address_names_none(world: Dataset) -> None:
    article = graph_of(render_site(world, HERE)["documents/memo-1.html"])[1]
    assert article["@type"] == "CreativeWork" and "url" not in article


def test_laws_companies_and_people_are_called_what_they_are(world: Dataset) -> None:
    pages = render_site(world, HERE)
    for entity in world.reconciled.entities:
        (value,) = graph_of(pages[f"entities/{entity.id}.html"])
        assert (
            value["name"] == entity.name and value["url"] == f"https://tracker.example/site/entities/{entity.id}.html"
        )
        expected = {
            "law": "Legislation",
            "person": "Person",
            "model": "SoftwareApplication",
            "government": "GovernmentOrganization",
        }
        assert value["@type"] == expected.get(entity.type, "Organization")
    assert "alleg" not in json.dumps(graph_of(pages["entities/kestrel.html"])).replace("northwind-letter", ""), (
        "nothing is said of it"
    )


def test_a_dispute_is_the_collection_of_its_events() -> None:
    world = with_disputes(ACCUSED, PERSONAL)
    pages = render_site(world, HERE)
    for dispute in world.reconciled.disputes:
        (value,) = graph_of(pages[f"disputes/{dispute.id}.html"])
        named = [
            item["@id"].partition("#")[0].removeprefix("https://tracker.example/site/") for item in value["hasPart"]
        ]  # type: ignore[attr-defined]
        assert named == [f"events/{key}.html" for key in dispute.event_ids[::-1]] and set(named) <= pages.keys()
        assert value["dateModified"] == dispute.changed_on.isoformat()


def test_the_downloads_are_a_dataset_with_its_files_and_licence(world: Dataset) -> None:
    pages = render_site(world, HERE)
    (value,) = graph_of(pages["downloads.html"])
    assert value["@type"] == "Dataset" and value["license"] == HERE.licence_url
    paths = [item["contentUrl"].removeprefix("https://tracker.example/site/") for item in value["distribution"]]  # type: ignore[attr-defined]
    assert len(paths) > 20 and set(paths) <= pages.keys()


def test_no_page_reviews_a_claim_and_no_words_leave_their_script(world: Dataset) -> None:
    hostile = "</script><script>alert(1)</script>"
    entities = tuple(replace(entity, aliases=(hostile,)) for entity in world.reconciled.entities)
    documents = tuple(
        replace(item, versions=tuple(replace(v, byline=hostile) for v in item.versions)) for item in world.documents
    )
    made = replace(world, documents=documents, reconciled=replace(world.reconciled, entities=entities))
    for path, body in render_site(made, HERE).items():
        if path.endswith(".html"):
            assert b"ClaimReview" not in body and b"<script>alert" not in body, path
            if b"ld+json" in body:
                assert graph_of(body)
