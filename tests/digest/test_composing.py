"""What one digest holds: order, groups, cap, corrections, and several changes of one fact told as one."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.digest.telling_world import CORRECTED, CUT, SUBSCRIBER, TOLD, change, evidence
from tracker.digest.composing import Composed, Occasion, compose
from tracker.digest.matching import RuleIndex
from tracker.digest.names import Named, Names
from tracker.digest.window import Window
from tracker.types.changes import CHANGE_KINDS, Change
from tracker.types.digests import Digest, DigestItem, Told
from tracker.types.watching import Subscriber, WatchRule

NAMES = Names({"alibaba": Named("Alibaba", "entities/alibaba.html"), "qwen": Named("Qwen", "entities/qwen.html")},
              {"d1": Named("Anthropic v. Alibaba", "disputes/d1.html")})  # fmt: skip
OCCASION = Occasion(CUT, "e" * 64, 1000, number=3, since=datetime(2026, 6, 25, 6, tzinfo=UTC))
ALL = (WatchRule(),)


def numbered(*changes: Change) -> list[Change]:
    return [replace(one, seq=number) for number, one in enumerate(changes, 1)]


def composed(
    changes: list[Change],
    rules: tuple[WatchRule, ...] = ALL,
    told: tuple[Told, ...] = (),
    occasion: Occasion = OCCASION,
    subscriber: Subscriber = SUBSCRIBER,
) -> Composed | None:
    subscriber = replace(subscriber, rules=rules)
    matches = RuleIndex([subscriber], changes).find_matches().get(subscriber.id, [])
    return compose(subscriber, matches, Window(changes), {row.key: row for row in told}, NAMES, occasion)


def digest_of(*args: object, **kwargs: object) -> Digest:
    made = composed(*args, **kwargs)  # type: ignore[arg-type]
    assert made is not None
    return made.digest


def items_of(digest: Digest) -> list[DigestItem]:
    return [item for group in digest.groups for item in group.items]


def titles(digest: Digest) -> list[str]:
    return [item.change.title for item in items_of(digest)]


# Groups, order, cap


def test_a_change_stands_once_under_what_the_rules_name_first_and_says_all_reasons() -> None:
    rules = (WatchRule(entities=("qwen",)), WatchRule(types=("denial",)), WatchRule(entities=("alibaba",), min_sources=2),
             WatchRule(disputes=("d1",)))  # fmt: skip
    both = change("event", "Both", key="event:1", entities=("qwen",), families=("qwen", "alibaba"), dispute_ids=("d1",))
    parent = change("event", "Parent", key="event:2", entities=("alibaba",), families=("alibaba",), dispute_ids=())
    dispute = change("event", "Dispute", key="event:3", entities=(), families=(), dispute_ids=("d1",))
    typed = change("event", "Typed", key="event:4", entities=(), families=(), dispute_ids=(), event_type="denial")
    digest = digest_of(numbered(typed, dispute, parent, both), rules)
    assert [(group.heading, group.page, [item.change.title for item in group.items]) for group in digest.groups] == [
        ("Qwen", "entities/qwen.html", ["Both"]),
        ("Alibaba", "entities/alibaba.html", ["Parent"]),
        ("Anthropic v. Alibaba", "disputes/d1.html", ["Dispute"]),
        ("Denial", "", ["Typed"]),
    ]
    assert digest.groups[0].items[0].why == (
        "you watch Qwen",
        "you watch Alibaba with what belongs to it (from 2 independent sources on)",
        "you watch the dispute Anthropic v. Alibaba",
    )
    assert digest.groups[3].items[0].why == ("you watch denial",)


def test_one_party_is_one_group_however_many_rules_name_it() -> None:
    rules = (WatchRule(entities=("alibaba",), types=("denial",)), WatchRule(entities=("qwen",)),
             WatchRule(entities=("alibaba",), types=("allegation",)))  # fmt: skip
    one = change("event", "One", key="event:1", event_type="denial")
    two = change("event", "Two", key="event:2")
    assert [group.heading for group in digest_of(numbered(one, two), rules).groups] == ["Alibaba"]


def test_reasons_name_what_the_change_has_of_a_rule() -> None:
    rule = WatchRule(
        jurisdictions=("DE", "CN"), kinds=("claim", "event"), types=("allegation", "denial"), query="accounts"
    )
    (item,) = items_of(digest_of(numbered(change("event", "T", key="event:1")), (rule,)))
    assert item.why == ("you watch allegation, China, new events and the words “accounts”",)
    (item,) = items_of(digest_of(numbered(change("event", "T", key="event:1"))))
    assert item.why == ("you watch everything",)


def test_the_weightiest_first_then_the_latest_and_the_cap_leaves_the_lightest() -> None:
    changes = numbered(
        change("figure", "Figure", key="figure:1"),
        change("event", "Old event", key="event:1", happened_on=date(2025, 1, 1)),
        change("event", "Undated event", key="event:2", happened_on=None),
        change("answer", "Answer", key="answer:1"),
        change("event", "New event", key="event:3", happened_on=date(2026, 6, 1)),
    )
    occasion = replace(OCCASION, most_items=3)
    made = composed(changes, (WatchRule(entities=("alibaba",)),), occasion=occasion)
    assert made is not None
    assert titles(made.digest) == ["New event", "Old event", "Undated event"]
    assert made.digest.left_out == 2
    assert [item.change.title for item in made.digest.rest] == ["Answer", "Figure"]
    assert {row.key for row in made.told} == {one.key for one in changes}  # also what is behind the link was told


def test_what_a_digest_says_of_itself() -> None:
    subscriber = replace(SUBSCRIBER, cursor=1)
    changes = numbered(*(change("event", "T", key=f"event:{number}") for number in range(3)))
    digest = digest_of(changes, subscriber=subscriber)
    assert (digest.number, digest.from_seq, digest.to_seq, digest.since, digest.edition) == (
        3,
        1,
        1000,
        OCCASION.since,
        "e" * 64,
    )
    assert len(items_of(digest)) == 2
    again = digest_of(changes, subscriber=subscriber)
    other = digest_of(changes, subscriber=replace(subscriber, id="other"))
    later = digest_of(changes, subscriber=subscriber, occasion=replace(OCCASION, number=4))
    assert len({digest.id, again.id, other.id, later.id}) == 3


def test_nothing_changed() -> None:
    asking = replace(SUBSCRIBER, wants_all_clear=True)
    hour = replace(OCCASION, wants_all_clear=True)
    assert composed([]) is None
    assert composed([], subscriber=asking) is None  # no hour of its: at once, or the clock was set back
    assert composed([], occasion=hour) is None
    clear = digest_of([], subscriber=asking, occasion=hour)
    assert (clear.kind, clear.is_empty, clear.number) == ("all_clear", True, 3)
    assert digest_of(numbered(change("event", "T")), subscriber=asking, occasion=hour).kind == "digest"


# Corrections


def test_a_correction_goes_to_who_was_told_whatever_it_watches_now_and_is_not_counted() -> None:
    told = replace(TOLD, key="figure:fig-1")
    others = [change("event", f"E{number}", key=f"event:{number}") for number in range(3)]
    made = composed(numbered(*others, CORRECTED), (WatchRule(entities=("alibaba",), kinds=("event",)),), (told,),
                    replace(OCCASION, most_items=2))  # fmt: skip
    assert made is not None
    (item,) = made.digest.corrections
    assert item.told == told
    assert item.why == ("you were told of it on 24 June 2026",)
    assert (len(items_of(made.digest)), made.digest.left_out) == (2, 1)
    rows = {row.key: row for row in made.told}
    assert rows["figure:fig-1"].words == rows[CORRECTED.key].words == "nearly 25,000 accounts"
    assert rows["figure:fig-1"].claim_ids == ("clm-b",)


def test_a_correction_that_is_watched_too_stands_once() -> None:
    digest = digest_of(numbered(CORRECTED), (WatchRule(entities=("alibaba",)),), (TOLD,))
    assert digest.groups == ()
    assert digest.corrections[0].why == ("you were told of it on 24 June 2026", "you watch Alibaba")


def test_who_was_not_told_reads_of_it_as_of_any_change() -> None:
    digest = digest_of(numbered(CORRECTED), (WatchRule(entities=("alibaba",)),))
    assert digest.corrections == ()
    assert titles(digest) == [CORRECTED.title]


def test_of_all_that_was_told_the_nearest_is_named() -> None:
    corrected = replace(CORRECTED, corrects=("event:e1", "assertion:e1/1", "figure:e1/1"))
    at = datetime(2026, 6, 20, tzinfo=UTC)
    event = Told("event:e1", "d1", at, "about 24,000 accounts and more", ("clm-a", "clm-x"))
    assertion = Told("assertion:e1/1", "d2", at, "other words", ("clm-z",))
    figure = Told("figure:e1/1", "d1", at, "about 24,000 accounts", ("clm-a",))
    assert digest_of(numbered(corrected), (), (event, assertion, figure)).corrections[0].told == figure
    assert digest_of(numbered(corrected), (), (event, assertion)).corrections[0].told == event
    made = composed(numbered(corrected), (), (event, assertion, figure))
    assert made is not None
    assert {row.key for row in made.told} == {
        corrected.key,
        "assertion:e1/1",
        "figure:e1/1",
    }  # of the event more was told


def test_corrections_of_corrections_are_one() -> None:
    again = replace(CORRECTED, key="revision:doc-1/2", title="Example Wire corrected a figure: nearly 25,000 accounts became 26,100",
                    before="nearly 25,000 accounts", after="26,100", evidence_before=CORRECTED.evidence,
                    evidence=(evidence("26,100", version="c"),))  # fmt: skip
    (item,) = digest_of(numbered(CORRECTED, again), (), (TOLD,)).corrections
    assert (item.change.before, item.change.after) == ("about 24,000 accounts", "26,100")
    assert item.change.title == "Example Wire corrected a figure: about 24,000 accounts became 26,100"
    assert item.change.evidence_before == CORRECTED.evidence_before
    assert item.change.evidence == again.evidence
    back = replace(again, title="B", after="about 24,000 accounts", evidence=(evidence("about 24,000", version="d"),))
    assert composed(numbered(CORRECTED, back), ALL, (TOLD,)) is None
    hidden = change("withdrawn", "Withdrawn here", key="withdrawn:claim/clm-b", before="", after="", evidence=(), independent_sources=0,
                    corrects=("figure:fig-1", CORRECTED.key))  # fmt: skip
    (item,) = digest_of(numbered(CORRECTED, hidden), (), (TOLD,)).corrections
    assert "25,000" not in repr(item)  # what people hid is not told again


# Several changes of one fact


def figure(before: str, after: str, **more: object) -> Change:
    title = f"Example Wire now gives {after}; it was {before}" if before else f"Example Wire gives {after}"
    quote = evidence(f"it was {after}", version=after[-1] if after else "x")
    return change("figure", title, key="figure:e1/1", before=before, after=after, evidence=(quote,), **more)


def test_changes_of_one_fact_are_told_from_before_the_first_to_after_the_last() -> None:
    first, then = numbered(figure("about 24,000", "nearly 25,000"), figure("nearly 25,000", "26,100"))
    (item,) = items_of(digest_of([first, then]))
    assert (item.change.before, item.change.after) == ("about 24,000", "26,100")
    assert item.change.title == "Example Wire now gives 26,100; it was about 24,000"
    assert composed(numbered(figure("a", "b"), figure("b", "c"), figure("c", "a"))) is None


def test_a_title_that_would_not_fit_is_left_as_the_source_has_it() -> None:
    first, then = numbered(figure("about 2", "5"), replace(figure("5", "5 million"), title="It was 5, and 5 again"))
    (item,) = items_of(digest_of([first, then]))
    assert (item.change.title, item.change.before) == ("It was 5, and 5 again", "5")


def test_what_is_new_is_told_with_the_sources_that_it_has_by_now() -> None:
    first = change("claim", "A says it", key="assertion:e1/1", independent_sources=1)
    more = change("sources", "More sources", key="assertion:e1/1", sources_before=1, independent_sources=2,
                  evidence=(evidence("a", version="x"), evidence("b", version="y")))  # fmt: skip
    rule = (WatchRule(entities=("alibaba",), min_sources=2),)
    assert composed(numbered(first), rule) is None
    (item,) = items_of(digest_of(numbered(first, more), rule))
    assert (item.change.kind, item.change.title, item.change.independent_sources) == ("claim", "A says it", 2)
    assert len(item.change.evidence) == 2
    (item,) = items_of(digest_of(numbered(first, more)[1:], rule, subscriber=replace(SUBSCRIBER, cursor=1)))
    assert (item.change.kind, item.change.evidence) == ("sources", more.evidence)


EVENT = change("event", "Anthropic alleges about 24,000 accounts", key="event:e1", event_id="e1", after="about 24,000",
               event_title="Anthropic accuses (about 24,000)",
               evidence=(evidence("about 24,000 accounts", version="a"), evidence("the letter", version="q")))  # fmt: skip
FIXED = change("corrected", "Example Wire corrected about 24,000", key="revision:d/1", event_id="e1", before="about 24,000", after="nearly 25,000",
               event_title="Anthropic accuses (nearly 25,000)", corrects=("event:e1", "figure:e1/1"),
               evidence=(evidence("nearly 25,000 accounts", version="b"),), evidence_before=EVENT.evidence[:1])  # fmt: skip


def test_an_event_that_was_corrected_before_it_was_told_is_told_as_it_is_now() -> None:
    digest = digest_of(numbered(EVENT, FIXED), (WatchRule(kinds=("event",)),))
    (item,) = items_of(digest)
    assert digest.corrections == ()
    assert (item.change.kind, item.change.title, item.change.after) == (
        "event",
        "Anthropic accuses (nearly 25,000)",
        "nearly 25,000",
    )
    assert [one.claim_id for one in item.change.evidence] == ["clm-q", "clm-b"]
    assert "24,000" not in repr(item)


def test_an_event_whose_title_has_not_the_corrected_words_keeps_it() -> None:
    event = replace(EVENT, title="Anthropic accuses", after="")
    (item,) = items_of(digest_of(numbered(event, FIXED), (WatchRule(kinds=("event",)),)))
    assert item.change.title == "Anthropic accuses"
    assert [one.claim_id for one in item.change.evidence] == ["clm-q", "clm-b"]


def test_a_figure_that_was_corrected_before_it_was_told_is_told_as_the_correction() -> None:
    given_ = figure("", "about 24,000", seq=1)
    fixed = replace(FIXED, seq=2)
    digest = digest_of([given_, fixed], (WatchRule(kinds=("figure",)),))
    (item,) = items_of(digest)
    assert item.change.title == FIXED.title
    assert item.why == ("you watch figures",)
    assert [one.change.title for one in items_of(digest_of([given_, fixed]))] == [FIXED.title]


@pytest.mark.parametrize("kind", ["vanished", "withdrawn"])
def test_what_came_and_went_again_is_not_told(kind: str) -> None:
    gone = change(kind, "Gone", key="withdrawn:event/e1", event_id="e1", corrects=("event:e1", "assertion:e1/2"),  # type: ignore[arg-type]
                  independent_sources=0, evidence=(), after="")  # fmt: skip
    assert composed(numbered(EVENT, gone)) is None
    assert titles(digest_of(numbered(EVENT, gone)[1:])) == ["Gone"]  # news for who could know of it
    told = Told("event:e1", "d1", CUT, "about 24,000")
    digest = digest_of(numbered(EVENT, gone), ALL, (told,))
    assert ([item.change.title for item in digest.corrections], digest.groups) == (["Gone"], ())


def test_of_what_people_hid_nothing_is_told_again() -> None:
    hidden = change("withdrawn", "Withdrawn here", key="withdrawn:claim/clm-a", event_id="e1", corrects=("event:e1",), independent_sources=1,
                    evidence=(), after="", event_title="Anthropic accuses")  # fmt: skip
    item, _ = items_of(digest_of(numbered(EVENT, hidden)))
    assert item.change.title == "Anthropic accuses"
    assert "24,000" not in repr(replace(item.change, event_title=""))
    assert [one.claim_id for one in item.change.evidence] == ["clm-q"]
    assert item.change.independent_sources == 1
    only = replace(EVENT, evidence=EVENT.evidence[:1])
    assert titles(digest_of(numbered(only, hidden))) == ["Withdrawn here"]


def test_a_page_of_several_that_says_it_no_more_is_no_longer_shown_for_it() -> None:
    gone = change("vanished", "A page dropped it", key="revision:d/1", event_id="e1", corrects=("event:e1",), independent_sources=1, before="",
                  evidence=(), evidence_before=EVENT.evidence[:1], after="")  # fmt: skip
    event, vanished = items_of(digest_of(numbered(EVENT, gone)))
    assert event.change.title == EVENT.title
    assert [one.claim_id for one in event.change.evidence] == ["clm-q"]
    assert vanished.change.title == "A page dropped it"


# Whatever comes

KEYS = ("event:e1", "assertion:e1/1", "figure:e1/1", "event:e2", "revision:d/1", "withdrawn:claim/clm-a", "answer:e2/1")


@st.composite
def any_change(draw: st.DrawFn) -> Change:
    words = st.sampled_from(("", "24,000", "25,000", "26,000"))
    before, after = draw(words), draw(words)
    return change(
        draw(st.sampled_from(CHANGE_KINDS)), f"It was {before} and is {after}", key=draw(st.sampled_from(KEYS)), before=before, after=after,
        corrects=tuple(draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))),
        independent_sources=draw(st.integers(0, 3)), sources_before=draw(st.integers(0, 3)),
        evidence=tuple(evidence(after, version=one) for one in draw(st.lists(st.sampled_from("abc"), max_size=2, unique=True))),
        evidence_before=tuple(evidence(before, version=one) for one in draw(st.lists(st.sampled_from("abc"), max_size=1))),
    )  # fmt: skip


@given(
    st.lists(any_change(), max_size=9),
    st.lists(st.sampled_from(KEYS), unique=True, max_size=3),
    st.integers(0, 4),
    st.integers(1, 5),
)
def test_whatever_comes_each_fact_stands_once(changes: list[Change], known: list[str], cursor: int, most: int) -> None:
    changes = numbered(*changes)
    told = tuple(Told(key, "d0", CUT, "24,000", ("clm-a",)) for key in known)
    made = composed(changes, ALL, told, replace(OCCASION, most_items=most), replace(SUBSCRIBER, cursor=cursor))
    if made is None:
        return
    digest = made.digest
    shown = [*items_of(digest), *digest.rest]
    facts = [item.change.key for item in (*digest.corrections, *shown)]
    assert len(facts) == len(set(facts))
    assert len(items_of(digest)) <= most
    assert digest.left_out == len(digest.rest)
    assert all(item.change.seq > cursor for item in shown)
    corrected = {key for one in changes if one.seq > cursor for key in one.corrects}
    assert all(item.told is not None and item.told.key in corrected for item in digest.corrections)
    assert all(item.told is None and item.why for item in shown)
    assert {row.key for row in made.told} >= set(facts)
    hidden = {
        one.key.removeprefix("withdrawn:claim/")
        for one in changes
        if one.kind == "withdrawn" and one.seq > cursor and "claim" in one.key
    }
    later = max((one.seq for one in changes if one.kind == "withdrawn" and one.corrects), default=0)
    for item in shown:  # words that people hid are in nothing that rested on them
        if item.change.seq < later and item.change.kind not in ("corrected", "vanished", "withdrawn"):
            for one in changes:
                if (
                    one.kind == "withdrawn"
                    and item.change.key in one.corrects
                    and one.seq > item.change.seq
                    and one.key != item.change.key
                ):
                    assert not {shown_.claim_id for shown_ in item.change.evidence} & (
                        hidden & {one.key.removeprefix("withdrawn:claim/")}
                    )
