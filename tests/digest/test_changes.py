"""What changed between two editions: each kind of change, and what is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.digest.editions import Published, changes, edition, longer, story
from tests.reconcile.builders import Page, Said, about, charge, document
from tracker.digest.changes import find_changes, order_by_title
from tracker.digest.facts import facts_before, load_facts
from tracker.digest.witness import Witness
from tracker.errors import UnreadableInput
from tracker.query import open_published
from tracker.reconcile import make_records
from tracker.reconcile.anchors import anchor_of
from tracker.types import (
    Anchor,
    Change,
    Correction,
    EntityMerge,
    EventMerge,
    EventSplit,
    FigureFix,
    Hiding,
    Mention,
    StoredDocument,
    Undoing,
)

SUNDAY = "2026-03-01"
ACCOUNTS = charge(
    "Lumen accused Garnet of copying Prism with about 24,000 accounts.", figures=(about("accounts", 24_000),), on=SUNDAY
)
PLAIN = charge("Garnet had copied Prism, Lumen wrote on Sunday.", on=SUNDAY)
A = story("a", ACCOUNTS)
B = story("b", PLAIN)
EVENT = "2026-03-01-lumen-allegation-garnet"
FIRST = edition(A)
BOTH = edition(A, B)


def told(before: Published, now: Published) -> list[str]:
    return [change.kind for change in changes(before, now)]


def only(found: tuple[Change, ...], kind: str) -> Change:
    (change,) = [change for change in found if change.kind == kind]
    return change


def revised(*said: Said) -> StoredDocument:
    """Page A after a change of its words."""
    pages = (Page("2026-03-02", [ACCOUNTS]), Page("2026-03-02", list(said)))
    return longer(document("a", *pages, publisher="Paper A"), "a")


def anchor(page: StoredDocument, index: int = 0) -> Anchor:
    return anchor_of(make_records([page])[index], page.current.id)


# --- what is new ------------------------------------------------------------------------------------------------


def test_a_new_event_is_one_change_with_its_words_and_parties() -> None:
    denied = Said("denial", "Basalt denied it at once.", "basalt", ("basalt",))
    may = charge(
        "Lumen accused Basalt of copying Prism with about 700 accounts.",
        accused=("basalt",), figures=(about("accounts", 700),), on="2026-05-05",
    )  # fmt: skip
    page = story("m", may, denied, on="2026-05-06")
    (change,) = changes(FIRST, edition(A, page, after=FIRST))
    assert (change.kind, change.key) == ("event", "event:2026-05-05-lumen-allegation-basalt")
    assert change.title.startswith("Lumen Labs accuses Basalt of copying Prism")
    assert (change.before, change.after) == ("", "700 accounts")
    assert set(change.entities) == {"lumen", "basalt", "prism"}
    assert change.dispute_ids == ("lumen-v-basalt",)
    assert (change.independent_sources, change.sources_before) == (1, 0)
    evidence = change.evidence[0]
    assert (evidence.quote, evidence.speaker_name, evidence.publisher) == (may.text, "Lumen Labs", "Paper M")
    assert evidence.link.startswith("https://m.example/#:~:text=") and evidence.page.startswith("documents/m.html#c-")
    assert evidence.version_sha256 == page.current.text_sha256
    assert change.corrects == ()


def test_a_new_event_shows_first_the_words_of_whom_its_title_names() -> None:
    denial: dict[str, str | None] = {"type": "denial", "on_behalf_of": None}
    rows = {"a": {**denial, "speaker": "lumen"}, "b": {**denial, "speaker": "basalt"},
            "c": {**denial, "speaker": "pr", "on_behalf_of": "basalt"},
            "d": {**denial, "type": "statement", "speaker": "basalt"}}  # fmt: skip
    event = {"type": "denial", "actors": '["basalt"]'}
    assert order_by_title("adbc", event, Witness(claims=rows)) == ("b", "c", "a", "d")


def test_an_old_event_that_comes_in_late_is_dated_by_when_it_happened() -> None:
    late = story("l", charge("Lumen accused Basalt in 2024.", accused=("basalt",), on="2024-04-04"), on="2024-04-05")
    (change,) = changes(FIRST, edition(A, late, after=FIRST))
    assert (change.kind, str(change.happened_on)) == ("event", "2024-04-04")


def test_links_are_whole_where_the_site_has_an_address() -> None:
    now = edition(A, B, after=FIRST, base_url="https://tracker.example/d")
    for change in changes(FIRST, now):
        assert change.page.startswith("https://tracker.example/d/events/")
        assert change.evidence[0].page.startswith("https://tracker.example/d/documents/")


def test_one_more_independent_source_is_told_with_both_counts() -> None:
    change, whole = changes(FIRST, BOTH)
    assert (change.kind, change.sources_before, change.independent_sources) == ("sources", 1, 2)
    assert (whole.kind, whole.key, whole.sources_before, whole.independent_sources) == (
        "sources",
        f"event:{EVENT}",
        1,
        2,
    )
    assert whole.title.startswith(
        "2 independent sources now report this event, 1 before: Lumen Labs accuses Garnet AI of"
    )
    assert set(whole.entities) >= {"lumen", "garnet"}
    assert change.title == "2 independent sources now report this, 1 before: Lumen Labs accuses Garnet AI"
    assert (change.before, change.after) == ("1 independent source", "2 independent sources")
    assert [item.publisher for item in change.evidence] == ["Paper A", "Paper B"]


def test_a_figure_that_the_event_did_not_have_is_a_figure_and_not_a_claim_too() -> None:
    counted = charge("Lumen wrote of over 16 million exchanges.", figures=(about("exchanges", 16e6),), on=SUNDAY)
    found = changes(BOTH, edition(A, B, story("f", counted), after=BOTH))
    assert [change.kind for change in found] == ["figure", "sources", "sources"]
    figure = only(found, "figure")
    assert figure.title == "A new figure, on the word of Lumen Labs: “16000000.0 exchanges”"
    assert figure.after == "16000000.0 exchanges"


def test_the_same_value_in_other_words_and_without_a_speaker_is_no_new_figure() -> None:
    rounded = charge("Some 24,000 accounts were used.", speaker=None, figures=(about("accounts", 24_000),), on=SUNDAY)
    assert "figure" not in told(FIRST, edition(A, story("f", rounded), after=FIRST))


def test_a_new_party_on_a_known_event_is_one_claim_with_its_figures() -> None:
    both = charge(
        "Lumen accused Garnet and it accused Basalt of copying Prism with about 900 exchanges.",
        accused=("garnet", "basalt"), figures=(about("exchanges", 900),), on=SUNDAY,
    )  # fmt: skip
    found = changes(FIRST, edition(A, story("t", both), after=FIRST))
    claim = only(found, "claim")
    assert claim.title == "Lumen Labs accuses Basalt: “900 exchanges”"
    assert {"figure", "conflict"}.isdisjoint(change.kind for change in found)
    assert "basalt" in claim.families


def test_who_is_accused_in_lesser_words_is_not_named_as_accused() -> None:
    words = "people near Basalt"
    lesser = charge(f"Lumen accused {words} on Sunday.", accused=("basalt",), accused_as=words, on=SUNDAY)
    page = story("t", PLAIN, lesser)
    claim = only(changes(FIRST, edition(A, page, after=FIRST)), "claim")
    assert claim.title == "Lumen Labs accuses “people near Basalt”, in words that concern Basalt"
    nameless = charge("The company's letter of Sunday goes on.", accused=("basalt",), on=SUNDAY)
    claim = only(changes(FIRST, edition(A, story("t", PLAIN, nameless), after=FIRST)), "claim")
    assert claim.title == "Lumen Labs makes a charge that concerns Basalt"


def test_an_owner_is_among_the_families_of_its_laboratory() -> None:
    laboratory = charge("Lumen accused Basalt Research on Sunday too.", accused=("basalt-research",), on=SUNDAY)
    claim = only(changes(FIRST, edition(A, story("t", PLAIN, laboratory), after=FIRST)), "claim")
    assert "basalt" not in claim.entities and "basalt" in claim.families


def test_a_contradiction_has_both_values_speakers_and_the_reason_and_is_told_once() -> None:
    other = charge(
        "Lumen accused Garnet of using about 40,000 accounts.", figures=(about("accounts", 40_000),), on=SUNDAY
    )
    found = changes(BOTH, edition(A, B, story("c", other), after=BOTH))
    assert [change.kind for change in found] == ["conflict", "sources", "sources"]
    conflict = only(found, "conflict")
    assert conflict.title == (
        "Two figures cannot both be right: “24000 accounts” (Lumen Labs, in Paper A) "
        "and “40000 accounts” (Lumen Labs, in Paper C)"
    )
    assert conflict.after.startswith("No number is both “24000 accounts” (23,500 to 24,500)")
    assert len(conflict.evidence) == 2


def test_an_answer_says_that_none_was_found_before_and_is_no_claim_or_event_too() -> None:
    denied = Said("denial", "Garnet denied the charge.", "garnet", ("garnet",))
    found = changes(BOTH, edition(A, B, story("d", PLAIN, denied, on="2026-03-04"), after=BOTH))
    assert {change.kind for change in found} <= {"answer", "sources"}
    answer = only(found, "answer")
    assert answer.key == f"answer:{EVENT}/garnet/denied"
    assert answer.title == (
        "Garnet AI denied the allegations, Paper D reports; until now no answer was found in the sources"
    )
    assert (answer.before, answer.after) == ("no answer found in the sources", "Garnet denied the charge.")


def test_silence_that_a_source_reports_is_an_answer_once() -> None:
    silent = Said("no_response", "Garnet did not reply to a request for comment.", "garnet", ("garnet",))
    with_silence = edition(A, B, story("d", PLAIN, silent, on="2026-03-04"), after=BOTH)
    answer = only(changes(BOTH, with_silence), "answer")
    assert answer.title.startswith("A source reports no answer by Garnet AI: Paper D")
    assert [(one.quote, one.speaker_name) for one in answer.evidence] == [
        (silent.text, "")
    ]  # who was silent said nothing
    other = Said("no_response", "Messages to Garnet went without an answer.", "garnet", ("garnet",))
    again = edition(
        A, B, story("d", PLAIN, silent, on="2026-03-04"), story("e", PLAIN, other, on="2026-03-04"), after=with_silence
    )
    assert set(told(with_silence, again)) <= {"sources"}


def test_a_dispute_that_moved_is_told_from_and_to_with_its_step() -> None:
    words = "The Trade Panel opened an investigation into whether Garnet copied Prism."
    page = story("i", Said("government_action", words, "trade-panel", ("garnet",), on="2026-03-10"), on="2026-03-11")
    found = changes(FIRST, edition(A, page, after=FIRST))
    assert [change.kind for change in found] == ["event", "status"]
    status = only(found, "status")
    assert status.title == "Lumen Labs v. Garnet AI: now “under investigation by a public body”, before “alleged”"
    assert (status.key, status.page) == ("dispute:lumen-v-garnet", "disputes/lumen-v-garnet.html")
    assert status.evidence[0].quote == words


def test_a_stage_of_a_bill_has_the_stage_before_and_its_claim() -> None:
    def act(words: str, on: str) -> StoredDocument:
        said = Said("legislation", words, "trade-panel", on=on, laws=("bill-77",))
        return naming_law(story(on, said, on=on), words)

    introduced = act("A deputy introduced the Model Protection Act on that day.", "2026-03-03")
    now = edition(A, introduced, after=FIRST)
    stage = only(changes(FIRST, now), "stage")
    assert stage.title == "Model Protection Act: introduced (3 March 2026)"
    assert stage.page == "entities/bill-77.html" and "bill-77" in stage.entities
    assert stage.evidence[0].quote.startswith("A deputy introduced")
    passed = act("The lower chamber passed the Model Protection Act on that day.", "2026-06-03")
    assert only(changes(now, edition(A, introduced, passed, after=now)), "stage").after == "passed by a chamber"


def naming_law(page: StoredDocument, words: str) -> StoredDocument:
    at = page.current.text.index("Model Protection Act")
    mention = Mention(at, at + 20, "Model Protection Act", "bill-77", "Model Protection Act", "law")
    return replace(page, extractions=tuple(replace(item, mentions=(mention,)) for item in page.extractions))


# --- what is otherwise ------------------------------------------------------------------------------------------


def test_a_corrected_page_corrects_all_that_rested_on_its_words_and_is_told_once() -> None:
    words = "Lumen accused Garnet of copying Prism with about 25,500 accounts."
    (change,) = changes(
        FIRST, edition(revised(charge(words, figures=(about("accounts", 25_500),), on=SUNDAY)), after=FIRST)
    )
    assert change.kind == "corrected"
    assert change.title == (
        "Paper A changed a figure, on the word of Lumen Labs: “24000 accounts” is now “25500 accounts”"
    )
    assert (change.before, change.after) == ("24000 accounts", "25500 accounts")
    assert (change.evidence[0].quote, change.evidence_before[0].quote) == (words, ACCOUNTS.text)
    assert {f"event:{EVENT}"} < set(change.corrects)
    (first,) = changes(edition(), FIRST)
    assert first.key in change.corrects
    figures = [key for key in change.corrects if key.startswith("figure:")]
    counted = changes(edition(B), edition(A, B, after=edition(B)))
    assert only(counted, "figure").key in figures


def test_a_page_that_drops_its_words_says_what_is_left() -> None:
    weather = Said("statement", "It rained in the harbour for the whole afternoon.", None)
    (change,) = changes(FIRST, edition(revised(weather), after=FIRST))
    assert change.kind == "vanished"
    assert change.title == (
        "Paper A no longer says this, and no other source of the event does: "
        "“Lumen accused Garnet of copying Prism with about 24,000 accounts.”"
    )
    assert (change.before, change.after, change.evidence) == (ACCOUNTS.text, "", ())
    assert change.evidence_before[0].link == "" and f"event:{EVENT}" in change.corrects
    assert change.independent_sources == 0
    change = only(changes(BOTH, edition(revised(weather), B, after=BOTH)), "vanished")
    assert change.independent_sources == 1
    assert "of which other sources of the event still say a part" in change.title


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (Correction(anchor(A), ("speaker",), speaker="basalt"), "an allegation by Basalt concerning Garnet AI"),
        (Correction(anchor(A), ("accused",), accused=("basalt",)), "an allegation by Lumen Labs concerning Basalt"),
        (Correction(anchor(A), (), figures=(FigureFix("24000 accounts", 2400, 2400, "about"),)), "about 2,400 accounts"),
    ],
)  # fmt: skip
def test_what_people_corrected_is_told_to_who_was_told_the_old_reading(correction: Correction, words: str) -> None:
    change = only(changes(FIRST, edition(A, acts=[correction], after=FIRST)), "corrected")
    assert change.title.startswith("People corrected how the tracker reads words in Paper A: ")
    assert change.before == "an allegation by Lumen Labs concerning Garnet AI, with about 24,000 accounts"
    assert words in change.after
    assert f"event:{EVENT}" in change.corrects and {"lumen", "garnet"} <= set(change.entities)
    (now,), (then,) = change.evidence, change.evidence_before
    assert (now.quote, now.version_sha256) == (then.quote, then.version_sha256)
    assert then.speaker_name == "Lumen Labs"


def test_a_hidden_claim_is_withdrawn_without_its_words() -> None:
    secret = charge("Lumen accused Garnet of bribing the harbour master.", on=SUNDAY)
    before = edition(story("s", secret), B)
    (change,) = changes(before, edition(story("s", secret), B, acts=[Hiding("claim", (anchor(story("s", secret)),))], after=before))  # fmt: skip
    assert change.kind == "withdrawn" and change.key.startswith("withdrawn:claim/c-")
    assert "harbour" not in repr(change)
    assert f"event:{EVENT}" in change.corrects and "garnet" in change.entities


def test_each_hidden_claim_is_withdrawn_by_its_own_key_and_the_last_takes_the_event_along() -> None:
    one = edition(A, B, acts=[Hiding("claim", (anchor(A),))], after=BOTH)
    two = edition(A, B, acts=[Hiding("claim", (anchor(A),)), Hiding("claim", (anchor(B),))], after=one)
    assert [change.key[:17] for change in changes(BOTH, one)] == ["withdrawn:claim/c"]
    assert [change.key for change in changes(one, two)] == [f"withdrawn:event/{EVENT}"]
    assert [change.key for change in changes(BOTH, two)] == [f"withdrawn:event/{EVENT}"]


def test_a_hidden_event_is_spoken_of_by_its_day_alone_and_told_anew_when_it_is_back() -> None:
    hiding = Hiding("event", (anchor(A), anchor(B)), was=(EVENT,))
    hidden = edition(A, B, acts=[hiding], after=BOTH)
    (change,) = changes(BOTH, hidden)
    assert change.title == "The tracker’s editors withdrew an event of 1 March 2026"
    assert (change.event_id, change.event_title, change.page) == (None, "", "")
    assert ACCOUNTS.text not in repr(change) and "Lumen Labs accuses" not in repr(change)
    assert f"event:{EVENT}" in change.corrects and {"lumen", "garnet"} <= set(change.families)
    assert told(hidden, edition(A, B, acts=[hiding, Undoing("e1")], after=hidden)) == ["event"]


def test_an_event_that_nothing_reports_any_more_is_gone() -> None:
    may = story("m", charge("Lumen accused Basalt in May.", accused=("basalt",), on="2026-05-05"), on="2026-05-06")
    before = edition(A, may)
    (change,) = changes(before, edition(A, after=before))
    assert (change.kind, change.event_id, str(change.happened_on)) == ("vanished", None, "2026-05-05")
    assert change.title.startswith("The tracker reads this event in none of its sources any more: Lumen Labs accuses")
    assert "event:2026-05-05-lumen-allegation-basalt" in change.corrects
    assert "Basalt" in change.title and "basalt" in change.entities


# --- what is none -----------------------------------------------------------------------------------------------


def test_a_copy_of_what_was_said_is_no_change() -> None:
    copied = replace(story("a", ACCOUNTS), id="copy", url="https://copy.example/")
    versions = tuple(replace(item, id="copy.1", document_id="copy") for item in copied.versions)
    extractions = tuple(replace(item, document_id="copy.1") for item in copied.extractions)
    copied = replace(copied, publisher="Copy Shop", versions=versions, extractions=extractions)
    assert changes(FIRST, edition(A, copied, after=FIRST)) == ()


def test_the_publishers_own_second_page_is_no_change() -> None:
    second = story("second", PLAIN, publisher="Paper A")
    assert changes(FIRST, edition(A, second, after=FIRST)) == ()


def reread(page: StoredDocument, text: str) -> StoredDocument:
    """The page's first claim with other ends of its quote: how a better extractor may read the same words."""
    (extraction,) = page.extractions
    at = page.current.text.index(text)
    first = replace(extraction.claims[0], start=at, end=at + len(text), text=text)
    return replace(page, extractions=(replace(extraction, claims=(first, *extraction.claims[1:])),))


def test_the_same_words_read_by_a_better_extractor_are_no_change() -> None:
    shorter = reread(A, "Lumen accused Garnet of copying Prism")
    now = edition(shorter, after=FIRST)
    assert {c.id for c in now.result.claims}.isdisjoint(c.id for c in FIRST.result.claims)
    assert changes(FIRST, now) == ()


def test_the_same_words_read_of_another_party_correct_what_was_told() -> None:
    (extraction,) = A.extractions
    otherwise = replace(extraction, claims=(replace(extraction.claims[0], accused=("basalt",)),))
    found = changes(FIRST, edition(replace(A, extractions=(otherwise,)), after=FIRST))
    change = only(found, "corrected")
    assert change.title.startswith("The tracker now reads otherwise words in Paper A: ")
    assert "claim" not in [item.kind for item in found]


def test_a_party_that_is_known_by_another_name_is_nobody_else() -> None:
    (extraction,) = A.extractions
    claims = (replace(extraction.claims[0], speaker="lumen-labs-inc"),)
    mention = Mention(0, 5, "Lumen", "lumen-labs-inc", "Lumen", "company")
    unknown = replace(A, extractions=(replace(extraction, claims=claims, mentions=(mention,)),))
    before = edition(unknown)
    assert "party:lumen-labs-inc" in before.facts
    assert [c for c in changes(before, edition(A, after=before)) if c.kind in ("corrected", "claim", "event")] == []


APART = story("x", charge("Lumen repeated in May that Garnet had copied Prism.", on="2026-05-05"), on="2026-05-06")
TWO = edition(A, APART)


def test_events_that_people_join_are_no_news_and_nothing_is_gone() -> None:
    merge = EventMerge((anchor(APART),), (anchor(A),), ("2026-05-05-lumen-allegation-garnet", EVENT))
    merged = edition(A, APART, acts=[merge], after=TWO)
    assert len(merged.result.events) == 1 and merged.result.redirects
    assert changes(TWO, merged) == ()


def test_an_event_that_people_part_tells_only_what_is_new() -> None:
    split = EventSplit((anchor(B),), (EVENT,))
    apart = edition(A, B, acts=[split], after=BOTH)
    assert len(apart.result.events) == 2
    assert changes(BOTH, apart) == ()


def test_a_recollection_is_no_change() -> None:
    before = edition(A, APART)
    june = charge("Lumen accused Basalt of copying Prism in June.", accused=("basalt",), on="2026-06-05")
    page = story("j", june, replace(PLAIN, text="It had accused Garnet on the first of March."), on="2026-06-06")
    now = edition(A, APART, page, after=before)
    recalled = [event for event in now.result.events if event.recalled_in]
    assert recalled, "the story recalls an older event"
    assert [change.event_id for change in changes(before, now)] == ["2026-06-05-lumen-allegation-basalt"]


def test_what_was_revised_before_is_not_told_again_when_its_versions_are_read_anew() -> None:
    page = revised(charge("Lumen accused Garnet of using about 26,000 accounts.", figures=(about("accounts", 26_000),)))
    before = edition(page)
    first, second = page.extractions
    shorter = page.versions[0].text[: page.versions[0].text.index(" with about")]
    claim = replace(first.claims[0], end=first.claims[0].start + len(shorter), text=shorter)
    anew = replace(page, extractions=(replace(first, claims=(claim,)), second))
    assert changes(before, edition(anew, after=before)) == ()


# --- what holds of all ------------------------------------------------------------------------------------------

PAGES = (
    A, B, APART, revised(PLAIN),
    story("d", PLAIN, Said("denial", "Garnet denied the charge.", "garnet", ("garnet",)), on="2026-03-04"),
    story("c", charge("Garnet used about 40,000 accounts, Lumen said.", figures=(about("accounts", 40_000),), on=SUNDAY)),
    story("i", Said("government_action", "The Trade Panel opened an investigation into Garnet.", "trade-panel",
                    ("garnet",), on="2026-03-10"), on="2026-03-11"),
)  # fmt: skip


def some(pages: list[StoredDocument]) -> tuple[StoredDocument, ...]:
    return tuple({page.id: page for page in pages}.values())


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(PAGES), unique_by=id), st.lists(st.sampled_from(PAGES), unique_by=id), st.randoms())
def test_between_any_two_editions_the_order_of_facts_does_not_matter(first, second, random) -> None:  # type: ignore[no-untyped-def]
    before = edition(*some(first))
    now = edition(*some([*first, *second]), after=before)
    found = changes(before, now)
    was, facts = list(before.facts.items()), list(now.facts.items())
    random.shuffle(was)
    random.shuffle(facts)
    with open_published(now.body) as published:
        assert find_changes(dict(was), dict(facts), published) == found
        digests = {key: fact.digest for key, fact in before.facts.items()}
        lean = facts_before(digests, now.facts, lambda keys: {key: before.facts[key] for key in keys})
        assert find_changes(lean, now.facts, published) == found
    assert len({(change.kind, change.key) for change in found}) == len(found)
    told_as_new = {change.event_id for change in found if change.kind == "event"}
    parts = ("claim", "figure", "conflict", "sources", "answer")
    assert not told_as_new & {change.event_id for change in found if change.kind in parts}


def test_the_facts_of_one_world_are_the_same_however_its_pages_came() -> None:
    assert edition(B, A).facts == BOTH.facts


def test_a_page_that_was_corrected_before_anybody_was_told_of_it_is_told_as_it_is() -> None:
    other = charge("Lumen said Basalt had copied Prism with about 300 accounts.", accused=("basalt",),
                   figures=(about("accounts", 300),), on="2026-06-05")  # fmt: skip
    fixed = replace(other, text="Lumen said Basalt had copied Prism with about 500 accounts.",
                    figures=(about("accounts", 500),))  # fmt: skip
    page = document("w", Page("2026-06-06", [other]), Page("2026-06-06", [fixed]), publisher="Paper W")
    (change,) = changes(FIRST, edition(A, longer(page, "w"), after=FIRST))
    assert (change.kind, change.after, change.evidence[0].quote) == ("event", "500 accounts", fixed.text)


def test_a_page_that_reported_silence_and_now_a_denial_is_told_as_an_answer_too() -> None:
    silent = Said("no_response", "Garnet did not reply to questions about the accounts.", "garnet", ("garnet",))
    denied = Said("denial", "Garnet denied in its reply to questions about the accounts.", "garnet", ("garnet",))
    before = longer(document("n", Page("2026-03-03", [PLAIN, silent]), publisher="Paper N"), "n")
    pages = (Page("2026-03-03", [PLAIN, silent]), Page("2026-03-03", [PLAIN, denied]))
    now = longer(document("n", *pages, publisher="Paper N"), "n")
    known = edition(A, before)
    found = changes(known, edition(A, now, after=known))
    assert only(found, "answer").after == denied.text
    assert {change.kind for change in found} <= {"answer", "corrected", "vanished"}


def test_two_parties_that_people_join_are_one_voice() -> None:
    page = story("r", charge("Basalt accused Garnet of copying Prism.", speaker="basalt", on=SUNDAY))
    before = edition(page)
    found = changes(before, edition(page, acts=[EntityMerge("basalt", "lumen")], after=before))
    assert [change.kind for change in found if change.kind in ("corrected", "claim", "event", "vanished")] == []


def test_a_database_of_an_older_tracker_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(FIRST.body)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM _tables WHERE name = 'law_stages'")
        connection.commit()
    with open_published(path) as published, pytest.raises(UnreadableInput, match="tracker publish"):
        load_facts(published)


def test_facts_that_are_written_otherwise_are_a_new_beginning() -> None:
    other = replace(FIRST.facts["shape:facts"], digest=2)
    with open_published(BOTH.body) as published:
        assert find_changes(FIRST.facts | {other.key: other}, BOTH.facts, published) == ()


def test_a_page_that_agrees_since_it_was_corrected_is_told_as_corrected_alone() -> None:
    other = charge("Lumen accused Garnet of using 40,000 accounts.", figures=(about("accounts", 40_000),), on=SUNDAY)
    same = charge("Lumen accused Garnet of using 24,000 accounts.", figures=(about("accounts", 24_000),), on=SUNDAY)
    before = edition(A, longer(document("c", Page("2026-03-02", [other]), publisher="Paper C"), "c"))
    pages = (Page("2026-03-02", [other]), Page("2026-03-02", [same]))
    now = edition(A, longer(document("c", *pages, publisher="Paper C"), "c"), after=before)
    assert told(before, now) == ["corrected"]


def test_a_known_correction_is_not_told_again_when_its_new_words_are_read_otherwise() -> None:
    page = revised(charge("Lumen accused Garnet of using about 26,000 accounts.", figures=(about("accounts", 26_000),)))
    before = edition(page)
    assert "corrected" in told(FIRST, before)
    first, second = page.extractions
    claim = second.claims[0]
    shorter = claim.text.removesuffix(" accounts.")
    anew = replace(second, claims=(replace(claim, end=claim.start + len(shorter), text=shorter),))
    now = edition(replace(page, extractions=(first, anew)), after=before)
    assert before.facts.keys() != now.facts.keys()
    assert changes(before, now) == ()


def test_a_denial_that_is_an_event_of_its_own_is_told_as_the_answer_that_it_is() -> None:
    denied = Said("denial", "Garnet denied on Tuesday that it had copied Prism.", "garnet", ("garnet",),
                  target=("prism",), on="2026-03-10")  # fmt: skip
    recalled = charge("Lumen had accused Garnet of copying Prism on March 1.", on=SUNDAY)
    now = edition(A, story("e", denied, recalled, on="2026-03-10"), after=FIRST)
    assert [event.type for event in now.result.events] == ["allegation", "denial"]
    assert told(FIRST, now) == ["answer", "sources", "sources"]
    alone = edition(A, story("e", denied, on="2026-03-10"), after=FIRST)
    assert told(FIRST, alone) == ["event"]


def test_an_event_that_is_told_under_another_id_is_not_gone() -> None:
    renamed = {f"event:{EVENT}-2" if key == f"event:{EVENT}" else key: fact for key, fact in FIRST.facts.items()}
    with open_published(FIRST.body) as published:
        assert find_changes(renamed, FIRST.facts, published) == ()
