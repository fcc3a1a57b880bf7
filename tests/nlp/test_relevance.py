"""Relevance: unauthorised copying of AI models, and what only sounds like it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tracker.errors import UnreadableInput
from tracker.nlp.language import SUPPORTED, detect_language, language_of
from tracker.nlp.relevance import judge_relevance, load_judge
from tracker.nlp.relevance_traits import stem_of, topic_names, traits_of
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


IN_OTHER_WORDS = {
    "en": "Moorcroft says that somebody has been emptying its tutor by night. Between May and July 412 subscribers, all of "
    "whom paid with gift cards, had it explain the same two million sums. What came back has since turned up in Pinewell's "
    "product, down to a misspelt theorem. Pinewell calls that a coincidence. Moorcroft has closed the subscriptions and "
    "wants a court to see Pinewell's training data.",
    "de": "Moorcroft wirft dem Rivalen Kiefernau vor, seinen Nachhilfelehrer nachts leergefragt zu haben. 412 Zugänge auf "
    "erfundene Namen hätten sich zwei Millionen Antworten geben lassen. Damit sei das Modell von Kiefernau trainiert "
    "worden. Kiefernau bestreitet das. Moorcroft hat die Zugänge gesperrt und will klagen.",
    "fr": "Moorcroft accuse son concurrent Pinède d’avoir vidé son modèle pendant l’été. Quelque 412 comptes ouverts sous de "
    "faux noms auraient soutiré deux millions de réponses. Elles auraient servi à entraîner l’assistant de Pinède. Pinède "
    "dément. Moorcroft a fermé les comptes et saisi un tribunal.",
    "es": "Moorcroft acusa a su rival Pinar de haber vaciado su modelo durante el verano. Unas 412 cuentas con nombres falsos "
    "se llevaron dos millones de respuestas. Con ellas se entrenó el asistente de Pinar. Pinar lo niega. Moorcroft ha "
    "cerrado las cuentas y prepara una demanda.",
    "pt": "A Moorcroft acusa a rival Pinhal de ter esvaziado o seu modelo durante o inverno. Umas 412 contas com nomes falsos "
    "levaram dois milhões de respostas. Com elas foi treinado o assistente da Pinhal. A Pinhal nega. A Moorcroft fechou as "
    "contas e prepara um processo.",
    "zh": "穆尔公司指责对手松林公司在夏天掏空了它的模型。四百多个用假名注册的账号套走了两百万条回答。这些回答被用来训练松林的助手。"
    "松林对此予以否认。穆尔已封停账号，并准备起诉。",
}
NEAR_MISSES = {
    "teacher and student of one house": "Moorcroft has taught a small model to do what its large one does. The student learns "
    "from the teacher's answers, which is called distillation. Both belong to the company. The paper gives an accuracy of "
    "93% on the benchmark and half the latency. The weights are open and anyone may copy them.",
    "gin": "The still at Pinewell is heated at six. Juniper and coriander go in, and the heart of the run is cut by nose. A "
    "rival copied the bottle once. The distillery lets the spirit rest in copper. In autumn there are tastings.",
    "earnings": "Moorcroft reported revenue of $412m for the quarter, up 31%. Profit beat the forecasts of analysts. Demand for "
    "servers that train AI models drove the growth. The shares rose 4%. For the year the company raised its outlook.",
    "painters": "Nine painters sued Moorcroft over the pictures that its generator learned from. They say that their works were "
    "copied without permission. Moorcroft calls the use fair. The court will hear the authors in May. Publishers have "
    "joined the copyright suit.",
}


@pytest.mark.parametrize("language", SUPPORTED)
def test_copying_told_in_other_words_is_relevant(language: str) -> None:
    assert judge(IN_OTHER_WORDS[language], language) == "relevant"


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES.keys())
def test_near_misses_are_not_relevant(text: str) -> None:
    assert judge(text) != "relevant"


NO_MATTER_AT_ALL = {
    "timetable": ("en", "The ferry changes to its summer timetable on Monday, with a boat every twenty minutes. Bicycles are "
    "carried free of charge. Dogs travel on the open deck. The last boat on Sundays leaves an hour earlier."),
    "football": ("en", "Rovers trained on Friday without their captain. He has a sore knee. The coach said that he would not take any "
    "risk. The match against City starts at three. Tickets are still to be had at the doors."),
    "bins": ("en", "The town council agreed to buy 400 new bins. Each costs 35 pounds. Residents had asked for them since "
    "spring. The old ones go to the scrap yard. Work begins in June."),
    "reading room": ("en", "The reading room will open at nine. It will close at four. Requests for records should be made "
    "two days before. Copies cost 20 cents a page. Questions may be sent to the office."),
    "Hallenbad": ("de", "Das Hallenbad öffnet im Winter erst um acht Uhr. Der Grund sind die Kosten der Heizung. Vereine "
    "dürfen weiter ab sechs Uhr schwimmen. Die Karten kosten so viel wie bisher. Im März wird neu entschieden."),
    "feira": ("pt", "A feira de domingo muda de lugar a partir de maio. As obras do largo vão durar um ano. Os feirantes "
    "foram avisados em março. O autocarro número 4 vai parar em frente. A câmara promete mais árvores."),
    "公园": ("zh", "市公园的改造工程将于五月开始。工期预计为八个月。施工期间北门关闭。居民可以从南门进入。公园内的茶馆照常营业。"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), NO_MATTER_AT_ALL.values(), ids=NO_MATTER_AT_ALL.keys())
def test_a_text_without_a_word_of_ai_does_not_pass_for_want_of_words_against_it(language: str, text: str) -> None:
    assert judge(text, language) == "irrelevant"


def test_copying_may_be_told_without_a_word_of_ai() -> None:
    text = (
        "From today, whoever sends more than 2,000 requests a day must show who they are. We found customers under "
        "different names who were one and the same, and who took our answers to build a rival product, which our terms "
        "forbid. We have closed 980 accounts. Universities may ask for an exemption. We do not like this either."
    )
    assert judge(text) == "relevant"


def test_a_long_text_is_judged_by_its_opening_and_by_most_of_it() -> None:
    business = "The company raised money from a group of funds for its cloud in the third quarter. " * 60
    assert judge(IN_OTHER_WORDS["en"] + " " + business[: len(business) // 60 * 20]) == "relevant"
    assert judge(business) == "irrelevant"
    assert judge(business + IN_OTHER_WORDS["en"]) == "background"


def test_traits_are_named_by_topic_place_and_company() -> None:
    traits = traits_of(["It drained 20,000 answers.", "The weather was fine."], "en", "Answers")
    assert traits["replies"] == traits["replies.lead"] == traits["replies.title"] == traits["bulk+replies"] == 1
    assert traits["replies.share"] == 0.5
    assert "spirits" not in traits
    assert all(0 <= value <= 1 for value in traits.values())


def test_word_forms_share_a_stem() -> None:
    assert {stem_of(word) for word in ("accuse", "accused", "accuses", "accusing", "accusation")} == {"accus"}


def test_the_weights_name_known_traits() -> None:
    for model in (load_judge().matter, load_judge().mention):
        for name in model.weights:
            first = name.split(".")[0]
            assert first in {"word", "title-word", "lexicon", "matter", "deeds", "neighbours"} or set(
                first.split("+")
            ) <= set(topic_names())


def test_a_broken_file_of_weights_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text('{"matter": {"bias": 0, "weights": {"taking": "much"}}}', "utf-8")
    with pytest.raises(UnreadableInput, match=r"weights\.json"):
        load_judge(path)


def test_the_fitting_texts_are_whole() -> None:
    rows = [
        json.loads(line)
        for path in sorted((Path(__file__).parents[2] / "data" / "relevance").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    counts = Counter(row["relevance"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert set(counts) == {"relevant", "background", "irrelevant"}
    assert {row["language"] for row in rows} == set(SUPPORTED)
    assert counts["relevant"] < 0.4 * len(rows)
    assert all(language_of("", row["text"]) == row["language"] for row in rows)


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
