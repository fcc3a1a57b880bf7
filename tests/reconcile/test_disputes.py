"""Disputes: who accuses whom by side, how it stands and since when, and what each accused party answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.nlp.gazetteer import load_gazetteer
from tracker.reconcile import reconcile
from tracker.reconcile.entities import Parties
from tracker.reconcile.moves import moves_in
from tracker.reconcile.sides import Sides
from tracker.types import Claim, ClaimRecord, ClaimType, Dispute, Entity, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, charge, document

HOME = {"garnet": "lemuria-land", "basalt": "lemuria-land", "lumen": "atlantis-land"}
ENTITIES = (
    *(replace(entity, country=HOME.get(entity.id)) for entity in GAZETTEER),
    Entity("lemuria-land", "Lemuria", "place"),
    Entity("port-lemur", "Port Lemur", "place", parent="lemuria-land"),
)
PARTIES = Parties(ENTITIES)


def disputes_of(*documents: StoredDocument, previous: Reconciled | None = None) -> dict[str, Dispute]:
    result = reconcile(documents, ENTITIES, previous or Reconciled())
    return {dispute.id: dispute for dispute in result.disputes}


def ledger(dispute: Dispute) -> list[tuple[str, str, str | None]]:
    return [(e.party, e.kind, e.to_on.isoformat() if e.to_on else None) for e in dispute.ledger]


def steps(dispute: Dispute) -> list[tuple[str, str]]:
    return [(step.status, step.from_on.isoformat()) for step in dispute.steps]


def test_a_family_is_one_side_and_the_title_has_only_who_is_named() -> None:
    found = disputes_of(
        document("a", Page("2026-03-02", [charge("Lumen accused both.", accused=("basalt", "basalt-research"))])),
        document("b", Page("2026-06-02", [charge("It did so again.", accused=("basalt-research",), on="2026-06-02")])),
    )
    assert {key: dispute.title for key, dispute in found.items()} == {
        "lumen-v-basalt": "Lumen Labs v. Basalt/Basalt Research"
    }
    lab = disputes_of(document("b", Page("2026-06-02", [charge("Lumen accused it.", accused=("basalt-research",))])))
    assert [dispute.title for dispute in lab.values()] == ["Lumen Labs v. Basalt Research"]


def test_one_letter_against_two_families_is_two_disputes() -> None:
    found = disputes_of(document("a", Page("2026-03-02", [charge("Lumen accused two.", accused=("basalt", "garnet"))])))
    assert sorted(found) == ["lumen-v-basalt", "lumen-v-garnet"]
    assert found["lumen-v-basalt"].accused == ("basalt",)
    assert found["lumen-v-basalt"].event_ids == found["lumen-v-garnet"].event_ids


def test_the_words_for_the_accused_are_kept() -> None:
    words = "operators tied to Garnet"
    found = disputes_of(document("a", Page("2026-03-02", [charge(f"Lumen accused {words}.", accused_as=words)])))
    assert found["lumen-v-garnet"].accused_as == (words,)


def test_organs_of_a_state_are_one_side_and_firms_of_a_country_another() -> None:
    memo = Said(
        "allegation", "The ministry accused firms in Lemuria.", "atlantis-ministry", accused_as="firms in Lemuria"
    )
    cable = Said("allegation", "The embassy accused Garnet.", "atlantis-embassy", ("garnet",))
    found = disputes_of(
        document("a", Page("2026-03-02", [replace(memo, on="2026-03-02")])),
        document("b", Page("2026-05-02", [replace(cable, on="2026-05-02")])),
    )
    assert list(found) == ["atlantis-v-entities-in-lemuria-land"]
    dispute = found["atlantis-v-entities-in-lemuria-land"]
    assert dispute.title == "Government of Atlantis v. entities in Lemuria"
    assert dispute.accusers == ("atlantis-embassy", "atlantis-ministry")
    assert dispute.accused == ("garnet",)
    assert len(dispute.event_ids) == 2


def test_a_charge_by_nobody_or_against_nobody_by_name_opens_no_dispute() -> None:
    unsaid = charge("It is said that Garnet copied.", speaker=None)
    unnamed = charge("Lumen accused firms in Lemuria.", accused=(), accused_as="firms in Lemuria")
    itself = charge("Lumen says that Lumen copied.", accused=("prism",))
    assert not disputes_of(
        document("a", Page("2026-03-02", [unsaid])),
        document("b", Page("2026-05-02", [unnamed])),
        document("c", Page("2026-08-02", [itself])),
    )


SILENCE = Said("no_response", "Garnet did not reply by Wednesday.", "garnet", ("garnet",), on="2026-03-04")
DENIAL = Said("denial", "On Friday Garnet denied it.", "garnet", ("garnet",), target=("prism",), on="2026-03-06")


def test_silence_on_wednesday_and_denial_on_friday_are_both_entries_in_order() -> None:
    found = disputes_of(
        document("b", Page("2026-03-06", [charge("Lumen accuses Garnet."), DENIAL])),
        document("a", Page("2026-03-04", [charge(), SILENCE])),
    )
    assert ledger(found["lumen-v-garnet"]) == [
        ("garnet", "no_reply", "2026-03-04"),
        ("garnet", "denied", "2026-03-06"),
    ]
    assert [entry.date_basis for entry in found["lumen-v-garnet"].ledger] == ["stated", "stated"]


def test_an_embassy_answers_for_nobody_else() -> None:
    denial = Said("denial", "The embassy called it groundless.", "lemuria-diplomacy", ("garnet",))
    found = disputes_of(document("a", Page("2026-03-04", [charge(), denial])))
    entries = found["lumen-v-garnet"].ledger
    assert [(e.party, e.kind, e.is_accused) for e in entries] == [
        ("garnet", "none_found", True),
        ("lemuria-diplomacy", "denied", False),
    ]
    assert entries[0].claim_id is None


def test_each_accused_of_one_letter_answers_in_its_own_dispute() -> None:
    both = charge("Lumen accused two.", accused=("basalt", "garnet"))
    silence = Said("no_response", "Garnet declined to comment.", "garnet", ("garnet",))
    found = disputes_of(document("a", Page("2026-03-04", [both, silence])))
    assert ledger(found["lumen-v-basalt"]) == [("basalt", "none_found", None)]
    assert ledger(found["lumen-v-garnet"]) == [("garnet", "declined", "2026-03-04")]


def test_a_denial_in_an_event_of_its_own_answers_the_accuser_it_is_about_and_no_other() -> None:
    other = charge("Basalt accused Garnet.", speaker="basalt", target=())
    late = replace(DENIAL, text="In June Garnet denied having copied Prism.", on="2026-06-05")
    found = disputes_of(
        document("a", Page("2026-03-02", [charge()])),
        document("b", Page("2026-03-20", [other])),
        document("c", Page("2026-06-05", [late])),
    )
    assert ledger(found["lumen-v-garnet"]) == [("garnet", "denied", "2026-06-05")]
    assert ledger(found["basalt-v-garnet"]) == [("garnet", "none_found", None)]


def test_a_later_charge_against_the_accuser_is_a_counter_claim_and_a_dispute_of_its_own() -> None:
    back = Said("allegation", "Garnet accused Lumen of copying.", "garnet", ("lumen",), on="2026-04-20")
    found = disputes_of(
        document("a", Page("2026-03-02", [charge(on="2026-03-02")])), document("b", Page("2026-04-20", [back]))
    )
    assert ledger(found["lumen-v-garnet"]) == [("garnet", "counter_claim", "2026-04-20")]
    assert ledger(found["garnet-v-lumen"]) == [("lumen", "none_found", None)]


def test_a_status_moves_only_by_what_the_words_show_and_only_for_whom_they_name() -> None:
    charges = document("a", Page("2026-03-02", [charge("Lumen accused two.", accused=("garnet", "basalt"))]))
    probe = Said("government_action", "Atlantis opened an investigation into Garnet over the copying of Prism.", "atlantis",
                 on="2026-04-10")  # fmt: skip
    may = Said(
        "government_action", "Atlantis may add Garnet to the Entity List for copying.", "atlantis", on="2026-05-10"
    )
    listed = Said("government_action", "Atlantis added Garnet to the Entity List for distillation.", "atlantis",
                  on="2026-06-10")  # fmt: skip
    repeated = Said("allegation", "The ministry said that Garnet had copied Prism.", "atlantis-ministry", ("garnet",),
                    target=("prism",), on="2026-03-20")  # fmt: skip
    pages = [document(f"d{n}", Page(said.on, [said])) for n, said in enumerate((probe, may, listed, repeated))]
    found = disputes_of(charges, *pages)
    assert steps(found["lumen-v-garnet"]) == [
        ("alleged", "2026-03-02"),
        ("repeated_by_government", "2026-03-20"),
        ("under_investigation", "2026-04-10"),
        ("sanctioned", "2026-06-10"),
    ]
    assert steps(found["lumen-v-basalt"]) == [("alleged", "2026-03-02")]
    standing = found["lumen-v-garnet"].standing
    assert standing is not None
    assert standing.status == "sanctioned"
    assert found["lumen-v-garnet"].changed_on.isoformat() == "2026-06-10"


def test_it_stands_so_since_the_first_step_of_a_kind() -> None:
    told = [
        Said("allegation", f"The ministry said in {month} that Garnet had copied Prism.", "atlantis-ministry", ("garnet",),
             target=("prism",), on=f"2026-{month}-10")
        for month in ("06", "09", "12")
    ]  # fmt: skip
    pages = (document(f"g{n}", Page(said.on, [said])) for n, said in enumerate(told))
    dispute = disputes_of(document("a", Page("2026-03-02", [charge()])), *pages)["lumen-v-garnet"]
    assert [status for status, _ in steps(dispute)] == ["alleged", *["repeated_by_government"] * 3]
    assert dispute.standing is dispute.steps[1]


def test_a_step_before_the_charge_or_on_another_matter_is_not_of_the_dispute() -> None:
    early = Said("government_action", "Atlantis sanctioned Garnet for copying.", "atlantis", on="2026-01-10")
    other = Said(
        "government_action", "Atlantis added Garnet to the Entity List over chips.", "atlantis", on="2026-06-10"
    )
    found = disputes_of(
        document("a", Page("2026-03-02", [charge()])),
        document("b", Page("2026-01-10", [early])),
        document("c", Page("2026-06-10", [other])),
    )
    assert steps(found["lumen-v-garnet"]) == [("alleged", "2026-03-02")]


def test_a_government_that_only_mentions_a_firm_repeats_no_charge_against_it() -> None:
    cable = Said("allegation", "The cable singles out Basalt and also mentions Garnet.", "atlantis-ministry",
                 ("basalt", "garnet"), on="2026-04-24")  # fmt: skip
    charged = replace(cable, text="The ministry said that Garnet had copied models.", accused=("garnet",))
    first = document("a", Page("2026-03-02", [charge()]))
    mentioned = disputes_of(first, document("b", Page("2026-04-24", [cable])))
    repeated = disputes_of(first, document("b", Page("2026-04-24", [charged])))
    assert steps(mentioned["lumen-v-garnet"]) == [("alleged", "2026-03-02")]
    assert [status for status, _ in steps(repeated["lumen-v-garnet"])] == ["alleged", "repeated_by_government"]


def test_who_is_said_to_have_stolen_personal_data_is_not_said_to_have_copied_a_model() -> None:
    data = Said("allegation", "The ministry accused Garnet of stealing the personal data of users.", "atlantis-ministry",
                ("garnet",), on="2026-04-24")  # fmt: skip
    first = document("a", Page("2026-03-02", [charge()]))
    found = disputes_of(first, document("b", Page("2026-04-24", [data])))
    assert list(found) == ["lumen-v-garnet"] and steps(found["lumen-v-garnet"]) == [("alleged", "2026-03-02")]
    both = replace(data, text=data.text.replace("stealing", "distilling models and stealing"))
    again = disputes_of(first, document("b", Page("2026-04-24", [both])))
    assert [status for status, _ in steps(again["lumen-v-garnet"])] == ["alleged", "repeated_by_government"]


def test_a_states_dispute_does_not_move_by_its_acts_on_another_matter() -> None:
    said = Said("allegation", "The ministry said that Garnet copied models.", "atlantis-ministry", ("garnet",),
                on="2026-03-02")  # fmt: skip
    chips = Said("government_action", "Atlantis added Garnet to the Entity List over chips.", "atlantis",
                 on="2026-06-10")  # fmt: skip
    copying = replace(chips, text="Atlantis added Garnet to the Entity List for copying models.")
    for listed, last in ((chips, "alleged"), (copying, "sanctioned")):
        found = disputes_of(document("a", Page("2026-03-02", [said])), document("b", Page("2026-06-10", [listed])))
        assert steps(found["atlantis-v-entities-in-lemuria-land"])[-1][0] == last


def test_suit_withdrawal_and_new_charge() -> None:
    suit = Said("legal_action", "Lumen filed a lawsuit against Garnet.", "lumen", on="2026-04-10")
    other = Said("legal_action", "Basalt filed a lawsuit against Garnet.", "basalt", on="2026-04-20")
    dropped = Said("legal_action", "Lumen dropped its lawsuit against Garnet.", "lumen", on="2026-06-10")
    again = charge("Lumen accused Garnet once more.", on="2026-08-10")
    found = disputes_of(
        document("a", Page("2026-03-02", [charge()])),
        *(document(f"s{n}", Page(said.on, [said])) for n, said in enumerate((suit, other, dropped, again))),
    )
    dispute = found["lumen-v-garnet"]
    assert [status for status, _ in steps(dispute)] == ["alleged", "in_court", "withdrawn", "alleged"]
    assert dispute.standing is dispute.steps[-1]


def test_an_inquiry_that_was_closed_no_longer_stands() -> None:
    told = [
        Said(
            "government_action",
            "Atlantis opened an investigation into Garnet for copying.",
            "atlantis",
            on="2026-04-10",
        ),
        Said(
            "government_action",
            "Atlantis closed its investigation into Garnet.",
            "atlantis",
            on="2026-07-10",
        ),
    ]
    found = disputes_of(
        document("a", Page("2026-03-02", [charge()])),
        *(document(f"g{n}", Page(said.on, [said])) for n, said in enumerate(told)),
    )
    dispute = found["lumen-v-garnet"]
    assert [status for status, _ in steps(dispute)] == ["alleged", "under_investigation", "closed"]
    assert dispute.standing is dispute.steps[-1]


def test_an_admission_counts_where_it_is_about_the_accusers_model() -> None:
    admission = Said("admission", "Garnet admitted that it had copied Prism.", "garnet", ("garnet",), target=("prism",),
                     on="2026-05-10")  # fmt: skip
    found = disputes_of(
        document("a", Page("2026-03-02", [charge()])),
        document("c", Page("2026-03-12", [charge("Basalt accused Garnet.", speaker="basalt", target=("basalt",))])),
        document("b", Page("2026-05-10", [admission])),
    )
    assert steps(found["lumen-v-garnet"])[-1] == ("admitted", "2026-05-10")
    assert [status for status, _ in steps(found["basalt-v-garnet"])] == ["alleged"]


def shown(words: str, type_: ClaimType, speaker: str = "atlantis") -> list[tuple[str, tuple[str, ...]]]:
    claim = Claim(type_, 0, len(words), words, speaker)
    record = ClaimRecord("c", "d", "d.1", "d.1", True, claim)
    return [(move.status, move.concerned) for move in moves_in(record, PARTIES, Sides(PARTIES))]


@pytest.mark.parametrize(
    ("type_", "words", "status", "concerned"),
    [
        ("government_action", "The ministry opened a formal investigation into Garnet.", "under_investigation", ("garnet",)),
        ("government_action", "The ministry launched probes into Garnet, Basalt and others.", "under_investigation", ("garnet", "basalt")),
        ("government_action", "Garnet is now under federal investigation, the ministry said.", "under_investigation", ("garnet",)),
        ("government_action", "The panel subpoenaed Garnet AI.", "under_investigation", ("garnet",)),
        ("government_action", "亚特兰蒂斯对Garnet展开调查。", "under_investigation", ("garnet",)),
        ("government_action", "Le ministère a ouvert une enquête sur Garnet.", "under_investigation", ("garnet",)),
        ("government_action", "Das Ministerium ermittelt gegen Garnet.", "under_investigation", ("garnet",)),
        ("government_action", "El ministerio abrió una investigación contra Garnet.", "under_investigation", ("garnet",)),
        ("government_action", "O ministério abriu uma investigação contra Garnet.", "under_investigation", ("garnet",)),
        ("government_action", "The ministry added Garnet and Basalt to its Entity List.", "sanctioned", ("garnet", "basalt")),
        ("government_action", "Garnet was blacklisted on Monday.", "sanctioned", ("garnet",)),
        ("government_action", "The ministry imposed export controls on Garnet.", "sanctioned", ("garnet",)),
        ("government_action", "亚特兰蒂斯将Garnet列入实体清单。", "sanctioned", ("garnet",)),
        ("government_action", "Das Ministerium verhängte Sanktionen gegen Garnet.", "sanctioned", ("garnet",)),
        ("legislation", "The panel approved a bill that would sanction Garnet.", "in_bill", ("garnet",)),
        ("legislation", "The bill, H.R. 77, names Garnet and Basalt.", "in_bill", ("garnet", "basalt")),
        ("legal_action", "Lumen sued Garnet in a federal court.", "in_court", ("garnet",)),
        ("legal_action", "Garnet was sued by Lumen on Monday.", "in_court", ("garnet",)),
        ("legal_action", "Lumen filed a trade-secret complaint against Garnet.", "in_court", ("garnet",)),
        ("legal_action", "Lumen a porté plainte contre Garnet.", "in_court", ("garnet",)),
        ("legal_action", "Lumen verklagte Garnet.", "in_court", ("garnet",)),
        ("legal_action", "Lumen settled its lawsuit with Garnet.", "settled", ("garnet",)),
        ("statement", "Lumen withdrew its allegation against Garnet.", "withdrawn", ("garnet",)),
        ("statement", "Lumen撤回了对Garnet的指控。", "withdrawn", ("garnet",)),
        ("government_action", "The panel issued subpoenas to Garnet and Basalt.", "under_investigation", ("garnet", "basalt")),
        ("government_action", "Officers searched the offices of Garnet.", "under_investigation", ("garnet",)),
        ("government_action", "The ministry added two firms to its watch list: Garnet and Basalt.", "sanctioned", ("garnet", "basalt")),
        ("government_action", "Garnet was banned from schools.", "sanctioned", ("garnet",)),
        ("legal_action", "Garnet is being sued by Lumen.", "in_court", ("garnet",)),
        ("legal_action", "Lumen a assigné Garnet devant le tribunal.", "in_court", ("garnet",)),
        ("legal_action", "Lumen demandó el martes a Garnet.", "in_court", ("garnet",)),
        ("government_action", "The ministry has closed its investigation into Garnet.", "closed", ("garnet",)),
        ("government_action", "The ministry removed Garnet from the Entity List.", "closed", ("garnet",)),
        ("legal_action", "A judge dismissed the lawsuit that Lumen had filed against Garnet.", "closed", ("garnet",)),
        ("government_action", "Das Amt hat seine Ermittlung gegen Garnet eingestellt.", "closed", ("garnet",)),
        ("government_action", "监察署今天结束了对Garnet的调查。", "closed", ("garnet",)),
    ],
)  # fmt: skip
def test_words_that_show_a_step(type_: ClaimType, words: str, status: str, concerned: tuple[str, ...]) -> None:
    assert shown(words, type_) == [(status, concerned)]


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("government_action", "The ministry may have opened an investigation into Garnet."),
        ("government_action", "The ministry has not opened an investigation into Garnet."),
        ("government_action", "Has the ministry opened an investigation into Garnet?"),
        ("government_action", "Senators urged that the ministry open an investigation into Garnet."),
        ("government_action", "The ministry is considering sanctions on Garnet."),
        ("government_action", "The ministry will add Garnet to the Entity List."),
        ("government_action", "Garnet could have been blacklisted, the ministry said."),
        ("government_action", "The ministry added suppliers of Garnet to the Entity List."),
        ("government_action", "Suppliers of Garnet were blacklisted."),
        ("government_action", "The ministry sanctioned a firm that sold chips to Garnet."),
        ("government_action", "The ministry opened an investigation into chips, while Garnet overtook Basalt."),
        ("government_action", "The ministry refused to close its investigation into Garnet."),
        ("government_action", "The ministry put suppliers of Garnet on its watch list."),
        ("government_action", "亚特兰蒂斯考虑将Garnet列入实体清单。"),
        ("government_action", "Le ministère n’a pas ouvert une enquête sur Garnet."),
        ("legislation", "Members are preparing a bill that would sanction Garnet."),
        ("legislation", "The panel approved a budget that names Garnet."),
        ("legislation", "The panel approved a bill backed by Garnet."),
        ("legal_action", "Lumen threatened that it had sued Garnet."),
        ("legal_action", "Lumen could not say whether it had sued Garnet."),
        ("statement", "Garnet was blacklisted on Monday, an analyst said."),
        ("legal_action", "Lumen filed a complaint against Garnet with the trade commission."),
        ("legal_action", "Lumen charged Garnet with copying Prism."),
    ],
)
def test_words_that_show_none(type_: ClaimType, words: str) -> None:
    assert shown(words, type_) == []


def world() -> list[StoredDocument]:
    """A dispute with an answer and a step, and one beside it."""
    probe = Said(
        "government_action", "Atlantis opened an investigation into Garnet for copying.", "atlantis", on="2026-05-10"
    )
    return [
        document("a", Page("2026-03-02", [charge(on="2026-03-02"), SILENCE])),
        document("b", Page("2026-03-06", [charge("Lumen accuses Garnet.", on="2026-03-02"), DENIAL])),
        document("c", Page("2026-05-10", [probe])),
        document("d", Page("2026-07-02", [charge("Lumen accused Basalt.", accused=("basalt",), on="2026-07-02")])),
    ]


@given(st.permutations(world()))
@settings(max_examples=12)
def test_the_order_of_documents_does_not_matter(documents: Sequence[StoredDocument]) -> None:
    assert disputes_of(*documents) == disputes_of(*world())


def test_events_of_one_day_stand_in_the_same_order_whatever_their_ids() -> None:
    """An event keeps the id that it got from its first document, and a fleet may bring another one first."""
    both = (
        charge("Lumen accused Basalt of copying Prism.", accused=("basalt",), on="2026-03-02"),
        Said("government_action", "Atlantis opened an investigation into Basalt for copying.", "atlantis",
             ("basalt",), on="2026-03-02"),
        Said("denial", "Basalt denied that it copied Prism.", "basalt", ("basalt",), on="2026-03-02"),
    )  # fmt: skip
    charges = [document(str(number), Page("2026-03-02", [said])) for number, said in enumerate(both)]
    first = reconcile(charges, ENTITIES, Reconciled())
    made = {event.id for event in first.events}
    assert len(made) > 1
    renamed = dict(zip(sorted(made), sorted(made, reverse=True), strict=True))
    swapped = replace(first, events=tuple(replace(event, id=renamed[event.id]) for event in first.events))
    again = reconcile(charges, ENTITIES, swapped)
    assert {event.id for event in again.events} == made, "the ids are kept, each by another event"
    (one,), (other,) = first.disputes, again.disputes
    assert [renamed[name] for name in one.event_ids] == list(other.event_ids)
    assert [(step.status, renamed[step.event_id]) for step in one.steps] == [
        (step.status, step.event_id) for step in other.steps
    ]


UNRELATED = st.builds(
    lambda speaker, accused, day, type_: document(
        f"x-{speaker}-{accused}-{day}-{type_}",
        Page(
            f"2026-{day}", [Said(type_, f"{speaker} on {accused}: it copied.", speaker, (accused,), on=f"2026-{day}")]
        ),
    ),
    st.sampled_from(["garnet", "ada-reyes", "trade-panel", "atlantis"]),
    st.sampled_from(["lemuria", "lumen", "trade-panel"]),
    st.sampled_from(["01-05", "09-06", "11-20"]),
    st.sampled_from(["allegation", "government_action", "company_action"]),
)
"""Events in which nobody accuses, answers or acts against Basalt."""


@given(st.lists(UNRELATED, max_size=4, unique_by=lambda made: made.id))
@settings(max_examples=25)
def test_an_unrelated_event_changes_no_dispute(added: list[StoredDocument]) -> None:
    assert disputes_of(*world(), *added)["lumen-v-basalt"] == disputes_of(*world())["lumen-v-basalt"]


def test_a_dispute_keeps_its_id_when_the_owner_is_named_too() -> None:
    lab = document(
        "a", Page("2026-03-02", [charge("Lumen accused the lab.", accused=("basalt-research",), on="2026-03-02")])
    )
    first = reconcile([lab], ENTITIES, Reconciled())
    owner = document("b", Page("2026-06-02", [charge("Lumen accused Basalt.", accused=("basalt",), on="2026-06-02")]))
    second = reconcile([lab, owner], ENTITIES, first)
    assert [d.id for d in first.disputes] == [d.id for d in second.disputes] == ["lumen-v-basalt-research"]
    assert second.disputes[0].title == "Lumen Labs v. Basalt/Basalt Research"


def test_a_dispute_that_is_merged_leaves_a_redirect_and_a_split_keeps_the_id_with_the_larger_part() -> None:
    apart = tuple(replace(entity, parent=None) if entity.id == "basalt-research" else entity for entity in ENTITIES)
    pages = [
        document(
            "a", Page("2026-03-02", [charge("Lumen accused the lab.", accused=("basalt-research",), on="2026-03-02")])
        ),
        document("b", Page("2026-06-02", [charge("Lumen accused Basalt.", accused=("basalt",), on="2026-06-02")])),
        document(
            "c", Page("2026-09-02", [charge("Lumen accused Basalt again.", accused=("basalt",), on="2026-09-02")])
        ),
    ]
    two = reconcile(pages, apart, Reconciled())
    assert [d.id for d in two.disputes] == ["lumen-v-basalt", "lumen-v-basalt-research"]
    one = reconcile(pages, ENTITIES, two)
    assert [d.id for d in one.disputes] == ["lumen-v-basalt"]
    assert one.redirects == (("lumen-v-basalt-research", "lumen-v-basalt"),)
    again = reconcile(pages, ENTITIES, one)
    assert again.redirects == one.redirects
    split = reconcile(pages, apart, again)
    assert {d.id: len(d.allegation_ids) for d in split.disputes} == {
        "lumen-v-basalt": 2,
        "lumen-v-basalt-research-2": 1,
    }


def test_ids_survive_an_extractor_that_reads_every_claim_anew() -> None:
    before = reconcile(world(), ENTITIES, Reconciled())
    renamed = replace(
        before, disputes=tuple(replace(d, id=f"{d.id}-old", allegation_ids=("c-gone",)) for d in before.disputes)
    )
    after = reconcile(world(), ENTITIES, renamed)
    assert [d.id for d in after.disputes] == [d.id for d in renamed.disputes]


def test_a_firm_is_known_by_its_name_in_another_language() -> None:
    gazetteer = load_gazetteer().entities()
    parties = Parties(gazetteer)
    words = "美国商务部将阿里巴巴和深度求索列入实体清单。"
    claim = Claim("government_action", 0, len(words), words, "commerce-department")
    moves = moves_in(ClaimRecord("c", "d", "d.1", "d.1", True, claim), parties, Sides(parties))
    assert [(move.status, move.concerned) for move in moves] == [("sanctioned", ("alibaba", "deepseek"))]
    assert not [name for entity in gazetteer for name in entity.aliases if len(name) < 2]
