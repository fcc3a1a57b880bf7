"""Laws, bills and orders: the stages that words show, and those that they do not."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from tests.render.conftest import build_world, document, record, version
from tests.render.test_pages import text_of
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.database import DATABASE_PATH
from tracker.render.laws import stages_in, stages_of
from tracker.types import Claim, ClaimRecord, Dataset, Event, Extraction, Mention

ACT = "fair-copy-act"
PAGE = f"entities/{ACT}.html"


def claim(words: str, type: str = "legislation") -> ClaimRecord:
    return ClaimRecord("c", "d", "v", "v", True, Claim(type, 0, len(words), words, None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        ("Deputy Vale introduced the Fair Copy Act on Monday.", ["introduced"]),
        ("The Harbour Affairs Committee approved the Fair Copy Act by 12 votes to 3.", ["committee"]),
        ("The committee passed the Fair Copy Act.", ["committee"]),
        ("The House China committee approved the Fair Copy Act.", ["committee"]),
        ("The Senate passed the Fair Copy Act.", ["passed"]),
        ("The governor signed the Fair Copy Act into law.", ["signed"]),
        ("The Fair Copy Act took effect on 1 May.", ["effective"]),
        ("Deputies voted down the Fair Copy Act.", ["rejected"]),
        ("The Fair Copy Act went to the Harbour Affairs Committee.", ["referred"]),
        ("委员会周三通过了该法案。", ["committee"]),
        # what has not happened is no stage
        ("Deputy Vale plans to see the Fair Copy Act introduced in May.", []),
        ("The Senate has not passed the Fair Copy Act.", []),
        ("The Fair Copy Act would be signed into law by the governor.", []),
        ("If the Senate passed the Fair Copy Act, firms would leave.", []),
        ("The bill awaits a vote by the whole chamber.", []),
        # what happened to an amendment did not happen to the law
        ("Deputy Vale introduced an amendment to the Fair Copy Act.", []),
    ],
)
def test_a_stage_is_read_only_from_words_that_say_it_was_reached(words: str, stages: list[str]) -> None:
    assert stages_in(claim(words)) == stages


def test_only_public_acts_show_stages() -> None:
    assert stages_in(claim("Kestrel AI backed the committee that approved the act.", "statement")) == []
    assert stages_in(claim("The office issued the memo on Thursday.", "government_action")) == ["issued"]
    assert stages_in(claim("The office issued the memo on Thursday.")) == []


TEXT = (
    "Deputy Vale introduced the Fair Copy Act on 3 March 2026. The Harbour Affairs Committee approved it by 12 votes. "
    "The Fair Copy Act and the Old Copy Act were both discussed when the Senate passed a budget."
)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The small world and a page that tells two stages of a bill, and one event that may be of either of two laws."""
    world = build_world()
    page = version("doc-bill", 1, TEXT, "The bill so far")
    mentions = tuple(
        Mention(at, at + len(name), name, key, name, "law")
        for name, key in (("Fair Copy Act", ACT), ("Old Copy Act", "old-copy-act"))
        for at in [i for i in range(len(TEXT)) if TEXT.startswith(name, i)]
    )
    sentences = [
        TEXT[: TEXT.index(" The Harbour")],
        "The Harbour Affairs Committee approved it by 12 votes.",
        TEXT[TEXT.index("The Fair Copy Act and") :],
    ]
    claims = tuple(record(f"c-bill-{n}", page, words, "legislation", "oma") for n, words in enumerate(sentences))
    days = [(date(2026, 3, 3), "stated"), (date(2026, 3, 20), "publication"), (date(2026, 4, 2), "stated")]
    events = [
        Event(f"bill-{n}", "legislation", f"Step {n}", on, on, basis, ("oma",), (f"c-bill-{n}",), (), ("doc-bill",))  # type: ignore[arg-type]
        for n, (on, basis) in enumerate(days)
    ]
    naming = replace(events[1], claim_ids=("c-bill-1", "c-again"))
    again = record("c-again", page, sentences[0], "legislation", "kestrel")
    held = document(
        "doc-bill", "Harbour Courier", "courier", page, extractions=(Extraction(page.id, "relevant", mentions),)
    )
    reconciled = replace(
        world.reconciled,
        events=(*world.reconciled.events, events[0], naming, events[2]),
        claims=(*world.reconciled.claims, *claims, again),
    )
    sources = (replace(world.sources[0], documents=4, relevant=3), *world.sources[1:])
    return replace(world, documents=(*world.documents, held), reconciled=reconciled, sources=sources)


@pytest.fixture(scope="module")
def built(dataset: Dataset) -> dict[str, bytes]:
    return render_site(dataset, Site())


def test_a_law_has_its_stages_by_date_with_words(built: dict[str, bytes], dataset: Dataset) -> None:
    text = text_of(built[PAGE])
    start = text.index("Stages 3")
    assert "Introduced 3 March 2026 Event: Step 0 Deputy Vale introduced the Fair Copy Act" in text[start:]
    assert "20 March 2026 day of publication: the text gives no date" in text[start:]
    assert check_site(built, dataset) == []


def test_a_laws_json_has_its_stages_and_events(built: dict[str, bytes]) -> None:
    value = json.loads(built[f"entities/{ACT}.json"])
    assert value["stages"][0] == {"stage": "introduced", "event": "bill-0", "claims": ["c-bill-0"]}
    assert [event["id"] for event in value["events"]] == ["bill-2", "bill-1", "bill-0"]


def test_words_that_name_two_laws_show_a_stage_of_neither(dataset: Dataset) -> None:
    stages = stages_of(build_catalogue(dataset), ACT)
    assert [stage.event.id for stage in stages] == ["bill-0", "bill-1", "bill-2"]
    assert stages[2].stage is None
    assert [stage.stage for stage in stages_of(build_catalogue(dataset), "old-copy-act")] == [None]


def test_a_law_says_who_says_what_about_it_and_has_its_timeline(built: dict[str, bytes]) -> None:
    text = text_of(built[PAGE])
    assert "Who says what about it 3" in text
    assert "Speaker or actor Claims Documents" in text
    assert "Timeline 3" in text
    assert "the tracker reads what documents say about it" in text


def test_the_published_database_has_the_stages_with_their_claims(built: dict[str, bytes], dataset: Dataset) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(built[DATABASE_PATH])
        rows = connection.execute(
            "SELECT law_name, position, stage, event_id, from_on, claims FROM law_stages WHERE law_id = ? ORDER BY position",
            (ACT,),
        ).fetchall()
    found = stages_of(build_catalogue(dataset), ACT)
    assert rows[0] == ("Fair Copy Act", 0, "introduced", "bill-0", "2026-03-03", '["c-bill-0"]')
    assert [(row[2], row[3], json.loads(row[5])) for row in rows] == [
        (item.stage, item.event.id, [record.id for record in item.evidence]) for item in found
    ]
    assert rows[-1][2] is None  # words that name two laws show a stage of neither


def test_the_list_of_laws_has_the_last_stage_of_each(built: dict[str, bytes]) -> None:
    text = text_of(built["laws/index.html"])
    assert "Fair Copy Act backed by a committee 20 March 2026 3 3 1" in text
    assert b'href="../entities/fair-copy-act.html#h-stages"' in built["laws/index.html"]


def test_without_laws_the_list_says_so() -> None:
    world = build_world()
    none = replace(
        world,
        reconciled=replace(world.reconciled, entities=tuple(e for e in world.reconciled.entities if e.type != "law")),
    )
    assert "No document read so far names a law" in text_of(render_site(none, Site())["laws/index.html"])
