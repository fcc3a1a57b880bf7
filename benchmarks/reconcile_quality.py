"""Quality part of benchmarks/reconcile.py: how well documents are grouped by the events that they report.

Extended B-cubed over annotated corpora, beside three baselines in the same run. The thresholds of the baselines are
the best for the corpus at hand, which is kinder to them than any fixed one would be.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.reconcile_baselines import (
    Groups,
    all_pairs,
    best_link,
    best_pass,
    headline_likeness,
    one_pass,
    tfidf_likeness,
)
from benchmarks.reconcile_corpora import ROOT, load_annotated, stored_documents
from tracker.evaluation import GoldCorpus, Score, score_events
from tracker.nlp.extractor import RuleExtractor
from tracker.reconcile import reconcile, version_ids_of
from tracker.reconcile.matching import LIKELY_ONE_STORY, ONE_STORY
from tracker.reconcile.tellings import likeness, telling_of
from tracker.types import Document, Entity, Extraction, Reconciled

_ANY_DAY = date(2026, 1, 1)


def group_by_tracker(corpus: GoldCorpus, answers: Mapping[str, Extraction], entities: Sequence[Entity]) -> Groups:
    """The events that reconciling makes of these extractions."""
    stored = stored_documents(corpus.documents, answers)
    result = reconcile(stored, entities, Reconciled())
    records, by_id = {record.id: record for record in result.claims}, {one.id: one for one in stored}
    return {event.id: version_ids_of(event, records, by_id) for event in result.events}


def story_likeness(
    corpus: GoldCorpus, answers: Mapping[str, Extraction], on: date | None = None
) -> dict[tuple[str, str], float]:
    """The tracker's likeness of whole documents; as if all had come out on one day where it is given."""
    told = {version.id: telling_of(version, answers[version.id])
            for stored in stored_documents(corpus.documents, answers) for version in stored.versions}  # fmt: skip
    if on is not None:
        told = {key: replace(one, published=on) for key, one in told.items()}
    return all_pairs(told, likeness)


# --- the public set -----------------------------------------------------------------------------------------------


def load_news(folder: Path) -> GoldCorpus:
    """The clustered news of Giveme5W1H (github.com/fhamborg/Giveme5W1H): a JSON file an article, with its `EventId`."""
    documents, events = [], {}
    for path in sorted(folder.rglob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        cluster = (row.get("newsCluster") or {}).get("EventId")
        if not cluster or not row.get("text"):
            continue
        on = date.fromisoformat(row["date_publish"][:10]) if row.get("date_publish") else None
        url, title = f"https://news.example/{path.stem}", row.get("title") or ""
        documents.append(
            Document(path.stem, row["text"], url, row.get("source_domain") or "", published=on, title=title)
        )
        events[path.stem] = frozenset({str(cluster)})
    if not documents:
        raise SystemExit(f"{folder}: no clustered articles stand there")
    answers = {document.id: Extraction(document.id, "relevant") for document in documents}
    return GoldCorpus(tuple(documents), answers, events)


def rand_index(corpus: GoldCorpus, groups: Groups) -> float:
    """Adjusted Rand index (Hubert, Arabie 1985) of a partition, over documents of one event each."""
    home = {document: event for event, documents in groups.items() for document in documents}
    pairs = Counter((min(corpus.events[d.id]), home[d.id]) for d in corpus.documents)
    rows, columns = Counter[str](), Counter[str]()
    for (row, column), count in pairs.items():
        rows[row] += count
        columns[column] += count
    together, a, b = (sum(math.comb(n, 2) for n in counts.values()) for counts in (pairs, rows, columns))
    expected = a * b / math.comb(len(corpus.documents), 2)
    most = (a + b) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def measure_news(folder: Path, fixed: float) -> list[tuple[str, float, float]]:
    """(system, B-cubed F1, adjusted Rand index) on the public set. `fixed` is a TF-IDF threshold chosen elsewhere."""
    corpus = load_news(folder)
    order = [d.id for d in sorted(corpus.documents, key=lambda d: (str(d.published or ""), d.id))]
    words = tfidf_likeness({d.id: f"{d.title}\n{d.text}" for d in corpus.documents})
    predictions = {item.document_id: item for item in RuleExtractor().extract_all(corpus.documents)}
    told = story_likeness(corpus, predictions)
    undated = story_likeness(corpus, predictions, _ANY_DAY)
    runs = {
        f"tracker's likeness from {ONE_STORY}": one_pass(order, told, ONE_STORY),
        f"tracker's likeness from {LIKELY_ONE_STORY}": one_pass(order, told, LIKELY_ONE_STORY),
        f"the same from {LIKELY_ONE_STORY}, without regard to days": one_pass(order, undated, LIKELY_ONE_STORY),
        "TF-IDF one-pass, threshold of data/training": one_pass(order, words, fixed),
        "TF-IDF one-pass, threshold of this set": best_pass(corpus, order, words)[1],
        "TF-IDF single-link, threshold of this set": best_link(corpus, words)[1],
        "each document alone": {one: [one] for one in order},
    }
    return [(name, score_events(corpus, groups).f1, rand_index(corpus, groups)) for name, groups in runs.items()]


# --- all together -------------------------------------------------------------------------------------------------


def measure_corpus(folder: Path, extractor: RuleExtractor | None) -> list[tuple[str, Score]]:
    """(system, score) on an annotated corpus; the tracker on the tracker's own extractions only with an extractor."""
    corpus, entities = load_annotated(folder)
    relevant = [d.id for d, answer in corpus.pairs() if answer.relevance == "relevant" and corpus.events.get(d.id)]
    scored = corpus.only(relevant)
    rows = []
    if extractor is not None:
        predictions = {item.document_id: item for item in extractor.extract_all(corpus.documents)}
        grouped = group_by_tracker(corpus, predictions, extractor.entities)
        rows.append(("tracker", score_events(corpus, grouped)))
    if any(answer.claims for _, answer in corpus.pairs()):
        rows.append(
            ("tracker, annotated claims", score_events(corpus, group_by_tracker(corpus, corpus.answers, entities)))
        )
    texts = {d.id: f"{d.title}\n{d.text}" for d in scored.documents}
    headlines = {d.id: d.title for d in scored.documents}
    baselines = {"TF-IDF, single-link": tfidf_likeness(texts), "headline Jaccard": headline_likeness(headlines)}
    for name, alike in baselines.items():
        rows.append((name, score_events(scored, best_link(scored, alike)[1])))
    rows.append(("each document alone", score_events(scored, {})))
    return rows


def measure_quality(
    folders: Sequence[Path], news: Path | None, quick: bool
) -> tuple[dict[str, float], dict[str, float], list[str]]:
    """All figures and ratios by name, and the lines to print.

    Reading data/training anew by the extractor is left out: its models were fitted on it.
    """
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    lines: list[str] = []
    extractor = RuleExtractor()
    for folder in folders:
        own = None if folder.name == "training" else extractor
        lines.append(f"{folder}: extended B-cubed of documents to events")
        rows = measure_corpus(folder, own)
        for name, score in rows[1:]:
            first = _slug(rows[0][0])
            ratios[f"events_{folder.name}_{first}_vs_{_slug(name)}"] = round(rows[0][1].f1 / (score.f1 or 1.0), 3)
        for name, score in rows:
            lines.append(f"  {name:44} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}")
            figures[f"events_{folder.name}_{_slug(name)}_f1"] = round(score.f1, 3)
    if news is None or quick:
        lines.append("public set: left out; give its folder by --public FOLDER, without --quick")
    elif not news.is_dir():
        lines.append(f"public set: {news}: no such folder")
    else:
        lines.append(f"{news}: B-cubed F1 and adjusted Rand index")
        for name, f1, rand in measure_news(news, _training_threshold()):
            lines.append(f"  {name:44} F1 {f1:.3f}  ARI {rand:.3f}")
            figures[f"news_{_slug(name)}_f1"], figures[f"news_{_slug(name)}_ari"] = round(f1, 3), round(rand, 3)
    return figures, ratios, lines


def _training_threshold() -> float:
    """The TF-IDF threshold that is best for the English documents of data/training."""
    corpus, _ = load_annotated(ROOT / "data" / "training")
    english = corpus.only(document.id for document in corpus.documents if document.language == "en")
    order = [d.id for d in sorted(english.documents, key=lambda d: (str(d.published), d.id))]
    words = tfidf_likeness({d.id: f"{d.title}\n{d.text}" for d in english.documents})
    return best_pass(english, order, words)[0]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def add_folders(parser: argparse.ArgumentParser) -> None:
    """The arguments of this part."""
    parser.add_argument("--corpus", type=Path, action="append", help="a further folder like data/gold or data/training")
    parser.add_argument("--public", type=Path, help="the folder of the clustered news of Giveme5W1H")


def folders_of(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> list[Path]:
    """The corpora to measure on; leaves by way of the parser where one is not there."""
    for folder in arguments.corpus or ():
        if not (folder / "documents.jsonl").is_file() and not (folder / "events.txt").is_file():
            parser.error(f"{folder}: neither a documents.jsonl nor an events.txt stands there")
    usual = [ROOT / "data" / "gold"] + ([] if arguments.quick else [ROOT / "data" / "training"])
    return [*usual, *(arguments.corpus or ())]
