"""The dataset as a static site: pages of plain HTML that work from a folder, without a server or a script."""

from tracker.render.gates import Kept, check_build, check_site
from tracker.render.record import BuildRecord
from tracker.render.searchable import RECORDS
from tracker.render.site import InMemory, Sink, render_site
from tracker.render.update import Standing, build_site

__all__ = [
    "RECORDS",
    "BuildRecord",
    "InMemory",
    "Kept",
    "Sink",
    "Standing",
    "build_site",
    "check_build",
    "check_site",
    "render_site",
]
