"""Files beside the pages: the data of all events, what robots are told, and what pages load."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tracker.render import machine
from tracker.render.find import timeline_data
from tracker.render.page import DataFile
from tracker.render.stylesheet import render_stylesheet
from tracker.render.views import Views
from tracker.resources import bundled_path

ASSETS = ("icon.svg", "find.js")


def list_pages(views: Views) -> Iterator[DataFile]:
    """The events as JSON and for the finder, robots.txt, and the assets. The sitemap needs all pages: `render.site`."""
    yield DataFile("data/events.json", partial(machine.events_json, views.catalogue))
    yield DataFile("data/timeline.js", partial(timeline_data, views))
    yield DataFile("robots.txt", partial(machine.robots_txt, views.site.base_url))
    yield DataFile("assets/site.css", render_stylesheet)
    folder = bundled_path("templates") / "assets"
    for name in ASSETS:
        yield DataFile(f"assets/{name}", (folder / name).read_bytes)
