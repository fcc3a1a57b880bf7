"""Names that show by their form in German, French, Spanish and Portuguese."""

from __future__ import annotations

import time

import pytest

from tracker.nlp.patterns import find_patterned

CASES = {
    "German bodies, with what they are for": [
        ("de", "Das Bundesamt für Netzsicherheit prüft.", "government", "Bundesamt für Netzsicherheit"),
        ("de", "Die Behörde für digitale Märkte prüft.", "government", "Behörde für digitale Märkte"),
        ("de", "Der Verkehrsausschuss des Landtags tagt.", "government", "Verkehrsausschuss des Landtags"),
        ("de", "Das Landgericht Osnabrück entschied.", "government", "Landgericht Osnabrück"),
    ],
    "German acts are one word": [
        ("de", "Der Entwurf des Rechenzentrumsgesetzes liegt vor.", "law", "Rechenzentrumsgesetzes"),
    ],
    "German institutes and associations": [
        ("de", "Das Morgenthal-Institut warnt.", "organisation", "Morgenthal-Institut"),
        ("de", "Der Verband für freie Software klagt.", "organisation", "Verband für freie Software"),
    ],
    "French bodies whose complement is in lower case": [
        ("fr", "L’Office fédéral des réseaux enquête.", "government", "Office fédéral des réseaux"),
        ("fr", "La Commission nationale de la donnée a écrit.", "government", "Commission nationale de la donnée"),
        ("fr", "Le tribunal de commerce de Poitiers a tranché.", "government", "tribunal de commerce de Poitiers"),
    ],
    "French acts": [("fr", "La loi sur la sécurité des modèles passe.", "law", "loi sur la sécurité des modèles")],
    "Spanish and Portuguese bodies": [
        ("es", "La Agencia Nacional de Redes y Datos investiga.", "government", "Agencia Nacional de Redes y Datos"),
        ("pt", "A 4ª Vara Empresarial de Niterói decidiu.", "government", "4ª Vara Empresarial de Niterói"),
        ("pt", "A Ordem dos Programadores protestou.", "organisation", "Ordem dos Programadores"),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "kind", "name"),
    [pytest.param(*c, id=f"{p}: {c[3]}") for p, cases in CASES.items() for c in cases],
)
def test_names_by_their_form(language: str, text: str, kind: str, name: str) -> None:
    assert (name, kind) in {(text[found.start : found.end], found.type) for found in find_patterned(text, language)}


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt"])
@pytest.mark.parametrize(
    "piece", ["A-A", "Amt für ", "Comisión de la ", "Ministère de la ", "Aa", "loi sur la ", "de la "]
)
def test_the_time_is_linear_in_the_length(language: str, piece: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        list(find_patterned(piece * count, language))
        return time.process_time() - started

    seconds(100)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.005)
