"""Whether a fleet whose workers are killed again and again ends where an undisturbed run in one process does.

A loopback web of invented papers is collected, read, extracted, reconciled and published by workers
over a real PostgreSQL that writes to the disk what it says it has written. Every few seconds a worker is killed and
started again; the database is restarted twice, once politely and once by killing it. Then what is left is
drained, and rows and site are compared with those of `tracker run` on SQLite, byte for byte, under a clock that stands.
What is left out is where in the archive a page was written, the logs of how it went, and the name of an event, which
it keeps from when its first document came (chaos_results.py).

usage: chaos.py [--seconds 120] [--workers 4] [--seed N] [--every SECONDS] [--stories 600] [--keep FOLDER]
Ends with 0 where nothing differs, with 1 and what differs else.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.chaos_fleet import Blow, Chaos, Outcome, standing_clock
from benchmarks.chaos_results import differences, level, publish, reconcile_anew, rows_of, site_differences
from benchmarks.scale_web import papers, sources_of
from tests.postgres import restartable_server
from tracker.app import open_app
from tracker.config import load_settings
from tracker.ports.work import Wanted

EPOCH = 1_790_000_000
"""The second at which all clocks stand: in September 2026, behind the last of the stories."""
_FIRST_BLOW_S = 3.0


def plan(seconds: float, workers: int, seed: int, every_s: float) -> list[Blow]:
    """What is done when: a worker every few seconds, the database after a third and after two thirds of the time."""
    chance = random.Random(seed)
    blows = [Blow(seconds / 3, "fast"), Blow(seconds * 2 / 3, "kill")]
    at_s = _FIRST_BLOW_S
    while at_s < seconds:
        blows.append(Blow(at_s, "worker", chance.randrange(workers)))
        at_s += chance.uniform(0.5, 1.5) * every_s
    return sorted(blows, key=lambda blow: blow.at_s)


def write_config(folder: Path, port: int, papers_told: int, database: str | None, delay_s: float) -> Path:
    """A configuration over the papers, in its own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "data_dir": "var",
        **({"database": database, "workers": {"stalled_after": "3s"}} if database else {}),
        "site": {"out": "site", "base_url": "https://tracker.example/", "search": False, "workers": 1},
        "schedule": {"settle": "1s"},
        "network": {
            "resolve": {"*.example": f"127.0.0.1:{port}"},
            "allow_networks": ["127.0.0.0/8"],
            "per_host_delay_s": delay_s,
            "daily_requests_per_host": 1_000_000,
        },
        "sources": sources_of(papers_told),
    }
    path = folder / "config.yaml"
    path.write_text(json.dumps(settings), "utf-8")
    return path


def compare(fleet: Path, calm: Path, outcome: Outcome) -> None:
    """Add what differs between the result of the fleet and that of the undisturbed run."""
    ours, theirs = load_settings(fleet / "config.yaml"), load_settings(calm / "config.yaml")
    of_fleet, of_calm = rows_of(ours.database_url), rows_of(theirs.database_url)
    outcome.rows = {name: len(held) for name, held in of_fleet.items()}
    outcome.faults += differences(of_fleet, of_calm)
    publish(ours, fleet / "again")
    stale = site_differences(fleet / "site", fleet / "again")
    outcome.faults += [
        f"the fleet's own site is not that of its store: {len(stale)} files, such as {stale[:3]}"
    ] * bool(stale)
    for settings, folder in ((ours, fleet), (theirs, calm)):
        level(settings.database_url)
        reconcile_anew(settings)
        publish(settings, folder / "levelled")
    other = site_differences(fleet / "levelled", calm / "levelled")
    outcome.faults += [f"the sites differ: {len(other)} files, such as {other[:5]}"] * bool(other)
    if not of_fleet["event"] or not (fleet / "levelled" / "index.html").is_file():
        outcome.faults.append("nothing was published, so nothing was compared")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _defer_turns(folder: Path) -> None:
    """Let each source have its turn."""
    with open_app(load_settings(folder / "config.yaml"), shared=True) as app:
        names = [source.name for source in app.settings.sources]
        app.store.work.defer([Wanted("collect", name, {"source": name}) for name in names])


@dataclass(frozen=True)
class Size:
    """How much there is to do, by whom, for how long."""

    seconds: float = 120.0
    workers: int = 4
    stories: int = 600
    sources: int = 8
    delay_s: float = 1.0
    """Between two requests to one host."""
    patience_s: float = 2.0
    """So long a worker that is to be killed is given to have something in hand."""


def run_chaos(folder: Path, blows: list[Blow], size: Size, tell: Callable[[str], None] = lambda line: None) -> Outcome:
    """The whole of it, in a folder of its own."""
    calm, fleet = folder / "calm", folder / "fleet"
    with papers(size.stories, size.sources) as port, restartable_server() as server, server.server.database() as url:
        write_config(calm, port, size.sources, None, 0)
        with standing_clock(EPOCH), open_app(load_settings(calm / "config.yaml")) as app:
            app.run(app.settings.select_sources(None))
        tell("the undisturbed run has ended; the fleet starts")
        write_config(fleet, port, size.sources, url, size.delay_s)
        chaos = Chaos(fleet, server, url, size.workers, size.patience_s, EPOCH, tell)
        _defer_turns(fleet)
        try:
            chaos.run(blows, size.seconds)
            tell("no more blows; what is left is drained")
            chaos.drain()
        finally:
            for one in chaos.workers:
                if one.process is not None and one.process.poll() is None:
                    one.kill()
        with standing_clock(EPOCH):
            compare(fleet, calm, chaos.outcome)
    return chaos.outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    usual = Size()
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long the fleet is disturbed")
    parser.add_argument("--workers", type=int, default=usual.workers)
    parser.add_argument("--seed", type=int, default=1, help="which workers are killed when")
    parser.add_argument("--every", type=float, default=5, help="seconds between two kills, on average")
    parser.add_argument("--stories", type=int, default=usual.stories)
    parser.add_argument("--sources", type=int, default=usual.sources)
    parser.add_argument("--delay", type=float, default=usual.delay_s, help="seconds between two requests to one host")
    parser.add_argument(
        "--patience", type=float, default=usual.patience_s, help="seconds that a worker is given to have a job in hand"
    )
    parser.add_argument("--keep", type=Path, help="keep databases, logs and sites here")
    given = parser.parse_args()
    blows = plan(given.seconds, given.workers, given.seed, given.every)
    size = Size(given.seconds, given.workers, given.stories, given.sources, given.delay, given.patience)
    with _folder(given.keep) as folder:
        outcome = run_chaos(folder, blows, size, lambda line: print(line, flush=True))
    print(", ".join(f"{count} {name}" for name, count in outcome.rows.items()))
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    print(f"{len(outcome.blows)} blows, {len(outcome.faults)} faults; seed {given.seed}")
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()
