"""The about page tells the figures that the documentation has, and none of its own."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.render import render_site
from tracker.render.quality import load_quality

DOCS = Path(__file__).parents[2] / "docs" / "quality.md"


def test_the_recorded_figures_are_those_of_the_documentation() -> None:
    quality = load_quality()
    told = DOCS.read_text(encoding="utf-8").partition("## The held-out corpus")[2]
    assert quality.command in told and f"{quality.documents} documents" in told
    rows = dict(re.findall(r"^\| ([a-z ]+) \| ([0-9. |]+) \|$", told, re.MULTILINE))
    for row in quality.rows:
        assert rows[row.name].startswith(f"{row.precision:.3f} | {row.recall:.3f} | {row.f1:.3f} | {row.held} |"), (
            row.name
        )


def test_the_about_page_shows_them_and_says_how_to_cite() -> None:
    page = BeautifulSoup(render_site(build_world(), Site())["about.html"], "html.parser")
    shown = [cell.get_text() for cell in page.select("[aria-labelledby=h-quality] td")]
    rows = load_quality().rows
    assert shown == [text for row in rows for text in (f"{row.precision:.2f}", f"{row.recall:.2f}", str(row.held))]
    assert page.find(id="h-cite") is not None and page.find("a", rel="license") is not None
