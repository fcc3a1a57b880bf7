"""`tracker digest run`, `log`, `show` and `retry` as somebody types them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands import run_command
from tests.digest.editions import edition, story
from tests.reconcile.builders import about, charge
from tests.subscriptions.made import NOW, message, subscriber
from tests.subscriptions.mailserver import MailSink, mail_server
from tracker.render.database import DATABASE_PATH
from tracker.store import SendLock
from tracker.store.subscriptions import open_subscriptions
from tracker.types.watching import WatchRule

TOLD = charge(
    "Lumen accused Garnet of copying Prism with about 24,000 accounts.",
    figures=(about("accounts", 24_000),),
    on="2026-03-01",
)
MORE = charge(
    "Garnet copied Prism with 31,000 accounts, Lumen said.", figures=(about("accounts", 31_000),), on="2026-03-01"
)


class Place:
    """A folder with a configuration, a site, subscribers and a mail server."""

    def __init__(self, folder: Path, sink: MailSink, port: int) -> None:
        self.folder, self.sink = folder, sink
        self.address = f"sqlite:///{folder / 'var' / 'subscribers.db'}"
        (folder / "config.yaml").write_text(
            "data_dir: var\nsite: {out: site, base_url: 'https://tracker.example/'}\ndigests:\n"
            f"  mail: {{host: 127.0.0.1, port: {port}, security: none, sender: Tracker <news@tracker.example>}}\n"
        )

    def publish(self, body: bytes) -> None:
        path = self.folder / "site" / DATABASE_PATH
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def tracker(self, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        result = run_command("digest", *arguments, cwd=self.folder)
        assert result.returncode == status, result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        return result


@pytest.fixture(scope="module")
def editions() -> tuple[bytes, bytes]:
    first = edition(story("a", TOLD))
    return first.body, edition(story("a", TOLD), story("b", MORE), after=first).body


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    sink = MailSink()
    with mail_server(sink) as mail:
        yield Place(tmp_path, sink, mail.port)


@pytest.fixture
def told(place: Place, editions: tuple[bytes, bytes]) -> Place:
    """Two subscribers who have something to be told."""
    place.publish(editions[0])
    with open_subscriptions(place.address) as store:
        for number in (1, 2):
            store.save_subscriber(subscriber(number, rules=(WatchRule(entities=("garnet",)),)))
    assert "nothing new" in place.tracker("run").stdout, "nobody is told all that was"
    place.publish(editions[1])
    return place


def test_without_subscribers_it_says_how_to_add_one_and_makes_no_database(place: Place) -> None:
    assert "tracker subscribers add" in place.tracker("run").stdout
    for command in (["log"], ["show", "1"], ["retry", "1"]):
        assert "no subscribers yet" in place.tracker(*command, status=2).stderr
    assert not (place.folder / "var").exists()


def test_a_run_tells_who_is_due_and_the_log_says_so(told: Place) -> None:
    ran = told.tracker("run")
    assert "cut        2 digests, 0 subscribers for whom nothing changed" in ran.stdout
    assert "send       2 accepted of 2 tried" in ran.stdout
    assert len(told.sink.ids) == 2
    assert "nothing new" in told.tracker("run").stdout and len(told.sink.ids) == 2
    log = told.tracker("log").stdout
    assert log.count("sent") == 2 and "reader 1" in log and "Garnet" in log
    records = json.loads(told.tracker("log", "--format", "json", "--subscriber", "reader 2").stdout)
    assert [(item["subscriber"], item["state"], item["tries"]) for item in records] == [("reader 2", "sent", 1)]
    raw = told.tracker("show", str(records[0]["id"]), "--raw").stdout
    (body,) = [item[2] for item in told.sink.taken if item[1] == "reader-2@desk.example"]
    assert raw.splitlines() == body.decode().splitlines()
    shown = told.tracker("show", str(records[0]["id"])).stdout
    assert "reader-2@desk.example" in shown and "250 2.0.0 taken" in shown and "sent, 1 try" in shown


def test_an_edition_that_lost_its_events_is_told_to_nobody_until_it_is_accepted(told: Place) -> None:
    told.publish(edition().body)
    refused = told.tracker("run", status=3)
    assert "1 of the 1 events" in refused.stdout + refused.stderr
    assert told.sink.taken == []
    assert "--send-only looks at no edition" in told.tracker("run", "--send-only", "--accept-edition", status=2).stderr
    told.tracker("run", "--accept-edition")
    assert len(told.sink.ids) == 2


def test_cut_and_send_apart(told: Place) -> None:
    assert "2 digests" in told.tracker("run", "--cut-only").stdout and told.sink.taken == []
    assert "pending" in told.tracker("log", "--state", "pending").stdout
    sent = told.tracker("run", "--send-only").stdout
    assert "2 accepted of 2 tried" in sent and "cut" not in sent
    assert "take one of them" in told.tracker("run", "--cut-only", "--send-only", status=2).stderr


def test_who_could_not_be_told_is_named_and_told_after_a_retry(told: Place) -> None:
    told.sink.at_address["reader-1@desk.example"].append("550 5.1.1 no such user")
    ran = told.tracker("run", status=3)
    assert "1 accepted of 2 tried" in ran.stdout
    assert "reader 1: refused: 550 5.1.1 no such user; the subscriber is disabled (tracker digest show 1)" in ran.stderr
    log = told.tracker("log", "--state", "refused").stdout
    assert "disabled: reader 1: 550 5.1.1 no such user" in log
    assert "is sent; only what is dead or refused" in told.tracker("retry", "2", status=2).stderr
    again = told.tracker("retry", "1").stdout
    assert "reader 1 is active again" in again and "tracker digest run --send-only" in again
    assert "1 accepted of 1 tried" in told.tracker("run").stdout
    shown = json.loads(told.tracker("show", "1", "--format", "json").stdout)
    assert [(item["outcome"], item["code"]) for item in shown["attempts"]] == [("refused", 550), ("sent", 250)]


def test_a_site_that_is_not_published_yet_keeps_no_confirmation_back(place: Place) -> None:
    asked = subscriber(1, state="pending")
    with open_subscriptions(place.address) as store:
        store.save_subscriber(asked)
        store.save_message("s-1", replace(message(asked, "Confirm"), kind="confirmation"), NOW)
    ran = place.tracker("run", status=3)
    assert "tracker publish" in ran.stderr and "1 accepted of 1 tried" in ran.stdout and len(place.sink.taken) == 1


def test_a_cut_that_fails_keeps_nothing_back_that_waits_and_is_told(told: Place) -> None:
    with open_subscriptions(told.address) as store:
        person = store.load_subscribers()[0]
        store.save_message(person.id, replace(message(person, "Confirm"), kind="confirmation"), NOW)
    with closing(sqlite3.connect(told.folder / "var/subscribers.db")) as connection, connection:
        connection.execute("DROP TABLE fact")
    assert run_command("digest", "run", cwd=told.folder).returncode != 0
    assert len(told.sink.taken) == 1


def test_a_second_sender_is_told_that_there_is_one(told: Place) -> None:
    with SendLock(told.folder / "var", told.address).hold():
        refused = told.tracker("run", status=2)
    assert "process" in refused.stderr and told.sink.taken == []
    assert "2 accepted of 2 tried" in told.tracker("run").stdout, "what was cut is sent"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["log", "--state", "lost"], "pending"),
        (["log", "--since", "June"], "2026-06-01"),
        (["log", "--subscriber", "nobody"], "no subscriber 'nobody'"),
        (["show", "99"], "no delivery 99"),
        (["show", "one"], "ID"),
        (["retry", "99"], "no delivery 99"),
    ],
)
def test_what_is_typed_wrong_is_told(told: Place, arguments: list[str], said: str) -> None:
    assert said in told.tracker(*arguments, status=2).stderr


def test_an_erased_subscribers_message_is_gone(told: Place) -> None:
    told.tracker("run")
    with open_subscriptions(told.address) as store:
        store.erase_subscriber("s-1", NOW)
    assert "was erased" in told.tracker("show", "1", "--raw", status=2).stderr
    assert "(erased)" in told.tracker("log").stdout
