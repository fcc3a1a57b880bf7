"""Matrix products of the language model and of the network of claims: numpy's, on one thread.

spaCy multiplies by BLIS unless told otherwise. The BLAS that numpy's wheels carry (OpenBLAS; Accelerate on macOS) takes
a third of the time for the pipeline's shapes on a processor with AVX2 (benchmarks/extract.py compares). It is held to
one thread: processes side by side must not wait for each other's, and a sum must not hang on how many there are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from thinc.api import NumpyOps
from threadpoolctl import threadpool_limits

Floats = npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def _ops() -> NumpyOps:
    threadpool_limits(1, user_api="blas")  # for good: it is undone only where it is used as a context
    return NumpyOps(use_blis=False)


def multiply_by_numpy(nlp: Language) -> None:
    """Let every layer of a pipeline on the CPU multiply by numpy; a pipeline on a GPU stays as it is."""
    for _, component in nlp.pipeline:
        model: Any = getattr(component, "model", None)
        for layer in model.walk() if hasattr(model, "walk") else ():
            if isinstance(layer.ops, NumpyOps):
                layer.ops = _ops()


def product(left: Floats, right: Floats) -> Floats:
    """The matrix product of (rows, n) and (n, columns), as float32."""
    return np.asarray(_ops().gemm(np.ascontiguousarray(left, dtype=np.float32), right))
