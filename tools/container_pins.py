"""What the container installs: of constraints.txt the part that the program needs to run, and the part that builds it.

constraints.txt pins everything, what only developers use too, a PostgreSQL server and a browser's driver among it. What
an extra needs is followed through the metadata of the packages that are installed here; nothing is asked of an index.
usage: container_pins.py [--check]
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "3.11"
"""Of the image (Containerfile); what other versions would need besides is left out."""
EXTRAS = ("digest", "encodings", "exchange", "parquet", "postgres", "s3", "search", "serve")
SOURCES = ("dkimpy",)
"""Comes as source alone, and is built by setuptools."""
FILES = {"requirements.txt": EXTRAS, "build-requirements.txt": ("build",)}
_MACHINES = ("x86_64", "aarch64")


def environments() -> Iterator[dict[str, str]]:
    for machine in _MACHINES:
        yield {
            "implementation_name": "cpython", "implementation_version": f"{PYTHON}.0", "os_name": "posix",
            "platform_machine": machine, "platform_python_implementation": "CPython", "platform_release": "",
            "platform_system": "Linux", "platform_version": "", "python_full_version": f"{PYTHON}.0",
            "python_version": PYTHON, "sys_platform": "linux",
        }  # fmt: skip


def needed(extras: tuple[str, ...]) -> set[str]:
    """All that the program with these extras needs, by canonical name; of `build` what that extra itself needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    told = ["setuptools"] if extras == ("build",) else list(project["dependencies"])
    for extra in extras:
        told += project["optional-dependencies"][extra]
    waiting = [found for text in told for found in asked_by(text, "")]
    seen: set[tuple[str, str]] = set()
    while waiting:
        package, extra = waiting.pop()
        if (package, extra) in seen:
            continue
        seen.add((package, extra))
        try:
            waiting += [found for text in requires(package) or () for found in asked_by(text, extra)]
        except PackageNotFoundError:
            sys.exit(f"{package} is not installed here, so what it needs is not known: pip install -r constraints.txt")
    return {package for package, _ in seen}


def asked_by(text: str, extra: str) -> list[tuple[str, str]]:
    """(package, extra) of one requirement, as metadata has it, of a package that is asked for with an extra."""
    item = Requirement(text)
    if item.marker is not None and not any(item.marker.evaluate({**e, "extra": extra}) for e in environments()):
        return []
    return [(str(canonicalize_name(item.name)), part) for part in ("", *item.extras)]


def pins() -> dict[str, list[str]]:
    """The blocks of each package in constraints.txt, its lines with their hashes: one for each range of Pythons."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"(?m)^(?=[^\s#])", (ROOT / "constraints.txt").read_text()):
        if "==" in block:
            name = canonicalize_name(re.split(r"[=\[ ]", block, maxsplit=1)[0])
            found.setdefault(name, []).append(block.rstrip("\n") + "\n")
    return found


def written(extras: tuple[str, ...]) -> str:
    """The pins that these extras need."""
    names, all_pins = needed(extras), pins()
    lacking = sorted(names - all_pins.keys())
    if lacking:
        sys.exit(f"constraints.txt lacks {', '.join(lacking)}: make constraints")
    return "".join(block for name in sorted(names) for block in all_pins[name])


def main() -> None:
    for name, extras in FILES.items():
        path, text = ROOT / "deploy" / name, written(extras)
        if sys.argv[1:] != ["--check"]:
            path.write_text(text)
        elif not path.is_file() or path.read_text() != text:
            sys.exit(f"{path.relative_to(ROOT)} is not what constraints.txt and pyproject.toml say: make constraints")


if __name__ == "__main__":
    main()
