"""Which kinds of page a built site has, and one page to show for each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath


def page_kind(path: str) -> str:
    """The kind of a page by its address: "events", "entities index", "sources"; parts of one list are one kind.

    Addresses never change, so this holds longer than names of templates, and a new folder is a new kind by itself.
    """
    parts = PurePosixPath(path)
    if len(parts.parts) == 1:
        return "timeline" if parts.stem == "index" else parts.stem
    folder = " ".join(parts.parts[:-1])
    return f"{folder} index" if parts.stem == "index" else folder


def read_page_sizes(site: Path) -> dict[str, int]:
    """Address of each page of a built site, in order, with its bytes."""
    pages = sorted(path for path in site.rglob("*.html") if path.is_file())
    return {path.relative_to(site).as_posix(): path.stat().st_size for path in pages}


def choose_pages(sizes: Mapping[str, int]) -> dict[str, str]:
    """Kind -> address of its largest page: that is where a layout breaks first. In order of kinds."""
    chosen: dict[str, str] = {}
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        chosen.setdefault(page_kind(path), path)
    return dict(sorted(chosen.items()))
