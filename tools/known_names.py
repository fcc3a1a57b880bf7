"""Score a gold folder as if the gazetteer knew a given share of its mentions.

    python tools/known_names.py data/heldout --share 0.75 --draws 5

A registry that somebody keeps holds most names of next week's stories, and not all. Entities of the folder's own
registry are drawn at random (seeded) and put into a copy of the gazetteer until so many of the mentions are of known
entities; the rest has to be found by its form. Prints the F1 of each draw and their mean.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.evaluation import GoldCorpus, load_gold
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.gazetteer import TYPE_OF_FILE, load_gazetteer
from tracker.pipeline.evaluate import evaluate
from tracker.resources import bundled_path
from tracker.store import open_store

FILE_OF_TYPE = {kind: file for file, kind in TYPE_OF_FILE.items()}
KEPT = ("id", "name", "aliases", "parent")


def draw(
    rows: Sequence[dict[str, Any]], counts: Counter[str], known: set[str], share: float, seed: int
) -> list[dict[str, Any]]:
    """Entities that together with the known ones make up that share of the mentions."""
    waiting = [row for row in rows if row["id"] not in known]
    random.Random(seed).shuffle(waiting)
    reached, drawn = sum(n for one, n in counts.items() if one in known), []
    for row in waiting:
        if reached >= share * counts.total():
            break
        drawn.append(row)
        reached += counts[row["id"]]
    return drawn


def score(corpus: GoldCorpus, drawn: Sequence[dict[str, Any]], known: set[str]) -> dict[str, float]:
    """The F1 of each row of the table, with these entities in the gazetteer."""
    parents = known | {row["id"] for row in drawn}
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder, "gazetteer")
        shutil.copytree(bundled_path("data/gazetteer"), names)
        for row in drawn:
            entry = {key: row[key] for key in KEPT if row.get(key) and (key != "parent" or row[key] in parents)}
            with (names / f"{FILE_OF_TYPE[row['type']]}.yaml").open("a", encoding="utf-8") as file:
                file.write(f"\n- {json.dumps(entry, ensure_ascii=False)}\n")  # JSON is YAML
        extractor = RuleExtractor(gazetteer=names)
        with open_store(f"sqlite:///{folder}/empty.db") as store:
            return {key: one.f1 for key, one in evaluate(corpus, extractor, extractor.entities, store).scores.items()}


def main() -> None:
    """Draw, score, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=0.75, help="share of the mentions whose entity is known")
    parser.add_argument("--draws", type=int, default=5)
    said = parser.parse_args()
    if not (said.folder / "registry.json").is_file():
        parser.error(f"{said.folder}: no registry.json stands there")
    corpus, rows = load_gold(said.folder), json.loads((said.folder / "registry.json").read_text(encoding="utf-8"))
    counts = Counter(mention.entity_id for _, answer in corpus.pairs() for mention in answer.mentions)
    known = {entity.id for entity in load_gazetteer().entities()}
    share = sum(n for one, n in counts.items() if one in known) / counts.total()
    print(f"{counts.total()} mentions, {share:.2f} of them of entities that the gazetteer knows by itself")
    totals: Counter[str] = Counter()
    for seed in range(said.draws):
        drawn = draw(rows, counts, known, said.share, seed)
        scores = score(corpus, drawn, known)
        totals.update(scores)
        print(
            f"draw {seed}, {len(drawn)} entities more: " + ", ".join(f"{k} {v:.3f}" for k, v in scores.items()),
            flush=True,
        )
    print("mean: " + ", ".join(f"{key} {total / said.draws:.3f}" for key, total in totals.items()))


if __name__ == "__main__":
    main()
