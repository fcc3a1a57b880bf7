"""Writes edits: an entry at the end of a file, so that whatever people wrote there stays as it is."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from tracker.curation.forms import KINDS
from tracker.errors import OutputUnusable
from tracker.ids import slugify
from tracker.types import (
    Acceptance,
    Act,
    AliasEdit,
    Anchor,
    Confirmation,
    Correction,
    Edit,
    EntityEdit,
    EntityMerge,
    EventMerge,
    EventSplit,
    FigureFix,
    Hiding,
    TitleEdit,
    Undoing,
)
from tracker.yamlfile import render_item

_HEAD = """\
# Decisions of people about {what}, applied whenever events are made; docs/curation.md says how.
# `tracker curate ...` writes here, and so may you: `tracker curate check` tells what it does not understand.
"""


def kind_of(act: Act) -> str:
    """The word that names this kind of edit in a file."""
    if isinstance(act, Hiding):
        return f"hide_{act.what}"
    names: dict[type, str] = {
        EntityEdit: "entity",
        AliasEdit: "alias",
        EntityMerge: "merge_entities",
        EventMerge: "merge_events",
        EventSplit: "split_event",
        TitleEdit: "title",
        Correction: "correct",
        Confirmation: "confirm",
        Acceptance: "accept",
        Undoing: "undo",
    }
    return names[type(act)]


def edit_id(act: Act, day: str, taken: frozenset[str]) -> str:
    """A new id that tells day, kind and subject: "2026-11-21-merge-entities-qwen-team"."""
    base = f"{day}-{kind_of(act).replace('_', '-')}-{slugify(_subject(act), 50)}"
    number, made = 2, base
    while made in taken:
        made, number = f"{base}-{number}", number + 1
    return made


def _subject(act: Act) -> str:
    if isinstance(act, EntityEdit | AliasEdit):
        return act.entity
    if isinstance(act, EntityMerge):
        return act.source
    if isinstance(act, Acceptance | Undoing):
        return act.edit
    if isinstance(act, Correction | Confirmation):
        return act.claim.claim_id or act.claim.document_id
    anchors = act.source if isinstance(act, EventMerge) else act.claims
    was = () if isinstance(act, Hiding) and act.what == "claim" else act.was
    return (*was, anchors[0].claim_id or anchors[0].document_id)[0]


def record_of(edit: Edit) -> dict[str, Any]:
    """An edit as the entry that it is in a file."""
    stamp = edit.at.isoformat().replace("+00:00", "Z")
    return (
        {"id": edit.id, "edit": kind_of(edit.act)}
        | _fields(edit.act)
        | {
            "who": edit.who,
            "when": stamp,
            "why": edit.why,
        }
    )


def _fields(act: Act) -> dict[str, Any]:
    if isinstance(act, EntityEdit):
        return {key: value for key, value in asdict(act).items() if value is not None}
    if isinstance(act, AliasEdit):
        return asdict(act)
    if isinstance(act, EntityMerge):
        return {"from": act.source, "into": act.into}
    if isinstance(act, EventMerge):
        return {"from": _anchors(act.source), "into": _anchors(act.into)} | _was(act.was)
    if isinstance(act, TitleEdit):
        return {"title": act.title, "before": act.before, "claims": _anchors(act.claims)} | _was(act.was)
    if isinstance(act, EventSplit):
        return {"claims": _anchors(act.claims)} | _was(act.was)
    if isinstance(act, Hiding):
        one = {"claim": _anchor(act.claims[0])}
        return (one if act.what == "claim" else {"claims": _anchors(act.claims)}) | _was(act.was)
    if isinstance(act, Correction):
        return {"claim": _anchor(act.claim), "set": _set(act)}
    if isinstance(act, Confirmation):
        return {"claim": _anchor(act.claim)}
    return {"of": act.edit} | ({"versions": list(act.versions)} if isinstance(act, Acceptance) else {})


def _was(ids: tuple[str, ...]) -> dict[str, Any]:
    return {"was": list(ids)} if ids else {}


def _anchors(anchors: tuple[Anchor, ...]) -> list[dict[str, Any]]:
    return [_anchor(anchor) for anchor in anchors]


def _anchor(anchor: Anchor) -> dict[str, Any]:
    fields = {
        "document": anchor.document_id,
        "quote": anchor.quote,
        "type": anchor.type,
        "speaker": anchor.speaker,
        "accused": list(anchor.accused),
        "claim": anchor.claim_id,
        "version": anchor.version_id,
    }
    return {key: value for key, value in fields.items() if value}


def _set(act: Correction) -> dict[str, Any]:
    values = {
        "type": act.type,
        "speaker": act.speaker,
        "for": act.on_behalf_of,
        "accused": list(act.accused),
        "status": act.status,
    }
    chosen: dict[str, Any] = {name: values[name] for name in act.sets}
    return chosen | ({"figures": [_figure(fix) for fix in act.figures]} if act.figures else {})


def _figure(fix: FigureFix) -> dict[str, Any]:
    return {key: value for key, value in asdict(fix).items() if value is not None}


def append_edit(folder: Path, edit: Edit) -> Path:
    """Write an edit at the end of the file of its kind; returns the file.

    One write at the end of the file: two people who write at once lose nothing, and a write that is cut short costs
    its own entry alone.

    Raises:
        OutputUnusable: the file cannot be written.
    """
    name = KINDS[kind_of(edit.act)]
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            is_new = file.seek(0, os.SEEK_END) == 0
            last = b"\n" if is_new else _last_byte(file)
            head = _HEAD.format(what=name) if is_new else "" if last == b"\n" else "\n"
            file.write(f"{head}{render_item(record_of(edit))}".encode())
    except OSError as error:
        raise OutputUnusable(f"{path}: {error.strerror or error}") from error
    return path


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)
