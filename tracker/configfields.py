"""What every part of the configuration is made of: strict models, periods such as "6h", addresses, patterns."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

MAX_URL_LENGTH = 2_000
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


def check_http_url(value: str) -> str:
    """The address of something on the web, for everybody. Raises: ValueError: what is wrong with it."""
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("expected an address that begins with http:// or https://")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError as exc:
        raise ValueError(f"this is no address ({exc})") from exc
    if not host or port == 0:
        raise ValueError("expected an address with a host, such as https://www.site.example/feed")
    if "@" in parts.netloc:
        raise ValueError("expected an address without login (NAME:PASSWORD@), since it stands in logs and on the site")
    if len(value) > MAX_URL_LENGTH:
        raise ValueError(f"expected an address of at most {MAX_URL_LENGTH} characters")
    return value


def _check_header(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ValueError("expected letters of ASCII only, since it is sent in a header; write ö as oe, and so on")
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as exc:
        raise ValueError(f"{value!r} is not a regular expression ({exc})") from exc
    return value


def _check_date_pattern(value: str) -> str:
    missing = [name for name in ("year", "month", "day") if name not in re.compile(value).groupindex]
    if missing:
        raise ValueError(
            f"the expression lacks the group {missing[0]!r}; expected (?P<year>\\d{{4}}), (?P<month>\\d{{2}}) and "
            r"(?P<day>\d{2})"
        )
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
HttpUrl = Annotated[str, AfterValidator(check_http_url)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
"""A regular expression of Python's `re`, searched for anywhere in the text."""
DatePattern = Annotated[Pattern, AfterValidator(_check_date_pattern)]
"""A pattern whose groups `year`, `month` and `day` are a date."""
HeaderText = Annotated[str, AfterValidator(_check_header)]
"""What can be sent as the value of a header (RFC 9110, section 5.5)."""
Selector = Annotated[str, AfterValidator(_check_selector)]
"""A CSS selector (soupsieve: Selectors Level 4)."""
EnvironmentName = Annotated[str, AfterValidator(_check_environment_name)]


class Strict(BaseModel):
    """A part of the configuration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
