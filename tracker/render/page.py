"""What a site is made of before it is rendered: pages by their template, and files by their bytes.

Each kind of page has a module with `list_pages(views)`, which says what pages there are and how the values of each are
made; `tracker.render.site.KINDS` names the modules. Values are made only when their page is rendered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of HTML (or a feed of XML): `path` from the site's top, with "/" between folders."""

    path: str
    template: str
    values: Callable[[], Values]
    is_listed: bool = True
    """Whether the sitemap names it; a page that only says where something went is not named."""
    shows_all: bool = False
    """Whether it shows the whole dataset: it is made anew whenever anything changed. What a page reads is noted while
    it is made, so only what is made together with others, or by a thing with a state, need say so."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that is no page."""

    path: str
    body: Callable[[], bytes]
    shows_all: bool = False
    """As of a page."""
