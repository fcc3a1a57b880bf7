"""The commands that look up one thing in the published database: a party, claims about one, an event."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.padding import Padding

from tracker.access.finding import find_entity, find_event
from tracker.access.selecting import CLAIMS_ABOUT, Selection
from tracker.cli.console import ConfigOption, checked_choice, err, out
from tracker.cli.data import DataOption
from tracker.cli.query import (
    FORMATS,
    DatabaseOption,
    FormatOption,
    PublishedSinceOption,
    PublishedUntilOption,
    cell,
    published,
    show,
    show_blocks,
)
from tracker.query import Answer, Limits, Published
from tracker.types import CLAIM_TYPES

_CLAIM = """
SELECT c.id, c.published_on, c.type, c.status, c.speaker_name, c.on_behalf_of_name,
  (SELECT group_concat(name, ', ') FROM claim_parties WHERE claim_id = c.id AND role = 'accused') AS accused,
  c.accused_as, c.quote, c.publisher, c.link, c.url, c.is_current
FROM claims AS c
"""
_ENTITY = "SELECT * FROM entities WHERE id = :id"
_EVENT = "SELECT * FROM events WHERE id = :id"
_OF_ENTITY = {
    "aliases": "SELECT alias FROM aliases WHERE entity_id = :id ORDER BY alias",
    "relations": """
        SELECT subject_name, relation, object_name, claim_count, said_as, first_published_on, quote, link FROM relations
        WHERE subject IN (SELECT member_id FROM families WHERE entity_id = :id)
          OR object IN (SELECT member_id FROM families WHERE entity_id = :id)
        ORDER BY relation, claim_count DESC, subject, object""",
    "disputes": """
        SELECT d.id, d.title, d.status, d.since_on FROM disputes AS d
        WHERE EXISTS (
          SELECT 1 FROM families AS f WHERE f.entity_id = :id AND (
            f.member_id IN (SELECT value FROM json_each(d.accusers))
            OR f.member_id IN (SELECT value FROM json_each(d.accused))))
        ORDER BY d.changed_on DESC, d.id""",
    "answers": """
        SELECT party_name, kind, from_on, event_id, quote, link FROM answers
        WHERE party IN (SELECT member_id FROM families WHERE entity_id = :id)
        ORDER BY from_on DESC, event_id""",
}
_OF_EVENT = {
    "figures": """
        SELECT text, speaker_name, publisher, figure_group,
          (SELECT group_concat(DISTINCT json_extract(value, '$.with_text')) FROM json_each(conflicts)) AS conflicts,
          is_current
        FROM figures WHERE event_id = :id ORDER BY figure_group IS NULL, figure_group, position""",
    "answers": "SELECT party_name, kind, from_on, quote, link FROM answers WHERE event_id = :id",
    "claims": _CLAIM
    + "JOIN event_claims AS l ON l.claim_id = c.id WHERE l.event_id = :id AND l.part = 'told' ORDER BY l.position",
}


def entity(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, another name, or an id.")],
    format: FormatOption = "table",
    file: DatabaseOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """What is known of a company, person, body, model or law: who accuses it, whom it accuses, what it answered.

    Example: `tracker entity Alibaba`
    """
    checked_choice(format, FORMATS, "--format")
    with published(file, folder, config) as database:
        facts, parts = _look_up(database, find_entity(database, name), _ENTITY, _OF_ENTITY)
    _show_parts(facts, parts, format)


def claims(
    about: Annotated[
        str | None, typer.Option("--about", metavar="NAME", help="A party, with all that belongs to it.")
    ] = None,
    since: PublishedSinceOption = None,
    until: PublishedUntilOption = None,
    type: Annotated[str | None, typer.Option("--type", help=" | ".join(CLAIM_TYPES))] = None,
    most: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Claims at most, the newest first.")] = 50,
    format: FormatOption = "table",
    file: DatabaseOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Who says what, each with its exact words and a link to them; newest first.

    Example: `tracker claims --about qwen --since 2026-06-01`
    """
    checked_choice(format, FORMATS, "--format")
    if type is not None:
        checked_choice(type, CLAIM_TYPES, "--type")
    selection = Selection(_CLAIM, "c.published_on DESC, c.id")
    selection.days("published_on", since, until, ("--since", "--until"))
    selection.equal("type", type)
    with published(file, folder, config) as database:
        if about is not None:
            selection.of_family(CLAIMS_ABOUT, "about", find_entity(database, about))
        answer = database.ask(selection.sql, selection.values, Limits(rows=most))
    if format == "table":
        show_claims(answer.records())
    else:
        show(answer, format)
    if answer.is_cut:
        err.print(f"only the newest {most}; --limit allows more", soft_wrap=True)


def event(
    id: Annotated[str, typer.Argument(metavar="ID", help="An event's id, also one that was merged into another.")],
    format: FormatOption = "table",
    file: DatabaseOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """An event with its claims, figures and answers.

    Example: `tracker event 2026-06-10-anthropic-allegation-alibaba`
    """
    checked_choice(format, FORMATS, "--format")
    with published(file, folder, config) as database:
        facts, parts = _look_up(database, find_event(database, id), _EVENT, _OF_EVENT)
    _show_parts(facts, parts, format)


def _look_up(database: Published, id: str, facts: str, parts: Mapping[str, str]) -> tuple[Answer, dict[str, Answer]]:
    """(its own row, what belongs to it by the part's name)."""
    key = {"id": id}
    return database.ask(facts, key), {part: database.ask(sql, key) for part, sql in parts.items()}


def _show_parts(facts: Answer, parts: Mapping[str, Answer], format: str) -> None:
    if format == "json":
        whole = {**facts.records()[0], **{name: part.records() for name, part in parts.items()}}
        sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        return
    if format == "csv":  # one table only: the facts; each part is a query of its own
        show(facts, format)
        return
    show_blocks([{key: value for key, value in facts.records()[0].items() if key != "search_id"}])
    for name, part in parts.items():
        if not part.rows:
            continue
        out.print(f"[bold]{name.capitalize()}[/]")
        if name == "claims":
            show_claims(part.records())
        elif name == "aliases":
            out.print(", ".join(cell(row[0]) for row in part.rows) + "\n", soft_wrap=True)
        else:
            show(part, "table")


_TOWARDS = {"allegation": " of", "admission": " on", "denial": ", accused:", "no_response": ", accused:"}
"""What joins a claim to the accused: a denial "of" somebody would deny them."""


def show_claims(records: Sequence[Mapping[str, Any]]) -> None:
    """Claims one under the other: who says so of whom, the words, whose page, and the link."""
    if not records:
        out.print("no claims")
    for record in records:
        who = cell(record["speaker_name"]) or "nobody named"
        behalf = f" for {cell(record['on_behalf_of_name'])}" if record["on_behalf_of_name"] else ""
        lesser = f' ({escape("in the words")} "{cell(record["accused_as"])}")' if record["accused_as"] else ""
        whom = (
            f"{_TOWARDS.get(record['type'], ', accused:')} {cell(record['accused'])}{lesser}"
            if record["accused"]
            else ""
        )
        day, kind = record["published_on"] or "undated", str(record["type"]).replace("_", " ")
        out.print(f"[bold]{day}[/]  {kind} by {who}{behalf}{whom}", soft_wrap=True)
        out.print(Padding(f"“{cell(record['quote'])}”", (0, 0, 0, 4)))
        gone = "" if record["is_current"] else "  (the page no longer says this)"
        out.print(f"    {cell(record['publisher'])}  {cell(record['link'] or record['url'])}{gone}\n", soft_wrap=True)


COMMANDS = (entity, claims, event)
