"""What every part of the configuration is made of: strict models, periods such as "6h", addresses, patterns."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def _parse_period(value: Any) -> Any:
    if isinstance(value, str):
        match = re.fullmatch(r"(\d+)\s*([smhdw])", value.strip())
        if not match:
            raise ValueError("expected a number and a unit, such as 30s, 15m, 6h, 1d or 2w")
        return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    if isinstance(value, timedelta):
        return value
    raise ValueError("expected a number and a unit, such as 30s, 15m, 6h, 1d or 2w")


def _check_http_url(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("expected an address that begins with http:// or https://")
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as exc:
        raise ValueError(f"{value!r} is not a regular expression ({exc})") from exc
    return value


def _check_environment_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("expected the name of an environment variable; the key itself is never written in a file")
    return value


def _check_selector(value: str) -> str:
    import soupsieve  # only listings want it

    try:
        soupsieve.compile(value)
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as exc:
        raise ValueError(f"{value!r} is not a CSS selector ({str(exc).splitlines()[0]})") from exc
    return value


Period = Annotated[timedelta, BeforeValidator(_parse_period)]
HttpUrl = Annotated[str, AfterValidator(_check_http_url)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
"""A regular expression of Python's `re`, searched for anywhere in the text."""
Selector = Annotated[str, AfterValidator(_check_selector)]
"""A CSS selector (soupsieve: Selectors Level 4)."""
EnvironmentName = Annotated[str, AfterValidator(_check_environment_name)]


class Strict(BaseModel):
    """A part of the configuration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
