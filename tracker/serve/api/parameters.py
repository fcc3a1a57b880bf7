"""The parameters of a query: what may be asked, and reading it strictly, so that a slip is told and not ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from urllib.parse import parse_qsl

from tracker.serve.api.problems import Problem, Wrong, bad_parameters, near, shown

Kind = Literal[
    "words", "id", "party", "jurisdiction", "language", "day", "instant", "flag", "number", "count", "text", "fields",
    "json",
]  # fmt: skip
MOST_QUERY_BYTES = 8_192
MOST_VALUE_CHARS = 500
_MOST_JSON_CHARS = 500_000
_MOST_PAIRS = 100
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
LANGUAGE = r"\*|[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,10}"
"""A basic language range (RFC 4647, 2.1) as a regular expression (ECMA-262 too)."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a query: how it is read, and what is told of it.

    `choices` are the words that it may hold (None: any); `most_values` how many, by commas for words and fields, by
    repetition for parties and jurisdictions.
    """

    name: str
    kind: Kind
    description: str
    example: str = ""
    choices: tuple[str, ...] | None = None
    most_values: int = 1
    least: float | None = None
    most: float | None = None
    is_required: bool = False


def read_pairs(query: bytes) -> list[tuple[str, str]]:
    """The names and values of a query string.

    Raises:
        Problem: it is too long, no UTF-8, or has control characters.
    """
    if len(query) > MOST_QUERY_BYTES:
        told = f"the query is {len(query)} bytes long; at most {MOST_QUERY_BYTES} are read"
        raise Problem("address-too-long", told)
    try:
        text = query.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PAIRS, errors="strict")
    except UnicodeDecodeError:
        raise Problem("bad-request", "the query is not UTF-8 in percent-encoding") from None
    except ValueError:
        raise Problem("bad-request", f"the query has more than {_MOST_PAIRS} parameters") from None
    return pairs


def read_parameters(pairs: Iterable[tuple[str, str]], known: Sequence[Parameter]) -> dict[str, Any]:
    """The values by name: str, float, bool, or a tuple of str where several may stand. What is not given is absent.

    Raises:
        Problem: lists each parameter that is unknown, stands twice, or has a value that it cannot have, also beside
            another.
    """
    by_name = {item.name: item for item in known}
    given: dict[str, list[str]] = {}
    errors: list[Wrong] = []
    for name, value in pairs:
        if name in by_name:
            given.setdefault(name, []).append(value)
        else:
            errors.append(_unknown(name, by_name))
    values: dict[str, Any] = {}
    for name, held in given.items():
        try:
            values[name] = _read(by_name[name], held)
        except ValueError as error:
            errors.append(_wrong(by_name[name], str(error), held[-1]))
    if "" < values.get("to", "") < values.get("from", ""):
        told = f"to: {values['to']} lies before from, {values['from']}; no day is in between"
        errors.append(Wrong("to", told))
    missing = [item.name for item in known if item.is_required and item.name not in given]
    errors += [Wrong(name, f"{name} is missing: {by_name[name].description}") for name in missing]
    if errors:
        raise bad_parameters(errors)
    return values


def _unknown(name: str, known: Mapping[str, Parameter]) -> Wrong:
    found = near(name, known)
    hint = f"did you mean {' or '.join(found)}?" if found else f"there are {', '.join(known)}"
    return Wrong(shown(name)[1:-1], f"there is no parameter {shown(name)} here; {hint}", found, tuple(known))


def _wrong(parameter: Parameter, why: str, value: str) -> Wrong:
    choices = parameter.choices or ()
    return Wrong(parameter.name, f"{parameter.name}: {why}", near(value.split(",")[-1], choices), choices)


def _read(parameter: Parameter, held: list[str]) -> Any:
    """The value of a parameter. Raises ValueError that says what is wrong with it."""
    if any(not value.strip() for value in held):
        raise ValueError("it is empty; leave it out to ask without it")
    is_json = parameter.kind == "json"
    most = _MOST_JSON_CHARS if is_json else MOST_VALUE_CHARS
    if any(len(value) > most or (not is_json and CONTROL.search(value)) for value in held):
        raise ValueError(f"a value is longer than {most} characters, or has control characters in it")
    if parameter.kind in ("party", "jurisdiction"):
        return _several(parameter, [value.strip() for value in held])
    if len(held) > 1:
        raise ValueError(
            "it stands more than once; give it once" + (", by commas" if parameter.most_values > 1 else "")
        )
    (text,) = held
    if parameter.kind in ("words", "fields"):
        words = [word.strip() for word in text.split(",")]
        return _several(parameter, _choose(parameter, words))
    return _SINGLE[parameter.kind](parameter, text)


def _several(parameter: Parameter, values: Sequence[str]) -> tuple[str, ...]:
    if len(values) > parameter.most_values:
        raise ValueError(f"{len(values)} values; at most {parameter.most_values}")
    return tuple(dict.fromkeys(values))


def _choose(parameter: Parameter, words: list[str]) -> list[str]:
    if parameter.choices is None:
        return words
    for word in words:
        if word not in parameter.choices:
            found = near(word, parameter.choices)
            hint = f"did you mean {' or '.join(found)}?" if found else f"it is one of {', '.join(parameter.choices)}"
            raise ValueError(f"there is no {shown(word)}; {hint}")
    return words


def _read_text(_: Parameter, text: str) -> str:
    return text


def _read_flag(_: Parameter, text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ValueError(f"{shown(text)} is neither true nor false")
    return _FLAGS[text.lower()]


def _read_language(_: Parameter, text: str) -> str:
    if not re.fullmatch(LANGUAGE, text):
        raise ValueError(f"{shown(text)} is no language tag such as en, zh or zh-CN")
    return text.lower()


def _read_number(parameter: Parameter, text: str) -> float | int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{shown(text)} is no number, such as {parameter.example or '25000'}")
    return float(text) if "." in text else int(text)


def _read_count(parameter: Parameter, text: str) -> int:
    least, most = int(parameter.least or 0), int(parameter.most or 0)
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        raise ValueError(f"{shown(text)} is no whole number from {least} to {most}")
    return int(text)


def _read_day(_: Parameter, text: str) -> str:
    return _day(text).isoformat()


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"{shown(text)} is no day such as 2026-06-01")
    return found


def _read_instant(parameter: Parameter, text: str) -> str:
    """YYYY-MM-DDTHH:MM:SSZ: of a day its end where `as_of` names it, otherwise its beginning."""
    if _DAY.fullmatch(text):
        of_day = time(23, 59, 59) if parameter.name == "as_of" else time(0)
        return f"{datetime.combine(_day(text), of_day).isoformat()}Z"
    try:
        # a plus that was not encoded has become a space; "T" tells an instant from what else fromisoformat reads
        at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else "no")
        if at.tzinfo is None:
            raise ValueError
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        told = f"{shown(text)} is no day such as 2026-06-01 and no instant such as 2026-06-01T12:00:00Z"
        raise ValueError(told) from None
    return f"{at.replace(tzinfo=None, microsecond=0).isoformat()}Z"


_SINGLE = {
    "id": _read_text,
    "text": _read_text,
    "json": _read_text,
    "language": _read_language,
    "flag": _read_flag,
    "number": _read_number,
    "count": _read_count,
    "day": _read_day,
    "instant": _read_instant,
}
