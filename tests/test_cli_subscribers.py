"""`tracker subscribers` as it is typed, over a real database of subscribers and a published site."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.render.conftest import build_world
from tracker.cli import app
from tracker.config import Site
from tracker.errors import InputError
from tracker.render.database import make_database
from tracker.store.subscriptions import open_subscriptions
from tracker.types.watching import WatchRule

CONSENT = ("--confirmed-by", "joe", "consent on file")
DATABASE = make_database(build_world(), Site())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "site/data").mkdir(parents=True)
    (tmp_path / "site/data/tracker.db").write_bytes(DATABASE)
    (tmp_path / "config.yaml").write_text(
        "data_dir: .\nsite: {out: site}\ndigests:\n  public_url: https://tracker.example/\n"
        "  mail: {host: mail.example, sender: digests@tracker.example}\n"
    )
    return tmp_path


def run(data: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["subscribers", *arguments, "--config", str(data / "config.yaml")])
    if result.exception is not None:
        raise result.exception
    return result.output


def rules(data: Path, name: str) -> tuple[WatchRule, ...]:
    with open_subscriptions(f"sqlite:///{data / 'subscribers.db'}") as store:
        found = store.find_subscriber(name)
    assert found is not None
    return found.rules


def test_who_is_added_by_mail_gets_a_confirmation_and_nothing_else_before(data: Path) -> None:
    assert "pending" in run(data, "add", "kate", "--mail", "Kate@Mail.example", "--watch", "kestrel")
    with open_subscriptions(f"sqlite:///{data / 'subscribers.db'}") as store:
        one = store.find_subscriber("kate")
        assert one is not None and (one.state, one.address) == ("pending", "Kate@mail.example")
        (waiting,) = store.load_deliveries()
        assert waiting.message.kind == "confirmation" and b"/subscriptions/confirm?t=" in waiting.message.body
    with pytest.raises(InputError, match="not confirmed"):
        run(data, "resume", "kate")
    assert "active" in run(data, "resume", "kate", *CONSENT)
    assert "joe: consent on file" in run(data, "show", "kate")


def test_a_confirmation_names_what_is_watched_and_no_words_that_a_stranger_may_have_typed(data: Path) -> None:
    run(data, "add", "kate", "--mail", "kate@mail.example", "--query", "cheap watches", "--rule", "entity:kestrel")
    with open_subscriptions(f"sqlite:///{data / 'subscribers.db'}") as store:
        (waiting,) = store.load_deliveries()
    told = waiting.message.body.replace(b"=\r\n", b"").replace(b"\r\n", b" ")
    assert b"certain words | Kestrel" in told and b"cheap watches" not in told and b"everything" not in told


def test_without_mail_settings_the_consent_of_somebody_is_asked_for(data: Path) -> None:
    (data / "config.yaml").write_text("data_dir: .\nsite: {out: site}\n")
    with pytest.raises(InputError, match="--confirmed-by"):
        run(data, "add", "kate", "--mail", "kate@mail.example", "--watch", "kestrel")
    assert not (data / "subscribers.db").exists()


def test_options_are_one_rule_and_each_line_of_a_rule_another(data: Path) -> None:
    further = "entity:northwind type:denial sources:2 children:no"
    options = (
        "--watch",
        "Kestrel AI",
        "--watch",
        "kestrel",
        "--type",
        "allegation",
        "--rule",
        further,
        "--rule",
        further,
    )
    run(data, "add", "kate", "--feed", *options)
    assert rules(data, "kate") == (
        WatchRule(entities=("kestrel",), types=("allegation",)),
        WatchRule(entities=("northwind",), types=("denial",), min_sources=2, with_children=False),
    )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--feed", "--watch", "kestrell"), "did you mean Kestrel"),
        (("--feed", "--type", "denail", "--watch", "kestrel"), "did you mean denial"),
        (("--feed", "--jurisdiction", "XQ"), "3166"),
        (("--feed",), "--all"),
        (("--feed", "--watch", "kestrel", "--zone", "Europe/Berlim"), "Europe/Berlin"),
        (("--feed", "--watch", "kestrel", "--cadence", "hourly"), "weekly"),
        (("--feed", "--watch", "kestrel", "--weekday", "today"), "monday"),
        (("--feed", "--rule", "kestrel"), "entity:alibaba"),
        (("--feed", "--rule", "entitty:kestrel"), "did you mean entity"),
        (("--feed", "--rule", 'entity:"kestrel'), "quote"),
        (("--feed", "--dispute", "no-such-dispute"), "no dispute"),
        (("--feed", "--query", "... !"), "a word"),
        (("--feed", "--mail", "kate@mail.example", "--watch", "kestrel"), "one way"),
        (("--watch", "kestrel"), "one way"),
        (("--webhook", "https://10.0.0.1/x", "--watch", "kestrel"), "no public address"),
        (("--mail", "kate@mail.example\nBcc", "--watch", "kestrel"), "line break"),
        (("--feed", *(part for n in range(201) for part in ("--rule", f"query:word{n}"))), "too many"),
        (("--feed", *(part for n in range(1000) for part in ("--watch", f"word{n}"))), "at the most"),
    ],
)
def test_what_a_tired_person_types_is_told_and_nothing_is_kept(
    data: Path, arguments: tuple[str, ...], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        run(data, "add", "kate", *arguments)
    assert not (data / "subscribers.db").exists()


def test_a_secret_is_shown_once(data: Path) -> None:
    added = run(data, "add", "hook", "--webhook", "https://hooks.mail.example/x", "--all", "--shape", "slack")
    secret = next(word for word in added.split() if word.startswith("whsec_"))
    for command in (["list"], ["list", "--format", "json"], ["show", "hook"], ["export", "hook"]):
        assert secret not in run(data, *command) and "hook" in run(data, *command)


def test_a_life_on_the_command_line(data: Path) -> None:
    run(data, "add", "kate", "--mail", "kate@mail.example", "--watch", "kestrel", *CONSENT)
    with pytest.raises(InputError, match="already"):
        run(data, "add", "kim", "--mail", "KATE@mail.example", "--watch", "kestrel", *CONSENT)
    run(data, "set", "kate", "--hour", "7", "--zone", "berlin", "--cadence", "weekly", "--weekday", "fri")
    shown = run(data, "show", "kate")
    assert "Friday at 7:00 Europe/Berlin" in shown and "Kestrel AI with what belongs to it" in shown
    run(data, "pause", "kate")
    assert "paused" in run(data, "list")
    run(data, "resume", "kate")
    assert json.loads(run(data, "export", "kate"))["subscriber"]["address"] == "kate@mail.example"
    run(data, "remove", "kate")
    with pytest.raises(InputError, match="--yes"):
        run(data, "erase", "kate")
    run(data, "erase", "kate", "--yes")
    assert "kate@" not in run(data, "list") and b"kate@mail" not in (data / "subscribers.db").read_bytes()


def test_a_file_is_added_whole_or_not_at_all(data: Path) -> None:
    path = data / "desks.csv"
    path.write_text(
        "name,mail,watch,hour\na,a@mail.example,kestrel;northwind,9\nb,b@,kestrel,9\nc,a@mail.example,nobody,9\n"
    )
    with pytest.raises(InputError) as told:
        run(data, "import", str(path), *CONSENT)
    assert "line 3: 'b@'" in str(told.value) and "line 4: nobody is called" in str(told.value)
    assert not (data / "subscribers.db").exists()
    path.write_text("name,mail,watch,hour\na,a@mail.example,kestrel;northwind,9\n")
    assert "nothing is written" in run(data, "import", str(path), *CONSENT, "--dry-run")
    assert not (data / "subscribers.db").exists()
    run(data, "import", str(path), *CONSENT)
    assert rules(data, "a") == (WatchRule(entities=("kestrel", "northwind")),)
    listed = data / "desks.yaml"
    listed.write_text(
        "- name: b\n  feed: yes\n  rule: ['entity:kestrel type:denial', 'country:CN']\n- name: b\n  feed: yes\n  all: yes\n"
    )
    with pytest.raises(InputError, match=r"line 4: 'b' stands there already"):
        run(data, "import", str(listed))


def test_rules_that_cannot_be_read_are_listed_as_such_and_can_be_set_anew(data: Path) -> None:
    run(data, "add", "kate", "--feed", "--watch", "kestrel", *CONSENT)
    run(data, "add", "lena", "--feed", "--watch", "kestrel", *CONSENT)
    with closing(sqlite3.connect(data / "subscribers.db")) as connection, connection:
        connection.execute(
            "UPDATE subscriber SET rules = '[{\"kinds\": [\"of a newer tracker\"]}]' WHERE name = 'kate'"
        )
    listed = run(data, "list")
    assert "lena" in listed and "cannot be read" in listed
    assert "cannot be read" in run(data, "show", "kate")
    run(data, "set", "kate", "--watch", "northwind")
    assert "cannot be read" not in run(data, "list") and rules(data, "kate")[0].entities == ("northwind",)
