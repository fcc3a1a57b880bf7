"""`tracker sources check` over the sample web on loopback: what it says, what it switches on, what it leaves alone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands import run_command
from tracker.pipeline.hosts import load_host_records, save_holds
from tracker.ports import Asking
from tracker.resources import bundled_path
from tracker.sampleweb import SampleWeb
from tracker.store import open_store, open_turns

CONFIG = """\
# Mine; do not touch.
data_dir: var
network: {{contact: me@mine.example, per_host_delay_s: 0, retries: 0, resolve: {{"*.example": "{address}"}}, allow_networks: [127.0.0.0/8]}}
sources:
  # the wire
  - name: northwire   # by its feed
    kind: feed
    url: http://northwire.example/feed.xml
    publisher: Northwire
    publisher_type: news
    enabled: false    # until checked
  - name: harbor
    kind: sitemap
    url: http://harborledger.example/sitemap_index.xml
    include: '/(tech|markets)/.+'
    publisher: Harbor Ledger
    publisher_type: news
  - name: ledgerline
    kind: listing
    url: http://ledgerline.example/archive
    items: li.gone
    publisher: Ledgerline Business
    publisher_type: news
  - name: page-for-feed
    kind: feed
    url: http://ledgerline.example/archive
    publisher: Ledgerline Business
    publisher_type: news
    enabled: false
  - {{name: meridian, kind: feed, url: "http://meridianwire.example/atom.xml", publisher: Meridian, publisher_type: news, enabled: no}}
  - name: bill
    kind: congress
    url: http://api.example/v3/bill/119/hr/8283
    publisher: Congress.gov
    publisher_type: government
"""


@pytest.fixture
def web() -> Iterator[SampleWeb]:
    with SampleWeb(bundled_path("data/sample")) as web:
        yield web


@pytest.fixture
def here(tmp_path: Path, web: SampleWeb) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG.format(address=web.address), encoding="utf-8")
    return tmp_path


def check(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_command("sources", "check", *arguments, cwd=cwd, env={"DATA_GOV_API_KEY": None})


def test_each_source_is_told_with_what_to_do(here: Path, web: SampleWeb) -> None:
    result = check(cwd=here)
    assert result.returncode == 3, result.stderr
    for words in (
        "northwire (off)", "works", "li.gone", "correct the selectors", "is an HTML page, not a feed",
        "set the environment variable DATA_GOV_API_KEY", "enabled: true",
    ):  # fmt: skip
        assert words in result.stdout, result.stdout
    asked = [path for host, path, _ in web.requests if host == "northwire.example"]
    assert len(asked) == 3 and asked[:2] == ["/robots.txt", "/feed.xml"], "robots.txt, the list and one page"
    assert not (here / "var").exists(), "nothing is stored"
    assert (
        "switched on" not in result.stderr and "enabled: false    # until checked" in (here / "config.yaml").read_text()
    )


def test_what_works_is_switched_on_and_nothing_else_changes(here: Path) -> None:
    before = (here / "config.yaml").read_text()
    result = check("northwire", "meridian", "--write", cwd=here)
    assert result.returncode == 0, result.stdout + result.stderr
    expected = before.replace("enabled: false    # until", "enabled: true    # until").replace(
        "enabled: no}", "enabled: true}"
    )
    assert (here / "config.yaml").read_text() == expected
    assert "switched on northwire, meridian" in result.stderr
    again = check("northwire", "--write", cwd=here)
    assert again.returncode == 0 and "switched on" not in again.stderr


def test_what_runs_know_of_a_host_holds_for_a_check_and_the_other_way_round(here: Path, web: SampleWeb) -> None:
    config = (here / "config.yaml").read_text()
    (here / "config.yaml").write_text(config.replace("retries: 0", "retries: 0, daily_requests_per_host: 3"))
    now = datetime.now(UTC)
    with open_store(f"sqlite:///{here / 'var' / 'tracker.db'}") as store:
        save_holds(store, {"meridianwire.example": now + timedelta(hours=2)})
    held = check("meridian", cwd=here)
    assert "asked for no request before" in held.stdout and not web.requests
    assert "works" in check("northwire", cwd=here).stdout, "robots.txt, the list and one page: three requests"
    assert "the budget of 3 requests a day" in check("northwire", cwd=here).stdout
    assert len(web.requests) == 3
    with open_store(f"sqlite:///{here / 'var' / 'tracker.db'}") as store:
        assert load_host_records(store, now)["northwire.example"].asked_today == 3
        assert store.load_attempts() == ()


def test_over_a_server_what_other_processes_do_at_the_moment_holds_as_well(
    here: Path, web: SampleWeb, postgres_url: str
) -> None:
    config = (here / "config.yaml").read_text().replace("retries: 0", "retries: 0, daily_requests_per_host: 5")
    (here / "config.yaml").write_text(f"database: {postgres_url}\n{config}")
    with open_turns(postgres_url) as others:
        assert others is not None
        for host in ("northwire.example", "meridianwire.example"):
            for number in range(2):
                key = f"{host}-{number}"
                assert others.take(Asking(host, key, delay_s=0, concurrency=2, daily_requests=5)).verdict == "go"
                others.end(host, key, answered=True, silence=None)
        others.hold("meridianwire.example", 7200)
        assert "asked for no request before" in check("meridian", cwd=here).stdout and not web.requests
        assert "works" in check("northwire", cwd=here).stdout
        assert "the budget of 5 requests a day" in check("northwire", cwd=here).stdout
        assert len(web.requests) == 3
        assert others.take(Asking("northwire.example", "k", 0, 2, daily_requests=5)).verdict == "spent"


def test_as_json(here: Path) -> None:
    (found,) = json.loads(check("northwire", "--format", "json", cwd=here).stdout)
    assert found["verdict"] == "works" and found["items"] == found["dated"] == 5 and found["text_chars"] > 400


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("northwir",), "did you mean northwire"),
        (("--format", "yaml"), "expected one of table, json"),
        (("--write", "--config", "nowhere.yaml"), "which is not there"),
    ],
)
def test_wrong_input_is_named(here: Path, arguments: tuple[str, ...], words: str) -> None:
    result = check(*arguments, cwd=here)
    assert result.returncode == 2 and words in result.stderr, result.stderr
