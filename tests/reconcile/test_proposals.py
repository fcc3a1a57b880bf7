"""Names that nobody has decided on: proposed with where they stand, never taken for anything by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.ids import slugify
from tracker.reconcile import Curator, reconcile
from tracker.reconcile.proposals import find_proposals
from tracker.types import (
    AliasEdit,
    Curation,
    Edit,
    Entity,
    EntityProposal,
    EntityType,
    Mention,
    Reconciled,
    StoredDocument,
)

from .builders import AT, GAZETTEER, Page, Said, document

KNOWN = (
    *GAZETTEER,
    Entity("amber-moon", "Amber Moon AI", "company", ("琥珀月亮",)),
    Entity("oma", "Office of Model and Machine Affairs", "government"),
)


def naming(document_id: str, name: str, type_: EntityType = "company", days: int = 0) -> StoredDocument:
    """A document that names an entity once, under the id that the extractor gives to new names."""
    made = document(document_id, Page("2026-03-02", [Said("statement", f"It is said that {name} did it", "lumen")]))
    start = made.current.text.index(name)
    mention = Mention(start, start + len(name), name, slugify(name), name, type_)
    extractions = tuple(replace(e, mentions=(mention,)) for e in made.extractions)
    return replace(made, extractions=extractions, first_seen_at=AT + timedelta(days=days))


def proposed(*documents: StoredDocument) -> dict[str, EntityProposal]:
    return {item.name: item for item in find_proposals(documents, KNOWN)}


@pytest.mark.parametrize(
    ("name", "type_", "reason", "into"),
    [
        ("Amber Moon A.I.", "company", "spelling", "amber-moon"),
        ("AmberMoon AI", "company", "spelling", "amber-moon"),
        ("Amber Moon Labs AI", "company", "longer_form", "amber-moon"),
        ("OMMA", "government", "acronym", "oma"),
        ("Amber Moon A.I.", "person", "unknown", None),  # another type is another thing
        ("Amber Sun Holdings", "company", "unknown", None),
        ("Violet Works", "company", "unknown", None),
        ("H.R. 79", "law", "unknown", None),  # the number makes the bill
        ("琥珀月光", "company", "unknown", None),  # one character makes another company
        ("Reyes", "person", "longer_form", "ada-reyes"),
        ("Ada", "person", "unknown", None),
        ("Basult", "company", "unknown", None),
    ],
)
def test_a_name_is_proposed_for_what_it_is_like_and_for_nothing_else(
    name: str, type_: EntityType, reason: str, into: str | None
) -> None:
    item = proposed(naming("d1", name, type_))[name]
    assert (item.reason, item.into) == (reason, into)
    assert item.contexts[0].quote == f"It is said that {name} did it"


def test_a_name_comes_with_its_documents_its_first_day_and_few_contexts() -> None:
    documents = [naming(f"d{n}", "Violet Works", days=n) for n in range(5, 0, -1)]
    (item,) = find_proposals(documents, KNOWN)
    assert item.mentions == 5 and item.document_ids == ("d1", "d2", "d3", "d4", "d5")
    assert item.first_seen_at == AT + timedelta(days=1)
    assert [context.document_id for context in item.contexts] == ["d1", "d2", "d3"]
    by_id = {d.id: d for d in documents}
    for context in item.contexts:
        assert by_id[context.document_id].current.text[context.start : context.end] == "Violet Works"


def test_of_two_unknown_spellings_the_rarer_is_proposed_for_the_commoner() -> None:
    found = proposed(naming("d1", "Violet Works"), naming("d2", "Violet Works"), naming("d3", "Violet-Workz"))
    assert found["Violet-Workz"].into == "violet-works" and found["Violet Works"].into is None


def test_what_is_off_the_matter_is_not_proposed_and_what_was_decided_is_not_proposed_again() -> None:
    aside = naming("d1", "Violet Works")
    aside = replace(aside, extractions=tuple(replace(e, relevance="irrelevant") for e in aside.extractions))
    assert find_proposals([aside], KNOWN) == ()
    curator = Curator(KNOWN, Curation((Edit("e", AliasEdit("lumen", "Violet Works"), "A", AT, "b"),)))
    assert find_proposals([curator.document(naming("d1", "Violet Works"))], curator.entities) == ()


def test_a_proposal_changes_nothing_that_is_made() -> None:
    made = reconcile([naming("d1", "Amber Moon A.I.")], KNOWN, Reconciled())
    unknown = {e.id: e for e in made.entities}["amber-moon-a-i"]
    assert not unknown.known and unknown.parent is None


names = st.lists(
    st.sampled_from(["Amber", "Moon", "AI", "Labs", "Garnet", "Works", "琥珀", "H.R.", "79"]), min_size=1, max_size=4
)


@settings(max_examples=60)
@given(st.lists(names.map(" ".join), min_size=1, max_size=8))
def test_names_are_proposed_once_each_in_any_order_and_never_in_a_circle(found: list[str]) -> None:
    documents = [naming(f"d{n}", name) for n, name in enumerate(found)]
    proposals = find_proposals(documents, KNOWN)
    assert proposals == find_proposals(reversed(documents), KNOWN)
    into = {p.entity_id: p.into for p in proposals}
    assert len(into) == len(proposals) and not set(into) & {e.id for e in KNOWN}
    for start in into:
        seen, at = set(), start
        while at in into:
            assert at not in seen
            seen.add(at)
            at = into[at] or ""
