"""Small worlds, one phenomenon each: which documents tell of one happening, and which happenings one document tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tracker.reconcile import make_records, reconcile
from tracker.reconcile.dates import day
from tracker.reconcile.entities import Parties
from tracker.reconcile.gists import Gist, gist_of
from tracker.reconcile.grouping import make_reports
from tracker.reconcile.matching import same_happening, weigh
from tracker.reconcile.reports import Report
from tracker.reconcile.tellings import telling_of
from tracker.types import Extraction, Reconciled, StoredDocument, Version

from .builders import GAZETTEER, Page, Said, about, charge, document, over


def groups(*documents: StoredDocument) -> list[tuple[str, ...]]:
    """The documents of each event, the same whatever order the documents come in."""
    found = sorted(e.document_ids for e in reconcile(documents, GAZETTEER, Reconciled()).events)
    assert found == sorted(e.document_ids for e in reconcile(documents[::-1], GAZETTEER, Reconciled()).events)
    return found


def types(*documents: StoredDocument) -> list[str]:
    return sorted(event.type for event in reconcile(documents, GAZETTEER, Reconciled()).events)


def recalled(*documents: StoredDocument) -> list[int]:
    return [len(event.recalled_in) for event in reconcile(documents, GAZETTEER, Reconciled()).events]


def denial(text: str = "Garnet denied it.", **changes: object) -> Said:
    return Said("denial", text, **{"speaker": "garnet", "accused": ("garnet",), **changes})  # type: ignore[arg-type]


def bill(text: str, **changes: object) -> Said:
    return Said("legislation", text, **{"speaker": "trade-panel", "laws": ("bill-77",), **changes})  # type: ignore[arg-type]


def probe(text: str = "The ministry opened an inquiry into Garnet.", **changes: object) -> Said:
    values: dict[str, object] = {"speaker": "atlantis-ministry", "accused": ("garnet",), **changes}
    return Said("government_action", text, **values)  # type: ignore[arg-type]


def suit(text: str = "Lumen sued Garnet.", **changes: object) -> Said:
    return Said("legal_action", text, **{"speaker": "lumen", "accused": ("garnet",), **changes})  # type: ignore[arg-type]


# --- many documents, one happening -------------------------------------------------------------------------------


def test_one_letter_and_sixty_stories() -> None:
    lines = ("Lumen accused Garnet in a letter, story {}.", "Garnet drained Prism, Lumen wrote, says paper {}.")
    pages = [
        document(f"d{n:02}", Page(f"2026-06-{24 + n % 3}", [charge(lines[n % 2].format(n), on="2026-06-10")]))
        for n in range(60)
    ]
    assert [len(found) for found in groups(*pages)] == [60]


def test_the_figure_with_and_without_its_qualifier() -> None:
    told = [("a", over("accounts", 24_000)), ("b", about("accounts", 24_000)), ("c", about("accounts", 24_500))]
    pages = [document(n, Page("2026-03-03", [charge(f"Lumen counts, {n}.", figures=(f,))])) for n, f in told]
    assert groups(*pages) == [("a", "b", "c")]


def test_a_story_without_a_speaker_joins_by_two_figures() -> None:
    figures = (about("accounts", 24_000), over("exchanges", 16_000_000))
    named = document("a", Page("2026-03-03", [charge(figures=figures)]))
    nameless = document(
        "b", Page("2026-03-04", [charge("Garnet used 24,000 accounts.", speaker=None, figures=figures)])
    )
    assert groups(named, nameless) == [("a", "b")]


def test_a_laboratory_is_named_in_one_story_and_its_owner_in_another() -> None:
    lab = document("a", Page("2026-03-03", [charge("Lumen accused the lab.", accused=("basalt-research",))]))
    owner = document("b", Page("2026-03-04", [charge("Lumen accused Basalt.", accused=("basalt",))]))
    assert groups(lab, owner) == [("a", "b")]


def test_last_weeks_letter_dated_by_one_story_alone() -> None:
    dated = document("a", Page("2026-03-04", [charge("In a letter of March 2 Lumen accused Garnet.", on="2026-03-02")]))
    weekly = document("b", Page("2026-03-10", [charge("Lumen accuses Garnet, and the town talks.")]))
    assert groups(dated, weekly) == [("a", "b")]


def test_a_person_and_the_body_that_the_person_speaks_for() -> None:
    body = document("a", Page("2026-03-04", [probe(on="2026-03-03")]))
    person = probe("Ada Reyes announced an inquiry.", speaker="ada-reyes", speaks_for="atlantis-ministry")
    assert groups(body, document("b", Page("2026-03-04", [replace(person, on="2026-03-03")]))) == [("a", "b")]


def test_a_correction_of_the_page_is_no_second_happening() -> None:
    before = Page("2026-05-22", [charge("Lumen found 8,000 accounts of Garnet.", figures=(about("accounts", 8000),))])
    after = Page("2026-05-22", [charge("Lumen found 800 accounts of Garnet.", figures=(about("accounts", 800),))])
    assert groups(document("a", before, after)) == [("a",)]


def test_joint_speakers_of_one_charge_are_one_happening() -> None:
    words = "Lumen and Basalt told lawmakers that Garnet raided them."
    said = [charge(words, speaker=who, target=(what,)) for who, what in (("lumen", "prism"), ("basalt", "other"))]
    assert groups(document("a", Page("2026-04-14", said))) == [("a",)]


# --- like, and not the same --------------------------------------------------------------------------------------


def test_a_follow_up_a_week_later_recalls_the_charge_and_leads_with_its_own_matter() -> None:
    first = document("a", Page("2026-03-03", [charge(on="2026-03-02")]))
    lead = Said("company_action", "Garnet bars its staff from Prism.", "garnet", on="2026-03-09")
    again = charge("On March 2 Lumen had accused Garnet.", on="2026-03-02")
    later = document("b", Page("2026-03-10", [lead, again], gap=900))
    assert groups(first, later) == [("a",), ("b",)]
    assert recalled(first, later) == [1, 0]


def test_the_same_parties_with_a_new_charge_months_later() -> None:
    first = document("a", Page("2026-03-03", [charge(on="2026-03-02", figures=(about("accounts", 24_000),))]))
    second = document("b", Page("2026-06-25", [charge(on="2026-06-24", figures=(over("accounts", 90_000),))]))
    assert groups(first, second) == [("a",), ("b",)]


def test_the_same_figures_against_another_accused() -> None:
    figures = (about("accounts", 24_000),)
    one = document("a", Page("2026-03-03", [charge(figures=figures)]))
    other = document("b", Page("2026-03-03", [charge("Lumen accused Basalt.", accused=("basalt",), figures=figures)]))
    assert groups(one, other) == [("a",), ("b",)]


def test_what_the_accused_does_in_turn_is_not_the_charge_however_alike_the_stories() -> None:
    parties = Parties(GAZETTEER)

    def lead(page: StoredDocument) -> Report:
        return make_reports(page, make_records([page]), parties)[0]

    bar = Said("company_action", "Garnet AI bars its staff in Lemuria from Prism.", "garnet")
    charged = lead(document("a", Page("2026-07-03", [charge(on="2026-06-10")])))
    misread = lead(document("b", Page("2026-07-03", [charge(speaker="basalt")])))
    acted = lead(document("c", Page("2026-07-03", [bar]), publisher="Courier"))
    story = telling_of(*_parts(document("d", Page("2026-07-03", [charge(figures=(about("accounts", 24_317),)), bar]))))
    story = replace(story, words=frozenset(f"word{n}" for n in range(80)))
    charged, misread, acted = (replace(one, telling=story, main=True) for one in (charged, misread, acted))
    assert weigh(charged, misread, parties) is not None, "one story, with a speaker misread"
    assert weigh(charged, acted, parties) is None
    assert weigh(acted, charged, parties) is None


def _parts(page: StoredDocument) -> tuple[Version, Extraction, list[tuple[int, int]]]:
    return page.versions[0], page.extractions[0], []


def test_two_accusers_of_one_company_in_one_week() -> None:
    one = document("a", Page("2026-03-03", [charge(on="2026-03-02")]))
    other = document("b", Page("2026-03-03", [charge("Basalt accused Garnet.", speaker="basalt", on="2026-03-02")]))
    assert groups(one, other) == [("a",), ("b",)]


def test_a_charge_and_its_counter_charge() -> None:
    one = document("a", Page("2026-03-03", [charge(on="2026-03-02")]))
    back = charge("Garnet accused Lumen.", speaker="garnet", accused=("lumen",), target=(), on="2026-03-05")
    assert groups(one, document("b", Page("2026-03-06", [back]))) == [("a",), ("b",)]


def test_the_stages_of_a_bill() -> None:
    tabled = document(
        "a", Page("2026-04-16", [bill("Ada Reyes tabled H.R. 77.", speaker="ada-reyes", on="2026-04-15")])
    )
    voted = document("b", Page("2026-04-23", [bill("The panel approved H.R. 77.", on="2026-04-22")]))
    assert groups(tabled, voted) == [("a",), ("b",)]


def test_a_vote_with_the_bills_introduction_as_background() -> None:
    tabled = bill("Ada Reyes had tabled it the week before.", speaker="ada-reyes", on="2026-04-13..2026-04-19")
    voted = bill("The panel approved H.R. 77.", on="2026-04-22")
    assert groups(document("a", Page("2026-04-23", [voted, tabled], gap=300))) == [("a",)]


def test_an_inquiry_is_not_the_charge_that_led_to_it() -> None:
    charged = document("a", Page("2026-03-03", [charge(on="2026-03-02")]))
    opened = document("b", Page("2026-03-05", [probe(on="2026-03-04"), charge("Lumen had complained.")]))
    assert groups(charged, opened) == [("a",), ("b",)]


# --- answers -----------------------------------------------------------------------------------------------------


def test_silence_on_wednesday_and_denial_on_friday() -> None:
    silence = Said("no_response", "Garnet did not reply.", "garnet", ("garnet",))
    first = document("a", Page("2026-03-04", [charge(on="2026-03-03"), silence]))
    second = document("b", Page("2026-03-06", [denial("On Friday Garnet denied it.", on="2026-03-06")]))
    assert groups(first, second) == [("a",), ("b",)]
    events = reconcile([first, second], GAZETTEER, Reconciled()).events
    assert [answer.kind for answer in events[0].answers if answer.party == "garnet"] == ["no_response"]


def test_a_denial_days_later_is_one_happening_in_two_papers() -> None:
    pages = [document(n, Page("2026-03-10", [denial(f"Garnet denied it, {n}.", on="2026-03-09")])) for n in "ab"]
    first = document("c", Page("2026-03-03", [charge(on="2026-03-02")]))
    assert groups(first, *pages) == [("a", "b"), ("c",)]


@pytest.mark.parametrize("lead", [probe(on="2026-03-04"), suit(on="2026-03-04"), charge(on="2026-03-04")])
def test_what_the_accused_say_in_the_same_story_is_an_answer(lead: Said) -> None:
    assert groups(document("a", Page("2026-03-05", [lead, denial()], gap=300))) == [("a",)]


def test_what_the_founder_admits_in_the_story_of_the_fine_is_no_second_happening() -> None:
    fine = probe("The ministry fined Garnet.", on="2026-03-04")
    admitted = Said("admission", "Ada Reyes conceded it to the inquiry.", "ada-reyes", ("garnet",))
    assert types(document("a", Page("2026-03-05", [fine, admitted], gap=300))) == ["government_action"]


def test_what_an_embassy_says_is_a_happening_beside_the_charge() -> None:
    accused = charge("The Palace accused Basalt.", speaker="lemuria-palace", accused=("basalt",), on="2026-04-23")
    embassy = Said("denial", "The embassy called it slander.", "atlantis-embassy", ("basalt",))
    assert types(document("a", Page("2026-04-24", [accused, embassy], gap=300))) == ["allegation", "denial"]


def test_a_charge_thrown_back_without_a_day_is_an_answer_of_its_document() -> None:
    back = charge("Lumen copies too, says Garnet.", speaker="garnet", accused=("lumen",), target=())
    assert groups(document("a", Page("2026-03-03", [charge(on="2026-03-02"), back], gap=300))) == [("a",)]


# --- what stands behind, what is recalled ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lead", [probe(on="2026-03-04"), suit("A court ruled against Garnet.", speaker="trade-panel", on="2026-03-04")]
)
def test_the_charge_behind_an_inquiry_or_a_ruling_makes_no_happening_of_its_own(lead: Said) -> None:
    behind = charge("Lumen says that Garnet ran 900 accounts.", figures=(about("accounts", 900),))
    page = Page("2026-03-05", [lead, behind], title="Lumen's case against Garnet goes on", gap=300)
    assert groups(document("a", page)) == [("a",)]


def test_last_week_beside_todays_news_is_background() -> None:
    lead = Said("admission", "On Thursday Ada Reyes conceded copying.", "ada-reyes", ("basalt",), on="2026-04-30")
    memo = Said("government_action", "Last week the Palace sent a memo.", "lemuria-palace", on="2026-04-20..2026-04-26")
    before = document(
        "a", Page("2026-04-24", [Said("government_action", "A memo.", "lemuria-palace", on="2026-04-23")])
    )
    after = document("b", Page("2026-05-01", [lead, memo], gap=300))
    assert groups(before, after) == [("a",), ("b",)]
    assert recalled(before, after) == [1, 0]


def test_in_february_it_accused_is_a_mention_of_the_old_event() -> None:
    old = document("a", Page("2026-02-24", [charge(on="2026-02-23")]))
    lead = bill("The panel approved H.R. 77.", on="2026-04-22")
    mention = charge("In February Lumen accused Garnet.", on="2026-02-01..2026-02-28", on_text="February")
    new = document("b", Page("2026-04-23", [lead, mention], gap=300))
    assert (groups(old, new), recalled(old, new)) == ([("a",), ("b",)], [1, 0])


def test_a_mention_of_what_nobody_reported_makes_no_event() -> None:
    mention = charge("In February Lumen accused Garnet.", on="2026-02-01..2026-02-28", on_text="February")
    new = document("b", Page("2026-04-23", [bill("The panel approved H.R. 77.", on="2026-04-22"), mention], gap=300))
    assert types(new) == ["legislation"]


def test_a_suit_mentioned_once_and_without_a_day_has_no_day_to_stand_under() -> None:
    lead = Said("company_action", "Basalt bars its staff from Garnet's tool.", "basalt", on="2026-01-21")
    assert types(document("a", Page("2026-01-22", [lead, suit()], gap=300))) == ["company_action"]


def test_what_two_documents_mention_is_a_happening() -> None:
    plan = bill("Ada Reyes drafts an amendment.", speaker="ada-reyes", laws=())
    pages = [document(n, Page("2026-06-25", [charge(f"Lumen, {n}.", on="2026-06-24"), plan], gap=300)) for n in "ab"]
    assert types(*pages) == ["allegation", "legislation"]


# --- several in one document -------------------------------------------------------------------------------------


def test_a_round_up_with_four_happenings_joins_each_to_its_own() -> None:
    own = {
        "a": charge(on="2026-07-06"),
        "b": probe("The ministry fined Basalt.", accused=("basalt",), on="2026-07-07"),
        "c": bill("The panel approved H.R. 77.", on="2026-07-08"),
        "d": Said("company_action", "Basalt bars its staff from Prism.", "basalt", on="2026-07-09"),
    }
    single = [document(n, Page("2026-07-10", [said])) for n, said in own.items()]
    newsletter = document("e", Page("2026-07-12", list(own.values())))
    assert groups(*single, newsletter) == [("a", "e"), ("b", "e"), ("c", "e"), ("d", "e")]


def test_an_admission_and_the_settlement_of_the_next_day() -> None:
    admitted = Said("admission", "On Thursday Garnet admitted it.", "garnet", ("garnet",), on="2026-05-07")
    settled = Said("legal_action", "On Friday the two settled.", "basalt", on="2026-05-08")
    assert types(document("a", Page("2026-05-08", [admitted, settled], gap=300))) == ["admission", "legal_action"]


def test_what_else_somebody_in_the_lead_did_is_news_where_two_documents_tell_it() -> None:
    elsewhere = suit("On Tuesday Garnet sued the ministry.", speaker="garnet", accused=(), on="2026-03-03")
    pages = [document(n, Page("2026-03-05", [charge(on="2026-03-04"), elsewhere], gap=300)) for n in "ab"]
    assert types(pages[0]) == ["allegation"]
    assert types(*pages) == ["allegation", "legal_action"]
    of_others = replace(elsewhere, speaker="basalt")
    page = Page("2026-03-05", [charge(on="2026-03-04"), of_others], gap=300)
    assert types(document("c", page)) == ["allegation", "legal_action"]


def test_what_the_headline_names_without_a_day_is_told_beside_the_lead() -> None:
    lead = charge("Lumen accused Garnet on Monday.", on="2026-03-02")
    bars = Said("company_action", "Basalt has since barred its staff from Prism.", "basalt")
    page = Page("2026-03-04", [lead, bars], title="Basalt wary of Prism", gap=300)
    assert types(document("a", page)) == ["allegation"]


def test_a_charge_without_a_speaker_on_the_passage_of_a_deed_is_told_with_it() -> None:
    words = "Lumen found and closed accounts of Garnet."
    closed = Said("company_action", words, "lumen", on="2026-03-02")
    nobody = charge(words, speaker=None, on="2026-03-02")
    assert groups(document("a", Page("2026-03-03", [closed, nobody]))) == [("a",)]


# --- misread, and yet the same story -----------------------------------------------------------------------------

_STORY = (
    "The letter to the two senators speaks of twenty-nine million exchanges with Prism and of accounts under invented "
    "names, paid through a broker whose office is a letterbox above a bakery in Harrowgate. Engineers noticed the "
    "pattern on a bank holiday, when honest customers were asleep, and traced the cards to a warehouse near the docks."
)
_OTHER = (
    "Regulators in the capital published draft rules on household appliances, among them kettles, toasters and ovens "
    "that listen. Manufacturers have until autumn to comment, and consumer groups asked for sturdier plugs, longer "
    "guarantees and a telephone number where somebody answers before the soup boils over on a Sunday evening."
)


def story(name: str, said: Said, words: str = _STORY, on: str = "2026-06-25") -> StoredDocument:
    return document(name, Page(on, [replace(said, text=f"{said.text} {words}")]))


def test_a_misread_speaker_does_not_part_two_accounts_of_one_story() -> None:
    misread = charge("A letter accuses Garnet.", speaker="ada-reyes")
    assert groups(story("a", charge()), story("b", misread)) == [("a", "b")]


def test_a_lost_accused_does_not_part_two_accounts_of_one_story() -> None:
    counted = (about("exchanges", 29_000_000),)
    lost = charge("A letter accuses.", speaker=None, accused=(), target=(), figures=counted)
    assert groups(story("a", charge(figures=counted)), story("b", lost)) == [("a", "b")]


def test_a_misread_speaker_in_another_story_stays_apart() -> None:
    misread = charge("A letter accuses Garnet.", speaker="ada-reyes")
    assert groups(story("a", charge()), story("b", misread, words=_OTHER)) == [("a",), ("b",)]


def test_the_same_words_against_another_accused_are_never_one_charge() -> None:
    other = charge("Lumen accused Basalt.", accused=("basalt",))
    assert groups(story("a", charge()), story("b", other)) == [("a",), ("b",)]


def test_the_same_words_a_month_later_are_another_story() -> None:
    misread = charge("A letter accuses Garnet.", speaker="ada-reyes")
    assert groups(story("a", charge()), story("b", misread, on="2026-07-28")) == [("a",), ("b",)]


# --- one thing misread -------------------------------------------------------------------------------------------

_COUNTED = (about("exchanges", 29_000_000),)


def test_who_accuses_whom_the_wrong_way_round_is_told_by_the_figure() -> None:
    turned = charge("Garnet fell after the charge.", speaker="garnet", accused=("lumen",), figures=_COUNTED)
    assert groups(story("a", charge(figures=_COUNTED)), story("b", turned)) == [("a", "b")]
    thrown_back = charge("Garnet said Lumen copies too.", speaker="garnet", accused=("lumen",), target=())
    assert groups(story("a", charge(figures=_COUNTED)), story("b", thrown_back)) == [("a",), ("b",)]


@pytest.mark.parametrize(("named", "events"), [(("garnet",), 1), ((), 2)])
def test_another_accused_in_the_same_story_is_misread_where_each_names_both(
    named: tuple[str, ...], events: int
) -> None:
    one = charge("Lumen accused Garnet, as Basalt had.", models=("garnet", "basalt"))
    other = charge("Lumen accused Garnet, as Basalt had.", accused=("basalt",), models=named)
    assert len(groups(story("a", one), story("b", other))) == events


def test_another_speaker_with_the_same_accused_and_figure_is_misread() -> None:
    one = document("a", Page("2026-03-03", [charge(figures=_COUNTED, on="2026-03-02")]))
    misread = charge("A firm says 29 million.", speaker="basalt", figures=_COUNTED, on="2026-03-02")
    assert groups(one, document("b", Page("2026-03-03", [misread]))) == [("a", "b")]
    another = replace(misread, figures=(about("exchanges", 3_000_000),))
    assert groups(one, document("b", Page("2026-03-03", [another]))) == [("a",), ("b",)]


def test_one_act_on_one_day_in_one_story_has_one_kind() -> None:
    act = Said("government_action", "The panel opened an inquiry.", "trade-panel", on="2026-06-24")
    as_bill = Said("legislation", "The panel opened an inquiry.", "trade-panel", on="2026-06-24")
    assert groups(story("a", act), story("b", as_bill)) == [("a", "b")]
    assert groups(story("a", act), story("b", replace(as_bill, on="2026-06-23"))) == [("a",), ("b",)]


def test_one_story_of_one_days_press_has_one_kind_but_for_a_charge_and_its_denial() -> None:
    act = Said("government_action", "The panel opened an inquiry.", "trade-panel")
    as_bill = Said("legislation", "The panel opened an inquiry.", "trade-panel")
    assert groups(story("a", act), story("b", as_bill, on="2026-06-26")) == [("a", "b")]
    assert groups(story("a", act), story("b", as_bill, on="2026-06-28")) == [("a",), ("b",)]
    assert groups(story("a", charge()), story("b", denial())) == [("a",), ("b",)]


def test_one_figure_in_one_story_of_one_days_press_is_one_charge() -> None:
    one = story("a", charge("They took 29 million.", figures=_COUNTED))
    other = charge("They took 29 million.", accused=("basalt",), figures=_COUNTED)
    assert groups(one, story("b", other)) == [("a", "b")]
    assert groups(one, story("b", other, on="2026-06-28")) == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("short", "full", "are_one"),
    [
        ("larkmoor", "larkmoor-ai", True),
        ("grupo-sellamar", "sellamar-group", True),
        ("oyelaran", "emmett-oyelaran", True),
        ("ada-oyelaran", "emmett-oyelaran", False),
        ("larkmoor-cloud", "larkmoor", False),
        ("lumen-group", "lumen", False),
        ("old-basalt", "basalt", False),  # the gazetteer knows each name of what it has
    ],
)
def test_an_unknown_name_may_be_longer_in_one_text_than_in_another(short: str, full: str, are_one: bool) -> None:
    parties = Parties(GAZETTEER)
    assert parties.related(short, full) == parties.related(full, short) == are_one
    pages = [
        document(n, Page("2026-03-03", [charge("Drained.", accused=(who,))])) for n, who in (("a", short), ("b", full))
    ]
    assert (len(groups(*pages)) == 1) == are_one


def test_nobody_can_tell_whether_names_in_two_scripts_are_one() -> None:
    parties = Parties(GAZETTEER)
    assert not parties.contradict(["x-80e9a048"], ["larkmoor-ai"])
    assert parties.contradict(["x-80e9a048"], ["x-1ab9545d"])
    assert parties.contradict(["x-80e9a048"], ["garnet"])
    assert parties.contradict(["larkmoor-ai"], ["sellamar-group"])
    here = story("a", charge(accused=("larkmoor-ai",)))
    assert groups(here, story("b", charge(accused=("x-80e9a048",)))) == [("a", "b")]


@pytest.mark.parametrize(
    ("further", "events"),
    [
        (charge("On Tuesday Basalt said so too.", speaker="basalt", on="2026-03-03"), 1),
        (charge("It is 29 million, said Ada Reyes.", speaker="ada-reyes", figures=_COUNTED, on="2026-03-03"), 1),
        (charge("Basalt counted 3 million.", speaker="basalt", figures=(about("exchanges", 3e6),), on="2026-03-03"), 2),
        (charge("Basalt accused Atlantis.", speaker="basalt", accused=("atlantis",), on="2026-03-03"), 2),
        (charge("It made 29 million.", speaker="garnet", accused=(), target=(), on="2026-03-03"), 1),
        (charge("Garnet accused Lumen.", speaker="garnet", accused=("lumen",), target=(), on="2026-03-03"), 2),
    ],
)
def test_what_a_document_says_over_further_down_is_its_lead(further: Said, events: int) -> None:
    lead = charge("Lumen accused Garnet of 29 million exchanges.", figures=_COUNTED, on="2026-03-02")
    assert len(groups(document("a", Page("2026-03-04", [lead, further], gap=300)))) == events


def test_a_document_that_leads_with_something_old_has_its_first_act_for_news() -> None:
    past = charge("In October Basalt accused Lumen.", speaker="basalt", accused=("lumen",), on="2025-10-01..2025-10-31")
    told = charge("Lumen says that Garnet copied Prism.")
    late = document("b", Page("2026-03-04", [past, told], gap=300))
    assert groups(document("a", Page("2026-03-03", [charge()])), late) == [("a", "b")]


@pytest.mark.parametrize(
    ("further", "told_once", "told_twice"),
    [
        (Said("legal_action", "A judge ruled on Monday.", "ada-reyes", on="2026-03-02"), 1, 2),
        (Said("legal_action", "A judge ruled on Tuesday.", "ada-reyes", on="2026-03-03"), 2, 2),
        (Said("legislation", "The panel took up a bill.", "trade-panel", on="2026-03-02"), 2, 2),
    ],
)
def test_a_deed_of_the_leads_kind_and_day_is_news_where_two_documents_tell_it(
    further: Said, told_once: int, told_twice: int
) -> None:
    lead = charge("Lumen accused Garnet.", on="2026-03-02")
    pages = [document(name, Page("2026-03-04", [lead, further], gap=300)) for name in "ab"]
    assert len(groups(pages[0])) == told_once
    assert len(groups(*pages)) == told_twice


def test_beside_a_lead_without_a_day_yesterdays_deed_may_be_the_lead() -> None:
    lead = suit("The court refused Lumen an order.", speaker="trade-panel", accused=())
    held = Said("legal_action", "Judge Reyes held that money would do.", "ada-reyes", on="2026-03-03")
    assert len(groups(document("a", Page("2026-03-04", [lead, held], gap=300)))) == 1
    before = replace(held, on="2026-02-28")
    assert len(groups(document("a", Page("2026-03-04", [lead, before], gap=300)))) == 2


def test_who_is_accused_does_not_bring_the_charge_against_what_it_does_itself() -> None:
    fell = charge("Garnet fell after Lumen accused it.", speaker="garnet", on="2026-03-02")
    accused = document("a", Page("2026-03-03", [fell, replace(fell, speaker="lumen")]))
    bars = Said("company_action", "Garnet bars its staff from Prism.", "garnet")
    assert groups(accused, document("b", Page("2026-03-07", [bars]))) == [("a",), ("b",)]


def test_one_voice_in_one_story_of_one_days_press_accuses_one_where_the_other_accused_speaks_or_was_copied() -> None:
    said = denial("Garnet answered the charge.", accused=("lumen",))
    as_charge = charge("Garnet answered the charge.", speaker="garnet", accused=("garnet",))
    assert groups(story("a", said), story("b", as_charge)) == [("a", "b")]
    assert groups(story("a", said), story("b", as_charge, on="2026-06-28")) == [("a",), ("b",)]
    counted, more = (replace(one, figures=(about("accounts", n),)) for one, n in ((said, 4_000), (as_charge, 90_000)))
    assert groups(story("a", counted), story("b", more)) == [("a",), ("b",)]


def test_each_may_name_whom_the_other_accuses_more_fully() -> None:
    one = charge("Lumen accused them.", accused=("larkmoor",), models=("larkmoor", "sellamar-group"))
    other = charge("Lumen accused them.", accused=("sellamar",), models=("larkmoor-ai", "sellamar"))
    assert groups(story("a", one), story("b", other)) == [("a", "b")]
    neither = replace(other, models=("sellamar",))
    assert groups(story("a", one), story("b", neither)) == [("a",), ("b",)]


def test_one_story_of_one_days_press_happened_on_one_day_whatever_day_was_read() -> None:
    parties = Parties(GAZETTEER)

    def told(on: str, published: str, said: Said) -> Gist:
        page = story("a", said, on=published)
        (report,) = make_reports(page, make_records([page]), parties)
        return replace(gist_of(report, parties), dates=(day(date.fromisoformat(on)),))

    def are_one(said: Said, published: str) -> bool:
        here, there = told("2026-06-20", "2026-06-25", said), told("2026-02-02", published, said)
        return same_happening(there, here, here, parties) is not None

    assert are_one(charge(), "2026-06-26")
    assert not are_one(charge(), "2026-06-28")
    assert not are_one(bill("The panel sent the bill on."), "2026-06-26")  # another stage
