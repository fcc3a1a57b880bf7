"""How often Python looks for garbage while a stage holds a whole dataset."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (50_000, 20, 100)
"""New objects before the young ones are looked through, and how many such looks before the older ones are."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage less often within; also a decorator.

    A dataset and the pages out of it are millions of objects that all live until the end, and each full look goes
    through every one of them: a tenth of a build. What is dropped is hardly ever in a cycle, so memory stays the same.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()  # what was set aside within (`tracker.render.longlived`)
