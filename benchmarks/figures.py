"""How every benchmark tells what it measured."""

from __future__ import annotations

import json
from collections.abc import Mapping


def print_figures(figures: Mapping[str, float], ratios: Mapping[str, float], *, as_json: bool) -> None:
    """A line a figure and a ratio; or one JSON object, `{"figures": {...}, "ratios": {...}}`."""
    if as_json:
        print(json.dumps({"figures": figures, "ratios": ratios}))
        return
    for name, value in {**figures, **ratios}.items():
        print(f"{name:44} {value:>12}")
