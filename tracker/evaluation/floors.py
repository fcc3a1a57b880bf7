"""Floors: the F1 below which no measure may fall. They lie in data/gold/floors.json, in git, and only rise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import floor
from pathlib import Path

from tracker.errors import UnreadableInput
from tracker.evaluation.score import Score

_ROUNDING = 1e-9
"""A floor is rounded down to three places; an F1 that equals it must not fail by the last bit of a float."""


def load_floors(path: Path) -> dict[str, float]:
    """The floors of a file, by measure.

    Raises:
        UnreadableInput: it is missing, or not an object of numbers from 0 to 1.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise UnreadableInput(f"{path}: {exc}") from exc
    if not isinstance(data, dict):
        raise UnreadableInput(f"{path}: expected an object of measures and their floors")
    for key, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise UnreadableInput(f"{path}: {key}: expected a number from 0 to 1")
    return {key: float(value) for key, value in data.items()}


def check_floors(scores: Mapping[str, Score], floors: Mapping[str, float]) -> list[str]:
    """A line for each measure that fell below its floor, or that has a floor and was not measured."""
    fallen = []
    for measure, least in sorted(floors.items()):
        score = scores.get(measure)
        if score is None:
            fallen.append(f"{measure}: not measured, but its floor is {least:.3f}")
        elif score.f1 < least - _ROUNDING:
            fallen.append(f"{measure}: F1 {score.f1:.3f} is below its floor {least:.3f}")
    return fallen


def raise_floors(scores: Mapping[str, Score], floors: Mapping[str, float]) -> dict[str, float]:
    """The floors raised to what was reached, rounded down to three places; none is ever lowered."""
    reached = {measure: floor(score.f1 * 1000 + _ROUNDING) / 1000 for measure, score in scores.items()}
    return {
        measure: max(reached.get(measure, 0.0), floors.get(measure, 0.0)) for measure in sorted({*reached, *floors})
    }


def save_floors(path: Path, floors: Mapping[str, float]) -> None:
    """Write floors as JSON, one measure a line, in order of name."""
    path.write_text(json.dumps(dict(sorted(floors.items())), indent=2) + "\n", encoding="utf-8")
