"""Chains say of a claim only what its words and its page show."""

from __future__ import annotations

import pytest

from tracker.reconcile.chains import Chains
from tracker.reconcile.claims import make_records
from tracker.reconcile.entities import Parties
from tracker.types import Entity

from .builders import GAZETTEER, Page, Said, charge, document

PARTIES = Parties((*GAZETTEER, Entity("harbor-wire", "Harbor Wire", "publisher"), Entity("memo-4", "Memo 4", "law")))


def chain(said: Said, publisher: str = "The Meadow Post") -> str:
    page = document("a", Page("2026-03-02", [said]), publisher=publisher)
    (record,) = make_records([page])
    return " <- ".join(f"{step.role} {step.name}" for step in Chains(PARTIES).chain(record, page).steps)


def test_an_outlet_reports_what_another_has_from_a_letter() -> None:
    words = "Lumen accused Garnet of copying Prism, according to a letter first reported by Harbor Wire."
    assert chain(charge(words, via=("harbor-wire",))) == (
        "outlet The Meadow Post <- relay Harbor Wire <- document letter <- claimant Lumen Labs"
    )


@pytest.mark.parametrize(
    ("words", "paper"),
    [
        ("Garnet copied Prism, Lumen said in an internal memo.", "internal memo"),
        ("The cable, which carries Friday's date, accuses Garnet.", "cable"),
        ("The letter, dated June 10, said that Garnet copied it.", "letter"),
        ("In its quarterly report Lumen says that Garnet copied Prism.", "quarterly report"),
        ("Dans une note datée du 23 avril, Lumen accuse Garnet.", "note"),
        ("信中称，Garnet复制了Prism。", ""),
        ("Lumen在信中称，Garnet复制了Prism。", "信"),
    ],
)
def test_the_paper_is_called_what_the_words_call_it(words: str, paper: str) -> None:
    between = f" <- document {paper}" if paper else " <- document 信"
    assert chain(charge(words)) == f"outlet The Meadow Post{between} <- claimant Lumen Labs"


@pytest.mark.parametrize(
    "words",
    [
        "Lumen accused Garnet in reply to a letter.",
        "Lumen answered Garnet in a report by Harbor Wire.",
        "Lumen accused Garnet, a Harbor Wire report said.",
        "Lumen accused Garnet, according to a Harbor Wire report.",
        "Garnet copied Prism in the release of its model, Lumen said.",
        "Lumen said that it would write a letter to Garnet.",
    ],
)
def test_a_paper_of_others_or_for_other_things_is_no_link(words: str) -> None:
    assert chain(charge(words)) == "outlet The Meadow Post <- claimant Lumen Labs"


def test_the_report_of_an_outlet_that_is_cited_is_no_paper_of_the_speaker() -> None:
    words = "Lumen shares signs of copying with others, the report said."
    assert "document report" in chain(charge(words))
    assert (
        chain(charge(words, via=("harbor-wire",)))
        == "outlet The Meadow Post <- relay Harbor Wire <- claimant Lumen Labs"
    )


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("Lumen said in a letter seen by The Meadow Post that Garnet copied it.", True),
        ("Garnet copied it, Lumen told this newspaper.", True),
        ("Garnet copied it, according to a memo reviewed by Harbor Wire.", False),
        ("“They told us that Garnet had copied it,” said Lumen.", False),
        ("Lumen told two senators that Garnet had copied it.", False),
    ],
)
def test_who_has_seen_it_itself_says_so(words: str, seen: bool) -> None:
    page = document("a", Page("2026-03-02", [charge(words)]))
    (record,) = make_records([page])
    assert Chains(PARTIES).saw_itself(record.claim, page) is seen


def test_a_memo_that_is_known_goes_by_its_name() -> None:
    assert "document Memo 4 <- claimant" in chain(charge(via=("memo-4",)))


def test_who_speaks_for_somebody_stands_before_whom_it_is_for() -> None:
    assert chain(charge(speaker="ada-reyes", speaks_for="lumen")).endswith(
        "spokesperson Ada Reyes <- claimant Lumen Labs"
    )
    titled = charge("Garnet copied Prism, a spokeswoman for Lumen said.")
    assert chain(titled).endswith("spokesperson spokeswoman <- claimant Lumen Labs")
    others = charge(
        "Lumen said that Garnet had copied Prism for many months; no spokesman of the other firm could be had."
    )
    assert chain(others).endswith("outlet The Meadow Post <- claimant Lumen Labs")


def test_on_the_claimants_own_page_nobody_stands_between() -> None:
    assert (
        chain(charge("Lumen says in a letter that Garnet copied it."), "Lumen Labs (statement)")
        == "claimant Lumen Labs"
    )
    spoken = charge(speaker="ada-reyes", speaks_for="lumen")
    assert chain(spoken, "Lumen Labs") == "spokesperson Ada Reyes <- claimant Lumen Labs"


def test_where_nobody_is_named_the_chain_ends_at_the_outlet() -> None:
    assert chain(charge(speaker=None)) == "outlet The Meadow Post"
    own_wire = charge(via=("harbor-wire",))
    assert chain(own_wire, "Harbor Wire") == "outlet Harbor Wire <- claimant Lumen Labs"
