"""Pages at addresses of what is no more: they lead to where it went, or say who withheld it and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from tracker.render.page import Page, Values
from tracker.render.paths import dispute_path, event_path
from tracker.render.views import Views
from tracker.types import is_dispute_id


def list_pages(views: Views) -> Iterator[Page]:
    """A page for each event or dispute that was merged into another or that people hid."""
    yield from _list_moved(views)
    yield from _list_withheld(views)


def _list_moved(views: Views) -> Iterator[Page]:
    """A page for each that was merged into another; one that stands again needs none."""
    catalogue = views.catalogue
    titles = {event.id: event.title for event in catalogue.events}
    titles |= {dispute.id: dispute.title for dispute in catalogue.disputes}
    targets = dict(catalogue.redirects)
    for old in targets:
        if old not in titles:
            path = dispute_path(old) if is_dispute_id(old) else event_path(old)
            yield Page(path, "moved.html", partial(_moved_values, old, targets, titles), is_listed=False)


def _moved_values(old: str, targets: Mapping[str, str], titles: Mapping[str, str]) -> Values:
    new, seen = old, {old}
    while new in targets and new not in titles:
        new = targets[new]
        if new in seen:
            break
        seen.add(new)
    found = new in titles
    is_dispute = is_dispute_id(old)
    path_of = dispute_path if is_dispute else event_path
    target = path_of(new) if found else "disputes/index.html" if is_dispute else "index.html"
    what = "dispute" if is_dispute else "event"
    return {"target": target, "title": titles.get(new, ""), "found": found, "what": what}


def _list_withheld(views: Views) -> Iterator[Page]:
    """A page for each event that people hid, which says so; links to it keep working."""
    shown = {event.id for event in views.catalogue.events}
    for event_id, edit in views.edits.withheld().items():
        if event_id not in shown:
            yield Page(event_path(event_id), "withheld.html", partial(dict, edit=edit), is_listed=False)
