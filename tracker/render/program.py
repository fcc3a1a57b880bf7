"""What a site depends on beside its dataset: this program, its templates, and what it is made with."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tracker.ids import sha256_hex
from tracker.resources import bundled_path

_MADE_WITH = ("jinja2", "markupsafe", "numpy")

_DATA = ("data/jurisdictions.yaml",)


def program_key(*settings: str) -> str:
    """A digest of all that, with these settings."""
    return sha256_hex("\n".join([program_digest(), *settings]))


@cache
def program_digest() -> str:
    """Of the code as it lies on the disk, so that a change counts before anybody gives it a number."""
    package = Path(__file__).parent.parent
    files = [*sorted(package.rglob("*.py")), *sorted(bundled_path("templates").rglob("*")), *map(bundled_path, _DATA)]
    kept = (file for file in files if file.is_file() and file.parent.name != "__pycache__")
    digests = [f"{file.name} {sha256_hex(file.read_bytes())}" for file in kept]
    return sha256_hex("\n".join([sys.version, *(f"{name} {version(name)}" for name in _MADE_WITH), *digests]))
