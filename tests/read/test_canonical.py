"""Which address a page is known by: forms undone, statements believed only where they can be true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tracker.read.canonical import Address, bare_host, find_address, is_same_house, plain_form
from tracker.read.urls import canonical_url, find_url

URL = "https://www.a.example/2026/06/ferries"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://m.a.example/x-1", "https://www.a.example/x-1"),
        ("https://mobile.a.co.uk/x", "https://www.a.co.uk/x"),
        ("https://amp.a.example/x-1/", "https://www.a.example/x-1/"),
        ("https://en.m.wiki.example/wiki/Ferry", "https://en.wiki.example/wiki/Ferry"),
        ("https://m.example/x", "https://m.example/x"),
        ("https://www.a.example/2026/new-ferries/amp/", "https://www.a.example/2026/new-ferries"),
        ("https://www.a.example/amp/2026/new-ferries", "https://www.a.example/2026/new-ferries"),
        ("https://www.a.example/new-ferries.amp.html", "https://www.a.example/new-ferries.html"),
        ("https://www.a.example/new-ferries.amp", "https://www.a.example/new-ferries"),
        ("https://www.a.example/story?id=3&outputType=amp", "https://www.a.example/story?id=3"),
        ("https://www.a.example/story?amp", "https://www.a.example/story"),
        ("https://www.a.example/new-ferries/print", "https://www.a.example/new-ferries"),
        ("https://www.a.example/story?id=3&print=true", "https://www.a.example/story?id=3"),
        ("https://www.a.example/glossary/amp", "https://www.a.example/glossary/amp"),
        ("https://www.a.example/art/print", "https://www.a.example/art/print"),
        ("https://www.a.example/champ", "https://www.a.example/champ"),
        ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_forms_of_a_page_are_undone(url: str, expected: str) -> None:
    assert plain_form(url) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://www-a-example.cdn.ampproject.org/c/s/www.a.example/x?id=2&utm_source=y", "https://www.a.example/x?id=2"),
        ("https://www-a-example.cdn.ampproject.org/v/www.a.example/x", "http://www.a.example/x"),
        ("https://www.google.com/amp/s/www.a.example/x/", "https://www.a.example/x/"),
        ("https://www.google.com/amp/", "https://www.google.com/amp/"),
        ("https://cdn.ampproject.org/c/s/[", "https://cdn.ampproject.org/c/s/%5B"),
    ],
)  # fmt: skip
def test_a_link_into_an_amp_cache_means_the_page_itself(href: str, expected: str) -> None:
    assert find_url(href, "") == expected


def _address(head: str, url: str = URL, body: str = "") -> Address:
    return find_address(
        html.document_fromstring(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>"), [], url
    )


def _link(href: str) -> str:
    return f'<link rel="canonical" href="{href}">'


@pytest.mark.parametrize(
    ("head", "url", "canonical"),
    [
        (_link("/2026/06/ferries-leave?utm_source=x"), URL, "https://www.a.example/2026/06/ferries-leave"),
        (_link("http://www.a.example/2026/06/ferries"), URL, URL),
        (_link("https://a.example/2026/06/ferries"), URL, "https://a.example/2026/06/ferries"),
        ('<meta property="og:url" content="https://www.a.example/f">', URL, "https://www.a.example/f"),
        (_link("https://www.a.example/"), URL, None),
        (_link("https://www.a.example/2026/06"), URL, None),
        (_link("https://www.a.example/story"), "https://www.a.example/story?id=77", None),
        (_link("https://www.a.example/story?id=77"), "https://www.a.example/story?id=77&ref=home", "https://www.a.example/story?id=77"),
        (_link("https://www.a.example/story"), "https://www.a.example/story?ref=home", "https://www.a.example/story"),
        (_link("https://www.a.example/s"), "https://www.a.example/s/2", "https://www.a.example/s"),
        (_link("/one") + _link("/two"), URL, None),
        (_link("/one") + _link("/one"), URL, "https://www.a.example/one"),
        (_link("javascript:void(0)"), URL, None),
        (_link("https://one.substack.com/p/x"), "https://two.substack.com/p/x", None),
        (_link("https://ways.house.gov/x"), "https://means.house.gov/x", None),
        (_link("https://www.b.example/x"), URL, None),
    ],
)  # fmt: skip
def test_a_statement_counts_only_where_it_can_be_true(head: str, url: str, canonical: str | None) -> None:
    assert _address(head, url).canonical == canonical


def test_a_canonical_on_anothers_host_says_where_the_text_was_taken_from() -> None:
    assert _address(_link("https://wire.example/one")) == Address(None, "https://wire.example/one")
    assert (
        _address('<meta name="syndication-source" content="https://wire.example/one">').elsewhere
        == "https://wire.example/one"
    )


def test_a_link_within_the_story_is_no_statement_of_the_page() -> None:
    assert _address("", body=f"<article><div>{_link('/planted')}</div></article>") == Address(None, None)
    assert _address("", body=_link("/early-end-of-head")).canonical == "https://www.a.example/early-end-of-head"


def test_hosts_of_one_house() -> None:
    assert is_same_house("https://m.a.example/1", "https://edition.a.example/2")
    assert not is_same_house("https://one.medium.com/1", "https://two.medium.com/2")
    assert is_same_house("https://www.one.medium.com/1", "https://one.medium.com/2")
    assert not is_same_house("", "")
    assert bare_host("https://www.m.a.example/") == "a.example"


_HOSTS = st.sampled_from(["a.example", "m.a.example", "amp.a.example", "en.m.a.example", "www.a.co.uk", "127.0.0.1"])
_PATHS = st.text("abc-/.1amp", max_size=30).map(lambda path: "/" + path)
_QUERIES = st.lists(st.sampled_from(["id=1", "amp=1", "utm_source=x", "print", "q=%E4", "m=1"]), max_size=4).map(
    "&".join
)


@given(_HOSTS, _PATHS, _QUERIES)
def test_the_canonical_form_is_final(host: str, path: str, query: str) -> None:
    once = canonical_url(f"https://{host}{path}?{query}")
    assert canonical_url(once) == once
    plain = plain_form(once)
    assert canonical_url(plain) == plain
    assert ("id=1" in plain) == ("id=1" in query), "what names a document is never dropped"
