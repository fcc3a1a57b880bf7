"""Names: what is a mention, what it means where it stands, and which entity it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import UnreadableInput
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.gazetteer import load_gazetteer
from tracker.types import Document

CASES: dict[str, list[tuple[str, list[tuple[str, str, str]]]]] = {
    "a span leaves out titles": [
        ("On Monday Sen. Elizabeth Warren met Rep. John Moolenaar.", [("Elizabeth Warren", "elizabeth-warren", "person"), ("John Moolenaar", "john-moolenaar", "person")]),
    ],
    "a surname needs a title or the full name": [
        ("Senators Scott and Warren wrote back.", [("Scott", "tim-scott", "person"), ("Warren", "elizabeth-warren", "person")]),
        ("Tim Scott wrote. Later Scott called.", [("Tim Scott", "tim-scott", "person"), ("Scott", "tim-scott", "person")]),
    ],
    "a part of a double name is nobody we know": [
        ("JD Vance spoke. Senator Lia Vance-Okoro disagreed, and Vance-Okoro left.", [("JD Vance", "jd-vance", "person"), ("Lia Vance-Okoro", "lia-vance-okoro", "person"), ("Vance-Okoro", "lia-vance-okoro", "person")]),
        ("Mr. Altman-Reyes left before Sam Altman came.", [("Altman-Reyes", "altman-reyes", "person"), ("Sam Altman", "sam-altman", "person")]),
        ("Anna-Elizabeth Warren wrote to Alibaba.", [("Anna-Elizabeth Warren", "anna-elizabeth-warren", "person"), ("Alibaba", "alibaba", "company")]),
        ("Sen. Okoro-Warren wrote to Elizabeth Warren.", [("Okoro-Warren", "okoro-warren", "person"), ("Elizabeth Warren", "elizabeth-warren", "person")]),
        ("JD Vance came with Marta Vance.", [("JD Vance", "jd-vance", "person"), ("Marta Vance", "marta-vance", "person")]),
    ],
    "two known names, or a name and a word, that a hyphen joins": [
        ("Elizabeth Warren and Josh Hawley met. The Warren-Hawley bill came next.", [("Elizabeth Warren", "elizabeth-warren", "person"), ("Josh Hawley", "josh-hawley", "person"), ("Warren", "elizabeth-warren", "person"), ("Hawley", "josh-hawley", "person")]),
        ("JD Vance came. A Vance-led panel met over the Anthropic-Alibaba dispute.", [("JD Vance", "jd-vance", "person"), ("Vance", "jd-vance", "person"), ("Anthropic", "anthropic", "company"), ("Alibaba", "alibaba", "company")]),
    ],
    "a demonym is no mention": [
        ("Chinese and American firms differ.", []),
        ("The French lab Mistral grew.", [("Mistral", "mistral-ai", "company")]),
    ],
    "U.S. before a noun is a place": [("The U.S. market shrank.", [("U.S.", "united-states", "place")])],
    "a capital that acts is a government": [
        ("Beijing opposed the rule.", [("Beijing", "chinese-government", "government")]),
        ("The talks took place in Beijing.", [("Beijing", "beijing", "place")]),
        ("Critics urged Washington to act.", [("Washington", "us-government", "government")]),
        ("She lives in Washington.", [("Washington", "washington", "place")]),
    ],
    "a country that acts or speaks is a government": [
        ("The United States added three firms to its list.", [("United States", "us-government", "government")]),
        ("Japan banned the app, an aide said China opposed that.", [("Japan", "japanese-government", "government"), ("China", "chinese-government", "government")]),
        ("The lab was sanctioned by the United States.", [("United States", "us-government", "government")]),
        ("The United States has 330 million people.", [("United States", "united-states", "place")]),
        ("The lab was founded in Germany, and China grew.", [("Germany", "germany", "place"), ("China", "china", "place")]),
        ("China added wind power last year.", [("China", "china", "place")]),
    ],
    "Qwen the lab and Qwen the model": [
        ("People linked to the Qwen lab opened accounts.", [("Qwen", "qwen", "company")]),
        ("The Qwen3-Max model scored well.", [("Qwen3-Max", "qwen-models", "model")]),
        ("Developers downloaded the Qwen models.", [("Qwen", "qwen-models", "model")]),
    ],
    "Claude the model and Claude the person": [
        ("Users asked Claude Opus 4.5 for help.", [("Claude Opus 4.5", "claude", "model")]),
        ("The manager Claude Fournier resigned.", [("Claude Fournier", "claude-fournier", "person")]),
    ],
    "a committee, an embassy, a ministry is one span": [
        ("The Senate Banking Committee met.", [("Senate Banking Committee", "senate-banking-committee", "government")]),
        ("He works at China's embassy in Washington.", [("China's embassy in Washington", "chinese-embassy-us", "government")]),
        ("France's embassy in Tokyo closed.", [("France's embassy in Tokyo", "france-embassy-in-tokyo", "government")]),
        ("Japan's Ministry of Economy, Trade and Industry objected.", [("Japan's Ministry of Economy, Trade and Industry", "japan-ministry-of-economy-trade-and-industry", "government")]),
    ],
    "bills, acts and orders": [
        ("Congress debated H.R. 8283 and S. 45.", [("Congress", "us-congress", "government"), ("H.R. 8283", "hr-8283", "law"), ("S. 45", "s-45", "law")]),
        ("The Model Integrity Act of 2027 failed.", [("Model Integrity Act of 2027", "model-integrity-act-of-2027", "law")]),
    ],
    "a version belongs to the family": [
        ("It ran GPT-4o and DeepSeek V3.1.", [("GPT-4o", "gpt-4o", "model"), ("DeepSeek V3.1", "deepseek-v3", "model")]),
        ("DeepSeek released R1.", [("DeepSeek", "deepseek", "company"), ("R1", "deepseek-r1", "model")]),
        ("The R1 motorway is closed.", []),
    ],
    "a short form that the text introduces": [
        ("The Office of Model Safety (OMS) opened. Later OMS closed.", [("Office of Model Safety", "office-of-model-safety", "government"), ("OMS", "office-of-model-safety", "government"), ("OMS", "office-of-model-safety", "government")]),
    ],
    "names that no list holds": [
        ("The startup Veridane hired Clara Osei, a researcher. Osei had left Quillstone Labs.", [("Veridane", "veridane", "company"), ("Clara Osei", "clara-osei", "person"), ("Osei", "clara-osei", "person"), ("Quillstone Labs", "quillstone-labs", "company")]),
        ("The Harlow Gazette first reported it.", [("Harlow Gazette", "harlow-gazette", "publisher")]),
        ("The University of Kestrel studied it.", [("University of Kestrel", "university-of-kestrel", "organisation")]),
    ],
    "a day of a month, however short the month is written": [
        ("The talks ended on Nov 16. Halden Labs left on Dec 4, and Orvane Labs on 7 Oct.", [("Halden Labs", "halden-labs", "company"), ("Orvane Labs", "orvane-labs", "company")]),
        ("TOKYO, Feb 2 - Halden Labs accused Orvane Labs of copying its AI model.", [("TOKYO", "tokyo", "place"), ("Halden Labs", "halden-labs", "company"), ("Orvane Labs", "orvane-labs", "company")]),
    ],
    "an ordinary word is no name": [
        ("A house stood by the forum; nature is kind, and commerce grows.", []),
        ("The House passed it.", [("House", "us-house", "government")]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "mentions"), [pytest.param(t, m, id=f"{p}: {t[:60]}") for p, cases in CASES.items() for t, m in cases]
)
def test_english_names(extractor: RuleExtractor, text: str, mentions: list[tuple[str, str, str]]) -> None:
    extraction = extractor.extract(Document(id="d", text=text))
    assert [(m.text, m.entity_id, m.type) for m in extraction.mentions] == mentions


def test_a_bare_surname_is_nobody_we_know(extractor: RuleExtractor) -> None:
    extraction = extractor.extract(Document(id="d", text="Kim is a common name in Seoul."))
    assert "andy-kim" not in {mention.entity_id for mention in extraction.mentions}


@pytest.mark.parametrize(
    ("language", "text", "ids"),
    [
        ("de", "JD Vance schwieg. Senatorin Vance-Okoro sprach mit dem Vance-Sprecher.", ["jd-vance", "vance-okoro", "jd-vance"]),
        ("es", "La senadora Vance-Okoro escribió a JD Vance.", ["vance-okoro", "jd-vance"]),
        ("de", "Die USA haben drei Firmen auf ihre Liste gesetzt. Die USA haben viele Rechenzentren.", ["us-government", "united-states"]),
        ("fr", "Les Etats-Unis ont ajouté trois entreprises à leur liste, mais la Chine a de l’avance.", ["us-government", "china"]),
        ("pt", "Os Estados Unidos incluíram três empresas na sua lista.", ["us-government"]),
        ("es", "China rechazó las acusaciones desde Estados Unidos.", ["chinese-government", "united-states"]),
        ("zh", "美国将三家公司列入清单，中国公司没有回应。", ["us-government", "china"]),
        ("zh", "法国公司Lumière Cognitive指控Søren Labs蒸馏其Éclair模型。", ["france", "lumiere-cognitive", "sren-labs", "eclair"]),
        ("zh", "美国国会要求阿里巴巴解释，白宫没有回应。", ["us-congress", "alibaba", "white-house"]),
        ("fr", "La Maison-Blanche et le département d’État ont écrit aux États-Unis et à Pékin dans la journée.", ["white-house", "state-department", "united-states", "beijing"]),
        ("de", "Das Weiße Haus und die EU-Kommission haben sich in Brüssel nicht mit der Bundesregierung getroffen.", ["white-house", "european-commission", "brussels", "german-government"]),
        ("pt", "A Casa Branca e a Comissão Europeia não se reuniram em Lisboa com o governo chinês na terça.", ["white-house", "european-commission", "lisbon", "chinese-government"]),
    ],
)  # fmt: skip
def test_names_in_other_languages(extractor: RuleExtractor, language: str, text: str, ids: list[str]) -> None:
    extraction = extractor.extract(Document(id="d", text=text, language=language))
    assert [m.entity_id for m in extraction.mentions] == ids


def test_the_gazetteer_is_large_and_its_references_hold() -> None:
    gazetteer = load_gazetteer()
    assert len(gazetteer.entities()) >= 350
    found = gazetteer.find("deepseek")
    assert found is not None
    assert found.parent == "high-flyer"
    assert gazetteer.find("nobody") is None


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("- {id: a, name: A}\n- {id: b}\n", "companies.yaml, line 2: name: this key is required"),
        ("- id: a\n  name: A\n  alias: [B]\n", "companies.yaml, line 3: alias: there is no such key"),
        ("- id: a\n  name: A\n  parent: nobody\n", "companies.yaml, line 3: parent: no entry has the id 'nobody'"),
        ("- {id: a, name: A}\n- {id: a, name: B}\n", "companies.yaml, line 2: id 'a' stands already"),
        ("- id: a\n  name: [A\n", "companies.yaml, line 3"),
    ],
)
def test_a_wrong_entry_is_named_by_file_and_line(tmp_path: Path, yaml: str, message: str) -> None:
    (tmp_path / "companies.yaml").write_text(yaml, encoding="utf-8")
    with pytest.raises(UnreadableInput) as error:
        load_gazetteer(tmp_path)
    assert message in str(error.value)


ON_THE_MATTER = "Anthropic accused DeepSeek of copying its AI models."
"""What is not on the matter is not parsed, and only a parse tells that a longer name is one."""


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The Bank of Scotland said on Monday that it had raised rates.", "Bank of Scotland"),
        ("A study by the University of Michigan found the opposite.", "University of Michigan"),
    ],
)
def test_a_place_within_the_name_of_a_body_is_not_cut_out_of_it(
    extractor: RuleExtractor, text: str, whole: str
) -> None:
    mentions = extractor.extract(Document("d", f"{ON_THE_MATTER} {text}")).mentions
    assert whole in [mention.text for mention in mentions]
    assert not [mention for mention in mentions if mention.type == "place"]


def test_a_place_beside_a_body_stays_a_place(extractor: RuleExtractor) -> None:
    text = "Officials in Scotland and the Bank of England met in London on Monday."
    mentions = extractor.extract(Document("d", f"{ON_THE_MATTER} {text}")).mentions
    assert {"Scotland", "London"} <= {mention.text for mention in mentions if mention.type == "place"}


@pytest.mark.parametrize("text", ["China", "The United States.", "China\n\nJapan", "Russia!", "United States: China"])
def test_a_country_that_is_a_whole_sentence_ends(text: str) -> None:
    """Such a name is the root of its parse, and a root is its own head."""
    assert RuleExtractor().extract(Document(id="d", text=text)).mentions
