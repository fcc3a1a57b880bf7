"""The same run on PostgreSQL: the same site to the byte, and the same rows but for what tells how often we ran."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.conftest import read_tree, run_tracker
from tracker.store.engine import connected
from tracker.store.tables import all_tables, batches_of

_PLACES = {"archive_file", "archive_offset"}


def rows_of(address: str) -> dict[str, list[object]]:
    held = {}
    with connected(address) as (engine, _), engine.connect() as connection:
        for table in all_tables():
            # attempts in the order of the answers, and with how long each took; turns at hosts are a server's alone
            if table.name in {"attempt", "host_turn", "robots"}:
                continue
            names = [column.name for column in table.columns]
            held[table.name] = [
                {name: value for name, value in zip(names, row, strict=True) if name not in _PLACES}
                for batch in batches_of(connection, table)
                for row in batch
                if not (table.name == "mark" and str(row[0]).startswith("requests "))
            ]
    return held


def crawl_of(printed: str) -> str:
    return printed.partition("\nread ")[0]


@pytest.mark.slow
def test_the_sample_on_postgresql_gives_the_same_site(
    demo: tuple[Path, str], postgres_url: str, tmp_path: Path
) -> None:
    printed = run_tracker("demo", "--dir", "demo", "--database", postgres_url, cwd=tmp_path).stdout
    assert "The database is postgresql://tracker@/t" in printed.replace("\n", "") and "s3cret" not in printed
    assert not (tmp_path / "demo" / "tracker.db").exists()
    assert crawl_of(printed) == crawl_of(demo[1]), "another crawl would make another site"
    ours, theirs = read_tree(tmp_path / "demo" / "site"), read_tree(demo[0] / "site")
    assert len(theirs) > 400
    differing = [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    assert differing == []
    here, there = rows_of(postgres_url), rows_of(f"sqlite:///{demo[0]}/tracker.db")
    assert sum(map(len, there.values())) > 2_000
    assert [name for name in there if here[name] != there[name]] == []
