"""Fit the judge of relevance (tracker/nlp/relevance.py), and print how it does on documents that it has not seen.

    python tools/build_corpus.py data/training --gazetteer
    python tools/relevance/fit.py data/training data/gold data/relevance            # cross-validated figures only
    python tools/relevance/fit.py data/training data/gold data/relevance --write    # and the weights of data/lexicon

A folder holds `documents.jsonl` and `gold.jsonl` as data/gold does; `*.jsonl` files in it with `text` and `relevance`
on each line are taken too (data/relevance). Needs scikit-learn, which the tracker itself does not.

Both models are logistic regressions with an L2 penalty over the traits of relevance_traits.py. A word is a trait where
at least six documents have it and it is mostly written in lower case, so that no name of a party is learned. Figures
are by ten folds of whole documents, and again with one group of documents left out at a time (the part of the id before
the hyphen: one hand wrote each), which is nearer to what a stranger's text will meet.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

try:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold
except ModuleNotFoundError as missing:
    raise SystemExit(f'{missing}; fitting needs what `pip install -e ".[model]"` brings') from missing

from tracker.nlp.language import language_of
from tracker.nlp.relevance import text_traits
from tracker.nlp.relevance_traits import stem_of, words_in
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import make_sentences

OUT = Path(__file__).parents[2] / "data" / "lexicon" / "relevance_weights.yaml"
MIN_DOCUMENTS = 6
"""A word that fewer documents have is left out: it would be learned from chance."""
LOWER_SHARE = 0.8
PENALTIES = {"matter": 1.0, "mention": 1.0}
"""scikit-learn's C, the inverse of the penalty; by cross-validation anything from 0.3 to 3 does as well."""
SMALLEST = 0.02
"""Weights nearer to 0 are left out of the file."""
FOLDS = 10
OPENING, OPENING_WEIGHT = 5, 0.1
"""The first sentences of a document count as a further, lighter one, except where it is `background`: the mention may
stand anywhere."""
Labels = NDArray[np.str_]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Text:
    """A document with its answer."""

    id: str
    corpus: str
    group: str
    language: str
    title: str
    text: str
    relevance: str


def read_folder(folder: Path) -> list[Text]:
    rows = []
    documents, gold = folder / "documents.jsonl", folder / "gold.jsonl"
    if documents.exists() and gold.exists():
        answers = {row["id"]: row["relevance"] for row in read_lines(gold)}
        rows = [dict(row, relevance=answers[row["id"]]) for row in read_lines(documents)]
    else:
        for path in sorted(folder.glob("*.jsonl")):
            rows += read_lines(path)
    own = folder.name == "relevance"
    return [
        Text(
            row["id"],
            folder.name,
            folder.name if own else f"{folder.name}/{row['id'].split('-')[0]}",
            language_of(row["language"], row["text"]),
            row.get("title", ""),
            row["text"],
            row["relevance"],
        )
        for row in rows
    ]


def read_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def traits_by_document(texts: Sequence[Text]) -> list[dict[str, float]]:
    """The traits of each document, and after them those of each one's opening: feeds often bring no more."""
    found, openings = [], []
    for item in texts:
        sentences = make_sentences(item.text, split_sentences(item.text))
        found.append(text_traits(sentences, item.language, item.title))
        openings.append(text_traits(sentences[:OPENING], item.language, item.title))
    common = common_words(texts)
    counts = Counter(name for traits in found for name in traits)
    return [
        {
            name: value
            for name, value in traits.items()
            if "word." not in name or (counts[name] >= MIN_DOCUMENTS and name.split(".", 1)[1] in common)
        }
        for traits in (*found, *openings)
    ]


def common_words(texts: Iterable[Text]) -> set[str]:
    """Stems as "en.accus" that are mostly written small; of German, with its large nouns, all words of four letters."""
    small: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for item in texts:
        for word in words_in(item.text):
            key = f"{item.language}.{stem_of(word.lower())}"
            every[key] += 1
            small[key] += word.islower() or (item.language == "de" and len(word) > 3)
    return {key for key, count in every.items() if small[key] >= LOWER_SHARE * count and len(key) > 5}


@dataclass(frozen=True)
class Material:
    """Traits by row, documents first and their openings after them, with the documents' answers."""

    matrix: Matrix
    labels: Labels

    def fitted(self, kind: str, known: NDArray[np.int_]) -> LogisticRegression:
        """A model fitted on the known documents: of `matter`, or of `mention` on those that are not relevant."""
        labels, count = self.labels, len(self.labels)
        if kind == "mention":
            known = known[labels[known] != "relevant"]
        opened = known[labels[known] != "background"]
        rows = np.concatenate([known, opened + count])
        wanted = np.concatenate([labels[known], labels[opened]]) == ("relevant" if kind == "matter" else "background")
        weights = np.concatenate([np.ones(len(known)), np.full(len(opened), OPENING_WEIGHT)])
        model = LogisticRegression(C=PENALTIES[kind], max_iter=2000, solver="liblinear", random_state=0)
        return model.fit(self.matrix[rows], wanted, sample_weight=weights)

    def predicted(self, splits: Iterable[tuple[NDArray[np.int_], NDArray[np.int_]]]) -> Labels:
        """The answer on each document by models that have not seen it."""
        found = np.full(len(self.labels), "irrelevant", dtype="<U10")
        for known, unseen in splits:
            rows = self.matrix[unseen]
            found[unseen] = np.where(
                self.fitted("mention", known).decision_function(rows) > 0, "background", "irrelevant"
            )
            found[unseen[self.fitted("matter", known).decision_function(rows) > 0]] = "relevant"
        return found


def print_figures(name: str, texts: Sequence[Text], labels: Labels, found: Labels) -> None:
    print(f"\n{name}\n{'':24}{'P':>7}{'R':>7}{'F1':>7}{'gold':>6}{'found':>6}   background: R, irrelevant: R")
    corpora = np.array([item.corpus for item in texts])
    languages = np.array([item.language for item in texts])
    parts = [(corpus, corpora == corpus) for corpus in dict.fromkeys(corpora)]
    parts += [(f"all, {language}", languages == language) for language in dict.fromkeys(languages)]
    for part, chosen in [*parts, ("all", np.full(len(texts), True))]:
        wanted, given = labels[chosen] == "relevant", found[chosen] == "relevant"
        right = int((wanted & given).sum())
        p, r = right / max(1, given.sum()), right / max(1, wanted.sum())
        others = [
            f"{(found[chosen][labels[chosen] == kind] == kind).sum()}/{(labels[chosen] == kind).sum()}"
            for kind in ("background", "irrelevant")
        ]
        f1 = 2 * p * r / max(p + r, 1e-9)
        print(f"{part:24}{p:7.3f}{r:7.3f}{f1:7.3f}{wanted.sum():6}{given.sum():6}   {', '.join(others)}")


def model_as_data(model: LogisticRegression, names: Sequence[str]) -> dict[str, object]:
    weights = {
        name: round(float(w), 3) for name, w in sorted(zip(names, model.coef_[0], strict=True)) if abs(w) >= SMALLEST
    }
    return {"bias": round(float(model.intercept_[0]), 3), "weights": weights}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        if not any(folder.glob("*.jsonl")):
            parser.error(
                f"{folder}: no documents stand there; tools/build_corpus.py builds them from marked-up sources"
            )
    texts = [item for folder in arguments.folders for item in read_folder(folder)]
    labels = np.array([item.relevance for item in texts])
    vectorizer = DictVectorizer(sparse=False)
    material = Material(vectorizer.fit_transform(traits_by_document(texts)), labels)
    print(f"{len(texts)} documents, {dict(Counter(labels.tolist()))}, {material.matrix.shape[1]} traits")
    strata = [("own " if item.corpus == "relevance" else "") + item.relevance for item in texts]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(strata, strata)
    print_figures(f"{FOLDS} folds by document", texts, labels, material.predicted(folds))
    groups = np.array([item.group for item in texts])
    apart = [(np.flatnonzero(groups != group), np.flatnonzero(groups == group)) for group in sorted(set(groups))]
    print_figures("one group left out", texts, labels, material.predicted(apart))
    if arguments.write:
        names = list(vectorizer.get_feature_names_out())
        everything = np.arange(len(texts))
        models = {kind: model_as_data(material.fitted(kind, everything), names) for kind in PENALTIES}
        OUT.write_text(json.dumps(models, ensure_ascii=False, indent=0) + "\n", "utf-8")
        print(f"\nwrote {OUT.name}: {sum(len(model['weights']) for model in models.values())} weights")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
