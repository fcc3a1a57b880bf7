"""How the values of an event stand to each other: groups, conflicts with their reason, sums, the nearest, flags."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import reconcile
from tracker.reconcile.agreement import Related, relate_figures
from tracker.reconcile.claims import make_records
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import collect_figures
from tracker.types import Event, Figure, Qualifier, QuantityKind, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over, vague

Value = tuple[QuantityKind, float | None, float | None, Qualifier]
ALL = ("garnet", "basalt", "trade-panel")


def exact(kind: QuantityKind, value: float) -> Value:
    return (kind, value, value, "exact")


def story(key: str, *figures: Value, accused: tuple[str, ...] = ("garnet",), **changes: object) -> StoredDocument:
    """A story of its own with one claim that gives these figures."""
    said = charge(f"Lumen accused them, {key} wrote.", accused=accused, figures=figures, **changes)
    return document(key, Page("2026-03-02", [said]))


def event_of(*documents: StoredDocument) -> Event:
    result = reconcile(documents, GAZETTEER, Reconciled())
    assert len(result.events) == 1
    return result.events[0]


def related_of(*documents: StoredDocument) -> Related:
    """All claims of the documents as if they were of one event."""
    records = make_records(documents)
    return relate_figures(collect_figures(records), records, Parties(GAZETTEER))


def groups(event: Event) -> list[set[str]]:
    """The documents of each group."""
    return [{event.figures[i].document_id for i in group.figures} for group in event.figure_groups]


def conflicts(event: Event) -> list[tuple[str, set[str]]]:
    return [
        (c.reason, {event.figures[c.one].document_id, event.figures[c.other].document_id})
        for c in event.figure_conflicts
    ]


def test_each_figure_stands_with_its_words_in_its_version() -> None:
    source = story("a", over("accounts", 24_000))
    figure = event_of(source).figures[0]
    assert figure.version_id == source.versions[0].id
    assert source.versions[0].text[figure.start : figure.end] == "Lumen accused them, a wrote."


def test_qualified_values_of_one_number_agree_and_another_number_conflicts() -> None:
    event = event_of(
        story("a", over("accounts", 24_000)),
        story("b", about("accounts", 24_000)),
        story("c", vague("accounts", 20_000)),
        story("d", exact("accounts", 25_000)),
    )
    assert groups(event) == [{"a", "b", "c"}, {"d"}]
    assert {reason for reason, _ in conflicts(event)} == {"different_number"}
    assert all("d" in pair for _, pair in conflicts(event))
    assert (event.figure_groups[0].low, event.figure_groups[0].high) == (24_000, 24_500)


def test_a_number_that_lost_its_qualifier_stays_in_its_group_and_is_named() -> None:
    event = event_of(story("a", over("exchanges", 13e6)), story("b", exact("exchanges", 13e6)))
    assert groups(event) == [{"a", "b"}]
    assert conflicts(event) == [("qualifier_lost", {"a", "b"})]
    assert "without saying that it is more" in event.figure_conflicts[0].why


def test_the_whole_and_its_parts_are_no_conflict_but_a_sum() -> None:
    parts = [
        charge("Garnet had the least.", accused=("garnet",), figures=(over("exchanges", 150_000),)),
        charge("Basalt had more.", accused=("basalt",), figures=(over("exchanges", 3.4e6),)),
        charge("The panel had most.", accused=("trade-panel",), figures=(over("exchanges", 13e6),)),
    ]
    total = charge("Lumen accused all three.", accused=ALL, figures=(over("exchanges", 16e6),))
    event = event_of(document("a", Page("2026-03-02", [total, *parts])))
    assert event.figure_conflicts == ()
    (found,) = event.figure_sums
    assert found.agrees
    assert event.figures[found.total].low == 16e6
    assert sorted(event.figures[i].low or 0 for i in found.parts) == [150_000, 3.4e6, 13e6]
    assert (found.low, found.high) == (16_550_000, 17_660_000)


def test_parts_that_make_another_sum_conflict_with_the_total() -> None:
    parts = [
        charge("Garnet had some.", accused=("garnet",), figures=(over("exchanges", 9e6),)),
        charge("Basalt had some.", accused=("basalt",), figures=(over("exchanges", 13e6),)),
    ]
    total = charge("Lumen accused both.", accused=("garnet", "basalt"), figures=(over("exchanges", 16e6),))
    event = event_of(document("a", Page("2026-03-02", [total, *parts])))
    assert [c.reason for c in event.figure_conflicts] == ["parts_do_not_sum"]
    assert [found.agrees for found in event.figure_sums] == [False]


def test_a_sum_over_single_pages_that_does_not_fit_is_not_told() -> None:
    """Each may be misread; what several documents give, or one page altogether, is."""
    both = ("garnet", "basalt")
    single = [
        story("a", over("exchanges", 16e6), accused=both),
        story("b", over("exchanges", 9e6), accused=("garnet",)),
        story("c", over("exchanges", 13e6), accused=("basalt",)),
    ]
    assert related_of(*single).conflicts == ()
    again = [
        story("d", over("exchanges", 16e6), accused=both),
        story("e", over("exchanges", 9e6), accused=("garnet",)),
        story("f", over("exchanges", 13e6), accused=("basalt",)),
    ]
    assert [c.reason for c in related_of(*single, *again).conflicts] == ["parts_do_not_sum"]


def test_without_all_parts_there_is_no_sum() -> None:
    total = charge("Lumen accused both.", accused=("garnet", "basalt"), figures=(over("exchanges", 16e6),))
    part = charge("Garnet had most.", accused=("garnet",), figures=(over("exchanges", 12e6),))
    assert event_of(document("a", Page("2026-03-02", [total, part]))).figure_sums == ()


def test_a_sum_is_found_on_a_page_that_does_not_say_whose_the_parts_are() -> None:
    figures = (over("exchanges", 16e6), over("exchanges", 150_000), over("exchanges", 3.4e6), over("exchanges", 13e6))
    event = event_of(story("a", *figures, accused=("garnet",)))
    assert event.figure_conflicts == ()
    assert [(found.agrees, len(found.parts)) for found in event.figure_sums] == [(True, 3)]


def _one_odd_page(words: str, *others: Said) -> Event:
    odd = charge(words, accused=("garnet",), figures=(about("accounts", 24_000),))
    return event_of(
        story("a", about("accounts", 24_000), accused=("garnet", "basalt")),
        story("b", over("accounts", 24_000), accused=("garnet", "basalt")),
        document("c", Page("2026-03-02", [odd, *others])),
    )


def test_the_same_number_for_another_scope_is_a_conflict_with_its_reason() -> None:
    event = _one_odd_page("Garnet used 24,000 accounts, Lumen said.")
    assert {reason for reason, _ in conflicts(event)} == {"scope_differs"}
    assert "is said of Basalt and Garnet AI" in event.figure_conflicts[0].why


def test_two_odd_pages_conflict_with_the_usual_scope_and_not_with_each_other() -> None:
    def odd(key: str, accused: str) -> StoredDocument:
        said = charge(
            f"{accused} used 24,000 accounts.", accused=(accused.lower(),), figures=(about("accounts", 24_000),)
        )
        return document(key, Page("2026-03-02", [said]))

    usual = [story(key, about("accounts", 24_000), accused=("garnet", "basalt")) for key in ("a", "b")]
    related = related_of(*usual, odd("c", "Garnet"), odd("d", "Basalt"))
    assert [c.reason for c in related.conflicts] == ["scope_differs"] * 2


def test_a_scope_that_the_words_do_not_name_may_be_misread() -> None:
    assert _one_odd_page("They used 24,000 accounts, Lumen said.").figure_conflicts == ()


def test_a_page_that_accuses_the_others_too_may_mean_them() -> None:
    too = charge("Lumen accused Basalt as well.", accused=("basalt",))
    assert _one_odd_page("Garnet used 24,000 accounts, Lumen said.", too).figure_conflicts == ()


def test_a_wider_scope_is_a_conflict_where_two_pages_have_it() -> None:
    def wide(key: str) -> StoredDocument:
        words = f"Garnet and Basalt used 24,000 accounts, {key} said."
        said = charge(words, accused=("garnet", "basalt"), figures=(about("accounts", 24_000),))
        return document(key, Page("2026-03-02", [said]))

    narrow = [
        story("a", about("accounts", 24_000)),
        story("b", over("accounts", 24_000)),
        story("c", over("accounts", 24_000)),
    ]
    assert related_of(*narrow, wide("d")).conflicts == ()
    assert {c.reason for c in related_of(*narrow, wide("d"), wide("e")).conflicts} == {"scope_differs"}


def test_numbers_a_thousand_times_apart_are_of_different_things() -> None:
    event = event_of(story("a", exact("exchanges", 16e6)), story("b", exact("exchanges", 2)))
    assert event.figure_conflicts == ()


def test_a_page_that_gives_the_number_of_all_may_repeat_it_beside_one() -> None:
    both = charge("Lumen accused both.", accused=("garnet", "basalt"), figures=(about("accounts", 24_000),))
    again = charge("Garnet used them.", accused=("garnet",), figures=(about("accounts", 24_000),))
    event = event_of(document("a", Page("2026-03-02", [both, again])))
    assert event.figure_conflicts == ()


def test_numbers_of_another_period_differ_in_scope() -> None:
    event = event_of(
        story("a", exact("accounts", 24_000), ("duration", 42, 42, "exact")),
        story("b", exact("accounts", 40_000), ("duration", 365, 365, "exact")),
    )
    assert conflicts(event) == [("scope_differs", {"a", "b"})]


def test_what_one_page_tells_apart_is_no_conflict_between_pages() -> None:
    of_all = charge("Lumen accused Garnet.", figures=(about("accounts", 24_000),))
    network = charge("One network had many.", figures=(over("accounts", 20_000),))
    apart = document("a", Page("2026-03-02", [of_all, network]))
    event = event_of(apart, story("b", about("accounts", 24_000)), story("c", exact("accounts", 20_500)))
    assert event.figure_conflicts == ()
    assert {"a", "b"} in groups(event)


def test_two_speakers_on_one_page_may_contradict_each_other() -> None:
    theirs = charge("Lumen accused Garnet.", figures=(exact("accounts", 24_000),))
    other = charge("Ada Reyes accused Garnet.", speaker="ada-reyes", figures=(exact("accounts", 30_000),))
    records = make_records([document("a", Page("2026-03-02", [theirs, other]))])
    related = relate_figures(collect_figures(records), records, Parties(GAZETTEER))
    assert [conflict.reason for conflict in related.conflicts] == ["different_number"]


def test_a_laboratory_and_its_owner_are_one_scope() -> None:
    event = event_of(
        story("a", about("accounts", 24_000), accused=("basalt", "basalt-research")),
        story("b", over("accounts", 24_000), accused=("basalt",)),
    )
    assert groups(event) == [{"a", "b"}]
    assert event.figure_groups[0].scope == ("basalt",)


def test_sums_of_money_are_compared_only_in_like_sentences() -> None:
    fine = charge("The court fined Garnet for copying Prism.", figures=(exact("money", 2e9),))
    other = charge("Lumen raised fresh capital in spring.", figures=(exact("money", 3e9),))
    event = event_of(document("a", Page("2026-03-02", [fine])), document("b", Page("2026-03-02", [other])))
    assert event.figure_conflicts == ()
    again = charge("The court fined Garnet for copying Prism.", figures=(exact("money", 3e9),))
    event = event_of(document("a", Page("2026-03-02", [fine])), document("b", Page("2026-03-02", [again])))
    assert [c.reason for c in event.figure_conflicts] == ["different_number"]


def test_nearest_is_the_speakers_own_page_then_first_hand_then_via_others() -> None:
    own = document(
        "z", Page("2026-03-04", [charge("We found it.", figures=(about("accounts", 24_000),))]), publisher="Lumen"
    )
    relayed = story("a", over("accounts", 24_000), via=("wire",))
    first_hand = story("m", about("accounts", 24_000))
    for documents, nearest in (((relayed, first_hand, own), "z"), ((relayed, first_hand), "m"), ((relayed,), "a")):
        event = event_of(*documents)
        assert [f.document_id for f in event.figures if f.is_nearest] == [nearest]
        assert event.figures[event.figure_groups[0].nearest].document_id == nearest


def test_a_figure_that_the_page_took_back_is_not_the_nearest() -> None:
    old = Page("2026-03-02", [charge("It used some.", figures=(about("accounts", 24_000),))])
    new = Page("2026-03-02", [charge("It used others.", figures=(("accounts", 24_000, None, "over"),))])
    event = event_of(document("a", old, new), story("b", about("accounts", 24_000), via=("wire",)))
    (nearest,) = [f for f in event.figures if f.is_nearest]
    assert nearest.qualifier == "over"


@pytest.mark.parametrize(
    ("figure", "flagged"),
    [
        (exact("exchanges", 16e12), True),
        (exact("accounts", 24e9), True),
        (over("exchanges", 16e6), False),
        (exact("percent", 140), True),
        (exact("percent", 40), False),
    ],
)
def test_a_figure_that_can_hardly_be_right_is_flagged_and_stays(figure: Value, flagged: bool) -> None:
    said = charge("Lumen accused Garnet of a share of the traffic.", figures=(figure,))
    event = event_of(document("a", Page("2026-03-02", [said])))
    assert len(event.figures) == 1
    assert [flag.code for flag in event.flags] == ["implausible_figure"] * flagged
    assert all(flag.claim_id == event.claim_ids[0] for flag in event.flags)


def test_a_doubtful_figure_is_in_no_title() -> None:
    wild = document("a", Page("2026-03-02", [charge("Lumen accused Garnet.", figures=(exact("exchanges", 16e12),))]))
    event = event_of(wild)
    assert event.figures[0].is_doubtful
    assert "16" not in event.title
    assert "read as 16,000,000,000,000" in event.flags[0].why


@pytest.mark.parametrize("text", ["Lumen accused Garnet, whose traffic rose.", "As part of it the share price rose."])
def test_growth_beyond_a_hundred_per_cent_is_plausible(text: str) -> None:
    said = charge(text, figures=(exact("percent", 140),))
    assert event_of(document("a", Page("2026-03-02", [said]))).flags == ()


@pytest.mark.parametrize(("on", "flags"), [("1998-05-01", 1), ("2091-01-01", 1), ("2026-03-01", 0)])
def test_a_date_that_can_hardly_be_right_is_flagged_and_stays(on: str, flags: int) -> None:
    event = event_of(document("a", Page("2026-03-02", [charge(on=on)])))
    assert [flag.code for flag in event.flags] == ["implausible_date"] * flags
    assert event.from_on.isoformat() == ("2026-03-02" if flags else on)


def test_two_accusers_each_count_what_was_taken_from_themselves() -> None:
    ours = charge("Lumen lost 9,000 answers to Garnet.", figures=(exact("exchanges", 9e3),))
    theirs = charge("Basalt lost 4,000 answers to Garnet.", speaker="basalt", figures=(exact("exchanges", 4e3),))
    records = make_records([document("a", Page("2026-03-02", [ours])), document("b", Page("2026-03-02", [theirs]))])
    assert relate_figures(collect_figures(records), records, Parties(GAZETTEER)).conflicts == ()


def test_what_the_accused_admits_may_contradict_the_accuser() -> None:
    ours = charge("Lumen lost 9,000 answers to Garnet.", figures=(exact("exchanges", 9e3),))
    theirs = Said("admission", "We took 40.", speaker="garnet", accused=("garnet",), figures=(exact("exchanges", 4e3),))
    records = make_records([document("a", Page("2026-03-02", [ours])), document("b", Page("2026-03-02", [theirs]))])
    (conflict,) = relate_figures(collect_figures(records), records, Parties(GAZETTEER)).conflicts
    assert conflict.reason == "different_number"
    assert "on the word of Lumen Labs" in conflict.why and "on the word of Garnet AI" in conflict.why


def test_a_companys_own_limits_are_no_figures_of_the_deed() -> None:
    measure = Said("company_action", "Lumen allows 500 requests now.", "lumen", figures=(exact("exchanges", 500),))
    repeats = Said("company_action", "Lumen barred the accounts.", "lumen", figures=(exact("accounts", 24_000),))
    deed = charge(figures=(over("exchanges", 16e6), about("accounts", 24_000)))
    records = make_records(
        [document("a", Page("2026-03-02", [deed])), document("b", Page("2026-03-02", [measure, repeats]))]
    )
    related = relate_figures(collect_figures(records), records, Parties(GAZETTEER))
    assert related.conflicts == ()
    assert [len(group.figures) for group in related.groups if group.kind == "accounts"] == [2]


VALUES = st.lists(
    st.builds(
        lambda number, make: make("accounts", float(number)),
        st.sampled_from([20_000, 24_000, 24_200, 25_000, 300_000]),
        st.sampled_from([exact, about, over, vague]),
    ),
    min_size=1,
    max_size=6,
)


def _related(documents: Sequence[StoredDocument]) -> tuple[set[object], set[object]]:
    """Groups and conflicts as sets of figures, indices aside."""
    records = make_records(documents)
    related = relate_figures(collect_figures(records), records, Parties(GAZETTEER))

    def name(index: int) -> Figure:
        return related.figures[index]

    indices = sorted(i for group in related.groups for i in group.figures)
    assert indices == list(range(len(related.figures)))
    assert sum(figure.is_nearest for figure in related.figures) == len(related.groups)
    return (
        {frozenset(map(name, group.figures)) for group in related.groups},
        {(name(c.one), name(c.other), c.reason) for c in related.conflicts},
    )


@settings(max_examples=60)
@given(VALUES, st.randoms(use_true_random=False))
def test_every_figure_is_in_one_group_whatever_the_order_of_documents(values: list[Value], random: object) -> None:
    documents = [story(f"d{place}", value) for place, value in enumerate(values)]
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _related(documents) == _related(shuffled)


def test_hundreds_of_different_values_are_all_kept() -> None:
    event = event_of(*(story(f"d{n:03}", exact("accounts", 10_001 + 10 * n)) for n in range(120)))
    assert len(event.figures) == len(event.figure_groups) == 120
    assert len(event.figure_conflicts) == 40 * 39 / 2
