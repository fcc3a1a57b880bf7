"""What supervisors ask: does it live, can it answer."""

from __future__ import annotations

from pathlib import Path

from tests.serve.asking import get
from tests.serve.conftest import running
from tracker.serve.serving import Serving


def test_a_server_over_a_site_lives_and_is_ready(server: str) -> None:
    assert get(f"{server}/healthz").text == "ok\n"
    ready = get(f"{server}/readyz")
    assert (ready.status_code, ready.json()["status"], ready.json()["schema"]) == (200, "ready", "1")


def test_without_a_database_it_lives_but_is_not_ready_and_says_no_path(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("a site")
    with running(Serving(tmp_path)) as address:
        assert get(f"{address}/healthz").status_code == 200
        ready = get(f"{address}/readyz")
    assert ready.status_code == 503
    assert str(tmp_path) not in ready.text
