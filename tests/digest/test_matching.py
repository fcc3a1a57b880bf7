"""Whom a change concerns: the index finds what looking at every rule and every change finds, and looks at less."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.digest.telling_world import SUBSCRIBER, change, evidence
from tracker.digest.matching import RuleIndex, fits
from tracker.digest.querywords import parse_query, words_of
from tracker.types.changes import CHANGE_KINDS, Change
from tracker.types.watching import Subscriber, WatchRule

PARENTS = {
    "qwen": ("qwen", "alibaba"),
    "alibaba": ("alibaba",),
    "deepseek": ("deepseek",),
    "claude": ("claude", "anthropic"),
}
QUOTES = (
    "operators ran nearly 25,000 accounts",
    "阿里巴巴否认了这一指控",
    "Rep. Kamlager-Dove asked for an inquiry into Straße Labs",
    "accounts of operators",
    "",
)
QUERIES = (
    "",
    "accounts",
    '"ran nearly"',
    "25,000",
    "否认",
    "认",
    "kamlager-dove INQUIRY",
    "STRASSE",
    "operators account",
    "!?",
    "指控 accounts",
)


def sorted_tuple(values: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)  # type: ignore[arg-type,call-overload,no-any-return]


rules = st.builds(
    WatchRule,
    entities=sorted_tuple((*PARENTS, "anthropic")),
    with_children=st.booleans(),
    disputes=sorted_tuple(("d1", "d2")),
    types=sorted_tuple(("allegation", "denial")),
    jurisdictions=sorted_tuple(("CN", "US")),
    kinds=sorted_tuple(CHANGE_KINDS),
    query=st.sampled_from(QUERIES),
    min_sources=st.integers(1, 3),
)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(CHANGE_KINDS))
    entities = draw(sorted_tuple(tuple(PARENTS)))
    part = draw(st.sampled_from(("event", "assertion", "figure", "dispute")))
    return change(
        kind,
        "A change",
        key=f"{part}:e1/1",
        event_title="Something was said",
        event_type=draw(st.sampled_from((None, "allegation", "denial"))),
        dispute_ids=draw(sorted_tuple(("d1", "d2"))),
        entities=entities,
        families=tuple(sorted({one for entity in entities for one in PARENTS[entity]})),
        jurisdictions=draw(sorted_tuple(("CN", "US"))),
        independent_sources=draw(st.integers(0, 4)),
        sources_before=draw(st.integers(0, 4)),
        evidence=(evidence(draw(st.sampled_from(QUOTES)), speaker="A speaker", title="A page"),),
    )


def is_wanted(rule: WatchRule, one: Change) -> bool:
    """What a rule asks for, said once more and without any index."""
    parties = set(one.entities) | (set(one.families) if rule.with_children else set())
    wanted = [
        (rule.entities, parties),
        (rule.disputes, set(one.dispute_ids)),
        (rule.types, {one.event_type}),
        (rule.jurisdictions, set(one.jurisdictions)),
    ]
    if any(asked and not set(asked) & has for asked, has in wanted):
        return False
    kinds, count = {one.kind}, one.independent_sources
    if one.kind == "sources" and "sources" not in rule.kinds:
        if not one.sources_before < rule.min_sources <= count:
            return False
        part = one.key.split(":")[0]
        kinds = {"event": {"event"}, "figure": {"figure"}, "assertion": {"claim", "figure", "answer"}}.get(part, set())
    elif one.kind in ("corrected", "vanished", "withdrawn"):
        count = max(count, one.sources_before)
    if rule.min_sources > 1 and count < rule.min_sources:
        return False
    if rule.kinds and not kinds & set(rule.kinds):
        return False
    return not rule.query or is_found(rule.query, one.evidence[0].quote)


def is_found(query: str, quote: str) -> bool:
    text = quote.casefold()
    patterns = {
        "accounts": r"\baccounts\b", '"ran nearly"': "ran nearly", "25,000": "25,000", "否认": "否认", "认": "认",
        "kamlager-dove INQUIRY": "kamlager-dove.*inquiry", "STRASSE": "strasse", "operators account": r"account\b.*operators",
        "!?": "(?!)", "指控 accounts": "(?!)",
    }  # fmt: skip
    return re.search(patterns[query], text) is not None


@given(
    st.lists(st.lists(rules, max_size=4), max_size=5),
    st.lists(changes(), max_size=8),
    st.lists(st.integers(0, 8), min_size=5, max_size=5),
)
def test_the_index_finds_what_looking_at_everything_finds(
    watched: list[list[WatchRule]], told: list[Change], cursors: list[int]
) -> None:
    told = [replace(one, seq=number) for number, one in enumerate(told, 1)]
    subscribers = [
        replace(SUBSCRIBER, id=f"s{number}", rules=tuple(of_one), cursor=cursors[number])
        for number, of_one in enumerate(watched)
    ]
    naive: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for one in told:
        for subscriber in subscribers:
            numbers = tuple(n for n, rule in enumerate(subscriber.rules) if is_wanted(rule, one))
            if numbers and one.seq > subscriber.cursor:
                naive.setdefault(subscriber.id, []).append((one.seq, numbers))
    index = RuleIndex(subscribers, told)
    found = {id_: [(item.change.seq, item.rules) for item in of_one] for id_, of_one in index.find_matches().items()}
    assert found == naive
    halves = [RuleIndex(subscribers, told).find_matches(*part) for part in ((0, 2), (2, 5))]
    assert {
        id_: [(item.change.seq, item.rules) for item in of_one] for half in halves for id_, of_one in half.items()
    } == naive
    assert index.looked_at <= sum(len(one.rules) for one in subscribers) * len(told)


@given(rules, changes())
def test_one_rule_and_one_change(rule: WatchRule, one: Change) -> None:
    assert fits(rule, one, words_of(one, {})) == is_wanted(rule, one)


def watching(number: int, *watched: WatchRule) -> Subscriber:
    return replace(SUBSCRIBER, id=f"s{number}", rules=watched)


def test_a_rule_is_looked_at_only_where_its_rarest_condition_is_met() -> None:
    told = [change("claim", "T", seq=number, entities=("alibaba",), families=("alibaba",)) for number in range(1, 51)]
    told.append(
        change("claim", "T", seq=51, entities=("alibaba", "qwen"), families=("alibaba", "qwen"), dispute_ids=("d9",))
    )
    rare = WatchRule(entities=("alibaba",), disputes=("d9",), types=("allegation",))
    never = WatchRule(entities=("alibaba",), disputes=("d0",))
    index = RuleIndex([watching(1, rare, never), watching(2, rare)], told)
    assert {key: [item.change.seq for item in found] for key, found in index.find_matches().items()} == {
        "s1": [51],
        "s2": [51],
    }
    assert index.looked_at == 2


def test_a_name_is_found_that_no_quote_has() -> None:
    one = change(
        "claim", "T", seq=1, entities=("alibaba",), evidence=(evidence("杭州这家公司", publisher="P"),), event_title="E"
    )
    index = RuleIndex([watching(1, WatchRule(query="hangzhou group"))], [one], {"alibaba": "Alibaba (Hangzhou Group)"})
    assert list(index.find_matches()) == ["s1"]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("accounts Accounts", (" accounts ",)),
        ('"about 24,000" proxies', (" about 24 000 ", " proxies ")),
        ("“fraudulent accounts”", (" fraudulent accounts ",)),
        ("近2.5万个虚假账户", ("近 2 5 万个虚假账户",)),
        ("ＡＢＣ　１２", (" abc ", " 12 ")),
        ('an open "quote', (" an ", " open ", " quote ")),
        ("?! — …", ()),
        ("", ()),
    ],
)
def test_a_query_is_taken_apart_as_texts_are(query: str, terms: tuple[str, ...]) -> None:
    assert parse_query(query) == terms


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    one = change(
        "claim", "ends with nearly", event_title="begins", evidence=(evidence("ends with about", speaker="begins"),)
    )
    assert not fits(WatchRule(query='"nearly begins"'), one, words_of(one, {}))
    assert not fits(WatchRule(query='"about begins"'), one, words_of(one, {}))
    assert fits(WatchRule(query='"with nearly" begins'), one, words_of(one, {}))


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_and_printed(query: str, quote: str) -> None:
    one = change("claim", quote, seq=1, evidence=(evidence(quote),))
    rule = WatchRule(query=query)
    assert fits(rule, one, words_of(one, {})) == bool(RuleIndex([watching(1, rule)], [one]).find_matches()) or not query


def test_few_sources_are_told_later_as_what_they_are() -> None:
    rule = WatchRule(kinds=("claim",), min_sources=2)
    first = change("claim", "T", key="assertion:e1/1", independent_sources=1)
    then = change("sources", "T", key="assertion:e1/1", sources_before=1, independent_sources=2)
    more = change("sources", "T", key="assertion:e1/1", sources_before=2, independent_sources=4)
    assert [fits(rule, one, "") for one in (first, then, more)] == [False, True, False]
    assert fits(WatchRule(kinds=("sources",), min_sources=2), more, "")
    assert not fits(WatchRule(), more, "")
