"""Queries to a published database of 100,000 documents, 200,000 claims and 1,000,000 mentions, a few parties in most.

Plain Datasette (datasette.io) serves the same file in the same run. Each list, detail and search of the API is asked in
turn with the page of Datasette that has the same rows, as JSON: `*_p95_vs_datasette` is how long ours took by how long
that took, at the 95th percentile. The ten worked questions are asked of both. Then 32 clients ask at once. Datasette's
pages are the ones that it gives by itself, with counts and with the facets that it would suggest; `*_lean_datasette` is
the same without these. `--quick` is a small part of the size, and fewer requests.

    python benchmarks/query.py [--quick] [--json] [--database FILE]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import quote, urlencode

from benchmarks.figures import print_figures
from benchmarks.query_claims import NUMBER
from benchmarks.query_clients import Server, measure_throughput, plain_datasette, tracker_server
from benchmarks.query_draws import BODY, VENDOR
from benchmarks.query_world import write_world
from tracker.query import Limits, Published, open_published
from tracker.render.database import load_questions
from tracker.render.database.metadata import render_metadata

_ROWS = 50
_LEAST = 6
"""Requests of each kind; more as long as there is time."""
_TRIES, _MOMENT_MS = 5, 250.0
_LEAN = "_nocount=1&_nofacet=1&_nosuggest=1"
_WORDS = ("fraudulent", "distillation", "letter committee", "sanction export", "hearing", "proxy network")


@dataclass(frozen=True)
class Pair:
    """One thing to ask: of the API, and of Datasette."""

    ours: str
    plain: str


@dataclass(frozen=True)
class Servers:
    """Both, while they run."""

    ours: Server
    plain: Server
    is_quick: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="3,000 documents, fewer requests")
    parser.add_argument("--json", action="store_true", help="one object, {figures, ratios}")
    parser.add_argument("--database", type=Path, help="kept there, and taken from there if it is there already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = prepare(Path(folder), 3_000 if arguments.quick else 100_000, arguments.database)
        figures, ratios = measure(site, is_quick=arguments.quick)
    print_figures(figures, ratios, as_json=arguments.json)


def prepare(folder: Path, documents: int, kept: Path | None) -> Path:
    """A site that is nothing but its database."""
    site = folder / "site"
    (site / "data").mkdir(parents=True)
    (site / "index.html").write_text("<!DOCTYPE html><title>A benchmark</title>")
    (site / "data/metadata.json").write_bytes(render_metadata("A benchmark"))
    file = site / "data/tracker.db"
    if kept is not None and kept.is_file():
        shutil.copyfile(kept, file)
    else:
        write_world(documents, file)
        if kept is not None:
            shutil.copyfile(file, kept)
    return site


def measure(site: Path, *, is_quick: bool) -> tuple[dict[str, float], dict[str, float]]:
    """(figures, ratios)."""
    with open_published(site / "data/tracker.db") as database:
        pairs = list_pairs(database, 30 if is_quick else 200)
        figures: dict[str, float] = {
            name: database.ask(f"SELECT count(*) FROM {name}").rows[0][0]
            for name in ("documents", "claims", "mentions", "events")
        }
        questions = _ask_questions(database, 3 if is_quick else 10)
    figures["database_mb"] = round((site / "data/tracker.db").stat().st_size / 1e6, 1)
    ratios: dict[str, float] = {}
    with tracker_server(site) as ours, plain_datasette(site) as plain:
        servers = Servers(ours, plain, is_quick)
        for name, group in pairs.items():
            _compare(name, group, servers, figures, ratios)
        for name, (ms, path) in questions.items():
            figures[f"{name}_sql_p95_ms"] = ms
            _compare(name, [Pair(f"/data{path}", path)] * (_LEAST if is_quick else 20), servers, figures, {})
        _throughput(pairs, servers, figures, ratios)
    return figures, ratios


def list_pairs(database: Published, requests: int) -> dict[str, list[Pair]]:
    """What is asked, by name: of each so many, about ever other things."""
    random = Random(11)

    def some(table: str, *columns: str) -> list[tuple[object, ...]]:
        rows = database.ask(f"SELECT {', '.join(columns)} FROM {table}", limits=Limits(60, 500_000)).rows
        return random.choices(rows, k=requests)

    parties = [VENDOR, *(str(row[0]) for row in some("entities", "id"))][:requests]
    days = [str(row[0]) for row in some("documents", "published_on")]
    lists: dict[str, Callable[[int], tuple[dict[str, object], str, dict[str, object]]]] = {
        "claims": lambda _: ({}, "claims", {"_sort_desc": "published_on"}),
        "claims_of_actor": lambda n: ({"actor": parties[n]}, "claims", {"_where": _of_party("claim_id", parties[n])}),
        "claims_by_type_and_days": lambda n: (
            {"type": "denial", "from": "2024-02-01", "to": days[n]},
            "claims", {"type": "denial", "published_on__gte": "2024-02-01", "published_on__lte": days[n]}),
        "claims_updated_since": lambda n: (
            {"updated_since": days[n]}, "claims", {"updated_at__gte": days[n], "_sort": "updated_at"}),
        "events": lambda _: ({}, "events", {"_sort_desc": "from_on"}),
        "events_by_type": lambda n: ({"type": "allegation", "to": days[n]}, "events",
                                     {"type": "allegation", "from_on__lte": days[n], "_sort_desc": "from_on"}),
        "entities": lambda _: ({}, "entities", {}),
        "figures": lambda _: ({}, "figures", {"_sort_desc": "published_on"}),
        "disputes": lambda _: ({}, "disputes", {"_sort_desc": "changed_on"}),
        "answers": lambda _: ({}, "answers", {"_sort_desc": "from_on"}),
        "documents": lambda n: (
            {"to": days[n]}, "documents", {"published_on__lte": days[n], "_sort_desc": "published_on"}),
        "sources": lambda _: ({}, "sources", {}),
    }  # fmt: skip
    found = {}
    for name, asked in lists.items():
        group = []
        for number in range(requests):
            filters, view, arguments = asked(number)
            ours = f"/api/v1/{view}?{urlencode({'limit': _ROWS, **filters})}"
            group.append(Pair(ours, f"/tracker/{view}.json?{urlencode({'_size': _ROWS, **arguments})}"))
        found[f"{name}_list"] = group
    for view, table, key in (("claims", "_claims", "search_id"), ("events", "_events", "search_id"),
                             ("documents", "_documents", "search_id"), ("entities", "_entities", "id"),
                             ("disputes", "_disputes", "search_id"), ("figures", "_figures", "event_id, position"),
                             ("answers", "_answers", "number")):  # fmt: skip
        found[f"{view}_detail"] = [
            Pair(f"/api/v1/{view}/{quote(str(id_))}", f"/tracker/{table}/{','.join(map(_tilde, keys))}.json")
            for id_, *keys in some(table, "id", key)
        ]
    found["search"] = [
        Pair(f"/api/v1/search?{urlencode({'q': word, 'limit': _ROWS})}",
             f"/tracker/claims.json?{urlencode({'_search': word, '_size': _ROWS})}")
        for word in random.choices(_WORDS, k=requests)
    ]  # fmt: skip
    return found


def _of_party(column: str, party: str) -> str:
    family = f"SELECT member_id FROM families WHERE entity_id = '{party}'"
    return f"id IN (SELECT {column} FROM claim_parties WHERE entity_id IN ({family}))"


def _tilde(value: object) -> str:
    """Datasette's own way to write a key in a path."""
    return "".join(item if item.isalnum() or item in "-_" else f"~{ord(item):02X}" for item in str(value))


def _ask_questions(database: Published, times: int) -> dict[str, tuple[float, str]]:
    """(milliseconds at the 95th percentile by SQL alone, the page) of each worked question."""
    (event,) = database.ask("SELECT event_id FROM figures GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").rows[0]
    values = {"number": str(NUMBER), "event": event, "vendor": VENDOR, "body": BODY}
    found = {}
    for question in load_questions():
        given = {name: values.get(name, example) for name, example in question.parameters}
        took = []
        for _ in range(times):
            started = time.perf_counter()
            database.ask(question.sql, given, Limits(60, 1001))
            took.append((time.perf_counter() - started) * 1000)
        found[question.name] = (_p(took, 95), f"/tracker/{question.name}.json?{urlencode(given)}")
    return found


def _compare(
    name: str, pairs: Sequence[Pair], servers: Servers, figures: dict[str, float], ratios: dict[str, float]
) -> None:
    """Ask all in turns, and once before that does not count.

    Lists are asked of Datasette also without what it adds to them (counts, facets).
    """
    asked = {
        "": (servers.ours, [pair.ours for pair in pairs]),
        "_datasette": (servers.plain, [pair.plain for pair in pairs]),
    }
    if "?_size=" in pairs[0].plain and not servers.is_quick:
        asked["_lean_datasette"] = (servers.plain, [f"{pair.plain}&{_LEAN}" for pair in pairs])
    took: dict[str, list[tuple[float, float]]] = {whose: [] for whose in asked}
    for server, paths in asked.values():
        server.timed(paths[0])
    end = time.monotonic() + (1.0 if servers.is_quick else 10.0)
    for number in range(len(pairs)):
        for whose in sorted(asked, reverse=bool(number % 2)):
            server, paths = asked[whose]
            took[whose].append(_quickest(server, paths[number]))
        if number >= _LEAST and time.monotonic() > end:
            break
    for whose, times in took.items():
        wall, processor = zip(*times, strict=True)
        figures |= {f"{name}{whose}_p50_ms": _p(wall, 50), f"{name}{whose}_p95_ms": _p(wall, 95)}
        figures[f"{name}{whose}_processor_p95_ms"] = _p(processor, 95)
        if whose:
            ratios[f"{name}_p95_vs{whose}"] = round(figures[f"{name}_p95_ms"] / figures[f"{name}{whose}_p95_ms"], 3)
    told = ", ".join(f"{whose or 'ours'} {figures[f'{name}{whose}_p95_ms']} ms" for whose in asked)
    print(f"{name:36} {told}", file=sys.stderr)


def _quickest(server: Server, path: str) -> tuple[float, float]:
    """Of up to five answers within a moment: so that what else the machine does shows less in those that are quick."""
    times: list[tuple[float, float]] = []
    while not times or (len(times) < _TRIES and sum(took for took, _ in times) < _MOMENT_MS):
        times.append(server.timed(path))
    return min(times)


def _throughput(
    pairs: dict[str, list[Pair]], servers: Servers, figures: dict[str, float], ratios: dict[str, float]
) -> None:
    seconds = 2.0 if servers.is_quick else 15.0
    mixed = [group[number % len(group)] for number in range(40) for group in pairs.values()]
    asked = measure_throughput(servers.ours, [pair.ours for pair in mixed], seconds)
    other = measure_throughput(servers.plain, [pair.plain for pair in mixed], seconds)
    figures |= {
        "requests_per_second_of_32_clients": round(asked.per_second, 1),
        "datasette_requests_per_second_of_32_clients": round(other.per_second, 1),
        "errors_of_32_clients": asked.errors,
        "resident_mb_before": round(asked.mb_before, 1),
        "resident_mb_after": round(asked.mb_after, 1),
    }
    ratios["throughput_vs_datasette"] = round(asked.per_second / other.per_second, 2)


def _p(values: Sequence[float], percent: int) -> float:
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 3)


if __name__ == "__main__":
    main()
