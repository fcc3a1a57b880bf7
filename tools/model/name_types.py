"""Fits the weights that find and type unknown names: `python tools/model/name_types.py FOLDER [FOLDER ...] --out OUT`.

Each FOLDER holds an annotated corpus (documents.jsonl and gold.jsonl; tools/build_corpus.py makes them).
What the gazetteer knows is taken as the program takes it, and once more as if it knew but one name in five, so that the
weights do not lean on known neighbours. Stories of name_stories.py add names in languages with few documents.
OUT (data/model/names) gets weights.tsv, chinese_bounds.tsv and chinese_kinds.tsv: a line for each trait, hundredths.

Needs scikit-learn (`pip install -e ".[model]"`), which the tracker itself does not.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from name_stories import make_stories
from spacy.tokens import DocBin

try:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
except ModuleNotFoundError as missing:
    raise SystemExit(f'{missing}; fitting needs what `pip install -e ".[model]"` brings') from missing

from tracker.evaluation import load_gold
from tracker.nlp.chinesenames import TAGS, Span, cut_units, span_traits, unit_traits
from tracker.nlp.gazetteer import Gazetteer, load_gazetteer
from tracker.nlp.language import language_of
from tracker.nlp.model import load_pipeline
from tracker.nlp.names import find_known
from tracker.nlp.nametraits import find_candidates
from tracker.nlp.nameweights import BIAS, NameWeights
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import TextView, make_sentences
from tracker.types import EntityType, Extraction

KINDS = ("none", "company", "model", "person", "government", "law", "place", "publisher", "organisation")
MIN_DOCUMENTS = 3
"""A trait is kept that is seen in so many documents."""
LEAST_WEIGHT = 0.04
PUBLIC_SETS = ("uner-ewt-train", "wikigold-train", "crossner-train")
PUBLIC_DOCUMENTS = 1500
PUBLIC_IMPORTANCE = 0.06
"""How much an example of the public sets counts beside one of our own: at 0.3 our own texts lose 3 points of F1."""
MASKED_IMPORTANCE = 0.5
"""How much an example counts that is read with a gazetteer that lacks most names."""
MASKS = 3
KEPT_SHARE = 0.2
"""So many of a masked gazetteer's names are kept; places and public bodies stay, as they do in the world."""
STORY_TURNS, STORY_IMPORTANCE = 6, 0.3
"""How often each story is filled, and how much an example of one counts."""
PENALTY = {"weights": 0.25, "chinese_bounds": 0.5, "chinese_kinds": 0.5}
"""scikit-learn's C, the inverse of the penalty."""


@dataclass
class Table:
    """Examples of one table: the document, the traits, the kind, how much it counts."""

    kinds: Sequence[str]
    rows: list[tuple[str, list[str], str, float]] = field(default_factory=list)


def read_views(folder: Path) -> Iterator[tuple[str, TextView, Extraction]]:
    """The documents of an annotated corpus, parsed where they are English, with their answers."""
    gold = load_gold(folder)
    documents = list(gold.documents)
    languages = [language_of(document.language, document.text) for document in documents]
    english = [document for document, code in zip(documents, languages, strict=True) if code == "en"]
    texts = (document.text for document in english)
    parses = dict(zip((d.id for d in english), load_pipeline().pipe(texts, batch_size=8), strict=True))
    for document, language in zip(documents, languages, strict=True):
        sentences = make_sentences(document.text, split_sentences(document.text))
        view = TextView(
            document.text, language, sentences, parses.get(document.id), document.publisher, document.publisher_type,
            document.published, document.title,
        )  # fmt: skip
        yield document.id, view, gold.answers[document.id]


def make_masks(gazetteer: Gazetteer) -> list[Gazetteer]:
    """Copies of the gazetteer that lack most of its firms, models, persons, laws and papers, each others."""
    rng = random.Random(75)
    masks = []
    for number in range(MASKS):
        kept = {
            key: entry
            for key, entry in gazetteer.entries.items()
            if entry.entity.type in ("place", "government") or rng.random() < KEPT_SHARE
        }
        masks.append(Gazetteer(kept, f"mask-{number}"))
    return masks


def add_examples(
    tables: dict[str, Table], name: str, view: TextView, answer: Extraction, gazetteer: Gazetteer, counts: float = 1.0
) -> None:
    """Put the examples of one document into the tables."""
    known = find_known(view, gazetteer)
    sure = [(item.start, item.end, item.type) for item in known.sure]
    wanted = {(mention.start, mention.end): mention.type for mention in answer.mentions}
    if view.language != "zh":
        for candidate in find_candidates(view, sure, known.shapes):
            kind = wanted.get((candidate.start, candidate.end), "none")
            tables["weights"].rows.append((name, candidate.traits(), kind, counts))
        return
    if counts < 1.0:
        return
    for known_spans in (sure, []):  # once more as if the gazetteer were empty
        add_chinese(tables, name, view, wanted, known_spans, 1.0)


def add_chinese(
    tables: dict[str, Table],
    name: str,
    view: TextView,
    wanted: dict[tuple[int, int], EntityType],
    known: Sequence[Span],
    counts: float,
) -> None:
    """Put the examples of a Chinese text into the tables: a row for each sign, and one for each name."""
    for sentence in view.sentences:
        inside = [span for span in known if sentence.start <= span[0] < sentence.end]
        units = cut_units(view.text, sentence.start, sentence.end)
        for unit, traits in zip(units, unit_traits(view, units, inside), strict=True):
            tables["chinese_bounds"].rows.append((name, traits, tag_of(unit, wanted), counts))
    for (start, end), kind in wanted.items():
        tables["chinese_kinds"].rows.append((name, span_traits(view, start, end, known), kind, counts))


def add_stories(tables: dict[str, Table], gazetteer: Gazetteer) -> None:
    """Examples of invented names in stories of name_stories.yaml."""
    table = tables["weights"]
    for story in make_stories(STORY_TURNS):
        known = find_known(story.view, gazetteer)
        sure = [(item.start, item.end, item.type) for item in known.sure]
        if story.view.language == "zh":
            add_chinese(tables, story.name, story.view, story.names, sure, STORY_IMPORTANCE)
            continue
        for candidate in find_candidates(story.view, sure, known.shapes):
            kind = story.names.get((candidate.start, candidate.end), "none")
            table.rows.append((story.name, candidate.traits(), kind, STORY_IMPORTANCE))


def add_public(table: Table, folder: Path, gazetteer: Gazetteer, model: dict[str, list[float]]) -> None:
    """Examples of the public training sets of docs/model.md, so that the names of ordinary news keep their kinds.

    Their ORG is of the likeliest of our kinds of bodies; what overlaps a name of another sort (MISC) is no example.
    """
    judge = NameWeights(KINDS, {t: i for i, t in enumerate(model)}, np.array(list(model.values()), np.float32)).judge
    bodies = [KINDS.index(kind) for kind in ("company", "government", "publisher", "organisation")]
    for name in PUBLIC_SETS:
        docs = list(DocBin().from_disk(folder / f"{name}.spacy").get_docs(load_pipeline().vocab))[:PUBLIC_DOCUMENTS]
        for gold, parse in zip(docs, load_pipeline().pipe((doc.text for doc in docs), batch_size=64), strict=True):
            names = {(e.start_char, e.end_char): e.label_ for e in gold.ents}
            view = TextView(gold.text, "en", make_sentences(gold.text, split_sentences(gold.text)), parse)
            known = find_known(view, gazetteer)
            sure = [(item.start, item.end, item.type) for item in known.sure]
            for candidate in find_candidates(view, sure, known.shapes):
                span = candidate.start, candidate.end
                touched = [label for (left, right), label in names.items() if left < span[1] and span[0] < right]
                label = names.get(span)
                if not touched:
                    kind = "none"
                elif label == "PER":
                    kind = "person"
                elif label == "LOC":
                    kind = "place"
                elif label == "ORG":
                    chances = judge(candidate.traits())
                    kind = KINDS[max(bodies, key=lambda index: chances[index])]
                elif set(touched) <= {"PER", "ORG", "LOC"}:
                    kind = "none"
                else:
                    continue
                table.rows.append((f"{name}/{id(gold)}", candidate.traits(), kind, PUBLIC_IMPORTANCE))


def tag_of(unit: tuple[int, int], wanted: dict[tuple[int, int], Any]) -> str:
    """Whether a sign begins, continues or ends a wanted span, is one alone, or stands outside."""
    for start, end in wanted:
        if start <= unit[0] and unit[1] <= end:
            first, last = start == unit[0], end == unit[1]
            return "S" if first and last else "B" if first else "E" if last else "I"
    return "O"


def fit(
    rows: Sequence[tuple[str, list[str], str, float]], kinds: Sequence[str], penalty: float
) -> dict[str, list[float]]:
    """Weights of the traits by logistic regression, centred over the kinds."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for name, traits, _, _ in rows:
        for trait in traits:
            seen[trait].add(name)
    columns = {t: i for i, t in enumerate(sorted(t for t, names in seen.items() if len(names) >= MIN_DOCUMENTS))}
    pointers, indices = [0], []
    for _, traits, _, _ in rows:
        indices.extend(sorted({columns[trait] for trait in traits if trait in columns}))
        pointers.append(len(indices))
    matrix = csr_matrix((np.ones(len(indices), np.float32), indices, pointers), shape=(len(rows), len(columns)))
    answers = [kinds.index(kind) for _, _, kind, _ in rows]
    importance = np.array([counts for *_, counts in rows])
    model = LogisticRegression(C=penalty, max_iter=600, tol=1e-4).fit(matrix, answers, importance)
    weights = np.zeros((len(columns), len(kinds)))
    bias = np.full(len(kinds), -20.0)
    weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    weights -= weights.mean(axis=1, keepdims=True)
    kept = {trait: list(weights[i]) for trait, i in columns.items() if abs(weights[i]).max() >= LEAST_WEIGHT}
    return {BIAS: list(bias), **kept}


def write_weights(path: Path, kinds: Sequence[str], weights: dict[str, list[float]]) -> None:
    """A line for each trait, with a weight in hundredths for each kind; nothing stands for zero."""
    lines = ["\t".join(("trait", *kinds))]
    for trait, row in weights.items():
        cells = (round(value * 100) for value in row)
        lines.append("\t".join((trait, *(str(cell) if cell else "" for cell in cells))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def gather(folders: Sequence[Path]) -> dict[str, Table]:
    """The examples of all tables."""
    tables = {"weights": Table(KINDS), "chinese_bounds": Table(TAGS), "chinese_kinds": Table(KINDS)}
    gazetteer = load_gazetteer()
    masks = make_masks(gazetteer)
    for folder in folders:
        for number, (name, view, answer) in enumerate(read_views(folder)):
            add_examples(tables, f"{folder}/{name}", view, answer, gazetteer)
            add_examples(tables, f"{folder}/{name}", view, answer, masks[number % MASKS], MASKED_IMPORTANCE)
    add_stories(tables, gazetteer)
    return tables


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("data/model/names"))
    parser.add_argument("--without", type=int, nargs=2, metavar=("PART", "PARTS"), help="leave out every nth document")
    parser.add_argument("--public", type=Path, help="the folder of the public sets (docs/model.md)")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        if not any(folder.glob("*.jsonl")):
            parser.error(
                f"{folder}: no documents stand there; tools/build_corpus.py builds them from marked-up sources"
            )
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, table in gather(arguments.folders).items():
        rows = table.rows
        if arguments.without:
            part, parts = arguments.without
            order = {document: i for i, document in enumerate(dict.fromkeys(row[0] for row in rows))}
            rows = [row for row in rows if order[row[0]] % parts != part]
        weights = fit(rows, table.kinds, PENALTY[name])
        if name == "weights" and arguments.public:
            public = Table(KINDS)
            add_public(public, arguments.public, load_gazetteer(), weights)
            weights = fit([*rows, *public.rows], table.kinds, PENALTY[name])
        write_weights(arguments.out / f"{name}.tsv", table.kinds, weights)
        print(f"{name}: {len(rows):,} examples, {len(weights):,} traits")


if __name__ == "__main__":
    main()
