"""Files of subscribers: CSV or YAML, each row a wish with the line that it stands on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tracker.cli.enrolling import Wish, WishedRule
from tracker.errors import InputError, UnreadableInput
from tracker.yamlfile import load_yaml

LISTS = ("watch", "dispute", "type", "jurisdiction", "kind", "rule")
KEYS = ("name", "mail", "webhook", "feed", *LISTS, "query", "min_sources", "all", "cadence", "hour", "weekday", "zone",
        "all_clear", "shape")  # fmt: skip
MOST_ROWS = 20_000
MOST_BYTES = 20_000_000
_YES, _NO = ("yes", "true", "1", "x"), ("", "no", "false", "0")


def read_wishes(path: Path) -> list[tuple[str, Wish]]:
    """(where, wish) of each row, in order.

    Raises:
        UnreadableInput: the file cannot be read as CSV or YAML.
        InputError: a row is wrong in its form; all such rows are told, by line.
    """
    wishes: list[tuple[str, Wish]] = []
    wrong: list[str] = []
    for where, row in _rows(path):
        if len(wishes) + len(wrong) >= MOST_ROWS:
            raise InputError(f"{path} has more than {MOST_ROWS:,} subscribers; part it")
        try:
            wishes.append((where, _wish(row)))
        except InputError as error:
            wrong.append(f"{where}: {error.detail}")
    if wrong:
        raise InputError("\n".join(wrong[:50]))
    if not wishes:
        raise UnreadableInput(f"{path} holds no subscriber")
    return wishes


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise UnreadableInput(f"{path} has more than {MOST_BYTES:,} bytes; part it")
    if path.suffix.lower() in (".yaml", ".yml"):
        file = load_yaml(path)
        if not isinstance(file.data, list):
            raise UnreadableInput(f"{path}, line 1: expected a list of subscribers")
        for number, row in enumerate(file.data):
            where = f"{path}, line {file.line_of((number,))}"
            if not isinstance(row, dict):
                raise InputError(f"{where}: expected keys and values")
            yield where, row
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if None in row:
                raise InputError(f"{path}, line {reader.line_num}: there are more cells than columns")
            yield f"{path}, line {reader.line_num}", {key.strip(): value or "" for key, value in row.items()}
    except csv.Error as error:
        raise UnreadableInput(f"{path}, line {reader.line_num}: {error}") from error


def _wish(row: Mapping[str, Any]) -> Wish:
    for key in row:
        if key not in KEYS:
            near = get_close_matches(str(key), KEYS, n=1)
            raise InputError(f"there is no key {str(key)[:40]!r}; " + (f"did you mean {near[0]}?" if near else
                             f"there are {', '.join(KEYS)}"))  # fmt: skip
    lists = {key: _list(row.get(key)) for key in LISTS}
    text = {key: _text(row.get(key)) for key in KEYS if key not in LISTS}
    if not text["name"]:
        raise InputError("a name is missing")
    least = _number(text["min_sources"] or "1", "min_sources", 50)
    rule = WishedRule(**{key: lists[key] for key in LISTS[:-1]}, query=text["query"], min_sources=least)
    return Wish(
        text["name"], text["mail"] or None, text["webhook"] or None, _flag(text["feed"], "feed"),
        text["shape"] or "json", rule, lists["rule"], _flag(text["all"], "all"), text["cadence"] or None,
        _number(text["hour"], "hour", 23) if text["hour"] else None, text["weekday"] or None, text["zone"] or None,
        _flag(text["all_clear"], "all_clear"), None,
    )  # fmt: skip


def _list(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else _text(value).split(";")
    return tuple(text for text in map(_text, items) if text)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise InputError("expected a text or a number where there is a list or a mapping")
    return "" if value is None else str(value).strip(" ")


def _flag(text: str, key: str) -> bool:
    if text.lower() in (*_YES, *_NO):
        return text.lower() in _YES
    raise InputError(f"{key} {text[:40]!r}: expected yes or no")


def _number(text: str, key: str, most: int) -> int:
    if text.isascii() and text.isdigit() and int(text[:6]) <= most:
        return int(text)
    raise InputError(f"{key} {text[:40]!r}: expected a number up to {most}")
