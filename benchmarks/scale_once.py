"""One run of all stages over a configuration, as `tracker run` does it: a line of JSON for each stage when it is done.

usage: scale_once.py CONFIG
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tracker.app import App, open_app
from tracker.config import load_settings


def main() -> None:
    with open_app(load_settings(Path(sys.argv[1]))) as app:
        _tell("start", 0)
        sources = app.collect(app.due(app.settings.select_sources(None)))
        failed = [report for report in sources if report.failure]
        if failed:
            sys.exit(f"{len(failed)} sources failed, the first: {failed[0]}")
        _tell("collect", sum(report.new for report in sources))
        for name in ("read", "extract", "reconcile", "publish"):
            _tell(name, _stage(app, name))


def _stage(app: App, name: str) -> int:
    report = getattr(app, name)()
    if report.problems:
        sys.exit(f"{name}: {len(report.problems)} problems, the first: {report.problems[0]}")
    return int(report.done)


def _tell(stage: str, done: int) -> None:
    """So many are done, and so many seconds of the processor were used so far, by ended child processes too."""
    print(json.dumps({"stage": stage, "done": done, "cpu_s": sum(os.times()[:4])}), flush=True)


if __name__ == "__main__":
    main()
