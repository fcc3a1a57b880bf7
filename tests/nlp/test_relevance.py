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


@pytest.mark.parametrize(("language", "text"), RELEVANT)
def test_unauthorised_copying_is_relevant(language: str, text: str) -> None:
    assert judge(text, language) == "relevant"


@pytest.mark.parametrize("text", IRRELEVANT.values(), ids=IRRELEVANT.keys())
def test_what_only_sounds_like_it_is_irrelevant(text: str) -> None:
    assert judge(text) == "irrelevant"


def test_a_passing_mention_at_the_end_is_background() -> None:
    business = "The company raised money from a group of funds. " * 8
    assert judge(business + "In spring it accused rivals of copying its models.") == "background"


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
