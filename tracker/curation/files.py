"""Reads the folder of edits: each entry for itself, so that one that is wrong costs no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tracker.curation.forms import FIRST_DAY, FORM, KINDS, Form
from tracker.curation.writing import record_of
from tracker.errors import InputError, UnreadableInput
from tracker.types import Acceptance, Curation, Edit, Outcome, Problem, Undoing
from tracker.yamlfile import YamlFile, parse_yaml

MAX_FILE_BYTES = 20_000_000
_AHEAD = timedelta(days=1)
"""What a person's clock may be ahead of ours."""
_IDS = ("entity", "from", "into", "parent", "of")
_EXPECTED = {"missing": "this key is required", "extra_forbidden": "there is no such key"}


@dataclass(frozen=True)
class _Entry:
    """An entry of a file: its text, and the line (from 1) on which it begins."""

    path: Path
    line: int
    text: str


def load_curation(folder: Path, now: datetime) -> Curation:
    """Every edit in the `*.yaml` files of a folder that can be understood, and beside them what cannot.

    A folder that is not there holds no edits. `now` is for edits that claim to be of the future.
    """
    if not folder.exists():
        return Curation()
    paths = sorted({*folder.glob("*.yaml"), *folder.glob("*.yml")}) if folder.is_dir() else [folder]
    read: list[Edit | Problem] = []
    for path in paths:
        try:
            read += [_read_entry(entry, now) for entry in _entries(path)]
        except UnreadableInput as error:
            read.append(Problem(str(path), Outcome.REFUSED, error.detail.removeprefix(f"{path}: ")))
    edits, problems = _check_ids([item for item in read if isinstance(item, Edit)])
    problems = [item for item in read if isinstance(item, Problem)] + problems
    return Curation(tuple(sorted(edits, key=lambda edit: (edit.at, edit.file, edit.line))), tuple(problems))


def check_edit(edit: Edit) -> None:
    """See to it, before it is written, that an edit will be understood when it is read.

    Raises:
        InputError: a field is too long or not of its form; names it.
    """
    record = record_of(edit)
    try:
        FORM.validate_python(record)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"][1:])) or str(record["edit"])
        why = f"expected no spaces in an id, got {first['input']!r:.60}" if key in _IDS else first["msg"].lower()
        raise InputError(f"{key}: {why}") from error


def _entries(path: Path) -> Iterator[_Entry]:
    """The items of a file's list, each beginning with "- " at the start of a line.

    Raises:
        UnreadableInput: the file cannot be read, or holds something before its first item.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableInput(f"{path}: more than {MAX_FILE_BYTES} bytes; split the file")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{path}: not UTF-8 text (byte {error.start})") from error
    begun: list[str] = []
    line = 0
    for number, row in enumerate(re.split(r"(?<=\n)", text), start=1):
        if re.match(r"-(\s|$)", row):
            if line:
                yield _Entry(path, line, "".join(begun))
            begun, line = [row], number
        elif line:
            begun.append(row)
        elif row.strip() and not re.match(r"\s*#|---\s*$|\[\]\s*$", row):
            raise UnreadableInput(f"{path}: line {number}: expected a list of edits, each beginning with `- id: `")
    if line:
        yield _Entry(path, line, "".join(begun))


def _read_entry(entry: _Entry, now: datetime) -> Edit | Problem:
    try:
        file = parse_yaml(entry.text, entry.path, entry.line)
    except UnreadableInput as error:
        return _problem_of(entry, error.detail)
    item = file.data[0] if isinstance(file.data, list) and len(file.data) == 1 else None
    if not isinstance(item, dict):
        return _problem(file, (), "expected keys and values, such as `id: ...`")
    try:
        form = FORM.validate_python(item)
    except ValidationError as error:
        return _explain(file, item, error)
    if not FIRST_DAY <= form.when <= now + _AHEAD:
        side = "before 2015" if form.when < FIRST_DAY else "in the future"
        return _problem(file, ("when",), f"when: {form.when:%Y-%m-%d} is {side}")
    return _edit(file, form)


def _edit(file: YamlFile, form: Form) -> Edit:
    why, who = " ".join(form.why.split()), " ".join(form.who.split())
    return Edit(form.id, form.act(), who, form.when, why, str(file.path), file.first_line)


def _problem(file: YamlFile, where: tuple[str | int, ...], why: str) -> Problem:
    return Problem(f"{file.path}, line {file.line_of((0, *where))}", Outcome.REFUSED, why)


def _problem_of(entry: _Entry, detail: str) -> Problem:
    """An error that names path and line, as a problem; a text that ends too early ends in its own entry."""
    where, _, why = detail.partition(": ")
    line = int(where.rpartition(" ")[2])
    last = entry.line + entry.text.rstrip().count("\n")
    return Problem(f"{entry.path}, line {min(line, last)}", Outcome.REFUSED, why)


def _explain(file: YamlFile, item: dict[Any, Any], error: ValidationError) -> Problem:
    errors = error.errors()
    first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
    if first["type"] in ("union_tag_not_found", "union_tag_invalid"):
        kind = item.get("edit")
        near = get_close_matches(str(kind), KINDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}"
        why = f"there is no kind {kind!r}; {hint}" if "edit" in item else f"{_EXPECTED['missing']}; {hint}"
        return _problem(file, ("edit",), f"edit: {why}")
    where = first["loc"][1:]  # pydantic names the kind first
    key = ".".join(map(str, where)) or str(item.get("edit"))
    why = _EXPECTED.get(first["type"], first["msg"].removeprefix("Value error, "))
    if first["type"] == "extra_forbidden":
        lacking = [str(e["loc"][-1]) for e in errors if e["type"] == "missing"]
        why += "".join(f"; did you mean {near}?" for near in get_close_matches(str(where[-1]), lacking, n=1))
    more = len(errors) - 1
    return _problem(file, where, f"{key}: {why}" + (f" (and {more} more)" if more else ""))


def _check_ids(edits: Iterable[Edit]) -> tuple[list[Edit], list[Problem]]:
    """Edits whose id stands once, and undoings and acceptances only of edits that there are."""
    first: dict[str, Edit] = {}
    problems = []
    for edit in edits:
        before = first.setdefault(edit.id, edit)
        if before is not edit:
            problems.append(_refused(edit, f"id {edit.id!r} stands already in {before.where}"))
    kept = []
    for edit in first.values():
        of = edit.act.edit if isinstance(edit.act, Undoing | Acceptance) else edit.id
        if of in first and (of != edit.id or not isinstance(edit.act, Undoing | Acceptance)):
            kept.append(edit)
            continue
        near = get_close_matches(of, [key for key in first if key != edit.id], n=1)
        problems.append(
            _refused(edit, f"of: no edit has the id {of!r}" + (f"; did you mean {near[0]}?" if near else ""))
        )
    return kept, problems


def _refused(edit: Edit, why: str) -> Problem:
    return Problem(edit.where, Outcome.REFUSED, why)
