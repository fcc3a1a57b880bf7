"""The sample web's two editions, crawled and published one after the other: what a subscriber is told of the second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tracker.app import open_app
from tracker.config import Site
from tracker.demo import EDITIONS, demo_settings
from tracker.digest.changes import find_changes
from tracker.digest.facts import load_facts
from tracker.query import Published, open_published
from tracker.render.database import make_database
from tracker.resources import bundled_path
from tracker.sampleweb import SampleWeb
from tracker.types import Change


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Published]]:
    """Both published databases, open."""
    bodies = []
    with SampleWeb(bundled_path("data/sample")) as web:
        settings = demo_settings(tmp_path_factory.mktemp("editions"), web.address)
        with open_app(settings) as app:
            for web.edition in EDITIONS:
                app.collect(settings.select_sources(None))
                app.read()
                app.extract()
                app.reconcile()
                bodies.append(make_database(app.dataset(), Site()))
    with ExitStack() as stack:
        yield [stack.enter_context(open_published(body)) for body in bodies]


@pytest.fixture(scope="module")
def changes(editions: list[Published]) -> tuple[Change, ...]:
    before, now = map(load_facts, editions)
    assert find_changes(now, now, editions[1]) == ()
    return find_changes(before, now, editions[1])


def test_the_corrected_story_is_told_as_a_correction_of_what_rested_on_it(changes: tuple[Change, ...]) -> None:
    figure, wording = (change for change in changes if change.kind == "corrected")
    assert figure.title == (
        "Northwire changed a figure, on the word of Anthropic: "
        "“about 24,000 fraudulent accounts” is now “nearly 25,000 fraudulent accounts”"
    )
    assert (figure.before, figure.after) == ("about 24,000 fraudulent accounts", "nearly 25,000 fraudulent accounts")
    assert "event:2026-06-10-anthropic-allegation-alibaba" in figure.corrects
    assert {"alibaba", "anthropic"} <= set(figure.families) and figure.dispute_ids == ("anthropic-v-alibaba",)
    assert "about 24,000" in figure.evidence_before[0].quote and "nearly 25,000" in figure.evidence[0].quote
    assert wording.title == (
        "Northwire changed its words: “Alibaba did not immediately reply to a request for comment.” "
        "is now “Alibaba did not reply to a request for comment.”"
    )
    assert "answer:2026-06-10-anthropic-allegation-alibaba/alibaba/no_reply" in wording.corrects


def test_nothing_else_is_told_of_the_second_edition(changes: tuple[Change, ...]) -> None:
    assert [change.kind for change in changes] == ["corrected", "corrected"]


def test_everything_is_new_to_who_knew_nothing_and_no_title_says_more_than_its_event(editions: list[Published]) -> None:
    now = load_facts(editions[1])
    found = find_changes({}, now, editions[1])
    events = [change for change in found if change.kind == "event"]
    assert len(events) == sum(key.startswith("event:") for key in now)
    assert {change.kind for change in found} == {"event", "stage"}
    for change in events:
        assert change.title == change.event_title and change.evidence and change.entities
