"""Who was told of a charge in STIX hears of it again once people corrected or withdrew it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stix2

from tests.pipeline.test_editing import NOW, Newsroom, store
from tracker.config import Site
from tracker.curation import append_edit, load_curation
from tracker.nlp.extractor import RuleExtractor
from tracker.render.catalogue import build_catalogue
from tracker.render.exchange.stix import render_stix
from tracker.render.views import Views
from tracker.store import SqlStore
from tracker.types import Act, Correction, Curation

__all__ = ["store"]
Objects = dict[str, dict[str, Any]]


class Days(Newsroom):
    """A newsroom in which each decision is a day after the one before."""

    day = 0

    @property
    def curation(self) -> Curation:
        return load_curation(self.folder, NOW + timedelta(days=self.day))

    def decide(self, act: Act) -> str:
        self.day += 1
        edit = self.desk.make_edit(act, "Ana Lyst", "its words say so", NOW + timedelta(days=self.day))
        append_edit(self.folder, edit)
        return edit.id


@pytest.fixture
def room(store: SqlStore, extractor: RuleExtractor, tmp_path: Path) -> Days:
    return Days(store, extractor, tmp_path)


def objects_of(room: Newsroom) -> Objects:
    body = render_stix(Views(build_catalogue(room.dataset), Site(base_url="https://tracker.example")))
    parsed = stix2.parse(body.decode(), allow_custom=False, version="2.1")
    objects = json.loads(body)["objects"]
    assert len({item["id"] for item in objects}) == len(objects) == len(parsed.objects)
    return {item["id"]: item for item in objects if "modified" in item}


def decide(room: Newsroom, act: Act) -> tuple[Objects, Objects]:
    """The objects before and after a decision; whatever changed has a later instant, and what went is revoked."""
    before = objects_of(room)
    room.decide(act)
    room.reconcile()
    after = objects_of(room)
    check(before, after)
    return before, after


def check(before: Objects, after: Objects) -> None:
    for key, old in before.items():
        if key not in after:
            assert old["type"] == "identity", old
            continue
        new = after[key]
        assert new["modified"] >= old["modified"] and new["created"] == old["created"], new
        assert new == old or new["modified"] > old["modified"] or old["type"] == "identity", (old, new)
        if new.get("revoked"):
            assert new["modified"] > old["modified"]


def revoked(objects: Objects) -> set[str]:
    return {item["type"] for item in objects.values() if item.get("revoked")}


def told(objects: Objects, type_: str) -> set[str]:
    return {key for key, item in objects.items() if item["type"] == type_ and not item.get("revoked")}


def test_a_hidden_event_takes_its_notes_and_charges_with_it(room: Days) -> None:
    before, after = decide(room, room.desk.hide(room.event_of("t-1")))
    assert revoked(after) == {"note", "relationship", "report"}
    for kind in ("note", "relationship", "report"):
        gone = [
            key
            for key in told(before, kind) - told(after, kind)
            if "accuses" in str(before[key]) or kind != "relationship"
        ]
        assert gone and all(after[key]["revoked"] for key in gone)
    assert "fake accounts" not in str([item for item in after.values() if item.get("revoked")])


def test_a_claim_that_is_hidden_and_shown_again_is_later_each_time(room: Days) -> None:
    first, hidden = decide(room, room.desk.hide(room.claim_of("t-2")))
    assert revoked(hidden) == {"note", "relationship", "report"}, "the event had no other claim"
    room.decide(room.desk.undo(room.desk.judged()[-1].edit.id))
    room.reconcile()
    shown = objects_of(room)
    check({key: item for key, item in hidden.items() if key in first}, shown)  # the denial stood alone meanwhile
    assert revoked(shown) == set() and shown.keys() >= first.keys()


def test_a_corrected_charge_revokes_the_one_before_and_again_when_that_is_taken_back(room: Days) -> None:
    act = Correction(room.desk.claim(room.claim_of("t-1")), ("accused",), accused=("moonshot-ai",))
    before, corrected = decide(room, act)
    (old,) = (key for key in told(before, "relationship") if key in corrected and corrected[key].get("revoked"))
    _, back = decide(room, room.desk.undo(room.desk.judged()[-1].edit.id))
    assert not back[old].get("revoked")
    assert [item["type"] for item in back.values() if item.get("revoked")] == ["relationship"]


def test_a_title_of_a_person_and_two_parties_made_one_are_told_later(room: Days) -> None:
    decide(room, room.desk.title(room.event_of("t-1"), "Another title"))
    _, merged = decide(room, room.desk.merge("moonshot-ai", "deepseek"))
    assert "relationship" in revoked(merged)


def test_two_events_made_one_leave_a_revoked_report(room: Days) -> None:
    _, after = decide(room, room.desk.merge(room.event_of("t-2"), room.event_of("t-1")))
    assert revoked(after) == {"report"}
