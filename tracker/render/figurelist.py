"""Figures away from their event's page: of each group of values that agree, the one nearest to its speaker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.render.views import EventView, FigureView, Views
from tracker.render.wording import QUANTITY_KIND_WORDS, span_words
from tracker.types import Event, FigureGroup

MOST_FIGURES = 40
"""Rows of a list; all figures stand on their events' pages and in `tracker export figures`."""


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A group of values that may be one number, by the value nearest to its speaker."""

    event: EventView
    name: str
    view: FigureView
    values: int
    """Figures of the group, `documents` the pages that have them."""
    documents: int
    agreement: str
    """What all of them allow, "" where they are one value."""
    conflicts: int
    """How many conflicts of the event have a value of this group in them."""


def reported_figures(
    views: Views, events: Iterable[Event], keep: Callable[[Event, FigureGroup], bool] = lambda event, group: True
) -> tuple[list[ReportedFigure], int]:
    """(rows in the order of `events`, how many more there are), of the groups that `keep` keeps; none is doubtful."""
    wanted = [
        (event, group)
        for event in events
        for group in event.figure_groups
        if group.figures and not event.figures[group.nearest].is_doubtful and keep(event, group)
    ]
    rows = [row for event, group in wanted[:MOST_FIGURES] if (row := _reported(views, event, group))]
    return rows, max(len(wanted) - MOST_FIGURES, 0)


def _reported(views: Views, event: Event, group: FigureGroup) -> ReportedFigure | None:
    view = views.figure(event.figures[group.nearest])
    if view is None:
        return None
    figures, members = [event.figures[index] for index in group.figures], set(group.figures)
    one_value = len({figure.value for figure in figures}) == 1
    conflicts = [item for item in event.figure_conflicts if members & {item.one, item.other, *item.ones, *item.others}]
    return ReportedFigure(
        event=views.event(event),
        name=QUANTITY_KIND_WORDS[group.kind],
        view=view,
        values=len(figures),
        documents=len({figure.document_id for figure in figures}),
        agreement="" if one_value else span_words(group.low, group.high, group.kind, group.unit),
        conflicts=len(conflicts),
    )
