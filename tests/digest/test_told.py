"""What a correction says that was told: no more than what changed, and never that a page changed which did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.digest.editions import changes, edition
from tests.digest.test_changes import BOTH, EVENT, FIRST, A, B, anchor, only, revised
from tests.digest.test_composing import composed
from tests.reconcile.builders import Page, Said, about, charge, document
from tracker.digest.telling.shown import facts_of
from tracker.digest.telling.wording import count_kinds, label_of, subject_of, told_sentence
from tracker.types import Correction, DigestItem, Told

TOLD = Told(f"event:{EVENT}", "d1", datetime(2026, 3, 3, tzinfo=UTC), "24000 accounts; 16000000 exchanges")
WHEN = "On 3 March 2026 we reported"


def test_of_an_events_figures_only_the_one_that_changed_is_named() -> None:
    fixed = charge("Lumen accused Garnet of copying Prism with about 25,500 accounts.", figures=(about("accounts", 25_500),))  # fmt: skip
    change = only(changes(FIRST, edition(revised(fixed), after=FIRST)), "corrected")
    told = told_sentence(DigestItem(change, (), TOLD), "UTC")
    assert told == f"{WHEN} 24000 accounts; Paper A now says 25500 accounts."


def test_what_was_told_in_other_words_is_named_by_the_words_that_stood() -> None:
    first = Page("2026-03-02", [charge("Lumen accused Garnet of copying Prism.", on="2026-03-01")])
    then = Page("2026-03-02", [charge("Lumen accused Garnet of copying Prism at last.", on="2026-03-01")])
    before = edition(document("a", first, publisher="Paper A"))
    now = edition(document("a", first, then, publisher="Paper A"), after=before)
    change = only(changes(before, now), "corrected")
    told = told_sentence(DigestItem(change, (), TOLD), "UTC")
    assert told.startswith("On 3 March 2026 we told you of “") and "; Paper A then said Lumen accused Garnet" in told
    assert "24000" not in told and label_of(change) == "Source corrected"


def test_what_we_misread_is_no_correction_by_its_source() -> None:
    act = Correction(anchor(A), ("speaker",), speaker="basalt")
    change = only(changes(FIRST, edition(A, acts=[act], after=FIRST)), "corrected")
    told = told_sentence(DigestItem(change, (), TOLD), "UTC")
    assert "the tracker read it as “an allegation by Lumen Labs" in told
    assert "that was corrected here: “an allegation by Basalt" in told and "says" not in told and "said" not in told
    assert (label_of(change), count_kinds([change])) == ("Corrected here", ["a correction here"])


def test_dropped_words_are_named_as_dropped() -> None:
    weather = Said("statement", "It rained in the harbour for the whole afternoon.", None)
    change = only(changes(BOTH, edition(revised(weather), after=BOTH)), "vanished")
    told = told_sentence(DigestItem(change, (), TOLD), "UTC")
    assert told.endswith("Paper A says so no more.") and "exchanges" not in told


TITLE = "Lumen Labs accuses Garnet AI of copying Prism: about 24,000 accounts"


def test_of_a_whole_event_that_is_gone_its_title_is_named_as_told_and_never_as_said() -> None:
    change = only(changes(FIRST, edition(after=FIRST)), "vanished")
    part = Told(f"figure:{EVENT}/1", "d2", datetime(2026, 3, 4, tzinfo=UTC), "24000 accounts")
    stage = Told("stage:law/1", "d3", datetime(2026, 3, 5, tzinfo=UTC), "issued")
    sentences = [told_sentence(DigestItem(change, (), row), "UTC") for row in (TOLD, part, stage)]
    gone = f"“{TITLE}”; the tracker reads it in none of its sources any more."
    assert sentences == [
        f"On 3 March 2026 we told you of {gone}",
        f"On 4 March 2026 we told you of a part of {gone}",
        f"On 5 March 2026 we told you of a part of {gone}",
    ]
    digest = composed([replace(change, seq=1)], told=(part, stage, TOLD))
    assert digest is not None
    (item,) = digest.digest.corrections
    assert item.told == TOLD
    assert subject_of(digest.digest, "Site") == f"A correction to what we reported: {TITLE}"


def test_a_stage_and_a_count_are_not_repeated_as_what_was_reported() -> None:
    change = only(changes(BOTH, edition(revised(Said("statement", "It rained.", None)), after=BOTH)), "vanished")
    for key, words in (("stage:law/1", "issued"), (f"assertion:{EVENT}/1", "2 independent sources")):
        told = told_sentence(DigestItem(change, (), replace(TOLD, key=key, words=words)), "UTC")
        assert told.startswith("On 3 March 2026 we told you of “") and words not in told


def test_a_count_of_the_event_is_not_given_for_a_figure_or_for_words_of_it() -> None:
    first, second = changes(FIRST, BOTH)
    assert (
        facts_of(first)
        == "1 March 2026 · before: 1 independent source; now: 2 independent sources · 2 independent sources (it was 1)"
    )
    assert facts_of(second) == "1 March 2026 · the event has 2 independent sources (it was 1), not each of its figures"
    (event,) = changes(edition(), BOTH)
    assert facts_of(event) == "1 March 2026 · the event has 2 independent sources, not each of its figures"
    fixed = charge("Lumen accused Garnet of copying Prism with about 25,500 accounts.", figures=(about("accounts", 25_500),))  # fmt: skip
    change = only(changes(BOTH, edition(revised(fixed), B, after=BOTH)), "corrected")
    assert facts_of(change) == "event of 1 March 2026 · the event has 2 independent sources"
