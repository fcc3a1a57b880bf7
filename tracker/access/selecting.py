"""What a caller wants of a view, as SQL over the documented views with named values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from tracker.errors import InputError

_WORDS = re.compile(r"\w+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,10}")
IN_LANGUAGE = "lower({column}) = :language OR substr(lower({column}), 1, length(:language) + 1) = :language || '-'"
"""The tag in the column is the range `language`, in small letters, or a kind of it (RFC 4647, basic filtering)."""
_FAMILY = "(SELECT member_id FROM families WHERE entity_id = :{})"
CLAIMS_ABOUT = """id IN (
  SELECT claim_id FROM claim_parties WHERE entity_id IN FAMILY
  UNION SELECT claim_id FROM claim_mentions WHERE entity_id IN FAMILY)"""
"""A claim has a party in any role, or its quote names it; for `Selection.of_family`."""
_SPACELESS = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts that part no words by spaces."""
_MOST_WORDS_CHARS = 1_000


@dataclass
class Selection:
    """A SELECT that is being put together: tests that must all hold."""

    source: str
    order: str
    tests: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def equal(self, column: str, value: Any, choices: Sequence[str] = ()) -> None:
        """The column has this value, unless that is None.

        Raises:
            InputError: it is none of the choices; names them.
        """
        if value is None:
            return
        if choices and value not in choices:
            raise InputError(f"{column} {value!r}: expected one of {', '.join(choices)}")
        self.add(f"{column} = :{column}", **{column: int(value) if isinstance(value, bool) else value})

    def add(self, test: str, **values: Any) -> None:
        """A test, with its values."""
        self.tests.append(test)
        self.values |= values

    def in_language(self, language: str | None) -> None:
        """The language is this one or a kind of it (RFC 4647, basic filtering), unless that is None; "*" is any.

        Raises:
            InputError: it is no language tag.
        """
        wanted = language_range(language)
        if wanted is not None:
            self.add(f"({IN_LANGUAGE.format(column='language')})", language=wanted)

    def of_family(self, test: str, key: str, id: str) -> None:
        """A test in which FAMILY stands for the ids of an entity and of all that belongs to it."""
        self.add(test.replace("FAMILY", _FAMILY.format(key)), **{key: id})

    def days(
        self,
        column: str,
        since: date | str | None,
        until: date | str | None,
        told: tuple[str, str] = ("since", "until"),
    ) -> None:
        """The day in the column lies between two days, both included; what has no day lies between none.

        `told` is what the caller calls the two.

        Raises:
            InputError: one of them is no day, or the second lies before the first.
        """
        if since is not None:
            self.add(f"{column} >= :since", since=day_of(since, told[0]))
        if until is not None:
            self.add(f"{column} <= :until", until=day_of(until, told[1]))
        if since is not None and until is not None and self.values["since"] > self.values["until"]:
            raise InputError(f"{told[1]} {self.values['until']} lies before {told[0]} {self.values['since']}")

    def words(self, text: str | None, columns: Sequence[str]) -> None:
        """The full text has these words, each of them; in Chinese, Japanese and Korean this run of characters."""
        if text is None:
            return
        words = _WORDS.findall(text[:_MOST_WORDS_CHARS])
        if not words:
            raise InputError(f"text {text!r}: expected a word to look for")
        if not _SPACELESS.search(text):
            wanted = " ".join(f'"{word}"' for word in words)
            self.add("search_id IN (SELECT rowid FROM search WHERE search MATCH :words)", words=wanted)
        elif all(len(word) > 2 for word in words):
            wanted = " ".join(f'"{word}"' for word in words)
            test = "search_id IN (SELECT rowid FROM search_trigram WHERE search_trigram MATCH :words)"
            self.add(test, words=wanted)
        else:  # the trigram index knows no shorter run
            for number, word in enumerate(words):
                found = " OR ".join(f"instr({column}, :word{number})" for column in columns)
                self.add(f"({found})", **{f"word{number}": word})

    @property
    def sql(self) -> str:
        """The statement."""
        where = f" WHERE {' AND '.join(self.tests)}" if self.tests else ""
        return f"{self.source}{where} ORDER BY {self.order}"


def language_range(language: str | None) -> str | None:
    """A language or its kinds (RFC 4647, basic filtering) in small letters; None for any, which "*" is too.

    Raises:
        InputError: it is no language tag.
    """
    if language is None or language == "*":
        return None
    wanted = language.strip().lower()
    if not _LANGUAGE.fullmatch(wanted):
        raise InputError(f"language {language!r}: expected a tag such as en, zh or zh-CN")
    return wanted


def day_of(value: date | str, what: str) -> str:
    """YYYY-MM-DD.

    Raises:
        InputError: it is no day.
    """
    try:
        day = date.fromisoformat(value.strip()) if isinstance(value, str) else value
        return day.isoformat()[:10]
    except (ValueError, AttributeError):  # a number has no isoformat
        raise InputError(f"{what} {value!r}: expected a day such as 2026-06-01") from None


def instant_of(value: date | datetime | str, what: str) -> str:
    """YYYY-MM-DDTHH:MM:SSZ: an instant, UTC where it has no zone; of a day its end.

    Raises:
        InputError: it is neither.
    """
    try:
        at = _parsed(value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, AttributeError, OverflowError):  # a number has no strip, the year 1 no day before
        raise InputError(f"{what} {value!r}: expected a day such as 2026-06-01, or an instant") from None
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def _parsed(value: date | datetime | str) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.max)
    text = value.strip()
    try:
        return datetime.combine(date.fromisoformat(text), time.max)
    except ValueError:
        return datetime.fromisoformat(text)
