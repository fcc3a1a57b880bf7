"""As of a day: what was known then, with the ids of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.reconcile import hold_back, reconcile
from tracker.reconcile.asof import check_known, documents_as_of, read_as_of, reconcile_as_of
from tracker.types import Reconciled, StoredDocument

from .builders import AT, GAZETTEER, Page, Said, about, charge, document

NOW = datetime(2026, 9, 20, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def seen(doc: StoredDocument, *days: int) -> StoredDocument:
    """The document with its versions fetched so many days after the beginning, each last seen when the next came."""
    later = [*days[1:], 30]
    versions = tuple(
        replace(item, fetched_at=AT + day * DAY, last_seen_at=AT + next_ * DAY)
        for item, day, next_ in zip(doc.versions, days, later, strict=True)
    )
    return replace(doc, versions=versions, first_seen_at=AT + days[0] * DAY, last_seen_at=versions[-1].last_seen_at)


def one(name: str, on: str, *days: int, **changes: object) -> StoredDocument:
    pages = [Page(on, [charge(f"Lumen accused Garnet, says {name} {n}.", on=on, **changes)]) for n in days]
    return seen(document(name, *pages), *days)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-09-01", datetime(2026, 9, 1, 23, 59, 59, 999999, UTC)),
        (" 2026-09-20 ", datetime(2026, 9, 20, 23, 59, 59, 999999, UTC)),
        ("2026-09-01T12:30Z", datetime(2026, 9, 1, 12, 30, tzinfo=UTC)),
        ("2026-09-01 12:30", datetime(2026, 9, 1, 12, 30, tzinfo=UTC)),
        ("2026-09-01T12:30:15+02:00", datetime(2026, 9, 1, 10, 30, 15, tzinfo=UTC)),
        ("2026-09-20T15:30Z", NOW),
    ],
)
def test_a_day_goes_to_its_end_and_an_instant_without_a_zone_is_utc(text: str, at: datetime) -> None:
    assert read_as_of(text, NOW) == at


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday-ish", "expected a day such as 2026-06-24"),
        ("", "expected a day"),
        ("24.6.2026", "expected a day"),
        ("2026-6-24", "expected a day"),
        ("20260624", "expected a day"),
        ("2026-W30-1", "expected a day"),
        ("2026-02-30", "there is no such day"),
        ("2026-09-01T25:00Z", "there is no such day or time"),
        ("0000-01-01", "there is no such day"),
        ("0001-01-01T00:00+23:00", "there is no such day"),
        ("2026-09-21", "has not been yet; now it is 2026-09-20T15:30Z"),
        ("2026-09-20T15:31Z", "has not been yet"),
        ("9999-12-31", "has not been yet"),
    ],
)
def test_what_is_no_day_of_the_past_is_refused_with_what_is_expected(text: str, words: str) -> None:
    with pytest.raises(InputError, match="as of") as caught:
        read_as_of(text, NOW)
    assert words in str(caught.value)


def test_a_day_that_has_begun_elsewhere_but_not_in_utc_is_yet_to_come() -> None:
    now = datetime(2026, 9, 21, 1, 0, tzinfo=timezone(timedelta(hours=8)))
    with pytest.raises(InputError, match="now it is 2026-09-20T17:00Z"):
        read_as_of("2026-09-21", now)


def test_before_the_first_document_nothing_was_known() -> None:
    documents = [one("a", "2026-03-02", 4), one("b", "2026-03-02", 2)]
    check_known(AT + 2 * DAY, documents)
    with pytest.raises(InputError, match=r"nothing was known then; the first document was fetched on 2026-09-03"):
        check_known(AT + DAY, documents)
    with pytest.raises(InputError, match="nothing is known yet"):
        check_known(AT, [])


def test_only_versions_of_then_are_left_and_no_look_at_a_page_is_later() -> None:
    doc = one("a", "2026-03-02", 1, 5)
    (then,) = documents_as_of([doc, one("b", "2026-03-02", 6)], AT + 3 * DAY)
    assert then.versions == (replace(doc.versions[0], last_seen_at=AT + 3 * DAY),)
    assert (then.extractions, then.last_seen_at) == (doc.extractions[:1], AT + 3 * DAY)
    assert documents_as_of([doc], AT) == ()
    assert documents_as_of([doc], AT + 40 * DAY) == (doc,)


def test_words_that_were_taken_out_later_stood_then() -> None:
    old, new = (charge(f"It counted {n} accounts.", figures=(about("accounts", n),)) for n in (24_000, 25_000))
    doc = seen(document("a", Page("2026-03-02", [old]), Page("2026-03-02", [new])), 0, 5)
    present = reconcile([doc], GAZETTEER, Reconciled())
    then = reconcile_as_of(documents_as_of([doc], AT + DAY), GAZETTEER, present)
    assert [(r.claim.text, r.in_current_version) for r in then.claims] == [(old.text, True)]
    assert then.revisions == () and len(present.revisions) == 1
    assert {r.id for r in then.claims} < {r.id for r in present.claims}
    assert then.events[0].id == present.events[0].id
    assert [figure.low for figure in then.events[0].figures] == [24_000]


def test_a_merged_event_has_the_id_of_then_which_leads_to_the_one_of_today() -> None:
    documents = [one("a", "2026-03-02", 0), one("b", "2026-05-02", 0)]
    apart = reconcile(documents, GAZETTEER, Reconciled())
    spring, summer = apart.events
    merged = replace(spring, claim_ids=spring.claim_ids + summer.claim_ids, document_ids=("a", "b"), to_on=summer.to_on)
    today = Reconciled(events=(merged,), claims=apart.claims, redirects=((summer.id, spring.id),))
    then = reconcile_as_of(documents, GAZETTEER, today)
    assert [event.id for event in then.events] == [spring.id, summer.id]
    assert then.redirects == ()

    renamed = Reconciled(events=(merged,), claims=apart.claims, redirects=(("2026-05-01-lumen-allegation", spring.id),))
    then = reconcile_as_of(documents, GAZETTEER, renamed)
    assert [event.id for event in then.events] == [spring.id, "2026-05-01-lumen-allegation"]


def test_an_event_that_was_split_since_is_found_under_both_ids() -> None:
    documents = [one("a", "2026-03-02", 0), one("b", "2026-03-02", 0)]
    (whole,) = reconcile(documents, GAZETTEER, Reconciled()).events
    halves = tuple(
        replace(whole, id=name, claim_ids=(claim_id,), document_ids=(document_id,))
        for name, claim_id, document_id in zip(("left", "right"), whole.claim_ids, whole.document_ids, strict=True)
    )
    then = reconcile_as_of(documents, GAZETTEER, Reconciled(events=halves))
    assert [event.id for event in then.events] == ["left"]
    assert then.redirects == (("right", "left"),)


def test_ids_of_events_that_were_not_known_then_lead_nowhere() -> None:
    documents = [one("a", "2026-03-02", 0), one("b", "2026-05-02", 5)]
    today = reconcile(documents, GAZETTEER, Reconciled())
    today = replace(today, redirects=(("old-b", today.events[1].id),))
    then = reconcile_as_of(documents_as_of(documents, AT + DAY), GAZETTEER, today)
    assert [event.id for event in then.events] == [today.events[0].id]
    assert then.redirects == ()


# --- properties ---------------------------------------------------------------------------------------------------

_said = st.builds(
    lambda speaker, accused, on, n: charge(
        f"{speaker} accused {accused} on {on}, counting {n}.", speaker=speaker, accused=(accused,), on=on,
        figures=(about("accounts", n),),
    ),
    st.sampled_from(["lumen", "basalt", "trade-panel"]),
    st.sampled_from(["garnet", "basalt-research"]),
    st.sampled_from(["2026-03-02", "2026-03-04", "2026-05-02"]),
    st.sampled_from([24_000, 25_000]),
)  # fmt: skip
_version = st.lists(st.one_of(_said, st.just(Said("denial", "Garnet denied it.", "garnet"))), min_size=1, max_size=3)
_document = st.lists(st.tuples(st.integers(0, 9), _version), min_size=1, max_size=3, unique_by=lambda pair: pair[0])


def _stored(worlds: list[list[tuple[int, list[Said]]]]) -> list[StoredDocument]:
    documents = []
    for number, versions in enumerate(worlds):
        ordered = sorted(versions, key=lambda pair: pair[0])
        pages = [Page("2026-03-05", said) for _, said in ordered]
        documents.append(seen(document(f"d{number}", *pages), *(day for day, _ in ordered)))
    return documents


@settings(max_examples=60)
@given(st.lists(_document, min_size=1, max_size=5))
def test_as_of_now_is_the_present(worlds: list[list[tuple[int, list[Said]]]]) -> None:
    documents = _stored(worlds)
    present = reconcile(documents, GAZETTEER, Reconciled())
    known = documents_as_of(documents, AT + 60 * DAY)
    assert list(known) == documents
    assert reconcile_as_of(known, GAZETTEER, present) == present


@settings(max_examples=60)
@given(st.lists(_document, min_size=1, max_size=5), st.integers(0, 9), st.integers(0, 9))
def test_a_later_day_knows_what_an_earlier_one_did(worlds: list[list[tuple[int, list[Said]]]], a: int, b: int) -> None:
    documents = _stored(worlds)
    present = reconcile(documents, GAZETTEER, Reconciled())
    earlier, later = (documents_as_of(documents, AT + day * DAY) for day in sorted((a, b)))
    assert {v.id for d in earlier for v in d.versions} <= {v.id for d in later for v in d.versions}
    first, second = (reconcile_as_of(known, GAZETTEER, present) for known in (earlier, later))
    assert {r.id for r in first.claims} <= {r.id for r in second.claims} <= {r.id for r in present.claims}
    assert set(first.revisions) <= set(second.revisions) <= set(present.revisions)
    for result in (first, second):
        ids = [event.id for event in result.events]
        assert len(ids) == len(set(ids))
    held, _ = hold_back(earlier, 0.0)
    assert held == earlier
