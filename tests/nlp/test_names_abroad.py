"""Names that no list holds, in German, French, Spanish and Portuguese, by phenomenon; each name is invented."""

from __future__ import annotations

import pytest

from tracker.nlp.extractor import RuleExtractor
from tracker.types import Document

FOUND: dict[str, list[tuple[str, str, list[tuple[str, str]]]]] = {
    "a firm at the start of a sentence": [
        ("de", "Velmora hat die Vorwürfe bestritten. Das KI-Modell sei nicht kopiert.", [("Velmora", "company")]),
        ("fr", "Velmora accuse Brintal d’avoir copié son modèle.", [("Velmora", "company"), ("Brintal", "company")]),
    ],
    "a person beside a role": [
        ("de", "„Wir prüfen den Fall“, sagte Wiebke Radenbach, Sprecherin des Anbieters.", [("Wiebke Radenbach", "person")]),
        ("fr", "« C’est faux », a déclaré Solène Bricout, porte-parole de l’éditeur.", [("Solène Bricout", "person")]),
        ("es", "«Es falso», dijo Macarena Olabarri, portavoz de la empresa.", [("Macarena Olabarri", "person")]),
        ("pt", "«É falso», disse Mafalda Rebordão, porta-voz da empresa.", [("Mafalda Rebordão", "person")]),
    ],
    "a person whose name is not of the text's language": [
        ("de", "Der Gründer Chukwuemeka Obarike wies das zurück.", [("Chukwuemeka Obarike", "person")]),
        ("fr", "La fondatrice Dilnoza Karimbek conteste.", [("Dilnoza Karimbek", "person")]),
    ],
    "a body with what it is for": [
        ("de", "Das Bundesamt für Netzsicherheit leitete ein Verfahren ein.", [("Bundesamt für Netzsicherheit", "government")]),
        ("fr", "L’Office fédéral des réseaux a ouvert une enquête.", [("Office fédéral des réseaux", "government")]),
    ],
    "an act in one word": [
        ("de", "Der Bundestag stimmte für das Rechenzentrumsgesetz.", [("Rechenzentrumsgesetz", "law")]),
    ],
    "a name before a hyphen and a noun": [
        ("de", "Die Firma Velmora klagt. Mehrere Velmora-Konten wurden gesperrt.", [("Velmora", "company"), ("Velmora", "company")]),
    ],
}  # fmt: skip

NOT_FOUND = {
    "ordinary German nouns": [
        ("de", "Der Verdacht ist alt, doch fehlt der Beweis. Unter dem Strich bleibt ein Gerücht."),
        ("de", "Ohne Genehmigung drohen Geldbußen. Seit Mai gelten strengere Regeln für Zwischenhändler."),
    ],
    "first words of sentences": [
        ("fr", "Personne ne sait. Contactée, la société se tait. Après des mois, rien."),
        ("es", "Nadie lo sabe. Según fuentes cercanas, la empresa calla."),
        ("pt", "Ninguém sabe. Segundo fontes próximas, a empresa cala-se."),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [pytest.param(*c, id=f"{p}: {c[1][:40]}") for p, cases in FOUND.items() for c in cases],
)
def test_names_abroad(extractor: RuleExtractor, language: str, text: str, names: list[tuple[str, str]]) -> None:
    found = extractor.extract(Document(id="d", text=text, language=language)).mentions
    assert [(m.text, m.type) for m in found if (m.text, m.type) in names] == names


@pytest.mark.parametrize(
    ("language", "text"), [pytest.param(*c, id=f"{p}: {c[1][:40]}") for p, cases in NOT_FOUND.items() for c in cases]
)
def test_no_names(extractor: RuleExtractor, language: str, text: str) -> None:
    assert [m.text for m in extractor.extract(Document(id="d", text=text, language=language)).mentions] == []


def test_a_name_in_the_genitive_is_the_same_firm_and_an_act_has_its_plain_name(extractor: RuleExtractor) -> None:
    text = (
        "Die Firma Velmora bestreitet alles. Der Anwalt der Firma Velmora legte Protokolle vor. "
        "Grundlage ist der Entwurf des Rechenzentrumsgesetzes."
    )
    found = extractor.extract(Document(id="d", text=text, language="de")).mentions
    assert {(m.text, m.name) for m in found if m.type == "law"} == {("Rechenzentrumsgesetzes", "Rechenzentrumsgesetz")}
