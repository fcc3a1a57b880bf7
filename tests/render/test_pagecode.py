from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from tracker.render.pagecode import Kept, PageEnvironment, finalize, show
from tracker.render.wording import clean

_TEMPLATES = {
    "page": '{% from "parts" import row, framed %}{% for item in rows %}{{ row(item, mark=loop.last) }}{{ loop.index }}'
    "{% if not loop.first %}{{ row(item, level=loop.index0) }}{% endif %}{% endfor %}{{ 1 > 0 }}"
    "{% for item in rows | reverse %}{{ loop.last }}{% endfor %}{% for key, value in named.items() %}{{ key }}{{ value }}"
    "{{ loop.last }}{% else %}none{% endfor %}{% call framed('<') %}{{ rows | length }}{% endcall %}",
    "parts": "{% macro row(item, mark=false, level=2) %}<h{{ level }} title=\"{{ item.text }}\">{{ item['of'] | join(', ') }}"
    "{% if mark %}{{ item.text.upper() }}&middot;{% endif %}{% set both = item.text ~ item.whole %}{{ both }}</h2>{% endmacro %}"
    "{% macro framed(edge) %}{{ edge }}{{ caller() }}{{ varargs | length }}{% endmacro %}",
}  # fmt: skip
_values = st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.builds(Markup, st.text()))


@given(_values)
def test_what_is_shown_is_cleaned_and_escaped_as_by_three_calls(value: Any) -> None:
    assert show(value) == escape(finalize(value))


@given(st.text(min_size=290, max_size=400))
def test_long_texts_are_shown_as_short_ones_are(text: str) -> None:
    assert show(text) == escape(clean(text))


def test_a_missing_value_is_never_shown() -> None:
    with pytest.raises(TypeError, match="None"):
        show(None)


class _Row(SimpleNamespace):
    """Something with fields, one of which is also to be had as an item."""

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@given(
    st.lists(
        st.builds(_Row, text=st.text(), of=st.lists(st.text(max_size=3), max_size=3), whole=st.integers() | st.text()),
        max_size=4,
    ),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
def test_a_page_is_what_jinja_makes_of_it_by_default(rows: list[_Row], named: dict[str, str]) -> None:
    made = {
        kind: kind(loader=DictLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=finalize)
        .get_template("page")
        .render(rows=rows, named=named)
        for kind in (Environment, PageEnvironment)
    }
    assert made[PageEnvironment] == made[Environment]


@pytest.mark.parametrize("source", ["{{ gone }}", "{{ gone.further }}", "{{ day.gone }}", "{{ day.gone.further }}"])
def test_what_is_not_there_is_an_error(source: str) -> None:
    engine = PageEnvironment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    with pytest.raises((UndefinedError, AttributeError), match="gone"):
        engine.from_string(source).render(day=date(2026, 2, 3))


def test_a_dot_means_an_item_behind_a_name_and_anywhere_in_templates_that_are_named() -> None:
    sources = {"plain": "{{ row.text }}{{ row.items() | length }}", "deep": "{{ row.page.text }}"}
    sources["other"] = sources["deep"] + "{{ row.page.more is defined }}"
    engine = PageEnvironment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, finalize=finalize, with_items=["other"]
    )
    assert engine.get_template("plain").render(row={"text": "<"}) == "&lt;1"
    assert engine.get_template("other").render(row={"page": {"text": "<"}}) == "&lt;False"
    with pytest.raises(AttributeError, match="text"):
        engine.get_template("deep").render(row={"page": {"text": "<"}})


@pytest.mark.parametrize("arguments", ["1, 2, 3", "1, 2, third=3", "1, one=2, third=3"])
def test_a_macro_takes_no_more_than_it_names(arguments: str) -> None:
    engine = PageEnvironment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    with pytest.raises(TypeError, match="macro 'pair'"):
        engine.from_string(f"{{% macro pair(one, other=0) %}}{{% endmacro %}}{{{{ pair({arguments}) }}}}").render()


_KEPT = """{% macro _row(root, item, level=2) %}{{ root }}{{ item.name }}{{ item.make() }}{{ level }}{% endmacro %}
{% set row = kept(_row) %}{% set day = kept(_row, by_value=true) %}"""


class _Thing:
    """Something that counts how often it is shown; equal to all of its kind."""

    def __init__(self, name: str) -> None:
        self.name, self.times = name, 0

    def make(self) -> str:
        self.times += 1
        return "<"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Thing)

    def __hash__(self) -> int:
        return 1


def _kept(name: str) -> tuple[PageEnvironment, Kept]:
    engine = PageEnvironment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    made: Kept = getattr(engine.from_string(_KEPT).module, name)
    return engine, made


def test_what_is_kept_is_made_once_for_the_same_thing() -> None:
    engine, row = _kept("row")
    one, other = _Thing("one"), _Thing("other")
    assert [row("../", one), row("../", one), row("", one), row("../", one, 3)] == [
        "../one&lt;2", "../one&lt;2", "one&lt;2", "../one&lt;3",
    ]  # fmt: skip
    assert one.times == 3
    assert row("../", other) == "../other&lt;2", "which thing it is counts, not whether it is equal"
    engine.forget()
    row("../", one)
    assert one.times == 4


def test_what_is_kept_by_value_is_made_once_for_equal_things() -> None:
    _, row = _kept("day")
    one, other = _Thing("one"), _Thing("other")
    assert row("", one) == row("", other) == "one&lt;2"


def test_what_has_no_value_is_made_each_time() -> None:
    engine = PageEnvironment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    source = "{% macro _all(items) %}{{ items | join }}{% endmacro %}{% set all = kept(_all, by_value=true) %}"
    assert engine.from_string(source + "{{ all(rows) }}{{ all(rows) }}").render(rows=["a", "<"]) == "a&lt;a&lt;"


def test_a_kept_macro_takes_no_names_of_arguments_and_loses_none() -> None:
    engine = PageEnvironment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    source = _KEPT + "{% for item in items %}{{ row('', item) }}{% endfor %}{{ row('', items[0], level=3) }}"
    with pytest.raises(TypeError, match="level"):
        engine.from_string(source).render(items=[_Thing("one")])
