from __future__ import annotations

from tracker.render.isolation import isolate, isolates_as_markup


def test_a_name_is_set_apart_and_stays_text() -> None:
    told = f"names {isolate('<b>שלום</b>')} and {isolate('Kestrel')} too"
    assert isolates_as_markup(told) == "names <bdi>&lt;b&gt;שלום&lt;/b&gt;</bdi> and <bdi>Kestrel</bdi> too"


def test_a_name_cannot_end_its_own_isolation() -> None:
    assert isolates_as_markup(isolate("a\u2069<i>\u2068b")) == "<bdi>a&lt;i&gt;b</bdi>"
    assert isolates_as_markup("no <name>\u202e") == "no &lt;name&gt;"
