"""FollowTheMoney: its own library reads every entity and every statement, and nothing says more than the pages do."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from followthemoney import model
from followthemoney.statement.serialize import read_json_statements
from followthemoney.statement.statement import Statement
from followthemoney.types import registry
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.conftest import SEEN
from tests.render.exchange.conftest import called, seen_world, views_of
from tracker.render.exchange.ftm import ENTITY_COLUMNS, STATEMENT_COLUMNS, render_ftm, render_rows
from tracker.render.exchange.ftm.claims import CONCERNS
from tracker.render.exchange.ftm.naming import LANGUAGES, ftm_id
from tracker.render.exchange.ftm.statements import PROP_TYPES
from tracker.render.jurisdictions import load_register
from tracker.render.views import Views
from tracker.types import ENTITY_TYPES, Entity


def entities_of(views: Views) -> list[dict[str, Any]]:
    return [json.loads(line) for line in render_ftm(views).splitlines()]


def statements_of(views: Views) -> list[Statement]:
    return list(read_json_statements(io.BytesIO(render_rows(views))))


def check_all(views: Views) -> None:
    """Every entity is valid, every value is as the library itself would write it, and every reference leads somewhere."""
    entities = entities_of(views)
    schemata = {entity["id"]: entity["schema"] for entity in entities}
    assert len(schemata) == len(entities), "each id once"
    for entity in entities:
        assert list(entity) == [column.name for column in ENTITY_COLUMNS]
        schema = model.get(entity["schema"])
        assert schema is not None and registry.entity.clean(entity["id"]) == entity["id"]
        schema.validate(entity)
        for name, values in entity["properties"].items():
            kind = schema.properties[name].type
            assert kind.name == PROP_TYPES[name]
            for value in values:
                assert kind.clean(value) == value and len(value) <= (kind.max_length or len(value)), (name, value)
                if kind is registry.entity:
                    assert model.get(schemata[value]).is_a(schema.properties[name].range), (entity["schema"], name)
    check_statements(views, entities)


def check_statements(views: Views, entities: list[dict[str, Any]]) -> None:
    """Statements have the library's own ids and types, and together say what the entities say."""
    told: dict[str, dict[str, list[str]]] = {}
    seen = set()
    for item in statements_of(views):
        assert item.id == item.generate_key() and item.id not in seen
        seen.add(item.id)
        assert item.to_db_row()["prop_type"] == item.prop_type
        assert item.lang is None or registry.language.validate(item.lang)
        values = told.setdefault(item.entity_id, {})
        if item.prop != Statement.BASE:
            values.setdefault(item.prop, []).append(item.value)
    assert told == {entity["id"]: entity["properties"] for entity in entities}


def test_the_library_reads_all_of_it(views: Views) -> None:
    check_all(views)
    proxies = [model.get_proxy(entity, cleaned=False) for entity in entities_of(views)]
    assert [proxy.to_dict()["id"] for proxy in proxies] == [entity["id"] for entity in entities_of(views)]
    assert {proxy.schema.name for proxy in proxies} == {
        "Company", "LegalEntity", "Person", "PublicBody", "Asset", "Document", "Article", "Event", "Note", "UnknownLink",
        "Representation", "Mention",
    }  # fmt: skip


def test_an_accusation_is_a_link_with_its_words_and_never_more(views: Views) -> None:
    charges = [item for item in entities_of(views) if item["properties"].get("role") in (["accuses"], [CONCERNS])]
    records = views.catalogue.claims
    expected = {(c, a) for c, r in records.items() if r.claim.type == "allegation" for a in r.claim.accused}
    held = set()
    for item in charges:
        values = item["properties"]
        (claim_id,), (accused,) = values["recordId"], values["object"]
        claim = records[claim_id].claim
        held.add((claim_id, accused.removeprefix("ddt-party-")))
        assert item["schema"] == "UnknownLink" and values["description"] == [claim.text]
        assert values["status"] == ["alleged"] and "no finding" in values["summary"][0]
        assert claim.accused_as is None or f"in the words “{claim.accused_as}”" in values["summary"][0]
    assert held == expected != set()
    forbidden = {"Sanction", "Ownership", "Directorship", "CourtCase"}
    for item in entities_of(views):
        assert item["schema"] not in forbidden and "topics" not in item["properties"]


def test_a_denial_has_its_speaker_and_whom_that_speaks_for(views: Views) -> None:
    entities = {item["id"]: item for item in entities_of(views)}
    note = entities["ddt-claim-c-letter-3"]["properties"]
    assert note["name"] == [
        "Denial by Mara Lindqvist for Kestrel AI; accused: Kestrel AI; as Harbour Courier reports on 2026-02-24"
    ]
    (voice,) = [item for item in entities.values() if item["schema"] == "Representation"]
    assert (voice["properties"]["agent"], voice["properties"]["client"]) == (
        ["ddt-party-mara-lindqvist"],
        ["ddt-party-kestrel"],
    )


def test_a_name_that_nobody_looked_at_is_no_company(views: Views) -> None:
    umbra = next(item for item in entities_of(views) if item["id"] == "ddt-party-umbra")
    assert umbra["schema"] == "LegalEntity" and "nobody has said yet" in umbra["properties"]["notes"][0]


def test_a_claim_that_its_page_no_longer_makes_was_last_seen_before(views: Views) -> None:
    world = seen_world()
    later = SEEN.replace(day=20)
    claims = tuple(
        replace(item, last_seen_at=later) if item.in_current_version else item for item in world.reconciled.claims
    )
    looked = views_of(replace(world, reconciled=replace(world.reconciled, claims=claims)))
    last = {item.entity_id: item.last_seen for item in statements_of(looked) if item.prop == "description"}
    assert last["ddt-claim-c-fix-1"] == "2026-03-01T09:30:00", "not before it was first seen"
    assert last["ddt-claim-c-letter-1"] == "2026-03-20T00:00:00"


def test_a_look_back_is_another_dataset(views: Views) -> None:
    back = views_of(replace(seen_world(), as_of=SEEN))
    assert {item.dataset for item in statements_of(back)} == {"distillation_disputes_as_of_20260301_093000"}
    assert {item.dataset for item in statements_of(views)} == {"distillation_disputes"}
    ids = ({item.id for item in statements_of(one)} for one in (back, views))
    assert not set.intersection(*ids)


def test_every_type_of_entity_and_every_country_has_its_place() -> None:
    world = seen_world()
    homes = list(load_register().homes)
    made = tuple(
        Entity(f"e-{kind}-{known}", kind, kind, known=known) for kind in ENTITY_TYPES for known in (True, False)
    )
    at_home = tuple(Entity(key, key, "company") for key in homes)
    parents = tuple(Entity(f"of-{item.id}", item.id, "company", parent=item.id) for item in made)
    check_all(views_of(replace(world, reconciled=replace(world.reconciled, entities=(*made, *at_home, *parents)))))


def test_languages_are_those_of_the_standard() -> None:
    for short, code in LANGUAGES:
        assert registry.language.clean(short) == code


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=40))
def test_whatever_words_a_page_has_the_library_reads_it(words: str, document_id: str) -> None:
    check_all(views_of(called(seen_world(), words, document_id)))


@given(st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_ids_are_those_that_the_library_takes(ids: list[str]) -> None:
    made = ftm_id("party", *ids)
    assert registry.entity.clean(made) == made


def test_entities_alone_are_those_made_with_their_statements(views: Views, monkeypatch: pytest.MonkeyPatch) -> None:
    both = render_ftm(views)
    monkeypatch.setattr("tracker.render.exchange.ftm.MOST_CLAIMS", 2)
    assert render_ftm(views_of(seen_world())) == both


def test_equal_data_give_equal_bytes_and_nothing_gives_nothing(views: Views, nothing: Views) -> None:
    again = views_of(seen_world())
    assert render_ftm(again) == render_ftm(views) and render_rows(again) == render_rows(views)
    assert render_ftm(nothing) == render_rows(nothing) == b""
    assert [column.name for column in STATEMENT_COLUMNS] == list(json.loads(render_rows(views).splitlines()[0]))


@pytest.mark.parametrize("render", [render_ftm, render_rows])
def test_nothing_that_awaits_review_is_told(render: Any) -> None:
    world = seen_world()
    unsure = replace(world.reconciled.claims[0], id="c-unsure")
    assert b"c-unsure" not in render(views_of(replace(world, awaiting_review=(unsure,))))


def test_a_lone_surrogate_of_a_broken_page_is_replaced() -> None:
    check_all(views_of(called(seen_world(), "broken \ud800 page", "doc-\udfff")))
