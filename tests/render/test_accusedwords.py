"""Whether a quote accuses by name: people who are only somebody's are not that somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import build_world
from tracker.render.accusedwords import accuses_by_name
from tracker.render.catalogue import Catalogue, build_catalogue
from tracker.types import ClaimRecord


def charge(words: str, accused_as: str | None = None) -> tuple[Catalogue, ClaimRecord]:
    """The world's catalogue, and a claim against Kestrel AI in these words; its document has no mentions in them."""
    catalogue = build_catalogue(build_world())
    entity = catalogue.entities["kestrel"]
    catalogue.entities["kestrel"] = replace(entity, aliases=(*entity.aliases, "红隼公司"))
    record = catalogue.claims["c-letter-2"]
    claim = replace(record.claim, text=words, start=10**6, end=10**6 + len(words), accused_as=accused_as)
    return catalogue, replace(record, claim=replace(claim, accused=("kestrel",)))


@pytest.mark.parametrize(
    "words",
    [
        "Northwind accused Kestrel AI of copying its model.",
        "Kestrel AI opened close to 25,000 accounts, the letter says.",
        "Sham accounts were found, and Northwind wrote to the committee about Kestrel AI.",
        "北风实验室指责红隼公司复制其模型。",
        "Northwind wirft Kestrel AI vor, das Modell kopiert zu haben.",
        "Northwind accuse Kestrel AI d'avoir copié son modèle.",
    ],
)
def test_a_name_that_stands_for_itself_is_by_name(words: str) -> None:
    assert accuses_by_name(*charge(words), "kestrel")


@pytest.mark.parametrize(
    "words",
    [
        "Northwind said that operators affiliated with Kestrel AI used the accounts.",
        "Kestrel AI shares fell after Northwind alleged that people connected to the Harbour group had copied it.",
        "The operators hid behind proxies.",
        "The letter gives 28.8 million exchanges and nearly 25,000 accounts.",
        "Employees of Kestrel AI got past the limits.",
        "Kestrel AI personnel bought dozens of accounts.",
        "Kestrel AI's staff wrote code for it.",
        "Kestrel AI-linked accounts were closed.",
        "Accounts belonging to the owners of Kestrel AI were closed.",
        "Kestrels were named.",
        "北风实验室表示，与红隼公司有关联的人员使用了虚假账户。",
        "北风实验室表示，红隼公司员工使用了虚假账户。",
        "Mit Kestrel AI verbundene Personen nutzten die Konten.",
        "Mitarbeiter von Kestrel AI nutzten die Konten.",
        "Des opérateurs liés à Kestrel AI ont utilisé les comptes.",
        "Des employés de Kestrel AI ont utilisé les comptes.",
    ],
)
def test_what_only_comes_near_a_name_is_not(words: str) -> None:
    assert not accuses_by_name(*charge(words), "kestrel")


def test_lesser_words_that_were_read_outweigh_a_name() -> None:
    words = "Northwind accused Kestrel AI of copying its model."
    assert not accuses_by_name(*charge(words, "the Harbour firm"), "kestrel")


def test_a_mention_that_is_spelled_like_no_alias_counts() -> None:
    catalogue, record = charge("Northwind accused KESTREL of copying its model.")
    assert not accuses_by_name(catalogue, record, "kestrel")
    document = catalogue.documents[record.document_id]
    mention = next(m for item in document.extractions for m in item.mentions)
    start = record.claim.start + record.claim.text.index("KESTREL")
    named = replace(mention, start=start, end=start + 7, text="KESTREL", entity_id="kestrel")
    reads = tuple(replace(item, mentions=(named,)) for item in document.extractions)
    catalogue.documents[record.document_id] = replace(document, extractions=reads)
    assert accuses_by_name(catalogue, record, "kestrel")


def test_a_name_within_the_name_of_somebody_else_does_not_count() -> None:
    catalogue, record = charge("Northwind accused Kestrel Foods of copying its model.")
    document = catalogue.documents[record.document_id]
    mention = next(m for item in document.extractions for m in item.mentions)
    start = record.claim.start + record.claim.text.index("Kestrel")
    other = replace(mention, start=start, end=start + 13, text="Kestrel Foods", entity_id="kestrel-foods")
    reads = tuple(replace(item, mentions=(other,)) for item in document.extractions)
    catalogue.documents[record.document_id] = replace(document, extractions=reads)
    assert "Kestrel" in catalogue.entities["kestrel"].aliases
    assert not accuses_by_name(catalogue, record, "kestrel")


@given(st.text(max_size=60))
def test_words_without_a_name_are_never_by_name(words: str) -> None:
    held = words.replace("Kestrel", "").replace("红隼", "")
    assert not accuses_by_name(*charge(held), "kestrel")
