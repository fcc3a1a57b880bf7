"""The service over a database on a server."""

from __future__ import annotations

from pathlib import Path

from tests.postgres import PASSWORD, PostgresServer
from tests.schedule.conftest import Start, Web, wait_for
from tests.schedule.test_service import run
from tracker.store import open_store


def test_it_is_alone_on_its_database_and_outlives_lost_connections(
    web: Web, start: Start, tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    gate = web.hold("/slow")
    service = start({"wire": "2s", "slow": "1h"}, more=f"database: '{postgres_url}'")
    wait_for(lambda: service.events("collected", "wire"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "config.yaml").write_text((tmp_path / "config.yaml").read_text())
    refused = run(elsewhere, "collect", "wire")
    assert refused.returncode == 2 and f"tracker {service.process.pid} on" in refused.stderr, refused.stderr
    assert PASSWORD not in refused.stderr
    gate.set()
    wait_for(lambda: service.events("collected", "slow"))
    postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tracker%'")
    before = len(service.events("collected", "wire"))
    wait_for(lambda: len(service.events("collected", "wire")) > before)
    assert service.stop() == 0
    assert not (tmp_path / "var" / "tracker.db").exists()
    assert PASSWORD not in (tmp_path / "log").read_text()
    with open_store(postgres_url) as store:
        assert (
            len(store.load_pages([f"http://wire.example/{name}/{n}" for name in ("wire", "slow") for n in range(3)]))
            == 6
        )
