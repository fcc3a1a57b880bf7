"""The dataset as a static site: pages of plain HTML that work from a folder, without a server or a script."""

from tracker.render.gates import check_site
from tracker.render.searchable import RECORDS
from tracker.render.site import render_site

__all__ = ["RECORDS", "check_site", "render_site"]
