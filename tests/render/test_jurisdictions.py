"""Where entities and events are at home: by the register of countries, and by what the gazetteer says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.errors import UnreadableInput
from tracker.nlp.gazetteer import load_gazetteer
from tracker.render import check_site, render_site
from tracker.render.jurisdictions import home_of, load_register
from tracker.types import Dataset, Entity

ENTRIES = load_gazetteer().entries
KNOWN = {key: entry.entity for key, entry in ENTRIES.items()}
STATELESS = {"united-nations"}


def home(key: str) -> str | None:
    return home_of(key, KNOWN, load_register())


def test_everybody_with_a_country_is_at_home_in_the_register() -> None:
    placed = [entry.entity for entry in ENTRIES.values() if entry.entity.type in ("government", "law", "company")]
    assert not [item.id for item in placed if not home(item.id) and item.id not in STATELESS]
    speakers = {entry.entity.id: entry.speaks_for for entry in ENTRIES.values() if entry.speaks_for}
    assert not [key for key, body in speakers.items() if home(key) != home(body)]


def test_the_register_names_only_what_the_gazetteer_has() -> None:
    assert not [key for key in load_register().homes if key not in KNOWN]


def test_who_belongs_to_somebody_is_at_home_with_them() -> None:
    owner = Entity("owner", "Owner", "company", country="iceland")
    parts = {"owner": owner, "lab": Entity("lab", "Lab", "company", parent="owner")}
    assert home_of("lab", parts, load_register()) == "IS"
    circle = {key: Entity(key, key, "company", parent=other) for key, other in (("a", "b"), ("b", "a"))}
    assert home_of("a", circle, load_register()) is None


def at_home(**countries: str) -> Dataset:
    world = build_world()
    entities = tuple(replace(item, country=countries.get(item.id)) for item in world.reconciled.entities)
    return replace(world, reconciled=replace(world.reconciled, entities=entities))


def test_an_event_stands_in_the_list_of_each_country_of_its_parties() -> None:
    world = at_home(northwind="iceland", kestrel="new-zealand")
    pages = render_site(world, Site())
    letter, memo = b"northwind-letter-2026-02.html", b"oma-memo-2025.html"
    assert letter in pages["jurisdictions/IS.html"] and letter in pages["jurisdictions/NZ.html"]
    assert memo in pages["jurisdictions/NZ.html"] and memo not in pages["jurisdictions/IS.html"]
    assert "which law applies" in pages["jurisdictions/IS.html"].decode()
    assert "<h1>Parties at home in Iceland</h1>" in pages["jurisdictions/IS.html"].decode()
    assert b"jurisdictions/IS.html" in pages["index.html"]
    assert check_site(pages, world) == []


def test_a_site_whose_parties_have_no_country_has_no_such_lists(pages: dict[str, bytes]) -> None:
    assert not [path for path in pages if path.startswith("jurisdictions/")]
    assert b"Parties at home in" not in pages["index.html"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- {code: usa, name: A, place: b}", "line 1: 'usa' is no code of ISO 3166-1"),
        ("- {code: AA, name: A}", "line 1: expected a country with code, name and place"),
        ("- {code: AA, name: A, place: b, off: [c]}", "off: there is no such key"),
        (
            "- {code: AA, name: A, place: b}\n- {code: BB, name: B, place: c, of: [b]}",
            "line 2: b is at home in AA already",
        ),
        ("code: AA", "expected a list of countries"),
    ],
)
def test_a_wrong_register_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "jurisdictions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=why):
        load_register(path)
