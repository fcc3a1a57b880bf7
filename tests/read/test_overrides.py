"""Overrides: each has a recorded page with what is to be read of it, which the general reader gets wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import ConfigError, NotParsable
from tracker.read.kinds import classify_kind
from tracker.read.overrides import FOLDER, apply_override, find_override, load_overrides
from tracker.read.pages import read_page
from tracker.yamlfile import load_yaml

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _expected(name: str) -> dict[str, str]:
    data = load_yaml(PAGES / f"{name}.yaml").data
    assert isinstance(data, dict)
    return {str(key): str(value) for key, value in data.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_recorded_page_of_a_publisher_is_read(name: str) -> None:
    expected = _expected(name)
    content = read_page((PAGES / f"{name}.html").read_bytes(), "text/html; charset=utf-8", expected["url"])
    assert content.text == expected["text"]
    assert content.title == expected["title"]
    assert str(content.published) == expected.get("published", "None")
    assert content.byline == expected.get("byline")
    kind = classify_kind(content.title, expected["url"], "government", content.text)
    assert kind == expected.get("kind", kind)


@pytest.mark.parametrize("name", NAMES)
def test_an_override_is_there_because_the_general_reader_fails(name: str) -> None:
    expected, page = _expected(name), (PAGES / f"{name}.html").read_bytes()
    elsewhere = "https://general.example/page"  # a host without an override
    try:
        text = read_page(page, "text/html; charset=utf-8", elsewhere).text
    except NotParsable:
        return
    assert text != expected["text"]


def test_where_the_layout_changed_the_general_reader_takes_over() -> None:
    words = "The spokesperson said on Tuesday that the ministry had not seen any of the evidence for such charges."
    page = (
        f"<html><body><main><article><h1>Remarks</h1><p>{words}</p><p>{words} Again.</p></article></main></body></html>"
    )
    content = read_page(page.encode(), "text/html", "https://www.mfa.gov.cn/eng/x.html")
    assert content.text == f"{words}\n\n{words} Again."


def test_hosts_are_matched_whole() -> None:
    assert find_override("https://english.mofcom.gov.cn/x") is not None
    assert find_override("https://notmofcom.gov.cn/x") is None
    assert find_override("https://mofcom.gov.cn.evil.example/") is None
    assert find_override("") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hosts: [a.example]\ntext: ['div[']\n", "not a CSS selector"),
        ("hosts: [a.example]\n", r"line 1: text: Field required"),
        ("hosts: [a.example]\ntext: [p]\nauthor: [b]\n", r"line 3: author"),
        ("hosts: []\ntext: [p]\n", "line 1: hosts"),
        ("- a\n", "top level"),
    ],
)
def test_a_wrong_override_names_the_file_and_the_key(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(ConfigError, match=why) as raised:
        load_overrides(tmp_path)
    assert "x.yaml" in str(raised.value)


def test_selected_text_is_cut_into_paragraphs_as_a_browser_would(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("hosts: [a.example]\ntext: [.t]\nremove: [.no]\n")
    (override,) = load_overrides(tmp_path)
    html = (
        "<div class=t>One <b>bold</b> line<br>and its second.<p>Two</p>tail <span>in a span<div>Three</div></span>"
        "<script>no()</script><!-- no --><p class=no>no</p><ul><li>Four<li>Five</ul><div class=t>Six</div></div>"
    )
    selected = apply_override(override, html)
    assert selected is not None
    assert selected.text.split("\n\n") == [
        "One bold line\nand its second.", "Two", "tail", "in a span", "Three", "Four", "Five", "Six",
    ]  # fmt: skip
    assert apply_override(override, "<p>short</p>") is None
