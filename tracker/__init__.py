"""A policy and news intelligence tracker for disputes about AI model distillation.

>>> import tracker
>>> with tracker.open("tracker.db") as data:
...     for claim in data.claims(about="Qwen", type="denial"):
...         print(claim.published_on, claim.speaker_name, claim.quote, claim.link)

The file is the published database of a site (`site/data/tracker.db`), or `tracker export database --out tracker.db`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.access import (
        Answer,
        Claim,
        Conflict,
        Database,
        Dispute,
        Document,
        Entity,
        Event,
        Figure,
        Flag,
        Relation,
        Source,
        Speaker,
    )

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Claim",
    "Conflict",
    "Database",
    "Dispute",
    "Document",
    "Entity",
    "Event",
    "Figure",
    "Flag",
    "Relation",
    "Source",
    "Speaker",
    "__version__",
    "open",
]


def open(path: str | os.PathLike[str]) -> Database:  # noqa: A001
    """Open a published database for reading; what it gives are the typed rows of docs/database.md.

    >>> with tracker.open("tracker.db") as data:
    ...     data.entity("claude").name, data.entity("claude").type
    ('Claude', 'model')

    Raises:
        tracker.errors.UnreadableInput: there is no such file, it is no published database, or a newer tracker made it.
    """
    from tracker.access import Database  # what it needs takes a second to load, and the program's own parts need none

    return Database(path)


def __getattr__(name: str) -> Any:
    """The kinds of row, and the database, loaded when somebody asks for one of them."""
    if name in __all__:
        return getattr(import_module("tracker.access"), name)
    raise AttributeError(f"module 'tracker' has no attribute {name!r}")
