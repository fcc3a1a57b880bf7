"""`tracker digest preview` and `tracker digest audit` as somebody types them, over real databases."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import pytest

from tests.commands import run_command
from tests.digest.telling_world import SETTINGS, change, evidence
from tests.render.conftest import build_world
from tracker.config import Site
from tracker.digest.telling import render_message
from tracker.pipeline.cutting import cut
from tracker.render.database import DATABASE_PATH, make_database
from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions
from tracker.types.changes import Change
from tracker.types.digests import DeliveryAttempt
from tracker.types.watching import Subscriber, WatchRule

BEGUN = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
SEEN = datetime(2026, 6, 24, 6, 0, tzinfo=UTC)
QUOTE = "operators affiliated with Kestrel AI ran about 24,000 accounts"
DESK = Subscriber("id-desk", "compliance-desk", "mail", "desk@bank.example", (WatchRule(entities=("kestrel",)),),
                  cadence="at_once", created_at=BEGUN)  # fmt: skip
FEED = replace(
    DESK, id="id-feed", name="press-feed", channel="feed", address="", rules=(WatchRule(entities=("umbra",)),)
)


def about(kind: str, seq: int, **more: object) -> Change:
    values: dict[str, object] = {
        "key": f"{kind}:ev-{seq}",
        "entities": ("kestrel",),
        "families": ("kestrel",),
        "evidence": (evidence(QUOTE, accused_as="operators affiliated with Kestrel AI"),),
    }
    return change(kind, f"Northwind Labs alleges thing {seq}", **(values | more))  # type: ignore[arg-type]


def fill(store: SqlSubscriptions, edition: str) -> None:
    store.save_edition("0" * 64, BEGUN, [], [], [], compared_with=None)
    store.save_subscriber(DESK)
    store.save_subscriber(FEED)
    changes = [about("event", 1), about("figure", 2, families=("other",), entities=("other",))]
    store.save_edition(edition, SEEN, [], [], changes, compared_with="0" * 64)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "data"
    path = folder / "site" / DATABASE_PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(make_database(build_world(), Site()))
    with open_subscriptions(f"sqlite:///{folder / 'subscribers.db'}") as store:
        fill(store, sha256(path.read_bytes()).hexdigest())
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def test_a_preview_says_what_the_next_digest_would_and_changes_nothing(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.suffix == ".db"}
    done = run_command("digest", "preview", "--to", "compliance-desk", "--dir", "data", cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Subject: Kestrel AI: a new allegation\n")
    assert "thing 1" in done.stdout and "thing 2" not in done.stdout
    assert f"“{QUOTE}”" in " ".join(done.stdout.replace("\n   > ", " ").split())
    again = run_command("digest", "preview", "--to", "compliance-desk", "--dir", "data", cwd=folder.parent)
    assert "thing 1" in again.stdout
    assert before == {name: (folder / name).read_bytes() for name in before}
    assert not (folder / "digests.key").exists()


@pytest.mark.parametrize("shape", ["html", "eml", "json"])
def test_a_preview_comes_in_every_shape(folder: Path, shape: str) -> None:
    at = folder.parent / f"out.{shape}"
    done = run_command(
        "digest",
        "preview",
        "--to",
        "compliance-desk",
        "--as",
        shape,
        "--out",
        str(at),
        "--dir",
        "data",
        cwd=folder.parent,
    )
    assert done.returncode == 0, done.stderr
    body = at.read_bytes()
    if shape == "json":
        assert json.loads(body)["groups"][0]["items"][0]["evidence"][0]["quote"] == QUOTE
    elif shape == "eml":
        assert message_from_bytes(body)["To"] == "desk@bank.example"
    else:
        assert QUOTE in body.decode() and "<style" in body.decode()


def test_where_nothing_changed_it_says_since_when(folder: Path) -> None:
    done = run_command("digest", "preview", "--to", "press-feed", "--dir", "data", cwd=folder.parent)
    assert (done.returncode, done.stdout) == (0, "nothing changed for press-feed since 1 June 2026, 06:00 UTC\n")


def test_since_a_day_tells_what_was_told_already(folder: Path) -> None:
    tell(folder)
    done = run_command("digest", "preview", "--to", "compliance-desk", "--dir", "data", cwd=folder.parent)
    assert "nothing changed for compliance-desk since 24 June 2026, 07:00 UTC" in done.stdout
    for day, is_told in (("2026-06-24", True), ("2026-06-25", False)):
        done = run_command(
            "digest", "preview", "--to", "compliance-desk", "--since", day, "--dir", "data", cwd=folder.parent
        )
        assert ("thing 1" in done.stdout) == is_told
        assert not is_told or "1 change since 24 June 2026, 00:00 UTC" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "complience-desk"], "did you mean compliance-desk?"),
        (["--to", "nobody at all"], "`tracker subscribers list` has them"),
        (["--to", "compliance-desk", "--since", "yesterday"], "expected a day such as 2026-06-01"),
        (["--to", "compliance-desk", "--as", "pdf"], "--as"),
        (["--to", "compliance-desk", "--out", "data"], "is a folder"),
    ],
)
def test_what_is_typed_wrong_is_said(folder: Path, arguments: list[str], told: str) -> None:
    done = run_command("digest", "preview", *arguments, "--dir", "data", cwd=folder.parent)
    assert done.returncode == 2 and told in done.stderr


def tell(folder: Path) -> None:
    """One digest, cut from the published database and accepted a minute later."""
    with open_subscriptions(f"sqlite:///{folder / 'subscribers.db'}") as store:
        at = SEEN + timedelta(hours=1)
        report = cut(
            store,
            folder / "site" / DATABASE_PATH,
            SETTINGS,
            at,
            lambda who, what: render_message(who, what, SETTINGS, None),
        )
        assert report.done == 1 and not report.problems
        (delivery,) = store.load_due(at)
        accepted = DeliveryAttempt(delivery.id, at + timedelta(minutes=1), "sent", 250, "queued", 12)
        assert store.save_attempt(accepted, "sent")


def audit(folder: Path, *arguments: str) -> list[str]:
    return ["digest", "audit", "--from", "2026-06-01", "--to", "2026-06-30", "--dir", "data", *arguments]


def test_an_audit_shows_what_was_told_to_whom_and_what_was_not(folder: Path) -> None:
    tell(folder)
    done = run_command(*audit(folder, "--vendor", "红隼公司", "--out", "report"), cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    assert "Kestrel AI: 1 change known or told, 1 told, 0 told to nobody" in done.stdout
    assert "the chain of digests is whole" in done.stdout
    (row,) = csv.DictReader((folder.parent / "report" / "audit.csv").open(encoding="utf-8", newline=""))
    assert (row["told"], row["told_to"], row["delivery"]) == ("yes", "compliance-desk", "sent")
    assert row["accepted_at"] == "2026-06-24T07:01:00Z"
    assert row["edition"] == row["digest_edition"] == sha256((folder / "site" / DATABASE_PATH).read_bytes()).hexdigest()
    page = (folder.parent / "report" / "audit.html").read_text("utf-8")
    assert "Signature" in page and row["message_sha256"] in page


def test_digests_of_a_wrong_clock_are_in_the_audit(folder: Path) -> None:
    """A clock that was years ahead, or behind: what was told then was told."""
    from tracker.pipeline.auditing import _stream

    tell(folder)
    with open_subscriptions(f"sqlite:///{folder / 'subscribers.db'}") as store:
        for begun, now in (
            (BEGUN, SEEN),
            (SEEN + timedelta(days=900), SEEN),
            (BEGUN, BEGUN),
            (BEGUN, SEEN + timedelta(days=40)),
        ):
            assert [kept.digest.number for kept in _stream(store, begun, now) if kept.digest] == [1]


def test_an_altered_digest_breaks_the_chain_for_all_to_see(folder: Path) -> None:
    import sqlite3

    tell(folder)
    with sqlite3.connect(folder / "subscribers.db") as database:
        (name,) = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%deliver%' AND name NOT LIKE '%attempt%'"
        ).fetchone()
        database.execute(f"UPDATE {name} SET body = CAST(replace(CAST(body AS TEXT), '24,000', '42,000') AS BLOB)")
    database.close()
    done = run_command(*audit(folder, "--vendor", "kestrel"), cwd=folder.parent)
    assert "the chain of digests is broken" in done.stderr
    page = (folder.parent / "audit-kestrel-2026-06-01-2026-06-30" / "audit.html").read_text("utf-8")
    assert "does not verify" in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--vendor", "kestrell"], "did you mean"),
        (["--vendor", "kestrel", "--to", "2026-05-01"], "is before --from"),
        (["--vendor", "kestrel", "--to", "30.6.2026"], "expected a day such as 2026-06-01"),
    ],
)
def test_an_audit_of_nobody_or_of_no_time_is_refused(folder: Path, arguments: list[str], told: str) -> None:
    done = run_command(*audit(folder, *arguments), cwd=folder.parent)
    assert done.returncode == 2 and told in done.stderr


def test_without_subscribers_or_a_site_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = run_command(*audit(tmp_path, "--vendor", "kestrel"), cwd=tmp_path)
    assert done.returncode == 2 and "`tracker publish` first" in done.stderr
    done = run_command("digest", "preview", "--to", "x", "--dir", "data", cwd=tmp_path)
    assert done.returncode == 2 and "`tracker subscribers add` makes the first" in done.stderr
    assert not list((tmp_path / "data").iterdir())
