"""Every figure beside whose word it is; every accused party's answer, or that there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.reconcile import reconcile
from tracker.reconcile.figures import may_agree
from tracker.types import Event, Quantity, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over, vague


def run(*documents: StoredDocument) -> tuple[Event, dict[str, str]]:
    """The first charge, and the words of each claim by id."""
    result = reconcile(documents, GAZETTEER, Reconciled())
    charged = next(event for event in result.events if event.type == "allegation")
    return charged, {record.id: record.claim.text for record in result.claims}


def answers(event: Event, texts: dict[str, str]) -> list[tuple[str, str, str | None]]:
    return [(a.party, a.kind, texts[a.claim_id] if a.claim_id else None) for a in event.answers]


def test_every_value_stands_with_its_document_in_order_of_kind_and_size() -> None:
    a = document(
        "a", Page("2026-03-02", [charge("A.", figures=(over("exchanges", 3e6), ("accounts", None, 25_000, "under")))])
    )
    b = document(
        "b", Page("2026-03-03", [charge("B.", figures=(about("accounts", 24_000), ("companies", 3, 3, "exact")))])
    )
    event, _ = run(b, a)
    assert [(f.kind, f.low, f.high, f.qualifier, f.document_id, f.speaker) for f in event.figures] == [
        ("accounts", 24_000, 24_000, "about", "b", "lumen"),
        ("accounts", None, 25_000, "under", "a", "lumen"),
        ("exchanges", 3e6, None, "over", "a", "lumen"),
    ]


def _quantity(*values: object) -> Quantity:
    return Quantity(0, 1, "x", *values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (about("accounts", 24_000), over("accounts", 24_000), True),
        (about("accounts", 24_000), ("accounts", None, 25_000, "under"), True),
        (over("exchanges", 16e6), over("exchanges", 13e6), False),
        (about("accounts", 24_000), about("exchanges", 24_000), False),
        (vague("accounts", 20_000), vague("accounts", 20_000), False),
        (about("accounts", 3), about("accounts", 3), False),
    ],
)
def test_agreement_allows_for_rounding_only(one: tuple[object, ...], other: tuple[object, ...], agree: bool) -> None:
    assert may_agree(_quantity(*one), _quantity(*other)) is agree
    assert may_agree(_quantity(*other), _quantity(*one)) is agree


def test_silence_and_a_later_denial_are_both_on_record_in_order() -> None:
    silence = Said("no_response", "Garnet did not reply.", "garnet", ("garnet",), target=("prism",))
    denial = Said("denial", "Garnet denied it on Friday.", "garnet", ("garnet",), target=("prism",), on="2026-03-06")
    event, texts = run(
        document("b", Page("2026-03-07", [charge("Lumen accuses Garnet."), denial])),
        document("a", Page("2026-03-04", [charge("Lumen accused Garnet."), silence])),
    )
    assert answers(event, texts) == [("garnet", "no_response", silence.text), ("garnet", "denial", denial.text)]


def test_no_answer_found_is_said_of_each_party_that_gave_none() -> None:
    both = charge("Lumen accused both.", accused=("garnet", "basalt"))
    silence = Said("no_response", "Basalt declined to comment.", "basalt", ("basalt",))
    event, texts = run(document("a", Page("2026-03-04", [both, silence])))
    assert answers(event, texts) == [("basalt", "declined", silence.text), ("garnet", "none_found", None)]


def test_the_accusers_silence_is_no_answer_of_the_accused() -> None:
    silence = Said("no_response", "Lumen declined to say more.", "lumen", ("garnet",))
    event, texts = run(document("a", Page("2026-03-04", [charge(), silence])))
    assert answers(event, texts) == [("garnet", "none_found", None)]


def test_an_embassys_denial_is_not_the_accuseds() -> None:
    denial = Said("denial", "The embassy called it groundless.", "atlantis-embassy", ("garnet",))
    event, texts = run(document("a", Page("2026-03-04", [charge(), denial])))
    assert answers(event, texts) == [("garnet", "none_found", None), ("atlantis-embassy", "denial", denial.text)]


def test_an_owner_asked_about_its_laboratory_answers_under_its_own_name() -> None:
    accused = charge("Lumen accused the laboratory.", accused=("basalt-research",))
    about_it = Said("no_response", "Basalt had no comment.", "basalt", ("basalt-research",))
    event, texts = run(document("a", Page("2026-03-04", [accused, about_it])))
    assert answers(event, texts) == [
        ("basalt-research", "none_found", None),
        ("basalt", "no_response", about_it.text),
    ]


def test_one_quote_is_one_answer_of_a_party() -> None:
    silence = Said("no_response", "Garnet did not answer.", "garnet", ("garnet",), target=("prism",))
    again = Said("no_response", "Garnet did not answer.", "garnet", ("garnet",), accused_as="the firm")
    other = Said("no_response", "Garnet did not answer at night either.", "garnet", ("garnet",))
    event, texts = run(document("a", Page("2026-03-04", [charge(), silence, again, other])))
    assert answers(event, texts) == [("garnet", "no_response", silence.text), ("garnet", "no_response", other.text)]


def test_silence_about_another_charge_is_not_silence_about_a_recalled_one() -> None:
    old = document("a", Page("2026-02-03", [charge(on="2026-02-02")]))
    memo = Said("government_action", "The Palace issued a memo.", "lemuria-palace", on="2026-04-23")
    second = Said("allegation", "The Palace accused Garnet.", "lemuria-palace", ("garnet",), on="2026-04-23")
    silence = Said("no_response", "Garnet said nothing.", "garnet", ("garnet",))
    recall = charge("In February Lumen had accused Garnet.", on="2026-02-01..2026-02-28")
    event, texts = run(old, document("b", Page("2026-04-24", [memo, second, silence, recall])))
    assert event.recalled_in
    assert answers(event, texts) == [("garnet", "none_found", None)]


def test_silence_in_a_document_that_only_recalls_the_charge_counts() -> None:
    old = document("a", Page("2026-06-12", [charge(on="2026-06-10")]))
    ban = Said("company_action", "Garnet bars staff from Prism.", "garnet", target=("prism",))
    recall = charge("In that letter, dated June 10, Lumen accused Garnet.", on="2026-06-10")
    silence = Said("no_response", "Garnet has not answered it.", "garnet", ("garnet",), target=("prism",))
    event, texts = run(old, document("b", Page("2026-07-03", [ban, recall, silence], gap=50)))
    assert answers(event, texts) == [("garnet", "no_response", silence.text)]


def test_silence_answers_whatever_model_the_sentence_before_was_about() -> None:
    silence = Said("no_response", "Garnet did not answer.", speaker="garnet", accused=("garnet",), target=("other",))
    denial = Said(
        "denial", "Garnet denied copying another model.", speaker="garnet", accused=("garnet",), target=("other",)
    )
    event, texts = run(document("a", Page("2026-03-02", [charge(), silence, denial])))
    assert answers(event, texts) == [("garnet", "no_response", "Garnet did not answer.")]


@pytest.mark.parametrize(
    ("words", "basalt", "garnet"),
    [
        ("Basalt declined to comment; Garnet did not respond.", "declined", "no_response"),
        ("Basalt refused to discuss it and Garnet did not reply by Wednesday.", "declined", "no_response"),
        ("Neither Basalt nor Garnet had answered by Wednesday.", "no_response", "no_response"),
        ("Basalt and Garnet would not comment.", "declined", "declined"),
        ("One declined to comment and the other did not respond.", "no_response", "no_response"),
        ("Basalt拒绝置评，Garnet未回应置评请求。", "declined", "no_response"),
        ("Basalt n’a pas souhaité réagir ; Garnet n’a pas répondu.", "declined", "no_response"),
    ],
)
def test_who_declined_is_told_from_who_did_not_reply(words: str, basalt: str, garnet: str) -> None:
    both = charge("Lumen accused both.", accused=("garnet", "basalt"))
    silences = [Said("no_response", words, party, (party,)) for party in ("basalt", "garnet")]
    event, _ = run(document("a", Page("2026-03-04", [both, *silences])))
    assert [(a.party, a.kind) for a in event.answers] == [("basalt", basalt), ("garnet", garnet)]


def test_an_answer_has_the_day_that_its_words_give_or_that_of_publication() -> None:
    silence = Said("no_response", "Garnet did not reply by Wednesday.", "garnet", ("garnet",), on="2026-03-04")
    denial = Said("denial", "Garnet denied it.", "garnet", ("garnet",), target=("prism",))
    event, _ = run(
        document("a", Page("2026-03-05", [charge(), silence])),
        document("b", Page("2026-03-06", [charge("Lumen accuses Garnet."), denial])),
        document("c", Page(None, [charge("Lumen accused it.", on="2026-03-04"), replace(denial, text="Not so.")])),
    )
    assert [(a.kind, a.from_on and a.from_on.isoformat(), a.date_basis) for a in event.answers] == [
        ("no_response", "2026-03-04", "stated"),
        ("denial", "2026-03-06", "publication"),
        ("denial", None, None),
    ]
    assert [a.to_on for a in event.answers] == [a.from_on for a in event.answers]


def test_an_accused_that_charges_its_accuser_has_made_a_counter_charge() -> None:
    counter = Said("allegation", "Garnet said that Lumen had copied Garnet.", "garnet", ("lumen",), on="2026-03-04")
    event, texts = run(document("a", Page("2026-03-04", [charge(on="2026-03-03"), counter])))
    assert ("garnet", "counter_claim", counter.text) in answers(event, texts)
    assert not [a for a in event.answers if a.party == "lumen" and a.kind == "counter_claim"]
