"""What somebody asks to be told of, as it was typed, and the rules that it means over the published data."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeVar, cast
from zoneinfo import available_timezones

from tracker.access.finding import find_dispute, find_entity
from tracker.digest.addresses import find_hidden
from tracker.digest.names import Names, load_names
from tracker.digest.querywords import parse_query
from tracker.digest.rulewords import rule_words
from tracker.errors import InputError
from tracker.query import Published
from tracker.render.jurisdictions import load_register
from tracker.types.changes import CHANGE_KINDS
from tracker.types.watching import MAX_RULES, WatchRule
from tracker.types.words import CLAIM_TYPES

T = TypeVar("T", bound=str)

MOST_VALUES = 100
"""Of one condition."""
MOST_SOURCES = 50
LONGEST_QUERY = 200
LONGEST_NAME = 100
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RULE_KEYS = {
    "entity": "entities", "watch": "entities", "dispute": "disputes", "type": "types", "jurisdiction": "jurisdictions",
    "country": "jurisdictions", "kind": "kinds",
}  # fmt: skip
"""The word before the colon in a written rule, and what it sets; besides query:, sources: and children:no."""


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule as somebody typed it: names and not ids, nothing checked."""

    entities: tuple[str, ...] = ()
    with_children: bool = True
    disputes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    query: str = ""
    min_sources: int = 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing chooses anything."""
        return not (self.entities or self.disputes or self.types or self.jurisdictions or self.kinds or self.query)


def parse_rule(text: str) -> AskedRule:
    """A rule in one line: `entity:alibaba entity:"Moonshot AI" type:allegation sources:2`.

    Raises:
        InputError: a word has no key, or one that there is not.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InputError(f"rule {text[:200]!r}: a quote is left open") from error
    found: dict[str, list[str]] = {}
    rule = AskedRule()
    for word in words:
        key, colon, value = word.partition(":")
        key = key.lower()
        if not colon or not value:
            raise InputError(f"rule {text[:200]!r}: {word[:80]!r}: expected KEY:VALUE, such as entity:alibaba")
        if key in RULE_KEYS:
            found.setdefault(RULE_KEYS[key], []).append(value)
        elif key == "query":
            rule = replace(rule, query=f"{rule.query} {value}".strip())
        elif key == "sources":
            rule = replace(rule, min_sources=_number(value, "sources", 1, MOST_SOURCES))
        elif key == "children" and value.lower() in ("yes", "no"):
            rule = replace(rule, with_children=value.lower() == "yes")
        else:
            known = [*RULE_KEYS, "query", "sources", "children"]
            raise InputError(f"rule {text[:200]!r}: there is no key {key[:40]!r}{_near(key, known)}")
    named: dict[str, Any] = {name: tuple(values) for name, values in found.items()}
    return replace(rule, **named)


@dataclass
class Desk:
    """Checks what is asked for over one published database; remembers whom it has looked up."""

    published: Published
    _found: dict[tuple[str, str], str] = field(default_factory=dict)

    def check_rules(self, asked: Sequence[AskedRule], *, everything: bool = False) -> tuple[WatchRule, ...]:
        """The rules that are meant, each once.

        Raises:
            InputError: there are none or too many, one names what is not there (tells the nearest), or one watches
                everything and that was not asked for.
        """
        if len(asked) > MAX_RULES:
            raise InputError(f"{len(asked)} watch rules are too many: {MAX_RULES} at the most; one can name many")
        rules = tuple(dict.fromkeys(self.check_rule(rule) for rule in asked))
        if everything and not rules:
            rules = (WatchRule(),)
        if not rules or (not everything and any(rule.is_empty for rule in rules)):
            raise InputError("nothing is named to watch: name a party, or ask for everything (--all)")
        return rules

    def check_rule(self, asked: AskedRule) -> WatchRule:
        """One rule: ids for names, each value once.

        Raises:
            InputError: see `check_rules`.
        """
        for name in ("entities", "disputes", "types", "jurisdictions", "kinds"):
            if len(getattr(asked, name)) > MOST_VALUES:
                raise InputError(f"a rule names {len(getattr(asked, name))} {name}: {MOST_VALUES} at the most")
        if not 1 <= asked.min_sources <= MOST_SOURCES:
            raise InputError(f"{asked.min_sources} sources: expected a number from 1 to {MOST_SOURCES}")
        return WatchRule(
            entities=self._ids("entity", asked.entities, find_entity),
            with_children=asked.with_children,
            disputes=self._ids("dispute", asked.disputes, find_dispute),
            types=_choices(asked.types, CLAIM_TYPES, "type"),
            jurisdictions=tuple(dict.fromkeys(map(check_jurisdiction, asked.jurisdictions))),
            kinds=_choices(asked.kinds, CHANGE_KINDS, "kind"),
            query=check_query(asked.query),
            min_sources=asked.min_sources,
        )

    def words_without_query(self, rules: Sequence[WatchRule]) -> list[str]:
        """Rules in words, without any that somebody typed freely: for mail to who may not have typed them."""
        names = self.names_of(rules)
        return [rule_words(rule, names, hides_query=True) for rule in rules]

    def names_of(self, rules: Sequence[WatchRule]) -> Names:
        """What the parties and disputes of rules are called."""
        entities = {one for rule in rules for one in rule.entities}
        return load_names(self.published, entities, {one for rule in rules for one in rule.disputes})

    def _ids(self, kind: str, texts: Sequence[str], find: Callable[[Published, str], str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._id(kind, text, find) for text in texts))

    def _id(self, kind: str, text: str, find: Callable[[Published, str], str]) -> str:
        if len(text) > LONGEST_QUERY:
            raise InputError(f"{text[:40]!r}...: a name has at most {LONGEST_QUERY} characters")
        key = kind, text
        if key not in self._found:
            self._found[key] = find(self.published, text)
        return self._found[key]


def check_query(text: str) -> str:
    """Words to look for.

    Raises:
        InputError: it is too long, or has no word.
    """
    query = " ".join(text.split())
    if len(query) > LONGEST_QUERY:
        raise InputError(f"the words to look for have more than {LONGEST_QUERY} characters")
    if query and not parse_query(query):
        raise InputError(f"query {query[:80]!r}: expected a word to look for")
    return query


def check_jurisdiction(text: str) -> str:
    """A country's ISO 3166-1 code, by code or name.

    Raises:
        InputError: the tracker knows no such country; names the nearest.
    """
    names = load_register().names
    code = text.strip().upper()
    if code in names:
        return code
    by_name = {name.casefold(): code for code, name in names.items()}
    if found := by_name.get(text.strip().casefold()):
        return found
    near = get_close_matches(text.strip().casefold(), by_name, n=2) + get_close_matches(code, names, n=1)
    told = [by_name.get(item, item) for item in near] or sorted(names)[:20]
    raise InputError(f"jurisdiction {text[:40]!r}: expected an ISO 3166-1 code such as {', '.join(told)}")


def check_zone(text: str) -> str:
    """An IANA time zone, whatever the case; a city's name alone will do where one zone has it.

    Raises:
        InputError: there is no such zone; names the nearest.
    """
    zones = available_timezones() - {"localtime", "posixrules", "Factory"}
    wanted = text.strip().replace(" ", "_").casefold()
    found = [zone for zone in zones if zone.casefold() == wanted]
    found = found or [zone for zone in zones if zone.casefold().rpartition("/")[2] == wanted]
    if len(found) == 1:
        return found[0]
    folded = {zone.casefold(): zone for zone in sorted(zones)} | {
        zone.casefold().rpartition("/")[2]: zone for zone in sorted(zones)
    }
    near = found or [folded[item] for item in get_close_matches(wanted, folded, n=3)]
    raise InputError(
        f"time zone {text[:60]!r}: expected one such as "
        + (" or ".join(sorted(dict.fromkeys(near))[:3]) if near else "Europe/Berlin or UTC")
    )


def check_weekday(text: str) -> int:
    """A day's number, 0 for Monday, by its English name or the first three letters.

    Raises:
        InputError: it is no day.
    """
    wanted = text.strip().casefold()
    for number, day in enumerate(WEEKDAYS):
        if len(wanted) >= 3 and day.startswith(wanted):
            return number
    raise InputError(f"weekday {text[:40]!r}: expected one of {', '.join(WEEKDAYS)}")


def check_name(text: str) -> str:
    """What a subscriber is called on the command line and in mails.

    Raises:
        InputError: it is empty or too long, or holds what nobody sees.
    """
    name = text.strip(" ")
    if not name or len(name) > LONGEST_NAME or name.startswith("-"):
        raise InputError(f"name {text[:60]!a}: expected 1 to {LONGEST_NAME} characters, not beginning with -")
    if hidden := find_hidden(name.replace(" ", "")):
        raise InputError(f"name {text[:60]!a} holds {hidden}; type it anew")
    return name


def _choices(values: Sequence[str], choices: tuple[T, ...], what: str) -> tuple[T, ...]:
    for value in values:
        if value not in choices:
            raise InputError(f"{what} {value[:40]!r}: there is none such{_near(value, choices)}")
    return tuple(cast(T, value) for value in dict.fromkeys(values))


def _near(value: str, known: Sequence[str]) -> str:
    near = get_close_matches(value.lower().replace("-", "_"), known, n=2)
    return f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(known)}"


def _number(text: str, what: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text[:9]) <= most:
        return int(text)
    raise InputError(f"{what}:{text[:20]}: expected a number from {least} to {most}")
