"""The two trainings, side by side: each a `spacy train` process on one thread."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from spacy.util import load_config
from thinc.api import Config

HERE = Path(__file__).resolve().parent
PARTS = ("syntax", "names")
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "BLIS")}


_SHORTER = {
    "training.max_steps": 2000,
    "training.eval_frequency": 400,
    "training.batcher.size.stop": 1000,
    "training.optimizer.learn_rate.initial_rate": 0.0005,
    "training.optimizer.learn_rate.warmup_steps": 100,
}
"""Training on from a trained pipeline: fewer and smaller steps, as the weights need to move less."""


def make_config(part: str, start: Path | None = None, max_steps: int | None = None) -> Config:
    """The config of a part; with `start`, its components begin with the weights of that pipeline."""
    overrides: dict[str, float] = dict(_SHORTER) if start else {}
    if max_steps:
        overrides |= {"training.max_steps": max_steps, "training.eval_frequency": max_steps}
    config = load_config(HERE / f"{part}.cfg", overrides=overrides, interpolate=False)
    if start:
        for name in config["nlp"]["pipeline"]:
            config["components"][name] = {"source": str(start.resolve())}
    return config


def train(
    data: Path, out: Path, parts: Sequence[str] = PARTS, start: Path | None = None, max_steps: int | None = None
) -> dict[str, Path]:
    """Train syntax and names on the sets of `prepare`; each writes its progress to OUT/PART.log.

    Args:
        parts: which of the two to train.
        start: a pipeline to train on from; from scratch where None.
        max_steps: fewer steps than the configs say (for trying the recipe out).

    Returns:
        The folder of each part's model after the last step: the rate has fallen to nothing, and the steps before are
        averaged in it.

    Raises:
        SystemExit: a training failed; names its log.
    """
    out.mkdir(parents=True, exist_ok=True)
    running = {}
    for part in parts:
        make_config(part, start, max_steps).to_disk(out / f"{part}.cfg")
        running[part] = _start(part, data, out)
    failed = [part for part, process in running.items() if process.wait() != 0]
    if failed:
        raise SystemExit("training failed; see " + ", ".join(str(out / f"{part}.log") for part in failed))
    return {part: out / part / "model-last" for part in parts}


def _start(part: str, data: Path, out: Path) -> subprocess.Popen[bytes]:
    options = {
        "--output": out / part, "--paths.train": data / f"{part}-train.spacy",
        "--paths.dev": data / f"{part}-dev.spacy", "--paths.ortho": HERE / "orth_variants.json",
    }  # fmt: skip
    command = [sys.executable, "-m", "spacy", "train", str(out / f"{part}.cfg")]
    command += [str(word) for option in options.items() for word in option]
    with (out / f"{part}.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | _ONE_THREAD)
