"""Templates as they are compiled, kept for the next process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tracker.render.program import program_digest


class CompiledBesideSource(BytecodeCache):
    """Compiled templates where Python keeps compiled modules: in `__pycache__` beside their source.

    Who can write there can write the program. Where we cannot, or are told not to (`PYTHONDONTWRITEBYTECODE`),
    templates are compiled in each process. What was compiled by another state of the program counts for nothing.
    """

    def __init__(self, templates: Path) -> None:
        self._folder = Path(cache_from_source(os.fspath(templates / "templates.py"))).parent

    def get_source_checksum(self, source: str) -> str:
        """Of the template and of the program: what it is compiled to depends on both."""
        return super().get_source_checksum(f"{program_digest()}\n{source}")

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja's hook: the compiled template, if it was kept."""
        with suppress(OSError, EOFError, ValueError, TypeError), self._file(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja's hook: keep it, whole or not at all."""
        if sys.dont_write_bytecode:
            return
        file = self._file(bucket)
        made = file.with_name(f"{file.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            made.write_bytes(bucket.bytecode_to_string())
            made.replace(file)
