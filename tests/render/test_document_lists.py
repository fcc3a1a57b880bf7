"""Many documents: a page for each publisher, in parts of bounded size, and none is left out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tracker.config import Site
from tracker.render import check_site, documentlists, render_site
from tracker.types import Dataset


def test_a_few_documents_stand_on_one_page(pages: dict[str, bytes]) -> None:
    assert not [path for path in pages if path.startswith("documents/publishers/")]


def test_many_documents_have_a_page_for_each_publisher(
    world: Dataset, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documentlists, "MOST_ON_INDEX", 2)
    strange = replace(world.documents[-1], publisher="</a><script>x</script> ../../etc")
    dataset = replace(world, documents=(*world.documents[:-1], strange), sources=())
    made = render_site(dataset, site)
    assert check_site(made, dataset) == []
    lists = {path: body.decode() for path, body in made.items() if path.startswith("documents/publishers/")}
    linked = [
        name for body in lists.values() for name in re.findall(r'href="\.\./\.\./(documents/[^"/]+\.html)"', body)
    ]
    told = sorted(name for name in linked if name != "documents/index.html")
    assert told == sorted(path for path in made if re.fullmatch(r"documents/(?!index)[^/]+\.html", path))
    assert len(lists) == 4 and all("<script>" not in body for body in lists.values())
