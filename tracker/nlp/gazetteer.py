"""The curated names: data/gazetteer/*.yaml, one file a type, as entries that a text can be searched for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from tracker.errors import UnreadableInput
from tracker.ids import digest_of
from tracker.resources import bundled_path
from tracker.types import Entity, EntityType
from tracker.yamlfile import YamlFile, load_yaml

TYPE_OF_FILE: dict[str, EntityType] = {
    "companies": "company",
    "models": "model",
    "people": "person",
    "governments": "government",
    "laws": "law",
    "places": "place",
    "publishers": "publisher",
    "organisations": "organisation",
}
_LANGUAGES = ("zh", "fr", "de", "es", "pt")
_TEXTS = ("id", "name", "parent", "seat", "country", "role", "for", "needs_context", "wikidata", "government")
_LISTS = ("aliases", "short", *_LANGUAGES)
_KEYS = frozenset((*_TEXTS, *_LISTS, "family"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the gazetteer: the entity, and what helps to recognise it."""

    entity: Entity
    short: tuple[str, ...] = ()
    """Short forms that count only where the entity is named in full, or with a title, in the same document."""
    by_language: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seat: str | None = None
    """Id of the city of its head office ("the Hangzhou startup")."""
    country: str | None = None
    """Id of its country ("the Chinese company")."""
    role: str | None = None
    speaks_for: str | None = None
    """Id of the organisation that a person holds the role in."""
    needs_context: str | None = None
    """The name is an ordinary word: it counts only beside this word, or where the entity of this id is named."""
    government: str | None = None
    """For a capital or a country: the id of the government that it stands for as a metonym."""
    family: bool = False
    """For models: a version number after the name belongs to the name."""

    def names(self, language: str) -> Iterator[str]:
        """Every full name that a text in the language may use."""
        yield self.entity.name
        yield from self.entity.aliases
        yield from self.by_language.get(language, ())


class Gazetteer:
    """All entries, by id."""

    def __init__(self, entries: dict[str, Entry], digest: str) -> None:
        self.entries = entries
        self.digest = digest
        """Changes whenever a data file does."""

    def entities(self) -> tuple[Entity, ...]:
        """All entities, with their names in every language among the aliases.

        A name of one character ("美") is left out: it is part of too many other words.
        """
        return tuple(_in_all_languages(entry) for entry in self.entries.values())

    def find(self, entity_id: str) -> Entity | None:
        entry = self.entries.get(entity_id)
        return entry.entity if entry else None

    def find_by_name(self, name: str) -> Entity | None:
        """The entity that has this name or alias in full, compared without case."""
        return self._by_name.get(" ".join(name.casefold().split()))

    @cached_property
    def _by_name(self) -> dict[str, Entity]:
        found: dict[str, Entity] = {}
        for entry in self.entries.values():
            for language in ("en", *_LANGUAGES):
                for known in entry.names(language):
                    found.setdefault(known.casefold(), entry.entity)
        return found


def _check(file: YamlFile, index: int, row: Any, seen: dict[str, str]) -> None:
    def fail(why: str, key: str | None = None) -> UnreadableInput:
        where = (index,) if key is None else (index, key)
        return UnreadableInput(f"{file.path}, line {file.line_of(where)}: {why}")

    if not isinstance(row, dict):
        raise fail("expected an entry with id and name")
    for key, value in row.items():
        if key not in _KEYS:
            raise fail(f"{key}: there is no such key", key)
        if key in _TEXTS and not isinstance(value, str):
            raise fail(f"{key}: expected a text", key)
        if key in _LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise fail(f"{key}: expected a list of texts", key)
    for key in ("id", "name"):
        if not row.get(key):
            raise fail(f"{key}: this key is required")
    if row["id"] in seen:
        raise fail(f"id {row['id']!r} stands already in {seen[row['id']]}", "id")
    seen[row["id"]] = file.path.name


def _in_all_languages(entry: Entry) -> Entity:
    entity = entry.entity
    others = (name for names in entry.by_language.values() for name in names if len(name) > 1)
    aliases = tuple(name for name in dict.fromkeys((*entity.aliases, *others)) if name != entity.name)
    return replace(entity, aliases=aliases)


def _entry(row: dict[str, Any], entity_type: EntityType) -> Entry:
    entity = Entity(
        id=row["id"],
        name=row["name"],
        type=entity_type,
        aliases=tuple(row.get("aliases", ())),
        parent=row.get("parent"),
        wikidata=row.get("wikidata"),
        country=row.get("country"),
    )
    return Entry(
        entity=entity,
        short=tuple(row.get("short", ())),
        by_language={code: tuple(row[code]) for code in _LANGUAGES if code in row},
        seat=row.get("seat"),
        country=row.get("country"),
        role=row.get("role"),
        speaks_for=row.get("for"),
        needs_context=row.get("needs_context"),
        government=row.get("government"),
        family=bool(row.get("family", False)),
    )


@lru_cache(maxsize=4)
def load_gazetteer(folder: Path | None = None) -> Gazetteer:
    """Read the folder (None: the bundled one).

    Raises:
        UnreadableInput: a file or an entry is wrong, or refers to an id that no entry has; names file and line.
    """
    folder = folder or bundled_path("data/gazetteer")
    entries: dict[str, Entry] = {}
    seen: dict[str, str] = {}
    references: list[tuple[YamlFile, int, str, str]] = []
    texts: list[str] = []
    for name, entity_type in TYPE_OF_FILE.items():
        path = folder / f"{name}.yaml"
        if not path.exists():
            continue
        file = load_yaml(path)
        texts.append(path.read_text(encoding="utf-8"))
        if not isinstance(file.data, list):
            raise UnreadableInput(f"{path}, line 1: expected a list of entries")
        for index, row in enumerate(file.data):
            _check(file, index, row, seen)
            entries[row["id"]] = _entry(row, entity_type)
            references += [
                (file, index, key, row[key]) for key in ("parent", "seat", "country", "for", "government") if key in row
            ]
    for file, index, key, target in references:
        if target not in entries:
            raise UnreadableInput(
                f"{file.path}, line {file.line_of((index, key))}: {key}: no entry has the id {target!r}"
            )
    return Gazetteer(entries, digest_of(*texts, length=8))
