"""The benchmarks' loaders and counts, on two tiny files of our own; the public data itself is not part of the project."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
import spacy
from spacy.tokens import DocBin, Span

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
CASES = [
    {
        "Input": "They paid $ 4 million on March 3.",
        "Context": {"ReferenceDateTime": "2024-05-02T10:00:00"},
        "Results": [
            {"Text": "$ 4 MILLION", "Start": 10, "End": 20, "TypeName": "currency", "Resolution": {"value": "4000000"}},
            {"Text": "march 3", "Start": 99, "End": 105, "Typename": "datetimeV2.date", "Resolution": {"values": []}},
        ],
    },
    {"Input": "Nothing here.", "Results": []},
]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


sets = load("public_sets")


@pytest.fixture(scope="module")
def dates() -> ModuleType:
    return load("dates")


@pytest.fixture(scope="module")
def quantities() -> ModuleType:
    return load("quantities")


@pytest.fixture
def specification(tmp_path: Path) -> Path:
    path = tmp_path / "CurrencyModel.json"
    path.write_text(json.dumps(CASES), encoding="utf-8-sig")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    doc = spacy.blank("en")("Mara Quill left Brightmoor.")
    doc.ents = [Span(doc, 0, 2, label="PER"), Span(doc, 3, 4, label="ORG")]
    path = tmp_path / "tiny.spacy"
    DocBin(docs=[doc]).to_disk(path)
    return path


def test_cases_have_exclusive_ends_and_survive_a_byte_order_mark(specification: Path) -> None:
    paid, nothing = sets.load_cases(specification)
    first = paid.results[0]
    assert paid.text[first.start : first.end] == "$ 4 million"
    assert first.value == ("currency", {"value": "4000000"})
    assert paid.published == date(2024, 5, 2)
    assert nothing.results == () and nothing.published is None


def test_a_result_at_a_wrong_place_is_looked_for(specification: Path) -> None:
    second = sets.load_cases(specification)[0].results[1]
    assert CASES[0]["Input"][second.start : second.end] == "March 3"
    assert second.value[0] == "date"


def test_a_result_that_is_not_in_its_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "NumberModel.json"
    result = {"Text": "seven", "Start": 0, "End": 4, "TypeName": "number", "Resolution": {"value": "7"}}
    path.write_text(json.dumps([{"Input": "eight", "Results": [result]}]))
    with pytest.raises(sets.BadSet, match="'seven' does not stand in 'eight'"):
        sets.load_cases(path)


def test_names_are_read_with_their_labels(corpus: Path) -> None:
    (text,) = sets.load_named(corpus)
    assert [(text.text[name.start : name.end], name.value) for name in text.names] == [
        ("Mara Quill", "PER"),
        ("Brightmoor", "ORG"),
    ]


def test_a_file_that_is_no_docbin_is_an_error(specification: Path) -> None:
    with pytest.raises(sets.BadSet, match="not a DocBin"):
        sets.load_named(specification)


def test_span_value_and_both_are_counted_apart() -> None:
    gold = [sets.Marked(0, 4, 10.0), sets.Marked(8, 12, 20.0)]
    longer_but_right, same_place_but_wrong = sets.Marked(0, 6, 10.0), sets.Marked(8, 12, 21.0)
    tally = sets.Tally()
    tally.add(gold, [longer_but_right, same_place_but_wrong, sets.Marked(20, 22, 5.0)], lambda a, b: a == b)
    assert (tally.gold, tally.predicted, tally.span, tally.value, tally.exact, tally.cases_right) == (2, 3, 1, 1, 0, 0)
    tally.add([], [], lambda a, b: a == b)
    assert tally.cases_right == 1
    assert tally.figures()["value_f1"] == 0.4


def test_one_answer_does_not_count_for_two_stretches() -> None:
    tally = sets.Tally()
    tally.add([sets.Marked(0, 4, 1), sets.Marked(5, 9, 1)], [sets.Marked(0, 9, 1)], lambda a, b: a == b)
    assert tally.value == 1


@pytest.mark.parametrize("script", ["quantities", "dates", "names"])
def test_absent_data_is_one_line_and_code_2(script: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(BENCHMARKS / f"{script}.py"), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1
    assert "the data is not part of the project" in run.stderr


class TestDates:
    """What the set's resolutions mean as inclusive intervals."""

    def test_an_exclusive_end_becomes_inclusive(self, dates: ModuleType) -> None:
        values = [{"type": "daterange", "start": "2024-02-01", "end": "2024-03-01", "timex": "2024-02"}]
        assert dates.readings_of(values, date(2024, 5, 2)) == ((date(2024, 2, 1), date(2024, 2, 29)),)

    def test_of_two_years_the_second_may_count(self, dates: ModuleType) -> None:
        values = [
            {"type": "daterange", "start": "2014-01-01", "end": "2018-01-01", "timex": "(2014-01-01,2018-01-01,P4Y)"}
        ]
        readings = dates.readings_of(values, date(2024, 5, 2), "2014 to 2018")
        assert readings == ((date(2014, 1, 1), date(2017, 12, 31)), (date(2014, 1, 1), date(2018, 12, 31)))

    def test_since_ends_on_the_day_of_reference(self, dates: ModuleType) -> None:
        values = [{"type": "daterange", "Mod": "since", "start": "2024-01-01", "timex": "2024-01"}]
        assert dates.readings_of(values, date(2024, 5, 2)) == ((date(2024, 1, 1), date(2024, 5, 2)),)

    def test_a_time_of_day_gives_its_day_and_a_duration_none(self, dates: ModuleType) -> None:
        values = [{"type": "datetime", "value": "2024-05-03 09:30:00"}, {"type": "duration", "value": "86400"}]
        assert dates.readings_of(values, date(2024, 5, 2)) == ((date(2024, 5, 3), date(2024, 5, 3)),)


class TestQuantities:
    """How the tracker's spans are cut to the set's."""

    def test_qualifier_and_noun_fall_away(self, quantities: ModuleType) -> None:
        text = "It saw more than 24,000 fraudulent accounts."
        (found,) = quantities.our_numbers(text)
        assert (text[found.start : found.end], found.value) == ("24,000", 24_000)

    def test_a_duration_counts_as_written(self, quantities: ModuleType) -> None:
        assert [found.value for found in quantities.our_numbers("It took six weeks.")] == [6]

    def test_money_keeps_its_currency_and_loses_its_qualifier(self, quantities: ModuleType) -> None:
        text = "They raised at least €3 million."
        (found,) = quantities.our_money(text)
        assert text[found.start : found.end] == "€3 million"
        assert found.value == quantities.Amount(3e6, "EUR")

    def test_bounds_keep_the_qualifier(self, quantities: ModuleType) -> None:
        text = "It needs between five and ten servers."
        (found,) = quantities.our_bounds(text)
        assert (text[found.start : found.end], found.value) == ("between five and ten", (5, 10))

    def test_tokenized_news_is_put_as_printed(self, quantities: ModuleType) -> None:
        text = "sales rose 6 . 2 % to $ 1.45 billion ."
        start = text.index("$")
        printed = quantities.as_printed(sets.Case(text, None, (sets.Marked(start, start + 14, ("currency", {})),)))
        assert printed.text == "sales rose 6.2% to $1.45 billion."
        assert printed.text[printed.results[0].start : printed.results[0].end] == "$1.45 billion"
