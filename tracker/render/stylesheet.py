"""The one stylesheet of the site, put together from a file for each part of the design."""

from __future__ import annotations

from tracker.resources import bundled_path


def render_stylesheet() -> bytes:
    """Every `templates/styles/*.css` in order of their names.

    A page asks for one file; who adds a kind of page adds a part and touches no other.
    """
    parts = sorted((bundled_path("templates") / "styles").glob("*.css"))
    return b"\n".join(part.read_bytes() for part in parts)
