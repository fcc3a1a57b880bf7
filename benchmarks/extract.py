"""How much whole extraction costs beside the bare spaCy pipeline on the same documents, in the same run.

The documents are the relevant English ones of data/gold, repeated; all sides are warmed up first and take turns, and
the figure is the ratio of the medians. The bare pipeline is what `spacy.load` gives, which multiplies by BLIS; what
extraction runs multiplies by numpy (tracker/nlp/products.py), and is measured on its own as well.
`make bench NAME=extract ARGS=--quick`.

usage: extract.py [--quick] [--json]
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import spacy
from figures import print_figures
from spacy.language import Language

from tracker.evaluation import load_gold
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.model import load_pipeline, model_folder
from tracker.nlp.parallel import extract_in_processes
from tracker.resources import bundled_path
from tracker.types import Document


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    quick = "--quick" in sys.argv
    corpus = load_gold(bundled_path("data/gold"))
    english = [(document, answer) for document, answer in corpus.pairs() if document.language == "en"]
    base = [document for document, answer in english if answer.relevance == "relevant"]
    off_topic = [document for document, answer in english if answer.relevance == "irrelevant"]
    documents: list[Document] = [
        replace(document, id=f"{document.id}-{turn}") for turn in range(2 if quick else 10) for document in base
    ]
    pages = [
        replace(document, id=f"{document.id}-{turn}") for turn in range(5 if quick else 50) for document in off_topic
    ]
    words = sum(len(document.text.split()) for document in documents)
    load_s = seconds(lambda: load_pipeline("bundled"))
    by_numpy, by_spacy = load_pipeline("bundled"), spacy.load(model_folder("bundled"))
    extractor, gate = RuleExtractor("bundled"), RuleExtractor("bundled", gated=True)

    def bare(texts: list[Document], nlp: Language = by_spacy) -> None:
        for _ in nlp.pipe(document.text for document in texts):
            pass

    def whole(texts: list[Document]) -> None:
        for _ in extractor.extract_all(texts):
            pass

    bare(documents)
    bare(documents, by_numpy)
    whole(documents)
    bare_s, ours_s, whole_s, bare_off_s, gate_s = [], [], [], [], []
    for _ in range(3 if quick else 5):
        bare_s.append(seconds(lambda: bare(documents)))
        ours_s.append(seconds(lambda: bare(documents, by_numpy)))
        whole_s.append(seconds(lambda: whole(documents)))
        bare_off_s.append(seconds(lambda: bare(pages)))
        gate_s.append(seconds(lambda: list(gate.extract_all(pages))))
    ratio = statistics.median(whole_s) / statistics.median(bare_s)
    many = [replace(item, id=f"{item.id}-{turn}") for turn in range(4 if quick else 8) for item in documents]
    before_mb = peak_mb()
    one_s = seconds(lambda: whole(many))
    growth_mb = peak_mb() - before_mb
    two_s = seconds(lambda: list(extract_in_processes(many, 2)))
    figures = {
        "documents": len(documents),
        "words": words,
        "load_s": round(load_s, 2),
        "bare_words_per_second": round(words / statistics.median(bare_s)),
        "words_per_second": round(words / statistics.median(whole_s)),
        "peak_memory_mb": round(peak_mb()),
        "memory_growth_mb_over_more_documents": round(growth_mb, 1),
    }
    ratios = {
        "extract_vs_bare_pipeline_time": round(ratio, 3),
        "pipeline_by_numpy_vs_bare_pipeline_time": round(statistics.median(ours_s) / statistics.median(bare_s), 3),
        "words_per_second_vs_bare": round(1 / ratio, 3),
        "irrelevant_page_vs_bare_pipeline_time": round(statistics.median(gate_s) / statistics.median(bare_off_s), 3),
        "two_processes_vs_one": round(one_s / two_s, 2),
    }
    print_figures(figures, ratios, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
