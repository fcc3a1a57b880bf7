"""Measure a pipeline on the public test sets: tags, trees, sentences, lemmas, names; and its speed, load time and size.

usage: python tools/model/evaluate.py CORPORA MODEL [MODEL ...] [--out FILE.json]
With several models it prints them side by side, and the change from the first to the last.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import spacy
from corpora import load_docs
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import filter_spans
from speed import measure_speed

SYNTAX_TESTS = ("pud-news-test", "pud-test", "ewt-test", "gum-free-test", "gum-news-test")
NAME_TESTS = ("pud-news-test", "pud-test", "uner-ewt-test", "uner-ewt-test-misc", "gum-ner-test", "wikigold-test",
              "crossner-test", "wnut17-test")  # fmt: skip
WITHOUT_MISC = frozenset({"pud-news-test", "pud-test", "uner-ewt-test"})
"""Sets that annotate persons, organisations and places only; other predictions are left out there."""

_SYNTAX = {"pos_acc": "UPOS", "tag_acc": "XPOS", "morph_acc": "morphology", "dep_uas": "UAS", "dep_las": "LAS",
           "sents_f": "sentences F"}  # fmt: skip
_RELATIONS = ("nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "ccomp", "parataxis", "advcl", "acl",
              "acl:relcl", "appos", "conj")  # fmt: skip


def _examples(nlp: Language, corpora: Path, name: str, without: frozenset[str] = frozenset()) -> list[Example]:
    gold = load_docs(corpora, name, vocab=nlp.vocab)
    examples = []
    for predicted, doc in zip(nlp.pipe((doc.text for doc in gold), batch_size=64), gold, strict=True):
        predicted.ents = [entity for entity in predicted.ents if entity.label_ not in without]
        examples.append(Example(predicted, doc))
    return examples


def _percent(value: float) -> float:
    return round(100 * value, 1)


def lemma_accuracy(examples: list[Example]) -> float:
    """Share of words (no punctuation) with the right lemma, without regard to case."""
    right = words = 0
    for example in examples:
        lemmas = example.get_aligned("LEMMA", as_string=True)
        for token, lemma in zip(example.predicted, lemmas, strict=True):
            if lemma and not token.is_punct and not token.is_space:
                words += 1
                right += token.lemma_.lower() == lemma.lower()
    return right / words if words else 0.0


def score_syntax(nlp: Language, corpora: Path, name: str) -> dict[str, float]:
    """UPOS, XPOS, morphology, UAS, LAS, sentences, lemmas and the F of single relations, in percent."""
    examples = _examples(nlp, corpora, name)
    scores = Scorer(nlp).score(examples)
    figures = {title: _percent(scores[key]) for key, title in _SYNTAX.items() if scores.get(key) is not None}
    figures["lemmas"] = _percent(lemma_accuracy(examples))
    relations = scores.get("dep_las_per_type") or {}
    return figures | {f"F {name}": _percent(relations[name]["f"]) for name in _RELATIONS if name in relations}


def _proper_runs(doc: Doc) -> list:
    """Runs of proper nouns, as a rule would take them for names."""
    spans, start = [], None
    for token in doc:
        if token.pos_ == "PROPN":
            start = token.i if start is None else start
        elif start is not None:
            spans.append(doc[start : token.i])
            start = None
    return spans + ([doc[start:]] if start is not None else [])


def span_recall(examples: list[Example], with_runs: bool) -> float:
    """Share of the gold names that are touched by a predicted one of whatever type, or by a run of proper nouns."""
    found = names = 0
    for example in examples:
        spans = [*example.predicted.ents, *(_proper_runs(example.predicted) if with_runs else ())]
        covered = [(span.start_char, span.end_char) for span in filter_spans(spans)]
        for gold in example.reference.ents:
            names += 1
            found += any(start < gold.end_char and gold.start_char < end for start, end in covered)
    return found / names if names else 0.0


def score_names(nlp: Language, corpora: Path, name: str) -> dict[str, float]:
    """Precision, recall and F of names with their types, F by type, and recall without types, in percent."""
    examples = _examples(nlp, corpora, name, frozenset({"MISC"}) if name in WITHOUT_MISC else frozenset())
    scores = Scorer(nlp).score(examples)
    figures = {f"names {letter.upper()}": _percent(scores[f"ents_{letter}"] or 0) for letter in "prf"}
    by_type = scores["ents_per_type"] or {}
    figures |= {f"F {label}": _percent(by_type[label]["f"]) for label in sorted(by_type) if by_type[label]["r"]}
    figures["names touched"] = _percent(span_recall(examples, with_runs=False))
    if "tagger" in nlp.pipe_names:
        figures["names or proper nouns touched"] = _percent(span_recall(examples, with_runs=True))
    return figures


def evaluate(model: Path, corpora: Path) -> dict[str, dict[str, float]]:
    """All figures of a pipeline by test set, and "speed": words a second on one core, seconds to load, megabytes."""
    nlp = spacy.load(model)
    figures: dict[str, dict[str, float]] = {}
    if "parser" in nlp.pipe_names:
        figures |= {name: score_syntax(nlp, corpora, name) for name in SYNTAX_TESTS}
    if "ner" in nlp.pipe_names:
        figures |= {f"names: {name}": score_names(nlp, corpora, name) for name in NAME_TESTS}
    figures["speed"] = measure_speed(model, [doc.text for doc in load_docs(corpora, "pud-test")])
    return figures


def format_comparison(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """A table of all figures, a column a model, and the change from the first to the last."""
    first, *_, last = (results[name] for name in (*results, list(results)[-1]))
    lines = ["| test | figure | " + " | ".join(results) + (" | change |" if len(results) > 1 else " |")]
    lines.append("|---" * (len(results) + 2 + (len(results) > 1)) + "|")
    for test, figures in first.items():
        for title in figures:
            cells = [f"{result[test].get(title, float('nan')):.1f}" for result in results.values()]
            if len(results) > 1:
                cells.append(f"{last[test].get(title, float('nan')) - figures[title]:+.1f}")
            lines.append(f"| {test} | {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results = {str(model): evaluate(model, options.corpora) for model in options.models}
    print(format_comparison(results))
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
