"""`tracker curate ...`: what people decide about entities, events and claims, written down as reviewable YAML."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, cast, get_args

import typer

from tracker.cli.console import checked_choice
from tracker.cli.signing import Decision, signed
from tracker.errors import InputError
from tracker.types import (
    AliasEdit,
    ClaimStatus,
    ClaimType,
    Confirmation,
    Correction,
    EntityEdit,
    EntityType,
    FigureFix,
    Qualifier,
)

_NOBODY = "none"
_SCALES = {"": 1, "k": 1_000, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


@signed
def merge(
    source: Annotated[str, typer.Argument(metavar="FROM", help="An entity's id or an event's id.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The entity or event that it is part of.")],
) -> Decision:
    """Two entities are one, or two events are one.

    Example: `tracker curate merge moonshot-labs moonshot-ai --why "the same company, by its register entry"`
    """
    return lambda desk: desk.merge(source, into)


@signed
def split(
    event: Annotated[str, typer.Argument(metavar="EVENT")],
    members: Annotated[list[str], typer.Argument(metavar="CLAIM|DOCUMENT...", help="What is of another event.")],
) -> Decision:
    """Part claims, or all claims of documents, from an event: together they are another one.

    Example: `tracker curate split 2026-06-24-anthropic-allegation-alibaba c-1a2b3c4d5e6f --why "the letter of May"`
    """
    return lambda desk: desk.split(event, members)


@signed
def alias(
    entity: Annotated[str, typer.Argument(metavar="ENTITY")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
) -> Decision:
    """Another name of an entity; an unknown name that is written so is this entity.

    Example: `tracker curate alias alibaba "Alibaba Group Holding Ltd" --why "its name in filings"`
    """
    return lambda _: AliasEdit(entity, " ".join(name.split()))


@signed
def entity(
    key: Annotated[
        str, typer.Argument(metavar="ENTITY", help="Its id; an unknown name becomes known by name and type.")
    ],
    name: Annotated[str | None, typer.Option("--name", help="Its canonical name.")] = None,
    type_: Annotated[str | None, typer.Option("--type", help=" | ".join(get_args(EntityType)))] = None,
    parent: Annotated[str | None, typer.Option("--parent", help="Whom it belongs to; none: to nobody.")] = None,
    wikidata: Annotated[str | None, typer.Option("--wikidata", help="Such as Q1359568.")] = None,
) -> Decision:
    """What an entity is called, is, and belongs to; with name and type an unknown name becomes a known entity.

    Example: `tracker curate entity tongyi-labs --name "Tongyi Labs" --type company --parent alibaba --why "its site"`
    """
    if type_ is not None:
        checked_choice(type_, get_args(EntityType), "--type")
    if wikidata is not None and not re.fullmatch(r"Q[1-9]\d{0,11}", wikidata):
        raise InputError(f"--wikidata {wikidata!r}: expected an id such as Q1359568")
    above = "" if parent == _NOBODY else parent
    act = EntityEdit(key, name and " ".join(name.split()), cast(EntityType | None, type_), above, wikidata)
    return lambda _: act


@signed
def title(
    event: Annotated[str, typer.Argument(metavar="EVENT")],
    words: Annotated[str, typer.Argument(metavar="TITLE")],
) -> Decision:
    """Another title of an event; the page says that it was edited.

    Example: `tracker curate title 2026-06-24-anthropic-allegation-alibaba "Anthropic's letter to ..." --why "too long"`
    """
    return lambda desk: desk.title(event, words)


@signed
def hide(
    key: Annotated[str, typer.Argument(metavar="CLAIM|EVENT")],
) -> Decision:
    """A claim or an event that is not published; the store and the log of corrections keep it.

    Example: `tracker curate hide c-1a2b3c4d5e6f --why "a quote of satire, read as a charge"`
    """
    return lambda desk: desk.hide(key)


@signed
def correct(
    claim: Annotated[str, typer.Argument(metavar="CLAIM")],
    speaker: Annotated[str | None, typer.Option("--speaker", help="An entity's id; none: nobody is named.")] = None,
    speaks_for: Annotated[str | None, typer.Option("--for", help="Whom the speaker speaks for; none: nobody.")] = None,
    accused: Annotated[list[str] | None, typer.Option("--accused", help="An id, or none; may be repeated.")] = None,
    status: Annotated[str | None, typer.Option("--status", help=" | ".join(get_args(ClaimStatus)))] = None,
    type_: Annotated[str | None, typer.Option("--type", help=" | ".join(get_args(ClaimType)))] = None,
    figures: Annotated[
        list[str] | None, typer.Option("--figure", help='"WORDS=VALUE", such as "some 25,000=about 25000".')
    ] = None,
) -> Decision:
    """Another reading of a claim; what was read stays visible beside it, and the claim is published.

    Example: `tracker curate correct c-1a2b3c4d5e6f --accused moonshot-ai --why "the letter names Moonshot here"`
    """
    if status is not None:
        checked_choice(status, get_args(ClaimStatus), "--status")
    if type_ is not None:
        checked_choice(type_, get_args(ClaimType), "--type")
    given = {"type": type_, "speaker": speaker, "for": speaks_for, "accused": accused, "status": status}
    sets = tuple(name for name, value in given.items() if value)
    fixes = tuple(parse_figure(item) for item in figures or ())
    if not sets and not fixes:
        raise InputError("nothing to correct: give --speaker, --for, --accused, --status, --type or --figure")
    return lambda desk: Correction(
        claim=desk.claim(claim),
        sets=sets,
        type=cast(ClaimType | None, type_),
        speaker=None if speaker == _NOBODY else speaker,
        on_behalf_of=None if speaks_for == _NOBODY else speaks_for,
        accused=tuple(item for item in dict.fromkeys(accused or ()) if item != _NOBODY),
        status=cast(ClaimStatus | None, status),
        figures=fixes,
    )


def parse_figure(text: str) -> FigureFix:
    """ "WORDS=VALUE" as a reading: a number, "over", "about", "under", "exact" or "vague" before it, or "LOW..HIGH".

    Raises:
        InputError: it is not written so.
    """
    words, _, value = text.rpartition("=")
    number = r"(\d[\d,_]*(?:\.\d+)?)\s*(k|thousand|million|billion)?"
    found = re.fullmatch(rf"(?:(over|about|under|exact|vague)\s+)?{number}(?:\s*\.\.\s*{number})?", value.strip())
    if not words.strip() or not found:
        raise InputError(f'--figure {text!r}: expected "WORDS=VALUE", such as "some 25,000=about 25000" or "..=16..20"')
    qualifier, low = found[1] or "exact", _number(found[2], found[3])
    high = _number(found[4], found[5]) if found[4] else None
    if high is not None:
        if found[1] or high < low:
            raise InputError(f"--figure {text!r}: expected LOW..HIGH, the lower number first and no word before it")
        return FigureFix(words.strip(), low, high, "range")
    ends = {"over": (low, None), "under": (None, low), "vague": (low, None)}.get(qualifier, (low, low))
    return FigureFix(words.strip(), *ends, cast(Qualifier, qualifier))


def _number(digits: str, scale: str | None) -> float:
    return float(re.sub(r"[,_]", "", digits)) * _SCALES[scale or ""]


@signed
def confirm(
    claim: Annotated[str, typer.Argument(metavar="CLAIM")],
) -> Decision:
    """A claim that awaits review (`tracker review`) was compared with its words: it is published.

    Example: `tracker curate confirm c-1a2b3c4d5e6f --why "says so in these words"`
    """
    return lambda desk: Confirmation(desk.claim(claim))


@signed
def accept(
    edit: Annotated[str, typer.Argument(metavar="EDIT")],
) -> Decision:
    """An edit that is open, since its source was changed, stands with the pages as they are now.

    Example: `tracker curate accept 2026-11-21-correct-c-1a2b3c4d5e6f --why "the new version says the same"`
    """
    return lambda desk: desk.accept(edit)


@signed
def undo(
    edit: Annotated[str, typer.Argument(metavar="EDIT")],
) -> Decision:
    """An edit does not hold any more; both stay in the log.

    Example: `tracker curate undo 2026-11-21-hide-claim-c-1a2b3c4d5e6f --why "the publisher stands by it"`
    """
    return lambda desk: desk.undo(edit)


COMMANDS: dict[str, Callable[..., None]] = {
    "merge": merge,
    "split": split,
    "alias": alias,
    "entity": entity,
    "title": title,
    "hide": hide,
    "correct": correct,
    "confirm": confirm,
    "accept": accept,
    "undo": undo,
}
"""By the name after `tracker curate`."""
