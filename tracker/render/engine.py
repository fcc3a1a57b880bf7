"""The template engine: the one door for Jinja2."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker import days
from tracker.render import isolation, paths, plots, wording
from tracker.render.compiled import CompiledBesideSource
from tracker.render.pagecode import PageEnvironment, finalize
from tracker.resources import bundled_path
from tracker.types import ENTITY_TYPES


@cache
def load_engine() -> PageEnvironment:
    """The environment with our templates, wordings and link makers; escapes everything. One for a process."""
    templates = bundled_path("templates")
    engine = PageEnvironment(
        loader=FileSystemLoader(templates),
        bytecode_cache=CompiledBesideSource(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
        auto_reload=False,
        with_items=_OF_THE_SERVER,
    )
    engine.filters.update(
        day=days.day_words,
        instant=wording.instant_words,
        instant_day=wording.instant_day,
        machine_instant=wording.machine_instant,
        shorten=wording.shorten,
        fit_columns=plots.fit_columns,
        isolates=isolation.isolates_as_markup,
        lang=wording.language_tag,
        count=wording.count_words,
        size=wording.size_words,
    )
    engine.globals.update(
        label_columns=plots.LABEL_COLUMNS,
        note_columns=plots.NOTE_COLUMNS,
        claim_type_words=wording.CLAIM_TYPE_WORDS,
        entity_type_words=wording.ENTITY_TYPE_WORDS,
        quantity_kind_words=wording.QUANTITY_KIND_WORDS,
        basis_words=wording.BASIS_WORDS,
        relevance_words=wording.RELEVANCE_WORDS,
        answer_words=wording.ANSWER_WORDS,
        ledger_words=wording.LEDGER_WORDS,
        health_words=wording.HEALTH_WORDS,
        interval_words=days.interval_words,
        interval_machine=days.interval_machine,
        precision_of=days.precision_of,
        file_stem=paths.file_stem,
        safe_url=paths.safe_url,
        entity_types=ENTITY_TYPES,
    )
    return engine


_OF_THE_SERVER = frozenset({"api.html"})
"""Beside those of pages, and with filters of its own."""


def load_templates() -> None:
    """Load every template, so that copies of this process need not load theirs each time."""
    engine = load_engine()
    for name in engine.list_templates(extensions=["html", "xml"]):
        if "/" not in name and name not in _OF_THE_SERVER:
            engine.get_template(name)


def render(engine: Environment, template: str, values: Mapping[str, Any]) -> bytes:
    """One page as UTF-8."""
    return engine.get_template(template).render(values).encode("utf-8")
