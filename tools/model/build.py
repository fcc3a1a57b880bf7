"""Train the language model from a folder of corpora: prepare, train, assemble, evaluate, write the card.

usage: python tools/model/build.py CORPORA [--out build/model] [--start MODEL [--only names] [--share 0.5]]
Takes about half an hour on two cores. docs/model.md says what CORPORA must hold. The result lies in OUT/en_news_sm,
with its LICENSE and NOTICE beside it and all figures in OUT/figures.json and in the model's meta.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from assemble import NAME, assemble, write_notice
from blend import blend
from evaluate import evaluate, format_comparison
from prepare import prepare
from train import PARTS, train

ROOT = Path(__file__).resolve().parents[2]
SEED = 75


def write_card(model: Path, figures: dict[str, dict[str, float]]) -> None:
    """Put the figures of the public test sets into the model's meta.json."""
    path = model / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["performance"] = figures
    path.write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def build(
    corpora: Path,
    out: Path,
    parts: Sequence[str] = PARTS,
    start: Path | None = None,
    max_steps: int | None = None,
    share: float = 1.0,
) -> Path:
    """The whole recipe; returns the model's folder.

    Args:
        parts: what is trained; the other part is taken as it is from `start`.
        share: how much of the newly trained weights of names the model gets; the rest is of `start`'s.
    """
    tokens = prepare(corpora, out / "data", SEED)
    print("tokens:", ", ".join(f"{name} {count:,}" for name, count in tokens.items()), flush=True)
    trained = train(out / "data", out, parts, start, max_steps)
    model = out / f"en_{NAME}"
    if start and "names" in trained and share < 1:
        blend(start, trained["names"], "ner", share).to_disk(out / "names" / "model-blended")
        trained["names"] = out / "names" / "model-blended"
    assemble(*(trained.get(part) or start for part in PARTS), model)
    write_notice(out / "NOTICE")
    shutil.copy(ROOT / "data" / "model" / "LICENSE", out / "LICENSE")
    figures = evaluate(model, corpora)
    write_card(model, figures)
    (out / "figures.json").write_text(json.dumps({model.name: figures}, indent=1) + "\n", encoding="utf-8")
    print(format_comparison({model.name: figures}))
    return model


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "model")
    parser.add_argument("--start", type=Path, help="a trained pipeline to train on from, with fewer and smaller steps")
    parser.add_argument("--max-steps", type=int, help="fewer steps, to try the recipe out")
    parser.add_argument("--only", choices=PARTS, help="train this part; the other is taken from --start")
    parser.add_argument("--share", type=float, default=1.0, help="of the new weights of names; the rest is --start's")
    options = parser.parse_args()
    if options.only and not options.start:
        parser.error("--only needs --start")
    parts = (options.only,) if options.only else PARTS
    print("written:", build(options.corpora, options.out, parts, options.start, options.max_steps, options.share))


if __name__ == "__main__":
    main()
