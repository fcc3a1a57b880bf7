"""Who says it: sentences in which a party that is near, or accused, or spoken to, is not the one that speaks."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.config import Nlp
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.sentences import split_sentences
from tracker.types import Claim, Document, PublisherType

LEAD = "Anthropic accused DeepSeek, Moonshot AI and MiniMax of copying its Claude models through fake accounts. "
SOLO = "OpenAI accused DeepSeek of copying its models through fake accounts. "


def last_claims(
    extractor: RuleExtractor, text: str, *, publisher_type: PublisherType = "news", language: str = "en"
) -> list[Claim]:
    """The claims of the last sentence of a text, whether published or waiting for review."""
    document = Document(
        id="case",
        text=text,
        title="AI firms accused of copying models",
        published=date(2026, 5, 20),
        language=language,
        publisher_type=publisher_type,
    )
    last = split_sentences(text)[-1][0]
    claims = extractor.extract(document).claims
    return [claim for claim in claims if claim.end > last]


# phenomenon -> [(text, the accusations of its last sentence, who else may speak there)]
WHO: dict[str, list[tuple[str, list[tuple[str | None, list[str]]], set[str]]]] = {
    "the party right before the verb is its subject": [
        (
            "In May Zhipu AI and StepFun were accused by Cohere of distilling its models, and Mistral and Google have"
            " reported attacks on theirs.",
            [("cohere", ["stepfun", "zhipu-ai"])],
            {"mistral-ai", "google"},
        ),
        (
            "Baidu was accused by OpenAI of copying its models, and Google said it would join the complaint.",
            [("openai", ["baidu"])],
            {"google"},
        ),
    ],
    "it is the sentence's own subject": [
        (
            LEAD + "Cohere confirmed the talks and spoke of the letter that it sent in May, in which it accused StepFun"
            " of stealing its outputs.",
            [("cohere", ["stepfun"])],
            {"cohere"},
        ),
    ],
    "that lab is the one named last": [
        (
            LEAD + "MiniMax has the largest part. Anthropic says the queries from that company made Claude write code.",
            [("anthropic", ["minimax"])],
            set(),
        ),
    ],
    "it is the paper of the sentence before": [
        (
            LEAD + "The Commerce Department issued a report. The report is short. It says that copied models are"
            " worse.",
            [],
            {"commerce-department"},
        ),
    ],
    "advice accuses nobody": [
        ("Companies that sell models are urged to look out for accounts that extract them.", [], {None}),
        ("Firms were warned to protect their models from distillation through fraudulent accounts.", [], set()),
    ],
    "a condition is no claim": [(LEAD + "The firm would have to sue if it wanted damages.", [], set())],
    "a charge on another matter": [
        (LEAD + "Elon Musk accused Anthropic of hypocrisy.", [], set()),
        (LEAD + "Mistral blamed Cohere for a delay.", [], set()),
    ],
    "a bare question is a heading": [
        (LEAD + "What it reports.", [], set()),
        (LEAD + "What it says of the results.", [], set()),
    ],
}


@pytest.mark.parametrize(
    ("text", "accusations", "others"),
    [pytest.param(*case, id=f"{p}: {case[0][-60:]}") for p, cases in WHO.items() for case in cases],
)
def test_speaker(
    extractor: RuleExtractor, text: str, accusations: list[tuple[str | None, list[str]]], others: set[str]
) -> None:
    claims = last_claims(extractor, text)
    below = Nlp().review_below
    sure = [(c.speaker, sorted(c.accused)) for c in claims if c.type == "allegation" and not c.awaits_review(below)]
    read = [(c.speaker, sorted(c.accused)) for c in claims if c.type == "allegation"]
    assert all(accusation in read for accusation in accusations), "what the sentence says is read"
    assert all(accusation in accusations for accusation in sure), "and nothing else would be published"
    assert {c.speaker for c in claims if c.type != "allegation"} <= others


def test_silence_accuses_only_where_an_accused_is_silent(extractor: RuleExtractor) -> None:
    bystanders = last_claims(extractor, SOLO + "Google and Mistral declined to comment.")
    assert [(c.speaker, c.accused) for c in bystanders] == [("google", ()), ("mistral-ai", ())]
    accused = last_claims(extractor, SOLO + "DeepSeek declined to comment.")
    assert [(c.speaker, c.accused) for c in accused] == [("deepseek", ("deepseek",))]


@pytest.mark.parametrize(
    "sentence",
    ["It does make me doubt the figures.", "This makes me want to see the logs.", "That seems to me a poor case."],
)
def test_an_authors_opinion_is_no_statement_of_others(extractor: RuleExtractor, sentence: str) -> None:
    assert last_claims(extractor, LEAD + sentence, publisher_type="blog") == []


@pytest.mark.parametrize("name", ["xAI", "iFlytek"])
def test_a_name_in_lower_case_begins_a_sentence(name: str) -> None:
    text = f"The firm named no rival. {name} declined to comment."
    assert len(split_sentences(text)) == 2
    assert len(split_sentences("It cost approx. five dollars.")) == 1


def test_a_time_given_by_an_act_is_no_statement(extractor: RuleExtractor) -> None:
    assert last_claims(extractor, LEAD + "Two weeks after Anthropic wrote to the Senate, nothing had happened.") == []


def test_whom_one_finds_it_likely_of(extractor: RuleExtractor) -> None:
    text = "The House Select Committee on China released a report on Baidu. "
    (claim,) = last_claims(extractor, text + "The report finds it very likely that Baidu used unlawful distillation.")
    assert (claim.type, claim.accused, claim.accused_as) == ("allegation", ("baidu",), None)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Cohere accused foreign firms, most of them in Asia, of copying its models.", "foreign firms"),
        ("Cohere accused StepFun of free-riding on its work and also mentions Baidu.", None),
        ("Cohere complained to Congress about StepFun.", None),
        ("Cohere accused two foreign laboratories of copying its models.", "two foreign laboratories"),
    ],
)
def test_words_for_the_accused(extractor: RuleExtractor, sentence: str, words: str | None) -> None:
    found = {c.accused_as for c in last_claims(extractor, LEAD + sentence) if c.type == "allegation"}
    assert len(found) == 1
    assert (found.pop() or "None").startswith(words or "None")


def test_the_target_is_the_accusers_own(extractor: RuleExtractor) -> None:
    (claim,) = last_claims(extractor, LEAD + "OpenAI complained to Congress about DeepSeek.")
    assert (claim.accused, claim.target) == (("deepseek",), ("openai",))
    text = (
        "Anthropic a accusé DeepSeek d’avoir copié Claude. OpenAI a aussi accusé DeepSeek d’avoir distillé ses modèles."
    )
    (french,) = last_claims(extractor, text, language="fr")
    assert (french.speaker, french.target) == ("openai", ("openai",))


def test_a_suit_that_alleges_accuses_as_well(extractor: RuleExtractor) -> None:
    text = "Mistral sued Cohere in May, alleging that Cohere had scraped its models through fake accounts."
    claims = last_claims(extractor, text)
    assert {(c.type, c.speaker, c.accused) for c in claims} == {
        ("legal_action", "mistral-ai", ("cohere",)),
        ("allegation", "mistral-ai", ("cohere",)),
    }


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("OpenAI accused DeepSeek of copying its models in a letter first reported by Bloomberg on Wednesday.", 0),
        ("Google accused StepFun in May of copying Gemini through fake accounts, Reuters reported on Friday.", 1),
        ("OpenAI accused DeepSeek on Wednesday of copying its models.", 1),
    ],
)
def test_the_day_of_the_report_is_not_the_claims(extractor: RuleExtractor, sentence: str, dates: int) -> None:
    (claim,) = last_claims(extractor, sentence)
    assert len(claim.dates) == dates


def test_who_is_told_does_not_speak(extractor: RuleExtractor) -> None:
    text = "Google and Mistral are looking into the case. Last year Google engineers noticed users whom they believed"
    text += " to be copying models, and the search giant alerted Mistral."
    claims = last_claims(extractor, text)
    assert {claim.speaker for claim in claims} == {"google"}


def test_a_state_that_rejects_a_memo_denies(extractor: RuleExtractor) -> None:
    text = "China has rejected a White House memo which says that foreign firms are copying American models."
    assert [(c.type, c.speaker) for c in last_claims(extractor, text)] == [("denial", "chinese-government")]


def test_silence_of_bystanders_in_french(extractor: RuleExtractor) -> None:
    text = "OpenAI accuse DeepSeek d'avoir copié ses modèles. Google et Mistral n'ont pas répondu."
    claims = last_claims(extractor, text, language="fr")
    assert [c.speaker for c in claims] == ["google", "mistral-ai"]
    assert all(set(c.accused) <= {"deepseek"} for c in claims), "whom the charge is against that they were asked about"


@pytest.mark.parametrize(
    "text",
    [
        "According to Reuters, Anthropic accused DeepSeek of copying its Claude models.",
        "Citing Reuters, officials said that Anthropic accused DeepSeek of copying its Claude models.",
        "Anthropic accused DeepSeek of copying its Claude models, according to Reuters.",
    ],
)
def test_an_outlet_that_a_sentence_names_as_its_source_is_kept_wherever_it_stands(
    extractor: RuleExtractor, text: str
) -> None:
    assert [claim.via for claim in last_claims(extractor, text) if claim.type == "allegation"] == [("reuters",)]


CHARGED = {
    "de": "OpenAI wirft dem Konkurrenten DeepSeek vor, seine Modelle abzuschöpfen. ",
    "fr": "OpenAI accuse DeepSeek d’avoir distillé ses modèles. ",
    "es": "OpenAI acusa a DeepSeek de destilar sus modelos. ",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "DeepSeek habe Sperren umgangen und Konten über Zwischenhändler eröffnet."),
        ("de", "DeepSeek soll Sperren umgangen und Konten über Zwischenhändler eröffnet haben."),
        ("fr", "DeepSeek aurait ouvert des comptes par des intermédiaires et contourné les restrictions."),
        ("es", "DeepSeek habría abierto cuentas a través de intermediarios y eludido las restricciones."),
    ],
)
def test_what_an_accused_is_said_to_have_done_is_no_act_that_the_page_reports(
    extractor: RuleExtractor, language: str, text: str
) -> None:
    claims = last_claims(extractor, CHARGED[language] + text, language=language)
    assert "deepseek" not in {claim.speaker for claim in claims}


@pytest.mark.parametrize(
    ("language", "text", "speaker", "status"),
    [
        ("de", "DeepSeek hat die Konten gesperrt.", "deepseek", "asserted"),
        ("de", "DeepSeek teilte mit, es habe die betroffenen Konten gesperrt.", "deepseek", "alleged"),
        ("de", "OpenAI habe die Konten inzwischen gesperrt.", "openai", "alleged"),
        ("fr", "DeepSeek a bloqué les comptes.", "deepseek", "asserted"),
    ],
)
def test_an_act_that_the_page_reports_or_a_party_tells_of_itself_is_one(
    extractor: RuleExtractor, language: str, text: str, speaker: str, status: str
) -> None:
    claims = last_claims(extractor, CHARGED[language] + text, language=language)
    assert [(c.type, c.speaker, c.status) for c in claims] == [("company_action", speaker, status)]


@pytest.mark.parametrize(
    "text",
    [
        "A person familiar with the matter said that the true number is higher, and that two other labs, Tessera AI and"
        " Kuroshio Labs, saw the same traffic. Kuroshio Labs did not reply to an e-mail.",
        "Two other labs, Tessera AI and Kuroshio Labs, have seen the same accounts, a person familiar with the matter"
        " said. Kuroshio Labs did not answer questions.",
    ],
)
def test_who_was_asked_and_stands_accused_of_nothing_is_not_accused_by_silence(
    extractor: RuleExtractor, text: str
) -> None:
    silences = [claim for claim in last_claims(extractor, SOLO + text) if claim.type == "no_response"]
    assert [claim.speaker for claim in silences] == ["kuroshio-labs"]
    assert set(silences[0].accused) <= {"deepseek"}, "whom the charge is against that it was asked about"


def test_a_question_that_is_not_answered_accuses_nobody(extractor: RuleExtractor) -> None:
    text = SOLO + "Asked whether Kestrel Cloud had also copied its models, OpenAI declined to say."
    assert "kestrel-cloud" not in {party for claim in last_claims(extractor, text) for party in claim.accused}


def test_who_is_accused_and_silent_stays_accused(extractor: RuleExtractor) -> None:
    silences = last_claims(extractor, SOLO + "DeepSeek did not reply to an e-mail.")
    assert [(claim.speaker, claim.accused) for claim in silences] == [("deepseek", ("deepseek",))]


MAKER = {
    "en": "Halden Labs makes the AI model Tern. ",
    "de": "Halden Labs baut das KI-Modell Tern. ",
    "fr": "Halden Labs est l’éditeur du modèle d’IA Tern. ",
    "zh": "OpenAI开发人工智能模型。",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Halden Labs stopped short of accusing Orvane AI of copying Tern."),
        ("en", "Halden Labs refrained from openly accusing Orvane AI of copying Tern."),
        ("en", "Rumours that Orvane AI copied Tern are false, Halden Labs said."),
        ("en", "Orvane AI was wrongly accused of copying Tern, a regulator found."),
        ("en", "Orvane AI distilled an older model into a smaller one, with the owner's permission, the company said."),
        ("de", "Halden Labs warf Orvane AI nicht vor, Tern kopiert zu haben."),
        ("de", "Es gebe keine Belege dafür, dass Orvane AI Tern destilliert habe, sagte Halden Labs."),
        ("fr", "Halden Labs n’accuse pas Orvane AI d’avoir copié Tern."),
        ("fr", "Halden Labs a retiré son accusation selon laquelle Orvane AI aurait copié Tern."),
        ("zh", "OpenAI没有指控深度求索蒸馏其模型。"),
        ("zh", "OpenAI撤回了对深度求索蒸馏其模型的指控。"),
    ],
)
def test_a_charge_that_is_not_made_or_is_taken_back_accuses_nobody(
    extractor: RuleExtractor, language: str, text: str
) -> None:
    claims = last_claims(extractor, MAKER[language] + text, language=language)
    assert "allegation" not in {claim.type for claim in claims}
    assert not any(claim.accused for claim in claims)


def test_a_charge_beside_one_that_is_not_made_stands(extractor: RuleExtractor) -> None:
    text = SOLO + "OpenAI accused DeepSeek of copying its models, but stopped short of accusing Alibaba."
    assert ("allegation", "openai") in {(claim.type, claim.speaker) for claim in last_claims(extractor, text)}


def test_whom_a_sentence_sets_against_the_accused_is_not_accused(extractor: RuleExtractor) -> None:
    text = MAKER["en"] + "Halden Labs accused a reseller, not Orvane AI, of copying Tern."
    assert [claim.accused for claim in last_claims(extractor, text) if claim.type == "allegation"] == [()]
