"""Ids outlive re-runs, merges and splits; the order of arrival changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import reconcile
from tracker.types import Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over

NOTHING = Reconciled()


def run(documents: list[StoredDocument], previous: Reconciled = NOTHING) -> Reconciled:
    return reconcile(documents, GAZETTEER, previous)


def one(name: str, published: str, on: str | None, **changes: object) -> StoredDocument:
    return document(name, Page(published, [charge(f"Lumen accused Garnet, says {name}.", on=on, **changes)]))


def test_a_new_id_says_day_actor_act_and_accused() -> None:
    (event,) = run([one("a", "2026-03-03", "2026-03-02")]).events
    assert event.id == "2026-03-02-lumen-allegation-garnet"


def test_like_events_of_one_day_are_numbered() -> None:
    docs = [one("a", "2026-03-03", "2026-03-02"), one("b", "2026-03-03", "2026-03-02", target=("lens",))]
    ids = [event.id for event in run(docs).events]
    assert ids == ["2026-03-02-lumen-allegation-garnet", "2026-03-02-lumen-allegation-garnet-2"]
    assert ids == [event.id for event in run(docs[::-1]).events]


def test_an_event_keeps_its_id_when_it_grows_and_its_day_changes() -> None:
    first = run([one("a", "2026-03-03", None)])
    grown = run([one("a", "2026-03-03", None), one("b", "2026-03-03", "2026-03-01")], first)
    (old,), (new,) = first.events, grown.events
    assert new.from_on == date(2026, 3, 1) != old.from_on
    assert new.id == old.id
    assert grown.redirects == ()


def test_an_event_keeps_its_id_when_every_claim_is_read_anew() -> None:
    first = run([one("a", "2026-03-03", "2026-03-02")])
    reread = document("a", Page("2026-03-03", [charge("Lumen accused Garnet, it was said", on="2026-03-03")]))
    again = run([reread], Reconciled(tuple(first.events), first.claims))
    assert not set(again.events[0].claim_ids) & set(first.events[0].claim_ids)
    assert again.events[0].from_on != first.events[0].from_on
    same_day = document("a", Page("2026-03-03", [charge("Lumen accused Garnet, it was said", on="2026-03-02")]))
    assert run([same_day], first).events[0].id == first.events[0].id


def _apart_and_joined() -> tuple[list[StoredDocument], list[StoredDocument]]:
    """Two events three weeks apart, and the same with the figures that show them to be one letter."""
    figures = (over("exchanges", 3_200_000),)
    apart = [one("a", "2026-06-24", "2026-06-10"), one("b", "2026-06-24", "2026-06-10")]
    light = [one("c", "2026-06-25", "2026-06-24")]
    joined = [
        document("d", Page("2026-06-24", [charge("A letter of June 10.", on="2026-06-10", figures=figures)])),
        document("e", Page("2026-06-25", [charge("Made known on Wednesday.", on="2026-06-24", figures=figures)])),
    ]
    return apart + light, joined


def test_a_merge_leaves_a_redirect_that_later_merges_carry_on() -> None:
    documents = [one("a", "2026-03-03", "2026-03-02"), one("b", "2026-03-03", "2026-03-02")]
    whole = run(documents).events[0]
    larger = replace(whole, id="larger", claim_ids=whole.claim_ids[:1], document_ids=("a",))
    smaller = replace(whole, id="smaller", claim_ids=whole.claim_ids[1:], document_ids=("b",))
    before = Reconciled(events=(larger, smaller), redirects=(("oldest", "smaller"),))
    merged = run(documents, before)
    assert [event.id for event in merged.events] == ["larger"]
    assert merged.redirects == (("oldest", "larger"), ("smaller", "larger"))
    assert run(documents, merged) == merged


def test_a_split_leaves_the_id_with_the_larger_part() -> None:
    documents = [
        one("a", "2026-03-03", "2026-03-02"),
        one("b", "2026-05-03", "2026-05-02"),
        one("c", "2026-05-04", "2026-05-02"),
    ]
    spring, summer = run(documents).events
    united = replace(spring, id="united", claim_ids=spring.claim_ids + summer.claim_ids, document_ids=("a", "b", "c"))
    after = run(documents, Reconciled(events=(united,)))
    assert [event.id for event in after.events] == ["2026-03-02-lumen-allegation-garnet", "united"]
    assert after.redirects == ()


def test_an_id_once_used_is_not_given_to_another_event() -> None:
    documents = [one("a", "2026-03-03", "2026-03-02")]
    slug = run(documents).events[0].id
    other = replace(run(documents).events[0], claim_ids=("c-000000000000",), document_ids=("gone",))
    assert run(documents, Reconciled(events=(other,))).events[0].id == f"{slug}-2"
    assert run(documents, Reconciled(redirects=((slug, "elsewhere"),))).events[0].id == f"{slug}-2"


def test_a_second_run_changes_nothing() -> None:
    apart, joined = _apart_and_joined()
    for documents in (apart, joined, apart + joined):
        first = run(documents)
        assert first.events
        assert run(documents, first) == first


# --- the order of arrival --------------------------------------------------------------------------------------

_PARTIES = ("lumen", "garnet", "basalt", "basalt-research", "atlantis-embassy", "trade-panel", None)
_TYPES = (
    "allegation",
    "denial",
    "admission",
    "legislation",
    "government_action",
    "company_action",
    "statement",
    "no_response",
)
_DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 20)).map(date.isoformat)
_FIGURES = st.sampled_from([(), (about("accounts", 24_000),), (over("exchanges", 3e6), about("accounts", 25_000))])

_said = st.builds(
    Said,
    type=st.sampled_from(_TYPES),
    text=st.sampled_from(
        ["They copied the model.", "A memo was sent.", "The panel approved a bill.", "Earlier it denied."]
    ),
    speaker=st.sampled_from(_PARTIES),
    accused=st.sampled_from([(), ("garnet",), ("basalt",), ("basalt", "garnet")]),
    target=st.sampled_from([(), ("prism",), ("lumen",)]),
    figures=_FIGURES,
    on=st.none() | _DAYS,
    laws=st.sampled_from([(), ("bill-77",), ("bill-78",)]),
)
_page = st.builds(
    Page,
    published=st.none() | _DAYS,
    said=st.lists(_said, max_size=4),
    relevance=st.sampled_from(["relevant", "relevant", "background"]),
    title=st.sampled_from(["News", "Garnet AI answers", "Lumen Labs and Basalt"]),
)


@settings(max_examples=120)
@given(st.lists(st.lists(_page, min_size=1, max_size=2), min_size=1, max_size=7), st.randoms())
def test_the_order_of_the_documents_changes_nothing(pages: list[list[Page]], random: object) -> None:
    documents = [document(f"d{number}", *versions) for number, versions in enumerate(pages)]
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = run(documents)
    assert run(shuffled) == first
    assert reconcile(shuffled, GAZETTEER[::-1], first) == first


@settings(max_examples=60)
@given(st.lists(_page, min_size=1, max_size=7))
def test_whatever_comes_the_result_holds_together(pages: list[Page]) -> None:
    result = run([document(f"d{number}", page) for number, page in enumerate(pages)])
    claims = {record.id: record for record in result.claims}
    assert len(claims) == len(result.claims)
    assert len({event.id for event in result.events}) == len(result.events)
    entities = {entity.id for entity in result.entities}
    for event in result.events:
        own = [claims[claim] for claim in event.claim_ids]
        assert own
        assert {record.document_id for record in own} == set(event.document_ids)
        assert not set(event.recalled_in) & set(event.claim_ids)
        assert event.from_on <= event.to_on
        assert {figure.claim_id for figure in event.figures} <= {*event.claim_ids, *event.recalled_in}
        assert {answer.claim_id for answer in event.answers} - {None} <= claims.keys()
        assert set(event.actors) <= entities | {"lens"}
        assert event.title
