"""The sample's site, crawled at one instant, for the pages and notebooks that keep its answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tracker.render.database import DATABASE_PATH

EPOCH = "1795219200"
"""The instant of the crawl, 2026-11-21T00:00:00Z: the same answers on every day."""


def crawl_sample(folder: Path) -> Path:
    """The published database of a demo that is run in the folder."""
    command = [sys.executable, "-m", "tracker", "demo", "--dir", str(folder / "demo")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return folder / "demo" / "site" / DATABASE_PATH
