"""The shipped catalogue of sources: complete in every entry, balanced over its groups, and on only where confirmed."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tracker.config import Source, load_settings
from tracker.resources import bundled_path
from tracker.sourcekinds import GROUPS, SOURCE_MODELS, KeyedSource

SOURCES = load_settings(bundled_path("config.yaml")).sources
LEAST = {
    "us_executive": 12, "congress": 6, "courts": 4, "eu": 4, "uk": 4, "china": 6, "companies": 10, "news": 10,
    "think_tanks": 8, "law_firms": 4, "discovery": 4,
}  # fmt: skip
UNSURE = re.compile(r"check before enabling|From memory", re.I)
SURE = re.compile(
    r"documented probe|a probe of|developers|github\.com|gov\.uk|open\.gsa\.gov|/help/api|gdeltproject|info\.arxiv",
    re.I,
)


def test_there_are_at_least_sixty_in_every_group_of_the_plan() -> None:
    counts = Counter(source.group for source in SOURCES)
    assert len(SOURCES) >= 60
    assert set(counts) == set(GROUPS) == set(LEAST)
    assert {group: counts[group] for group in LEAST if counts[group] < LEAST[group]} == {}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_entry_is_complete(source: Source) -> None:
    for name in ("url", "publisher", "publisher_type", "jurisdiction", "language", "every", "group", "terms", "found"):
        assert name in source.model_fields_set, f"{source.name} says no {name}"
        assert getattr(source, name), f"{source.name} says no {name}"
    assert "enabled" in source.model_fields_set
    assert source.url.startswith("https://")
    assert source.jurisdiction and re.fullmatch("[A-Z]{2}", source.jurisdiction)


@pytest.mark.parametrize("source", [item for item in SOURCES if item.enabled], ids=lambda source: source.name)
def test_only_what_is_confirmed_is_on(source: Source) -> None:
    assert not UNSURE.search(source.found or "")
    assert SURE.search(source.found or ""), source.found


def test_kinds_and_languages_of_the_plan_are_there() -> None:
    assert set(SOURCE_MODELS) - {source.kind for source in SOURCES} <= {"site", "warc"}
    assert {"en", "zh"} <= {source.language for source in SOURCES}
    assert all(
        source.key_env in ("DATA_GOV_API_KEY", "COURTLISTENER_TOKEN")
        for source in SOURCES
        if isinstance(source, KeyedSource)
    )
