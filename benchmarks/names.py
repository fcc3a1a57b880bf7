"""Names in public corpora: find_names beside the bare NER of the shipped spaCy pipeline, over the same parses.

The corpora are English test sets as spaCy DocBins: WNUT 2017 (social text), Wikigold and CrossNER (encyclopedia),
Universal NER's EWT (web) and the news part of its PUD. The tracker's types are mapped: company, organisation,
government and publisher to ORG; person to PER; place to LOC; model and law to MISC. A name is found when its span is
exact. MISC counts only where the corpus has it. The pipeline was trained on the training parts of these corpora (of
PUD it saw nothing); the tracker's rules were written for news about AI policy and drop demonyms and titles on purpose.

usage: names.py FOLDER [--quick] [--json]
"""

from __future__ import annotations

import time

from public_sets import Marked, NamedText, Report, Tally, load_named, parse_arguments, sample
from spacy.tokens import Doc

from tracker.nlp.gazetteer import Gazetteer, load_gazetteer
from tracker.nlp.model import load_pipeline
from tracker.nlp.names import find_names
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import TextView, make_sentences
from tracker.types import EntityType

SETS = ("pud-news-test", "uner-ewt-test", "wikigold-test", "crossner-test", "wnut17-test")
LABELS: dict[EntityType, str] = {
    "company": "ORG",
    "organisation": "ORG",
    "government": "ORG",
    "publisher": "ORG",
    "person": "PER",
    "place": "LOC",
    "model": "MISC",
    "law": "MISC",
}
TYPED = ("PER", "ORG", "LOC")


def ours(doc: Doc, gazetteer: Gazetteer) -> list[Marked[str]]:
    text = doc.text
    view = TextView(text, "en", make_sentences(text, split_sentences(text)), doc)
    return [Marked(item.start, item.end, LABELS[item.type]) for item in find_names(view, gazetteer)]


def bare(doc: Doc) -> list[Marked[str]]:
    return [Marked(item.start_char, item.end_char, item.label_) for item in doc.ents]


def measure(texts: list[NamedText], answers: dict[str, list[list[Marked[str]]]], name: str, report: Report) -> None:
    """A row for each system: F1 without types, with them, and of each type."""
    has_misc = any(item.value == "MISC" for text in texts for item in text.names)
    for system, found in answers.items():
        untyped, typed = Tally(), Tally()
        each = {label: Tally() for label in TYPED}
        for text, predicted in zip(texts, found, strict=True):
            gold = list(text.names)
            kept = predicted if has_misc else [item for item in predicted if item.value != "MISC"]
            untyped.add(gold, kept, lambda a, b: True)
            main = [item for item in gold if item.value in TYPED]
            typed.add(main, [item for item in predicted if item.value in TYPED], lambda a, b: a == b)
            for label, tally in each.items():
                tally.add(
                    [item for item in gold if item.value == label],
                    [item for item in predicted if item.value == label],
                    lambda a, b: True,
                )
        measures = {
            "p": untyped.span / max(1, untyped.predicted),
            "r": untyped.span / max(1, untyped.gold),
            "span_f1": untyped.f1(untyped.span),
            "typed_f1": typed.f1(typed.exact),
            **{label.lower(): tally.f1(tally.span) for label, tally in each.items()},
        }
        report.add(name, system, untyped.gold, {key: round(value, 3) for key, value in measures.items()})


def main() -> None:
    arguments = parse_arguments(__doc__ or "", [f"{name}.spacy" for name in SETS])
    report = Report()
    nlp, gazetteer = load_pipeline("bundled"), load_gazetteer()
    ours(nlp("Warm up."), gazetteer)
    words, seconds = 0, 0.0
    for name in SETS:
        texts = sample(load_named(arguments.folder / f"{name}.spacy"), 5 if arguments.quick else 1)
        docs = list(nlp.pipe(text.text for text in texts))
        started = time.perf_counter()
        found = [ours(doc, gazetteer) for doc in docs]
        seconds += time.perf_counter() - started
        words += sum(len(doc) for doc in docs)
        measure(texts, {"tracker": found, "bare NER": [bare(doc) for doc in docs]}, name.removesuffix("-test"), report)
    report.compare("span_f1")
    report.compare("typed_f1")
    report.notes.append(f"names after the parse: {words / seconds:,.0f} tokens/s")
    report.print(arguments.json)


if __name__ == "__main__":
    main()
