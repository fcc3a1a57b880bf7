"""What was asked of a resource: parameters read, parties resolved, the cursor opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tracker.serve.api.cursors import decode_cursor, question_digest
from tracker.serve.api.fields import Field
from tracker.serve.api.filters import AS_OF, CURSOR, DEFAULT_ROWS, FORMAT, LIMIT, UPDATED_SINCE
from tracker.serve.api.names import Names
from tracker.serve.api.parameters import Parameter, read_parameters
from tracker.serve.api.problems import Wrong, bad_parameters, near
from tracker.serve.api.resource import Filter, Part, Resource

_NO_FILTERS = {"cursor", "limit", "fields", "format", "as_of", "updated_since"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a resource. `after` are the keys of the last row of the page before, empty at the beginning."""

    values: dict[str, Any]
    """The filters by name; parties and jurisdictions as they stand in the rows by party."""
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    limit: int
    after: tuple[str, ...]
    question: str
    as_of: str | None = None
    updated_since: str | None = None

    @property
    def parties(self) -> tuple[str, ...]:
        """The keys in the rows by party under all of which a row must be."""
        return (*self.values.get("actor", ()), *(f"in:{code}" for code in self.values.get("jurisdiction", ())))


@cache
def list_parameters(resource: Resource) -> tuple[Parameter, ...]:
    """What a list of a resource may be asked with."""
    timed = [item for item, has in ((AS_OF, resource.as_of), (UPDATED_SINCE, resource.updated)) if has]
    return (*resource.filters, *timed, _fields_parameter(resource, ()), LIMIT, CURSOR, FORMAT)


@cache
def detail_parameters(resource: Resource) -> tuple[Parameter, ...]:
    """What the detail of a thing may be asked with."""
    timed = [AS_OF] if resource.as_of else []
    return (*timed, _fields_parameter(resource, resource.parts), FORMAT)


def _fields_parameter(resource: Resource, parts: Sequence[Part]) -> Parameter:
    names = (*(item.name for item in resource.fields), *(part.name for part in parts))
    told = "Only these fields, by commas, with the id and `self`." + (" Lists count as fields." if parts else "")
    return Parameter(
        name="fields", kind="fields", choices=names, most_values=len(names), description=told,
        example=",".join(names[:2]),
    )  # fmt: skip


def read_list(resource: Resource, pairs: Sequence[tuple[str, str]], names: Names) -> Asked:
    """What is asked of a list.

    Raises:
        Problem: a parameter is wrong, names nobody, or the cursor is not of this question.
    """
    values = read_parameters(pairs, list_parameters(resource))
    _resolve(resource, values, names)
    _check_together(resource, values)
    filters = {item.name: values[item.name] for item in resource.filters if item.name in values}
    timed = {name: values[name] for name in ("as_of", "updated_since") if name in values}
    question = question_digest(resource.name, filters | timed)
    filters |= _spell(resource, filters, names)  # not part of the question: another edition may spell otherwise
    fields, _ = _chosen(resource, values)
    number = 2 if resource.dated else 1
    after = decode_cursor(values["cursor"], question, number) if "cursor" in values else ()
    return Asked(
        filters, fields, (), values.get("limit", DEFAULT_ROWS), after, question,
        values.get("as_of"), values.get("updated_since"),
    )  # fmt: skip


def read_detail(resource: Resource, pairs: Sequence[tuple[str, str]]) -> Asked:
    """What is asked of one thing.

    Raises:
        Problem: a parameter is wrong.
    """
    values = read_parameters(pairs, detail_parameters(resource))
    fields, parts = _chosen(resource, values)
    return Asked({}, fields, parts, 1, (), "", values.get("as_of"))


def _resolve(resource: Resource, values: dict[str, Any], names: Names) -> None:
    errors = []
    if "actor" in values:
        found = [names.find(name) for name in values["actor"]]
        errors += [item for item in found if isinstance(item, Wrong)]
        values["actor"] = tuple(item for item in found if isinstance(item, str))
    if "jurisdiction" in values:
        parameter = next(item for item in resource.filters if item.name == "jurisdiction")
        codes = [(code, code.upper()) for code in values["jurisdiction"]]
        known = parameter.choices or ()
        for given, code in codes:
            if code not in known:
                told = f"jurisdiction: there is no country {given!r:.20} on file; ISO 3166-1 codes such as CN are"
                errors.append(Wrong("jurisdiction", told, near(code, known), known))
        values["jurisdiction"] = tuple(code for _, code in codes)
    if errors:
        raise bad_parameters(errors)


def _spell(resource: Resource, values: dict[str, Any], names: Names) -> dict[str, tuple[str, ...]]:
    """Filters by a name as the rows spell it."""
    wanted = [item.name for item in resource.filters if item.is_name and item.name in values]
    found = {name: names.spellings(name, values[name]) for name in wanted}
    if errors := [item for item in found.values() if isinstance(item, Wrong)]:
        raise bad_parameters(errors)
    return {name: item for name, item in found.items() if not isinstance(item, Wrong)}


def _check_together(resource: Resource, values: dict[str, Any]) -> None:
    errors = [
        Wrong(name, f"{name}: it says as what an `actor` takes part; give that too")
        for name in ("role", "side")
        if name in values and "actor" not in values
    ]
    if "as_of" in values and resource.as_of:
        refused = [name for name in (*resource.as_of.refused, "updated_since") if name in values]
        errors += [Wrong(name, f"{name}: it asks for what is so today; it cannot stand with as_of") for name in refused]
    if errors:
        raise bad_parameters(errors)


def _chosen(resource: Resource, values: dict[str, Any]) -> tuple[tuple[Field, ...], tuple[Part, ...]]:
    """The fields and parts that are asked for and can be told."""
    wanted: tuple[str, ...] | None = values.get("fields")
    fields, parts = resource.fields, resource.parts
    if "as_of" in values and resource.as_of:
        left_out = (*resource.as_of.left_out, *resource.untold_parts)
        if wanted and (untold := [name for name in wanted if name in left_out]):
            told = f"fields: {', '.join(untold)} cannot be told as of an instant"
            raise bad_parameters([Wrong("fields", told)])
        fields = tuple(item for item in fields if item.name not in left_out)
        parts = tuple(part for part in parts if part.stands)
    if wanted is None:
        return fields, parts
    kept = tuple(item for item in fields if item.name in wanted or item.name == resource.key)
    return kept, tuple(part for part in parts if part.name in wanted)


def filters_of(resource: Resource, asked: Asked) -> list[Filter]:
    """The filters that are set."""
    return [item for item in resource.filters if item.name in asked.values]
