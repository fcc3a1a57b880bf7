"""Documents that have it from one place count once; what is not shown is not assumed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import reconcile
from tracker.types import Entity, Event, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over

ENTITIES = (
    *GAZETTEER,
    Entity("harbor-wire", "Harbor Wire", "publisher"),
    Entity("tide-news", "Tide News", "publisher"),
)
PLAIN = charge("Lumen said that Garnet had distilled Prism.")
LETTER = charge("Garnet distilled Prism, Lumen said in a letter to the panel.")
VIA_WIRE = charge("Lumen accused Garnet of distilling Prism, Harbor Wire reported.", via=("harbor-wire",))


def page(
    name: str, *said: Said, publisher: str | None = None, more: str | None = None, origin: str | None = None
) -> StoredDocument:
    """A document of its own house; `more` is text behind its claims, else one that no other page has."""
    more = story(name) if more is None else more
    made = document(name, Page("2026-03-02", list(said)), publisher=publisher or f"Paper {name}")
    version = replace(made.versions[0], text=made.versions[0].text + more, syndicated_from=origin)
    return replace(made, versions=(version,))


def the_event(*documents: StoredDocument) -> Event:
    (event,) = reconcile(documents, ENTITIES, Reconciled()).events
    return event


def grouped(*documents: StoredDocument) -> list[tuple[str, tuple[str, ...]]]:
    return [(group.basis, group.documents) for group in the_event(*documents).sources]


def story(name: object) -> str:
    """Sixty words that only the story of this name has."""
    return " ".join(f"word{name}x{at}" for at in range(60))


def test_what_names_no_origin_counts_alone_and_says_so() -> None:
    assert grouped(page("a", PLAIN), page("b", PLAIN)) == [("alone", ("a",)), ("alone", ("b",))]
    assert "name no other outlet" in the_event(page("a", PLAIN)).sources[0].why


def test_the_pages_of_one_publisher_count_once() -> None:
    (group,) = the_event(page("a", PLAIN, publisher="The Post"), page("b", PLAIN, publisher="Post")).sources
    assert (group.basis, group.documents, group.origin) == ("one_publisher", ("a", "b"), "a")
    assert group.why == "2 documents are of one publisher, The Post."


def test_what_a_publisher_writes_without_an_origin_counts_with_its_page_that_names_one() -> None:
    pages = page("a", LETTER, publisher="The Post"), page("b", PLAIN, publisher="The Post")
    assert grouped(*pages) == [("relays", ("a", "b"))]
    seen = page("c", charge("Lumen said in a letter seen by The Post that Garnet did."), publisher="The Post")
    assert grouped(*pages, seen) == [("one_publisher", ("b", "c")), ("relays", ("a",))]


def test_those_who_name_an_outlet_count_with_it() -> None:
    held = page("w", PLAIN, publisher="Harbor Wire")
    assert grouped(page("a", VIA_WIRE), page("b", VIA_WIRE), held) == [("relays", ("w", "a", "b"))]
    (group,) = the_event(page("a", VIA_WIRE), page("b", VIA_WIRE)).sources
    assert (group.origin, group.why) == ("harbor-wire", "2 documents name Harbor Wire as their source.")


def test_an_outlet_that_has_it_from_another_counts_with_that_one() -> None:
    wire = page("w", charge(via=("tide-news",)), publisher="Harbor Wire")
    assert grouped(page("a", VIA_WIRE), wire, page("t", PLAIN, publisher="Tide News")) == [("relays", ("t", "a", "w"))]


def test_outlets_that_name_each_other_are_one_source_and_no_endless_search() -> None:
    wire = page("w", charge(via=("tide-news",)), publisher="Harbor Wire")
    tide = page("t", VIA_WIRE, publisher="Tide News")
    assert len(grouped(wire, tide)) <= 2


def test_the_speakers_own_page_is_the_origin_of_those_who_cite_its_paper() -> None:
    own = page("own", PLAIN, publisher="Lumen Labs")
    (first, second) = the_event(page("a", LETTER), page("b", PLAIN), own).sources
    assert (first.basis, first.documents, first.origin) == ("original", ("own", "a"), "own")
    assert first.why == "Lumen Labs speaks on its own page. 1 document takes it from what Lumen Labs wrote (“letter”)."
    assert second.basis == "alone"


def test_who_has_seen_the_letter_itself_does_not_count_with_those_who_cite_it() -> None:
    seen = charge("Garnet distilled Prism, Lumen said in a letter seen by Paper c.")
    assert grouped(page("a", LETTER), page("b", LETTER), page("c", seen)) == [("relays", ("a", "b")), ("alone", ("c",))]


def test_copies_of_one_text_count_once_even_where_their_agency_is_not_held() -> None:
    copies = [page(name, PLAIN, more=story(1)) for name in "ab"]
    assert grouped(*copies, page("c", PLAIN, more=story(2))) == [("copies", ("a", "b")), ("alone", ("c",))]
    named = [page(name, PLAIN, more=story(1), origin="Harbor Wire") for name in "ab"]
    (group,) = the_event(*named, page("d", VIA_WIRE)).sources
    assert group.origin == "harbor-wire" and set(group.documents) == {"a", "b", "d"}


def test_an_aside_on_anothers_word_is_theirs_but_the_rest_is_not() -> None:
    aside = charge("Harbor Wire gives 25,000 accounts.", via=("harbor-wire",), figures=(about("accounts", 25_000),))
    event = the_event(page("a", PLAIN, aside))
    assert [group.basis for group in event.sources] == ["alone"]
    (figure,) = [assertion for assertion in event.assertions if assertion.figures]
    assert [group.origin for group in figure.sources] == ["harbor-wire"]


def test_claims_that_say_the_same_are_one_assertion_for_each_party_and_value() -> None:
    both = charge("Both did.", accused=("garnet", "basalt"), figures=(about("accounts", 50_000),))
    first = charge("Garnet did, from 24,000.", figures=(about("accounts", 24_000),))
    part = charge("Garnet did, from more than 24,000.", figures=(over("accounts", 24_000),))
    other = charge("Garnet did, from 90,000.", figures=(about("accounts", 90_000),))
    event = the_event(page("a", both, first), page("b", part), page("c", other))
    said = {(a.accused, tuple(event.figures[at].low for at in a.figures)): len(a.sources) for a in event.assertions}
    assert said == {
        (("garnet",), ()): 3,
        (("basalt",), ()): 1,
        (("basalt", "garnet"), (50_000,)): 1,
        (("garnet",), (24_000, 24_000)): 2,
        (("garnet",), (90_000,)): 1,
    }


def test_a_page_that_no_longer_says_it_is_no_source_of_it() -> None:
    gone = document(
        "a", Page("2026-03-02", [PLAIN]), Page("2026-03-02", [Said("statement", "We were wrong.", "lumen")])
    )
    event = the_event(gone, page("b", PLAIN))
    charged = next(a for a in event.assertions if a.type == "allegation")
    assert charged.document_ids == ("b",) and len(charged.claim_ids) == 2


def test_sixty_pages_about_one_letter_are_one_event_of_eleven_sources() -> None:
    own = page("own", PLAIN, publisher="Lumen Labs", more=story(0))
    citing = [page(f"cite-{n}", LETTER, more=story(n)) for n in range(1, 16)]
    agency = [page(f"copy-{n:02}", PLAIN, more=story(100)) for n in range(21)]
    naming = [page(f"name-{n}", VIA_WIRE, more=story(200 + n)) for n in range(14)]
    alone = [page(f"alone-{n}", PLAIN, more=story(300 + n)) for n in range(8)]
    house = page("alone-0-again", PLAIN, publisher="Paper alone-0", more=story(400))
    event = the_event(own, *citing, *agency, *naming, *alone, house)
    assert len(event.document_ids) == 60
    assert len(event.sources) == 11
    assert sorted(len(group.documents) for group in event.sources) == [1] * 7 + [2, 14, 16, 21]
    (charged,) = [a for a in event.assertions if a.accused == ("garnet",)]
    assert (len(charged.document_ids), len(charged.sources)) == (60, 11)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from((PLAIN, LETTER, VIA_WIRE)), st.integers(0, 3), st.integers(0, 3)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_every_document_is_in_one_group_whatever_the_order(made: list[tuple[Said, int, int]], random: object) -> None:
    houses = ("Harbor Wire", "Tide News", "Lumen Labs", None)
    pages = [page(f"d{n}", said, publisher=houses[at], more=story(text)) for n, (said, at, text) in enumerate(made)]
    event = the_event(*pages)
    shuffled = list(pages)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert the_event(*shuffled) == event
    for sources, documents in [(event.sources, event.document_ids)] + [
        (a.sources, a.document_ids) for a in event.assertions
    ]:
        assert sorted(key for group in sources for key in group.documents) == sorted(documents)
    texts = [text for _, _, text in made]
    for publisher in {made_page.publisher for made_page in pages}:
        own = [(d.id, said is PLAIN, texts.count(text) == 1) for d, (said, _, text) in zip(pages, made, strict=True)
               if d.publisher == publisher]  # fmt: skip
        if all(unique for *_, unique in own):
            plain = {key for key, unnamed, _ in own if unnamed}
            assert sum(1 for group in event.sources if plain & set(group.documents)) == bool(plain)
    assert len({a.id for a in event.assertions}) == len(event.assertions)
