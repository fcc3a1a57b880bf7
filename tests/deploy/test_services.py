"""The services of compose.yaml as processes of one machine: their own command lines over one database and one folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.deploy.test_container import HOME, OURS, filled
from tests.schedule.conftest import ENVIRON, Web, wait_for, web
from tracker.probe import probe

__all__ = ["web"]
CONFIG = """
network: {{retries: 0, per_host_delay_s: 0, allow_networks: [127.0.0.0/8], resolve: {{'*.example': '127.0.0.1:{port}'}}}}
schedule: {{settle: 0s}}
site: {{search: false}}
sources: [{{name: wire, kind: feed, url: 'http://wire.example/wire', publisher: W, publisher_type: news, every: 1h}}]
"""


class Machine:
    """A folder for the volume, and the environment of the services."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.environ = folder, {**ENVIRON, "TRACKER_DATABASE": database, "COLUMNS": "200"}

    def command(self, service: str) -> list[str]:
        """The service's command with its paths in the folder, and any free port of this machine for its own."""
        parts = [filled(str(part)).replace(HOME, str(self.folder)) for part in OURS[service]["command"]]
        parts = [
            {"9464": "0", "0.0.0.0": "127.0.0.1", "/backup": str(self.folder.parent / "kept")}.get(part, part)
            for part in parts
        ]
        return [sys.executable, "-m", "tracker", *parts, *(("--port", "0") if service == "serve" else ())]

    def run(self, service: str) -> str:
        done = subprocess.run(
            self.command(service),
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, service: str) -> Iterator[str]:
        """The address at which the service answers; stopped as an engine does it, it ends with 0."""
        log = self.folder.parent / f"{service}.log"
        with log.open("wb") as told, subprocess.Popen(
            self.command(service), cwd=self.folder, env=self.environ, stdout=told, stderr=told
        ) as process:  # fmt: skip
            try:
                wait_for(
                    lambda: process.poll() is not None or re.search(r"http://127\.0\.0\.1:\d+/", log.read_text()), 120
                )
                found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
                assert found is not None, log.read_text()
                yield found[0]
                process.terminate()
                assert process.wait(60) == 0, log.read_text()
            finally:
                process.kill()


def documents_at(address: str) -> list[object]:
    """What the site that is served has."""
    with urlopen(f"{address}/api/v1/documents", timeout=30) as answer:
        return list(json.loads(answer.read())["data"])


@pytest.mark.slow
def test_from_an_empty_server_to_a_site_that_is_served(web: Web, postgres_url: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.yaml").write_text(CONFIG.format(port=web.server.port))
    machine = Machine(home, postgres_url)
    assert "schema" in machine.run("upgrade")
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(machine.running(name)) for name in ("scheduler", "worker")}
        wait_for(lambda: (home / "site" / "data" / "tracker.db").is_file(), 240)
        addresses["serve"] = stack.enter_context(machine.running("serve"))
        for name, address in addresses.items():
            path = OURS[name]["healthcheck"]["test"][-1].rpartition("/")[2]
            wait_for(lambda url=f"{address}/{path}": probe(url) is None)  # type: ignore[misc]
        # The first site may have been made before the first page was read.
        wait_for(lambda: len(documents_at(addresses["serve"])) == 3, 120)
        machine.run("backup")
    assert not (home / "var" / "tracker.db").exists(), "the database is the server's"
    assert (tmp_path / "kept" / "tracker.db").is_file()
    told = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines()]
    assert {"worker", "stopped"} <= {event["event"] for event in told}
    assert os.environ.get("TRACKER_DATABASE") is None
