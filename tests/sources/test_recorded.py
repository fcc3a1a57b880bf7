"""Recorded lists and pages: each folder of tests/recorded is a source with what it must give (docs/add-a-source.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from tracker.config import load_settings
from tracker.read.dates import parse_published
from tracker.read.pages import read_page
from tracker.resources import bundled_path
from tracker.sourcekinds import Source
from tracker.sources import list_candidates
from tracker.types import Candidate, Response
from tracker.yamlfile import load_yaml

FOLDER = Path(__file__).parents[1] / "recorded"
SOURCES = {source.name: source for source in load_settings(bundled_path("config.yaml")).sources}
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".xml": "application/xml"}


def load_source(folder: Path) -> Source:
    """The source of that name in config.yaml, or the one that the folder describes."""
    own = folder / "source.yaml"
    return TypeAdapter[Source](Source).validate_python(load_yaml(own).data) if own.exists() else SOURCES[folder.name]


def list_recorded(folder: Path, source: Source) -> tuple[Candidate, ...]:
    (recorded,) = folder.glob("list.*")

    async def ask(url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        kind = TYPES[recorded.suffix]
        return Response(
            url, url, 200, (("Content-Type", kind),), recorded.read_bytes(), datetime(2026, 7, 1, tzinfo=UTC)
        )

    return asyncio.run(list_candidates(source.model_copy(update={"max_pages": 1}), ask, environ={}))


@pytest.mark.parametrize("folder", sorted(FOLDER.iterdir()), ids=lambda folder: folder.name)
def test_a_recorded_source_gives_what_was_written_down(folder: Path) -> None:
    expected: dict[str, Any] = load_yaml(folder / "expected.yaml").data
    found = list_recorded(folder, load_source(folder))
    assert len(found) == expected["items"]
    first = expected["first"]
    assert (found[0].url, found[0].title) == (first["url"], first["title"])
    assert parse_published(found[0].published or "") == first.get("published")

    page = read_page((folder / "page.html").read_bytes(), TYPES[".html"], found[0].url)
    about = expected["page"]
    for name in ("title", "published"):
        if name in about:
            assert getattr(page, name) == about[name]
    assert page.text.startswith(about.get("starts", ""))
    assert page.text.endswith(about.get("ends", ""))
    for words in about.get("without", ()):
        assert words not in page.text
