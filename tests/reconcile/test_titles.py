"""Titles say no more than the claims."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.reconcile import reconcile
from tracker.types import ClaimType, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over, vague


def title(*documents: StoredDocument) -> str:
    (event,) = reconcile(documents, GAZETTEER, Reconciled()).events
    return event.title


def told(*said: Said, name: str = "a") -> StoredDocument:
    return document(name, Page("2026-03-02", list(said)))


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Lumen says Garnet distilled Prism.", " of distilling Prism"),
        ("Lumen says Garnet copied Prism.", " of copying Prism"),
        ("Lumen says Garnet drained Prism.", " of extracting abilities from Prism"),
        ("Lumen says Garnet opened fake accounts.", " of fraudulent use of Prism"),
        ("Lumen says Garnet trained its model on the answers.", " of training on outputs of Prism"),
        ("Lumen says Garnet behaved badly.", ""),
    ],
)
def test_the_deed_is_named_in_words_that_the_claims_have(text: str, deed: str) -> None:
    assert title(told(charge(text))) == f"Lumen Labs accuses Garnet AI{deed}"


def test_what_else_was_stolen_is_quoted_and_not_called_a_theft_of_the_model() -> None:
    words = "Lumen says Garnet stole the personal data of its users."
    assert title(told(charge(words))) == f"Lumen Labs accuses Garnet AI: “{words}”"


def test_who_only_says_what_it_never_did_is_not_said_to_face_allegations() -> None:
    words = "Basalt, a rival, said that it had never used Prism."
    said = Said("denial", words, "basalt", ("basalt",), on="2026-03-02")
    assert title(told(said)) == f"Denial by Basalt: “{words}”"
    assert title(told(replace(said, text="Basalt rejected the charge."))) == "Basalt denies the allegations"


@pytest.mark.parametrize("act", ["dismissed", "ruled on"])
def test_what_a_court_did_is_not_the_act_of_who_sued(act: str) -> None:
    words = f"A judge {act} the suit that Lumen had filed against Garnet."
    assert title(told(Said("legal_action", words, "lumen", on="2026-03-02"))) == f"Legal action: “{words}”"


def test_distance_to_the_accused_is_kept() -> None:
    careful = charge("It copied Prism.", accused=("basalt",), accused_as="operators affiliated with Basalt")
    plain = charge("The copying went on.", accused=("basalt",))
    assert title(told(careful, plain)) == "Lumen Labs accuses operators affiliated with Basalt of copying Prism"
    assert title(told(careful), told(plain, name="b"), told(careful, name="c")).startswith(
        "Lumen Labs accuses operators"
    )


def test_a_mere_description_gives_way_to_the_names() -> None:
    described = charge("It copied Prism.", accused=("basalt", "garnet"), accused_as="two rival laboratories")
    assert title(told(described)) == "Lumen Labs accuses Basalt and Garnet AI of copying Prism"


def test_a_name_that_few_documents_give_does_not_enter() -> None:
    unnamed = charge("It was copied.", accused=(), accused_as="foreign firms")
    documents = [told(unnamed, name=name) for name in "abc"]
    assert (
        title(*documents, told(charge("Copied by Garnet."), name="d"))
        == "Lumen Labs accuses foreign firms of copying Prism"
    )


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (over("exchanges", 28_800_000), "more than 28.8 million exchanges"),
        (about("accounts", 24_000), "about 24,000 accounts"),
        (vague("accounts", 20_000), "tens of thousands of accounts"),
        (vague("exchanges", 2_000_000), "millions of exchanges"),
        (("accounts", None, 25_000, "under"), "up to 25,000 accounts"),
        (("accounts", 200, 300, "range"), "200 to 300 accounts"),
    ],
)
def test_a_figure_keeps_its_qualifier(figure: tuple[str, float | None, float | None, str], words: str) -> None:
    assert title(told(charge("It copied.", figures=(figure,)))).endswith(f"of copying Prism: {words}")


def test_the_figure_of_the_title_is_the_total_that_most_give() -> None:
    both = ("basalt", "garnet")
    part = charge("Garnet copied 13 million.", figures=(over("exchanges", 13e6),))
    documents = [
        told(charge("Both copied.", accused=both, figures=(over("exchanges", 16e6),)), part, name=name) for name in "ab"
    ]
    documents.append(told(charge("Both copied.", accused=both, figures=(about("exchanges", 16e6),)), name="c"))
    assert title(*documents).endswith(": more than 16 million exchanges")


def test_several_actors_take_a_plural_verb() -> None:
    joint = [
        Said("company_action", "They are looking into copying.", who, target=("prism",)) for who in ("lumen", "basalt")
    ]
    assert title(told(*joint)) == "Basalt and Lumen Labs investigate suspected copying of Prism"


def test_a_bill_goes_by_its_number() -> None:
    step = Said("legislation", "The panel voted to advance the Model Protection Act.", "trade-panel", laws=("bill-77",))
    assert title(told(step)) == "Trade Panel advances H.R. 77"


def test_a_body_acts_through_its_members_but_a_company_does_not_speak_through_a_person() -> None:
    release = Said(
        "government_action", "It published a report.", "ada-reyes", speaks_for="trade-panel", accused=("garnet",)
    )
    assert title(told(release)) == "Trade Panel publishes a report, naming Garnet AI"
    said = Said(
        "admission",
        "Asked, she said Basalt had partly distilled Prism.",
        "ada-reyes",
        ("basalt",),
        speaks_for="basalt",
        target=("prism",),
    )
    assert title(told(said)) == "Ada Reyes acknowledges Basalt partly distilling Prism"


def test_where_no_template_fits_the_title_names_the_kind_and_quotes_the_claim() -> None:
    done = Said("company_action", "Lumen did something.", "lumen")
    assert title(told(done)) == "Company action by Lumen Labs: “Lumen did something.”"
    long = Said("legal_action", f"Lumen said “{'well ' * 40}”.", "lumen")
    quoted = title(told(long)).removeprefix("Legal action by Lumen Labs: ")
    assert quoted.startswith("“Lumen said 'well") and quoted.endswith("well …”") and len(quoted) < 100


def test_an_act_of_a_government_without_an_object_says_what_its_claim_says() -> None:
    held = Said("government_action", "4月24日，部门举行例行记者会。", "atlantis-ministry")
    assert title(told(held)) == "Ministry of Trade of Atlantis holds a press conference"
    odd = Said("government_action", "The ministry rejected the charge.", "atlantis-ministry")
    expected = "Government action by Ministry of Trade of Atlantis: “The ministry rejected the charge.”"
    assert title(told(odd)) == expected


@pytest.mark.parametrize("words", ["may impose sanctions on", "has not imposed sanctions on", "urged sanctions on"])
def test_what_may_be_done_is_no_deed(words: str) -> None:
    act = Said("government_action", f"The ministry {words} Garnet.", "atlantis-ministry")
    assert "imposes sanctions" not in title(told(act))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("government_action", "The ministry received a letter from Lumen."),
        ("government_action", "The ministry declined to discuss the memo."),
        ("government_action", "The ministry closed its investigation."),
        ("government_action", "The ministry took note of a Harbor Wire report."),
        ("legal_action", "The ministry turned the request for a hearing away and left the complaint for the judge."),
        (
            "company_action",
            "The ministry rose on news of safeguards, a report said, in breach of its terms of service.",
        ),
        ("company_action", "The ministry cooperates with the investigation of copying."),
    ],
)
def test_words_that_only_stand_nearby_make_no_act(kind: ClaimType, words: str) -> None:
    made = title(told(Said(kind, words, "atlantis-ministry", models=("prism",))))
    assert made.partition(": “")[0].endswith("by Ministry of Trade of Atlantis")


def test_a_settlement_turned_down_is_not_settled_and_a_bill_voted_down_not_passed() -> None:
    words = "The judge turned down a settlement between Lumen and Garnet."
    assert title(told(Said("legal_action", words, "trade-panel"))) == "Trade Panel rejects a settlement"
    step = Said("legislation", "The panel voted down the Chip Act.", "trade-panel", laws=("bill-78",))
    assert title(told(step)) == "Trade Panel rejects H.R. 78"


def test_each_part_of_a_title_carries_the_claims_that_it_is_made_from() -> None:
    figure = over("exchanges", 28_800_000)
    page = told(charge("Lumen said that Garnet distilled Prism.", figures=(figure,)), charge("It was long.", target=()))
    (event,) = reconcile([page], GAZETTEER, Reconciled()).events
    claims = {r.claim.text: r.id for r in reconcile([page], GAZETTEER, Reconciled()).claims}
    first = claims["Lumen said that Garnet distilled Prism."]
    parts = {part.text: part.claim_ids for part in event.title_parts}
    assert "".join(part.text for part in event.title_parts) == event.title
    assert parts["Prism"] == parts["distilling"] == parts["more than 28.8 million exchanges"] == (first,)
    assert set(parts["Lumen Labs"]) == set(claims.values()) and parts[" of "] == ()


def test_the_object_of_an_act_is_named_by_the_claims_or_left_out() -> None:
    bar = "Garnet will bar its employees from using {} at work."
    named = Said("company_action", bar.format("Prism"), "garnet", models=("prism",))
    assert title(told(named)) == "Garnet AI restricts use of Prism"
    assert title(told(Said("company_action", bar.format("it"), "garnet"))).startswith("Company action by Garnet AI: “")
    looking = Said("company_action", "Lumen is looking into whether Garnet obtained data.", "lumen", models=("prism",))
    assert title(told(looking)).startswith("Company action by Lumen Labs: “")
    improper = replace(looking, text="Lumen is looking into whether Garnet improperly obtained data.")
    assert title(told(improper)) == "Lumen Labs looks into whether data was improperly obtained"


def test_a_public_act_is_on_what_its_own_claims_say() -> None:
    inquiry = Said("government_action", "The panel opened an inquiry into the risks of models.", "trade-panel")
    word = Said("allegation", "The panel said that Garnet had distilled Prism.", "trade-panel", ("garnet",))
    assert title(told(inquiry, word)) == "Trade Panel opens an investigation"
    on_copying = Said("government_action", "The panel opened an inquiry into copying.", "trade-panel")
    assert title(told(on_copying)) == "Trade Panel opens an investigation on copying"


def test_a_charge_without_a_deed_is_an_allegation_and_no_more() -> None:
    unnamed = charge("Many prompts were sent.", accused=(), target=())
    assert title(told(unnamed)) == "Allegation by Lumen Labs"
    assert title(told(replace(unnamed, target=("prism",)))) == "Allegation by Lumen Labs about Prism"


def test_a_class_or_words_of_one_document_accuse_nobody() -> None:
    advice = charge("They copied Prism.", accused=(), accused_as="Organisations")
    assert title(*(told(advice, name=name) for name in "ab")) == "Lumen Labs alleges copying of Prism"
    alone = charge("They copied Prism.", accused=(), accused_as="foreign firms")
    assert title(told(alone)) == "Lumen Labs alleges copying of Prism"
    assert title(told(alone), told(alone, name="b")) == "Lumen Labs accuses foreign firms of copying Prism"


def test_an_accused_whom_few_claims_name_does_not_enter() -> None:
    main = [charge(f"Garnet copied Prism {n}.") for n in range(3)]
    aside = charge("Basalt copied Prism.", accused=("basalt",))
    assert title(told(*main, aside)) == "Lumen Labs accuses Garnet AI of copying Prism"


def test_a_figure_that_was_taken_back_is_in_no_title() -> None:
    old = Page("2026-03-02", [charge("It copied Prism by 24,000.", figures=(about("accounts", 24_000),)), charge()])
    new = Page("2026-03-02", [charge()])
    assert title(document("a", old)).endswith(": about 24,000 accounts")
    assert title(document("a", old, new)) == "Lumen Labs accuses Garnet AI of copying Prism"


def test_only_who_denies_is_an_actor_of_a_denial() -> None:
    denial = Said("denial", "The embassy called it groundless.", "atlantis-embassy", ("garnet",), target=("prism",))
    (event,) = reconcile([told(denial)], GAZETTEER, Reconciled()).events
    assert event.actors == ("atlantis-embassy",)
