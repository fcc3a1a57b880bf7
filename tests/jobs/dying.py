"""The program in a process that ends without a word: `dying.py COMMITS ...` before its so-manieth commit,
`dying.py WORD ...` over a text that holds the word, as by a crash of a library or the want of memory.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, event

from tracker.cli import main
from tracker.nlp.extractor import RuleExtractor
from tracker.types import Document

when = sys.argv.pop(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if when.isdigit():
    commits = count(1)

    @event.listens_for(Engine, "commit")
    def _on_commit(connection: Connection) -> None:
        if next(commits) == int(when):
            die()
else:
    prepare: Any = RuleExtractor._prepare

    def _prepare(self: RuleExtractor, document: Document) -> Any:
        if when in document.text:
            die()
        return prepare(self, document)

    RuleExtractor._prepare = _prepare  # type: ignore[method-assign]

main()
