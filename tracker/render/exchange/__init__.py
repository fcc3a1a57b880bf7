"""Files in the formats of others: FollowTheMoney, STIX 2.1 and GraphML. docs/exchange.md says what stands where.

Each is made from the same views as the pages, without a clock, and equal datasets give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.config import Site
from tracker.render.catalogue import build_catalogue
from tracker.render.columns import Column
from tracker.render.exchange import graphml
from tracker.render.exchange.ftm import (
    ENTITIES_PATH,
    ENTITY_COLUMNS,
    MOST_CLAIMS,
    STATEMENT_COLUMNS,
    STATEMENTS_PATH,
    render_ftm,
    render_rows,
)
from tracker.render.exchange.stix import BUNDLE_PATH, load_extension_schema, render_stix
from tracker.render.views import Views
from tracker.types import Dataset

__all__ = ["EXCHANGES", "Exchange", "find_exchange", "make_exchange", "offered", "schema_files"]


@dataclass(frozen=True)
class Exchange:
    """A file in the format of others."""

    what: str
    """As `tracker export` names it."""
    format: str
    path: str
    """Where it lies on the site."""
    title: str
    meaning: str
    format_name: str
    media_type: str
    render: Callable[[Views], bytes]
    columns: tuple[Column, ...] = ()
    """Empty where a schema beside it tells what it holds."""
    is_lines: bool = False
    """Whether each line is a record."""
    schema: str | None = None
    """Where its JSON Schema lies, from the site's top."""
    most_claims: int | None = None
    """The site offers it of no more: it is made anew with every change, and grows by kilobytes a claim."""
    made_with: str = ""
    """Names those that are made in one pass."""
    is_installed: Callable[[], bool] = lambda: True
    needs: str = ""
    """The extra that it takes."""


_SCHEMA = "downloads/stix-claims.schema.json"

EXCHANGES: tuple[Exchange, ...] = (
    Exchange(
        what="entities",
        format="ftm",
        path=ENTITIES_PATH,
        title="FollowTheMoney entities",
        meaning="Parties, pages, events, claims with their words, who accuses whom, and mentions, one a line.",
        format_name="FollowTheMoney 4",
        media_type="application/jsonl",
        render=render_ftm,
        columns=ENTITY_COLUMNS,
        is_lines=True,
        most_claims=20_000,
        made_with="ftm",
    ),
    Exchange(
        what="statements",
        format="ftm",
        path=STATEMENTS_PATH,
        title="FollowTheMoney statements",
        meaning="The same value by value, each with when the tracker first and last had a page that shows it.",
        format_name="FollowTheMoney 4",
        media_type="application/jsonl",
        render=render_rows,
        columns=STATEMENT_COLUMNS,
        is_lines=True,
        most_claims=MOST_CLAIMS,
        made_with="ftm",
    ),
    Exchange(
        what="bundle",
        format="stix",
        path=BUNDLE_PATH,
        title="STIX bundle",
        meaning="A note for each claim with its words, a report for each event, identities, and who accuses whom.",
        format_name="STIX 2.1",
        media_type="application/stix+json;version=2.1",
        render=render_stix,
        schema=_SCHEMA,
        most_claims=20_000,
        made_with="network",
    ),
    Exchange(
        what="network",
        format="graphml",
        path="downloads/network.graphml",
        title="Accusation network",
        meaning="Parties, and an edge from each accuser to each accused with its claims, events, days and sources.",
        format_name="GraphML",
        media_type="application/graphml+xml",
        render=graphml.render_graphml,
        columns=graphml.GRAPH_COLUMNS,
        made_with="network",
        is_installed=graphml.is_installed,
        needs="exchange",
    ),
)
"""In the order in which they are offered."""


def find_exchange(what: str, format: str) -> Exchange | None:
    """The file of these names, None where there is no such file."""
    return next((item for item in EXCHANGES if (item.what, item.format) == (what, format)), None)


def make_exchange(item: Exchange, dataset: Dataset, site: Site) -> bytes:
    """The file of a dataset without its site."""
    return item.render(Views(build_catalogue(dataset), site))


def offered(views: Views) -> tuple[list[Exchange], dict[str, list[str]]]:
    """(the files that the site has, the titles of the others by why: a library is `missing`, or it is too `large`)."""
    files: list[Exchange] = []
    left_out: dict[str, list[str]] = {"missing": [], "large": []}
    claims = len(views.catalogue.claims)
    for item in EXCHANGES:
        if not item.is_installed():
            left_out["missing"].append(item.title)
        elif item.most_claims is not None and claims > item.most_claims:
            left_out["large"].append(item.title)
        else:
            files.append(item)
    return files, left_out


def schema_files() -> dict[str, bytes]:
    """The JSON Schemas that lie beside the files, by their place on the site."""
    return {_SCHEMA: load_extension_schema().encode()}
