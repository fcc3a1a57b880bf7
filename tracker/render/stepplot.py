"""The plot of a dispute: how it stood on which day, and when whom it accuses is reported to have answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.days import interval_words
from tracker.render.plots import LANE, DayScale, Lane, Mark, Plot, Stroke, percent
from tracker.render.wording import LEDGER_WORDS, STEP_WORDS, count_words, shorten
from tracker.types import Dispute, DisputeStatus, LedgerKind, StatusStep

FEWEST_STEPS = 2
"""With one step there is nothing to see that its words do not say."""
MOST_MARKS = 60
_TOP, _FOOT = -4, 26
_ANSWERS_GAP = 8
_FROM_LOW_TO_HIGH: tuple[DisputeStatus, ...] = (
    "withdrawn", "settled", "closed", "alleged", "repeated_by_government", "under_investigation",
    "in_bill", "admitted", "in_court", "sanctioned",
)  # fmt: skip
"""The lanes from the lowest up: what ends a dispute lies below the allegation."""


@dataclass(frozen=True, slots=True)
class DatedAnswer:
    """An answer of an accused party as the plot marks it; `anchor` is where its words stand on the page."""

    party: str
    kind: LedgerKind
    from_on: date
    to_on: date
    anchor: str


def step_plot(dispute: Dispute, anchors: Sequence[str], answers: Sequence[DatedAnswer]) -> Plot | None:
    """How a dispute stood over time; `anchors` are the places on the page of its steps, in their order.

    The line follows `Dispute.standing`: a step that changed nothing in how it stands is a mark beside the line. None
    where there are fewer than FEWEST_STEPS.
    """
    steps = list(zip(dispute.steps, anchors, strict=True))
    if len(steps) < FEWEST_STEPS:
        return None
    shown, given = steps[-MOST_MARKS:], list(answers)[-MOST_MARKS:]
    scale = _scale(dispute, [answer.from_on for answer in given], [answer.to_on for answer in given])
    lanes = _lanes({step.status for step, _ in steps}, bool(given))
    heights = {lane.kind: lane.y for lane in lanes}
    strokes = _course(_changes(dispute), scale, heights, dispute.changed_on)
    marks = []
    for step, anchor in shown:
        kind = step.status.replace("_", "-")
        when = interval_words(step.from_on, step.to_on)
        strokes += _span(step.from_on, step.to_on, scale, heights[kind])
        marks.append(
            Mark(
                _x(scale, step.from_on),
                heights[kind],
                f"status-{kind}",
                f"#{anchor}",
                f"{STEP_WORDS[step.status]}, {when}",
            )
        )
    for answer in given:
        kind = answer.kind.replace("_", "-")
        words = (
            f"{shorten(answer.party, 80)}: {LEDGER_WORDS[answer.kind]}, {interval_words(answer.from_on, answer.to_on)}"
        )
        strokes += _span(answer.from_on, answer.to_on, scale, heights["answers"])
        marks.append(Mark(_x(scale, answer.from_on), heights["answers"], f"answer-{kind}", f"#{answer.anchor}", words))
    left = len(steps) - len(shown) + len(answers) - len(given)
    return Plot(
        id="plot-steps",
        title="How it stood, by day",
        description="; ".join(mark.words for mark in marks),
        height=max(heights.values()) + _FOOT,
        ticks=scale.ticks(),
        lanes=lanes,
        strokes=tuple(strokes),
        marks=tuple(marks),
        axis="each mark leads to its words",
        note=f"Not drawn: {count_words(left, 'earlier mark')}." if left else "",
    )


def _scale(dispute: Dispute, starts: Sequence[date], ends: Sequence[date]) -> DayScale:
    first = min([*starts, *(step.from_on for step in dispute.steps)])
    last = max([*ends, dispute.changed_on, *(step.to_on for step in dispute.steps)])
    return DayScale(first, max(first, last))


def _lanes(statuses: set[DisputeStatus], answered: bool) -> tuple[Lane, ...]:
    """A lane for each status that there was, the gravest on top, and one for the answers at the foot."""
    named = [status for status in reversed(_FROM_LOW_TO_HIGH) if status in statuses]
    lanes = [
        Lane(_TOP + LANE * number, STEP_WORDS[status], kind=status.replace("_", "-"))
        for number, status in enumerate(named, start=1)
    ]
    if answered:
        lanes.append(
            Lane(
                lanes[-1].y + LANE + _ANSWERS_GAP,
                "answers of the accused, and silence that sources report",
                kind="answers",
            )
        )
    return tuple(lanes)


def _changes(dispute: Dispute) -> list[StatusStep]:
    """The steps that changed how it stands, by day."""
    changes: list[StatusStep] = []
    for number in range(1, len(dispute.steps) + 1):
        standing = replace(dispute, steps=dispute.steps[:number]).standing
        if standing is not None and (not changes or standing is not changes[-1]):
            changes.append(standing)
    return changes[-MOST_MARKS:]


def _course(changes: Sequence[StatusStep], scale: DayScale, heights: dict[str, int], last: date) -> list[Stroke]:
    """The line of how it stood; behind the last day on which anything changed it goes on as a broken one."""
    strokes = []
    for step, after in zip(changes, [*changes[1:], None], strict=True):
        y = heights[step.status.replace("_", "-")]
        x1, x2 = _x(scale, step.from_on), _x(scale, after.from_on if after else max(last, step.from_on))
        strokes.append(Stroke(x1, y, x2, y, "course"))
        if after:
            strokes.append(Stroke(x2, y, x2, heights[after.status.replace("_", "-")], "course"))
        else:
            strokes.append(Stroke(x2, y, "100%", y, "course open"))
    return strokes


def _span(from_on: date, to_on: date, scale: DayScale, y: int) -> list[Stroke]:
    """The days within which something happened, where they are more than one."""
    return [Stroke(_x(scale, from_on), y, _x(scale, to_on), y, "span")] if to_on > from_on else []


def _x(scale: DayScale, day: date) -> str:
    return percent(scale.place(day))
