"""What people decided moves the stamps of what it touches, and what they hid is told as withdrawn."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.render.conftest import build_world
from tests.render.test_database import made, opened
from tests.render.test_disputes import ACCUSED, with_disputes
from tracker.config import Site
from tracker.render import render_site
from tracker.types import (
    Act,
    Anchor,
    Answer,
    Confirmation,
    Correction,
    Dataset,
    Edit,
    EditState,
    Hiding,
    Judged,
    TitleEdit,
    Undoing,
)

LATER = datetime(2026, 3, 9, 12, tzinfo=UTC)
LETTER = "northwind-letter-2026-02"
CHARGE = Anchor("doc-letter", "…", "allegation", "northwind", ("kestrel",), "c-letter-1")


def judged(act: Act, at: datetime = LATER, state: EditState = "applied", id: str = "e-1", **found: object) -> Judged:
    return Judged(Edit(id, act, "Ana Lyst", at, "it says otherwise"), state, **found)  # type: ignore[arg-type]


def edited(*edits: Judged, world: Dataset | None = None) -> sqlite3.Connection:
    return opened(made(replace(world or with_disputes(ACCUSED), edits=edits)))


def stamps(database: sqlite3.Connection, column: str, table: str) -> dict[str, str]:
    return dict(database.execute(f"SELECT id, {column} FROM {table}"))


@pytest.mark.parametrize(
    "act", [Correction(CHARGE, ("status",), status="denied"), Confirmation(CHARGE)], ids=["corrected", "confirmed"]
)
def test_a_corrected_or_confirmed_claim_moves_itself_its_event_figures_and_dispute(act: Act) -> None:
    database = edited(judged(act, claim_ids=("c-letter-1",), event_ids=(LETTER,)))
    at = "2026-03-09T12:00:00Z"
    claims = stamps(database, "updated_at", "claims")
    assert {key for key, value in claims.items() if value == at} == {"c-letter-1"}
    events = stamps(database, "changed_at", "events")
    assert {key for key, value in events.items() if value == at} == {LETTER}
    assert stamps(database, "updated_at", "disputes")[ACCUSED.id] == at
    assert at in stamps(database, "updated_at", "figures").values()
    assert database.execute("SELECT count(*) FROM withdrawn").fetchone() == (0,)


def test_a_new_title_moves_the_event_alone_and_not_its_claims() -> None:
    database = edited(judged(TitleEdit((), "Another title"), event_ids=(LETTER,)))
    assert stamps(database, "changed_at", "events")[LETTER] == "2026-03-09T12:00:00Z"
    assert "2026-03-09T12:00:00Z" not in stamps(database, "updated_at", "claims").values()


def test_a_hidden_claim_is_told_and_moves_what_its_page_tells_and_the_disputes_of_the_accused() -> None:
    world = with_disputes(ACCUSED)
    gone = replace(CHARGE, claim_id="c-gone")
    database = edited(judged(Hiding("claim", (gone,)), claim_ids=("c-gone",)), world=world)
    assert database.execute("SELECT * FROM withdrawn").fetchall() == [
        ("claim", "c-gone", "2026-03-09T12:00:00Z", "e-1")
    ]
    assert stamps(database, "changed_at", "events")[LETTER] == "2026-03-09T12:00:00Z"
    assert stamps(database, "updated_at", "disputes")[ACCUSED.id] == "2026-03-09T12:00:00Z"


def test_a_hidden_event_is_told_with_its_claims() -> None:
    gone = replace(CHARGE, claim_id="c-gone")
    database = edited(judged(Hiding("event", (gone,), ("old-id",)), event_ids=("hidden-event",), claim_ids=("c-gone",)))
    told = database.execute("SELECT kind, id FROM withdrawn").fetchall()
    assert told == [("claim", "c-gone"), ("event", "hidden-event"), ("event", "old-id")]


def test_what_is_taken_back_moves_again_and_is_not_withdrawn() -> None:
    hiding = judged(Hiding("claim", (CHARGE,)), state="undone", claim_ids=("c-letter-1",))
    back = judged(Undoing("e-1"), LATER + timedelta(days=1), id="e-2")
    database = edited(hiding, back)
    assert database.execute("SELECT count(*) FROM withdrawn").fetchone() == (0,)
    assert stamps(database, "updated_at", "claims")["c-letter-1"] == "2026-03-10T12:00:00Z"


@pytest.mark.parametrize("state", ["refused", "pending"])
def test_what_did_not_take_effect_moves_nothing(state: EditState) -> None:
    edits = judged(Hiding("claim", (CHARGE,)), state=state, claim_ids=("c-letter-1",))
    assert b"2026-03-09T12" not in made(replace(with_disputes(ACCUSED), edits=(edits,)))


def test_no_answer_found_stands_in_the_disputes_of_its_event() -> None:
    silent = next(e for e in build_world().reconciled.events if Answer("umbra", "none_found", None) in e.answers)
    database = opened(made(with_disputes(replace(ACCUSED, accused=("kestrel", "umbra"), event_ids=(silent.id,)))))
    query = "SELECT id, disputes FROM answers WHERE kind = 'none_found' AND party = 'umbra' AND event_id = ?"
    ((answer, disputes),) = database.execute(query, (silent.id,)).fetchall()
    assert json.loads(disputes) == [ACCUSED.id]
    held = database.execute("SELECT dispute_id FROM _dispute_answers WHERE answer_id = ?", (answer,)).fetchall()
    assert held == [(ACCUSED.id,)]


def test_who_answered_elsewhere_in_a_dispute_is_not_silent_in_it() -> None:
    world = build_world()
    events = tuple(
        replace(event, answers=(Answer("kestrel", "none_found", None),)) for event in world.reconciled.events
    )
    dispute = replace(ACCUSED, event_ids=tuple(event.id for event in events))
    world = replace(world, reconciled=replace(world.reconciled, events=events, disputes=(dispute,)))
    rows = opened(made(world)).execute("SELECT disputes FROM answers WHERE kind = 'none_found'").fetchall()
    assert rows and {disputes for (disputes,) in rows} == {"[]"}


def rendered(*edits: Judged) -> dict[str, bytes]:
    return render_site(replace(with_disputes(ACCUSED), edits=edits), Site(base_url="https://tracker.example"))  # type: ignore[arg-type]


def changed_paths(*edits: Judged) -> set[str]:
    """The pages of which the sitemap says that they changed when people decided."""
    found = re.findall(rb"<loc>https://tracker.example/([^<]+)</loc><lastmod>([^<]+)<", rendered(*edits)["sitemap.xml"])
    assert len(found) > 10
    return {path.decode() for path, at in found if at == LATER.isoformat().encode()}


def test_feeds_and_the_page_s_json_say_when_people_decided() -> None:
    edit = judged(Correction(CHARGE, ("status",), status="denied"), claim_ids=("c-letter-1",), event_ids=(LETTER,))
    site, before = rendered(edit), rendered()
    for path in ("feeds/index.json", "feeds/entities/kestrel.json", f"feeds/disputes/{ACCUSED.id}.json"):
        items = {item["url"].rpartition("/")[2]: item for item in json.loads(site[path])["items"]}
        moved = {url for url, item in items.items() if item["date_modified"] == LATER.isoformat()}
        assert moved == {f"{LETTER}.html"}
        assert next(iter(items)) == f"{LETTER}.html", "what changed last comes first"
        assert items[f"{LETTER}.html"]["date_published"] < LATER.isoformat()
    assert site["feeds/index.xml"].count(f"<updated>{LATER.isoformat()}".encode()) == 2  # the entry's and the feed's
    told = json.loads(site[f"events/{LETTER}.json"])
    assert datetime.fromisoformat(told["changed_at"]) == LATER
    assert "as known on 9 March 2026" in told["citation"]["text"]
    assert b"last change" in site[f"events/{LETTER}.html"] and b"last change" not in before[f"events/{LETTER}.html"]


@pytest.mark.parametrize(
    "edit",
    [
        judged(Correction(CHARGE, ("status",), status="denied"), claim_ids=("c-letter-1",), event_ids=(LETTER,)),
        judged(Hiding("claim", (replace(CHARGE, claim_id="c-gone"),)), claim_ids=("c-gone",)),
    ],
    ids=["corrected", "hidden"],
)
def test_the_sitemap_says_when_people_decided_about_what_a_page_shows(edit: Judged) -> None:
    changed = changed_paths(edit)
    assert {f"events/{LETTER}.html", "documents/doc-letter.html", f"disputes/{ACCUSED.id}.html"} <= changed
    assert "entities/kestrel.html" in changed
    assert not {"documents/doc-fix.html", "documents/doc-zh.html"} & changed
    assert changed_paths() == set()


def test_without_an_effect_no_page_says_that_it_changed() -> None:
    refused = judged(Correction(CHARGE, ("status",), status="denied"), state="refused", claim_ids=("c-letter-1",))
    assert changed_paths(refused) == set()
    assert rendered(refused)["feeds/index.json"] == rendered()["feeds/index.json"]
