"""No feed that feedparser can read loses an entry: the sample web's feeds, counted by both."""

from __future__ import annotations

from pathlib import Path

import feedparser
import pytest

from tracker.read.feeds import parse_feed

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
FEEDS = sorted(
    path
    for path in SAMPLE.rglob("*")
    if path.is_file() and any(mark in path.read_bytes()[:2000] for mark in (b"<rss", b"<feed", b"<rdf:RDF"))
)


def test_there_are_feeds_to_compare() -> None:
    assert len(FEEDS) >= 5


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.relative_to(SAMPLE).as_posix())
def test_every_entry_with_a_link_is_a_candidate(path: Path) -> None:
    body = path.read_bytes()
    theirs = feedparser.parse(body).entries
    ours = parse_feed(body, "application/xml", "https://a.example/feed")
    assert theirs and len(ours) == len([entry for entry in theirs if entry.get("link")])
