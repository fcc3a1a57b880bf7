"""`tracker register` over a small store, with the names that a tired person would type."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.test_cli_wrong_input import assert_refused, here, tracker
from tracker.cli.register import find_company
from tracker.errors import InputError
from tracker.types import Entity

__all__ = ["here"]

ENTITIES = {
    entity.id: entity
    for entity in (
        Entity("kestrel", "Kestrel AI", "company", ("Kestrel", "红隼公司")),
        Entity("borealis", "Borealis", "model", parent="kestrel"),
        Entity("north-one", "North", "company"),
        Entity("north-two", "North", "company"),
    )
}


@pytest.mark.parametrize("name", ["kestrel", "KESTREL ai", "  Kestrel   AI ", "红隼公司"])
def test_a_company_is_found_by_any_of_its_names(name: str) -> None:
    assert find_company(ENTITIES, name).id == "kestrel"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kestral AI", "did you mean Kestrel AI?"),
        ("Borealis", "Borealis is a model, and registers are of companies; it belongs to Kestrel AI"),
        ("North", "say which by id: north-one, north-two"),
        ("", "tracker export entities"),
    ],
)
def test_a_name_that_is_no_companys_gets_a_way_on(name: str, words: str) -> None:
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        find_company(ENTITIES, name)


def test_the_register_of_a_company_comes_as_csv(here: Path) -> None:
    line = json.loads((here / "in.jsonl").read_text()) | {"published": "2026-02-24", "publisher": "Wire"}
    (here / "in.jsonl").write_text(json.dumps(line))
    assert tracker("ingest", "in.jsonl", cwd=here).returncode == 0
    assert tracker("reconcile", cwd=here).returncode == 0
    result = tracker("register", "DeepSeek", cwd=here)
    assert result.returncode == 0, result.stderr
    row, reply = csv.DictReader(io.StringIO(result.stdout, newline=""))
    assert (reply["entry"], reply["status"], reply["quote"]) == ("answer", "none_found", "")
    assert (row["entry"], row["whom"], row["by"], row["status"]) == (
        "open_allegation",
        "deepseek",
        "anthropic",
        "alleged",
    )
    assert row["quote"].startswith("Anthropic on Monday accused DeepSeek")
    assert_refused(tracker("register", "Deepsek", cwd=here), "did you mean DeepSeek?")
    assert_refused(tracker("register", "DeepSeek", "--format", "xls", cwd=here), "--format")
    calm = tracker("register", "Anthropic", cwd=here)
    assert calm.returncode == 0 and "no entry" in calm.stderr and calm.stdout.startswith("company,company_name,entry")
