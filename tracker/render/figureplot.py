"""The plot of an event's figures: every reported value of a kind on one axis, those that agree together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tracker.render.figuretable import FigureRow, FigureTable, GroupView
from tracker.render.plots import (
    LANE,
    Band,
    Lane,
    Mark,
    Plot,
    Stroke,
    ValueScale,
    can_be_drawn,
    percent,
    percent_width,
    value_scale,
)
from tracker.render.wording import count_words
from tracker.types import Figure

FEWEST_VALUES = 3
"""Below this the table says it all."""
MOST_LANES = 16
_HEAD, _TIGHT = 38, 16
"""Pixels down to a group's own words, and by how much its first value stands nearer to these than to another lane."""
_FIRST_HEAD, _FOOT = 18, 26


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of a group, in the words of the row nearest to its speaker, and how many further rows give it."""

    row: FigureRow
    more: int
    gone: bool
    """Whether every page that had it has taken it out."""


def figure_plots(table: FigureTable) -> tuple[Plot, ...]:
    """A plot for each kind and unit of which the event has at least FEWEST_VALUES different values.

    What is of no kind (votes, campaigns) has no axis in common.
    """
    plots = (figure_plot(groups) for groups in _by_kind(table.groups) if groups[0].rows[0].view.figure.kind != "other")
    return tuple(plot for plot in plots if plot)


def figure_plot(groups: Sequence[GroupView]) -> Plot | None:
    """The values of `groups`, all of one kind and unit, by group; None where there are too few to compare.

    Doubtful values are left out: they would squeeze all others into a corner. The note says how many.
    """
    rows = [row for group in groups for row in (*group.rows, *group.more)]
    doubtful = sum(row.view.figure.is_doubtful for row in rows)
    values = [(group, found) for group in groups if (found := _values(group))]
    count = sum(len(found) for _, found in values)
    ends = [end for _, found in values for value in found for end in _ends(value.row.view.figure)]
    if count < FEWEST_VALUES or not can_be_drawn(ends):
        return None
    drawn, left = _within(values, MOST_LANES)
    drawing = _draw(drawn, value_scale(ends))
    figure = drawn[0][1][0].row.view.figure
    legend = ["Dashed: the value leaves that end open."] if drawing.is_open else []
    legend += ["Shaded: what all values of a group allow."] if drawing.bands else []
    absent = [count_words(left, "further value")] if left else []
    absent += [count_words(doubtful, "doubtful value")] if doubtful else []
    return Plot(
        id=f"plot-{figure.kind}-{figure.unit.lower()}" if figure.unit else f"plot-{figure.kind}",
        title=f"{groups[0].name.capitalize()} as reported" + (f", in {figure.unit}" if figure.unit else ""),
        description="; ".join(dict.fromkeys(mark.words for mark in drawing.marks)),
        height=drawing.y + _FOOT,
        ticks=drawing.scale.ticks(),
        lanes=tuple(drawing.lanes),
        strokes=tuple(drawing.strokes),
        marks=tuple(drawing.marks),
        bands=tuple(drawing.bands),
        axis="each step ten times the last" if drawing.scale.is_log else "",
        note=" ".join([*legend, *([f"Not drawn: {' and '.join(absent)}, in the table."] if absent else [])]),
    )


def _by_kind(groups: Sequence[GroupView]) -> list[list[GroupView]]:
    def key(group: GroupView) -> tuple[str, str]:
        figure = group.rows[0].view.figure
        return figure.kind, figure.unit or ""

    return [list(found) for _, found in groupby(sorted(groups, key=key), key=key)]


def _values(group: GroupView) -> list[_Value]:
    """The different values of a group that can be drawn, in its order."""
    same: dict[tuple[object, ...], list[FigureRow]] = {}
    for row in (*group.rows, *group.more):
        figure = row.view.figure
        if _ends(figure) and min(_ends(figure)) >= 0 and not figure.is_doubtful:
            same.setdefault(figure.value, []).append(row)
    return [
        _Value(rows[0], len(rows) - 1, all(row.view.withdrawn_after is not None for row in rows))
        for rows in same.values()
    ]


def _ends(figure: Figure) -> list[float]:
    return [end for end in (figure.low, figure.high) if end is not None]


def _within(
    values: Sequence[tuple[GroupView, list[_Value]]], room: int
) -> tuple[list[tuple[GroupView, list[_Value]]], int]:
    """(the first `room` values, how many are left)."""
    kept, left = [], 0
    for group, found in values:
        if room > 0:
            kept.append((group, found[:room]))
        left += max(len(found) - max(room, 0), 0)
        room -= len(found)
    return kept, left


@dataclass
class _Drawing:
    """A plot as it grows from the top down."""

    scale: ValueScale
    y: int = 0
    lanes: list[Lane] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether any of its values has an open end."""
        return any("open" in stroke.kind for stroke in self.strokes)

    def add_head(self, group: GroupView) -> None:
        """Whom the values below are said of."""
        self.y += _HEAD if self.lanes else _FIRST_HEAD
        scope = ", ".join(party.name for party in group.scope)
        self.lanes.append(Lane(self.y, f"said of {scope}" if scope else "tied to nobody by name", kind="head"))
        self.y -= _TIGHT

    def add_band(self, group: GroupView, lanes: int) -> None:
        """The stretch that all values of a group allow."""
        if group.low is None or lanes < 2:
            return
        share = self.scale.place(group.low), self.scale.place(self.scale.high if group.high is None else group.high)
        self.bands.append(Band(percent(share[0]), percent_width(*share), self.y + 4, LANE * lanes))

    def add_value(self, value: _Value) -> None:
        """A value in its own lane."""
        self.y += LANE
        view, figure = value.row.view, value.row.view.figure
        outlet = view.document.publisher + (f" and {value.more} more" if value.more else "")
        lost = "any source" if figure.standing == "nowhere" else "the page"
        outlet += f" (no longer in {lost})" if value.gone else ""
        self.lanes.append(Lane(self.y, view.words, outlet, view.language, "value"))
        self.strokes.extend(_extent(figure, self.scale, self.y))
        said = f"{view.value}: “{view.words}”, {outlet}"
        kinds = [figure.qualifier, "gone" if value.gone else "", "nearest" if value.row.is_nearest else ""]
        for end in dict.fromkeys(_ends(figure)):
            self.marks.append(
                Mark(percent(self.scale.place(end)), self.y, " ".join(filter(None, kinds)), view.path, said)
            )


def _draw(values: Sequence[tuple[GroupView, list[_Value]]], scale: ValueScale) -> _Drawing:
    drawing = _Drawing(scale)
    for group, found in values:
        if len(values) > 1:
            drawing.add_head(group)
        drawing.add_band(group, len(found))
        for value in found:
            drawing.add_value(value)
    return drawing


def _extent(figure: Figure, scale: ValueScale, y: int) -> list[Stroke]:
    """What a value leaves open: to the right where it has no upper end, to the left where it has no lower one."""
    if figure.low is not None and figure.high is not None:
        if figure.low == figure.high:
            return []
        return [Stroke(percent(scale.place(figure.low)), y, percent(scale.place(figure.high)), y, "extent")]
    if figure.low is not None:
        kind = "extent open" if figure.qualifier in ("over", "vague") else ""
        return [Stroke(percent(scale.place(figure.low)), y, "100%", y, kind)] if kind else []
    if figure.high is not None:
        return [Stroke("0%", y, percent(scale.place(figure.high)), y, "extent open")]
    return []
