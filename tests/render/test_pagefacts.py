"""A page that is read as plain markup has the facts that a parser finds in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.render.pagefacts import read_facts, read_parsed
from tracker.render.plainmarkup import PlainPage

_HEAD = '<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>A &amp; B</title>\n{head}</head>\n<body>\n{body}\n</body>\n</html>\n'
_BODY = (
    '<main id="main"><p class="x">One <a href="../a.html?x=1&amp;y=2#z">two</a> = <b>three</b></p>\n'
    '<blockquote lang="en" data-claim="c-1"><p>They &#34;copied&#34; <span class="figure">24,000 &lt;b&gt;</span></p></blockquote>\n'
    '<table><tr><td data-count="documents" data-source="a-b">1,204 </td></tr></table>\n'
    '<p>… <mark id="c-2" data-claims="c-2 c-3">said <b class="date">so</b></mark> and <mark data-claims="c-2">more</mark></p></main>'
)
_LINKS = (
    '<link rel="stylesheet" href="assets/site.css">\n<link href="https://a.example/" rel="canonical">\n'
    '<script type="application/ld+json">{"a": "x id=", "b": " href=\\"y\\""}</script>\n'
)


def page(body: str = _BODY, head: str = _LINKS) -> bytes:
    return _HEAD.format(head=head, body=body).encode()


def test_all_pages_of_the_small_world_have_the_facts_that_a_parser_finds(pages: dict[str, bytes]) -> None:
    bodies = [body for path, body in pages.items() if path.endswith(".html")]
    assert [read_facts(body) for body in bodies] == [read_parsed(body) for body in bodies]
    for_a_parser = {path for path, body in pages.items() if path.endswith(".html") and not PlainPage.of(body)}
    of_their_own = {"index.html", "search.html", "downloads.html", "events/northwind-letter-old.html"}
    assert for_a_parser <= of_their_own  # with forms, an address that ends with "=", or leading elsewhere by itself


def test_a_plain_page_is_read_without_a_parser() -> None:
    plain = PlainPage.of(page())
    assert plain is not None
    assert read_facts(page()) == read_parsed(page())
    assert plain.told == [
        ("claim", "c-1", "", 'They "copied" 24,000 <b>'),
        ("count", "documents", "a-b", "1,204 "),
        ("claims", "c-2 c-3", "", "said so"),
        ("claims", "c-2", "", "more"),
    ]


@pytest.mark.parametrize(
    "strange",
    [
        '<p onclick="run()">',
        '<img src="https://elsewhere.example/x.png">',
        '<p style="background: url(//elsewhere.example)">',
        "<script>run()</script>",
        '<iframe src="x"></iframe>',
        "<p id='one'>",
        "<p id=one>",
        '<a href="one" href="two">',
        '<p id="one" id="two">',
        '<td data-count="documents" data-source="a" data-source="b">1</td>',
        '<td data-count="documents" data-count="claims">1</td>',
        "a\x01b",
        '<p ID="one">',
        '<link rel="stylesheet" href="//elsewhere.example/x.css">',
        '<a href="x&copy=1">',
        '<p title="an id=" lang="en">',
        "a < b",
        "<!-- <p id=hidden> -->",
        "<p \x0bid='x'>",
        "&nbsp;",
        "<svg><title><a href='x'></title></svg>",
        '<use href="//elsewhere.example/x.svg#a"/>',
        "</body><body id='two'>",
        '<p data-claim="c-9" data-claims="c-9">both</p>',
        '<form action="https://elsewhere.example/">',
    ],
)
def test_what_is_not_as_templates_write_it_is_left_to_a_parser(strange: str) -> None:
    body = page(_BODY + strange)
    assert PlainPage.of(body) is None
    assert read_facts(body) == read_parsed(body)


@pytest.mark.parametrize(
    "inner", ["<p>one<p>two", "<div>one</div>", "one</p>", "<b>one", "<q>one<q>two</q></q>", "</b>one"]
)
def test_words_amid_what_a_parser_would_repair_are_left_to_it(inner: str) -> None:
    body = page(f'<p data-claim="c-1">{inner}</p><p>after</p>')
    assert read_facts(body) == read_parsed(body)


_PIECES = (
    '"', "'", "=", '="', " id=", ' id="', ' href="', ">", "<", "/>", "&", "&amp;", "&#34;", "</p>", "<p>", "<b>", "</b>",
    '<a href="x">', "</a>", '<p id="y">', "<br>", " open", "<title>", "</title>", "<script>", "<!--", "-->", "\r", "\n",
    ' data-claim="c"', '<q data-claim="d">', "</q>", "<li>", "<td>", "</table>", "</blockquote>", "é", "x", "<svg>", "<h2>",
)  # fmt: skip


@given(
    inserted=st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(_PIECES)), max_size=4),
    words=st.text(max_size=8),
)
def test_whatever_comes_into_a_page_its_facts_are_those_that_a_parser_finds(
    inserted: list[tuple[int, str]], words: str
) -> None:
    text = page().decode()
    for at, piece in inserted:
        at %= len(text)
        text = text[:at] + piece + text[at:]
    body = text.replace("three", words).encode("utf-8", "replace")
    assert read_facts(body) == read_parsed(body)
