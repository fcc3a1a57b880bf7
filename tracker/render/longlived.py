"""Garbage is not looked for while what is made stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def long_lived() -> Iterator[None]:
    """Within, values are made that live until the site is made: none is looked at for garbage, then or later.

    A dataset and what is found in it are millions of values, and nearly none of them goes: each look for garbage would
    go through all that is new, for a tenth of the time of it all. Whoever calls sees to `gc.unfreeze` at the end.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # nor does a copy of this process look through it, and so copy it
        if was_enabled:
            gc.enable()
