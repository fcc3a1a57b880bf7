"""The extractor as a whole: order, invariants, bad input, and the name under which results are kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.nlp.extractor import RuleExtractor
from tracker.types import Document, Extraction

STORY = (
    "SAN FRANCISCO - Anthropic on Monday accused three Chinese laboratories of copying its Claude models through fake accounts.\n\n"
    "DeepSeek, Moonshot AI and MiniMax held more than 16 million exchanges with Claude through over 24,000 fraudulent accounts, "
    "the company said.\n\nMiniMax did not respond to a request for comment.\n"
)


def document(text: str, language: str = "en", **fields: object) -> Document:
    return Document(id="d", text=text, language=language, published=date(2026, 2, 24), **fields)  # type: ignore[arg-type]


def check_spans(extraction: Extraction, text: str) -> None:
    for span in (*extraction.mentions, *extraction.quantities, *extraction.dates, *extraction.claims):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    for claim in extraction.claims:
        assert all(0 <= index < len(extraction.quantities) for index in claim.quantities)
        assert all(0 <= index < len(extraction.dates) for index in claim.dates)


def test_a_story_gives_who_what_and_how_much(extractor: RuleExtractor) -> None:
    extraction = extractor.extract(document(STORY))
    assert extraction.relevance == "relevant"
    total = next(c for c in extraction.claims if len(c.quantities) == 2)
    assert (total.type, total.speaker, set(total.accused), total.target) == (
        "allegation", "anthropic", {"deepseek", "moonshot-ai", "minimax"}, ("claude",),
    )  # fmt: skip
    assert [extraction.quantities[i].text for i in total.quantities] == [
        "more than 16 million exchanges", "over 24,000 fraudulent accounts",
    ]  # fmt: skip
    assert ("no_response", "minimax") in {(c.type, c.speaker) for c in extraction.claims}
    check_spans(extraction, STORY)


def test_an_irrelevant_text_keeps_its_names_but_makes_no_claims(extractor: RuleExtractor) -> None:
    extraction = extractor.extract(document("Alibaba said on Wednesday that revenue rose 38% to 41.6 billion yuan."))
    assert extraction.relevance == "irrelevant"
    assert extraction.claims == ()
    assert [m.entity_id for m in extraction.mentions] == ["alibaba"]
    assert extraction.quantities
    assert extraction.dates


def test_in_a_body_s_own_statement_the_issuer_speaks(extractor: RuleExtractor) -> None:
    text = "Three campaigns to distil Claude were found. DeepSeek used more than 1,000 fraudulent accounts to copy its answers."
    own = extractor.extract(
        document(text, publisher="Anthropic (notice)", publisher_type="company", title="Distillation attacks on Claude")
    )
    assert ("allegation", "anthropic", ("deepseek",)) in {(c.type, c.speaker, c.accused) for c in own.claims}
    other = extractor.extract(document(text, publisher="Example Wire", title="Distillation attacks on Claude"))
    assert "anthropic" not in {c.speaker for c in other.claims}


def test_an_unknown_issuer_gets_an_id_of_its_own(extractor: RuleExtractor) -> None:
    text = "Quillstone Labs has blocked accounts that distilled its models. StepFun used 4,000 fake accounts to copy its answers."
    extraction = extractor.extract(
        document(text, publisher="Quillstone Labs", publisher_type="company", title="Model theft")
    )
    assert {c.speaker for c in extraction.claims} == {"quillstone-labs"}


def test_order_is_kept_and_results_do_not_depend_on_the_batch(extractor: RuleExtractor) -> None:
    documents = [Document(id=str(n), text=STORY[: 60 * n], published=date(2026, 2, 24)) for n in range(40)]
    together = list(extractor.extract_all(documents))
    assert [extraction.document_id for extraction in together] == [str(n) for n in range(40)]
    assert together[8] == extractor.extract(documents[8])


def test_the_same_text_gives_the_same_extraction_twice(extractor: RuleExtractor) -> None:
    assert extractor.extract(document(STORY)) == extractor.extract(document(STORY))


def test_the_name_tells_rules_model_and_data(extractor: RuleExtractor) -> None:
    rules, model, gazetteer = extractor.name.split("+")
    assert rules.startswith("rules:")
    assert model.startswith("en_news_sm-")
    assert gazetteer.startswith("gazetteer:")


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t ", ".", "\x00\x00", "\ud800 lone \udfff", "a" * 5000, "24,000" * 500, "DeepSeek\u200b\u202e copied\u2066 Claude.",
        "Anth\u00adropic accused DeepSeek of copying models.", "🙂" * 300, "« »„“”‚‘’", "1" + "0" * 400 + " accounts",
    ],
    ids=["empty", "blank", "stop", "nul", "surrogates", "one word", "digits", "bidi", "soft hyphen", "emoji", "quotes", "10^400"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh", "fr", "de", "es", "pt", "xx", ""])
def test_odd_input_gives_a_result(extractor: RuleExtractor, text: str, language: str) -> None:
    check_spans(extractor.extract(document(text, language)), text)


def test_a_wrong_language_tag_does_not_hide_the_text(extractor: RuleExtractor) -> None:
    tagged = extractor.extract(document(STORY, language="zh"))
    assert tagged.claims == extractor.extract(document(STORY)).claims


def test_invisible_characters_stay_in_the_quoted_words(extractor: RuleExtractor) -> None:
    text = STORY.replace("copying its", "copying\u200b its")
    extraction = extractor.extract(document(text))
    check_spans(extraction, text)
    assert any("\u200b" in claim.text for claim in extraction.claims)


def test_a_line_of_a_megabyte_gives_a_result(extractor: RuleExtractor) -> None:
    text = ("Anthropic accused DeepSeek of copying its Claude models through 24,000 fake accounts. " * 12_000)[
        :1_000_000
    ]
    extraction = extractor.extract(document(text))
    check_spans(extraction, text)
    assert extraction.claims


test_a_line_of_a_megabyte_gives_a_result = pytest.mark.slow(test_a_line_of_a_megabyte_gives_a_result)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from(STORY.split()), st.sampled_from(["\n", "。", "”", "—", "Q:", "U.S.", "H.R. 1", "月之暗面", "指控", "(", "did not respond"]),
            st.text(max_size=8),
        ),
        max_size=60,
    ),
    language=st.sampled_from(["en", "zh", "fr", "de"]),
)  # fmt: skip
def test_any_text_gives_valid_spans(parts: list[str], language: str) -> None:
    text = " ".join(parts)
    check_spans(RuleExtractor().extract(document(text, language)), text)
