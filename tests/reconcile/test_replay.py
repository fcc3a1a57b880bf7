"""Adding, changing and removing documents one after the other gives what a pass over all of them gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import blocks, make_records, reconcile
from tracker.reconcile.anchors import anchor_of
from tracker.reconcile.curator import Curator
from tracker.reconcile.reconciler import update
from tracker.types import Curation, Dispute, Edit, EventMerge, EventSplit, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over
from .kept import Kept

_PARTIES = (
    "lumen",
    "garnet",
    "basalt",
    "basalt-research",
    "atlantis-embassy",
    "embassy-in-lemuria",
    "trade-panel",
    None,
)
_TYPES = (
    "allegation", "allegation", "allegation", "denial", "admission", "legislation",
    "government_action", "company_action", "statement", "no_response",
)  # fmt: skip
_TEXTS = (
    "They copied the model.", "A memo was sent.", "The panel approved a bill.", "Earlier it denied.",
    "Through 24,000 accounts Garnet drained Prism.", "It rejects the charge.",
)  # fmt: skip
_DAYS = st.dates(date(2026, 1, 20), date(2026, 2, 12)).map(date.isoformat) | st.just("2026-09-01")
_FIGURES = st.sampled_from([(), (), (about("accounts", 24_000),), (over("exchanges", 3e6), about("accounts", 25_000))])
_said = st.builds(
    Said,
    type=st.sampled_from(_TYPES),
    text=st.sampled_from(_TEXTS),
    speaker=st.sampled_from(_PARTIES),
    accused=st.sampled_from([(), ("garnet",), ("garnet",), ("basalt",), ("basalt", "garnet")]),
    target=st.sampled_from([(), ("prism",), ("lumen",)]),
    figures=_FIGURES,
    on=st.none() | _DAYS,
    laws=st.sampled_from([(), (), ("bill-77",), ("bill-78",)]),
)
pages_drawn = st.builds(
    Page,
    published=st.none() | _DAYS,
    said=st.lists(_said, max_size=4),
    relevance=st.sampled_from(["relevant", "relevant", "relevant", "background"]),
    title=st.sampled_from(["News", "Garnet AI answers", "Lumen Labs and Basalt"]),
)
_steps = st.lists(
    st.lists(
        st.tuples(st.integers(0, 7), st.none() | st.lists(pages_drawn, min_size=1, max_size=2)), min_size=1, max_size=4
    ),
    min_size=1,
    max_size=6,
)
"""Runs, each with some documents (by number) that are new or changed, or (None) taken away."""


def without_ids(result: Reconciled) -> Reconciled:
    """Ids are handed on by history, so events and disputes are named by what they are; everything else is not."""
    names = {event.id: "|".join(event.claim_ids) for event in result.events}
    events = sorted((replace(event, id=names[event.id]) for event in result.events), key=lambda event: event.id)

    def told(dispute: Dispute) -> Dispute:
        return replace(
            dispute,
            id="",
            event_ids=tuple(sorted(names[key] for key in dispute.event_ids)),
            steps=tuple(replace(step, event_id=names[step.event_id]) for step in dispute.steps),
            ledger=tuple(replace(e, event_id=names.get(e.event_id or "")) for e in dispute.ledger),
        )

    disputes = sorted(map(told, result.disputes), key=lambda dispute: dispute.sides)
    return replace(result, events=tuple(events), redirects=(), disputes=tuple(disputes))


def step(kept: Kept, changes: list[tuple[int, list[Page] | None]]) -> None:
    """One run in which these documents came, changed or went."""
    for number, pages in changes:
        if pages is None:
            kept.documents.pop(f"d{number}", None)
        else:
            kept.documents[f"d{number}"] = document(f"d{number}", *pages)
    kept.apply(update(kept, [f"d{number}" for number, _ in changes], Curator(GAZETTEER)))


def from_nothing(documents: list[StoredDocument]) -> Reconciled:
    return reconcile(documents, GAZETTEER, Reconciled())


@settings(max_examples=150)
@given(_steps)
def test_step_by_step_is_from_nothing(steps: list[list[tuple[int, list[Page] | None]]]) -> None:
    kept = Kept()
    seen: set[str] = set()
    for changes in steps:
        step(kept, changes)
        assert without_ids(kept.result()) == without_ids(from_nothing(list(kept.documents.values())))
        seen |= kept.events.keys() | kept.disputes.keys()
        assert seen <= kept.events.keys() | kept.disputes.keys() | kept.redirects.keys(), "an address broke"
    ids = [event.id for event in kept.result().events]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & kept.redirects.keys()


@settings(max_examples=80)
@given(_steps)
def test_the_same_holds_where_more_comes_into_question_than_is_compared(
    steps: list[list[tuple[int, list[Page] | None]]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "MOST_CANDIDATES", 2)
        kept = Kept()
        for changes in steps:
            step(kept, changes)
            assert without_ids(kept.result()) == without_ids(from_nothing(list(kept.documents.values())))


def _told(name: str, accused: str, published: str, on: str | None = "2026-03-02") -> StoredDocument:
    text = f"Lumen accused {accused}, says {name}."
    return document(name, Page(published, [charge(text, accused=(accused,), on=on)]))


@pytest.mark.parametrize("act", ["merge", "split"])
def test_what_people_joined_or_parted_stays_so_while_documents_come(act: str) -> None:
    first = [_told("a", "garnet", "2026-03-03"), _told("b", "garnet", "2026-03-03"), _told("c", "basalt", "2026-03-03")]
    anchors = {d.id: anchor_of(make_records([d])[0], d.current.id) for d in first}
    deed = EventMerge((anchors["c"],), (anchors["a"],)) if act == "merge" else EventSplit((anchors["b"],))
    edit = Edit("e1", deed, "Ana Lyst", datetime(2026, 9, 2, tzinfo=UTC), "it says so")
    curator = Curator(GAZETTEER, Curation((edit,)), first)
    kept = Kept()
    ids: list[set[str]] = []
    later = [_told("d", "garnet", "2026-03-04", None)], [_told("e", "basalt", "2026-03-05")]
    for come in ([first[0], first[2]], [first[1]], *later):
        kept.documents.update({d.id: d for d in come})
        kept.apply(update(kept, [d.id for d in come], curator))
        documents = list(kept.documents.values())
        anew = reconcile(documents, GAZETTEER, Reconciled(), curator)
        # two events of one day stand in a dispute by their ids, and these are handed on by history
        assert replace(without_ids(kept.result()), disputes=()) == replace(without_ids(anew), disputes=())
        ids.append({event.id for event in kept.result().events})
    assert ids[1] <= ids[2] <= ids[3], "no permalink is lost on the way"
    assert len(ids[3]) == (1 if act == "merge" else 3)
