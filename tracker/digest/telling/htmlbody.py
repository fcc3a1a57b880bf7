"""The HTML part of our mail: the one door for css-inline. Nothing in it is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import css_inline

from tracker.digest.telling.shown import ShownDigest
from tracker.render.engine import load_engine, render


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


def html_of(shown: ShownDigest, subject: str) -> str:
    """A digest's HTML, its style in its tags; what narrow and dark screens need besides stays in the head."""
    values = {"title": subject, "preheader": shown.summary, "site": shown.site, "shown": shown}
    return inlined("digest/digest.html", values)


def inlined(template: str, values: Mapping[str, Any]) -> str:
    """A page of templates/digest with its style sheet put into its tags."""
    return _inliner().inline(render(load_engine(), template, values).decode())
