"""Cut public word vectors down to what travels with the tracker: `python tools/claims/wordspace.py VECTORS OUT.npz`.

VECTORS is the text of GloVe ("word 0.1 0.2 ...", the most frequent first; public domain, PDDL 1.0, of Wikipedia and
Gigaword) or a JSON with `words` and `vectors`. The most frequent words are kept, turned to their principal directions,
brought to one length and stored as bytes.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[a-z][a-z'-]*[a-z]|[ai]")


def read_vectors(path: Path, count: int, width: int) -> tuple[list[str], npt.NDArray[np.float32]]:
    """The first `count` lower-case words with their vectors of `width` numbers."""
    words: list[str] = []
    rows: list[list[float]] = []
    if path.suffix == ".json":
        stored = json.loads(path.read_text(encoding="utf-8"))
        pairs = ((word, stored["vectors"][word][:width]) for word in stored["words"])
    else:
        lines = path.open(encoding="utf-8")
        pairs = ((line.split(" ", 1)[0], [float(x) for x in line.split(" ")[1 : width + 1]]) for line in lines)
    for word, row in pairs:
        if _WORD.fullmatch(word):
            words.append(word)
            rows.append(row)
        if len(words) == count:
            break
    return words, np.array(rows, dtype=np.float32)


def main() -> None:
    """Read, turn, round, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("vectors", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--words", type=int, default=30_000)
    parser.add_argument("--width", type=int, default=100, help="numbers of a vector in the source")
    parser.add_argument("--keep", type=int, default=64, help="principal directions to keep")
    said = parser.parse_args()
    if not said.vectors.is_file():
        parser.error(f"{said.vectors}: no such file; the docstring says what it has to hold")
    words, vectors = read_vectors(said.vectors, said.words, said.width)
    vectors -= vectors.mean(axis=0)
    _, _, turned = np.linalg.svd(vectors, full_matrices=False)
    vectors = vectors @ turned[: said.keep].T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    np.savez_compressed(
        said.out,
        words=np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8),
        vectors=np.round(vectors * 127).astype(np.int8),
    )
    print(f"{len(words)} words of {said.keep} directions, {said.out.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
