"""Numbers, percentages, amounts of money and bounds in English: find_quantities beside quantulum3 and recognizers-text.

The cases are the English NumberModel, PercentModel, CurrencyModel and NumberRangeModel specifications of
Recognizers-Text (MIT). They ask another question than the tracker's: bare numbers without what qualifies or counts
them. So the tracker's spans are cut to the set's: the qualifier falls away (not for bounds), and so does the noun;
of a duration or a share the number as written counts. Of the peers nothing is cut but quantulum3's unit. Cents and
pence are hundredths for everybody, brackets of bounds (open, closed) do not count, and a value counts where the
stretches overlap. The news among the money cases is tokenized ("$ 75 million", "6 . 2 %"): "as printed" is the same
without those spaces. Numbers that the annotation guide leaves out on purpose ("one", years, telephone numbers,
ordinals) stay in the set and count as missed.

`pip install "tracker[bench]"` brings the peers; one that is not installed is skipped by name.

usage: quantities.py FOLDER [--quick] [--json]
"""

from __future__ import annotations

import importlib.util
import math
import re
import warnings
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from public_sets import Case, Marked, Report, Tally, load_cases, parse_arguments, sample

from tracker.nlp.numbers import load_number_words, parse_number, tokenize
from tracker.nlp.quantities import find_quantities
from tracker.nlp.quantities.lexicon import load_unit_words, phrase_behind
from tracker.types import Quantity

Answers = list[Marked[Any]]
Reader = Callable[[str], Answers]
MODELS = ("NumberModel", "PercentModel", "CurrencyModel", "NumberRangeModel")
MINOR = re.compile(r"^(?:cent|pence|penny)", re.IGNORECASE)
PERCENT = re.compile(r"%|per ?cent|pct|percentage points?", re.IGNORECASE)
SPACED = re.compile(r"(?<=[$£€¥]) (?=\d)|(?<=\d) (?=%)|(?<=\d) (?=\. \d)|(?<=\d \.) (?=\d)| (?=[.,;](?: |$))")
"""The spaces of tokenized text that printed text does not have."""
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Amount:
    """Money; `iso` is None where nothing says which currency."""

    value: float
    iso: str | None


def same_number(a: float, b: float) -> bool:
    # the tracker rounds shares to a tenth of a percent, the set to 15 digits
    return math.isclose(a, b, rel_tol=1e-9 if float(a).is_integer() else 2e-3)


def same_amount(a: Amount, b: Amount) -> bool:
    return same_number(a.value, b.value)


def same_currency(a: Amount, b: Amount) -> bool:
    return same_number(a.value, b.value) and a.iso == b.iso


def same_bounds(a: Bounds, b: Bounds) -> bool:
    return all(
        (x is None) == (y is None) and (x is None or y is None or same_number(x, y)) for x, y in zip(a, b, strict=True)
    )


# --- the tracker -----------------------------------------------------------------------------------------------


def numbers_in(text: str, offset: int = 0) -> list[Marked[float]]:
    """The numbers as they are written in a stretch of text."""
    words = load_number_words("en")
    tokens = tokenize(text, words)
    found, i = [], 0
    while i < len(tokens):
        number = parse_number(tokens, i, words)
        if number is None:
            i += 1
            continue
        start, end = tokens[number.first].start, tokens[number.after - 1].end
        found.append(Marked(offset + start, offset + end, number.value))
        i = max(number.after, i + 1)
    return found


def without_qualifier(item: Quantity) -> tuple[int, int]:
    """The stretch without the words of the lexicon that qualify it, before and behind."""
    words = load_unit_words("en")
    tokens = tokenize(item.text, words.numbers)
    first, after = 0, len(tokens)
    phrases = sorted((p for found in words.before.values() for p, _ in found), key=len, reverse=True)
    while cut := next(
        (
            len(p)
            for p in phrases
            if first + len(p) < after and [t.lower for t in tokens[first : first + len(p)]] == list(p)
        ),
        0,
    ):
        first += cut
    for at in range(first + 1, after):
        behind = phrase_behind(tokens, at, words.behind)
        if behind is not None and behind[0] == after:
            after = at
            break
    return item.start + tokens[first].start, item.start + tokens[after - 1].end


def our_numbers(text: str) -> Answers:
    found: Answers = []
    for item in find_quantities(text):
        value = item.low if item.low is not None else item.high
        if item.qualifier == "vague" or value is None:
            continue
        written = numbers_in(item.text, item.start)
        is_share = item.kind == "percent" and not PERCENT.search(item.text)
        if is_share and not (len(written) == 1 and written[0].value == value):
            start, end = without_qualifier(item)
            words = re.split(r" of (?!a )", text[start:end])[0]
            found.append(Marked(start, start + len(words), value / 100))
            continue
        found += written
    return found


def our_percent(text: str) -> Answers:
    return [
        Marked(*without_qualifier(item), item.low if item.low is not None else item.high)
        for item in find_quantities(text)
        if item.kind == "percent" and PERCENT.search(item.text)
    ]


def our_money(text: str) -> Answers:
    return [
        Marked(*without_qualifier(item), Amount(value, item.unit))
        for item in find_quantities(text)
        if item.kind == "money" and (value := item.low if item.low is not None else item.high) is not None
    ]


def our_bounds(text: str) -> Answers:
    found: Answers = []
    for item in find_quantities(text):
        numbers = numbers_in(item.text, item.start)
        if item.qualifier not in ("over", "under", "range") or not numbers:
            continue
        scale = 100 if item.kind == "percent" and not PERCENT.search(item.text) else 1
        bounds = tuple(value if value is None else value / scale for value in (item.low, item.high))
        if item.kind == "duration":
            bounds = (numbers[0].value if item.low is not None else None, numbers[-1].value if item.high else None)
        end = numbers[-1].end
        tail = re.match(r"\s*(?:\+|or [a-z]+)", text[end : item.end])
        found.append(Marked(item.start, end + tail.end() if tail else end, bounds))
    return found


# --- the peers -------------------------------------------------------------------------------------------------


def amount_of(resolution: Mapping[str, Any], iso_of: Mapping[str, str]) -> Amount | None:
    """Money of the set or of recognizers-text."""
    if resolution.get("value") in (None, "null"):
        return None
    value, unit = float(resolution["value"]), resolution.get("unit") or ""
    return Amount(value / 100 if MINOR.match(unit) else value, resolution.get("isoCurrency") or iso_of.get(unit))


def percent_of(resolution: Mapping[str, Any]) -> float | None:
    value = str(resolution.get("value")).rstrip("%")
    return None if value in ("null", "None") else float(value)


def recognizers_readers(iso_of: Mapping[str, str]) -> dict[str, Reader]:
    from recognizers_number import Culture, recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency

    def reader(recognize: Callable[..., Any], value_of: Callable[[Mapping[str, Any]], Any]) -> Reader:
        def read(text: str) -> Answers:
            found = [(item, value_of(item.resolution)) for item in recognize(text, Culture.English) if item.resolution]
            return [Marked(item.start, item.end + 1, value) for item, value in found if value is not None]

        return read

    return {
        "NumberModel": reader(recognize_number, lambda r: float(r["value"])),
        "PercentModel": reader(recognize_percentage, percent_of),
        "CurrencyModel": reader(recognize_currency, lambda r: amount_of(r, iso_of)),
    }


def quantulum_readers() -> dict[str, Reader]:
    warnings.filterwarnings("ignore", category=UserWarning, module="quantulum3")
    from quantulum3 import parser

    def read(text: str) -> list[Any]:
        try:
            return list(parser.parse(text))
        except Exception:  # it stops on some inputs of the set; that input then has no answer
            return []

    def numbers(text: str) -> Answers:
        found: Answers = []
        for item in read(text):
            written = numbers_in(item.surface, item.span[0])
            start, end = (written[0].start, written[-1].end) if written else item.span
            found.append(Marked(start, end, item.value))
        return found

    def percent(text: str) -> Answers:
        return [Marked(*item.span, item.value) for item in read(text) if item.unit.name == "percentage"]

    def money(text: str) -> Answers:
        return [
            Marked(*item.span, Amount(item.value / 100 if MINOR.match(item.unit.name) else item.value, None))
            for item in read(text)
            if item.unit.entity.name == "currency"
        ]

    return {"NumberModel": numbers, "PercentModel": percent, "CurrencyModel": money}


# --- the set ---------------------------------------------------------------------------------------------------


def gold_of(case: Case, model: str, iso_of: Mapping[str, str]) -> Answers:
    """The set's answers with a value; "percent" without a number, and "dollars", are none."""
    found: Answers = []
    for item in case.results:
        resolution = item.value[1]
        value: Any
        if model == "NumberModel":
            value = float(resolution["value"])
        elif model == "PercentModel":
            value = percent_of(resolution)
        elif model == "CurrencyModel":
            value = amount_of(resolution, iso_of)
        else:
            low, high = resolution["value"].strip("[]()").split(",")
            value = (float(low) if low else None, float(high) if high else None)
            if low and low == high:
                continue  # "equals 20" is no bound
        if value is not None:
            found.append(Marked(item.start, item.end, value))
    return found


def as_printed(case: Case) -> Case:
    """The case without the spaces that its tokenizer put in: "$ 75" is "$75", "6 . 2 %" is "6.2%"."""
    gone = [match.start() for match in SPACED.finditer(case.text)]

    def moved(offset: int) -> int:
        return offset - bisect_left(gone, offset)

    results = tuple(Marked(moved(item.start), moved(item.end), item.value) for item in case.results)
    return Case(SPACED.sub("", case.text), case.published, results)


def group_of(case: Case, model: str) -> str:
    """News-like cases apart from made-up ones, as far as their form tells."""
    words = len(case.text.split())
    if model == "CurrencyModel":
        # the financial news of the set is in lower case, and its punctuation stands apart
        is_news = case.text == case.text.lower() and (words >= 12 or re.search(r" [.,;%]", case.text))
        return "money, news sentences" if is_news else "money, made-up phrases"
    if model == "NumberModel":
        if any(item.value[1].get("subtype") in ("fraction", "power") for item in case.results):
            return "numbers, fractions and powers"
        others = words - sum(len(case.text[item.start : item.end].split()) for item in case.results)
        return "numbers, in sentences" if others >= 3 else "numbers, alone"
    return "percent" if model == "PercentModel" else "bounds"


def currency_names(cases: Sequence[Case]) -> dict[str, str]:
    """The codes that the set itself gives to its names of currencies, and the plain dollar."""
    names = {"Dollar": "USD"}
    for case in cases:
        for item in case.results:
            if code := item.value[1].get("isoCurrency"):
                names[item.value[1]["unit"]] = code
    return names


def main() -> None:
    arguments = parse_arguments(__doc__ or "", [f"{model}.json" for model in MODELS], "recognizers")
    sets = {model: load_cases(arguments.folder / f"{model}.json") for model in MODELS}
    iso_of = currency_names(sets["CurrencyModel"])
    systems: dict[str, dict[str, Reader]] = {
        "tracker": {
            "NumberModel": our_numbers,
            "PercentModel": our_percent,
            "CurrencyModel": our_money,
            "NumberRangeModel": our_bounds,
        }
    }
    report = Report()
    peers: list[tuple[str, str, Callable[[], dict[str, Reader]]]] = [
        ("recognizers-text", "recognizers_number_with_unit", lambda: recognizers_readers(iso_of)),
        ("quantulum3", "quantulum3", quantulum_readers),
    ]
    for name, package, readers in peers:
        if importlib.util.find_spec(package) is None:
            report.notes.append(f"{name} is not installed: skipped")
        else:
            systems[name] = readers()
    same_of: dict[str, Callable[[Any, Any], bool]] = {"CurrencyModel": same_amount, "NumberRangeModel": same_bounds}
    report.notes.append("Neither peer reads bounds (more than, between) from Python.")
    tallies: dict[tuple[str, str], Tally] = {}
    for model, cases in sets.items():
        same = same_of.get(model, same_number)
        for case in sample(cases, 4 if arguments.quick else 1):
            gold = gold_of(case, model, iso_of)
            for system, readers_of in systems.items():
                if model not in readers_of:
                    continue
                predicted = readers_of[model](case.text)
                tallies.setdefault((group_of(case, model), system), Tally()).add(gold, predicted, same)
                if model == "NumberModel":
                    tallies.setdefault(("numbers, all", system), Tally()).add(gold, predicted, same)
                if group_of(case, model) == "money, news sentences":
                    printed = as_printed(case)
                    answers = readers_of[model](printed.text)
                    tallies.setdefault(("money, news as printed", system), Tally()).add(
                        gold_of(printed, model, iso_of), answers, same
                    )
                if model == "CurrencyModel":
                    tallies.setdefault(("money, all", system), Tally()).add(gold, predicted, same)
                    known = [item for item in gold if item.value.iso]
                    if system != "quantulum3":  # it names units, not codes
                        tallies.setdefault(("money with its currency", system), Tally()).add(
                            known,
                            [p for p in predicted if any(p.start < g.end and g.start < p.end for g in known)],
                            same_currency,
                        )
    for (group, system), tally in sorted(tallies.items(), key=lambda item: item[0][0]):
        report.add(group, system, tally.cases, tally.figures())
    report.compare("value_f1")
    report.print(arguments.json)


if __name__ == "__main__":
    main()
