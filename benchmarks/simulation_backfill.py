"""All of an archive through the screen, as a flow: what takes how long, for benchmarks/simulate.py."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.simulation_costs import DAY_S, Costs, Machines

_PIECES = 200
_OF_A_KEPT_PAGE = 2
"""Transactions in which a page out of an archive is kept: what points at it, and the page."""


@dataclass(frozen=True)
class NewsArchive:
    """What there is to screen."""

    files: int
    records: float
    bytes: float
    """As they lie, compressed."""


CC_NEWS = NewsArchive(files=48_978, records=1.357e9, bytes=48_978 * 1.0727e9)
"""August 2016 to April 2026; docs/scale.md says where from."""


@dataclass(frozen=True)
class Backfilled:
    """What it takes."""

    days: float
    days_of: dict[str, float]
    """What each resource alone would take."""
    kept: float
    relevant: float
    archive_bytes: float
    database_bytes: float
    build_s: float
    build_gb: float

    @property
    def bottleneck(self) -> str:
        """What takes longest."""
        return max(self.days_of, key=lambda name: self.days_of[name])


def backfill(
    archive: NewsArchive, machines: Machines, costs: Costs, *, kept: float, relevant: float, line_gbit_s: float = 10.0
) -> Backfilled:
    """Screen everything, keep the share `kept` of it, of which `relevant` is on the matter once it is read.

    All resources work side by side, so the whole takes as long as the one that takes longest; the site is built at the
    end. What reconciling costs is summed up as the store grows.

    Raises:
        ValueError: shares that are none, or nothing to screen.
    """
    if not (0 <= kept <= 1 and 0 <= relevant <= 1) or archive.records <= 0 or line_gbit_s <= 0:
        raise ValueError(
            f"shares of {kept} and {relevant}, {archive.records} records: shares from 0 to 1, the rest above 0"
        )
    pages = archive.records * kept
    piece = pages / _PIECES
    reconciling = sum(piece * costs.reconcile_s(relevant, relevant * piece * (n + 0.5)) for n in range(_PIECES))
    keeping = costs.held_s("visits_1", machines) + costs.held_s("sightings_new", machines)
    lock = pages * (
        keeping * _OF_A_KEPT_PAGE / 2
        + costs.lock_s("readings", machines, 32)
        + costs.lock_s("extractions", machines, 32)
        + relevant * costs.lock_s("change", machines, 25)
    )
    each = costs.stage_s("read") + costs.extract_s(relevant) + keeping
    cpu = archive.records * costs.ms("screen_ms") + pages * each + reconciling
    on, off = pages * relevant, pages * (1 - relevant)
    seconds = {
        "cores": cpu / machines.cores,
        "writer's lock": lock,
        "reconciling": reconciling,
        "line": archive.bytes * 8 / (line_gbit_s * 1e9),
    }
    build = costs.publish("whole", "s", on, off)
    of_page = costs.bytes_of("page", "sighting", "document", "version", "extraction", "attempt")
    of_result = costs.figures["sqlite_bytes_of_a_result"] * (2 if costs.kind == "postgresql" else 1)
    return Backfilled(
        days=(max(seconds.values()) + build) / DAY_S,
        days_of={name: value / DAY_S for name, value in seconds.items()} | {"publishing": build / DAY_S},
        kept=pages,
        relevant=on,
        archive_bytes=pages * costs.figures[f"{costs.kind}_archive_bytes"],
        database_bytes=pages * of_page + on * of_result,
        build_s=build,
        build_gb=costs.publish("peak", "mb", on, off) / 1e3,
    )
