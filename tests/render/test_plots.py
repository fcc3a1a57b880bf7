"""Plots: every mark within its plot and at its words, whatever the values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.render.catalogue import build_catalogue
from tracker.render.engine import load_engine
from tracker.render.figureplot import FEWEST_VALUES, MOST_LANES, figure_plots
from tracker.render.figuretable import build_figure_table
from tracker.render.plots import DayScale, Plot, fit_columns, short_number, value_scale
from tracker.render.views import Views
from tracker.types import Figure, FigureGroup


def place(x: str) -> float:
    assert re.fullmatch(r"\d+\.\d\d%", x), x
    return float(x[:-1])


def drawn(plot: Plot) -> str:
    return str(load_engine().get_template("plots.html").module.draw("../", plot))


def plots_of(*values: tuple[float | None, float | None, str], groups: tuple[FigureGroup, ...] = ()) -> tuple[Plot, ...]:
    """The plots of an event whose figures have these values: (low, high, qualifier)."""
    world = build_world()
    event = next(event for event in world.reconciled.events if event.id == "oma-memo-2025")
    figures = tuple(
        Figure(
            "accounts",
            low,
            high,
            qualifier,
            None,
            f"{low} to {high} <b>accounts</b>",
            "c-memo-1",
            "oma",
            ("kestrel",),
            "memo-1",
        )  # type: ignore[arg-type]
        for low, high, qualifier in values
    )
    changed = replace(event, figures=figures, figure_groups=groups)
    return figure_plots(build_figure_table(Views(build_catalogue(world), Site()), changed))


def test_values_that_lie_far_apart_are_drawn_by_powers_of_ten() -> None:
    (plot,) = plots_of((100, 100, "exact"), (2000, None, "over"), (None, 1_000_000, "under"))
    assert [tick.words for tick in plot.ticks] == ["100", "1,000", "10,000", "100,000", "1 million"]
    assert [place(mark.x) for mark in plot.marks] == [2.0, pytest.approx(33.22, abs=0.02), 98.0]
    assert plot.axis == "each step ten times the last"
    assert {(stroke.x1, stroke.x2) for stroke in plot.strokes} == {(plot.marks[1].x, "100%"), ("0%", "98.00%")}


def test_values_near_each_other_are_drawn_from_nought() -> None:
    (plot,) = plots_of((24000, 24000, "about"), (16000, 24000, "range"), (25000, 25000, "exact"))
    assert [tick.words for tick in plot.ticks] == ["0", "10,000", "20,000", "30,000"]
    assert plot.axis == ""
    assert len(plot.marks) == 4  # both ends of the range
    assert plot.marks[0].link == "documents/memo-1.html#c-memo-1"


def test_below_three_values_the_table_says_it_all() -> None:
    same = (24000.0, 24000.0, "about")
    assert FEWEST_VALUES == 3
    together = FigureGroup("accounts", None, ("kestrel",), (0, 1, 2), 24000, 24000, 0)
    assert plots_of(same, same, same, (5, 5, "exact"), groups=(together,)) == ()
    assert plots_of((0, 0, "exact"), (0, None, "over"), (None, 0, "under")) == ()  # nothing to measure


def test_what_agrees_stands_together_over_what_it_allows() -> None:
    groups = (
        FigureGroup("accounts", None, ("kestrel",), (0, 1), 24000, 25000, 0),
        FigureGroup("accounts", None, ("umbra",), (2,), None, None, 2),
    )
    (plot,) = plots_of((24000, None, "over"), (None, 25000, "under"), (300, 300, "exact"), groups=groups)
    assert [lane.words for lane in plot.lanes if lane.kind == "head"] == ["said of Kestrel AI", "said of Umbra"]
    (band,) = plot.bands
    assert place(band.x) == place(plot.marks[0].x)
    assert place(band.x) + place(band.width) == pytest.approx(place(plot.marks[1].x), abs=0.02)


def test_a_doubtful_value_is_not_drawn_and_that_is_said() -> None:
    world = build_world()
    event = next(event for event in world.reconciled.events if event.id == "oma-memo-2025")
    one = replace(event.figures[0], kind="accounts")
    figures = tuple(replace(one, low=float(n), high=float(n), is_doubtful=n > 10**9) for n in (1, 2, 3, 10**12))
    changed = replace(event, figures=figures)
    (plot,) = figure_plots(build_figure_table(Views(build_catalogue(world), Site()), changed))
    assert len(plot.marks) == 3
    assert "1 doubtful value, in the table" in plot.note


def test_a_plot_is_sound_markup_without_a_style_of_its_own() -> None:
    (plot,) = plots_of((100, 100, "exact"), (2000, None, "over"), (None, 1_000_000, "under"))
    html = drawn(plot)
    html5lib.HTMLParser(strict=True).parseFragment(html)
    assert "style" not in html and "<b>" not in html
    assert html.count("<a ") == len(plot.marks) == 3
    assert 'href="../documents/memo-1.html#c-memo-1"' in html


VALUES = st.floats(0, 1e15, allow_nan=False) | st.integers(0, 10**12).map(float)


@given(
    st.lists(st.tuples(VALUES, VALUES, st.sampled_from(["exact", "range", "over", "under"])), min_size=3, max_size=40)
)
def test_every_mark_lies_within_its_plot(values: list[tuple[float, float, str]]) -> None:
    ends = [
        (
            None if q == "under" else min(low, high),
            low if q == "exact" and low <= high else None if q == "over" else max(low, high),
            q,
        )
        for low, high, q in values
    ]
    for plot in plots_of(*ends):
        places = [mark.x for mark in plot.marks] + [tick.x for tick in plot.ticks]
        assert all(2 <= place(x) <= 98 for x in places)
        assert all(0 < mark.y < plot.height for mark in plot.marks)
        assert len({tick.words for tick in plot.ticks}) == len(plot.ticks) <= 7
        assert len([lane for lane in plot.lanes if lane.kind == "value"]) <= MOST_LANES
        assert ("further value" in plot.note) == (len(values) > MOST_LANES)


@given(st.lists(st.floats(1e-5, 1e15), min_size=1))
def test_larger_values_never_stand_left_of_smaller_ones(values: list[float]) -> None:
    scale = value_scale(values)
    places = [scale.place(value) for value in sorted(values)]
    assert places == sorted(places)
    assert places[0] >= -1e-9 and places[-1] <= 1 + 1e-9


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 40_000))
def test_days_have_few_ticks_in_their_order(first: date, days: int) -> None:
    scale = DayScale(first, first + timedelta(days=days))
    ticks = scale.ticks()
    places = [place(tick.x) for tick in ticks]
    assert 1 <= len(ticks) <= 12
    assert places == sorted(set(places))
    assert all(2 <= x <= 98 for x in places)


def test_round_numbers_read_as_words() -> None:
    assert [short_number(value) for value in (0.0, 0.5, 20000.0, 1.5e6, 2e9)] == [
        "0",
        "0.5",
        "20,000",
        "1.5 million",
        "2 billion",
    ]


@given(st.text(max_size=80), st.integers(4, 60))
def test_words_of_a_lane_take_no_more_room_than_they_have(text: str, columns: int) -> None:
    line = fit_columns(text, columns)
    assert len(line) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in line) <= columns


def test_a_chinese_label_is_cut_at_half_as_many_characters() -> None:
    assert fit_columns("两万四千个虚假账户", 10) == "两万四千…"
    assert fit_columns("nearly 25,000 accounts", 42) == "nearly 25,000 accounts"
