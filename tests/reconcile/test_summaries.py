"""Summaries say who said what when, on whose word, with which figures, answers and conflicts: and nothing else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import reconcile
from tracker.reconcile.phrases import MOST_CLAIMS, text_of
from tracker.types import Entity, Event, Reconciled, StoredDocument

from .builders import GAZETTEER, Page, Said, about, charge, document, over, vague

ENTITIES = (*GAZETTEER, Entity("harbor-wire", "Harbor Wire", "publisher"))
ON = {"on": "2026-03-02"}


def told(
    *said: Said, name: str = "a", publisher: str = "The Meadow Post", published: str = "2026-03-02"
) -> StoredDocument:
    return document(name, Page(published, list(said)), publisher=publisher)


def events(*documents: StoredDocument) -> tuple[Event, ...]:
    return reconcile(documents, ENTITIES, Reconciled()).events


def summary(*documents: StoredDocument) -> str:
    (event,) = events(*documents)
    return text_of(event.summary)


def test_the_first_sentence_says_who_what_when_and_on_whose_word() -> None:
    wire = charge("Lumen said that Garnet distilled Prism.", via=("harbor-wire",), **ON)
    assert summary(told(wire)) == (
        "2 March 2026: Lumen Labs accuses Garnet AI of distilling Prism – reported by The Meadow Post "
        "(citing Harbor Wire). No answer by Garnet AI was found in the sources."
    )


def test_a_day_that_is_only_that_of_publication_is_called_that() -> None:
    assert summary(told(charge())).startswith("Published 2 March 2026: Lumen Labs accuses Garnet AI of copying Prism")


def test_the_speakers_own_page_comes_before_the_outlets() -> None:
    pages = [told(charge(), name=name, publisher=f"Paper {name}") for name in "abcde"]
    own = told(charge(), name="own", publisher="Lumen Labs (statement)")
    again = told(charge("Lumen said that Garnet copies Prism."), name="own-2", publisher="Lumen Labs (blog)")
    said = summary(own, again, *pages)
    assert "– told on a page of Lumen Labs, reported by Paper a, Paper b, Paper c and 2 others." in said


def test_figures_keep_their_qualifiers_and_their_speaker() -> None:
    counted = charge("It copied.", figures=(over("exchanges", 28_800_000), vague("accounts", 20_000)))
    expected = "By the word of Lumen Labs, more than 28.8 million exchanges and tens of thousands of accounts."
    assert expected in summary(told(counted))
    assert "Without a named speaker, about 300 accounts." in summary(
        told(charge("It copied.", speaker=None, figures=(about("accounts", 300),)))
    )


def test_an_outlet_is_named_once_and_as_citing_another_only_where_all_its_pages_do() -> None:
    relayed = replace(charge("Lumen accused Garnet of copying, Harbor Wire reported."), via=("harbor-wire",))
    seen = charge("Lumen accuses Garnet of copying Prism, its head said on stage.")
    both = summary(told(relayed), told(seen, name="b"))
    assert both.count("The Meadow Post") == 1 and "citing" not in both


def test_of_several_reports_of_silence_the_last_day_is_told() -> None:
    silent = Said("no_response", "Garnet did not respond to a request for comment.", "garnet", ("garnet",))
    later = told(
        charge(), replace(silent, text="Garnet is still silent."), name="b", publisher="B", published="2026-03-04"
    )
    (event,) = events(told(charge(), silent), later)
    assert "The sources report no answer by Garnet AI (by 4 March 2026)." in text_of(event.summary)


def test_silence_and_a_later_denial_are_both_told_in_their_order() -> None:
    silent = Said("no_response", "Garnet did not respond to a request for comment.", "garnet", ("garnet",))
    denies = Said("denial", "Garnet denied that it had copied Prism.", "garnet", ("garnet",), target=("prism",))
    later = told(charge(), denies, name="b", publisher="Paper b", published="2026-03-04")
    (text,) = [text_of(e.summary) for e in events(told(charge(), silent), later) if e.type == "allegation"]
    silence = "The sources report no answer by Garnet AI (by 2 March 2026)"
    assert f"{silence}; Garnet AI (4 March 2026) denied the allegations." in text


def test_figures_that_differ_are_named_with_their_outlets() -> None:
    one = told(charge("It copied by 24,000.", figures=(about("accounts", 24_000),)))
    other = told(charge("It copied by 90,000.", figures=(about("accounts", 90_000),)), name="b", publisher="Paper b")
    text = summary(one, other)
    assert "(The Meadow Post) and “" in text and text.endswith("(Paper b) are not one number.")


def test_a_figure_that_its_page_no_longer_has_is_marked() -> None:
    old = Page("2026-03-02", [charge("It copied by 24,000.", figures=(about("accounts", 24_000),))])
    new = Page("2026-03-02", [charge("It copied by 90,000.", figures=(about("accounts", 90_000),))])
    assert "(The Meadow Post, no longer on its page)" in summary(document("a", old, new))


def test_an_act_without_a_template_is_summarised_in_its_own_words() -> None:
    text = summary(told(Said("company_action", "Lumen did something.", "lumen")))
    assert "Company action by Lumen Labs: “Lumen did something.” – reported by The Meadow Post." in text


_SAID = st.builds(
    Said,
    type=st.sampled_from(("allegation", "denial", "government_action", "legislation", "company_action", "admission")),
    text=st.sampled_from(
        ("It copied Prism.", "It published a report.", "It may impose sanctions on Garnet.", "Nothing.")
    ),
    speaker=st.sampled_from(("lumen", "garnet", "trade-panel", None)),
    accused=st.sampled_from(((), ("garnet",), ("basalt", "garnet"))),
    target=st.sampled_from(((), ("prism",))),
    figures=st.sampled_from(((), (over("accounts", 24_000),), (about("exchanges", 16_000_000),))),
    via=st.sampled_from(((), ("harbor-wire",))),
    laws=st.sampled_from(((), ("bill-77",))),
)


@settings(max_examples=60)
@given(st.lists(st.lists(_SAID, min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_name_in_a_title_or_summary_is_borne_out_by_each_claim_beside_it(pages: list[list[Said]]) -> None:
    documents = [told(*said, name=f"d{n}", publisher=f"Paper {n}") for n, said in enumerate(pages)]
    result = reconcile(documents, ENTITIES, Reconciled())
    claims = {record.id: record for record in result.claims}
    names = {entity.name: entity.id for entity in ENTITIES}
    for event in result.events:
        assert text_of(event.title_parts) == event.title
        assert all(part.text and len(part.claim_ids) <= MOST_CLAIMS for part in (*event.title_parts, *event.summary))
        for part in (*event.title_parts, *event.summary):
            for key in part.claim_ids:
                claim = claims[key].claim
                named = {claim.speaker, claim.on_behalf_of, *claim.accused, *claim.target}
                named |= {"bill-77"} if part.text in ("H.R. 77", "Model Protection Act") else set()
                assert part.text not in names or names[part.text] in named
