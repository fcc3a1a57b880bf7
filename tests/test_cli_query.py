"""Looking things up on the command line, as somebody in a hurry does."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.render.conftest import build_world
from tracker.cli import app
from tracker.config import Site
from tracker.errors import InputError, QueryRefused, UnreadableInput
from tracker.render.database import make_database
from tracker.types import Dataset


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "tracker.db"
    path.write_bytes(make_database(build_world(), Site()))
    return path


def tracker(*arguments: str, file: Path) -> str:
    result = CliRunner().invoke(app, [*arguments, "--db", str(file)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_claims_about_a_party_come_with_words_speaker_and_link(file: Path) -> None:
    shown = " ".join(tracker("claims", "--about", "红隼公司", "--since", "2026-02-01", file=file).split())
    assert 'allegation by Northwind Labs of Kestrel AI (in the words "operators affiliated with Kestrel AI")' in shown
    assert "“Kestrel AI rejected the charge." in shown
    assert "denial by Mara Lindqvist for Kestrel AI, accused: Kestrel AI" in shown
    assert "#:~:text=" in shown
    assert "Umbra copied Borealis outright" in shown and "(the page no longer says this)" in shown  # its own, by family


def test_every_format_has_the_same_claims(file: Path) -> None:
    held = json.loads(tracker("claims", "--about", "umbra", "--format", "json", file=file))
    rows = list(
        csv.DictReader(io.StringIO(tracker("claims", "--about", "umbra", "--format", "csv", file=file), newline=""))
    )
    assert [row["id"] for row in rows] == [record["id"] for record in held] != []
    assert json.loads(tracker("claims", "--type", "admission", "--format", "json", file=file)) == []
    assert tracker("claims", "--type", "admission", "--format", "csv", file=file).startswith("id,published_on,")


def test_an_entity_is_found_by_any_of_its_names(file: Path) -> None:
    for name in ("kestrel", "KESTREL AI", "红隼公司"):
        found = json.loads(tracker("entity", name, "--format", "json", file=file))
        assert found["id"] == "kestrel"
        assert "operators affiliated with Kestrel AI" in json.dumps(found["relations"])
    assert "denied" in tracker("entity", "kestrel", file=file)


def test_an_event_is_found_by_an_id_that_was_merged(file: Path) -> None:
    found = json.loads(tracker("event", "northwind-letter-old", "--format", "json", file=file))
    assert found["id"] == "northwind-letter-2026-02"
    assert [claim["id"] for claim in found["claims"]][:2] == ["c-letter-1", "c-letter-2"]
    assert "over 24,000 fraudulent accounts" in tracker("event", "northwind-letter-2026-02", file=file)


def test_an_event_that_stands_no_more_is_said_to(tmp_path: Path) -> None:
    path, world = tmp_path / "tracker.db", build_world()
    lost = (("2026-01-01-lost", "2026-01-01-lost"), ("2026-01-02-led", "2026-01-03-astray"))
    path.write_bytes(make_database(replace(world, reconciled=replace(world.reconciled, redirects=lost)), Site()))
    for old in ("2026-01-01-lost", "2026-01-02-led"):
        with pytest.raises(InputError, match="no longer stands"):
            tracker("event", old, file=path)


def test_tables_fit_the_terminal_and_wide_ones_become_lines(file: Path) -> None:
    table = tracker("query", "SELECT id, type, title FROM events", file=file)
    assert max(map(len, table.splitlines())) <= 100
    assert "quote" in tracker("query", "SELECT * FROM claims LIMIT 1", file=file).split()
    assert tracker("query", "SELECT id FROM events WHERE 0", file=file).strip() == "no rows"


def test_a_worked_question_by_its_name(file: Path) -> None:
    found = json.loads(tracker("query", "who-speaks-for", "--set", "body=kestrel", "--format", "json", file=file))
    assert [row["speaker"] for row in found] == ["Mara Lindqvist"]
    listed = CliRunner().invoke(app, ["query"]).stdout
    assert "who-speaks-for" in listed and "--set body=white-house" in listed


def test_empty_data_say_where_data_come_from(tmp_path: Path) -> None:
    empty = tmp_path / "tracker.db"
    empty.write_bytes(make_database(Dataset(), Site()))
    with pytest.raises(InputError, match="tracker ingest"):
        tracker("entity", "kestrel", file=empty)
    assert tracker("claims", file=empty).strip() == "no claims"


def test_cells_do_not_steer_terminals_or_spreadsheets(file: Path) -> None:
    assert "\x1b" not in tracker("query", "SELECT char(27) || '[31m' AS a, '[bold]x[/]' AS b", file=file)
    assert "[bold]x[/]" in tracker("query", "SELECT '[bold]x[/]' AS b", file=file)
    assert "'=1+1" in tracker("query", "SELECT '=1+1' AS a", "--format", "csv", file=file)


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (("claims", "--since", "yesterday"), InputError, "--since 'yesterday': expected a day such as"),
        (("claims", "--until", "", "--db", "nowhere.db"), InputError, "--until '': expected a day such as"),
        (("claims", "--type", "charge"), InputError, "expected one of"),
        (("claims", "--about", "Kestral"), InputError, "did you mean Kestrel"),
        (("entity", ""), InputError, "nobody is called"),
        (("event", "northwind"), InputError, "did you mean northwind-letter-2026-02"),
        (("query", "DROP TABLE _events"), QueryRefused, "only reading"),
        (("query", "SELECT 1", "--set", "vendor"), InputError, "expected NAME=VALUE"),
        (("query", "SELECT 1", "--set", "vendor=kestrel"), InputError, "the query has no :vendor"),
        (("query", "everything-about-a-vendor", "--set", "vendor=Kestral"), InputError, "did you mean Kestrel"),
        (("query", "everything-about-a-vendor", "--set", "vender=kestrel"), InputError, "it asks for vendor, since"),
        (("query", "everything-about-a-vendor", "--set", "since=june"), InputError, "expected a day such as"),
        (("query", "who-first-said-a-number", "--set", "number=28.8 million"), InputError, "expected digits"),
        (("query", "who-first-said-a-number", "--set", "kind=acounts"), InputError, "expected one of accounts"),
        (
            ("query", "figures-of-an-event", "--set", "event=northwind"),
            InputError,
            "did you mean northwind-letter-2026-02",
        ),
        (("query", "who-first-said"), InputError, "did you mean who-first-said-a-number"),
        (
            ("claims", "--since", "2026-07-01", "--until", "2026-06-01"),
            InputError,
            "--until 2026-06-01 lies before --since",
        ),
        (("query", "SELECT 1", "--format", "xml"), InputError, "expected one of table, json, csv"),
        (("query", "SELECT 1", "--db", "nowhere.db"), UnreadableInput, "no such file"),
    ],
)
def test_what_is_mistyped_is_said_with_what_to_do(
    file: Path, arguments: tuple[str, ...], error: type[Exception], told: str
) -> None:
    given = arguments if "--db" in arguments else (*arguments, "--db", str(file))
    result = CliRunner().invoke(app, list(given))
    assert isinstance(result.exception, error)
    assert told in str(result.exception)
