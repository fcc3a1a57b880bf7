"""The two trainings, side by side: each a `spacy train` process on one thread."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = ("syntax", "names")
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "BLIS")}


def train(data: Path, out: Path, max_steps: int | None = None) -> dict[str, Path]:
    """Train syntax and names on the sets of `prepare`; each writes its progress to OUT/PART.log.

    Args:
        max_steps: fewer steps than the configs say (for trying the recipe out).

    Returns:
        The folder of the best model of each part.

    Raises:
        SystemExit: a training failed; names its log.
    """
    out.mkdir(parents=True, exist_ok=True)
    running = {part: _start(part, data, out, max_steps) for part in PARTS}
    failed = [part for part, process in running.items() if process.wait() != 0]
    if failed:
        raise SystemExit("training failed; see " + ", ".join(str(out / f"{part}.log") for part in failed))
    return {part: out / part / "model-best" for part in PARTS}


def _start(part: str, data: Path, out: Path, max_steps: int | None) -> subprocess.Popen[bytes]:
    options = {
        "--output": out / part, "--paths.train": data / f"{part}-train.spacy",
        "--paths.dev": data / f"{part}-dev.spacy", "--paths.ortho": HERE / "orth_variants.json",
    }  # fmt: skip
    if max_steps:
        options |= {"--training.max_steps": max_steps, "--training.eval_frequency": max_steps}
    command = [sys.executable, "-m", "spacy", "train", str(HERE / f"{part}.cfg")]
    command += [str(word) for option in options.items() for word in option]
    with (out / f"{part}.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | _ONE_THREAD)
