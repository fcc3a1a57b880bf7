"""Names that no list holds: found by their form and place, typed by all their contexts, joined to their short forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker.errors import UnreadableInput
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.namespans import cut_pieces, find_stretches
from tracker.nlp.nameweights import BIAS, read_weights
from tracker.nlp.newnames import is_short_form
from tracker.nlp.view import TextView, make_sentences
from tracker.types import Document


def mentions_of(extractor: RuleExtractor, text: str, language: str = "en") -> set[tuple[str, str, str]]:
    found = extractor.extract(Document(id="d", text=text, language=language)).mentions
    return {(m.text, m.entity_id, m.type) for m in found}


def test_a_surname_shares_the_id_of_the_full_name(extractor: RuleExtractor) -> None:
    text = (
        "Anthropic accused Quillmere Labs of copying its AI model. Ruth Dallimore, a lawyer for the startup Quillmere "
        "Labs, denied the allegation. Dallimore said that Quillmere had done nothing wrong."
    )
    found = mentions_of(extractor, text)
    assert {("Ruth Dallimore", "ruth-dallimore", "person"), ("Dallimore", "ruth-dallimore", "person")} <= found
    assert {("Quillmere Labs", "quillmere-labs", "company"), ("Quillmere", "quillmere-labs", "company")} <= found


def test_a_chinese_firm_is_found_by_its_form_and_again_by_its_short_form(extractor: RuleExtractor) -> None:
    text = "美国公司Anthropic指控杭州砚山智能公司窃取模型输出。砚山智能首席执行官陈立远否认指控。"
    found = mentions_of(extractor, text, "zh")
    assert "陈立远" in {written for written, _, kind in found if kind == "person"}
    assert any(written.startswith("砚山智能") and kind == "company" for written, _, kind in found)


@pytest.mark.parametrize(
    "text",
    [
        "美国公司Anthropic指控该公司窃取模型。美方没有回应，中方表示反对，双方将再次会面。",
        "模型公司云渡智能称，美方的指控毫无根据。对方未予置评，校方和警方也没有回应。",
    ],
)
def test_a_side_in_a_matter_is_no_body(extractor: RuleExtractor, text: str) -> None:
    assert [written for written, _, _ in mentions_of(extractor, text, "zh") if written.endswith("方")] == []


@pytest.mark.parametrize(
    ("form", "name", "short"),
    [
        ("OMS", "Office of Model Safety", True),
        ("OMDF", "Oceanic Model Developers' Forum", True),
        ("Dallimore", "Ruth Dallimore", True),
        ("NATO", "Ministry of Trade", False),
        ("$40", "Ministry of Trade", False),
    ],
)
def test_what_stands_in_brackets_is_a_short_form_or_not(form: str, name: str, short: bool) -> None:
    assert is_short_form(form, name) is short


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("said J. R. van der Berg of Oslo", ["J. R. van der Berg of Oslo"]),
        ("the Paris-based Lumen Labs", ["Paris", "Lumen Labs"]),
        ("on Friday, Sable Rook's Lorelei 3 won", ["Friday", "Sable Rook's Lorelei 3"]),
    ],
)
def test_stretches_that_may_hold_names(text: str, stretches: list[str]) -> None:
    view = TextView(text, "en", make_sentences(text, [(0, len(text))]))
    pieces = cut_pieces(view, view.sentences[0])
    found = [text[pieces[first].start : pieces[stop - 1].end] for first, stop in find_stretches(view, pieces)]
    assert found == stretches


def test_weights_are_read_in_hundredths_and_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    path.write_text(f"trait\tnone\tperson\n{BIAS}\t\t\nprev:mr\t-100\t200\n", encoding="utf-8")
    weights = read_weights(path)
    assert weights.judge(["prev:mr", "never seen"])[1] == pytest.approx(-0.0486, abs=1e-3)
    assert weights.judge([])[0] == pytest.approx(weights.judge([])[1])
    path.write_text("trait\tnone\tperson\nprev:mr\t1\n", encoding="utf-8")
    with pytest.raises(UnreadableInput, match="line 2"):
        read_weights(path)


def test_its_embassy_is_that_of_the_country_named_last(extractor: RuleExtractor) -> None:
    text = "China objected to the memo on Friday. Its embassy in Washington called the charge slander."
    document = Document(id="case", text=text, title="AI models copied", published=date(2026, 5, 20), language="en")
    (embassy,) = [m for m in extractor.extract(document).mentions if "embassy" in m.text]
    assert (embassy.text, embassy.entity_id) == ("embassy in Washington", "chinese-embassy-us")
