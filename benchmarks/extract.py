"""How much whole extraction costs beside the bare spaCy pipeline on the same documents, in the same run.

The documents are the relevant English ones of data/gold, repeated; both sides are warmed up first and take turns, and
the figure is the ratio of the medians. `make bench NAME=extract ARGS=--quick`.

usage: extract.py [--quick] [--json]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from tracker.evaluation import load_gold
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.model import load_pipeline
from tracker.resources import bundled_path
from tracker.types import Document


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    quick = "--quick" in sys.argv
    corpus = load_gold(bundled_path("data/gold"))
    base = [
        document
        for document in corpus.documents.values()
        if document.language == "en" and corpus.answers[document.id].relevance == "relevant"
    ]
    documents: list[Document] = [
        replace(document, id=f"{document.id}-{turn}") for turn in range(2 if quick else 10) for document in base
    ]
    words = sum(len(document.text.split()) for document in documents)
    load_s = seconds(lambda: load_pipeline("bundled"))
    nlp = load_pipeline("bundled")
    extractor = RuleExtractor("bundled")

    def bare() -> None:
        for _ in nlp.pipe(document.text for document in documents):
            pass

    def whole() -> None:
        for _ in extractor.extract_all(documents):
            pass

    bare(), whole()
    bare_s, whole_s = [], []
    for _ in range(3 if quick else 5):
        bare_s.append(seconds(bare))
        whole_s.append(seconds(whole))
    ratio = statistics.median(whole_s) / statistics.median(bare_s)
    figures = {
        "documents": len(documents),
        "words": words,
        "load_s": round(load_s, 2),
        "bare_words_per_second": round(words / statistics.median(bare_s)),
        "words_per_second": round(words / statistics.median(whole_s)),
    }
    ratios = {"extract_vs_bare_pipeline_time": round(ratio, 3), "words_per_second_vs_bare": round(1 / ratio, 3)}
    if "--json" in sys.argv:
        print(json.dumps({"figures": figures, "ratios": ratios}))
        return
    for name, value in {**figures, **ratios}.items():
        print(f"{name:32} {value:>12}")


if __name__ == "__main__":
    main()
