"""Which claims become one event, which become two, and which none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tracker.reconcile import reconcile
from tracker.types import DateMention, Event, Mention, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over


def run(*documents: StoredDocument) -> Reconciled:
    return reconcile(documents, GAZETTEER, Reconciled())


def documents_of(result: Reconciled) -> list[tuple[str, ...]]:
    return sorted(event.document_ids for event in result.events)


def only_event(result: Reconciled) -> Event:
    (event,) = result.events
    return event


def test_stories_of_one_charge_are_one_event_dated_by_the_one_that_gives_a_day() -> None:
    result = run(
        document(
            "a", Page("2026-03-03", [charge("On Monday Lumen accused Garnet.", on="2026-03-02", basis="relative")])
        ),
        document("b", Page("2026-03-04", [charge("Garnet copied Prism, Lumen says.")])),
        document("c", Page("2026-03-06", [charge("Lumen's quarrel with Garnet goes on.")])),
    )
    event = only_event(result)
    assert event.document_ids == ("a", "b", "c")
    assert (event.from_on, event.to_on, event.date_basis) == (date(2026, 3, 2), date(2026, 3, 2), "relative")


def test_without_any_stated_day_the_first_publication_dates_the_event() -> None:
    event = only_event(run(*(document(n, Page(f"2026-03-0{d}", [charge()])) for n, d in (("a", 5), ("b", 4)))))
    assert (event.from_on, event.date_basis) == (date(2026, 3, 4), "publication")


def test_the_precise_day_that_most_documents_support_wins() -> None:
    said = [("a", "2026-03-02", "2026-03-03"), ("b", "2026-03-02", "2026-03-04"), ("c", "2026-03-03", "2026-03-04")]
    docs = [document(n, Page(pub, [charge(f"Lumen accused Garnet, says {n}.", on=on)])) for n, on, pub in said]
    docs.append(document("d", Page("2026-03-09", [charge("Last week Lumen spoke.", on="2026-03-02..2026-03-08")])))
    event = only_event(run(*docs))
    assert event.document_ids == ("a", "b", "c", "d")
    assert (event.from_on, event.to_on) == (date(2026, 3, 2), date(2026, 3, 2))


def test_how_long_the_deed_lasted_is_not_when_it_was_alleged() -> None:
    text = "From June 2 to June 19 Garnet drained Prism, Lumen wrote."
    lasted = charge(text, on="2026-06-02..2026-06-19", on_text="From June 2 to June 19")
    event = only_event(run(document("a", Page("2026-06-24", [lasted]))))
    assert (event.from_on, event.date_basis) == (date(2026, 6, 24), "publication")


def test_other_accused_other_speaker_other_week_other_event() -> None:
    result = run(
        document("a", Page("2026-03-03", [charge(on="2026-03-02")])),
        document("b", Page("2026-03-03", [charge("Lumen accused Basalt.", accused=("basalt",), on="2026-03-02")])),
        document("c", Page("2026-03-03", [charge("Basalt accused Garnet.", speaker="basalt", on="2026-03-02")])),
        document("d", Page("2026-05-04", [charge("Lumen accused Garnet again.", on="2026-05-04")])),
    )
    assert documents_of(result) == [("a",), ("b",), ("c",), ("d",)]


def test_a_laboratory_and_its_owner_are_one_accused() -> None:
    owner = Page("2026-03-02", [charge("Lumen accused Basalt.", accused=("basalt",))])
    lab = Page("2026-03-02", [charge("Lumen accused Basalt's laboratory.", accused=("basalt-research",))])
    assert documents_of(run(document("a", owner), document("b", lab))) == [("a", "b")]
    assert documents_of(run(document("a", lab), document("b", owner))) == [("a", "b")]


def test_the_day_of_a_letter_and_the_day_that_it_came_to_light_are_one_event() -> None:
    counted = (over("exchanges", 3_200_000),)
    result = run(
        document(
            "a",
            Page(
                "2026-06-24", [charge("In a letter of June 10 Lumen accused Garnet.", on="2026-06-10", figures=counted)]
            ),
        ),
        document(
            "b",
            Page(
                "2026-06-25",
                [
                    charge(
                        "Lumen on Wednesday accused Garnet.", on="2026-06-24", figures=(about("exchanges", 3_300_000),)
                    )
                ],
            ),
        ),
        document("c", Page("2026-06-26", [charge("Lumen accuses Garnet of a raid on Prism.")])),
    )
    event = only_event(result)
    assert event.document_ids == ("a", "b", "c")
    assert event.from_on == date(2026, 6, 10)


def test_background_is_recalled_in_the_old_event_and_makes_none() -> None:
    old = document("a", Page("2026-02-03", [charge(on="2026-02-02")]))
    recall = charge(
        "In February Lumen had accused Garnet of copying Prism.", on="2026-02-01..2026-02-28", on_text="February"
    )
    lead = Said(
        "legislation", "The Trade Panel approved H.R. 77 on Tuesday.", "trade-panel", on="2026-06-02", laws=("bill-77",)
    )
    new = document("b", Page("2026-06-03", [lead, recall]))
    result = run(old, new)
    charged, passed = result.events
    assert charged.document_ids == ("a",)
    assert passed.document_ids == ("b",)
    (recalled,) = charged.recalled_in
    assert next(r.claim.text for r in result.claims if r.id == recalled) == recall.text
    alone = run(new)
    assert [event.type for event in alone.events] == ["legislation"]
    assert len(alone.claims) == 2


def test_a_late_undated_charge_that_is_known_already_is_a_recollection() -> None:
    old = document("a", Page("2026-02-03", [charge(on="2026-02-02", figures=(about("accounts", 24_000),))]))
    late = charge("Lumen's own count is some 24,000 accounts.", figures=(about("accounts", 24_000),))
    lead = Said(
        "admission",
        "On Friday Ada Reyes conceded copying.",
        "ada-reyes",
        ("basalt",),
        on="2026-06-05",
        speaks_for="basalt",
    )
    result = run(old, document("b", Page("2026-06-06", [lead, late], gap=900)))
    assert documents_of(result) == [("a",), ("b",)]
    assert len(result.events[0].recalled_in) == 1


def test_background_and_irrelevant_documents_report_nothing() -> None:
    assert run(document("a", Page("2026-03-02", [charge()], relevance="background"))).events == ()
    assert run(document("b", Page("2026-03-02", [charge()], relevance="irrelevant"))).events == ()


def test_silence_is_no_event_and_a_statement_only_where_nothing_else_is() -> None:
    silence = Said("no_response", "Garnet did not reply.", "garnet", ("garnet",))
    warning = Said("statement", "Ada Reyes warned of copies.", "ada-reyes")
    nameless = Said("statement", "Experts warned.")
    assert run(document("a", Page("2026-03-02", [silence]))).events == ()
    assert run(document("a", Page("2026-03-02", [nameless]))).events == ()
    assert [e.type for e in run(document("a", Page("2026-03-02", [nameless, warning]))).events] == ["statement"]
    assert [e.type for e in run(document("a", Page("2026-03-02", [charge(), warning]))).events] == ["allegation"]


def test_a_document_without_a_day_makes_no_event_up() -> None:
    assert run(document("a", Page(None, [charge()]))).events == ()
    assert only_event(run(document("a", Page(None, [charge(on="2026-03-02")])))).from_on == date(2026, 3, 2)


def test_bodies_of_one_government_are_not_each_other() -> None:
    memo = Said("government_action", "The Palace issued a memo on distillation.", "lemuria-palace", on="2026-04-23")
    cable = Said("government_action", "The Department sent a cable.", "lemuria-diplomacy", on="2026-04-24")
    both = document("a", Page("2026-04-27", [memo, cable]))
    assert len(run(both, document("b", Page("2026-04-24", [memo]))).events) == 2


def test_ministry_and_embassy_deny_as_one_government() -> None:
    lead = charge("The Palace accused firms in Atlantis.", speaker="lemuria-palace", accused=(), on="2026-04-23")
    embassy = Said("denial", "The embassy called it slander.", "atlantis-embassy")
    ministry = Said("denial", "The ministry called it false.", "atlantis-ministry")
    result = run(
        document("a", Page("2026-04-24", [lead, embassy, ministry])),
        document("b", Page("2026-04-25", [lead, ministry])),
    )
    assert [(e.type, e.document_ids) for e in result.events] == [("allegation", ("a", "b")), ("denial", ("a", "b"))]


def test_two_bills_of_one_panel_in_one_week_are_two_events() -> None:
    def page(law: str) -> Page:
        return Page(
            "2026-04-23",
            [Said("legislation", f"The panel approved {law}.", "trade-panel", on="2026-04-22", laws=(law,))],
        )

    assert len(run(document("a", page("bill-77")), document("b", page("bill-78"))).events) == 2
    assert len(run(document("a", page("bill-77")), document("b", page("bill-77"))).events) == 1


def test_what_lies_ahead_is_dated_by_its_announcement() -> None:
    ban = Said(
        "company_action", "Basalt will bar staff from Prism from July 10.", "basalt", target=("prism",), on="2026-07-10"
    )
    event = only_event(run(document("a", Page("2026-07-03", [ban]))))
    assert (event.from_on, event.date_basis) == (date(2026, 7, 3), "publication")


def test_claims_stand_nearest_to_the_original_speaker_first() -> None:
    via = charge("Lumen accused Garnet, the Post reports.", via=("the-post",))
    result = run(
        document("a", Page("2026-03-02", [via])),
        document("b", Page("2026-03-03", [charge("Lumen told us of Garnet.")])),
        document("z", Page("2026-03-03", [charge("We accuse Garnet.")]), publisher="Lumen Labs (statement)"),
    )
    texts = {record.id: record.document_id for record in result.claims}
    assert [texts[claim] for claim in only_event(result).claim_ids] == ["z", "b", "a"]


def test_unknown_names_are_kept_apart_from_known_ones() -> None:
    bill = Said("legislation", "The panel approved the Quiet Act.", "trade-panel", laws=("quiet-act",))
    result = run(document("a", Page("2026-03-02", [bill])))
    known = {entity.id: entity.known for entity in result.entities}
    assert known == {"trade-panel": True, "quiet-act": False}
    lab = run(document("a", Page("2026-03-02", [charge(accused=("basalt-research",))])))
    assert {"basalt-research", "basalt", "prism", "lumen"} == {entity.id for entity in lab.entities}


def test_what_another_reported_in_the_same_sentence_is_no_recollection_of_the_charge() -> None:
    old = document("a", Page("2026-02-03", [charge(on="2026-02-02")]))
    words = "In February Lumen accused Garnet of copying Prism, and Basalt reported attempts of its own."
    recall = charge(words, on="2026-02-01..2026-02-28", on_text="February")
    lead = Said("legislation", "The Trade Panel approved H.R. 77.", "trade-panel", on="2026-06-02", laws=("bill-77",))
    new = document("b", Page("2026-06-03", [lead, recall, replace(recall, speaker="basalt")]))
    (read,) = new.extractions
    first, one, other = read.claims
    joint = replace(read, claims=(first, one, replace(other, dates=one.dates)))
    result = run(old, replace(new, extractions=(joint,)))
    speakers = {record.id: record.claim.speaker for record in result.claims}
    assert [speakers[key] for key in result.events[0].recalled_in] == ["lumen"]


def test_another_deed_of_who_charged_is_no_recollection_of_the_charge() -> None:
    old = document("a", Page("2026-02-03", [charge(on="2026-02-02")]))
    words = "In February Lumen accused Garnet of copying Prism and opened an office."
    recall = charge(words, on="2026-02-01..2026-02-28", on_text="February")
    lead = Said("legislation", "The Trade Panel approved H.R. 77.", "trade-panel", on="2026-06-02", laws=("bill-77",))
    result = run(old, document("b", Page("2026-06-03", [lead, recall, replace(recall, type="company_action")])))
    types = {record.id: record.claim.type for record in result.claims}
    assert [types[key] for key in result.events[0].recalled_in] == ["allegation"]


def test_the_act_of_another_state_is_no_part_of_a_memo_that_it_answers() -> None:
    memo = Said("government_action", "The ministry issued a memo on copying on Thursday.", "atlantis-ministry",
                on="2026-04-23")  # fmt: skip
    both = Said(
        "government_action", "The memo on copying by the ministry was met at a press conference.", "atlantis-ministry"
    )
    held = replace(both, speaker="lemuria-diplomacy")  # as a reader takes both for those who acted
    result = run(document("a", Page("2026-04-24", [memo])), document("b", Page("2026-04-24", [both, held])))
    (event,) = [event for event in result.events if "atlantis-ministry" in event.actors]
    assert event.document_ids == ("a", "b") and "lemuria-diplomacy" not in event.actors


def test_a_charge_against_one_never_joins_the_event_of_a_charge_against_another() -> None:
    """Not even through a document that names no accused, in nearly the same words."""
    words = "Lumen says that operators copied the abilities of its Prism model through fake accounts at scale."
    unnamed = document("a", Page("2026-03-02", [charge(words, accused=(), accused_as="operators")]))
    garnet = document("b", Page("2026-03-02", [charge(words, accused=("garnet",))]))
    basalt = document("c", Page("2026-06-20", [charge(words, accused=("basalt",))]))
    events = reconcile([unnamed, garnet, basalt], GAZETTEER, Reconciled()).events
    by_accused = {frozenset(event.actors) & {"garnet", "basalt"}: event for event in events}
    assert set(by_accused) == {frozenset({"garnet"}), frozenset({"basalt"})}
    assert by_accused[frozenset({"basalt"})].document_ids == ("c",)
    assert not by_accused[frozenset({"garnet"})].recalled_in


def test_a_day_written_out_beside_the_warning_dates_the_event_by_statement() -> None:
    text = "Lumen accused Garnet of copying Prism. The warning, issued on March 2, 2026, comes at a bad time."
    page = document("a", Page("2026-03-02", [charge(text)]))
    assert reconcile([page], GAZETTEER, Reconciled()).events[0].date_basis == "publication"
    start = text.index("March")
    mention = DateMention(start, start + 13, "March 2, 2026", date(2026, 3, 2), date(2026, 3, 2))
    dated = replace(page, extractions=(replace(page.extractions[0], dates=(mention,)),))
    (event,) = reconcile([dated], GAZETTEER, Reconciled()).events
    assert (event.from_on, event.date_basis) == (date(2026, 3, 2), "stated")


def test_a_bill_with_a_word_before_its_number_is_the_same_bill() -> None:
    one = Said("legislation", "The panel voted to advance H.R. 77.", "trade-panel", on="2026-03-04", laws=("bill-77",))
    other = Said("legislation", "Le comité a adopté la loi H.R. 77.", "trade-panel", on="2026-03-02..2026-03-08",
                 laws=("loi H.R. 77",))  # fmt: skip
    a, b = document("a", Page("2026-03-04", [one])), document("b", Page("2026-03-10", [other]))
    (event,) = reconcile([a, b], GAZETTEER, Reconciled()).events
    assert event.document_ids == ("a", "b")
    (alone,) = reconcile([b], GAZETTEER, Reconciled()).events
    assert "H.R. 77" in alone.title and "loi" not in alone.title


@pytest.mark.parametrize(
    ("words", "bills"),
    [
        ("Ada Reyes plans sanctions, and the Trade Panel has a version of its own.", 2),
        ("Ada Reyes and the Trade Panel plan sanctions.", 1),
    ],
)
def test_two_bills_of_one_sentence_are_told_apart_by_its_words(words: str, bills: int) -> None:
    said = [Said("legislation", words, who) for who in ("ada-reyes", "trade-panel")]
    events = reconcile([document("a", Page("2026-03-04", said))], GAZETTEER, Reconciled()).events
    assert [event.type for event in events] == ["legislation"] * bills
    assert len({event.actors for event in events}) == bills


def test_a_year_behind_the_name_of_a_country_is_no_bill_number() -> None:
    laws = ("U.S. 2024 order", "order S. 2024")
    said = [Said("legislation", f"The panel passed it {n}.", "trade-panel", laws=(law,)) for n, law in enumerate(laws)]
    pages = [document("a", Page("2026-03-04", said[:1])), document("b", Page("2026-03-04", said[1:]))]
    assert len(reconcile(pages, GAZETTEER, Reconciled()).events) == 2


def test_a_shorter_name_of_an_embassy_denies_with_the_ministry() -> None:
    ministry = Said("denial", "The ministry called it false.", "atlantis-ministry")
    short = Said("denial", "Its embassy called it slander.", "embassy-of-atlantis-in-town")
    gazetteer = [replace(e, aliases=("Embassy of Atlantis in Old Town",)) if e.id == "atlantis-embassy" else e
                 for e in GAZETTEER]  # fmt: skip

    def named(name: str, *documents: StoredDocument) -> list[StoredDocument]:
        mention = Mention(0, 1, "T", short.speaker or "", name, "government")
        return [
            replace(d, extractions=tuple(replace(e, mentions=(*e.mentions, mention)) for e in d.extractions))
            for d in documents
        ]

    together = document("a", Page("2026-03-04", [ministry, short]))
    apart = [document("a", Page("2026-03-04", [ministry])), document("b", Page("2026-03-05", [short]))]
    for documents in ([together], apart):
        (event,) = reconcile(named("embassy of Atlantis", *documents), gazetteer, Reconciled()).events
        assert event.actors == ("atlantis-ministry", short.speaker)
        assert len(reconcile(named("embassy of Lemuria", *documents), gazetteer, Reconciled()).events) == 2


def test_a_body_under_its_full_name_is_not_an_actor_under_a_shorter_one_too() -> None:
    full = Said("denial", "The embassy in town denied it.", "atlantis-embassy")
    short = Said("denial", "Its embassy called it slander.", "in-town")
    gazetteer = [replace(e, aliases=("Embassy of Atlantis in Old Town",)) if e.id == "atlantis-embassy" else e
                 for e in GAZETTEER]  # fmt: skip
    told = document("a", Page("2026-03-04", [full, short]))
    mention = Mention(0, 1, "T", "in-town", "embassy in Old Town", "government")
    told = replace(told, extractions=tuple(replace(e, mentions=(*e.mentions, mention)) for e in told.extractions))
    (event,) = reconcile([told], gazetteer, Reconciled()).events
    assert event.actors == ("atlantis-embassy",)


def test_the_accuseds_denial_without_a_day_is_an_answer_and_no_event_beside_the_charge() -> None:
    denial = Said("denial", "Garnet denied it.", "garnet", ("garnet",), target=("prism",))
    (event,) = reconcile([document("a", Page("2026-03-04", [charge(), denial]))], GAZETTEER, Reconciled()).events
    assert [(answer.party, answer.kind) for answer in event.answers] == [("garnet", "denial")]
    dated = replace(denial, on="2026-03-03")
    (event,) = reconcile([document("a", Page("2026-03-04", [charge(), dated]))], GAZETTEER, Reconciled()).events
    assert [(answer.party, answer.kind) for answer in event.answers] == [("garnet", "denial")]
    both = [document(n, Page("2026-03-04", [charge(), dated])) for n in "ab"]
    assert len(reconcile(both, GAZETTEER, Reconciled()).events) == 2
    others = replace(denial, speaker="atlantis-embassy", text="The embassy denied it.")
    assert len(reconcile([document("a", Page("2026-03-04", [charge(), others]))], GAZETTEER, Reconciled()).events) == 2
