"""How good the extraction is, for the about page: what data/quality.yaml records of text that nothing was fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.yamlfile import load_yaml

_MEANINGS = {
    "relevance": "whether a page is on the matter",
    "mentions": "names, in their place",
    "quantities": "numbers with their kind and qualifier",
    "dates": "dates, resolved to days",
    "claims": "that something is claimed here, and of what kind",
    "claims in full": "the same, with who says it of whom",
    "claim figures": "the numbers of a claim",
    "events": "which claims report one happening",
    "claims published": "claims in full among those sure enough to be shown here",
}


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One kind of thing that is read: of a hundred found so many are right, of a hundred there so many are found."""

    name: str
    meaning: str
    precision: float
    recall: float
    f1: float
    held: int
    """How many there are in the answers."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What one command printed on one day."""

    command: str
    on: date
    documents: int
    rows: tuple[QualityRow, ...]


def load_quality() -> Quality:
    """The recorded figures.

    Raises:
        UnreadableInput: the file came damaged.
    """
    path = bundled_path("data/quality.yaml")
    held = load_yaml(path).data
    try:
        rows = tuple(
            QualityRow(name, _MEANINGS[name], float(row[0]), float(row[1]), float(row[2]), int(row[3]))
            for name, row in held["rows"].items()
        )
        return Quality(held["command"], held["on"], int(held["documents"]), rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableInput(f"{path}: {error!r}; install the tracker again") from error
