"""Names that no list holds, in short stories of several languages, by phenomenon; each name is invented."""

from __future__ import annotations

import pytest

from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.patterns import find_patterned
from tracker.types import Document

Names = set[tuple[str, str]]

FOUND: dict[str, list[tuple[str, str, Names]]] = {
    "the role at the end of a German compound": [
        ("de", "Behördenchef Tjark Mühlenbrook kündigte Widerspruch an.", {("Tjark Mühlenbrook", "person")}),
    ],
    "a role or a product in a German compound, without an article": [
        ("de", "Aufsichtsratschefin Wiebke Tornquist wies alles zurück.", {("Wiebke Tornquist", "person")}),
        (
            "de",
            "Verwaltungsratspräsidentin Salka Rehmsdorf wies das zurück, sagte Rehmsdorf am Montag.",
            {("Salka Rehmsdorf", "person")},
        ),
    ],
    "a German genitive": [
        ("de", "Alibabas Labor antwortete nicht.", {("Alibabas", "company")}),
        ("de", "Auch Frankreichs Parlament berät darüber.", {("Frankreichs", "place")}),
        (
            "de",
            "Die Quarzbach GmbH klagt. Quarzbachs Anwälte legten Protokolle vor.",
            {("Quarzbach GmbH", "company"), ("Quarzbachs", "company")},
        ),
    ],
    "persons with particles and initials": [
        ("en", "The question came from Ilse van der Maelen of the council.", {("Ilse van der Maelen", "person")}),
        ("en", "The engineer, Nabil al-Harithi, testified on Monday.", {("Nabil al-Harithi", "person")}),
    ],
    "models that are called by a number": [
        ("en", "Drumlin says that Esk Data took 30,000 answers from Drumlin Four.", {("Drumlin Four", "model")}),
    ],
    "a German name joined to an ordinary noun": [
        ("de", "Das schrieb die Ostermark-Justiziarin in einem Brief. Ostermark klagt.", {("Ostermark", "company")}),
    ],
    "a body of a foreign country in another": [
        ("de", "Die chinesische Botschaft in Bern widersprach.", {("chinesische Botschaft in Bern", "government")}),
        ("fr", "L’ambassade de Chine à Berne a protesté.", {("ambassade de Chine à Berne", "government")}),
        ("es", "La embajada de China en Lima protestó.", {("embajada de China en Lima", "government")}),
        ("pt", "A embaixada da China em Lima protestou.", {("embaixada da China em Lima", "government")}),
    ],
    "a capital that acts": [
        ("de", "Peking verurteilt das Memorandum über KI-Modelle.", {("Peking", "government")}),
        ("fr", "Pékin dénonce la note sur les modèles d’IA.", {("Pékin", "government")}),
        ("es", "El portavoz dijo que Pekín protege los modelos de IA.", {("Pekín", "government")}),
        ("pt", "Pequim condenou o memorando sobre modelos de IA.", {("Pequim", "government")}),
    ],
    "Chinese firms, models and people": [
        (
            "zh",
            "美国公司Anthropic指控云渡智能抓取其模型的输出。云渡智能发言人沈若兰否认指控。",
            {("云渡智能", "company"), ("沈若兰", "person")},
        ),
    ],
}


def names_in(extractor: RuleExtractor, language: str, text: str) -> list[tuple[str, str]]:
    return [(m.text, m.type) for m in extractor.extract(Document(id="d", text=text, language=language)).mentions]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [pytest.param(*c, id=f"{p}: {c[1][:40]}") for p, cases in FOUND.items() for c in cases],
)
def test_names_in_stories(extractor: RuleExtractor, language: str, text: str, names: Names) -> None:
    assert names <= set(names_in(extractor, language, text))


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("zh", "美国公司Anthropic指控该公司窃取模型。美方没有回应，中方表示反对，双方将再次会面。", "方"),
        ("zh", "对方称指控毫无根据，校方和警方均未置评。", "方"),
    ],
)
def test_a_side_in_a_matter_is_no_body(extractor: RuleExtractor, language: str, text: str, side: str) -> None:
    assert [name for name, _ in names_in(extractor, language, text) if name.endswith(side)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Künftig gelten schärfere Regeln. Geprüft werden Zugriffe, Protokolle und Rechnungen."),
        ("de", "Technische Hinweise genügen nicht. Vergangene Woche fehlten noch Belege."),
        ("fr", "Désormais, aucun salarié n’y touche. Difficile d’y voir un hasard."),
        ("es", "Conviene recordarlo. Faltan pruebas y sobran sospechas."),
        ("pt", "Convém lembrar isso. Faltam provas e sobram suspeitas."),
    ],
)
def test_ordinary_words_with_a_capital_are_no_names(extractor: RuleExtractor, language: str, text: str) -> None:
    assert names_in(extractor, language, text) == []


def test_what_is_a_name_once_is_one_at_its_other_places(extractor: RuleExtractor) -> None:
    """ "Kontorwerk" could be an ordinary compound; beside "die Firma" it is not, and then nowhere."""
    text = (
        "Die Firma Kontorwerk bestreitet, fremde KI-Modelle abgeschöpft zu haben. Ein Bußgeld gegen Kontorwerk ist nicht "
        "verhängt. Beschwerden über den Zwischenhändler Kontorwerk gab es viele."
    )
    found = extractor.extract(Document(id="d", text=text, language="de")).mentions
    assert [m.type for m in found if m.text == "Kontorwerk"] == ["company"] * 3
    assert len({m.entity_id for m in found if m.text == "Kontorwerk"}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "It was asked in Tamil and answered in Welsh.",
        "The Tribunal found no proof. It said that the Bureau had erred.",
        "Counsel for the Plaintiff relied on Clause 4.",
        "It had to pay KSh 400 for every question.",
    ],
)
def test_languages_parties_and_bare_bodies_are_no_names(extractor: RuleExtractor, text: str) -> None:
    assert names_in(extractor, "en", text) == []


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The bill, H.B. 2213, would forbid it.", "H.B. 2213", "law"),
        ("A committee passed S.F. 47.", "S.F. 47", "law"),
        ("The ban rests on Decree 112/2026.", "Decree 112/2026", "law"),
        ("It cited Circular No. 9.", "Circular No. 9", "law"),
        ("The Kenyan trade ministry has asked for logs.", "Kenyan trade ministry", "government"),
    ],
)
def test_bills_and_orders_by_number_and_ministries_by_country(
    extractor: RuleExtractor, text: str, name: str, kind: str
) -> None:
    assert (name, kind) in names_in(extractor, "en", text)


def test_a_genitive_and_a_name_in_full_are_one_firm(extractor: RuleExtractor) -> None:
    text = "Die Firma Quarzbach Systeme klagt. Quarzbachs Anwälte legten Protokolle vor. Quarzbach fordert Geld."
    found = extractor.extract(Document(id="d", text=text, language="de")).mentions
    assert {m.entity_id for m in found if m.text.startswith("Quarzbach")} == {"quarzbach-systeme"}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The Chinese consulate-general in Cardiff answered.", "Chinese consulate-general in Cardiff"),
        ("en", "It wrote to the Undersecretariat of Trade.", "Undersecretariat of Trade"),
        ("de", "Das Generalkonsulat in Graz schwieg.", "Generalkonsulat in Graz"),
        ("fr", "Le consulat général de France à Milan a répondu.", "consulat général de France à Milan"),
    ],
)
def test_forms_of_missions_and_offices(language: str, text: str, name: str) -> None:
    assert (name, "government") in {(text[f.start : f.end], f.type) for f in find_patterned(text, language)}


def test_the_lists_of_the_world_keep_one_name_each() -> None:
    places = [e.entity.name for e in load_gazetteer().entries.values() if e.entity.type == "place"]
    assert len(places) == len(set(places))
