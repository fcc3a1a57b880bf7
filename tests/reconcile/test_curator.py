"""What people's edits make of claims, entities and events, over a small invented world."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import Curator, hold_back, judge_edits, make_records, reconcile
from tracker.reconcile.anchors import anchor_of
from tracker.types import (
    Acceptance,
    Act,
    AliasEdit,
    Anchor,
    ClaimRecord,
    Confirmation,
    Correction,
    Curation,
    Edit,
    EditState,
    EntityEdit,
    EntityMerge,
    EventMerge,
    EventSplit,
    FigureFix,
    Hiding,
    Judged,
    Mention,
    Reconciled,
    StoredDocument,
    TitleEdit,
    Undoing,
)

from .builders import GAZETTEER, Page, Said, document, over

DAY = datetime(2026, 9, 2, tzinfo=UTC)


def curation(*acts: Act) -> Curation:
    """Edits e1, e2, ... an hour apart."""
    return Curation(
        tuple(
            Edit(f"e{number}", act, "Ana Lyst", DAY + timedelta(hours=number), "it says so")
            for number, act in enumerate(acts, start=1)
        )
    )


def world(*documents: StoredDocument, acts: tuple[Act, ...] = (), previous: Reconciled | None = None) -> Reconciled:
    curator = Curator(GAZETTEER, curation(*acts), documents)
    published, _ = hold_back(documents, 0.5, curator.vouched)
    return reconcile(published, GAZETTEER, previous or Reconciled(), curator)


def judged(*documents: StoredDocument, acts: tuple[Act, ...]) -> list[Judged]:
    curator = Curator(GAZETTEER, curation(*acts), documents)
    named = {e.id for e in GAZETTEER} | {m.entity_id for d in documents for e in d.extractions for m in e.mentions}
    result = world(*documents, acts=acts)
    return list(judge_edits(curator, {d.id: d for d in documents}, named, result))


def states(*documents: StoredDocument, acts: tuple[Act, ...]) -> list[EditState]:
    return [item.state for item in judged(*documents, acts=acts)]


def anchor(document_: StoredDocument, index: int = 0) -> Anchor:
    return anchor_of(make_records([document_])[index], document_.current.id)


def claims_in(result: Reconciled, document_: StoredDocument) -> list[ClaimRecord]:
    return [record for record in result.claims if record.document_id == document_.id]


def confident(document_: StoredDocument, confidence: float) -> StoredDocument:
    extractions = tuple(
        replace(e, claims=tuple(replace(c, confidence=confidence) for c in e.claims)) for e in document_.extractions
    )
    return replace(document_, extractions=extractions)


def naming(document_: StoredDocument, *names: tuple[str, str]) -> StoredDocument:
    """The document with mentions of entities that no gazetteer has: (id, name)."""
    mentions = tuple(Mention(0, 5, document_.current.text[:5], key, name, "company") for key, name in names)
    return replace(document_, extractions=tuple(replace(e, mentions=mentions) for e in document_.extractions))


CHARGE = document(
    "d1",
    Page(
        "2026-03-02",
        [
            Said(
                "allegation",
                "Lumen Labs said that Garnet used over 24,000 accounts",
                "lumen",
                ("garnet",),
                figures=(over("accounts", 24_000),),
                on="2026-03-01",
            )
        ],
    ),
)
OTHER = document(
    "d2",
    Page(
        "2026-05-06", [Said("allegation", "Lumen warned of Basalt on Tuesday", "lumen", ("basalt",), on="2026-05-05")]
    ),
)
SAME = document(
    "d3",
    Page("2026-03-03", [Said("allegation", "Lumen charged Garnet on Sunday", "lumen", ("garnet",), on="2026-03-01")]),
)
UNKNOWN = naming(
    document(
        "d4",
        Page(
            "2026-06-02", [Said("allegation", "Lumen accused Garnet Labs", "lumen", ("garnet-labs",), on="2026-06-01")]
        ),
    ),
    ("garnet-labs", "Garnet Labs"),
)


# --- claims ---


def test_a_corrected_claim_keeps_its_id_and_says_who_corrected_it() -> None:
    (before,) = make_records([CHARGE])
    fix = FigureFix("24000 accounts", 25_000, 25_000, "exact")
    act = Correction(anchor(CHARGE), ("accused", "status"), accused=("basalt",), status="asserted", figures=(fix,))
    result = world(CHARGE, acts=(act,))
    (after,) = claims_in(result, CHARGE)
    assert after.id == before.id and after.edits == ("e1",)
    assert after.claim.accused == ("basalt",) and after.claim.status == "asserted"
    (event,) = result.events
    assert "basalt" in event.actors and "garnet" not in event.actors
    assert [(f.low, f.qualifier) for f in event.figures] == [(25_000, "exact")]
    (item,) = judged(CHARGE, acts=(act,))
    assert [(c.field, c.before, c.after) for c in item.changes] == [
        ("accused", "garnet", "basalt"),
        ("status", "alleged", "asserted"),
        ("figure", "over 24000 accounts", "25000 accounts"),
    ]


def test_a_hidden_claim_is_in_nothing_that_is_made_and_comes_back_when_that_is_undone() -> None:
    hiding = Hiding("claim", (anchor(CHARGE),))
    result = world(CHARGE, OTHER, acts=(hiding,))
    assert claims_in(result, CHARGE) == [] and [e.document_ids for e in result.events] == [("d2",)]
    again = world(CHARGE, OTHER, acts=(hiding, Undoing("e1")))
    assert len(again.events) == 2
    assert len(world(CHARGE, OTHER, acts=(hiding, Undoing("e1"), Undoing("e2"))).events) == 1


def test_a_confirmed_claim_is_published_however_unsure_the_reading_was() -> None:
    unsure = confident(CHARGE, 0.1)
    assert world(unsure).claims == ()
    (record,) = world(unsure, acts=(Confirmation(anchor(unsure)),)).claims
    assert record.edits == ("e1",) and record.claim.confidence == 0.1
    assert len(world(unsure, acts=(Correction(anchor(unsure), ("status",), status="asserted"),)).claims) == 1


def test_an_edit_is_found_again_after_another_extraction_of_the_same_words() -> None:
    act = Correction(anchor(CHARGE), ("accused",), accused=("basalt",))
    read_anew = document(
        "d1",
        Page("2026-03-02", [Said("allegation", "Lumen Labs said that Garnet used over 24,000", None, ("garnet",))]),
    )
    assert make_records([read_anew])[0].id != make_records([CHARGE])[0].id
    (record,) = world(read_anew, acts=(act,)).claims
    assert record.claim.accused == ("basalt",)


@pytest.mark.parametrize(
    "said",
    [
        Said("statement", "Lumen Labs said that Garnet used over 24,000 accounts", "lumen"),  # another kind
        Said("allegation", "Lumen Labs said", "lumen", ("garnet",)),  # a quarter of the words
        Said("allegation", "Garnet used the accounts of others", "lumen", ("garnet",)),
    ],
)
def test_an_edit_never_lands_on_another_claim(said: Said) -> None:
    act = Hiding("claim", (anchor(CHARGE),))
    other = document("d1", Page("2026-03-02", [said]))
    assert len(world(other, acts=(act,)).claims) == 1
    (item,) = judged(other, acts=(act,))
    assert item.state == "open" and "any more" in item.why


def test_of_two_claims_on_one_quote_the_one_with_the_same_reading_is_meant() -> None:
    words = "Lumen and Ada Reyes accused Garnet"
    two = document(
        "d1",
        Page(
            "2026-03-02",
            [Said("allegation", words, "lumen", ("garnet",)), Said("allegation", words, "ada-reyes", ("garnet",))],
        ),
    )
    meant = replace(anchor(two), claim_id=None, speaker="ada-reyes", accused=("garnet",))
    result = world(two, acts=(Hiding("claim", (meant,)),))
    assert [record.claim.speaker for record in result.claims] == ["lumen"]


def test_an_accepted_correction_is_open_again_when_its_page_changes_until_somebody_looks() -> None:
    def page(words: str) -> Page:
        return Page("2026-03-02", [Said("allegation", words, "lumen", ("garnet",), on="2026-03-01")])

    first = document("d1", page("Lumen accused Garnet of much"))
    act = Correction(anchor(first), ("accused",), accused=("basalt",))
    changed = document("d1", page("Lumen accused Garnet of much"), page("Lumen accused nobody of much"))
    assert states(first, acts=(act,)) == ["applied"]
    (item,) = judged(changed, acts=(act,))
    assert item.state == "open" and "version 2" in item.why and "no longer there" in item.why
    # the words of the old version are still what they were, and so is what a person made of them
    assert [r.claim.accused for r in world(changed, acts=(act,)).claims if not r.in_current_version] == [("basalt",)]
    assert states(changed, acts=(act, Acceptance("e1", ("d1.2",)))) == ["applied", "applied"]
    third = document("d1", page("Lumen accused Garnet of much"), page("Lumen accused nobody"), page("Lumen spoke"))
    assert states(third, acts=(act, Acceptance("e1", ("d1.2",)))) == ["open", "applied"]


@pytest.mark.parametrize(
    ("acts", "why"),
    [
        ((Hiding("claim", (anchor(CHARGE),)), Confirmation(anchor(CHARGE))), "was hidden by an edit before"),
        ((Confirmation(anchor(CHARGE)), Hiding("claim", (anchor(CHARGE),))), "was confirmed or corrected"),
        (
            (
                Correction(anchor(CHARGE), ("accused",), accused=("basalt",)),
                Correction(anchor(CHARGE), ("accused",), accused=("lumen",)),
            ),
            "accused was corrected to basalt",
        ),
        ((EntityMerge("garnet", "basalt"), EntityMerge("garnet", "lumen")), "merged into 'basalt' by edit e1"),
        ((EntityMerge("garnet", "basalt"), EntityMerge("basalt", "garnet")), "a cycle"),
        ((EntityEdit("garnet", parent="lumen"), EntityEdit("garnet", parent="basalt")), "contradicts 'lumen'"),
        ((AliasEdit("garnet", "The Firm"), AliasEdit("basalt", "the firm")), "is a name of 'garnet' already"),
        ((EntityEdit("lumen", parent="garnet"), EntityEdit("garnet", parent="lumen")), "circle"),
    ],
)
def test_of_two_edits_that_contradict_each_other_the_later_is_left_out_and_named(
    acts: tuple[Act, ...], why: str
) -> None:
    first, second = judged(CHARGE, acts=acts)
    assert first.state == "applied" and second.state == "refused" and why in second.why
    assert world(CHARGE, acts=acts) == world(CHARGE, acts=acts[:1])


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (EntityMerge("garnet", "bassalt"), "did you mean basalt"),
        (EntityMerge("nobody-at-all", "basalt"), "no entity has the id 'nobody-at-all'"),
        (EntityMerge("garnet", "garnet"), "into itself"),
        (AliasEdit("nobody-at-all", "A"), "no canonical entity"),
        (EntityEdit("garnett", parent="lumen"), "did you mean garnet"),
        (EntityEdit("garnet", parent="nobody-at-all"), "parent: no canonical entity"),
        (EntityEdit("garnet"), "sets nothing"),
        (Correction(anchor(CHARGE), ("speaker",), speaker="nobody-at-all"), "no entity has the id"),
        (Hiding("claim", (replace(anchor(CHARGE), document_id="d99"),)), "no document 'd99'"),
    ],
)
def test_an_edit_that_names_what_is_not_there_is_refused_and_changes_nothing(act: Act, why: str) -> None:
    (item,) = judged(CHARGE, acts=(act,))
    assert item.state == "refused" and why in item.why
    assert world(CHARGE, acts=(act,)) == world(CHARGE)


# --- entities ---


def test_a_merged_name_is_the_entity_in_mentions_claims_and_events_and_claim_ids_stay() -> None:
    before = world(UNKNOWN, SAME)
    assert {e.id: e.known for e in before.entities}["garnet-labs"] is False
    after = world(UNKNOWN, SAME, acts=(EntityMerge("garnet-labs", "garnet"),))
    assert [r.id for r in after.claims] == [r.id for r in before.claims]
    (record,) = claims_in(after, UNKNOWN)
    assert record.claim.accused == ("garnet",) and record.edits == ("e1",)
    assert "garnet-labs" not in {e.id for e in after.entities}
    assert all("garnet-labs" not in e.actors for e in after.events)
    curator = Curator(GAZETTEER, curation(EntityMerge("garnet-labs", "garnet")))
    (mention,) = curator.document(UNKNOWN).extractions[0].mentions
    assert (mention.entity_id, mention.name) == ("garnet", "Garnet AI")


def test_an_alias_makes_the_unknown_name_that_entity() -> None:
    result = world(UNKNOWN, acts=(AliasEdit("garnet", "Garnet Labs"),))
    assert claims_in(result, UNKNOWN)[0].claim.accused == ("garnet",)
    assert "Garnet Labs" in {e.id: e for e in result.entities}["garnet"].aliases


def test_a_name_becomes_known_with_its_owner_only_when_somebody_says_so() -> None:
    act = EntityEdit("garnet-labs", "Garnet Laboratories", "company", "garnet", "Q12345")
    result = world(UNKNOWN, acts=(act,))
    entity = {e.id: e for e in result.entities}["garnet-labs"]
    assert entity.known and entity.name == "Garnet Laboratories" and entity.parent == "garnet"
    assert "garnet" in {e.id for e in result.entities}  # a parent is named with it


def test_merges_follow_each_other_to_the_end_and_parents_move_with_them() -> None:
    acts = (EntityMerge("garnet-labs", "garnet"), EntityMerge("garnet", "basalt"))
    curator = Curator(GAZETTEER, curation(*acts))
    assert curator.naming.id_of("garnet-labs") == "basalt" and curator.naming.edits_of["garnet-labs"] == ("e1", "e2")
    moved = Curator(GAZETTEER, curation(EntityMerge("basalt", "lumen")))
    assert {e.id: e.parent for e in moved.entities}["basalt-research"] == "lumen"
    assert {"Basalt"} <= set({e.id: e for e in moved.entities}["lumen"].aliases)


# --- events ---


def merge(one: StoredDocument, other: StoredDocument) -> EventMerge:
    return EventMerge((anchor(one),), (anchor(other),))


def test_merged_events_are_one_and_the_other_address_leads_to_it() -> None:
    before = world(CHARGE, OTHER)
    assert len(before.events) == 2
    after = world(CHARGE, OTHER, acts=(merge(CHARGE, OTHER),), previous=before)
    (event,) = after.events
    assert event.document_ids == ("d1", "d2") and event.edits == ("e1",)
    ids = {e.id for e in before.events}
    assert event.id in ids and dict(after.redirects) == {next(iter(ids - {event.id})): event.id}


def test_a_merge_that_is_undone_gives_both_events_their_addresses_back() -> None:
    before = world(CHARGE, OTHER)
    ids = {e.id for e in before.events}
    act = replace(merge(CHARGE, OTHER), was=tuple(ids))
    merged = world(CHARGE, OTHER, acts=(act,), previous=before)
    again = world(CHARGE, OTHER, acts=(act, Undoing("e1")), previous=merged)
    assert {e.id for e in again.events} == ids and again.redirects == ()


def test_a_split_leaves_the_id_with_the_rest_and_makes_one_event_of_what_goes() -> None:
    before = world(CHARGE, SAME)
    (event,) = before.events
    act = EventSplit((anchor(SAME),), (event.id,))
    after = world(CHARGE, SAME, acts=(act,), previous=before)
    by_documents = {e.document_ids: e for e in after.events}
    assert set(by_documents) == {("d1",), ("d3",)}
    assert event.id in {e.id for e in after.events} and by_documents["d3",].edits == ("e1",)
    again = world(CHARGE, SAME, acts=(act,), previous=after)
    assert again == after  # the same input leaves the same result


def test_claims_of_one_document_can_be_parted() -> None:
    both = document(
        "d1",
        Page(
            "2026-03-02",
            [
                Said("allegation", "Lumen accused Garnet of copying Prism", "lumen", ("garnet",), on="2026-03-01"),
                Said("allegation", "It said Garnet had sold what it took", "lumen", ("garnet",), on="2026-03-01"),
            ],
        ),
    )
    before = world(both)
    assert [len(e.claim_ids) for e in before.events] == [2]
    after = world(both, acts=(EventSplit((anchor(both, 1),)),), previous=before)
    assert [len(e.claim_ids) for e in after.events] == [1, 1]


def test_a_split_of_everything_leaves_the_event_as_it_is() -> None:
    (event,) = world(CHARGE, SAME, acts=(EventSplit((anchor(CHARGE), anchor(SAME))),)).events
    assert replace(event, edits=()) == world(CHARGE, SAME).events[0]


def test_a_title_is_a_persons_and_says_so() -> None:
    act = TitleEdit((anchor(CHARGE),), "Lumen's letter", "Lumen Labs accuses Garnet AI")
    (event,) = world(CHARGE, SAME, acts=(act,)).events
    assert event.title == "Lumen's letter" and event.edits == ("e1",)
    assert "".join(part.text for part in event.title_parts) == event.title
    first, second = judged(CHARGE, SAME, acts=(act, replace(act, title="Another")))
    assert first.state == "applied" and second.state == "refused" and "e1" in second.why


def test_a_hidden_event_is_concealed_with_what_only_it_shows_and_keeps_its_id() -> None:
    before = world(CHARGE, OTHER)
    act = Hiding("event", (anchor(CHARGE),))
    curator = Curator(GAZETTEER, curation(act), (CHARGE, OTHER))
    kept = reconcile((CHARGE, OTHER), GAZETTEER, before, curator)
    assert {e.id for e in kept.events} == {e.id for e in before.events}
    shown = curator.conceal(kept)
    assert [e.document_ids for e in shown.events] == [("d2",)]
    assert {r.document_id for r in shown.claims} == {"d2"}
    assert all("garnet" not in d.accused for d in shown.disputes)
    assert {e.id for e in world(CHARGE, OTHER, previous=kept).events} == {e.id for e in before.events}


def test_what_was_decided_later_is_not_known_before() -> None:
    edits = curation(Hiding("claim", (anchor(CHARGE),)), Hiding("claim", (anchor(OTHER),)))
    early = edits.until(DAY + timedelta(hours=1))
    assert [edit.id for edit in early.edits] == ["e1"]


def test_the_order_of_documents_does_not_change_what_edits_do() -> None:
    acts = (merge(CHARGE, OTHER), EntityMerge("garnet-labs", "garnet"), TitleEdit((anchor(UNKNOWN),), "T"))
    documents = (CHARGE, OTHER, SAME, UNKNOWN)
    assert world(*documents, acts=acts) == world(*reversed(documents), acts=acts)


WORLD = (CHARGE, OTHER, SAME, UNKNOWN)
ids = st.sampled_from(["lumen", "garnet", "basalt", "garnet-labs", "basalt-research", "prism", "nobody", "atlantis"])
anchored = st.sampled_from([anchor(d) for d in WORLD] + [replace(anchor(CHARGE), document_id="d99")])
several = st.lists(anchored, min_size=1, max_size=2).map(tuple)
some_act: st.SearchStrategy[Act] = st.one_of(
    st.builds(EntityMerge, ids, ids),
    st.builds(AliasEdit, ids, st.sampled_from(["Garnet Labs", "Basalt", "The Firm"])),
    st.builds(EntityEdit, ids, st.sampled_from([None, "Name"]), st.sampled_from([None, "company"]), st.none() | ids),
    st.builds(EventMerge, several, several),
    st.builds(EventSplit, several),
    st.builds(TitleEdit, several, st.sampled_from(["One", "Two"])),
    st.builds(lambda a: Hiding("claim", (a,)), anchored),
    st.builds(lambda a: Hiding("event", a), several),
    st.builds(lambda a, who: Correction(a, ("speaker",), speaker=who), anchored, ids),
    st.builds(Confirmation, anchored),
    st.builds(Undoing, st.sampled_from(["e1", "e2", "e3"])),
    st.builds(Acceptance, st.sampled_from(["e1", "e2"]), st.just(("d1.1",))),
)


@settings(max_examples=80)
@given(st.lists(some_act, max_size=6).map(tuple), st.permutations(WORLD))
def test_whatever_people_decide_the_result_is_sound_and_every_edit_is_accounted_for(
    acts: tuple[Act, ...], order: list[StoredDocument]
) -> None:
    result = world(*WORLD, acts=acts)
    assert result == world(*order, acts=acts)
    assert world(*WORLD, acts=acts, previous=result) == result
    read = {record.id for record in make_records(WORLD)}
    claims = {record.id for record in result.claims}
    assert claims <= read
    reported = [claim_id for event in result.events for claim_id in event.claim_ids]
    assert set(reported) <= claims and len({event.id for event in result.events}) == len(result.events)
    known = {e.id for e in result.entities}
    assert all(e.parent is None or e.parent in known for e in result.entities)
    curator = Curator(GAZETTEER, curation(*acts), WORLD)
    for entity_id in ("garnet", "basalt", "lumen", "garnet-labs"):
        assert curator.naming.id_of(curator.naming.id_of(entity_id)) == curator.naming.id_of(entity_id)
    assert not claims & curator.hidden
    shown = curator.conceal(result)
    live = {event.id for event in shown.events}
    assert not live & curator.hidden_events(result.events)
    assert all(set(dispute.event_ids) <= live for dispute in shown.disputes)
    told = judged(*WORLD, acts=acts)
    assert [item.edit.id for item in told] == [edit.id for edit in curation(*acts).edits]
    assert all(item.why for item in told if item.state in ("open", "refused"))
