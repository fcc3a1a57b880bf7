"""Relevance: unauthorised copying of AI models, and what only sounds like it."""

from __future__ import annotations

import pytest

from tracker.nlp.language import detect_language, language_of
from tracker.nlp.relevance import judge_relevance
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import make_sentences


def judge(text: str, language: str = "en", title: str = "") -> str:
    return judge_relevance(make_sentences(text, split_sentences(text)), language, title)


RELEVANT = [
    ("en", "OpenAI accused a rival of distilling its models. The copies were trained on stolen outputs."),
    ("en", "The bill would punish foreign firms that copy American AI models without permission."),
    ("fr", "OpenAI accuse DeepSeek d’avoir copié ses modèles sans autorisation."),
    ("de", "OpenAI wirft DeepSeek vor, seine KI-Modelle kopiert zu haben."),
    ("es", "OpenAI acusa a DeepSeek de copiar sus modelos de inteligencia artificial."),
    ("pt", "A OpenAI acusa a DeepSeek de copiar os seus modelos de inteligência artificial."),
    ("zh", "OpenAI指控DeepSeek窃取其模型的能力。"),
]
IRRELEVANT = {
    "whisky": "The second distillation gives a clear spirit. Rivals have stolen recipes, but a still cannot be copied.",
    "chemistry": "Vacuum distillation extracts the solvent. The model of the column was validated without permission issues.",
    "authorised knowledge distillation": "We use knowledge distillation to train a small model on a large open one. "
    "The student keeps 97% of the teacher's score, and the weights are free to use.",
    "earnings": "Alibaba's revenue rose 38% as demand for AI lifted its cloud arm.",
    "empty": "",
}


NEW_NAMES = {
    "questions put to train": "Veridane said that a rival had put three million questions to its assistant in order to "
    "train a cheaper system.",
    "suit": "Veridane sued Ostrel on Monday, alleging that the start-up had used its outputs to build a competing chatbot.",
    "bill": "Two members introduced a bill that would bar developers that train on the answers of American models.",
    "owning up": "Ostrel admitted that its engineers had used a competitor's chatbot to label training data.",
    "made-up names": "The lab blocked 900 accounts that had been opened under false names to harvest its model's replies.",
    "Klage": "Veridane verklagte Ostrel, weil das Start-up Antworten seines Sprachmodells zum Trainieren genutzt habe.",
    "faux comptes": "Veridane accuse Ostrel d’avoir interrogé son modèle avec de faux comptes pour entraîner le sien.",
    "contas falsas": "A Veridane acusa a Ostrel de usar contas falsas para treinar o seu modelo com as respostas do rival.",
    "回应": "维瑞丹公司指责奥斯特公司用虚假账户批量抓取其大模型的回答，用于训练自己的模型。",
}
OTHER_MATTERS = {
    "shoplifting": "The store accused two customers of theft. Police said that the systems had recorded them, and a court "
    "heard the case on Monday.",
    "data breach": "Hackers stole the records of millions of customers. The firm apologised, and regulators opened an inquiry.",
    "authors' books": "The court heard the printers' suit over copied maps. The judge rejected the complaint.",
    "chips": "The rule on advanced chips takes effect today. Exporters must certify that supply is enough.",
    "results with AI": "Revenue rose as demand for AI grew. The company said that its model of the market had held.",
}


@pytest.mark.parametrize("phenomenon", NEW_NAMES)
def test_a_matter_is_told_by_what_is_done_and_not_by_known_names(phenomenon: str) -> None:
    language = {"Klage": "de", "faux comptes": "fr", "contas falsas": "pt", "回应": "zh"}.get(phenomenon, "en")
    assert judge(NEW_NAMES[phenomenon], language) == "relevant"


@pytest.mark.parametrize("text", OTHER_MATTERS.values(), ids=OTHER_MATTERS.keys())
def test_other_wrongs_are_irrelevant(text: str) -> None:
    assert judge(text) == "irrelevant"


@pytest.mark.parametrize(("language", "text"), RELEVANT)
def test_unauthorised_copying_is_relevant(language: str, text: str) -> None:
    assert judge(text, language) == "relevant"


@pytest.mark.parametrize("text", IRRELEVANT.values(), ids=IRRELEVANT.keys())
def test_what_only_sounds_like_it_is_irrelevant(text: str) -> None:
    assert judge(text) == "irrelevant"


def test_a_passing_mention_at_the_end_is_background() -> None:
    business = "The company raised money from a group of funds. " * 8
    assert judge(business + "In spring it accused rivals of copying its AI models.") == "background"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The company said that it was not in the plan of the board and has been for a year.", "en"),
        ("La société a déclaré que les modèles de la société ne sont pas dans le plan.", "fr"),
        ("Das Unternehmen hat erklärt, dass die Modelle nicht mit dem Plan und der Firma sind.", "de"),
        ("La empresa dijo que los modelos de la compañía no se han usado por el gobierno.", "es"),
        ("A empresa disse que os modelos da companhia não foram usados pelo governo e não se sabe mais.", "pt"),
        ("该公司表示，这些模型未被使用。", "zh"),
        ("12 34 56", None),
        ("", None),
    ],
)
def test_language_is_told_by_script_and_small_words(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_a_tag_counts_only_where_the_words_do_not_tell() -> None:
    assert language_of("zh", "The company said that it was not in the plan of the board.") == "en"
    assert language_of("fr-CA", "DeepSeek") == "fr"
    assert language_of("xx", "DeepSeek") == "en"
