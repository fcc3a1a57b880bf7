"""Names of parties and disputes, with their pages, out of a published database."""

from __future__ import annotations

import pytest

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.digest.names import load_names
from tracker.query import open_published
from tracker.render.database import make_database


@pytest.mark.parametrize("base", [None, "https://tracker.example/", "https://house.example/tracker/"])
def test_a_page_has_the_sites_address_once(base: str | None) -> None:
    with open_published(make_database(build_world(), Site(base_url=base))) as published:
        named = load_names(published, ["kestrel"], []).entities["kestrel"]
    assert (named.name, named.page) == ("Kestrel AI", f"{base or ''}entities/kestrel.html")
