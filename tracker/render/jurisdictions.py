"""At home in which country: an entity by what the register says of it, an event by the parties that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.types import Entity, Event
from tracker.yamlfile import YamlFile, load_yaml

_CODE = re.compile("[A-Z]{2}")
_KEYS = {"code": str, "name": str, "place": str, "of": list, "people": list}
_MOST_PARENTS = 20


@dataclass(frozen=True)
class Register:
    """The countries that the tracker knows.

    names: ISO 3166-1 alpha-2 code -> name, by code. homes: id of an entity or place -> code of its country.
    """

    names: Mapping[str, str]
    homes: Mapping[str, str]


@lru_cache(maxsize=4)
def load_register(path: Path | None = None) -> Register:
    """Read the register of countries (None: the bundled one).

    Raises:
        UnreadableInput: an entry is wrong, or an entity stands in two of them; names file and line.
    """
    file = load_yaml(path or bundled_path("data/jurisdictions.yaml"))
    if not isinstance(file.data, list):
        raise UnreadableInput(f"{file.path}, line 1: expected a list of countries")
    names: dict[str, str] = {}
    homes: dict[str, str] = {}
    for index, row in enumerate(file.data):
        code = _check(file, index, row)
        names[code] = row["name"]
        for entity_id in (row["place"], *row.get("of", ()), *row.get("people", ())):
            if homes.setdefault(entity_id, code) != code:
                raise _wrong(file, index, f"{entity_id} is at home in {homes[entity_id]} already")
    return Register(dict(sorted(names.items())), homes)


def _check(file: YamlFile, index: int, row: Any) -> str:
    if not isinstance(row, dict) or not all(row.get(key) for key in ("code", "name", "place")):
        raise _wrong(file, index, "expected a country with code, name and place")
    for key, value in row.items():
        if not isinstance(value, _KEYS.get(key, ())):
            raise _wrong(file, index, f"{key}: there is no such key, or its value is of the wrong kind")
    if not _CODE.fullmatch(row["code"]):
        raise _wrong(file, index, f"{row['code']!r} is no code of ISO 3166-1 alpha-2, such as US")
    return str(row["code"])


def _wrong(file: YamlFile, index: int, why: str) -> UnreadableInput:
    return UnreadableInput(f"{file.path}, line {file.line_of((index,))}: {why}")


def home_of(entity_id: str, entities: Mapping[str, Entity], register: Register) -> str | None:
    """The code of the country where an entity is at home, by its own entry or by that of whom it belongs to."""
    for one in _with_owners(entity_id, entities):
        entity = entities.get(one)
        code = register.homes.get(one) or register.homes.get((entity and entity.country) or "")
        if code:
            return code
    return None


def _with_owners(entity_id: str, entities: Mapping[str, Entity]) -> Iterator[str]:
    seen: set[str] = set()
    key: str | None = entity_id
    while key and key not in seen and len(seen) < _MOST_PARENTS:
        seen.add(key)
        yield key
        key = entities[key].parent if key in entities else None


def jurisdictions_of(event: Event, home: Callable[[str], str | None]) -> tuple[str, ...]:
    """The codes of the countries where an event's parties and those who answered are at home, by code; `home` says
    where one is (`home_of`)."""
    parties = dict.fromkeys([*event.actors, *(answer.party for answer in event.answers if answer.claim_id)])
    return tuple(sorted({code for code in map(home, parties) if code}))
