"""Fit how likely two documents tell one story (tracker/reconcile/tellings.py) on the annotated part of data/training.

    python tools/fit_likeness.py             # cross-validated, nothing written but the weights on the screen
    python tools/fit_likeness.py --stems     # first write data/lexicon/common-stems.tsv anew, from all its documents

Pairs of documents that came out within two weeks; the answer is whether they report an event in common
(data/training/events.txt). Names, figures and dates are those of the annotation. Cross-validated by event, so that
no event is in both halves. Needs scikit-learn (`pip install -e ".[model]"`). Prints the weights to be put into the
module, and how sure they are.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

try:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import average_precision_score, roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
except ModuleNotFoundError as missing:
    raise SystemExit(f'{missing}; fitting needs what `pip install -e ".[model]"` brings') from missing

from tracker.evaluation import GoldCorpus
from tracker.reconcile.claims import make_records
from tracker.reconcile.entities import Parties
from tracker.reconcile.grouping import make_reports
from tracker.reconcile.tellings import COMMON_STEMS, FAR_DAYS, Telling, days_between, stems_of, traits_of
from tracker.resources import bundled_path

sys.path.insert(0, str(Path(__file__).parents[1]))
import build_corpus

from benchmarks.reconcile_corpora import load_annotated, stored_documents

TRAINING = Path(__file__).parents[1] / "data" / "training"
_LEAST_DOCUMENTS = 4
_LOST = (0.0, 0.2, 0.5, 0.8)
"""Shares of names that go unread: of invented ones a reader finds four of five, of another subject's fewer still."""


def tellings(corpus: GoldCorpus, parties: Parties, lost: float) -> dict[str, Telling]:
    """The tellings of all annotated documents, with so large a share of the names lost as a reader might lose them."""
    found, draw = {}, random.Random(7)
    for stored in stored_documents(corpus.documents, corpus.answers):
        (answer,) = stored.extractions
        unread = {name for name in sorted({m.entity_id for m in answer.mentions}) if draw.random() < lost}
        mentions = tuple(m for m in answer.mentions if m.entity_id not in unread)
        seen = replace(stored, extractions=(replace(answer, mentions=mentions),))
        for report in make_reports(seen, make_records([seen]), parties):
            found[stored.current.id] = report.telling
    return found


def write_stems() -> None:
    """How rare each stem is that at least four documents of the training corpus have."""
    built = build_corpus.build(TRAINING / "source", gazetteer=True)
    texts = [f"{row['title']}\n{row['text']}" for row in map(json.loads, built["documents.jsonl"].splitlines())]
    counts = Counter(stem for text in texts for stem in stems_of(text))
    rows = [f"{stem}\t{math.log(len(texts) / n):.2f}\n" for stem, n in sorted(counts.items()) if n >= _LEAST_DOCUMENTS]
    bundled_path(COMMON_STEMS).write_text("".join(rows), encoding="utf-8")
    print(f"{len(rows)} stems of {len(texts)} documents")


def main() -> None:
    """Fit and print."""
    if "--stems" in sys.argv:
        write_stems()
    corpus, entities = load_annotated(TRAINING)
    parties = Parties(entities)
    rows, answers, groups = [], [], []
    for told in (tellings(corpus, parties, lost) for lost in _LOST):
        for one, other in combinations(sorted(told), 2):
            if days_between(told[one], told[other]) <= FAR_DAYS:
                rows.append(traits_of(told[one], told[other]))
                answers.append(bool(corpus.events[one] & corpus.events[other]))
                groups.append(min(corpus.events[one]))
    x, y = np.array(rows), np.array(answers)
    model = LogisticRegression(C=10, max_iter=3000)
    sure = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
    model.fit(x, y)
    print(f"{len(y)} pairs, {y.sum()} of one event; AUC {roc_auc_score(y, sure):.3f}, "
          f"average precision {average_precision_score(y, sure):.3f}")  # fmt: skip
    for least in (0.5, 0.7, 0.8, 0.9, 0.95):
        chosen = sure >= least
        print(f"from {least}: precision {y[chosen].mean():.3f}, recall {y[chosen].sum() / y.sum():.3f}")
    print("_BIAS =", round(float(model.intercept_[0]), 2))
    print("_WEIGHTS =", tuple(round(float(weight), 2) for weight in model.coef_[0]))


if __name__ == "__main__":
    main()
