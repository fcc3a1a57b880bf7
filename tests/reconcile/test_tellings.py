"""How alike two documents are as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.reconcile.tellings import NOTHING, Telling, likeness, rarity, stems_of, telling_of
from tracker.types import StoredDocument

from .builders import Page, about, charge, document

_WORDS = (
    "Lanterns hung above the quay while clerks carried ledgers from the counting house to a barge, and nobody on the "
    "bridge could say whether the auditors, the widow or the harbour master had sent for them before the fog came in."
)


def told(page: StoredDocument, recalled: list[tuple[int, int]] | None = None) -> Telling:
    return telling_of(page.versions[0], page.extractions[0], recalled or [])


def page(words: str = _WORDS, on: str = "2026-03-03", **changes: object) -> StoredDocument:
    return document("a", Page(on, [charge(words, **changes)]))


def test_the_same_text_is_one_story_and_other_words_are_not() -> None:
    other = (
        "Regulators drafted rules on kettles, toasters and ovens that listen, and asked makers of sturdier plugs " * 3
    )
    assert likeness(told(page()), told(page())) > 0.9
    assert likeness(told(page()), told(page(other))) < 0.5


def test_what_comes_out_weeks_later_or_at_no_known_time_is_not_alike() -> None:
    one = told(page())
    assert one.published is not None
    late = replace(one, published=one.published + timedelta(days=15))
    assert likeness(one, late) == likeness(one, replace(one, published=None)) == likeness(one, NOTHING) == 0.0
    assert likeness(one, replace(one, published=one.published + timedelta(days=5))) > 0.0


def test_a_few_words_tell_nothing() -> None:
    assert likeness(told(page("Lumen accused Garnet.")), told(page("Lumen accused Garnet."))) == 0.0


def test_what_a_document_recalls_is_not_what_it_tells() -> None:
    counted = page(figures=(about("exchanges", 29_000_000),))
    assert told(counted).figures == {29_000_000.0}
    without = told(counted, [(0, len(_WORDS))])
    assert not without.figures
    assert not without.words & stems_of("lanterns ledgers widow")


def test_words_of_every_story_tell_less_than_rare_ones() -> None:
    assert rarity("model") < rarity("letter") < rarity("harrow")
    assert stems_of("深度求索被指抽取模型能力") >= {"深度", "求索"}


_TELLINGS = st.builds(
    Telling,
    names=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from((0.3, 0.8, 1.4))),
    figures=st.frozensets(st.sampled_from((24.0, 1000.0, 29e6))),
    days=st.just(frozenset()),
    words=st.frozensets(st.text("abcdefgh", min_size=2, max_size=2), min_size=20, max_size=60),
    language=st.sampled_from(("en", "fr")),
    published=st.one_of(st.none(), st.dates()),
    marks=st.just(frozenset()),
)


@given(_TELLINGS, _TELLINGS)
def test_likeness_does_not_depend_on_the_order_of_the_two(one: Telling, other: Telling) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0
